"""Category pane: the names of all lists, each with its number of unread stories."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from textual.message import Message
from textual.strip import Strip

from bpost_tui.core import templates
from bpost_tui.core.lists.list_source import (
    ALL_NEWS,
    ListSource,
    OwnListSource,
    PaneRow,
    PaneSource,
    SavedSearchSource,
    base_source,
    is_portal_list,
    query_of,
)
from bpost_tui.core.lists.retained_rows import with_retained
from bpost_tui.core.lists.saved_search_list import is_like_query
from bpost_tui.i18n import Language
from bpost_tui.tui.widgets.row_list import RowList
from bpost_tui.typesetting.textual.renderer import Renderer
from bpost_tui.typesetting.typeset.items import Item


class CategoryList(RowList):
    """Shows one row for each list: all news, the categories and, below a horizontal line, the reader's own lists and searches."""

    class Counted(Message):
        """Announces that the number of unread stories in the list of all news has changed."""

        def __init__(self, unread: int) -> None:
            super().__init__()
            self.unread = unread

    def __init__(self, renderer: Renderer, language: Language, *, id: str) -> None:
        super().__init__(renderer, id=id)
        self._language = language
        self.rows: tuple[PaneRow, ...] = ()

    def show(self, rows: Sequence[PaneRow]) -> None:
        """Show `rows`, and keep the cursor on the same list.

        If `rows` lacks the cursor's row, that row stays in the pane, with its numbers of stories set to 0. But the row of an own
        list or a saved search doesn't stay, because the reader may have deleted the list or search.
        """
        here = self.rows[self.cursor].source if self.rows else None
        empty = tuple(row._replace(total=0, unread=0) for row in self.rows)
        stays = None if isinstance(here, SavedSearchSource | OwnListSource) else here  # the reader may have deleted these
        rows = with_retained(rows, empty, key=lambda row: row.source, stays=lambda row: row.source == stays)
        if rows == self.rows:
            return
        unread = rows[0].unread if rows else 0
        if unread != (self.rows[0].unread if self.rows else None):
            self.post_message(self.Counted(unread))
        anchor = self.window.anchor
        anchored_source = self.rows[anchor.row].source if anchor is not None and anchor.row < len(self.rows) else None
        self.rows = rows
        starts = (lambda row: not is_portal_list(row), query_of, lambda row: is_like_query(query_of(row)))
        firsts = (next((at for at, row in enumerate(rows) if begins(row.source)), None) for begins in starts)
        self.breaks = tuple(sorted({at for at in firsts if at is not None}))
        self.set_reactive(CategoryList.cursor, self.index_of(here) or 0)
        at = self.index_of(anchored_source)
        self.measure(anchor._replace(row=at) if anchor is not None and at is not None else None)

    def select(self, source: ListSource) -> None:
        """Move the cursor to the row of list `source`, or to the first row if that list has no row. No `Moved` message is sent."""
        with self.prevent(self.Moved):
            self.cursor = self.index_of(source) or 0

    def index_of(self, source: ListSource | None) -> int | None:
        """Return the index of the row of list `source`; None if it has no row, or if `source` is None.

        A typed search has no row of its own: return the index of the row of the list that it was typed in.
        """
        base = None if source is None else base_source(source)
        return next((at for at, row in enumerate(self.rows) if row.source == base), None)

    @property
    def source(self) -> PaneSource:
        """List or saved search that the row under the cursor shows; the list of all news if the pane is empty."""
        return self.rows[self.cursor].source if self.rows else ALL_NEWS

    def row_count(self) -> int:
        """Return the number of rows."""
        return len(self.rows)

    def row_key(self, index: int) -> Hashable:
        """Return a cache key made of everything that decides how row `index` looks: rows with the same key are drawn alike."""
        return self.rows[index], index == self.cursor

    def row_items(self, index: int) -> tuple[Item, ...]:
        """Return the content of row `index`: its list's name, a sign if its paper has a fault, and the number of unread stories."""
        return templates.category(self.rows[index], self._language, current=index == self.cursor)

    def height_key(self, index: int) -> Hashable:
        """Return a cache key of the height of row `index`: the list that the row shows, because the list's name decides the height.

        A name drawn in block characters (a mosaic) is higher in Bengali than in Latin letters.
        """
        return self.rows[index].source

    def rule_line(self, index: int, width: int) -> Strip:
        """Return the horizontal line above row `index`, `width` cells wide.

        Above the first saved search, and above the first search for the follow-ups of a story, the line contains a heading.
        """
        query = query_of(self.rows[index].source)
        if not query:
            return super().rule_line(index, width)
        head = (templates.followed_head if is_like_query(query) else templates.searches_head)(self._language)
        style = self.get_component_rich_style("row--rule")
        return self.labelled_rule(head, width, style)

    def tallest_items(self) -> tuple[Item, ...]:
        """Return the content of a sample row as tall as any row can be: one line of Bengali text."""
        return templates.category(PaneRow(ALL_NEWS, "ক", 0, 0), self._language, current=True)
