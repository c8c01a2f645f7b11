"""List of saved searches, with the number of unread stories that each finds. Every method may block on the disk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from bpost_tui.core.lists.list_source import PaneRow, SavedSearchSource
from bpost_tui.model.story import ListFilter
from bpost_tui.store.library import Library
from bpost_tui.typesetting.text.named_tuple import NamedTuple

_LIKE = 'like:"'


def is_like_query(query: str) -> bool:
    """Return whether a query finds stories similar to a given one. Saving such a query means following that story."""
    return query.startswith(_LIKE)


class SearchCounts(NamedTuple):
    """Number of unread stories that each saved search finds, from the last count."""

    unread: Mapping[str, int] = MappingProxyType({})
    """Maps each query to its number of unread stories."""
    are_too_few: bool = False
    """Whether there may be more unread stories, because the search index was being rebuilt."""
    revision: tuple[int, int] | None = None
    """Revision of the library (two numbers that change at each commit) at the last count; None if nothing was counted."""


class SavedSearchList:
    """Saved searches of a library.

    Counting takes time in a large library, so the category pane shows the numbers of the last count.
    """

    def __init__(self, library: Library, clock: Callable[[], datetime]) -> None:
        self._library = library
        self._clock = clock

    def rows(self, counts: SearchCounts) -> tuple[PaneRow, ...]:
        """Return the saved searches as entries of the category pane, with the unread counts in `counts`.

        Searches for stories similar to a given one (`is_like_query`) come last.
        """
        return tuple(
            PaneRow(SavedSearchSource(saved.query), saved.name, unread, unread, is_too_few=counts.are_too_few)
            for saved in sorted(self._library.saved_searches.all(), key=lambda saved: is_like_query(saved.query))
            for unread in [counts.unread.get(saved.query, 0)]
        )

    def recount(self, counts: SearchCounts) -> SearchCounts:
        """Return the present number of unread stories for each search.

        `counts`, the last result, is returned unchanged if the library hasn't changed since then.
        """
        revision = self._library.revision()
        if revision == counts.revision:
            return counts
        now, unread = self._clock(), ListFilter(unread=True)
        queries = [saved.query for saved in self._library.saved_searches.all()]
        if not queries:
            return SearchCounts(revision=revision)
        search = self._library.search
        are_too_few = search.counts_too_few()
        return SearchCounts({query: search.count(query, now=now, within=unread) for query in queries}, are_too_few, revision)

    def query_of(self, name: str) -> str | None:
        """Return the query that is saved under a name; None if no query has this name."""
        return next((saved.query for saved in self._library.saved_searches.all() if saved.name == name), None)

    def save(self, name: str, query: str | None) -> None:
        """Save a query under a name, replacing an earlier query of this name. If `query` is None, delete the saved search."""
        if query is None:
            self._library.saved_searches.delete(name, now=self._clock())
        else:
            self._library.saved_searches.save(name, query, now=self._clock())
