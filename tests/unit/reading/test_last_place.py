"""Where the reader was is kept for each library, and read back whatever state the file is in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bpost_tui.reading.last_place import LastPlace, Place
from bpost_tui.reading.source import LATER_SLUG, Source

PLACE = Place(Source("education", "নদী"), 7, "https://example.org/?p=7", "story")
FIELDS = {"slug": "", "typed": "", "story": 7, "guid": "g", "pane": "posts"}


def test_place_that_was_kept_is_read_back_and_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "state"
    assert LastPlace(folder, "a").read() is None
    assert not folder.exists()
    LastPlace(folder, "a").keep(PLACE)
    other = PLACE._replace(source=Source(LATER_SLUG), pane="posts")
    LastPlace(folder, "b").keep(other)
    assert (LastPlace(folder, "a").read(), LastPlace(folder, "b").read()) == (PLACE, other)
    LastPlace(folder, "a").keep(other)
    assert LastPlace(folder, "a").read() == other
    assert [path.name for path in folder.iterdir()] == ["places.json"]
    assert folder.stat().st_mode & 0o077 == (folder / "places.json").stat().st_mode & 0o077 == 0


def test_places_of_many_libraries_leave_the_latest(tmp_path: Path) -> None:
    for number in range(60):
        LastPlace(tmp_path, str(number)).keep(PLACE)
    known = [number for number in range(60) if LastPlace(tmp_path, str(number)).read()]
    assert known == list(range(10, 60))


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 9999, b'{"a": 3}', b'{"a": null}', b'{"a": {}}'])
def test_damaged_file_is_no_place_and_is_written_anew(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "places.json").write_bytes(text)
    assert LastPlace(tmp_path, "a").read() is None
    LastPlace(tmp_path, "a").keep(PLACE)
    assert LastPlace(tmp_path, "a").read() == PLACE


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("slug", 3),
        ("slug", "\ud800"),
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
def test_field_that_cannot_be_used_is_no_place(tmp_path: Path, field: str, value: Any) -> None:
    (tmp_path / "places.json").write_text(json.dumps({"a": FIELDS}))
    assert LastPlace(tmp_path, "a").read() is not None
    (tmp_path / "places.json").write_text(json.dumps({"a": {**FIELDS, field: value}}))
    assert LastPlace(tmp_path, "a").read() is None


def test_place_where_nothing_can_be_written_is_lost_without_a_word(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    LastPlace(tmp_path / "file", "a").keep(PLACE)
    (tmp_path / "places.json").mkdir()
    LastPlace(tmp_path, "a").keep(PLACE)
    assert LastPlace(tmp_path, "a").read() is None
