"""Tests of a terminal that turns dark or light while the reader runs: the theme changes, and the report isn't read as keys."""

from __future__ import annotations

import pytest

from tests.pty.test_reader import Open, wait_for_first_screen

pytestmark = pytest.mark.pty

NIGHT, NEWSPRINT = "48;2;20;22;26", "48;2;247;243;234"
"""Background of each theme, as SGR parameters in the output."""


def test_theme_follows_the_terminals_background_reports(open_reader: Open) -> None:
    terminal = open_reader(env={"COLORTERM": "truecolor"})
    wait_for_first_screen(terminal)
    assert terminal.raw.count("\x1b[?2031h") == 1
    assert NIGHT not in terminal.raw
    terminal.type("\x1b[?997;1n")
    terminal.wait_until(lambda: NIGHT in terminal.raw, "it never turned dark")
    before = len(terminal.raw)
    terminal.type("\x1b[?997;2n")
    terminal.wait_until(lambda: NEWSPRINT in terminal.raw[before:], "it never turned light")
    terminal.wait_without("does nothing here")
    terminal.leave()
    assert terminal.raw.count("\x1b[?2031l") == 1
