"""Mutes: the rules in the library, and lists without muted stories."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bpost_tui.core.changes.undo import MuteChange, UndoStack
from bpost_tui.core.lists.list_source import ALL_NEWS
from bpost_tui.core.lists.listings import Listings
from bpost_tui.core.lists.mutes import Mutes, merge_rules
from bpost_tui.core.lists.outlook import Outlook
from bpost_tui.core.lists.paper_list import PaperList
from bpost_tui.i18n import Language
from bpost_tui.model.story import Story
from bpost_tui.store.library import Library
from tests.conftest import NOW


def test_mute_rules_are_added_and_removed(library: Library) -> None:
    rules, later = library.mutes, NOW + timedelta(minutes=1)
    assert rules.set_rule("tags", "পুজো", on=True, now=NOW)
    assert rules.set_rule("tags", "IPL", on=True, now=later)
    assert not rules.set_rule("tags", "IPL", on=True, now=later)
    assert rules.rules() == {"tags": ("পুজো", "IPL")}
    assert rules.set_rule("tags", "পুজো", on=False, now=later)
    assert not rules.set_rule("authors", "কেউ না", on=False, now=NOW)
    assert not rules.set_rule("tags", "\u200b", on=True, now=NOW)
    assert rules.rules() == {"tags": ("IPL",)}


@pytest.mark.parametrize("damaged", [False, True])
def test_mute_rules_survive_damage_of_the_library(tmp_path: Path, damaged: bool) -> None:
    with Library(tmp_path) as library:
        library.mutes.set_rule("tags", "IPL", on=True, now=NOW)
        library.mutes.set_rule("authors", "কেউ", on=True, now=NOW)
        library.mutes.set_rule("authors", "কেউ", on=False, now=NOW)
    if damaged:
        whole = (tmp_path / "reader.db").read_bytes()
        (tmp_path / "reader.db").write_bytes(whole[:4096] + bytes(len(whole) - 4096))
    with Library(tmp_path) as library:
        assert library.mutes.rules() == {"tags": ("IPL",)}


def test_mute_rules_of_several_sources_are_merged() -> None:
    assert merge_rules({"tags": ("ক", "খ")}, {"tags": ("খ",), "words": ("গ",)}) == {"tags": ("ক", "খ"), "words": ("গ",)}


def test_lists_and_counts_hide_muted_stories_until_undo(library: Library) -> None:
    stories = [Story(f"{at}", f"খবর {at}", published=NOW, tags=("IPL",) if at else ()) for at in range(3)]
    library.save(stories, now=NOW)
    listings = Listings(library, Language("en"), lambda: NOW)
    nothing = Outlook(PaperList.of(Language("en"), ()))
    outlook = nothing._replace(mutes=Mutes.load({"words": ("ভোট",)}, library))

    def listed(outlook: Outlook) -> tuple[int, int]:
        return len(listings.read(outlook.query(ALL_NEWS)).stories), listings.categories(outlook).rows[0].unread

    undo = UndoStack(listings)
    assert listed(outlook) == (3, 3)
    done = undo.do(MuteChange("tags", "IPL", True))
    assert done is not None and done.done_message(Language("en")) == "“IPL” is muted"
    assert undo.do(MuteChange("tags", "IPL", True)) is None
    assert listed(outlook) == listed(nothing) == (1, 1)
    undo.undo()
    assert listed(outlook) == listed(nothing) == (3, 3)
