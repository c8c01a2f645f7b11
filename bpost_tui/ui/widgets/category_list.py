"""The category pane: names with what is unread in them."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from textual.message import Message
from textual.strip import Strip

from bpost_tui.i18n import Language
from bpost_tui.model.story import Category, CategoryCount
from bpost_tui.reading import templates
from bpost_tui.reading.retained import with_retained
from bpost_tui.reading.saved_searches import is_followed
from bpost_tui.reading.source import ALL_NEWS, Source, is_own, list_key_of, query_of, row_of
from bpost_tui.typeset.items import Item
from bpost_tui.ui.renderer import Renderer
from bpost_tui.ui.widgets.row_list import RowList
from bpost_tui.ui.widgets.worded_rule import worded_rule


class CategoryList(RowList):
    """All news, the categories, and below a rule the reader's own: each row is a list or a saved search."""

    class Counted(Message):
        """There are more or fewer unread stories, of all news."""

        def __init__(self, unread: int) -> None:
            super().__init__()
            self.unread = unread

    def __init__(self, renderer: Renderer, language: Language, *, id: str) -> None:
        super().__init__(renderer, id=id)
        self._language = language
        self.counts: tuple[CategoryCount, ...] = ()
        self._has_papers = False
        """Whether papers have rows of their own: there are several."""

    def show(self, counts: Sequence[CategoryCount]) -> None:
        """Show other counts; the cursor stays on its category, which stays while it does, though it be empty."""
        here = row_of(self.counts[self.cursor]) if self.counts else None
        empty = tuple(count._replace(total=0, unread=0) for count in self.counts)
        counts = with_retained(counts, empty, key=row_of, stays=lambda count: row_of(count) == here and not _was_made(_slug(count)))
        if counts == self.counts:
            return
        unread = counts[0].unread if counts else 0
        if unread != (self.counts[0].unread if self.counts else None):
            self.post_message(self.Counted(unread))
        stood = self.window.place
        standing = row_of(self.counts[stood[0]]) if stood is not None and stood[0] < len(self.counts) else None
        self.counts = counts
        self._has_papers = any(count.paper and not _slug(count) for count in counts)
        starts = (is_own, query_of, lambda slug: is_followed(query_of(slug)))
        firsts = (next((at for at, count in enumerate(self.counts) if has(_slug(count))), None) for has in starts)
        self.breaks = tuple(sorted({at for at in firsts if at is not None}))
        self.set_reactive(CategoryList.cursor, self.index_of(here) or 0)
        at = self.index_of(standing)
        self.measure((at, stood[1]) if stood is not None and at is not None else None)

    def select(self, source: Source) -> None:
        """Put the cursor on the row that lists something, without telling; on the first where none does."""
        with self.prevent(self.Moved):
            self.cursor = self.index_of(source) or 0

    def index_of(self, source: Source | None) -> int | None:
        """Return which row lists something, whatever was typed on top of it; None where none does."""
        base = source and source.base
        return next((at for at, count in enumerate(self.counts) if row_of(count) == base), None)

    @property
    def source(self) -> Source:
        """What the row under the cursor lists."""
        return row_of(self.counts[self.cursor]) if self.counts else ALL_NEWS

    def row_count(self) -> int:
        """Return how many rows there are."""
        return len(self.counts)

    def row_key(self, index: int) -> Hashable:
        """Return what a row shows."""
        return self.counts[index], index == self.cursor

    def row_items(self, index: int) -> tuple[Item, ...]:
        """Return a row: a paper's, a category's below its paper, or any other."""
        return templates.category(self.counts[index], self._language, current=index == self.cursor, rank=self._rank(index))

    def _rank(self, index: int) -> templates.Rank:
        paper, slug = self.counts[index].paper, _slug(self.counts[index])
        if not paper or not self._has_papers:
            return templates.Rank.PLAIN
        return templates.Rank.CATEGORY if slug else templates.Rank.PAPER

    def height_key(self, index: int) -> Hashable:
        """Return what the row's height goes by: in a mosaic names in Bengali are higher than others."""
        return row_of(self.counts[index])

    def rule_line(self, index: int, width: int) -> Strip:
        """Return the rule before a row; the one before the saved searches is their head, as is that before followed stories."""
        query = query_of(_slug(self.counts[index]))
        if not query:
            return super().rule_line(index, width)
        head = (templates.followed_head if is_followed(query) else templates.searches_head)(self._language)
        style = self.get_component_rich_style("row--rule")
        return worded_rule(head, width, style, self.rich_style, self._renderer, self._galleys)

    def tallest_items(self) -> tuple[Item, ...]:
        """Return a row of one line in Bengali."""
        return templates.category(CategoryCount(Category("", "ক"), 0, 0), self._language, current=True)


def _was_made(slug: str) -> bool:
    """Whether the reader made the row, and may have deleted it: it goes then."""
    return bool(query_of(slug) or list_key_of(slug))


def _slug(count: CategoryCount) -> str:
    return count.category.slug
