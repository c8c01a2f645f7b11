"""Where a list comes from: a row of the category pane, or what was typed into the search on top of one. Pure.

Each has a `kind`, so that no two are equal: named tuples compare as tuples.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from bpost_tui.model.story import ListFilter


class AllNewsSource(NamedTuple):
    """All news, of the papers that are read, or of one."""

    paper: str = ""
    """Its key; empty for all papers."""
    kind: Literal["all"] = "all"


class GroupSource(NamedTuple):
    """The news of a group of papers."""

    name: str
    kind: Literal["group"] = "group"


class CategorySource(NamedTuple):
    """What is in one of the portal's categories."""

    slug: str
    paper: str = ""
    """The key of the paper whose category it is; empty for the first that has it."""
    kind: Literal["category"] = "category"


class ReadLaterSource(NamedTuple):
    """What is to be read later."""

    kind: Literal["later"] = "later"


class StarredSource(NamedTuple):
    """What has a star."""

    kind: Literal["starred"] = "starred"


class HistorySource(NamedTuple):
    """What was opened, the last one first."""

    kind: Literal["opened"] = "opened"


class PassagesSource(NamedTuple):
    """The reader's passages, the last one first."""

    kind: Literal["passages"] = "passages"


class OwnListSource(NamedTuple):
    """What is in a list of the reader's own."""

    key: str
    kind: Literal["own"] = "own"


class SavedSearchSource(NamedTuple):
    """What a saved search finds."""

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
"""What a row of the category pane lists."""


class SearchSource(NamedTuple):
    """What is found by what was typed into the search: in passages on top of these, else in all news."""

    query: str
    base: PaneSource = AllNewsSource()
    """Where leaving the search leads back to."""
    kind: Literal["typed"] = "typed"


ListSource = PaneSource | SearchSource

ALL_NEWS = AllNewsSource()


class PaneRow(NamedTuple):
    """A row of the category pane, with how many stories it lists."""

    source: PaneSource
    name: str
    total: int
    unread: int
    depth: int = 0
    """How deep it is: a paper below its group, a category below its paper."""
    has_fault: bool = False
    """Whether something is wrong with the paper, or with one of the group."""

    @property
    def is_paper_or_group(self) -> bool:
        """Whether it is a paper among others, or a group of them."""
        return isinstance(self.source, GroupSource) or (isinstance(self.source, AllNewsSource) and bool(self.source.paper))

    @property
    def paper(self) -> str:
        """The key of the paper whose row it is, or whose category; empty where it is of none."""
        return paper_of(self.source)


def search_source(query: str, row: PaneSource) -> ListSource:
    """Return what is listed once a query was typed on top of a row; the row where it is empty."""
    return SearchSource(query, row) if query else row


def base_source(source: ListSource) -> PaneSource:
    """Return the row of the category pane that a list is on."""
    return source.base if isinstance(source, SearchSource) else source


def rebase(source: ListSource, row: PaneSource) -> ListSource:
    """Return the same list on another row of the category pane."""
    return source._replace(base=row) if isinstance(source, SearchSource) else row


def search_query(source: ListSource) -> str:
    """Return what was typed into the search; empty where nothing was."""
    return source.query if isinstance(source, SearchSource) else ""


def query_of(source: ListSource) -> str:
    """Return what is searched for, in stories or passages; empty where nothing is."""
    return source.query if isinstance(source, SearchSource | SavedSearchSource) else ""


def paper_of(source: ListSource) -> str:
    """Return the key of the paper that a list is on; empty where it is of all that are read."""
    base = base_source(source)
    return base.paper if isinstance(base, AllNewsSource | CategorySource) else ""


def is_passage_list(source: ListSource) -> bool:
    """Whether these are the reader's passages: what is typed is searched for in them."""
    return isinstance(base_source(source), PassagesSource)


def is_portal_list(source: ListSource) -> bool:
    """Whether this is a feed of the portal's, not a choice of the reader's."""
    return isinstance(source, AllNewsSource | GroupSource | CategorySource)


def is_dated(source: ListSource) -> bool:
    """Whether it is a list by date; else the best come first, or what was opened or kept last."""
    return filter_of(source) is not None


def filter_of(source: ListSource) -> ListFilter | None:
    """Return which stories a list by date shows; None for a list that comes in an order of its own."""
    match source:
        case AllNewsSource(paper):
            return ListFilter(paper=paper or None)
        case GroupSource():  # of which papers, the question says
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
