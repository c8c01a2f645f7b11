"""Recent posts: headline, age, author, excerpt, read mark; rows of one height."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import ClassVar

from rich.segment import Segment
from textual.message import Message
from textual.strip import Strip

from bpost_tui.i18n import Language
from bpost_tui.news.model import Headline
from bpost_tui.store.values import Hit
from bpost_tui.typeset.galley import Galley, Item
from bpost_tui.ui import pages
from bpost_tui.ui.press import Press
from bpost_tui.ui.staying import with_staying, with_staying_in_order

from .rows import RowList

_LEAST_ROWS = 3
"""Stories that should be seen at once; rather than fewer, less of each is shown."""
_RULE_COLS = 5
"""The piece of rule before a word in it, with the white around."""
_AGES_HOLD = timedelta(minutes=1)
_NEAR_END = 20
"""Rows before the end that, once in sight, have more asked for."""


class Posts(RowList):
    """The stories of a shelf, newest first."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"row--seen"}
    DEFAULT_CSS = """
    Posts > .row--seen { color: $ink-accent; background: $background; }
    """
    RULED = True
    CHOSEN_AT_ONCE = False

    class NearEnd(Message):
        """The last loaded story comes near."""

    def __init__(self, press: Press, language: Language, clock: Callable[[], datetime], *, id: str) -> None:
        super().__init__(press, id=id)
        self._language = language
        self._clock = clock
        self._notice: tuple[Item, ...] = ()
        self._detail = pages.Detail.ALL
        self._hits: Mapping[int, Hit] = {}
        self.rows: tuple[Headline, ...] = ()
        self.since: datetime | None = None
        """The reader's last visit, where the rows are in the order of time: a rule tells what came after it."""
        self.is_dated = False
        """Whether the rows are in the order of time."""
        self._seen: int | None = None
        self._set_at: datetime | None = None
        """When all that is in sight was last set."""
        self._ending: tuple[Item, ...] = ()
        self.staying: set[int] = set()
        """Stories, by number, that stay in the list while it is shown, though what was marked takes them out of it."""

    @property
    def current(self) -> Headline | None:
        """The story under the cursor."""
        return self.rows[self.cursor] if self.rows else None

    def show(self, rows: Sequence[Headline], *, hits: Mapping[int, Hit] | None = None, notice: tuple[Item, ...] = ()) -> None:
        """Show another shelf, from its top; `hits` say what a query found in the stories, by their numbers."""
        self.rows = tuple(rows)
        self.staying.clear()
        self._find_seen()
        self._hits = hits or {}
        self._notice = notice
        self.set_reactive(Posts.cursor, 0)
        self.reset()
        self.scroll_to(y=0, animate=False, force=True, immediate=True)

    def update(self, rows: Sequence[Headline], *, hits: Mapping[int, Hit] | None = None) -> None:
        """Show the same shelf with other stories: the cursor stays on its story, and that on its line of the screen."""
        rows = self._with_staying(rows)
        hits = self._hits if hits is None else {**{at: hit for at, hit in self._hits.items() if at in self.staying}, **hits}
        if self._is_current(rows, hits):
            return
        current = self.current
        before = self.cursor
        self.rows = rows
        self._find_seen()
        self._hits = hits
        after = next((at for at, row in enumerate(self.rows) if current and row.id == current.id), self.validate_cursor(before))
        self.set_reactive(Posts.cursor, after)
        self.measure()
        if after != before:
            self.scroll_to(y=self.scroll_offset.y + (after - before) * self._row_height, animate=False, force=True, immediate=True)

    def _with_staying(self, rows: Sequence[Headline]) -> tuple[Headline, ...]:
        """Return rows with those that stay: at their time, where the rows are in its order, else where they stood."""

        def stays(row: Headline) -> bool:
            return row.id in self.staying

        if self.is_dated:
            return with_staying_in_order(rows, self.rows, key=_number, stays=stays, order=_newest_first)
        return with_staying(rows, self.rows, key=_number, stays=stays)

    def _is_current(self, rows: Sequence[Headline], hits: Mapping[int, Hit]) -> bool:
        """Whether these stories are shown already, with the ages they have."""
        is_young = self._set_at is not None and self._clock() - self._set_at < _AGES_HOLD
        return is_young and rows == self.rows and hits == self._hits

    def end_with(self, items: tuple[Item, ...]) -> None:
        """Say what comes after the last story."""
        if items != self._ending:
            self._ending = items
            self.measure()

    def index_of(self, story_id: int) -> int | None:
        """Return where a story stands in the list."""
        return next((at for at, row in enumerate(self.rows) if row.id == story_id), None)

    def unread(self, start: int, step: int, count: int = 1) -> list[int]:
        """Return the unread rows nearest to `start`, itself left out, in the direction of `step` (1 or -1): so many, or all."""
        reach = range(start + 1, len(self.rows)) if step > 0 else range(start - 1, -1, -1)
        return list(islice((at for at in reach if not self.rows[at].read), count))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Ask for more rows in time, whether the cursor comes near the end or the mouse."""
        super().watch_scroll_y(old_value, new_value)
        self._look_for_end()

    def _look_for_end(self) -> None:
        below = (self.scroll_offset.y + self.scrollable_content_region.height) // self._row_height
        if self.rows and below >= len(self.rows) - _NEAR_END:
            self.post_message(self.NearEnd())

    def measure(self) -> None:
        """Show as much of each story as leaves room for a few of them."""
        region, self._set_at = self.scrollable_content_region, self._clock()
        for self._detail in pages.Detail:
            height = self._press.typesetter.rows(self.tallest_items(), max(8, region.width - 2)) + 1
            if height * _LEAST_ROWS <= region.height:
                break
        super().measure()
        self._look_for_end()

    def row_count(self) -> int:
        """Return how many stories are loaded."""
        return len(self.rows)

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
        return pages.headline_row(
            self.rows[index], self._language, self._clock(), self._detail, hit=self._hits.get(self.rows[index].id)
        )

    def tallest_items(self) -> tuple[Item, ...]:
        """Return a row whose headline takes all the lines it may."""
        return pages.tallest_headline_row(self._detail)

    def rule_line(self, index: int, width: int) -> Strip:
        """Return the rule below a row; the one above what was there at the last visit says so, where type fits a line."""
        if index + 1 != self._seen:
            return super().rule_line(index, width)
        style = self.get_component_rich_style("row--seen")
        word, typesetter = (pages.last_visit(self._language),), self._press.typesetter
        cols = typesetter.width(word[0].runs, word[0].size)
        if typesetter.rows(word) > 1 or cols + 2 * _RULE_COLS > width:
            return Strip([Segment(" " + "━" * (width - 2) + " ", style)], width)
        rest = width - cols - _RULE_COLS
        strip = self._press.strip(self._rule_word(word, cols), 0, self.rich_style)
        return Strip(
            [Segment(" " + "─" * (_RULE_COLS - 2) + " ", style), *strip, Segment(" " + "─" * (rest - 2) + " ", style)], width
        )

    def _rule_word(self, word: tuple[Item, ...], cols: int) -> Galley:
        key = word, cols, self._press.edition
        if key not in self._galleys:
            self._galleys[key] = self._press.set(word, cols, rows=1)
        return self._galleys[key]

    def _find_seen(self) -> None:
        """Find the first row that was there at the last visit, where what stands above it wasn't."""
        since = self.since
        seen = (at for at, row in enumerate(self.rows) if since is not None and row.first_seen <= since)
        self._seen = next(seen, None) or None

    def end_items(self) -> tuple[Item, ...]:
        """Return what comes after the last story."""
        return self._ending

    def empty_items(self) -> tuple[Item, ...]:
        """Return why there is nothing."""
        return self._notice


def _number(row: Headline) -> int:
    return row.id


def _newest_first(row: Headline) -> tuple[float, int]:
    return -row.published.timestamp(), -row.id
