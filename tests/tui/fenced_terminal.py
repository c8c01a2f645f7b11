"""Terminal for tests that answers the query after each frame (the fence): at once, late, twice, or not at all.

The reader's own driver and output boundary write to it, so pictures beyond the budget of a slow line are left to later frames, as
they are in a real terminal. Most tests have Textual's headless driver, which gets no frames.
"""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from textual.drivers.headless_driver import HeadlessDriver

from bpost_tui.typesetting.terminal.display import Display
from bpost_tui.typesetting.terminal.encoders.encoder import CellSpan
from bpost_tui.typesetting.terminal.frame_fence import FENCE, RECOVERY_FENCE, FrameFence
from bpost_tui.typesetting.textual.driver import Handover, boundary_driver
from tests.tui.repaint_check import Cell

_QUERY = re.compile(f"({re.escape(FENCE)}|{re.escape(RECOVERY_FENCE)})")
_REPLIES = {FENCE: b"\x1b[0n", RECOVERY_FENCE: b"\x1b[?62;4c"}
_TIMES_FASTER = 200
"""Acceleration factor of the clock of `FrameFence` if replies have faults.

A reply is then overdue after 25 ms, or after 100 ms on a slow line, and a line is slow if replies take 1 ms.
"""
_SHARE_OF_FAULTS = 0.25
_MAX_DELAY_S = 0.04


class Fault(StrEnum):
    """Fault of a reply to the query after a frame."""

    LATE = "late"
    MISSING = "missing"
    DOUBLED = "doubled"


class FencedTerminal:
    """Terminal that answers the query after each frame.

    Args:
        fault: Fault of a quarter of the replies, chosen by `dice`; None for no faults.
        dice: Random numbers; None for a fixed seed.
    """

    def __init__(self, fault: Fault | None = None, dice: random.Random | None = None) -> None:
        self._fault = fault
        self._dice = dice or random.Random(0)
        self._fence = FrameFence((lambda: time.monotonic() * _TIMES_FASTER) if fault else time.monotonic)
        self._blank: set[tuple[int, Cell]] = set()
        """Cells of surfaces (drawings) that are blank because their picture was left out, as (row of the screen, cell)."""
        self._unanswered: list[str] = []
        self._last_reply_at = 0.0
        """Time of the last reply on the event loop's clock. Replies keep the order of their queries."""
        self.is_busy = False
        """Whether the terminal reads nothing for the moment. The next `answer` after that answers all queries together."""

    def driver(self, display: Display) -> type[HeadlessDriver]:
        """Return a class of drivers that write to this terminal through the output boundary of `display`."""
        self._note_blank_cells(display)
        terminal = self

        class Scripted(HeadlessDriver):
            @property
            def is_headless(self) -> bool:
                return False  # Textual gives headless drivers no frames

            def write(self, data: str) -> None:
                terminal._unanswered += _QUERY.findall(data)
                terminal.answer()

        held = {"__init__": _set_up(self._fence), "is_backlogged": property(_is_backlogged, _hold)}
        return type("Fenced", (boundary_driver(Scripted, display.boundary, Handover(answers=True)),), held)

    def answer(self) -> None:
        """Answer the queries that haven't been answered, unless the terminal is busy."""
        if self.is_busy:
            return
        loop = asyncio.get_running_loop()
        for query in self._unanswered:
            fault = self._fault if self._dice.random() < _SHARE_OF_FAULTS else None
            delay_s = self._dice.uniform(0, _MAX_DELAY_S) if fault is Fault.LATE else 0.0
            self._last_reply_at = max(self._last_reply_at, loop.time() + delay_s)
            for _ in range(0 if fault is Fault.MISSING else 2 if fault is Fault.DOUBLED else 1):
                loop.call_at(self._last_reply_at, self._fence.feed, _REPLIES[query])
        self._unanswered.clear()

    def left_blank(self, lines: list[list[Cell]]) -> Iterator[str]:
        """Yield a message for each line of the screen (`lines`) with cells whose picture was left out and never sent."""
        for y, line in enumerate(lines):
            if missing := self._blank.intersection((y, cell) for cell in line):
                yield f"line {y} lacks the pictures of {len(missing)} cells"

    def _note_blank_cells(self, display: Display) -> None:
        boundary: Any = display.boundary
        encoded = boundary._encoded

        def noting(span: CellSpan) -> str:
            y, before = boundary._row or 0, boundary._picture_bytes
            output: str = encoded(span)
            cells = {(y, (span.surface, span.row, column)) for column in range(span.column, span.column + span.cells)}
            if boundary._picture_bytes == before:
                self._blank |= cells
            else:
                self._blank -= cells
            return output

        boundary._encoded = noting


def _set_up(fence: FrameFence) -> Any:
    def set_up(driver: Any, *arguments: Any, **named: Any) -> None:
        super(type(driver), driver).__init__(*arguments, **named)
        driver._fence, driver._is_held = fence, False

    return set_up


def _is_backlogged(driver: Any) -> bool:
    return driver._is_held or bool(super(type(driver), driver).is_backlogged)


def _hold(driver: Any, is_held: bool) -> None:
    driver._is_held = is_held
