"""The reader's last place is saved for each library and read back from a file in any state."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bpost_tui.core.lists.list_source import (
    AllNewsSource,
    CategorySource,
    HistorySource,
    ListSource,
    OwnListSource,
    PaneSource,
    PassagesSource,
    ReadLaterSource,
    SavedSearchSource,
    SearchSource,
    StarredSource,
)
from bpost_tui.core.state.last_place import LastPlace, SavedPlace

PLACE = SavedPlace(SearchSource("নদী", CategorySource("education")), 7, "https://example.org/?p=7", "story")
FIELDS = {"list": "category", "name": "খেলা", "typed": "", "story": 7, "guid": "g", "pane": "posts"}


def test_last_place_is_saved_read_and_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "state"
    assert LastPlace(folder, "a").read() is None
    assert not folder.exists()
    LastPlace(folder, "a").save(PLACE)
    other = PLACE._replace(source=ReadLaterSource(), pane="posts")
    LastPlace(folder, "b").save(other)
    assert (LastPlace(folder, "a").read(), LastPlace(folder, "b").read()) == (PLACE, other)
    LastPlace(folder, "a").save(other)
    assert LastPlace(folder, "a").read() == other
    assert [path.name for path in folder.iterdir()] == ["places.json"]
    assert folder.stat().st_mode & 0o077 == (folder / "places.json").stat().st_mode & 0o077 == 0


def test_last_place_at_a_passage_without_its_story_is_read_back(tmp_path: Path) -> None:
    place = SavedPlace(PassagesSource(), 0, "https://example.org/?p=7", "story", is_top=True)
    LastPlace(tmp_path, "a").save(place)
    assert LastPlace(tmp_path, "a").read() == place


ROWS: tuple[PaneSource, ...] = (
    AllNewsSource(), AllNewsSource("a.example"), CategorySource("খেলা"), CategorySource("খেলা", "a.example"), ReadLaterSource(),
    StarredSource(), HistorySource(), PassagesSource(), OwnListSource("k-1"), SavedSearchSource("ভোট -নেই"),
)  # fmt: skip


@pytest.mark.parametrize("row", ROWS)
def test_last_place_in_each_kind_of_list_is_read_back(tmp_path: Path, row: PaneSource) -> None:
    for source in (row, SearchSource("নদী", row)):
        LastPlace(tmp_path, "a").save(PLACE._replace(source=source))
        assert LastPlace(tmp_path, "a").read() == PLACE._replace(source=source)


@pytest.mark.parametrize(
    ("slug", "source"),
    [
        ("", AllNewsSource("a.example")),
        ("খেলা", CategorySource("খেলা", "a.example")),
        ("\u25f7", ReadLaterSource()),
        ("\u2605", StarredSource()),
        ("\u21ba", HistorySource()),
        ("\u275d", PassagesSource()),
        ("\u2261k-1", OwnListSource("k-1")),
        ("\u2315ভোট", SavedSearchSource("ভোট")),
    ],
)
def test_last_place_is_read_from_an_earlier_versions_slug(tmp_path: Path, slug: str, source: ListSource) -> None:
    fields = {"slug": slug, "typed": "", "paper": "a.example", "story": 7, "guid": "g", "pane": "posts"}
    (tmp_path / "places.json").write_text(json.dumps({"a": fields}))
    assert LastPlace(tmp_path, "a").read() == SavedPlace(source, 7, "g", "posts")


def test_last_places_of_many_libraries_keep_the_latest(tmp_path: Path) -> None:
    for number in range(60):
        LastPlace(tmp_path, str(number)).save(PLACE)
    known = [number for number in range(60) if LastPlace(tmp_path, str(number)).read()]
    assert known == list(range(10, 60))


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 9999, b'{"a": 3}', b'{"a": null}', b'{"a": {}}'])
def test_damaged_last_place_is_ignored_and_replaced(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "places.json").write_bytes(text)
    assert LastPlace(tmp_path, "a").read() is None
    LastPlace(tmp_path, "a").save(PLACE)
    assert LastPlace(tmp_path, "a").read() == PLACE


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("list", 3),
        ("list", "shelf"),
        ("name", 3),
        ("name", "\ud800"),
        ("slug", "\ud800"),
        ("paper", 3),
        ("typed", "a\nb"),
        ("typed", "x" * 10_000),
        ("guid", None),
        ("guid", "\x1b[2J"),
        ("story", "7"),
        ("story", True),
        ("story", 0),
        ("story", -1),
        ("story", 1 << 63),
        ("pane", "zen"),
        ("pane", ["posts"]),
    ],
)
def test_last_place_with_an_invalid_field_is_ignored(tmp_path: Path, field: str, value: Any) -> None:
    (tmp_path / "places.json").write_text(json.dumps({"a": FIELDS}))
    assert LastPlace(tmp_path, "a").read() is not None
    (tmp_path / "places.json").write_text(json.dumps({"a": {**FIELDS, field: value}}))
    assert LastPlace(tmp_path, "a").read() is None


def test_last_place_is_lost_silently_when_unwritable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    LastPlace(tmp_path / "file", "a").save(PLACE)
    (tmp_path / "places.json").mkdir()
    LastPlace(tmp_path, "a").save(PLACE)
    assert LastPlace(tmp_path, "a").read() is None
