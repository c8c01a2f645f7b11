"""The category pane: names with what is unread in them."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from textual.message import Message
from textual.strip import Strip

from bpost_tui.i18n import Language
from bpost_tui.model.story import Category, CategoryCount
from bpost_tui.reading import templates
from bpost_tui.reading.retained import with_retained
from bpost_tui.reading.session import ALL_SLUG, is_own, query_of
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

    def show(self, counts: Sequence[CategoryCount]) -> None:
        """Show other counts; the cursor stays on its category, which stays while it does, though it be empty."""
        here = self.counts[self.cursor].category.slug if self.counts else None
        empty = tuple(count._replace(total=0, unread=0) for count in self.counts)
        counts = with_retained(counts, empty, key=_slug, stays=lambda count: _slug(count) == here and not query_of(_slug(count)))
        if counts == self.counts:
            return
        unread = counts[0].unread if counts else 0
        if unread != (self.counts[0].unread if self.counts else None):
            self.post_message(self.Counted(unread))
        self.counts = counts
        firsts = (next((at for at, count in enumerate(self.counts) if has(_slug(count))), None) for has in (is_own, query_of))
        self.breaks = tuple(sorted({at for at in firsts if at is not None}))
        at = next((index for index, count in enumerate(self.counts) if count.category.slug == here), 0)
        self.set_reactive(CategoryList.cursor, at)
        self.measure()

    def select(self, slug: str) -> None:
        """Put the cursor on a row without telling; on the first where there is none of that slug."""
        at = next((at for at, count in enumerate(self.counts) if _slug(count) == slug), 0)
        with self.prevent(self.Moved):
            self.cursor = at

    @property
    def slug(self) -> str:
        """The slug of the row under the cursor."""
        return self.counts[self.cursor].category.slug if self.counts else ALL_SLUG

    def row_count(self) -> int:
        """Return how many rows there are."""
        return len(self.counts)

    def row_key(self, index: int) -> Hashable:
        """Return what a row shows."""
        return self.counts[index], index == self.cursor

    def row_items(self, index: int) -> tuple[Item, ...]:
        """Return a category's row."""
        return templates.category(self.counts[index], self._language, current=index == self.cursor)

    def height_key(self, index: int) -> Hashable:
        """Return what the row's height goes by: in a mosaic names in Bengali are higher than others."""
        return self.counts[index].category.slug

    def rule_line(self, index: int, width: int) -> Strip:
        """Return the rule before a row; the one before the saved searches is their head."""
        if not query_of(_slug(self.counts[index])):
            return super().rule_line(index, width)
        style = self.get_component_rich_style("row--rule")
        return worded_rule(templates.searches_head(self._language), width, style, self.rich_style, self._renderer, self._galleys)

    def tallest_items(self) -> tuple[Item, ...]:
        """Return a row of one line in Bengali."""
        return templates.category(CategoryCount(Category("", "ক"), 0, 0), self._language, current=True)


def _slug(count: CategoryCount) -> str:
    return count.category.slug
