"""What was muted with a key: the file, and lists without it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from bpost_tui.i18n import Language
from bpost_tui.model.story import Story
from bpost_tui.reading.listing import Listings
from bpost_tui.reading.own_mutes import FILE, OwnMutes, merged
from bpost_tui.reading.session import ALL_NEWS
from bpost_tui.reading.undo import MuteChange, UndoStack
from bpost_tui.store.library import Library
from tests.conftest import NOW


def test_rules_come_and_go_and_what_a_newer_version_keeps_stays(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / FILE).write_text('{"sources": ["x"]}')
    mutes = OwnMutes(tmp_path / "state")
    mutes.put("tags", "IPL", on=True)
    mutes.put("tags", "পুজো", on=True)
    mutes.put("tags", "IPL", on=True)
    assert mutes.read() == {"tags": ("পুজো", "IPL")}
    mutes.put("tags", "পুজো", on=False)
    mutes.put("authors", "কেউ না", on=False)
    assert OwnMutes(tmp_path / "state").read() == {"tags": ("IPL",)}
    assert json.loads(mutes.path.read_text())["sources"] == ["x"]
    assert mutes.path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "text", ["", "[]", '{"tags": 5}', '{"tags": [1, null, "", "a\\u0007b", "ভালো"]}', "\udcff", '{"tags": {"a": 1}}']
)
def test_damaged_file_loses_what_cannot_be_read_alone(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_bytes(os.fsencode(text))
    assert OwnMutes(tmp_path).read() == ({"tags": ("ভালো",)} if "ভালো" in text else {})


def test_rules_of_several_sources_each_once() -> None:
    assert merged({"tags": ("ক", "খ")}, {"tags": ("খ",), "words": ("গ",)}) == {"tags": ("ক", "খ"), "words": ("গ",)}


def test_lists_and_counts_leave_it_out_until_it_is_undone(library: Library, tmp_path: Path) -> None:
    stories = [Story(f"{at}", f"খবর {at}", published=NOW, tags=("IPL",) if at else ()) for at in range(3)]
    library.save(stories, now=NOW)
    listings = Listings(library, Language("en"), lambda: NOW, {"words": ("ভোট",)}, own_mutes=OwnMutes(tmp_path / "state"))
    undo = UndoStack(listings)
    assert (len(listings.read(ALL_NEWS).rows), listings.categories()[0].unread) == (3, 3)
    done = undo.do(MuteChange("tags", "IPL", True))
    assert done is not None and done.done_text(Language("en")) == "“IPL” is muted"
    assert undo.do(MuteChange("tags", "IPL", True)) is None
    assert (len(listings.read(ALL_NEWS).rows), listings.categories()[0].unread) == (1, 1)
    again = Listings(library, Language("en"), lambda: NOW, own_mutes=OwnMutes(tmp_path / "state"))
    assert len(again.read(ALL_NEWS).rows) == 1
    undo.undo()
    assert (len(listings.read(ALL_NEWS).rows), listings.categories()[0].unread) == (3, 3)


def test_where_there_is_no_file_nothing_is_muted_with_a_key(library: Library) -> None:
    assert MuteChange("tags", "IPL", True).do(Listings(library, Language("en"), lambda: NOW)) is None
