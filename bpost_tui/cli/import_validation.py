"""Validation of stories in a file to import, which may be forged: checks types, and sanitizes texts and addresses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bpost_tui.errors import ContentError, UsageError
from bpost_tui.i18n import Reason
from bpost_tui.limits import MAX_IMPORTED_REVISIONS, MAX_LISTS, MAX_TERMS
from bpost_tui.model.blocks_json import blocks_from_json
from bpost_tui.model.exported_story import ImportedStory
from bpost_tui.model.marks import MarkState, ReadingPosition, StoryMarks
from bpost_tui.model.paper import Paper, paper_at
from bpost_tui.model.passage import Passage, QuoteSelector, clean_passage
from bpost_tui.model.sanitize import MAX_NAME_CHARS, MAX_TITLE_CHARS, clean_blocks, clean_line
from bpost_tui.model.story import Category, Revision, Story
from bpost_tui.model.story_fields import MissingRuleError, StoryField, clean_category, clean_story, field_of
from bpost_tui.untrusted import Fields, require_field, require_type, time_field
from bpost_tui.urls import clean_link, paper_address


def imported_story(value: object) -> ImportedStory:
    """Return a story from its JSON value in a file.

    Raises:
        ContentError: A field is missing or of another type, or has an impossible value.
    """
    fields = require_type(value, dict, "a story")
    marks = require_type(fields.get("marks") or {}, dict, repr("marks"))
    return ImportedStory(
        _story(fields),
        _marks(marks),
        tuple(_revision(each) for each in require_field(fields, "revisions", list, [])[:MAX_IMPORTED_REVISIONS]),
        time_field(fields, "updated"),
        time_field(fields, "withdrawn"),
        version_read=time_field(marks, "version"),
    )


def imported_passage(value: object) -> Passage:
    """Return a passage from its JSON value in a file.

    Raises:
        ContentError: A field is missing or of another type, or the passage quotes nothing.
    """
    fields = require_type(value, dict, "a passage")
    quoted = require_field(fields, "selector", dict)
    exact, prefix, suffix = (
        require_field(quoted, "exact", str),
        require_field(quoted, "prefix", str, ""),
        require_field(quoted, "suffix", str, ""),
    )
    times = {name: time_field(fields, name) for name in ("published", "kept", "changed")}
    changed = times["changed"] or times["kept"]
    if changed is None:
        raise ContentError(Reason("a passage has no time"))
    return clean_passage(
        Passage(
            key="",
            selector=QuoteSelector(exact, prefix, suffix, require_field(fields, "repeated", bool, False)),
            guid=require_field(fields, "guid", str),
            paper=require_field(fields, "paper", str, ""),
            paper_name=require_field(fields, "paper_name", str, ""),
            title=require_field(fields, "title", str, ""),
            link=_link(fields, "link"),
            published=times["published"] or changed,
            note=require_field(fields, "note", str, ""),
            kept_at=times["kept"] or changed,
            changed_at=changed,
        )
    )


def paper_of_file(value: object) -> tuple[str, Paper]:
    """Return the key (id) that a file to import gives for a paper, and the paper, whose own key is made from its address.

    Raises:
        ContentError: The paper has no key, or no address that could be requested.
    """
    fields = require_type(value, dict, "a paper")
    typed = require_field(fields, "address", str)
    try:
        address = paper_address(typed)
    except UsageError as error:
        raise ContentError(error.message) from error
    if clean_link(address) is None:
        raise ContentError(Reason("“{what}” isn't a portal's address", what=clean_line(typed, MAX_NAME_CHARS)))
    return require_field(fields, "key", str), paper_at(address, clean_line(require_field(fields, "name", str, ""), MAX_NAME_CHARS))


def paper_of_story(value: object) -> str | None:
    """Return the key (id) that a story in a file to import has for its paper; None if the story names no paper.

    Raises ContentError if `value` isn't a JSON object, or the key isn't a text.
    """
    fields = require_type(value, dict, "a story")
    return None if fields.get("paper") is None else require_field(fields, "paper", str)


def _story(fields: Fields) -> Story:
    return clean_story(Story(**{name: _field(fields, field_of(name)) for name in Story._fields}))


def _field(fields: Fields, field: StoryField) -> Any:  # noqa: ANN401 (type of the field's value)
    """Return the value of the story field `field` from `fields`, the story's JSON object.

    If the field is missing, the result is the default in `Story`, or an empty value. Exception: a field of the kind "line" that has
    no default in `Story` is required.

    Raises:
        ContentError: The field is missing but required, or has another type.
        MissingRuleError: A field of this kind can't be imported.
    """
    name = field.name
    match field.kind:
        case "line":
            return require_field(fields, name, str, Story._field_defaults.get(name))
        case "link":
            return _link(fields, name)
        case "time":
            return time_field(fields, name)
        case "flag":
            return require_field(fields, name, bool, False)
        case "lines":
            return tuple(require_type(each, str, "a tag") for each in require_field(fields, name, list, [])[:MAX_TERMS])
        case "categories":
            return tuple(_category(each) for each in require_field(fields, name, list, [])[:MAX_TERMS])
        case "blocks":
            return blocks_from_json(require_field(fields, name, list, []))
        case kind:
            raise MissingRuleError(f"the field {name!r} of a story: one of the kind {kind!r} can't be imported")


def _category(value: object) -> Category:
    fields = require_type(value, dict, "a category")
    category = clean_category(Category(require_field(fields, "slug", str), require_field(fields, "name", str, "")))
    if not category.slug:
        raise ContentError("a category's slug is empty")
    return category


def _revision(value: object) -> Revision:
    fields = require_type(value, dict, "a revision")
    replaced = time_field(fields, "replaced")
    if replaced is None:
        raise ContentError("a revision has no time")
    title = clean_line(require_field(fields, "title", str), MAX_TITLE_CHARS)
    return Revision(replaced, title, clean_blocks(blocks_from_json(require_field(fields, "blocks", list, []))))


def _marks(fields: Fields) -> StoryMarks:
    read, starred, later = (_change(fields, name) for name in ("read", "starred", "later"))
    return StoryMarks(read, starred, later, time_field(fields, "opened"), _position(fields), tuple(_lists(fields)))


def _lists(marks: Fields) -> Iterator[tuple[str, MarkState]]:
    """Yield the key of each list in `marks`, a story's marks as JSON, with the story's state in that list.

    A key is skipped if the sanitizer would change it, because bpost makes no such keys.
    """
    fields = require_type(marks.get("lists") or {}, dict, repr("lists"))
    for key in sorted(fields)[:MAX_LISTS]:
        change = _change(fields, key)
        if change is not None and key and key == clean_line(key, MAX_NAME_CHARS):
            yield key, change


def _change(marks: Fields, name: str) -> MarkState | None:
    if marks.get(name) is None:
        return None
    fields = require_type(marks[name], dict, repr(name))
    at = time_field(fields, "at")
    if at is None:
        raise ContentError(Reason("the mark {name} has no time", name=repr(name)))
    return MarkState(require_field(fields, "on", bool), at)


def _position(marks: Fields) -> ReadingPosition | None:
    if marks.get("position") is None:
        return None
    fields = require_type(marks["position"], dict, repr("position"))
    item, fraction = require_field(fields, "item", int), fields.get("fraction")
    if type(fraction) not in (int, float) or not isinstance(fraction, int | float):
        raise ContentError(Reason("{what} isn't a number", what=repr("fraction")))
    return ReadingPosition.within_bounds(item, float(fraction))


def _link(fields: Fields, name: str) -> str | None:
    return None if fields.get(name) is None else require_field(fields, name, str)
