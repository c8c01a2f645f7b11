"""Query of a list with the reader's outlook (choices such as the order): immutable, so that a thread needs no locks.

The event loop makes the query, and passes it to the thread that reads. The thread returns its result together with the
query. So nothing changes while a thread reads, and each result is known to belong to its query.
"""

from __future__ import annotations

from bpost_tui.config import Settings
from bpost_tui.core.lists.list_source import (
    ALL_NEWS,
    AllNewsSource,
    CategorySource,
    ChangedSource,
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
from bpost_tui.typesetting.text.named_tuple import NamedTuple


class Outlook(NamedTuple):
    """Choices that decide how lists are read, with the papers, mutes and search counts from the last read."""

    papers: PaperList
    mutes: Mutes = Mutes()
    searches: SearchCounts = SearchCounts()
    unread_only: bool = False
    """Whether the reader wants to see only unread stories. `ListQuery.unread_only` decides for each list."""
    order: ListOrder = ListOrder.NEWEST
    """Order of lists that are sorted by date."""
    hit_order: SearchOrder = SearchOrder.BEST
    unread_first: bool = False
    """Whether a paper's categories with the most unread stories come first; if not, they are sorted by name."""
    same_news_once: bool = True
    """Whether stories about the same news are shown as one row. `ListQuery.groups_same_news` decides for each list."""
    same_news_read_all: bool = True
    """Whether reading a story also marks as read the stories about the same news that add nothing to it."""
    searches_as_typed: bool = False
    """Whether a search runs again at each typed letter. If so, the last word of its query may be incomplete."""

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
        """Return the outlook (the choices that lists are read with) of a reader with these settings.

        No other code makes an outlook from settings.

        Args:
            settings: Settings in force.
            papers: Papers that are read, with their numbers of stories.
            mutes: Mutes of the config and the library.
            unread_only: Whether the reader chose, with a key, to see only unread stories.
            same_news_once: Whether the reader chose by key to see stories about the same news as one row; None uses the setting.
            searches_as_typed: Whether the interface runs a search at each typed letter, as the screen does.
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
        """Return the query that reads the list `source` by this outlook's choices (order, unread stories only …)."""
        return ListQuery(source, self.in_list(source))

    def in_list(self, source: ListSource) -> Outlook:
        """Return the outlook (the choices that lists are read with) after the list `source` came to the screen.

        In the category pane, the group that contains the list's paper is unfolded; for a category, its paper is also unfolded.
        """
        row = base_source(source)
        if not isinstance(row, CategorySource | AllNewsSource) or not row.paper:
            return self
        return self._replace(papers=self.papers.with_unfolded(row.paper, categories=isinstance(row, CategorySource)))

    def in_order(self, order: AnyOrder) -> Outlook:
        """Return the outlook (the choices that lists are read with) with the new order `order`.

        A `SearchOrder` becomes the order of search hits; any other order becomes the order of lists sorted by date.
        """
        return self._replace(order=order) if isinstance(order, ListOrder) else self._replace(hit_order=order)

    def with_counts(self, counts: PaneCounts) -> Outlook:
        """Return the outlook (the choices that lists are read with) with new counts of the category pane.

        Choices that the reader made meanwhile stay.
        """
        counted = counts.outlook
        papers = counted.papers._replace(unfolded=self.papers.unfolded)
        mutes = counted.mutes._replace(are_suspended=self.mutes.are_suspended)
        return self._replace(papers=papers, mutes=mutes, searches=counted.searches)

    def has_same_entries(self, other: Outlook) -> bool:
        """Return whether the choices in `other` give the category pane the same entries and counts as the choices here."""
        return self._pane_choices == other._pane_choices

    @property
    def _pane_choices(self) -> tuple[object, ...]:
        return (
            self.papers.unfolded,
            self.mutes.are_suspended,
            self.unread_first,
            self.same_news_once,
            self.same_news_read_all,
        )

    @property
    def marks_all_accounts_read(self) -> bool:
        """Whether marking a story as read, or unread, also marks the stories about the same news that add nothing to it.

        Always False with a single paper, or if the reader doesn't want stories about the same news to be shown as one row.
        """
        return self.same_news_once and self.same_news_read_all and self.papers.are_several


class ListQuery(NamedTuple):
    """Source of a list, with the reader's choices for reading lists (`outlook`). Together they decide which rows the list has."""

    source: ListSource
    outlook: Outlook

    @property
    def order(self) -> AnyOrder | None:
        """Order of the list; None if the reader can't choose an order, as in the history."""
        return _order(self.source, self.outlook)

    @property
    def has_default_order(self) -> bool:
        """Whether the list is in its default order."""
        return self.order is None or self.order is next(iter(type(self.order)))

    @property
    def unread_only(self) -> bool:
        """Whether read stories are left out. Lists that the reader made, and searches, always show all stories."""
        stories = filter_of(self.source)
        return self.outlook.unread_only and stories is not None and not stories.is_own

    @property
    def groups_same_news(self) -> bool:
        """Whether stories about the same news are shown as one row.

        Only the list with the news of all papers does so; other lists show each story.
        """
        return self.source == ALL_NEWS and self.outlook.same_news_once and self.outlook.papers.are_several

    @property
    def matches_prefix(self) -> bool:
        """Whether the last word of the search may be incomplete, because the reader is still typing."""
        return self.outlook.searches_as_typed and isinstance(self.source, SearchSource)

    @property
    def list_filter(self) -> ListFilter | None:
        """Filter and order of a list that is sorted by date; None for other lists."""
        stories, source = filter_of(self.source), self.source
        papers = self.outlook.papers.members(source.name) if isinstance(source, GroupSource) else ()
        return stories and stories._replace(
            unread=self.unread_only, groups_same_news=self.groups_same_news, papers=papers, order=self.outlook.order
        )

    def is_same_list(self, other: ListQuery) -> bool:
        """Return whether `other` reads the same list in the same way, so that its result is also a result for this query."""
        return self._choices == other._choices

    @property
    def _choices(self) -> tuple[object, ...]:
        return self.source, self.order, self.unread_only, self.groups_same_news, self.outlook.mutes.are_suspended


def _order(source: ListSource, outlook: Outlook) -> AnyOrder | None:
    match source:
        case (
            AllNewsSource()
            | GroupSource()
            | CategorySource()
            | ReadLaterSource()
            | StarredSource()
            | ChangedSource()
            | OwnListSource()
        ):
            return outlook.order
        case HistorySource() | PassagesSource() | SearchSource(base=PassagesSource()):
            return None
        case SavedSearchSource() | SearchSource():
            return outlook.hit_order


class PaneCounts(NamedTuple):
    """Entries of the category pane with their numbers of stories, as read from the library at one time."""

    rows: tuple[PaneRow, ...]
    outlook: Outlook
    """Choices that decided the entries, with the papers, mutes and search counts read at the same time."""
