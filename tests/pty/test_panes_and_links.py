"""Tests of numbers before keys, zen mode, edges of panes, links and the tour, by keys and clicks in a terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.pty.test_reader import Open, wait_for_first_screen, word

pytestmark = pytest.mark.pty
TITLE = "Quick tour"


@pytest.mark.parametrize("keys", ["3j", "৩j", "৩জ", "\x1b[51;;51u\x1b[106;;106u"])
def test_count_works_in_bengali_and_western_digits(open_reader: Open, keys: str) -> None:
    terminal = open_reader(size=(60, 24))
    wait_for_first_screen(terminal)
    terminal.type(keys + "\r")
    terminal.wait_for("%", word(3))
    terminal.leave("Q")


def test_zen_shows_only_the_story_and_ends(open_reader: Open) -> None:
    terminal = open_reader()
    wait_for_first_screen(terminal)
    terminal.type("z")
    terminal.wait_until(lambda: "The Bengal Post " not in terminal.text.splitlines()[0] and "Quit" not in terminal.text, "zen")
    terminal.type("z")
    terminal.wait_for("q Back")
    terminal.leave("Q")


def test_hint_letters_open_a_linked_story(open_reader: Open) -> None:
    terminal = open_reader(size=(60, 24))
    wait_for_first_screen(terminal)
    terminal.type("\r")
    terminal.wait_for("%", word(0))
    terminal.type("G")
    terminal.wait_for("100%")
    terminal.type("\x1b[5~;")  # a page up, and the letters
    terminal.wait_for("[f]")
    terminal.type("f")
    terminal.wait_without("[f]")
    terminal.wait_without("100%")
    terminal.type("a")
    terminal.wait_for("127.0.0.1")
    terminal.type("\x1b")
    terminal.wait_without("127.0.0.1")
    terminal.leave("Q")


def test_edge_dragged_by_the_mouse_moves_and_is_remembered(open_reader: Open, tmp_path: Path) -> None:
    terminal = open_reader(size=(160, 40))
    wait_for_first_screen(terminal)
    row = terminal.text.splitlines()[20]
    edges = [at for at, char in enumerate(row) if char in "│┃"]
    edge = edges[1]

    def ink() -> str:
        return str(terminal.alternate.buffer[20][edge].fg)

    at_rest = ink()
    terminal.type(f"\x1b[<0;{edge + 1};21M")
    terminal.wait_until(lambda: ink() != at_rest, "the edge was never held")
    terminal.type(f"\x1b[<32;{edge + 4};21M\x1b[<32;{edge + 7};21M\x1b[<0;{edge + 7};21m")
    terminal.wait_until(lambda: terminal.text.splitlines()[20][edge + 6] in "│┃", "the edge never moved")
    terminal.leave("Q")
    choices = json.loads((tmp_path / ".local/state/bpost/choices.json").read_text())
    assert list(choices["widths_em"]) == ["posts"]


def test_tour_shows_once_and_ends_with_the_first_step(open_reader: Open) -> None:
    terminal = open_reader(size=(120, 30), first_time=True)
    terminal.wait_for(TITLE, word(0))
    terminal.wait_for("new")
    terminal.type("j")
    terminal.wait_without(TITLE)
    terminal.leave("Q")
    terminal = open_reader(size=(120, 30), first_time=True)
    wait_for_first_screen(terminal)
    assert TITLE not in terminal.text
    terminal.leave("Q")
