"""The saved searches, with what is unread in each; no Textual, and everything may block on the disk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from bpost_tui.core.lists.list_source import PaneRow, SavedSearchSource
from bpost_tui.model.story import ListFilter
from bpost_tui.store.library import Library

_LIKE = 'like:"'


def is_like_query(query: str) -> bool:
    """Whether a query, as we write it, finds stories like one: saved, it is a story that is followed."""
    return query.startswith(_LIKE)


class SearchCounts(NamedTuple):
    """How many unread stories the saved searches find, as counted last."""

    unread: Mapping[str, int] = MappingProxyType({})
    """By the query."""
    revision: tuple[int, int] | None = None
    """Of the library that was counted."""


class SavedSearchList:
    """Counts seldom, since searching a large library takes time: the numbers shown are those of the last count."""

    def __init__(self, library: Library, clock: Callable[[], datetime]) -> None:
        self._library = library
        self._clock = clock

    def rows(self, counts: SearchCounts) -> tuple[PaneRow, ...]:
        """Return the rows of the category pane, with the numbers counted last; stories that are followed come behind searches."""
        return tuple(
            PaneRow(SavedSearchSource(saved.query), saved.name, unread, unread)
            for saved in sorted(self._library.saved_searches.all(), key=lambda saved: is_like_query(saved.query))
            for unread in [counts.unread.get(saved.query, 0)]
        )

    def recount(self, counts: SearchCounts) -> SearchCounts:
        """Return the numbers as they are now; they are counted again where anything was saved or marked since."""
        revision = self._library.revision()
        if revision == counts.revision:
            return counts
        now, unread = self._clock(), ListFilter(unread=True)
        queries = [saved.query for saved in self._library.saved_searches.all()]
        return SearchCounts({query: self._library.search.count(query, now=now, within=unread) for query in queries}, revision)

    def query_of(self, name: str) -> str | None:
        """Return the query saved under a name."""
        return next((saved.query for saved in self._library.saved_searches.all() if saved.name == name), None)

    def save(self, name: str, query: str | None) -> None:
        """Save a query under a name, in place of what was saved under it; None forgets that."""
        if query is None:
            self._library.saved_searches.delete(name, now=self._clock())
        else:
            self._library.saved_searches.save(name, query, now=self._clock())
