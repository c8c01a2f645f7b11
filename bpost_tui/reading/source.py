"""Where a list comes from: a row of the category pane, and what was typed into the search on top of it. Pure."""

from __future__ import annotations

from typing import NamedTuple

from bpost_tui.model.story import CategoryCount, ListFilter
from bpost_tui.reading.saved_searches import SEARCH_MARK

ALL_SLUG = ""
LATER_SLUG, STARRED_SLUG, HISTORY_SLUG, PASSAGES_SLUG = "\u25f7", "\u2605", "\u21ba", "\u275d"
LIST_MARK = "\u2261"
"""Begins the slug of a list of the reader's own; its key follows. Not slugs WordPress can make."""
HISTORY, PASSAGES = ListFilter(category=HISTORY_SLUG), ListFilter(category=PASSAGES_SLUG)
"""What was opened, the last one first, and what is kept: no filters of the library's, but they are listed with the categories."""


class Source(NamedTuple):
    """Where a list comes from: a row of the category pane, and what was typed into the search on top of it."""

    slug: str = ALL_SLUG
    typed: str = ""
    paper: str = ""
    """The key of the paper whose category it is; empty where it is of all that are read."""

    @property
    def query(self) -> str:
        """What is searched for; empty where a category is listed."""
        return self.typed or query_of(self.slug)

    @property
    def list_filter(self) -> ListFilter:
        """Which stories are listed where nothing is searched for."""
        return ListFilter() if query_of(self.slug) else filter_of(self.slug)._replace(paper=self.paper or None)

    @property
    def is_dated(self) -> bool:
        """Whether the newest come first; else the best, or what was opened or kept last."""
        return not self.query and self.slug not in (HISTORY_SLUG, PASSAGES_SLUG)

    @property
    def is_shelf(self) -> bool:
        """Whether these are the reader's passages: what is typed is searched for in them."""
        return self.slug == PASSAGES_SLUG

    @property
    def is_portals(self) -> bool:
        """Whether this is a feed of the portal's, not a choice of the reader's."""
        return not self.query and not is_own(self.slug)

    @property
    def base(self) -> Source:
        """The same without what was typed: what leaving the search leads back to."""
        return self._replace(typed="")


ALL_NEWS = Source()


def row_of(count: CategoryCount) -> Source:
    """Return what a row of the category pane lists."""
    return Source(count.category.slug, paper=count.paper)


def filter_of(slug: str) -> ListFilter:
    """Return which stories a row of the category pane lists, of all papers that are read."""
    own = {
        ALL_SLUG: ListFilter(),
        LATER_SLUG: ListFilter(later=True),
        STARRED_SLUG: ListFilter(starred=True),
        HISTORY_SLUG: HISTORY,
        PASSAGES_SLUG: PASSAGES,
    }
    if key := list_key_of(slug):
        return ListFilter(own=key)
    return own.get(slug, ListFilter(category=slug))


def list_key_of(slug: str) -> str:
    """Return the key of a row of the category pane that is a list of the reader's own; empty where it is none."""
    return slug[len(LIST_MARK) :] if slug.startswith(LIST_MARK) else ""


def query_of(slug: str) -> str:
    """Return the query of a row of the category pane; empty where it is no saved search."""
    return slug[len(SEARCH_MARK) :] if slug.startswith(SEARCH_MARK) else ""


def is_own(slug: str) -> bool:
    """Whether a row of the category pane is the reader's own: no category of the portal's, nor all news."""
    return slug.startswith((LATER_SLUG, STARRED_SLUG, PASSAGES_SLUG, HISTORY_SLUG, SEARCH_MARK, LIST_MARK))
