"""JSON that `--json` prints. Scripts rely on its fields, so fields may be added, but never changed or removed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bpost_tui.model.blocks import plain_text
from bpost_tui.model.blocks_json import Json, blocks_to_json
from bpost_tui.model.story import CategoryCount, Headline, SavedStory, to_story
from bpost_tui.model.story_fields import FIELDS, MissingRuleError, StoryField, field_of

if TYPE_CHECKING:
    from bpost_tui.model.exported_story import ExportedStory
    from bpost_tui.model.marks import MarkState
    from bpost_tui.model.passage import Passage
    from bpost_tui.model.search_values import Hit


def to_json_text(value: object) -> str:
    """Return `value` as JSON text. Letters that aren't ASCII are kept, not escaped."""
    return json.dumps(value, ensure_ascii=False, indent=2)


def json_array_lines(values: Iterable[object]) -> Iterator[str]:
    """Yield the lines of the JSON array of `values`, written as by `to_json_text`, with only one element in memory at a time.

    The text of 10,000 stories would take 127 MB of memory; the text of one element takes 10 kB.
    """
    element = ""
    for value in values:
        yield f"{element}," if element else "["
        element = "  " + to_json_text(value).replace("\n", "\n  ")  # no string has a line break: JSON escapes it
    yield f"{element}\n]" if element else "[]"


def headline_to_json(row: Headline, papers: Mapping[str, str]) -> Json:
    """Return a story's metadata as JSON, without its text. `papers` maps papers' keys to their names."""
    fields = {name: _to_json(field_of(name), value) for name, value in row._asdict().items() if field_of(name).in_json}
    return {**{name: fields[name] for name in FIELDS if name in fields}, **_paper(row.paper, papers)}


def _to_json(field: StoryField, value: Any) -> object:  # noqa: ANN401 (type of the field's value)
    match field.kind:
        case "time":
            return format_time(value) if value else None
        case "categories":
            return [{"slug": category.slug, "name": category.name} for category in value]
        case "lines":
            return list(value)
        case "change":
            return value and value._asdict()
        case "blocks":
            return blocks_to_json(value)
        case "line" | "link" | "flag" | "number":
            return value
        case _:
            raise MissingRuleError(f"the field {field.name!r} of a story: one of the kind {field.kind!r} has no JSON")


def hit_to_json(found: Hit, papers: Mapping[str, str]) -> Json:
    """Return a story that a query found, as JSON. `papers` maps papers' keys to their names.

    A match in the headline or snippet is a pair of character offsets: start and end.
    """
    return {
        **headline_to_json(found.headline, papers),
        "snippet": found.snippet,
        "snippet_marks": [list(pair) for pair in found.snippet_ranges],
        "title_marks": [list(pair) for pair in found.title_ranges],
    }


def story_to_json(saved: SavedStory, papers: Mapping[str, str]) -> Json:
    """Return a story with its text as JSON. `papers` maps papers' keys to their names."""
    return {
        **headline_to_json(saved.headline, papers),
        "text": plain_text(saved.blocks),
        "blocks": blocks_to_json(saved.blocks),
        "source": saved.source,
        "text_end": saved.text_end,
    }


def exported_to_json(kept: ExportedStory, papers: Mapping[str, str]) -> Json:
    """Return a story with its marks and earlier versions as JSON, in the form that `bpost import` reads.

    `papers` maps papers' keys to their names.
    """
    saved, marks = kept.saved, kept.marks
    changes = {"read": marks.read, "starred": marks.starred, "later": marks.later}
    place = marks.position
    fields: Json = {name: _change(change) for name, change in changes.items() if change}
    fields |= {"opened": _exact_time(marks.opened)} if marks.opened else {}
    fields |= {"position": {"item": place.item, "fraction": place.fraction}} if place else {}
    fields |= {"lists": {key: _change(change) for key, change in marks.lists}} if marks.lists else {}
    fields |= {"version": _exact_time(kept.version_read)} if kept.version_read else {}
    revisions = [
        {"replaced": _exact_time(revision.replaced), "title": revision.title, "blocks": blocks_to_json(revision.blocks)}
        for revision in kept.revisions
    ]
    known = story_to_json(saved, papers)
    rest = {name: _to_json(field_of(name), value) for name, value in to_story(saved)._asdict().items() if name not in known}
    return {**known, **rest, "marks": fields, "revisions": revisions}


def passage_to_json(kept: Passage) -> Json:
    """Return a passage as JSON, in the form that `bpost import` reads.

    The passage's place in the story is given as a TextQuoteSelector of the W3C.
    """
    exact, prefix, suffix, is_repeated = kept.selector
    return {
        "key": kept.key,
        "selector": {"type": "TextQuoteSelector", "exact": exact, "prefix": prefix, "suffix": suffix},
        "repeated": is_repeated,
        "note": kept.note,
        "guid": kept.guid,
        "paper": kept.paper,
        "paper_name": kept.paper_name,
        "title": kept.title,
        "link": kept.link,
        "published": format_time(kept.published),
        "kept": _exact_time(kept.kept_at),
        "changed": _exact_time(kept.changed_at),
        "story": kept.story,
    }


def _change(change: MarkState) -> Json:
    return {"on": change.on, "at": _exact_time(change.at)}


def category_to_json(count: CategoryCount, papers: Mapping[str, str]) -> Json:
    """Return a category as JSON. `papers` maps papers' keys to their names.

    In the JSON, `count` is the category's number of stories as reported by the portal, or null if it reports none. `saved` and
    `unread` are numbers of stories in the library.
    """
    known = count.category
    return {
        "slug": known.slug,
        "name": known.name,
        "parent": known.parent,
        "count": known.portal_count,
        "saved": count.total,
        "unread": count.unread,
        **_paper(count.paper, papers),
    }


def _paper(key: str, papers: Mapping[str, str]) -> Json:
    """Return a paper's key and name as JSON. A paper that `papers` lacks, such as one no longer read, has its key as its name."""
    return {"paper": key, "paper_name": papers.get(key, key)}


def format_time(when: datetime) -> str:
    """Return a time as text in the format of RFC 3339, in UTC, without fractions of a second."""
    return when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _exact_time(when: datetime) -> str:
    return when.astimezone(UTC).isoformat().replace("+00:00", "Z")
