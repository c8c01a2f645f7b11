"""What is asked of the library: a list, and how the reader looks at lists, as one value that a thread gets whole.

It is made on the event loop and carried into the thread that reads; what that finds out comes back with the answer. So nothing that
a thread reads by changes under it, and each answer says what it answers.
"""

from __future__ import annotations

from typing import NamedTuple

from bpost_tui.config import Settings
from bpost_tui.core.lists.list_source import (
    ALL_NEWS,
    AllNewsSource,
    CategorySource,
    GroupSource,
    HistorySource,
    ListSource,
    OwnListSource,
    PaneRow,
    PassagesSource,
    ReadLaterSource,
    SavedSearchSource,
    SearchSource,
    StarredSource,
    base_source,
    filter_of,
)
from bpost_tui.core.lists.mutes import Mutes
from bpost_tui.core.lists.paper_list import PaperList
from bpost_tui.core.lists.saved_search_list import SearchCounts
from bpost_tui.model.list_order import AnyOrder, ListOrder, SearchOrder
from bpost_tui.model.story import ListFilter


class Outlook(NamedTuple):
    """How the reader looks at lists: what they chose, and what was last known of papers, mutes and searches."""

    papers: PaperList
    mutes: Mutes = Mutes()
    searches: SearchCounts = SearchCounts()
    unread_only: bool = False
    """Whether the reader wants to see unread stories only; in which lists, `ListQuery.unread_only` says."""
    order: ListOrder = ListOrder.NEWEST
    """Of lists by date."""
    hit_order: SearchOrder = SearchOrder.BEST
    """Of what a search finds."""
    unread_first: bool = False
    """Whether a paper's categories with the most unread come first; else they keep their places, by name."""
    same_news_once: bool = True
    """Whether the same news is shown once; in which lists, `ListQuery.groups_same_news` says."""
    same_news_read_all: bool = True
    """Whether who has read one account has read all."""
    searches_as_typed: bool = False
    """Whether a search is read letter by letter: then its last word may be half typed."""

    @classmethod
    def of(
        cls,
        settings: Settings,
        papers: PaperList,
        mutes: Mutes,
        *,
        unread_only: bool = False,
        same_news_once: bool | None = None,
        searches_as_typed: bool = False,
    ) -> Outlook:
        """Return the outlook of a reader with these settings; the only place that maps settings to an outlook.

        Args:
            settings: Settings in force.
            papers: Papers that are read, counted.
            mutes: Mutes of the config and the library.
            unread_only: The reader's choice by key.
            same_news_once: The reader's choice by key, which stands before the setting; None if there is none.
            searches_as_typed: Whether this reader searches letter by letter.
        """
        return cls(
            papers,
            mutes,
            unread_only=unread_only,
            order=ListOrder(settings.story_order),
            unread_first=settings.category_order == "unread",
            same_news_once=settings.same_news_once if same_news_once is None else same_news_once,
            same_news_read_all=settings.same_news_read_all,
            searches_as_typed=searches_as_typed,
        )

    def query(self, source: ListSource) -> ListQuery:
        """Return what is asked of a list."""
        return ListQuery(source, self.in_list(source))

    def in_list(self, source: ListSource) -> Outlook:
        """Return how the reader looks at lists once they are in one: what one is in is seen, a category or a group's paper."""
        row = base_source(source)
        if not isinstance(row, CategorySource | AllNewsSource) or not row.paper:
            return self
        return self._replace(papers=self.papers.with_unfolded(row.paper, categories=isinstance(row, CategorySource)))

    def in_order(self, order: AnyOrder) -> Outlook:
        """Return the same with another order of lists by date, or of what a search finds."""
        return self._replace(order=order) if isinstance(order, ListOrder) else self._replace(hit_order=order)

    def with_counts(self, counts: PaneCounts) -> Outlook:
        """Return the same with what a read found out; what the reader chose since then stays."""
        papers = counts.papers._replace(unfolded=self.papers.unfolded)
        return self._replace(
            papers=papers, mutes=counts.mutes._replace(are_suspended=self.mutes.are_suspended), searches=counts.searches
        )

    @property
    def marks_all_accounts_read(self) -> bool:
        """Whether all accounts of some news are marked read, or unread, with one."""
        return self.same_news_once and self.same_news_read_all and self.papers.are_several


class ListQuery(NamedTuple):
    """A list, and how the reader looks at it."""

    source: ListSource
    outlook: Outlook

    @property
    def order(self) -> AnyOrder | None:
        """The order of the list; None where it has one of its own, such as what was opened last."""
        return _order(self.source, self.outlook)

    @property
    def has_default_order(self) -> bool:
        """Whether the list is in its usual order."""
        return self.order is None or self.order is next(iter(type(self.order)))

    @property
    def unread_only(self) -> bool:
        """Whether read stories are left out; the reader's own lists, and what a query finds, stay whole."""
        stories = filter_of(self.source)
        return self.outlook.unread_only and stories is not None and not stories.is_own

    @property
    def groups_same_news(self) -> bool:
        """Whether the list shows the same news once: that of all papers. What was searched for or chosen by hand stays whole."""
        return self.source == ALL_NEWS and self.outlook.same_news_once and self.outlook.papers.are_several

    @property
    def matches_prefix(self) -> bool:
        """Whether the last word of what is searched for may be half typed."""
        return self.outlook.searches_as_typed and isinstance(self.source, SearchSource)

    @property
    def list_filter(self) -> ListFilter | None:
        """Which stories a list by date shows, and in which order; None for a list that comes in an order of its own."""
        stories, source = filter_of(self.source), self.source
        papers = self.outlook.papers.members(source.name) if isinstance(source, GroupSource) else ()
        return stories and stories._replace(
            unread=self.unread_only, groups_same_news=self.groups_same_news, papers=papers, order=self.outlook.order
        )

    def is_same_list(self, other: ListQuery) -> bool:
        """Whether an answer to the other one answers this one."""
        return self._choices == other._choices

    @property
    def _choices(self) -> tuple[object, ...]:
        return self.source, self.order, self.unread_only, self.groups_same_news, self.outlook.mutes.are_suspended


def _order(source: ListSource, outlook: Outlook) -> AnyOrder | None:
    match source:
        case AllNewsSource() | GroupSource() | CategorySource() | ReadLaterSource() | StarredSource() | OwnListSource():
            return outlook.order
        case HistorySource() | PassagesSource() | SearchSource(base=PassagesSource()):
            return None
        case SavedSearchSource() | SearchSource():
            return outlook.hit_order


class PaneCounts(NamedTuple):
    """The rows of the category pane, with what was found out in counting them."""

    rows: tuple[PaneRow, ...]
    papers: PaperList
    mutes: Mutes
    searches: SearchCounts
