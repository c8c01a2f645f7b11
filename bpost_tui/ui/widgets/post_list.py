"""Recent posts: headline, age, author, excerpt, read mark; rows of one height."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import datetime
from typing import ClassVar

from rich.segment import Segment as Piece
from textual.strip import Strip

from bpost_tui.i18n import Language
from bpost_tui.reading import templates
from bpost_tui.typeset.items import Item
from bpost_tui.typeset.protocols import Galley
from bpost_tui.ui.renderer import Renderer
from bpost_tui.ui.widgets.held import HeldRows

_LEAST_ROWS = 3
"""Stories that should be seen at once; rather than fewer, less of each is shown."""
_RULE_COLS = 5
"""The piece of rule before a word in it, with the white around."""


class PostList(HeldRows):
    """The stories of a shelf, newest first."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"row--seen"}
    DEFAULT_CSS = """
    Posts > .row--seen { color: $ink-accent; background: $background; }
    """
    RULED = True
    CHOSEN_AT_ONCE = False

    def __init__(self, renderer: Renderer, language: Language, clock: Callable[[], datetime], *, id: str) -> None:
        super().__init__(renderer, clock, id=id)
        self._language = language
        self._detail = templates.Detail.ALL
        self.since: datetime | None = None
        """The reader's last visit, where the rows are in the order of time: a rule tells what came after it."""
        self._seen: int | None = None
        self._ending: tuple[Item, ...] = ()

    def end_with(self, items: tuple[Item, ...]) -> None:
        """Say what comes after the last story."""
        if items != self._ending:
            self._ending = items
            is_in_sight = self.cursor in self._in_sight
            self.measure()
            if is_in_sight:
                self.show_cursor()

    def measure(self) -> None:
        """Show as much of each story as leaves room for a few of them."""
        region = self.scrollable_content_region
        for self._detail in templates.Detail:
            height = self._renderer.typesetter.rows(self.tallest_items(), max(8, region.width - 2)) + 1
            if height * _LEAST_ROWS <= region.height:
                break
        super().measure()

    def row_key(self, index: int) -> Hashable:
        """Return what a row shows."""
        row = self.rows[index]
        return (
            self._detail,
            self._hits.get(row.id),
            row.id,
            row.title,
            row.read,
            row.starred,
            row.later,
            row.updated,
            row.withdrawn,
            self._language.age(row.published, self._clock()),
        )

    def row_items(self, index: int) -> tuple[Item, ...]:
        """Return a story's row."""
        return templates.headline_row(
            self.rows[index], self._language, self._clock(), self._detail, hit=self._hits.get(self.rows[index].id)
        )

    def tallest_items(self) -> tuple[Item, ...]:
        """Return a row whose headline takes all the lines it may."""
        return templates.tallest_headline_row(self._detail)

    def rule_line(self, index: int, width: int) -> Strip:
        """Return the rule below a row; the one above what was there at the last visit says so, where type fits a line."""
        if index + 1 != self._seen:
            return super().rule_line(index, width)
        style = self.get_component_rich_style("row--seen")
        word, typesetter = (templates.last_visit(self._language),), self._renderer.typesetter
        cols = typesetter.width(word[0].runs, word[0].size)
        if typesetter.rows(word) > 1 or cols + 2 * _RULE_COLS > width:
            return Strip([Piece(" " + "━" * (width - 2) + " ", style)], width)
        rest = width - cols - _RULE_COLS
        strip = self._renderer.strip(self._rule_word(word, cols), 0, self.rich_style)
        return Strip([Piece(" " + "─" * (_RULE_COLS - 2) + " ", style), *strip, Piece(" " + "─" * (rest - 2) + " ", style)], width)

    def _rule_word(self, word: tuple[Item, ...], cols: int) -> Galley:
        key = word, cols, self._renderer.edition
        if key not in self._galleys:
            self._galleys[key] = self._renderer.set(word, cols, rows=1)
        return self._galleys[key]

    def rows_changed(self) -> None:
        """Find the first row that was there at the last visit, where what stands above it wasn't."""
        since, rows = self.since, self.rows
        at = next((at for at, row in enumerate(rows) if since is not None and row.first_seen <= since), 0)
        # amid the list, older stories that were loaded since may stand below others that were there
        is_top = at and since and (not self.slice.above or rows[at - 1].published > since)
        self._seen = at if is_top else None

    def end_items(self) -> tuple[Item, ...]:
        """Return what comes after the last story."""
        return self._ending
