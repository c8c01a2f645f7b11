"""Tests of `bpost show`: a story is printed in real letter shapes, and the terminal's earlier output stays."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.pty.pty_terminal import Terminal
from tests.pty.test_doctor import choose
from tests.pty.test_reader import KITTY, Open

pytestmark = pytest.mark.pty


def numbers(terminal: Terminal) -> set[str]:
    """Return the numbers of the pictures sent to the terminal."""
    return set(re.findall(r"\x1b_Ga=T[^;\x1b]*?,i=(\d+)", terminal.raw))


def test_shown_story_keeps_the_pictures_above_it(open_reader: Open, saved: tuple[str, str]) -> None:
    shown = []
    for story in ("1", "2"):
        shown.append(open_reader(*saved, "show", story, text="auto", answer=KITTY))
        assert shown[-1].end() == 0
    first, second = map(numbers, shown)
    assert len(first) > 3 and len(second) > 3
    assert not first & second
    assert not re.search(r"\x1b_Ga=d", shown[1].raw)
    for terminal in shown:
        terminal.assert_restored(printed=True)


def test_show_uses_the_chosen_way_unless_an_option_is_given(open_reader: Open, saved: tuple[str, str], tmp_path: Path) -> None:
    choose(tmp_path, "mosaic")
    for text, has_pictures in (("", False), ("auto", True), ("pixels", True)):
        shown = open_reader(*saved, "show", "1", text=text, answer=KITTY)
        assert shown.end() == 0
        assert bool(numbers(shown)) is has_pictures, text


def test_show_keeps_waiting_keys_and_skips_the_probe(open_reader: Open, saved: tuple[str, str]) -> None:
    shown = open_reader(*saved, "show", "1", text="", answer=KITTY, typed=b"ls")
    assert shown.end() == 0
    assert not numbers(shown)
    assert shown.unread() == b"ls"
    shown = open_reader(*saved, "show", "1", text="", answer=KITTY + b"ls")
    assert shown.end() == 0
    assert numbers(shown)
    assert shown.unread() == b"ls"


@pytest.mark.parametrize("verb", [("list", "-n", "3"), ("search", "নদী")])
def test_lists_are_printed_in_type_as_stories_are(open_reader: Open, saved: tuple[str, str], verb: tuple[str, ...]) -> None:
    for text, has_pictures in (("auto", True), ("cells", False)):
        shown = open_reader(*saved, *verb, text=text, answer=KITTY)
        assert shown.end() == 0
        assert bool(numbers(shown)) is has_pictures, text
        shown.assert_restored(printed=True)
