"""Sources of lists. A source names a list to read: an entry of the category pane, or a search that the reader typed. Pure.

Each class has a `kind`, so that values of different classes aren't equal: named tuples compare as tuples.
"""

from __future__ import annotations

from typing import Literal

from bpost_tui.model.story import ListFilter
from bpost_tui.typesetting.text.named_tuple import NamedTuple


class AllNewsSource(NamedTuple):
    """Source of the list with all news of one paper, or of all papers."""

    paper: str = ""
    """Key of the paper; empty for all papers."""
    kind: Literal["all"] = "all"


class GroupSource(NamedTuple):
    """Source of the list with the news of a group of papers."""

    name: str
    kind: Literal["group"] = "group"


class CategorySource(NamedTuple):
    """Source of the list with a category's stories on a portal."""

    slug: str
    paper: str = ""
    """Key of the paper that has the category; empty for the first paper that has a category with this slug."""
    kind: Literal["category"] = "category"


class ReadLaterSource(NamedTuple):
    """Source of the list of stories to read later."""

    kind: Literal["later"] = "later"


class StarredSource(NamedTuple):
    """Source of the list of starred stories."""

    kind: Literal["starred"] = "starred"


class HistorySource(NamedTuple):
    """Source of the history: stories that the reader opened, the last opened first."""

    kind: Literal["opened"] = "opened"


class ChangedSource(NamedTuple):
    """Source of the list of stories that changed since the reader read them."""

    kind: Literal["changed"] = "changed"


class PassagesSource(NamedTuple):
    """Source of the list of passages that the reader saved, the last saved first."""

    kind: Literal["passages"] = "passages"


class OwnListSource(NamedTuple):
    """Source of a list that the reader made."""

    key: str
    kind: Literal["own"] = "own"


class SavedSearchSource(NamedTuple):
    """Source of the list of stories that a saved search finds."""

    query: str
    kind: Literal["saved"] = "saved"


PaneSource = (
    AllNewsSource
    | GroupSource
    | CategorySource
    | ReadLaterSource
    | StarredSource
    | HistorySource
    | ChangedSource
    | PassagesSource
    | OwnListSource
    | SavedSearchSource
)
"""Source of any list that has an entry in the category pane."""


class SearchSource(NamedTuple):
    """Source of the hits of a typed search, which searches the passages if `base` is the list of passages, else all stories."""

    query: str
    base: PaneSource = AllNewsSource()
    """List to return to when the reader leaves the search."""
    kind: Literal["typed"] = "typed"


ListSource = PaneSource | SearchSource

ALL_NEWS = AllNewsSource()


class PaneRow(NamedTuple):
    """Entry of the category pane, with the number of stories in its list."""

    source: PaneSource
    name: str
    total: int
    unread: int
    depth: int = 0
    """Depth in the tree of entries, 0 at the top: a group contains its papers, and a paper contains its categories."""
    has_fault: bool = False
    """Whether the paper (or a paper of the group) has a fault, such as failed requests."""
    is_too_few: bool = False
    """Whether the list may have more stories than `total`, because the search index is being rebuilt."""

    @property
    def is_paper_or_group(self) -> bool:
        """Whether the entry is one of several papers, or a group of papers. A library's only paper has no such entry."""
        return isinstance(self.source, GroupSource) or (isinstance(self.source, AllNewsSource) and bool(self.source.paper))

    @property
    def paper(self) -> str:
        """Key of the entry's paper: of the paper itself, or of the paper that the category belongs to; empty for other entries."""
        return paper_of(self.source)


def search_source(query: str, row: PaneSource) -> ListSource:
    """Return the source of a search for `query`, typed in the list with the source `row`; if `query` is empty, return `row`."""
    return SearchSource(query, row) if query else row


def base_source(source: ListSource) -> PaneSource:
    """Return the category pane's entry that the list with this `source` belongs to.

    A typed search belongs to the entry that it was typed in.
    """
    return source.base if isinstance(source, SearchSource) else source


def rebase(source: ListSource, row: PaneSource) -> ListSource:
    """Return a typed search's `source` as if the search had been typed in the list with the source `row`.

    If `source` isn't a typed search, return `row`.
    """
    return source._replace(base=row) if isinstance(source, SearchSource) else row


def search_query(source: ListSource) -> str:
    """Return the query that the reader typed; empty if `source`, which names a list, isn't a typed search."""
    return source.query if isinstance(source, SearchSource) else ""


def query_of(source: ListSource) -> str:
    """Return the query of a typed or saved search; empty if `source`, which names a list, is neither."""
    return source.query if isinstance(source, SearchSource | SavedSearchSource) else ""


def paper_of(source: ListSource) -> str:
    """Return the key of the paper whose stories the list `source` has; empty if the list isn't limited to one paper."""
    base = base_source(source)
    return base.paper if isinstance(base, AllNewsSource | CategorySource) else ""


def is_passage_list(source: ListSource) -> bool:
    """Return whether the list `source` shows the passages that the reader saved, or the hits of a search in these passages."""
    return isinstance(base_source(source), PassagesSource)


def is_portal_list(source: ListSource) -> bool:
    """Return whether the list `source` comes from a portal's feed, and wasn't put together by the reader."""
    return isinstance(source, AllNewsSource | GroupSource | CategorySource)


def is_dated(source: ListSource) -> bool:
    """Return whether the list `source` is sorted by date.

    Other lists begin with the best hit (searches), the story opened last (history) or the passage saved last (passages).
    """
    return filter_of(source) is not None


def filter_of(source: ListSource) -> ListFilter | None:
    """Return the filter that selects the stories of the list `source` if it is sorted by date; None for other lists."""
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
        case ChangedSource():
            return ListFilter(changed=True)
        case OwnListSource(key):
            return ListFilter(own_list=key)
        case HistorySource() | PassagesSource() | SavedSearchSource() | SearchSource():
            return None
