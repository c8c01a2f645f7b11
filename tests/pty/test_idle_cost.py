"""Tests of the idle reader: it draws nothing while no key is pressed, whatever dialog is open."""

from __future__ import annotations

import pytest

from tests.pty.test_reader import Open, wait_for_first_screen

pytestmark = pytest.mark.pty


@pytest.mark.parametrize(("keys", "shown"), [("", "All news"), ("?", "Type to filter"), (":", "⏎"), ("t", "Sepia")])
def test_idle_reader_writes_nothing(open_reader: Open, keys: str, shown: str) -> None:
    terminal = open_reader()
    wait_for_first_screen(terminal)
    terminal.type(keys)
    terminal.wait_for(shown)
    terminal.wait_until_still()
