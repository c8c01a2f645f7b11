"""Tests of the reader inside tmux, which reports the terminal around it and loses pictures."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.pty.test_reader import Open

pytestmark = pytest.mark.pty
ANSWER = b"\x1b[1;3R\x1b[1;3R\x1b[1;5R\x1bP>|tmux 3.5a\x1b\\\x1b[6;18;9t\x1b[?1;2;4c"
PICTURE = "\x1bP0;1;0q"
KITTY = ("xterm-kitty", "kitty(0.41.1)", "256,RGB,focus", "on", "0")
PICTURES = ("\x1bPtmux;\x1b\x1b_G", "\U0010eeee")
"""Parts of the output while type is shown by kitty's pictures: a picture that tmux passes on, and the placeholder."""


def tmux_around(folder: Path, *reply: str) -> dict[str, str]:
    """Return the environment inside a fake tmux that prints the lines `reply` if it is asked about the terminal around it."""
    folder.mkdir(exist_ok=True)
    program = folder / "tmux"
    program.write_text("#!/bin/sh\nprintf '%s\\n' '{}'\n".format("\t".join(reply)), encoding="utf-8")
    program.chmod(0o755)
    return {"TERM": "tmux-256color", "TMUX": "/nowhere,1,0", "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


def test_pictures_forgotten_by_tmux_return_with_the_focus(open_reader: Open, tmp_path: Path) -> None:
    env = tmux_around(tmp_path / "bin", "foot", "foot(1.21.0)", "256,RGB,focus,sixel", "off")
    terminal = open_reader(text="auto", answer=ANSWER, env=env)
    terminal.wait_until(lambda: terminal.raw.count(PICTURE) > 10, "no picture came")
    terminal.wait_until(lambda: "▌" in "".join(terminal.alternate.display), "the list has no cursor")
    terminal.wait_until_still()
    shown = terminal.alternate.display
    begun = len(terminal.raw)
    terminal.type("\x1b[O\x1b[I")
    terminal.wait_until(lambda: terminal.raw[begun:].count(PICTURE) > 10, "nothing was drawn anew")
    terminal.wait_until_still()
    assert terminal.alternate.display == shown
    terminal.leave()


def test_type_follows_tmux_to_another_terminal(open_reader: Open, tmp_path: Path) -> None:
    env = tmux_around(tmp_path / "bin", *KITTY, "7")
    terminal = open_reader(text="auto", answer=ANSWER, env=env)

    def wait_for_type(begun: int, *, pictures: bool) -> None:
        marks = PICTURES if pictures else ("▄", "▌")
        terminal.wait_until(lambda: all(mark in terminal.raw[begun:] for mark in marks), f"pictures={pictures} never came")
        terminal.wait_until_still()

    wait_for_type(0, pictures=True)
    tmux_around(tmp_path / "bin", "xterm-256color", "XTerm(398)", "256,RGB", "on", "0", "8")
    begun = len(terminal.raw)
    terminal.resize(80, 24)
    wait_for_type(begun, pictures=False)
    begun = len(terminal.raw)
    terminal.type("j")
    wait_for_type(begun, pictures=False)
    assert "\U0010eeee" not in terminal.raw[begun:]
    for client, keys in (("9", "\x1b[O\x1b[I"), ("10", "\x0c")):  # the window comes to the front; Ctrl+L
        tmux_around(tmp_path / "bin", *KITTY, client)
        begun = len(terminal.raw)
        terminal.type(keys)
        wait_for_type(begun, pictures=True)
    terminal.type("Q")
    assert terminal.end() == 0


def test_pictures_come_once_tmux_knows_the_terminal_around_it(open_reader: Open, tmp_path: Path) -> None:
    env = tmux_around(tmp_path / "bin", *KITTY, "7")
    known, unknown = "\t".join((*KITTY, "7")), "\t".join((KITTY[0], "", *KITTY[2:], "7"))
    asked = tmp_path / "asked"
    (tmp_path / "bin" / "tmux").write_text(f"#!/bin/sh\n[ -e {asked} ] && echo '{known}' || echo '{unknown}'\n>{asked}\n")
    terminal = open_reader(text="auto", answer=ANSWER, env=env)
    terminal.wait_until(lambda: all(mark in terminal.raw for mark in PICTURES), "no pictures came")
    terminal.wait_until_still()
    terminal.type("Q")
    assert terminal.end() == 0


def test_gnu_screen_is_cleared_on_leaving(open_reader: Open) -> None:
    terminal = open_reader(text="auto", env={"TERM": "screen.xterm-256color", "STY": "7.pts-1.here"})
    terminal.wait_until(lambda: "bpost" in terminal.raw, "nothing was drawn")
    terminal.wait_until_still()
    terminal.type("q")
    assert terminal.end() == 0
    cleared, _, after = terminal.raw.rpartition("\x1b[H\x1b[2J")
    assert cleared
    assert not re.sub(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[>=78]|[\r\n]", "", after), after
