"""Comparison of the painted screen, frame by frame, with the screen that all widgets would draw now."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from rich.cells import cell_len
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual._context import visible_screen_stack
from textual._styles_cache import StylesCache
from textual.app import App
from textual.widget import Widget

from bpost_tui.tui.bpost_app import BPostApp
from bpost_tui.typesetting.typeset.surface import FIRST_TOKEN, LAST_TOKEN, Surface, SurfaceTable

_TOKENS = f"{chr(FIRST_TOKEN)}-{chr(LAST_TOKEN)}"
_PIECES = re.compile(f"(?P<tokens>[{_TOKENS}]+)|[^{_TOKENS}]+")
_NARROW = re.compile("[ -~─━│┃▌▏▎]*")

Cell = tuple[Surface | None, int, int] | str
"""Content of a cell of the screen: (surface, row, column) of the drawing's cell that it shows, or a letter."""
Named = list[tuple[Surface | None, int, int, int] | str]
"""Line of the screen: texts, and spans of a drawing as (surface, row, first column, number of cells)."""


class Screenful:
    """Copy of the screen, updated by every frame before tokens (characters for cells of drawings) are replaced."""

    def __init__(self, app: BPostApp, surfaces: SurfaceTable, patch: pytest.MonkeyPatch) -> None:
        self._app = app
        self._surfaces = surfaces
        self.lines: list[list[Cell]] = []
        self._named: dict[tuple[int, int], Named] = {}
        """Cache of lines as spans and texts, by (row, width). A line is removed when it is painted again."""
        self.frames: list[list[Named]] | None = None
        """Lines of the screen after each frame; None until a test sets a list, which collects them."""
        display: Any = app._display

        def noting(screen: object, update: object) -> None:
            self._take(update)
            if self.frames is not None:
                self.frames.append(self.named())
            display(screen, update)

        patch.setattr(app, "_display", noting)

    def named(self) -> list[Named]:
        """Return each line of the screen as spans of drawings and texts."""
        width, height = self._app.screen._compositor.size  # a resize of the terminal is answered a moment later
        for y, line in enumerate(self.lines[:height]):
            if (y, width) not in self._named:
                self._named[y, width] = _spans(line[:width])
        return [self._named[y, width] for y in range(min(height, len(self.lines)))]

    def differences(self) -> Iterator[str]:
        """Yield a description of each difference between the screen and the screen that its widgets would draw now."""
        if not self.lines or not self._app.is_running:
            return
        fresh = drawn_now(self._app)
        width, height = self._app.screen._compositor.size  # before a resize, more may have been painted, out of sight
        seen = [line[:width] for line in self.lines[:height]]
        if evicted := self._surfaces.take_evicted():  # the encoder does the same, and deletes them in the terminal
            shown = {cell[0] for line in seen for cell in line if not isinstance(cell, str)}
            for surface in shown.intersection(evicted):
                yield f"the terminal was to forget what stands there: {surface.words if surface else None}"
        if fresh != seen:  # two surfaces may still look the same
            yield from unlike(list(map(_spans, fresh)), self.named())

    def _take(self, update: object) -> None:
        if isinstance(update, LayoutUpdate):
            self.lines = [cells("".join(strip.text for strip in line), self._surfaces) for line in update.strips]
            self._named.clear()
        elif isinstance(update, ChopsUpdate):
            for y, first, end in update.spans:
                self._named = {at: named for at, named in self._named.items() if at[0] != y}
                for (x, strip), stop in zip(update.chops[y].items(), update.chop_ends[y], strict=True):
                    if strip is not None and x <= end and stop > first:
                        stop = min(stop, end)
                        self.lines[y][x:stop] = cells(strip.text, self._surfaces)[: stop - x]


def cells(text: str, table: SurfaceTable) -> list[Cell]:
    """Return the content of each cell of a line: the cell of a drawing that its token names, or a letter.

    The second cell of a wide letter has the content "".
    """
    found: list[Cell] = []
    for piece in _PIECES.finditer(text):
        if piece.lastgroup:
            for surface, row, column, count in table.spans(piece[0]):
                found += [(surface, row, at) for at in range(column, column + count)]
        elif _NARROW.fullmatch(piece[0]):
            found += piece[0]
        else:
            for char in piece[0]:
                width = cell_len(char)
                found += [char] + [""] * (width - 1) if width else [""]
    return found


def drawn_now(app: App[Any]) -> list[list[Cell]]:
    """Return the content of each cell of the screen if every widget drew now, without Textual's caches.

    The app isn't changed: its caches and its table of drawings are restored afterwards.
    """
    window = app.screen._compositor.size.region
    lines: list[list[Cell]] = [[" "] * window.width for _ in range(window.height)]
    with _forgotten(app) as shadow:
        lowest, *dialogs = [*app._background_screens, app.screen]
        for screen in (lowest, *dialogs):
            for widget, (region, clip) in reversed(screen._compositor.visible_widgets.items()):
                if widget in dialogs:
                    continue  # its background is the screen below it, in other colours
                seen = region.intersection(clip).intersection(window)  # its background is the screen below it, in other colours
                for y, strip in zip(seen.line_range, widget.render_lines(seen.translate(-region.offset)), strict=True):
                    _put(lines[y], seen.x, cells(strip.text, shadow)[: seen.width])
    return lines


def _put(line: list[Cell], x: int, piece: list[Cell]) -> None:
    """Put `piece` over the cells of `line` from `x` on; a space replaces a wide letter that is half covered."""
    end = x + len(piece)
    if piece and line[x] == "" and x:
        line[x - 1] = " "
    if end < len(line) and line[end] == "":
        line[end] = " "
    line[x:end] = piece


@contextmanager
def _forgotten(app: Any) -> Iterator[SurfaceTable]:
    shadow, real = SurfaceTable(max_bytes=1 << 40), app.renderer.surfaces
    widgets: list[Any] = [widget for screen in app.screen_stack for widget in screen.walk_children(Widget, with_self=True)]
    kept = [(widget, widget._styles_cache, widget._render_cache, widget._dirty_regions) for widget in widgets]
    strips = [(widget, widget._strips) for widget in widgets if hasattr(widget, "_strips")]
    app.renderer.surfaces = shadow
    visible_screen_stack.set([])
    for widget in widgets:
        widget._styles_cache, widget._dirty_regions = StylesCache(), {widget.outer_size.region}
    for widget, _ in strips:
        widget._strips = {}
    try:
        yield shadow
    finally:
        app.renderer.surfaces = real
        for widget, styles, rendered, dirty in kept:
            widget._styles_cache, widget._render_cache, widget._dirty_regions = styles, rendered, dirty
        for widget, of_story in strips:
            widget._strips = of_story


def alike(some: Named, others: Named, *, drawn: bool = False) -> bool:
    """Return whether two lines show the same words; with `drawn`, also the same pixels of every drawing."""
    same = partial(_shows_the_same, drawn=drawn)
    return some == others or (len(some) == len(others) and all(map(same, some, others)))


def unlike(wanted: Sequence[Named], shown: Sequence[Named], *, drawn: bool = False) -> list[str]:
    """Return a description of each line of `shown` that differs from the same line of `wanted`; `drawn` as for `alike`."""
    pairs = enumerate(zip(wanted, shown, strict=True))
    return [f"line {y} shows\n  {words(now)}\nfor\n  {words(due)}" for y, (due, now) in pairs if not alike(due, now, drawn=drawn)]


def words(line: Named) -> str:
    """Return a description of a line, for the message of a failed test."""
    parts = []
    for piece in line:
        if isinstance(piece, str):
            parts.append(piece)
        elif (surface := piece[0]) is None:
            parts.append("⟨gone⟩")
        else:
            _, row, column, count = piece
            parts.append(f"⟨{row}:{column}+{count} {' '.join(word.text for word in surface.words[row])}⟩")
    return re.sub("(⟨gone⟩)+", "⟨gone⟩…", "".join(parts))


def _spans(line: Sequence[Cell]) -> Named:
    spans: Named = []
    for cell in line:
        last = spans[-1] if spans else None
        if isinstance(cell, str):
            if isinstance(last, str):
                spans[-1] = last + cell
            else:
                spans.append(cell)
            continue
        surface, row, column = cell
        if isinstance(last, tuple) and last[0] is surface and surface is not None and last[1:3] == (row, column - last[3]):
            spans[-1] = (surface, row, last[2], last[3] + 1)
        else:
            spans.append((surface, row, column, 1))
    return spans


def _shows_the_same(
    some: tuple[Surface | None, int, int, int] | str, other: tuple[Surface | None, int, int, int] | str, *, drawn: bool
) -> bool:
    if isinstance(some, str) or isinstance(other, str):
        return some == other
    (one, *place), (two, *other_place) = some, other
    if place != other_place or one is None or two is None:
        return False
    return one is two or (_content(one) == _content(two) and (not drawn or one.layers == two.layers))


def _content(surface: Surface) -> object:
    return surface.cols, surface.rows, surface.cell_w, surface.cell_h, surface.words, surface.photo
