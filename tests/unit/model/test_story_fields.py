"""Every string of a story is sanitized at each entrance; a field without a rule is refused by its name."""

from __future__ import annotations

import json
import sqlite3
from collections import namedtuple
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest

from bpost_tui.cli.export.edition import sanitize_story
from bpost_tui.cli.import_validation import imported_story
from bpost_tui.core.json_api import exported_to_json
from bpost_tui.errors import ContentError
from bpost_tui.mark_changes.entry_parser import parse_entry
from bpost_tui.mark_changes.field_changes import Subject, SubjectKind
from bpost_tui.mark_changes.passage_value import passage_to_value
from bpost_tui.model import passage as kept_passages
from bpost_tui.model import story
from bpost_tui.model.blocks import Block
from bpost_tui.model.exported_story import ExportedStory
from bpost_tui.model.marks import StoryMarks
from bpost_tui.model.passage import Passage
from bpost_tui.model.sanitize import clean_text
from bpost_tui.model.story import Headline, SavedStory, Story
from bpost_tui.model.story_fields import FIELDS, MissingRuleError, clean_saved, clean_story, field_of
from bpost_tui.model.story_merge import merge_detail, merge_resent
from bpost_tui.store.library import Library
from bpost_tui.store.repair.row_sanitizer import COLUMN_RULES, clean_row

WHEN = datetime(2026, 11, 24, tzinfo=UTC)
HOSTILE = "https://a.example/খবর\x1b]0;pwned\x07\u202e\U000f0000"
"""Harmful text, as an address and as a name alike."""
ADDRESSES = ("link", "src", "address", "image")
BLOCKS = get_args(Block)


def hostile(hint: Any, address: str = HOSTILE) -> Any:
    """Return a value of type `hint` with hostile text in each string, but with `address` in fields for addresses."""
    origin, arguments = get_origin(hint), get_args(hint)
    if hint is str:
        return HOSTILE
    if hint in (bool, int, datetime):
        return {bool: True, int: 1, datetime: WHEN}[hint]
    if origin is Literal:
        return arguments[0]
    if origin in (Union, UnionType):
        return hostile(next(each for each in arguments if each is not type(None)), address)
    if origin is tuple and arguments[-1] is Ellipsis:
        return tuple(hostile(each, address) for each in (BLOCKS if arguments[0] == Block else arguments[:1]))
    if origin is tuple:
        return tuple(hostile(each, address) for each in arguments)
    return hint(**{name: address if name in ADDRESSES else hostile(each, address) for name, each in hints(hint).items()})


def hints(kind: type[Any]) -> dict[str, Any]:
    """Return the declared types of the fields of `kind`."""
    return get_type_hints(kind, {**vars(story), "Passage": Passage} if kind.__module__ == story.__name__ else None)


def leaves(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield the path and the text of every string within `value`."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from leaves(each, f"{path}.{name}")
    elif isinstance(value, tuple | list):
        names = getattr(value, "_fields", range(len(value)))
        for name, each in zip(names, value, strict=True):
            yield from leaves(each, f"{path}.{name}")


def unclean(value: object) -> list[str]:
    """Return the paths of all strings within `value` that sanitizing would change."""
    return [path for path, text in leaves(value) if text != clean_text(text, len(text))]


STORY: Story = hostile(Story)
SAVED: SavedStory = hostile(SavedStory)


def test_fixture_story_is_hostile_in_each_string() -> None:
    assert len(unclean(STORY)) == len([text for _, text in leaves(STORY) if text != "video"]) > 20
    assert {type(block) for block in STORY.blocks} == set(BLOCKS)
    assert len(unclean(SAVED)) > len(unclean(STORY))


def test_clean_story_sanitizes_every_string() -> None:
    assert unclean(clean_story(STORY)) == []
    assert clean_story(STORY).image is None
    cleaned = clean_story(hostile(Story, "https://a.example/x"))  # so that no block is dropped because of its address
    assert unclean(cleaned) == []
    assert len(list(leaves(cleaned))) == len(list(leaves(STORY)))


def test_exported_story_is_sanitized() -> None:
    cleaned = sanitize_story(ExportedStory(SAVED, StoryMarks(), ()))
    assert unclean(cleaned) == []
    assert unclean(exported_to_json(cleaned, {})) == []
    assert cleaned.saved.headline.title and cleaned.saved.headline.others and cleaned.saved.passages


def test_story_of_a_damaged_library_is_sanitized(tmp_path: Path) -> None:
    with Library(tmp_path) as library:
        library.save([STORY._replace(full=True, published=WHEN, modified=None)], now=WHEN)
    with closing(sqlite3.connect(tmp_path / "stories.db")) as db, db:
        assert "\x1b" in "".join(map(str, db.execute("SELECT * FROM stories").fetchone()))
        db.execute("CREATE VIEW odd AS SELECT 1")
    with Library(tmp_path) as library:
        saved = library.story(1)
    assert unclean(saved) == []
    assert saved.headline.title and saved.blocks and saved.tags


def test_imported_story_is_sanitized() -> None:
    value = json.loads(json.dumps(exported_to_json(ExportedStory(SAVED, StoryMarks(), ()), {})))
    assert len(unclean(value)) > len(unclean(STORY))
    imported = imported_story(value).story
    assert unclean(imported) == []
    assert [name for name, ours, theirs in zip(Story._fields, imported, clean_story(STORY), strict=True) if ours != theirs] == [
        "categories"  # a file has them as slugs and names
    ]


@pytest.mark.parametrize("at", range(9))
def test_synced_passage_with_an_unclean_string_is_refused(at: int) -> None:
    (good,) = clean_saved(SAVED).passages
    value = list(passage_to_value(good))
    at_us = 1_790_000_000_000_000
    assert parse_entry({"passage": good.key, "kept": [at_us, value]})[0] == Subject(SubjectKind.PASSAGE, good.key)
    value[at] = HOSTILE
    with pytest.raises(ContentError):
        parse_entry({"passage": good.key, "kept": [at_us, value]})


@pytest.mark.parametrize(
    "entry",
    [
        {"story": HOSTILE, "paper": "a.example", "read": [1, True]},
        {"story": "1", "paper": HOSTILE, "read": [1, True]},
        {"story": "1", "paper": "a.example", "link": HOSTILE, "read": [1, True]},
        {"search": HOSTILE, "query": [1, "x"]},
        {"search": "x", "query": [1, HOSTILE]},
        {"list": "x", "name": [1, HOSTILE]},
        {"mute": HOSTILE, "tags": [1, True]},
        {"apart": HOSTILE, "paper": "a.example"},
    ],
)
def test_synced_entry_with_an_unclean_string_is_refused(entry: dict[str, object]) -> None:
    with pytest.raises(ContentError):
        parse_entry(entry)


# ── fields without a rule ───────────────────────────────────────────────────


def with_extra_field(kind: type[Any]) -> type[Any]:
    """Return a copy of `kind` with one more field, as if it had been added today."""
    return namedtuple(kind.__name__, (*kind._fields, "unruled"))


@pytest.mark.parametrize(("kind", "clean"), [(Story, clean_story), (SavedStory, clean_saved)])
def test_story_field_without_a_rule_is_refused_by_name(kind: type[Any], clean: Any) -> None:
    with pytest.raises(MissingRuleError, match="'unruled'"):
        clean(with_extra_field(kind)(*hostile(kind), HOSTILE))


def test_headline_field_without_a_rule_is_refused_by_name() -> None:
    with pytest.raises(MissingRuleError, match="'unruled'"):
        clean_saved(SAVED._replace(headline=with_extra_field(Headline)(*SAVED.headline, HOSTILE)))


@pytest.mark.parametrize("join", [merge_detail, merge_resent])
def test_merge_of_a_field_without_a_rule_is_refused(join: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(FIELDS, "author")
    with pytest.raises(MissingRuleError, match="'author'"):
        join(STORY, STORY)


def test_column_without_a_rule_is_refused_by_name() -> None:
    row = dict.fromkeys(COLUMN_RULES["stories.db"]["stories"]) | {"unruled": HOSTILE}
    with pytest.raises(MissingRuleError, match="'unruled'"):
        clean_row("stories.db", "stories", row)


def test_field_rules_match_the_fields_exactly() -> None:
    names = {*Story._fields, *Headline._fields, *SavedStory._fields}
    assert names == set(FIELDS)
    assert [field_of(name).name for name in names] == list(names)


def test_clean_passage_sanitizes_every_string() -> None:
    passage: Passage = SAVED.passages[0]
    assert unclean(kept_passages.clean_passage(passage)) == []
