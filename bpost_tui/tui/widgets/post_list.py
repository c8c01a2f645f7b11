"""Pane of recent posts: the stories of a list.

When stories are replaced, added or removed, the cursor stays on its story, and at its line of the screen.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import ClassVar

from textual.geometry import Size as Cells
from textual.message import Message
from textual.strip import Strip

from bpost_tui.core import templates
from bpost_tui.core.lists.list_orders import RowOrder, newest_first
from bpost_tui.core.lists.list_slice import ListSlice
from bpost_tui.core.lists.retained_rows import first_old_row, limit_rows, position_of, with_retained
from bpost_tui.i18n import Language
from bpost_tui.model.search_values import Hit
from bpost_tui.model.story import Headline, ListRow, RowKey, story_of
from bpost_tui.tui.widgets.row_list import RowList, spaced_rows
from bpost_tui.tui.widgets.row_window import ScrollAnchor
from bpost_tui.typesetting.text.graphemes import cell_width, truncate
from bpost_tui.typesetting.textual.renderer import Renderer
from bpost_tui.typesetting.typeset.items import Item, Run, Size
from bpost_tui.typesetting.typeset.protocols import Typesetter

_LEAST_ROWS = 3
"""Number of stories that should fit the window. If they don't, less of each story is shown."""
_LINE_EM, _COMPACT_EM = 19, 24
"""Minimum widths of the list in em (font size): to show each story in one line, and to add its age and paper to that line.

In a narrower list, a line shows too little of the headline: in 40 columns, age and paper left room for two words of it.
"""
_AGE_INTERVAL = timedelta(minutes=1)
_ORIGIN_SHARE = 0.3
"""Maximum fraction of a one-line row's width for the names of the story's paper and of the place in the news."""
_HEADLINE_EM, _ORIGIN_EM = 12, 5
"""Minimum widths, in em (font sizes), in a row of one line: of the headline, and of the names of paper and place beside it."""
_NEAR_END = 20
"""Minimum number of loaded rows above and below the window. If there are fewer, more rows of the list are requested."""


class PostList(RowList):
    """List of the loaded stories, in the list's sort order. Rows differ in height with their contents."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"row--seen"}
    DEFAULT_CSS = """
    PostList > .row--seen { color: $ink-accent; background: $background; }
    """
    CHOSEN_AT_ONCE = False

    class NearEnd(Message):
        """Announces that the window is near the first or last loaded row, so that more rows should be loaded."""

    def __init__(self, renderer: Renderer, language: Language, clock: Callable[[], datetime], *, id: str) -> None:
        super().__init__(renderer, id=id)
        self._language = language
        self._clock = clock
        self.slice = ListSlice()
        self._hits: Mapping[RowKey, Hit] = {}
        self._empty_items: tuple[Item, ...] = ()
        self._ending: tuple[Item, ...] = ()
        self._detail = templates.RowDetail.ALL
        self.is_compact = False
        """Whether the reader wants one line per story.

        Otherwise, a story takes more lines, but so few that several stories fit the window.
        """
        self._set_at: datetime | None = None
        """Time when the visible rows were last typeset. The list shows the ages of stories as of that time."""
        self.order: RowOrder | None = None
        """Function that returns a row's sort key if the rows are sorted by time; None for another order, as in search results."""
        self.papers: Mapping[str, str] = {}
        """Maps keys of papers to their names. Empty unless the list has stories of several papers."""
        self.since: datetime | None = None
        """Time of the reader's last visit; None if the rows aren't sorted by time.

        A horizontal line separates the stories published since then from older stories.
        """
        self._seen: int | None = None
        self.flagged: dict[RowKey, ListRow] = {}
        """Rows that the reader has flagged, so that a key acts on all of them. The dictionary maps their keys to the rows."""
        self.retained: set[RowKey] = set()
        """Keys of retained rows: rows that stay in the list while it is shown, although a mark (such as "read") excludes them."""

    @property
    def rows(self) -> tuple[ListRow, ...]:
        """Loaded rows of the list, in its sort order."""
        return self.slice.rows

    @property
    def current(self) -> ListRow | None:
        """Row under the cursor; None if the list is empty."""
        return self.rows[self.cursor] if self.rows else None

    @property
    def stories(self) -> tuple[Headline, ...]:
        """Stories of the loaded rows, without their texts."""
        return self.slice.stories

    @property
    def story(self) -> Headline | None:
        """Story of the row under the cursor; None if the list is empty."""
        return None if self.current is None else story_of(self.current)

    @property
    def more_before(self) -> bool:
        """Whether the library may have rows of this list before the first loaded row."""
        return self.slice.more_before

    @property
    def more_after(self) -> bool:
        """Whether the library may have rows of this list after the last loaded row."""
        return self.slice.more_after

    def row_of(self, key: RowKey) -> int | None:
        """Return the index of the row that shows the story with `key`, alone or in a group of stories; None if no row shows it."""
        return self.slice.row_of(key)

    def index_of(self, key: RowKey) -> int | None:
        """Return the index of the loaded row whose own key is `key`; None if there is no such row."""
        return self.slice.index_of(key)

    def retain(self, keys: Iterable[RowKey]) -> None:
        """Keep the rows with `keys` in the list while it is shown, although their marks (such as "read") exclude them."""
        self.retained.update(keys)

    def release_retained(self) -> None:
        """Remove all retained rows the next time the list is read.

        These are rows that have stayed in the list although a mark (such as "read") excludes them.
        """
        self.retained.clear()

    def clear_flags(self) -> None:
        """Remove all flags. The reader flags rows to change them all together by the next action."""
        self.flagged.clear()
        self.refresh()

    def row_count(self) -> int:
        """Return the number of loaded rows."""
        return len(self.rows)

    # ── replacing rows ──────────────────────────────────────────────────────

    def show(self, slice: ListSlice, *, hits: Mapping[RowKey, Hit] | None = None, empty: tuple[Item, ...] = ()) -> None:
        """Show another list, with the cursor on row `slice.at`, or on the first row if `slice.at` is None.

        `slice` has the loaded rows of the list. `hits` maps keys of rows to search hits. `empty` is the text shown if the list has
        no stories.
        """
        self.retained.clear()
        self.flagged.clear()
        self._empty_items = empty
        self._set_slice(slice, hits or {}, slice.at or 0)
        self.reset()
        self.measure(ScrollAnchor(self.cursor, _middle(self)))

    def update(self, slice: ListSlice, *, hits: Mapping[RowKey, Hit] | None = None) -> None:
        """Show `slice`, the loaded rows of the same list after a change.

        The cursor stays on its story, and the row of that story on its line of the screen. `hits` maps row keys to search hits, for
        stories that are new or were found again. All other stories keep their hits, and so do all if `hits` is None.
        """
        hits = {**self._hits, **(hits or {})}
        self.retained -= {other.story for story in slice.stories for other in story.others}  # now in the groups of other rows
        rows = with_retained(slice.rows, self.rows, key=_key, stays=lambda row: row.key in self.retained, order=self.order)
        slice, top = slice._replace(rows=rows, at=None), self._in_sight.start
        if self.order is not None:  # rows farthest from the window are dropped
            first = next(iter(self.rows[top : top + 1]), None)
            slice = limit_rows(slice, position_of(first, rows, order=self.order, otherwise=self.cursor))
        if not self._are_ages_outdated and slice == self.slice and hits == self._hits:
            return
        places = (self.window.anchor, ScrollAnchor(top, self.window.heights.top(top) - self.scroll_offset.y if self.rows else 0))
        anchors = [(self.rows[place.row].key, place) for place in places if place is not None and place.row < len(self.rows)]
        self._set_slice(slice, hits, position_of(self.current, slice.rows, order=self.order, otherwise=self.cursor))
        # if the cursor's story is gone, the row at the top keeps its line
        anchor_rows = (place._replace(row=at) for key, place in anchors if (at := self.slice.index_of(key)) is not None)
        self.measure(next(anchor_rows, None))

    def select(self, at: int) -> None:
        """Move the cursor to row `at` without sending a `Moved` message."""
        with self.prevent(self.Moved):
            self.cursor = at

    def jump_to(self, slice: ListSlice) -> None:
        """Show `slice`, another part of the same list, with the cursor at row `slice.at`.

        If the cursor was on that row before, the row keeps its line of the screen; otherwise it is in the middle of the window.
        """
        target, current = slice.rows[slice.at or 0], self.current
        stays = current is not None and current.key == target.key
        line = self.window.heights.top(self.cursor) - self.scroll_offset.y if stays else _middle(self)
        order = self.order or newest_first
        first, last = order(slice.rows[0]), order(slice.rows[-1])
        inside = [row for row in self.rows if first < order(row) < last]
        rows = with_retained(slice.rows, inside, key=_key, stays=lambda row: row.key in self.retained, order=order)
        self._set_slice(slice._replace(rows=rows), {}, rows.index(target))
        self.measure(ScrollAnchor(self.cursor, line))
        self.post_message(self.Moved(self, self.cursor))

    def _set_slice(self, slice: ListSlice, hits: Mapping[RowKey, Hit], cursor: int) -> None:
        self.slice, self._hits = slice._replace(at=None), hits
        self.set_reactive(PostList.cursor, self.validate_cursor(cursor))
        self._seen = first_old_row(self.slice, self.since)
        self.flagged |= {row.key: row for row in self.rows if row.key in self.flagged}

    def empty_items(self) -> tuple[Item, ...]:
        """Return the text shown in place of an empty list: the reason that it is empty."""
        return self._empty_items

    # ── ends of the loaded part ─────────────────────────────────────────────

    @property
    def _in_sight(self) -> range:
        """Indices of the rows in the window; only the cursor's row if the list is hidden."""
        if not self.display:
            return range(self.cursor, self.cursor + 1)
        top = self.scroll_offset.y
        bottom = top + self.scrollable_content_region.height
        return range(self.window.heights.row_at(top)[0], self.window.heights.row_at(bottom)[0] + 1)

    def is_near_end(self, step: int) -> bool:
        """Return whether the window is near an end of the loaded rows, and the library has more rows beyond that end.

        The end is the last row, or the first row if `step` is negative.
        """
        if step > 0:
            return self.slice.more_after and self._in_sight.stop > len(self.rows) - _NEAR_END
        return self.slice.more_before and self._in_sight.start < _NEAR_END

    def watch_cursor(self, old: int, new: int) -> None:
        """Request more rows before the cursor reaches the first or last loaded row, also while the list is hidden."""
        super().watch_cursor(old, new)
        self._request_more_rows()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Request more rows before the window reaches the first or last loaded row, whether the cursor or the mouse scrolled."""
        super().watch_scroll_y(old_value, new_value)
        self._request_more_rows()

    def _request_more_rows(self) -> None:
        if self.is_near_end(1) or self.is_near_end(-1):
            self.post_message(self.NearEnd())

    # ── drawing ─────────────────────────────────────────────────────────────

    def set_end_items(self, items: tuple[Item, ...]) -> None:
        """Show `items` as the text after the last story."""
        if items != self._ending:
            self._ending = items
            self.measure()

    def measure(self, place: ScrollAnchor | None = None) -> None:
        """Choose how much of each story to show, so that a few stories fit the window, and measure the visible rows again.

        If `place` (a row, and a line of the window) is given, scroll that row to that line; if it is None, keep the list's place.
        """
        self._set_at = self._clock()
        self._detail = _detail(self.scrollable_content_region.size, self._renderer.typesetter, is_compact=self.is_compact)
        self.breaks = () if self.has_blank_lines or not self._seen else (self._seen,)  # in every render mode
        super().measure(place)
        self._request_more_rows()

    @property
    def _are_ages_outdated(self) -> bool:
        """Whether the visible ages of stories were calculated a minute or more ago, or the clock was put back by that much."""
        return self._set_at is None or abs(self._clock() - self._set_at) >= _AGE_INTERVAL

    def update_ages(self) -> bool:
        """Update the visible ages of stories if a minute has passed since they were calculated; return whether it has.

        Only rows whose age is worded differently now are drawn again.
        """
        if not self._are_ages_outdated:
            return False
        before = {at: self.row_key(at) for at in self._in_sight if at < len(self.rows)}
        self._set_at = self._clock()
        for at, key in before.items():
            if self.row_key(at) != key:
                self.refresh_lines(self.window.heights.top(at), self.window.heights.height(at))
        return True

    def row_key(self, index: int) -> Hashable:
        """Return a cache key made of everything that decides how row `index` looks: rows with the same key are drawn alike."""
        row = self.rows[index]
        age, paper = self._language.age(story_of(row).published, self._now), self.papers.get(story_of(row).paper)
        return row, self._hits.get(row.key), self._detail, row.key in self.flagged, age, paper

    def height_key(self, index: int) -> Hashable:
        """Return a cache key made of everything that decides the height of row `index`.

        The key contains the row's words, because text drawn in block characters (a mosaic) is higher in Bengali than in Latin
        letters.
        """
        row = self.rows[index]
        return row, self._hits.get(row.key), row.key in self.flagged

    @property
    def _now(self) -> datetime:
        """Time used to calculate the ages of stories: the same for all rows, although they are painted at different times."""
        return self._set_at or self._clock()

    def row_items(self, index: int) -> tuple[Item, ...]:
        """Return the content of row `index`: headline, age, excerpt and so on of the row's story."""
        row, story = self.rows[index], story_of(self.rows[index])
        hit, paper, is_flagged = self._hits.get(row.key), self.papers.get(story.paper, ""), row.key in self.flagged
        return templates.headline_row(
            story,
            self._language,
            self._now,
            self._detail,
            hit=hit,
            is_flagged=is_flagged,
            paper=paper,
            fit=self._fit_origin,
            sign_chars=int(self._columns / self._renderer.typesetter.row_em_cells),
            papers=self.papers,
        )

    def _fit_origin(self, origins: Sequence[str], beside: str) -> str:
        """Return the first of `origins` that leaves enough room for the headline in a row of one line.

        `origins` are texts that name the story's paper and place, or only one of the two. `beside` is the other text to the right
        of the headline. If no text fits, return the last one, cut to fit, or an empty string if too little of it would remain.
        Widths are measured as drawn, because a Bengali letter takes several cells in block characters (a mosaic).
        """
        advance, em_cells = self._renderer.typesetter.advance, self._renderer.typesetter.row_em_cells

        def width(origin: str) -> float:
            return advance((Run(origin),), Size.ROW, beside=beside)

        def room(origin: str) -> float:
            left = self._columns - advance((Run(beside),), Size.ROW, beside=origin) - _HEADLINE_EM * em_cells
            return min(self._columns * _ORIGIN_SHARE, left)

        if fitting := next((origin for origin in origins if width(origin) <= room(origin)), ""):
            return fitting
        shown, room_cells = origins[-1], room(origins[-1])
        if room_cells < _ORIGIN_EM * em_cells:
            return ""
        cells = cell_width(shown)
        while (excess := width(shown) / room_cells) > 1:
            cells = min(cells - 1, int(cells / excess))
            shown = truncate(origins[-1], cells)
        return shown

    @property
    def is_spaced(self) -> bool:
        """Whether there is space below each row. Rows of one line of text have none."""
        return self._detail not in (templates.RowDetail.COMPACT, templates.RowDetail.LINE)

    def tallest_items(self) -> tuple[Item, ...]:
        """Return the content of a sample row whose headline takes the maximum number of lines."""
        return templates.tallest_headline_row(self._detail)

    def rule_line(self, index: int, width: int) -> Strip:
        """Return the line that separates row `index` from the row next to it, `width` cells wide.

        The line is blank, except between older stories and stories published since the reader's last visit: that line is horizontal
        and has a label, if there is room for the label.
        """
        if index + int(self.has_blank_lines) != self._seen:
            return super().rule_line(index, width)
        style = self.get_component_rich_style("row--seen")
        return self.labelled_rule(templates.last_visit(self._language), width, style)

    def end_items(self) -> tuple[Item, ...]:
        """Return the text after the last story."""
        return self._ending


def _key(row: ListRow) -> RowKey:
    return row.key


def _detail(window: Cells, typesetter: Typesetter, *, is_compact: bool) -> templates.RowDetail:
    """Return how much of each story to show in a window of this size, so that several stories fit.

    `typesetter` measures the rows. With `is_compact`, the reader wants one line per story.
    """
    has_room = window.width >= _COMPACT_EM * typesetter.row_em_cells
    one_line = templates.RowDetail.COMPACT if has_room else templates.RowDetail.LINE
    if is_compact:
        return one_line
    height = spaced_rows(templates.tallest_headline_row(templates.RowDetail.ALL), max(8, window.width - 2), typesetter)
    if height * _LEAST_ROWS <= window.height:
        return templates.RowDetail.ALL
    return one_line if window.width >= _LINE_EM * typesetter.row_em_cells else templates.RowDetail.HEADLINE


def _middle(posts: PostList) -> int:
    """Return the number of the window's lines above the cursor's row of `posts` if that row is in the middle of the window."""
    return max(0, (posts.scrollable_content_region.height - posts.window.heights.height(posts.cursor)) // 2)
