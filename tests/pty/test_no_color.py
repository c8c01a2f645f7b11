"""Tests of NO_COLOR (https://no-color.org): no colour leaves the program if the reader wants none."""

from __future__ import annotations

import re

import pytest

from tests.pty.test_reader import Open, wait_for_first_screen
from tests.unit.typesetting.terminal.test_colours import COLOURED

pytestmark = pytest.mark.pty


@pytest.mark.parametrize("text", ["cells", "mosaic"])
def test_no_color_stream_has_none_in_any_dialog(open_reader: Open, text: str) -> None:
    terminal = open_reader(text=text, env={"NO_COLOR": "1"})
    if text == "cells":
        wait_for_first_screen(terminal)
        terminal.type("/")
        terminal.wait_for("phrases")
        terminal.type("ka")
        terminal.wait_for("found")
        terminal.type("\x1b")
        terminal.wait_without("found")
        terminal.type("t")
        terminal.wait_for("Sepia")
        terminal.type("\x1b")
        terminal.wait_without("Sepia")
    else:
        terminal.wait_until(lambda: "\u2588" in terminal.text, "no type came")
    terminal.leave()
    assert not COLOURED.findall(terminal.raw)
    assert re.search(r"\x1b\[(?:[\d;]*;)?[17][;m]", terminal.raw) or text == "mosaic"  # bold remains
