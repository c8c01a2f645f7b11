"""Sources of lists: a row of the category pane, or a search on top of one. Pure.

Each class has a `kind`, so that values of different classes aren't equal: named tuples compare as tuples.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from bpost_tui.model.story import ListFilter


class AllNewsSource(NamedTuple):
    """News of one paper, or of all papers."""

    paper: str = ""
    """Key of the paper; empty for all papers."""
    kind: Literal["all"] = "all"


class GroupSource(NamedTuple):
    """News of a group of papers."""

    name: str
    kind: Literal["group"] = "group"


class CategorySource(NamedTuple):
    """Stories of a portal's category."""

    slug: str
    paper: str = ""
    """Key of the category's paper; empty for the first paper that has it."""
    kind: Literal["category"] = "category"


class ReadLaterSource(NamedTuple):
    """Stories to read later."""

    kind: Literal["later"] = "later"


class StarredSource(NamedTuple):
    """Starred stories."""

    kind: Literal["starred"] = "starred"


class HistorySource(NamedTuple):
    """History: opened stories, the last one first."""

    kind: Literal["opened"] = "opened"


class PassagesSource(NamedTuple):
    """Reader's passages, the last one first."""

    kind: Literal["passages"] = "passages"


class OwnListSource(NamedTuple):
    """Stories of a list of the reader's own."""

    key: str
    kind: Literal["own"] = "own"


class SavedSearchSource(NamedTuple):
    """Hits of a saved search."""

    query: str
    kind: Literal["saved"] = "saved"


PaneSource = (
    AllNewsSource
    | GroupSource
    | CategorySource
    | ReadLaterSource
    | StarredSource
    | HistorySource
    | PassagesSource
    | OwnListSource
    | SavedSearchSource
)
"""Source of a list that has a row in the category pane."""


class SearchSource(NamedTuple):
    """Hits of a search that was typed: in passages if `base` is their list, else in all news."""

    query: str
    base: PaneSource = AllNewsSource()
    """List to return to when the reader leaves the search."""
    kind: Literal["typed"] = "typed"


ListSource = PaneSource | SearchSource

ALL_NEWS = AllNewsSource()


class PaneRow(NamedTuple):
    """Row of the category pane, with the number of stories in its list."""

    source: PaneSource
    name: str
    total: int
    unread: int
    depth: int = 0
    """Depth in the tree: a paper is below its group, a category below its paper."""
    has_fault: bool = False
    """Whether the paper, or a paper of the group, has a fault."""

    @property
    def is_paper_or_group(self) -> bool:
        """Whether the row is a paper among several, or a group of papers."""
        return isinstance(self.source, GroupSource) or (isinstance(self.source, AllNewsSource) and bool(self.source.paper))

    @property
    def paper(self) -> str:
        """Key of the row's paper, or of its category's; empty if the row has none."""
        return paper_of(self.source)


def search_source(query: str, row: PaneSource) -> ListSource:
    """Return the search for `query` on top of a row; the row itself if `query` is empty."""
    return SearchSource(query, row) if query else row


def base_source(source: ListSource) -> PaneSource:
    """Return the row of the category pane that a list belongs to."""
    return source.base if isinstance(source, SearchSource) else source


def rebase(source: ListSource, row: PaneSource) -> ListSource:
    """Return the same list on another row of the category pane."""
    return source._replace(base=row) if isinstance(source, SearchSource) else row


def search_query(source: ListSource) -> str:
    """Return the query that was typed; empty if the list isn't a typed search."""
    return source.query if isinstance(source, SearchSource) else ""


def query_of(source: ListSource) -> str:
    """Return the query of a typed or saved search; empty for other lists."""
    return source.query if isinstance(source, SearchSource | SavedSearchSource) else ""


def paper_of(source: ListSource) -> str:
    """Return the key of a list's paper; empty if the list is of all papers."""
    base = base_source(source)
    return base.paper if isinstance(base, AllNewsSource | CategorySource) else ""


def is_passage_list(source: ListSource) -> bool:
    """Whether the list shows the reader's passages, or a search in them."""
    return isinstance(base_source(source), PassagesSource)


def is_portal_list(source: ListSource) -> bool:
    """Whether the list is a portal's feed, not the reader's own choice."""
    return isinstance(source, AllNewsSource | GroupSource | CategorySource)


def is_dated(source: ListSource) -> bool:
    """Whether the list is sorted by date; others have the best hit first, or the last opened or kept."""
    return filter_of(source) is not None


def filter_of(source: ListSource) -> ListFilter | None:
    """Return the filter of a list by date; None for other lists."""
    match source:
        case AllNewsSource(paper):
            return ListFilter(paper=paper or None)
        case GroupSource():  # `ListQuery.list_filter` adds the group's papers
            return ListFilter()
        case CategorySource(slug, paper):
            return ListFilter(slug, paper=paper or None)
        case ReadLaterSource():
            return ListFilter(later=True)
        case StarredSource():
            return ListFilter(starred=True)
        case OwnListSource(key):
            return ListFilter(own_list=key)
        case HistorySource() | PassagesSource() | SavedSearchSource() | SearchSource():
            return None
