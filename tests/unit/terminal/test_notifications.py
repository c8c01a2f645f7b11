from __future__ import annotations

import os
from pathlib import Path

import pytest

from bpost_tui.terminal.capabilities import Capabilities, RenderMode
from bpost_tui.terminal.encoders.kitty import KittyEncoder
from bpost_tui.terminal.notifications import program, run, sequence
from bpost_tui.terminal.osc import POP_TITLE, PUSH_TITLE, takes_title, title_sequence
from bpost_tui.terminal.output import OutputBoundary
from bpost_tui.terminal.width_boxes import WidthBoxes
from bpost_tui.typeset.surface import SurfaceTable

EVIL = "খবর\x1b]0;x\x07\x9d\n\x1b\\<b>&"


def can(name: str, multiplexer: str = "") -> Capabilities:
    return Capabilities(name, (), RenderMode.CELLS, "a test", 10, 20, multiplexer=multiplexer)


@pytest.mark.parametrize(
    ("name", "begins"), [("kitty", "\x1b]99;"), ("foot", "\x1b]9;"), ("ghostty", "\x1b]9;"), ("WezTerm", "\x1b]9;")]
)
def test_sequence_for_terminals_that_notify_holds_nothing_but_text(name: str, begins: str) -> None:
    made = sequence(can(name), "দ্য বেঙ্গল পোস্ট", EVIL)
    assert made is not None and made.startswith(begins) and made.endswith("\x1b\\")
    assert "খবর" in made
    parts = made.split("\x1b\\")[:-1]
    assert all(part.startswith("\x1b]9") and part[2:].isprintable() for part in parts)


@pytest.mark.parametrize("terminal", [can("konsole"), can("xterm"), can(""), can("kitty", "tmux")])
def test_sequence_for_others_and_behind_a_multiplexer_is_none(terminal: Capabilities) -> None:
    assert sequence(terminal, "a", "b") is None


def test_title_and_notifications_pass_the_boundary_whole() -> None:
    boundary = OutputBoundary(SurfaceTable(), KittyEncoder(), WidthBoxes({}))
    for stream in (
        PUSH_TITLE,
        POP_TITLE,
        title_sequence(EVIL),
        sequence(can("kitty"), "a", EVIL),
        sequence(can("foot"), "a", EVIL),
    ):
        assert stream is not None and boundary.translate(stream) == stream


def test_title_is_one_line_of_text_and_not_for_consoles() -> None:
    assert title_sequence(EVIL).startswith("\x1b]2;খবর") and title_sequence(EVIL)[2:-2].isprintable()
    assert len(title_sequence("ক" * 1000)) < 100
    assert [takes_title(term) for term in ("xterm-256color", "foot", "tmux", "linux", "dumb", "", "vt220")] == [True] * 3 + [
        False
    ] * 4


def test_program_is_this_machines_and_gets_text_without_markup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert program("a", "b", {"DISPLAY": ":0", "SSH_CONNECTION": "x"}) is None
    assert program("a", "b", {}) is None
    tool = tmp_path / "notify-send"
    tool.write_text('#!/bin/sh\nprintf "%s\\n" "$@" > "$(dirname "$0")/told"\n', encoding="utf-8")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    command = program("--title", EVIL, {"WAYLAND_DISPLAY": "w"})
    assert command is not None
    run(command)
    told = (tmp_path / "told").read_text(encoding="utf-8").splitlines()
    assert told[:3] == ["--app-name=bpost", "--", "--title"]
    assert "&lt;b&gt;&amp;" in told[3] and "\x1b" not in told[3]
    run((str(tmp_path / "nothing"),))
