"""Tests of `bpost type`, a pager that shows any text in real letter shapes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from base64 import b64decode
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Thread

import pytest

from tests.clean_environment import AS_INSTALLED
from tests.pty.pty_terminal import Terminal
from tests.pty.test_reader import KITTY, Open

pytestmark = pytest.mark.pty
LINES = "".join(f"line {number}, কলকাতায় \x1b[31mবৃষ্টি\x1b[0m\n" for number in range(1, 301))


@pytest.fixture
def text_file(tmp_path: Path) -> Path:
    path = tmp_path / "rain.txt"
    path.write_text(LINES, encoding="utf-8")
    return path


def test_type_pages_finds_copies_and_restores_the_screen(open_reader: Open, text_file: Path) -> None:
    terminal = open_reader("type", str(text_file))
    terminal.wait_for("line 1,", "line 29,", "rain.txt")
    assert "[31m" not in terminal.text
    terminal.type(" ")
    terminal.wait_for("line 30,", "line 58,")
    terminal.type("b")
    terminal.wait_for("line 1,")
    terminal.type("G")
    terminal.wait_for("line 300,", "100%")
    terminal.type("g/line 299\r")
    terminal.wait_for("line 299,", "1/1")
    terminal.type("/nowhere\r")
    terminal.wait_for("Nothing found: nowhere")
    terminal.type("y")
    terminal.wait_for("Page copied")
    assert re.search(r"\x1b\]52;c;[A-Za-z0-9+/=]+\x07", terminal.raw)
    terminal.leave()


def test_type_keeps_its_position_after_a_resize(open_reader: Open, text_file: Path) -> None:
    terminal = open_reader("type", str(text_file), "-w", "60")
    terminal.wait_for("line 1,")
    terminal.type(" ")
    terminal.wait_for("line 30,")
    terminal.resize(70, 20)
    terminal.wait_for("line 30,", "line 48,")
    terminal.type("\x03")
    assert terminal.end() == 0
    terminal.assert_restored()


def test_type_ignores_late_answers_of_the_terminal(open_reader: Open, text_file: Path) -> None:
    terminal = open_reader("type", str(text_file))
    terminal.wait_for("line 1,")
    terminal.type("\x1bP>|kitty(0.41.1)\x1b\\\x1b_Gi=31;OK\x1b\\\x1b]11;rgb:")
    terminal.type("1111/1111/1111\x1b\\ ")
    terminal.wait_for("line 30,")
    terminal.leave()


def test_type_frees_its_pictures_on_leaving(open_reader: Open, text_file: Path) -> None:
    terminal = open_reader("type", str(text_file), text="auto", answer=KITTY)
    terminal.wait_until(lambda: "\x1b_Ga=T" in terminal.raw and "rain.txt" in terminal.text, "nothing was drawn")
    for _ in range(3):
        terminal.press(" ")
    terminal.leave()


def _has_come(terminal: Terminal, seen: int) -> bool:
    return "\x1b[?2026l" in terminal.raw[seen:]


def piped(*arguments: str, data: bytes, home: Path) -> subprocess.CompletedProcess[bytes]:
    env = {"PATH": "/usr/bin:/bin", "HOME": str(home), "LANG": "C.UTF-8", **AS_INSTALLED}
    return subprocess.run(
        [sys.executable, "-m", "bpost_tui", "type", *arguments], input=data, capture_output=True, env=env, check=False
    )


def test_type_into_a_pipe_copies_bytes_unchanged(tmp_path: Path) -> None:
    data = LINES.encode() + b"\xff\x00\x1b[2J end without a newline"
    assert piped(data=data, home=tmp_path).stdout == data
    (tmp_path / "a").write_bytes(data)
    assert piped(str(tmp_path / "a"), data=b"", home=tmp_path).stdout == data


def test_type_reports_a_missing_file_in_one_line(tmp_path: Path) -> None:
    done = piped(str(tmp_path / "none"), data=b"", home=tmp_path)
    assert done.returncode == 2
    assert done.stderr.decode().splitlines()[0] == f"bpost: {tmp_path / 'none'}: No such file or directory"


def test_type_shows_piped_text_as_it_comes(open_reader: Open, tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    terminal = open_reader("type", str(path))
    with path.open("wb", buffering=0) as pipe:
        pipe.write(b"first line\n")
        terminal.wait_for("first line")
        pipe.write(b"second line\nthird ")
        terminal.wait_for("first line", "second line")
        assert "third" not in terminal.text
        pipe.write(b"line\n")
        terminal.wait_for("third line")
        terminal.leave()


def test_type_limits_endless_text_and_answers_keys(open_reader: Open, tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    terminal = open_reader("type", str(path))

    def write() -> None:
        with suppress(BrokenPipeError), path.open("wb", buffering=0) as pipe:
            while True:
                pipe.write(b"y\n" * 1000)

    writer = Thread(target=write)
    writer.start()
    terminal.wait_for("Space: next page")
    terminal.type("G")
    terminal.wait_for("100%", "only the first 50,000 lines are shown")
    terminal.leave()
    writer.join()


def test_type_refuses_a_binary_file_in_one_line(open_reader: Open, tmp_path: Path) -> None:
    path = tmp_path / "picture"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    terminal = open_reader("type", str(path))
    assert terminal.end() == 2
    assert f"{path}: this isn't text" in terminal.raw and "?1049h" not in terminal.raw


def test_type_without_a_terminal_for_keys_is_refused_in_one_line(open_reader: Open, text_file: Path) -> None:
    terminal = open_reader("type", str(text_file), controlling=False)
    assert terminal.end() == 2
    assert "bpost: /dev/tty: No such device or address" in terminal.raw and "?1049h" not in terminal.raw


def test_markdown_is_typeset_as_a_story(open_reader: Open, tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(
        "# Rain\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n<script>alert(1)</script> **bold**\n", encoding="utf-8"
    )
    terminal: Terminal = open_reader("type", "--markdown", str(path))
    terminal.wait_for("Rain", "one", "bold", "a.md")
    assert not {"#", "**", "|", "alert"} & set(re.split(r"\s+", terminal.text))
    terminal.leave()


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="needs Linux's /proc")
def test_markdown_is_read_in_the_parser_process(open_reader: Open, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# Rain\n\n<b>wet</b>\n", encoding="utf-8")
    terminal = open_reader("type", "--markdown", str(tmp_path / "a.md"))
    terminal.wait_for("Rain", "wet")
    assert "selectolax" not in Path(f"/proc/{terminal.process.pid}/maps").read_text(encoding="utf-8")
    assert not terminal.children()
    terminal.leave()


def test_markdown_that_takes_too_much_memory_is_refused_in_one_line(open_reader: Open, tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("- a\n" * 500_000, encoding="utf-8")
    terminal = open_reader("type", "--markdown", str(path))
    terminal.wait_until(lambda: terminal.process.poll() is not None, "it went on", 90)
    assert terminal.end() == 4
    assert f"{path}: " in terminal.raw and "?1049h" not in terminal.raw


def test_type_sanitizes_names_lines_and_typed_words(open_reader: Open, tmp_path: Path) -> None:
    foreign = "\x9b31m\u202e\U000e0041\U000f0041\U00100041\u2028"
    path = tmp_path / f"notes\x1b[1;1H\x1b[41m\x1b]8;;http:evil.test\x1b\\{foreign}.txt"
    path.write_text(f"first{foreign}line\n\x1b\x1b[31m[5;5Hsecond\tline\f\n\n  third\n", encoding="utf-8")
    terminal = open_reader("type", str(path))
    terminal.wait_for("first31m line", "second", "notes[1;1H", "  third")
    terminal.type(f"/second{foreign}\r")
    terminal.wait_for("Nothing found: second31m")
    terminal.type("y")
    terminal.wait_for("Page copied")
    copied = re.findall(r"\x1b\]52;c;([A-Za-z0-9+/=]+)\x07", terminal.raw)
    shown = terminal.raw + b64decode(copied[0]).decode()
    assert not set(foreign.replace("31m", "")) & set(shown)
    assert "\x1b[41m" not in shown and "\x1b]8" not in shown and "\x1b[5;5H" not in shown
    terminal.leave()


def test_type_names_fonts_to_install_for_missing_scripts(open_reader: Open, tmp_path: Path) -> None:
    path, no_fonts = tmp_path / "a.txt", tmp_path / "fonts.conf"
    path.write_text("বৃষ্টি 漢 𐐀\n" + "বৃষ্টি\n" * 60, encoding="utf-8")
    no_fonts.write_text("<fontconfig/>", encoding="utf-8")
    terminal = open_reader("type", str(path), text="auto", answer=KITTY, size=(160, 30), env={"FONTCONFIG_FILE": str(no_fonts)})
    terminal.wait_for("No font here has letters of CJK, Deseret: install", "(in Debian fonts-noto-cjk, fonts-noto-core).")
    terminal.type("G")
    terminal.wait_for("q: back")
    terminal.leave()


def test_hundredth_page_in_kitty_names_pictures_in_every_row(open_reader: Open, tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text("".join(f"কলকাতায় বৃষ্টি {number}\n" for number in range(4000)), encoding="utf-8")
    terminal = open_reader("type", str(path), "-w", "90", text="auto", answer=KITTY)
    terminal.wait_until(lambda: "\x1b_Ga=T" in terminal.raw and "long.txt" in terminal.text, "nothing was drawn")
    for _ in range(100):
        seen = len(terminal.raw)
        terminal.type(" ")
        terminal.wait_until(partial(_has_come, terminal, seen), "no page came")
        frame = terminal.raw[terminal.raw.rindex("\x1b[?2026h") :]
        assert all(f"\x1b[{row};1H" in frame for row in range(1, 30))
        repeats = map(int, re.findall("\U0010eeee..\x1b\\[(\\d+)b", frame))
        assert frame.count("\U0010eeee") + sum(repeats) > 29 * 12, "rows of a page are blank"
    terminal.leave()
