"""Tests of keys that arrive all at once, as over a slow line: each takes effect before the next is read."""

from __future__ import annotations

import pytest

from tests.pty.reader_internals import SLOW
from tests.pty.test_bengali_keys import lines
from tests.pty.test_reader import Open, wait_for_first_screen

pytestmark = pytest.mark.pty


@pytest.mark.parametrize("patch", ["", SLOW], ids=["usual", "slow"])
def test_letters_after_slash_are_the_query_and_no_commands(open_reader: Open, patch: str) -> None:
    terminal = open_reader(size=(100, 24), patch=patch)
    wait_for_first_screen(terminal)
    terminal.type("/medinipur")
    terminal.wait_for("found")
    terminal.wait_until(lambda: "medinipur" in lines(terminal), "a letter went elsewhere")


@pytest.mark.parametrize("patch", ["", SLOW], ids=["usual", "slow"])
def test_letters_typed_ahead_reach_the_palette_and_help(open_reader: Open, patch: str) -> None:
    terminal = open_reader(size=(100, 24), patch=patch)
    wait_for_first_screen(terminal)
    terminal.type(":solarized, dark\r")
    terminal.wait_until(lambda: "48;2;0;43;54" in terminal.raw, "the theme was never worn")
    terminal.type("?browser")
    terminal.wait_for("Open the story in the browser")
    terminal.wait_without("Next line")


def test_escape_and_the_next_keys_at_once_are_all_obeyed(open_reader: Open) -> None:
    terminal = open_reader(size=(100, 24))
    wait_for_first_screen(terminal)
    terminal.type("/medinipur")
    terminal.wait_for("found")
    terminal.type("\x1b?browser")
    terminal.wait_for("Open the story in the browser")
    terminal.type("\x1b:solarized, dark\r")
    terminal.wait_until(lambda: "48;2;0;43;54" in terminal.raw, "the theme was never worn")
