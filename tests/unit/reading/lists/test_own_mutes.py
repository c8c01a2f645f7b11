"""What was muted with a key: the rules in the library, the file of an earlier bpost, and lists without it."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from bpost_tui.i18n import Language
from bpost_tui.model.paper import Paper
from bpost_tui.model.story import Story
from bpost_tui.paths import SAMPLE
from bpost_tui.reading.changes.undo import MuteChange, UndoStack
from bpost_tui.reading.lists.listing import Listings
from bpost_tui.reading.lists.muting import Mutes
from bpost_tui.reading.lists.own_mutes import merged, rules_in
from bpost_tui.reading.lists.papers import Papers
from bpost_tui.reading.lists.question import Outlook
from bpost_tui.reading.lists.source import ALL_NEWS
from bpost_tui.reading.lists.stand import MUTED, Stand, open_library, sample_stand
from bpost_tui.store.library import Library
from tests.conftest import NOW

STAND = Stand((Paper("example.org", "https://example.org"),))


def test_rules_come_and_go(library: Library) -> None:
    rules, later = library.muted, NOW + timedelta(minutes=1)
    assert rules.put("tags", "পুজো", on=True, now=NOW)
    assert rules.put("tags", "IPL", on=True, now=later)
    assert not rules.put("tags", "IPL", on=True, now=later)
    assert rules.rules() == {"tags": ("পুজো", "IPL")}
    assert rules.put("tags", "পুজো", on=False, now=later)
    assert not rules.put("authors", "কেউ না", on=False, now=NOW)
    assert not rules.put("tags", "\u200b", on=True, now=NOW)
    assert rules.rules() == {"tags": ("IPL",)}


@pytest.mark.parametrize("damaged", [False, True])
def test_rules_survive_damage_of_the_library(tmp_path: Path, damaged: bool) -> None:
    with Library(tmp_path) as library:
        library.muted.put("tags", "IPL", on=True, now=NOW)
        library.muted.put("authors", "কেউ", on=True, now=NOW)
        library.muted.put("authors", "কেউ", on=False, now=NOW)
    if damaged:
        whole = (tmp_path / "reader.db").read_bytes()
        (tmp_path / "reader.db").write_bytes(whole[:4096] + bytes(len(whole) - 4096))
    with Library(tmp_path) as library:
        assert library.muted.rules() == {"tags": ("IPL",)}


@pytest.mark.parametrize(
    "text", ["", "[]", '{"tags": 5}', '{"tags": [1, null, "", "a\\u0007b", "ভালো"]}', "\udcff", '{"tags": {"a": 1}}']
)
def test_damaged_file_loses_what_cannot_be_read_alone(tmp_path: Path, text: str) -> None:
    (tmp_path / MUTED).write_bytes(os.fsencode(text))
    assert rules_in(tmp_path / MUTED) == ({"tags": ("ভালো",)} if "ভালো" in text else {})


def test_file_of_an_earlier_bpost_is_brought_into_the_library_once_and_not_into_the_samples(tmp_path: Path) -> None:
    (tmp_path / MUTED).write_text('{"tags": ["IPL"], "authors": ["কেউ"]}', encoding="utf-8")
    with open_library(tmp_path / SAMPLE, sample_stand("https://example.org"), state=tmp_path) as sample:
        assert sample.muted.rules() == {}
    with open_library(tmp_path / "library", STAND, state=tmp_path) as library:
        assert library.muted.rules() == {"tags": ("IPL",), "authors": ("কেউ",)}
        assert not (tmp_path / MUTED).exists()
        library.muted.put("tags", "IPL", on=False, now=NOW)
    (tmp_path / MUTED).write_text('{"tags": ["IPL", "পুজো"]}', encoding="utf-8")  # an earlier bpost was started once more
    with open_library(tmp_path / "library", STAND, state=tmp_path) as library:
        assert library.muted.rules() == {"tags": ("পুজো",), "authors": ("কেউ",)}


def test_rules_of_several_sources_each_once() -> None:
    assert merged({"tags": ("ক", "খ")}, {"tags": ("খ",), "words": ("গ",)}) == {"tags": ("ক", "খ"), "words": ("গ",)}


def test_lists_and_counts_leave_it_out_until_it_is_undone(library: Library) -> None:
    stories = [Story(f"{at}", f"খবর {at}", published=NOW, tags=("IPL",) if at else ()) for at in range(3)]
    library.save(stories, now=NOW)
    listings = Listings(library, Language("en"), lambda: NOW)
    nothing = Outlook(Papers.of(Language("en"), ()))
    outlook = nothing._replace(mutes=Mutes.of({"words": ("ভোট",)}, library))

    def listed(outlook: Outlook) -> tuple[int, int]:
        return len(listings.read(outlook.question(ALL_NEWS)).rows), listings.categories(outlook).rows[0].unread

    undo = UndoStack(listings)
    assert listed(outlook) == (3, 3)
    done = undo.do(MuteChange("tags", "IPL", True))
    assert done is not None and done.done_text(Language("en")) == "“IPL” is muted"
    assert undo.do(MuteChange("tags", "IPL", True)) is None
    assert listed(outlook) == listed(nothing) == (1, 1)
    undo.undo()
    assert listed(outlook) == listed(nothing) == (3, 3)
