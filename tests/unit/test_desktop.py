"""Window title, clipboard and notifications: sequences for the terminal, and programs run instead."""

from __future__ import annotations

import os
import re
from base64 import standard_b64decode
from pathlib import Path

import pytest

from bpost_tui.desktop import (
    clipboard_command,
    clipboard_sequence,
    copy_picture,
    notification_command,
    notification_sequence,
    picture_clipboard_command,
    run_clipboard_command,
    run_notification_command,
    supports_title,
    title_sequence,
)
from bpost_tui.typesetting.terminal.capabilities import Capabilities, RenderMode
from bpost_tui.typesetting.terminal.encoders.encoder_factory import encoder_for, width_boxes_for
from bpost_tui.typesetting.terminal.encoders.kitty import KittyEncoder
from bpost_tui.typesetting.terminal.output_boundary import OutputBoundary
from bpost_tui.typesetting.terminal.width_boxes import WidthBoxes
from bpost_tui.typesetting.text.graphemes import cell_width
from bpost_tui.typesetting.typeset.surface import SurfaceTable

TEXT = "স্ত্রী, র‍্যাঁদা ও লক্ষ্মী\n" * 40
CAN = Capabilities("xterm", (), RenderMode.CELLS, "", 10, 20)


@pytest.mark.parametrize("multiplexer", ["", "tmux"])
def test_clipboard_sequence_is_osc_52_of_the_whole_text(multiplexer: str) -> None:
    payload = clipboard_sequence(TEXT, multiplexer).removeprefix("\x1b]52;c;").removesuffix("\x07")
    assert standard_b64decode(payload).decode() == TEXT


def test_clipboard_sequence_inside_screen_is_split_into_short_strings() -> None:
    strings = re.findall(r"\x1bP(.*?)\x1b\\", clipboard_sequence(TEXT, "screen"), re.DOTALL)
    assert max(map(len, strings)) < 256
    assert "".join(strings) == clipboard_sequence(TEXT)


@pytest.mark.parametrize("multiplexer", ["", "tmux", "screen"])
def test_output_boundary_passes_the_clipboard_sequence(multiplexer: str) -> None:
    boundary = OutputBoundary(SurfaceTable(), encoder_for(CAN), width_boxes_for(CAN, len))
    assert boundary.translate(clipboard_sequence(TEXT, multiplexer)) == clipboard_sequence(TEXT, multiplexer)


def test_picture_is_copied_on_a_mac_through_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "osascript"
    arguments = tmp_path / "arguments"
    lines = ("#!/bin/sh", f'printf "%s\\n" "$@" > {arguments}', "for file; do :; done", f'cat "$file" > {tmp_path}/copied', "")
    program.write_text("\n".join(lines), encoding="utf-8")
    program.chmod(0o755)
    assert picture_clipboard_command({}, "darwin") is None
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    command = picture_clipboard_command({}, "darwin")
    assert command is not None and copy_picture(b"\x89PNG...", command)
    assert (tmp_path / "copied").read_bytes() == b"\x89PNG..."
    *script, dashes, file = arguments.read_text(encoding="utf-8").splitlines()
    assert dashes == "--" and script == ["-e", *"\n-e\n".join(script[1::2]).splitlines()]
    assert not any(file in line for line in script) and not Path(file).exists()
    assert picture_clipboard_command({"SSH_CONNECTION": "x"}, "darwin") is None


def test_local_clipboard_is_not_used_over_ssh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "xclip"
    program.write_text('#!/bin/sh\ncat > "$(dirname "$0")/copied"\n', encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    command = clipboard_command({"DISPLAY": ":0"}, "linux")
    assert command == ("xclip", "-selection", "clipboard")
    assert run_clipboard_command("কপি", command)
    assert (tmp_path / "copied").read_text(encoding="utf-8") == "কপি"
    assert clipboard_command({"DISPLAY": ":0", "SSH_CONNECTION": "x"}, "linux") is None
    assert clipboard_command({"DISPLAY": ":0", "TMUX": "x"}, "linux") == command
    assert not run_clipboard_command("কপি", (str(tmp_path / "nothing"),))


def test_clipboard_command_over_ssh_is_tmuxs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "tmux"
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert clipboard_command({"TMUX": "x", "SSH_CONNECTION": "x", "DISPLAY": ":0"}, "linux") == ("tmux", "load-buffer", "-w", "-")


# ── title and notifications ──────────────────────────────────────────────────

EVIL = "খবর\x1b]0;x\x07\x9d\n\x1b\\<b>&"


def capabilities(name: str, multiplexer: str = "") -> Capabilities:
    return Capabilities(name, (), RenderMode.CELLS, "a test", 10, 20, multiplexer=multiplexer)


@pytest.mark.parametrize(
    ("name", "begins"), [("kitty", "\x1b]99;"), ("foot", "\x1b]9;"), ("ghostty", "\x1b]9;"), ("WezTerm", "\x1b]9;")]
)
def test_notification_sequence_contains_only_text(name: str, begins: str) -> None:
    made = notification_sequence(capabilities(name), "দ্য বেঙ্গল পোস্ট", EVIL)
    assert made is not None and made.startswith(begins) and made.endswith("\x1b\\")
    assert "খবর" in made
    parts = made.split("\x1b\\")[:-1]
    assert all(part.startswith("\x1b]9") and part[2:].isprintable() for part in parts)


@pytest.mark.parametrize(
    "terminal", [capabilities("konsole"), capabilities("xterm"), capabilities(""), capabilities("kitty", "tmux")]
)
def test_notification_sequence_is_none_for_other_terminals(terminal: Capabilities) -> None:
    assert notification_sequence(terminal, "a", "b") is None


def test_title_and_notifications_pass_the_output_boundary() -> None:
    boundary = OutputBoundary(SurfaceTable(), KittyEncoder(), WidthBoxes(cell_width))
    for stream in (
        "\x1b[22;2t",
        "\x1b[23;2t",
        title_sequence(EVIL),
        notification_sequence(capabilities("kitty"), "a", EVIL),
        notification_sequence(capabilities("foot"), "a", EVIL),
    ):
        assert stream is not None and boundary.translate(stream) == stream


def test_title_sequence_is_one_line_and_not_for_consoles() -> None:
    assert title_sequence(EVIL).startswith("\x1b]2;খবর") and title_sequence(EVIL)[2:-2].isprintable()
    assert len(title_sequence("ক" * 1000)) < 100
    assert [supports_title(term) for term in ("xterm-256color", "foot", "tmux", "linux", "dumb", "", "vt220")] == [True] * 3 + [
        False
    ] * 4


def test_notification_program_gets_text_without_markup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert notification_command("a", "b", {"DISPLAY": ":0", "SSH_CONNECTION": "x"}) is None
    assert notification_command("a", "b", {}) is None
    tool = tmp_path / "notify-send"
    tool.write_text('#!/bin/sh\nprintf "%s\\n" "$@" > "$(dirname "$0")/arguments"\n', encoding="utf-8")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    command = notification_command("--title", EVIL, {"WAYLAND_DISPLAY": "w"})
    assert command is not None
    run_notification_command(command)
    arguments = (tmp_path / "arguments").read_text(encoding="utf-8").splitlines()
    assert arguments[:3] == ["--app-name=bpost", "--", "--title"]
    assert "&lt;b&gt;&amp;" in arguments[3] and "\x1b" not in arguments[3]
    run_notification_command((str(tmp_path / "nothing"),))
