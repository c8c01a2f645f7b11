"""Tests of the reader with a Bengali keyboard layout: input as UTF-8, and by kitty's keyboard protocol."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pty.pty_terminal import Terminal, letters
from tests.pty.test_reader import Open, wait_for_first_screen, word

pytestmark = pytest.mark.pty


@pytest.mark.parametrize(
    ("keyboard", "down_up_down", "leave"),
    [
        ("auto", "জকজ", "দ"),
        ("probhat", "জকজ", "দ"),
        ("inscript", "রকর", "ৌ"),
        ("bd", "কতক", "ঙ"),
        ("auto", "\x1b[2460;;2460u\x1b[2453;;2453u\x1b[2460;;2460u", "\x1b[2470;;2470u"),
    ],
)
def test_bengali_letters_act_as_their_keys(open_reader: Open, tmp_path: Path, keyboard: str, down_up_down: str, leave: str) -> None:
    folder = tmp_path / ".config" / "bpost"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(f'keyboard = "{keyboard}"\n')
    terminal = open_reader(size=(60, 24))
    wait_for_first_screen(terminal)
    terminal.type(down_up_down + "\r")
    terminal.wait_for("%", word(1))
    terminal.type(leave)
    terminal.wait_without("%")
    terminal.leave(leave)


def test_word_typed_by_letters_finds_and_tears_no_cell(open_reader: Open) -> None:
    town = "মেদিনীপুর"
    terminal = open_reader(size=(80, 24))
    wait_for_first_screen(terminal)
    terminal.type("/")
    terminal.wait_for("phrases")
    for letter in town:
        terminal.type(letter)
    terminal.wait_for(" found")
    terminal.wait_until(lambda: letters(town) in lines(terminal), "the word never stood alone in its line")
    assert terminal.unpainted() == []
    terminal.type("\x7f\x7f")  # a code point at a time: পুর → পু → প
    terminal.wait_until(lambda: letters(town[:-2]) in lines(terminal), "Backspace did nothing")


def lines(terminal: Terminal) -> list[str]:
    """Return the text of each row, without white space at its ends."""
    return ["".join(line.split()) for line in terminal.text.splitlines()]
