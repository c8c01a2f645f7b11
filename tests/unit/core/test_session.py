from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

import pytest

from bpost_tui.core.changes.list_changes import ListEntriesChange
from bpost_tui.core.changes.undo import MarkChange, UndoableChange, UndoStack, is_marked, with_mark
from bpost_tui.core.lists.list_source import (
    ALL_NEWS,
    AllNewsSource,
    CategorySource,
    HistorySource,
    ListSource,
    OwnListSource,
    PassagesSource,
    ReadLaterSource,
    SavedSearchSource,
    SearchSource,
    StarredSource,
    base_source,
    filter_of,
    is_portal_list,
    query_of,
    search_source,
)
from bpost_tui.core.lists.listings import Listings
from bpost_tui.core.lists.outlook import Outlook
from bpost_tui.core.lists.paper_list import PaperList
from bpost_tui.core.session import BackStack, Location, Session
from bpost_tui.errors import NotFoundError
from bpost_tui.i18n import Language
from bpost_tui.model.list_order import AnyOrder, ListOrder, SearchOrder
from bpost_tui.model.story import ListFilter, SavedStory, Story, StoryKey
from bpost_tui.store.library import Library
from tests.conftest import headline

OUTLOOK = Outlook(PaperList.of(Language("en"), ()))


class FakeListings:
    """A fake for listings that can only set stars."""

    def __init__(self) -> None:
        self.starred: set[int] = set()

    def mark(self, mark: str, ids: tuple[int, ...], on: bool) -> tuple[int, ...]:
        changed = tuple(number for number in ids if (number in self.starred) != on)
        self.starred = self.starred | set(ids) if on else self.starred - set(ids)
        return changed


# ── source of a list ─────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("source", "query", "list_filter", "order", "of_portal"),
    [
        (ALL_NEWS, "", ListFilter(), ListOrder.NEWEST, True),
        (AllNewsSource("a.example"), "", ListFilter(paper="a.example"), ListOrder.NEWEST, True),
        (CategorySource("education"), "", ListFilter(category="education"), ListOrder.NEWEST, True),
        (SearchSource("ভোট", CategorySource("education")), "ভোট", None, SearchOrder.BEST, False),
        (SavedSearchSource("ভোট"), "ভোট", None, SearchOrder.BEST, False),
        (SearchSource("জেলা", SavedSearchSource("ভোট")), "জেলা", None, SearchOrder.BEST, False),
        (SearchSource("জেলা", PassagesSource()), "জেলা", None, None, False),
        (StarredSource(), "", ListFilter(starred=True), ListOrder.NEWEST, False),
        (ReadLaterSource(), "", ListFilter(later=True), ListOrder.NEWEST, False),
        (OwnListSource("k"), "", ListFilter(own_list="k"), ListOrder.NEWEST, False),
        (HistorySource(), "", None, None, False),
        (PassagesSource(), "", None, None, False),
    ],
)
def test_list_source_gives_query_filter_and_order(
    source: ListSource, query: str, list_filter: ListFilter | None, order: AnyOrder | None, of_portal: bool
) -> None:
    assert (query_of(source), filter_of(source), is_portal_list(source)) == (query, list_filter, of_portal)
    assert OUTLOOK.query(source).order is order


def test_list_sources_of_two_kinds_are_never_equal() -> None:
    sources = (
        AllNewsSource("x"),
        CategorySource("x"),
        OwnListSource("x"),
        SavedSearchSource("x"),
        SearchSource("x"),
        ReadLaterSource(),
        StarredSource(),
        HistorySource(),
        PassagesSource(),
    )
    assert len({*sources}) == len(sources)


def test_leaving_a_search_returns_to_its_base_source() -> None:
    assert base_source(SearchSource("ভোট", CategorySource("education"))) == CategorySource("education")
    assert search_source("জেলা", SavedSearchSource("ভোট")) == SearchSource("জেলা", SavedSearchSource("ভোট"))
    assert search_source("", SavedSearchSource("ভোট")) == SavedSearchSource("ভোট")


def test_session_counts_shown_lists_not_requested_ones() -> None:
    session = Session(UndoStack(cast(Listings, FakeListings())), OUTLOOK)
    session.requested = CategorySource("education")
    assert (session.shown, session.generation) == (ALL_NEWS, 0)
    session.show(OUTLOOK.query(session.requested))
    assert (session.shown, session.generation) == (CategorySource("education"), 1)


def test_changed_headline_applies_only_to_the_shown_story() -> None:
    session = Session(UndoStack(cast(Listings, FakeListings())), OUTLOOK)
    session.replace_headline(headline(1))
    assert session.story is None
    session.story = SavedStory(headline(1), ())
    session.replace_headline(headline(2)._replace(read=True))
    session.replace_headline(headline(1)._replace(starred=True))
    assert session.is_story(StoryKey(1)) and not session.is_story(StoryKey(2))
    assert session.story.headline.starred and not session.story.headline.read


# ── back stack ───────────────────────────────────────────────────────────────


def test_back_stack_is_last_in_first_out_without_repeats() -> None:
    back = BackStack()
    first, second = (Location(ALL_NEWS, row, StoryKey(row), (0, 0.0), "posts") for row in (1, 2))
    for location in (first, second, second):
        back.push(location)
    assert len(back) == 2
    assert [back.pop(), back.pop(), back.pop()] == [second, first, None]
    assert back.top is None


def test_back_stack_keeps_200_places() -> None:
    back = BackStack()
    for row in range(300):
        back.push(Location(ALL_NEWS, row, StoryKey(row), (0, 0.0), "posts"))
    assert len(back) == 200


# ── undo ─────────────────────────────────────────────────────────────────────


def test_undo_reverts_only_actual_changes() -> None:
    listings = FakeListings()
    listings.starred = {1}
    undo = UndoStack(cast(Listings, listings))
    done = undo.do(MarkChange("starred", True, (1, 2)))
    assert done == MarkChange("starred", True, (2,))
    assert undo.undo() == done
    assert listings.starred == {1}
    assert undo.undo() is None


def test_undo_ignores_a_change_without_effect() -> None:
    undo = UndoStack(cast(Listings, FakeListings()))
    nothing: UndoableChange | None = undo.do(MarkChange("starred", False, (1,)))
    assert nothing is None and undo.undo() is None


def test_undo_reports_a_story_deleted_since_and_then_goes_on(library: Library, now: datetime) -> None:
    library.save([Story(f"guid {n}", "বাঁধ ভাঙল", published=now) for n in range(2)], now=now)
    kept, pruned = library.story_ids(ListFilter())
    undo = UndoStack(Listings(library, Language("en"), lambda: now))
    stars = (MarkChange("starred", True, (kept,)), *(MarkChange("starred", on, (pruned,)) for on in (True, False)))
    entries = (ListEntriesChange("court", (number,), add=add) for number, add in ((kept, True), (pruned, True), (pruned, False)))
    changes: tuple[UndoableChange, ...] = (*stars, *entries)
    assert all(undo.do(change) for change in changes)
    library.maintenance.prune(now + timedelta(days=1))
    for _ in range(2):
        with pytest.raises(NotFoundError, match="the story is no longer saved"):
            undo.undo()
    assert undo.undo() and library.own_lists.all() == ()
    for _ in range(2):
        with pytest.raises(NotFoundError, match="the story is no longer saved"):
            undo.undo()
    assert undo.undo() == MarkChange("starred", True, (kept,)) and not library.headline(kept).starred


@pytest.mark.parametrize("mark", ["read", "starred", "later"])
def test_mark_is_set_and_removed_on_a_headline(mark: str) -> None:
    row = headline(1)
    marked = with_mark(row, mark, True)  # type: ignore[arg-type]
    assert is_marked(marked, mark) and not is_marked(row, mark)  # type: ignore[arg-type]
    assert with_mark(marked, mark, False) == row  # type: ignore[arg-type]
