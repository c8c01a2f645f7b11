"""Story view: the text of a story as a column, centred if there is room. Lengths are cells.

The obvious way typesets a page at every change, and keeps the line at the top. Typesetting 400,000 characters takes 2 s, and would
freeze the screen. After a change of width or size, the same line number is another part of the text. So:

- The reader's place is kept as an item of the page (a paragraph, a heading, a picture …), and the fraction of the item above the
  window. It is kept as requested until the reader scrolls, so that the rounding to whole lines doesn't add up over several
  changes of size.
- A long page is typeset in a thread (`galley_cache`). Meanwhile the view shows the lines typeset before the last change, if
  width and type are the same: then only a few words have changed, for example a highlighted one. Lines of another width or type
  can't be shown; the view is blank until the page is typeset.
- Lines that were drawn are kept as strips, cut and styled, because scrolling by one line draws all lines of the window again.

The view can't typeset a page line by line, because line breaks and justification need the whole paragraph, and the gauge needs the
whole page.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from bpost_tui.tui.widgets.galley_cache import GalleyCache, is_long
from bpost_tui.tui.widgets.thin_scroll_bar import update_scroll_bars
from bpost_tui.typesetting.textual.renderer import Renderer
from bpost_tui.typesetting.textual.type_view import TypeView, selected
from bpost_tui.typesetting.typeset.items import Figure, Item, Para
from bpost_tui.typesetting.typeset.items import Size as TypeSize
from bpost_tui.typesetting.typeset.protocols import Galley

_MARGIN = 2
_ROWS_BELOW = 1
_KEPT_STRIPS = 256


class StoryView(ScrollView, can_focus=True, inherit_bindings=False):
    """Shows a part of a galley: the story, typeset as a column of lines."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"story--label"}
    DEFAULT_CSS = """
    StoryView { overflow: hidden scroll; scrollbar-size-vertical: 1; background: $background; }
    StoryView > .story--label { color: $background; background: $ink-accent; text-style: bold; }
    """

    class Scrolled(Message):
        """Announces that the window shows another part of the story."""

    def __init__(self, renderer: Renderer, measure: int, *, id: str) -> None:
        super().__init__(id=id)
        self._renderer = renderer
        self.measure = measure
        """Maximum width of the column, in cells."""
        self._items: tuple[Item, ...] = ()
        self._galley: Galley | None = None
        self._set_items: tuple[Item, ...] = ()
        """Items of the page (paragraphs, headings, pictures …) that were typeset into the shown galley (column of lines).

        While the new state of a long page is being typeset, the galley shows an earlier state.
        """
        self._set_for = 0, 0
        """Width in cells, and `Renderer.version` (number of changes of font, size or colours), when the shown page was typeset."""
        self._to_reveal: tuple[int | None, ...] = ()
        """Item to scroll to once a long page is typeset: its index in a 1-tuple, (None,) for the highlighted words, () for none."""
        self._galleys = GalleyCache(renderer)
        self._labels: Mapping[str, str] = {}
        self._item = 0
        self._wanted: tuple[int, float, bool] | None = None
        """Place in the page that was last requested for the window's top; None after the reader has scrolled.

        A place is the index of an item (paragraph …), the fraction of the item above the window, and whether the place stays at the
        top even if the rest of the page doesn't fill the window. Unlike a line number, it stays exact when line breaks change.
        """
        self._is_placing = False
        self._style = Style()
        self._strips: dict[Hashable, Strip] = {}

    def show(self, items: Sequence[Item], position: tuple[int, float] = (0, 0.0)) -> None:
        """Show a page of `items` (paragraphs, headings, pictures …).

        `position` is the index of the item at the top of the window, and the fraction of that item above the window.
        """
        self._items = tuple(items)
        self._galley = None
        self._to_reveal = ()
        self._labels = {}
        self._set(*position)

    async def prepare_page(self, items: tuple[Item, ...]) -> None:
        """Typeset the page of `items` (paragraphs …) in a thread if it is long, so that `show` can then show it at once.

        Do nothing for a short page, which `show` typesets in time, or while this view has no width.
        """
        if self.scrollable_content_region.width > 0:
            await self._galleys.prepare(items, self._cols)

    def update(self, items: Sequence[Item]) -> None:
        """Show `items` (paragraphs …), the changed page of the same story.

        The item at the top of the window stays there, even if the story is too short now to fill the window below it.
        """
        if tuple(items) == self._items and self._galley is not None and self._galley.cols == self._cols and not self._is_being_set:
            return
        item, share = self.position
        self._items = tuple(items)
        self._set(item, share, True)

    def reset(self) -> None:
        """Typeset the page again and keep the reader's place, because the type, its size or its colours have changed."""
        self._set(*self._scroll_anchor)

    def show_link_labels(self, labels: Mapping[str, str]) -> None:
        """Draw labels over the first letters of links; `labels` maps addresses of links to labels. No line of text moves."""
        self._labels = labels
        self._strips.clear()
        self.refresh()

    def links_in_sight(self) -> tuple[str, ...]:
        """Return the addresses of the links in the window, in reading order."""
        places = self._galley.links(self._window.start, self._window.stop) if self._galley else ()
        return tuple(dict.fromkeys(place.address for place in places))

    def direction_to_pictures(self) -> int:
        """Return -1 if pictures (or the text labels in their place) are above the window, 1 if they are only below the window.

        Return 0 if a picture is in the window, or if the page has no pictures.
        """
        galley, window, items, sides = self._galley, self._window, self._set_items, set[int]()
        for at, item in enumerate(items):
            if galley is not None and (isinstance(item, Figure) or (isinstance(item, Para) and item.is_picture_label)):
                top = galley.row_of(at)
                sides.add(1 if top >= window.stop else -1 if top + _rows_of(galley, at, len(items)) <= window.start else 0)
        return 0 if 0 in sides else min(sides, default=0)

    @property
    def column_cells(self) -> int:
        """Width of the column in cells; 0 before the page is typeset."""
        return self._galley.cols if self._galley else 0

    @property
    def position(self) -> tuple[int, float]:
        """Index of the item (paragraph …) at the top of the window, and the fraction (0 to 1) of it above the window."""
        if self._galley is None:
            return self._wanted[:2] if self._wanted is not None else (self._item, 0.0)
        item, here = self.item, self.scroll_offset.y
        return item, (here - self._galley.row_of(item)) / _rows_of(self._galley, item, len(self._set_items))

    @property
    def top_line(self) -> int:
        """Index of the page's line that is at the top of the window."""
        return self.scroll_offset.y

    @property
    def item(self) -> int:
        """Index of the item (paragraph, heading, picture) at the top of the window."""
        return self._galley.item_at(self.scroll_offset.y) if self._galley else self._item

    @property
    def at_end(self) -> bool:
        """Whether the last line of the story is in the window."""
        window = self.scrollable_content_region.height
        return self._galley is not None and self.scroll_offset.y + window >= self._galley.rows

    @property
    def progress(self) -> float:
        """Fraction (0 to 1) of the story that is above the lower edge of the window."""
        if self._galley is None:
            return 0.0
        return min(1.0, (self.scroll_offset.y + self.scrollable_content_region.height) / max(1, self._galley.rows))

    @property
    def page_lines(self) -> int:
        """Number of lines to scroll for one page: two fewer than the window has, so that the line read last stays visible."""
        return max(1, self.scrollable_content_region.height - 2)

    def page(self, pages: int) -> None:
        """Scroll by `pages` times `page_lines` lines, back if `pages` is negative.

        If `pages` is 1 or -1, a line of text that was partly hidden at the edge of the window is wholly visible afterwards.
        """
        self.go_to(_page_line(self._galley, self._window, pages, self.page_lines))

    def prepare_next_page(self) -> Iterator[None]:
        """Draw the lines of the next windowful ahead of time, one small step per iteration, so that paging down is quick."""
        if self._galley is not None:
            line = _page_line(self._galley, self._window, 1, self.page_lines)
            rows = _window_at(self._galley, line, len(self._window))
            yield from self._renderer.prepare_rows(self._galley, rows, rows)

    def prepare(self, items: tuple[Item, ...], item: int) -> Iterator[None]:
        """Typeset and draw the lines of another story ahead of time, so that the story opens quickly.

        `items` are the paragraphs, headings and pictures of the story. Only one window of lines is drawn, from the item with the
        index `item`, one small step per iteration. Do nothing for a long story, because a step would take too long.
        """
        if is_long(items):
            return
        yield from self._renderer.prepare_items(items, self._cols)
        galley = self._galleys.galley(items, self._cols)
        rows = _window_at(galley, galley.row_of(item) if item else 0, len(self._window))
        yield from self._renderer.prepare_rows(galley, rows, rows)

    def go_to(self, line: int) -> None:
        """Scroll so that `line` is at the top of the window, or as near to the top as the length of the page permits."""
        self.scroll_to(y=line, animate=False, force=True, immediate=True)

    def reveal(self, item: int | None = None) -> None:
        """Scroll to the item with the index `item`, or to the highlighted words if None, unless the window shows them already.

        After scrolling, the item or the words are a third of the window's height below its top.
        """
        if self._is_being_set:
            self._to_reveal = (item,)
            return
        row = None if self._galley is None else self._galley.reversed_row() if item is None else self._galley.row_of(item)
        top, window = self.scroll_offset.y, self.scrollable_content_region.height
        if row is not None and not top < row < top + window - 1:
            self.go_to(max(0, row - window // 3))

    def go_to_section(self, step: int) -> None:
        """Go `step` subheadings forward, back if negative; by paragraphs if the story has no subheadings.

        After the last subheading, go to the end of the story; before the first, to its beginning.
        """
        if self._galley is None:
            return
        rows = [self._galley.row_of(at) for at in _sections(self._set_items)]
        here = self.scroll_offset.y
        ahead = [row for row in rows if row > here] if step > 0 else [row for row in reversed(rows) if row < here]
        beyond = self._galley.rows if step > 0 else 0
        self.go_to(ahead[abs(step) - 1] if abs(step) <= len(ahead) else beyond)

    def on_click(self, event: events.Click) -> None:
        """Follow the clicked link, unless the mouse has just selected text; select the word under a double click."""
        offset = event.get_content_offset(self)
        if event.chain == 2 and self._galley is not None and offset is not None:
            event.prevent_default()  # Textual would select all of the story
            self._select_word(offset.y + self.scroll_offset.y, offset.x - self._left)
            return
        if self._galley is None or offset is None or self.text_selection is not None:
            return
        address = self._galley.link_at(offset.y + self.scroll_offset.y, offset.x - self._left)
        if address is not None:
            self.post_message(TypeView.LinkClicked(address))

    def _select_word(self, row: int, column: int) -> None:
        word = self._renderer.word_at(self._galley, row, column) if self._galley is not None else None
        if word is not None:
            ends = (Offset(at, word.row) for at in (word.column, word.column + word.cells))
            self.screen.selections = {self: Selection(*ends)}

    def on_resize(self) -> None:
        """Typeset the page for the new width, and keep the reader's place."""
        self._set(*self._scroll_anchor)
        self.post_message(self.Scrolled())

    def _scroll_update(self, virtual_size: Size) -> None:
        update_scroll_bars(self)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Announce that the window shows another part of the story."""
        super().watch_scroll_y(old_value, new_value)
        if not self._is_placing:
            self._wanted = None
            self._fit_height()
        self._request_pictures()
        self.post_message(self.Scrolled())

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the lines of the window in the region `crop`.

        Lines drawn before are returned as the same strips, because their cut and styled forms are cached in the strip.
        """
        if self.styles.gutter:
            return super().render_lines(crop)
        style, selection, top = self.rich_style, self.text_selection, self.scroll_offset.y
        if style != self._style:
            self._style = style
            self._strips.clear()
        strips = [self._strip(top + y, style, selection) for y in crop.line_range]
        whole = crop.column_span == (0, self.scrollable_content_region.width)
        return strips if whole else [strip.crop(*crop.column_span) for strip in strips]

    def render_line(self, y: int) -> Strip:
        """Return line `y` of the window as a strip of cells."""
        return self._strip(y + self.scroll_offset.y, self.rich_style, self.text_selection)

    def _strip(self, row: int, style: Style, selection: Selection | None) -> Strip:
        width = self.scrollable_content_region.width
        if self._galley is None or row >= self._galley.rows:
            return Strip.blank(width, style)
        set_row = self._renderer.strip(self._galley, row, style, self._window)
        if self._labels:
            set_row = self._labelled(set_row, row)
        spans = tuple(self._renderer.spans(self._galley, selection, row)) if selection is not None else ()
        key = (row, set_row.text, spans)
        if key not in self._strips:
            left = self._left
            right = width - left - self._galley.cols
            for span in spans:
                set_row = selected(set_row, *span, self.screen.get_component_rich_style("screen--selection"))
            if len(self._strips) > _KEPT_STRIPS:
                self._strips.clear()
            self._strips[key] = Strip(
                [Segment(" " * left, style), *set_row.apply_offsets(0, row), Segment(" " * right, style)], width
            )
        return self._strips[key]

    def _labelled(self, strip: Strip, row: int) -> Strip:
        """Return `strip` with the labels of the links that begin in row `row` of the page."""
        style = self.get_component_rich_style("story--label")
        for place in self._galley.links(self._window.start, self._window.stop) if self._galley else ():
            if place.address in self._labels and place.row == row:
                label = f"[{self._labels[place.address]}]"
                end = min(strip.cell_length, place.column + len(label))
                cells = Strip([Segment(label[: end - place.column], style)], end - place.column)
                strip = Strip.join([strip.crop(0, place.column), cells, strip.crop(end)])
        return strip

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Return the text selected by the mouse, and the line feed that Textual appends to it; None before the page is typeset."""
        return (self._renderer.selected(self._galley, selection), "\n") if self._galley is not None else None

    def selection_updated(self, selection: Selection | None) -> None:
        """Draw the page again, and highlight the text that the mouse has selected; `selection` is None if nothing is selected."""
        self.refresh()

    def selected_by_mouse(self) -> tuple[int, str] | None:
        """Return the index of the first item (paragraph …) selected by the mouse, and the selected text; None if nothing is."""
        selection = self.text_selection
        found = self.get_selection(selection) if selection is not None else None
        if selection is None or self._galley is None or found is None:
            return None
        return self._galley.item_at(selection.start.y if selection.start is not None else 0), found[0]

    def lines_in_sight(self) -> Iterator[tuple[int, str]]:
        """Yield each wholly visible line that has text, except the topmost: the index of its item (paragraph …), and its text."""
        galley = self._galley
        for row in galley.uncut_rows(self._window)[1:] if galley is not None else ():
            if galley is not None and row < galley.rows and (text := galley.text(row).partition("\n")[0].strip()):
                yield galley.item_at(row), text

    def holds(self, items: Sequence[Item]) -> bool:
        """Return whether the window is high enough for `items` (paragraphs …) typeset to its width; True until it has a size."""
        window = self.scrollable_content_region
        return window.width <= 0 or self._renderer.typesetter.rows(items, self._cols) <= window.height

    @property
    def _window(self) -> range:
        """Lines of the page that are in the window."""
        top = self.scroll_offset.y
        return range(top, top + self.scrollable_content_region.height)

    @property
    def _left(self) -> int:
        """Number of blank cells at the left of the column; 0 before the page is typeset."""
        return max(0, (self.scrollable_content_region.width - self._galley.cols) // 2) if self._galley is not None else 0

    @property
    def _cols(self) -> int:
        return max(8, min(self.scrollable_content_region.width - 2 * _MARGIN, self.measure))

    def _request_pictures(self) -> None:
        """Request the pictures in the window, and the pictures less than a window's height above or below it."""
        if self._galley is not None:
            top, window = self.scroll_offset.y, self.scrollable_content_region.height
            self._galley.request_pictures(top - window, top + 2 * window)

    @property
    def _scroll_anchor(self) -> tuple[int, float, bool]:
        """Reader's place, kept when the page is typeset again: (index of an item, fraction of it above the window, `keeps_place`).

        An item is a paragraph, heading or picture. `keeps_place` is whether to keep the place at the window's top even if the rest
        of the page doesn't fill the window.
        """
        if self._wanted is not None:
            return self._wanted
        is_past_end = self._galley is not None and self.scroll_offset.y > self._galley.rows + _ROWS_BELOW - len(self._window)
        return (*self.position, is_past_end)

    def _fit_height(self, top: int | None = None) -> None:
        """Set the height that Textual scrolls over: the page's height, or more so that line `top` can be at the top of the window.

        If `top` is None, use the line that is at the top now.
        """
        if self._galley is not None:
            window, top = self.scrollable_content_region, self.scroll_offset.y if top is None else top
            self.virtual_size = Size(window.width, max(self._galley.rows + _ROWS_BELOW, top + window.height if top else 0))

    def _set(self, item: int, share: float = 0.0, keeps_place: bool = False) -> None:
        """Typeset the page, and scroll so that the fraction `share` of the item with the index `item` is above the window.

        An item is a paragraph, heading or picture; if the page has no item with this index, use the last one. With `keeps_place`,
        scroll so far even if the rest of the page doesn't fill the window.
        """
        self._strips.clear()
        width = self.scrollable_content_region.width
        if item >= len(self._items) > 0:  # the paper has cut the paragraph that was being read
            item, share, keeps_place = len(self._items) - 1, 0.0, False
        self._item = item
        self._wanted = item, share, keeps_place
        if width <= 0:  # not laid out yet; on_resize typesets the page later
            self._galley = None
            return
        if not self._items:
            self._galley = None
            self.virtual_size = Size(width, 0)
            self.refresh()
            return
        if not self._galleys.is_at_hand(self._items, self._cols):
            # lines of another width or type can't stay on the screen, lines of an earlier state can
            if self._set_for != (self._cols, self._renderer.version):
                self._galley = None
            self.run_worker(self._set_later(), group="setting", exclusive=True)
            self.refresh()
            return
        self._galley = self._galleys.galley(self._items, self._cols)
        self._set_items, self._set_for = self._items, (self._cols, self._renderer.version)
        row = self._galley.row_of(item) + round(share * _rows_of(self._galley, item, len(self._items))) if item or share else 0
        self._is_placing = True
        self._fit_height(row if keeps_place else 0)
        self.scroll_to(y=row, animate=False, force=True, immediate=True)
        self._is_placing = False
        self.refresh()
        self._request_pictures()

    @property
    def _is_being_set(self) -> bool:
        """Whether the current state of the page isn't typeset yet: a long page is typeset in a thread, which takes time."""
        is_shown = self._galley is not None and self._set_items is self._items
        return bool(self._items) and self.scrollable_content_region.width > 0 and not is_shown

    async def _set_later(self) -> None:
        """Typeset a long page in a thread, for the current width and type, and show it at the reader's place."""
        while not self._galleys.is_at_hand(self._items, self._cols):
            await self._galleys.prepare(self._items, self._cols)
        self._set(*self._scroll_anchor)
        for item in self._to_reveal:
            self.reveal(item)
        self._to_reveal = ()
        self.post_message(self.Scrolled())


def _page_line(galley: Galley | None, window: range, pages: int, page_lines: int) -> int:
    """Return the line to put at the top of the window for scrolling by `pages` times `page_lines` lines, back if negative.

    `window` has the numbers of the lines in the window before scrolling. `galley` is the typeset page, or None if it isn't typeset
    yet. If `pages` is 1 or -1, a line of text that was partly hidden at the edge of the window is wholly visible afterwards.
    """
    line = window.start + pages * page_lines
    if galley is None or abs(pages) != 1:
        return line
    whole, size = galley.uncut_rows(window), len(window)
    if pages > 0:
        return max(window.start + 1, min(line, whole.stop))
    return min(window.start - 1, max(line, whole.start - size))


def _window_at(galley: Galley, line: int, rows: int) -> range:
    """Return the range of lines that a window of `rows` lines shows after it is scrolled to `line` of the typeset page `galley`."""
    top = max(0, min(line, galley.rows + _ROWS_BELOW - rows))
    return range(top, top + rows)


def _rows_of(galley: Galley, item: int, items: int) -> int:
    """Return the number of lines from the beginning of item number `item` (from 0) to the next item, or to the end of the page.

    `items` is the number of items (paragraphs …) in `galley`, the typeset page.
    """
    end = galley.row_of(item + 1) if item + 1 < items else galley.rows
    return max(1, end - galley.row_of(item))


def _sections(items: Sequence[Item]) -> list[int]:
    """Return the indices of the subheadings of a page, or of its paragraphs if it has no subheadings."""
    paras = [(at, item) for at, item in enumerate(items) if isinstance(item, Para)]
    heads = [at for at, para in paras if para.size is TypeSize.SUBHEAD]
    return heads or [at for at, para in paras if para.size in (TypeSize.LEAD, TypeSize.BODY) and (para.before or para.first_indent)]
