from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bpost_tui.atomic import write_whole
from bpost_tui.kept_page import MAX_BYTES, Page, folder_of, packed, path_of, read, settled, start_of, started_with, state
from bpost_tui.model.story import ListFilter, Story
from bpost_tui.paths import folders
from bpost_tui.store.library import Library
from bpost_tui.terminal.replies import answers
from tests.benchmarks.terminal import ANSWERS

NOW = datetime(2026, 11, 26, tzinfo=UTC)
PAGE = Page(b"start", b"\x1b[?62;c", b"frame" * 1000, b"", [(b"/a", b"#1 2 3 4 5"), (b"/b", b"=x\0y.")])
STORY = Story(guid="1", title="খবর", link=None, author="", published=NOW, categories=(), tags=(), excerpt="", blocks=(), full=True)
ENVIRON = {"HOME": "/home/me", "TERM": "xterm-256color", "LANG": "bn_IN"}
WINDOW = (100, 30, 1000, 600)


def fields(page: Page | None) -> object:
    return None if page is None else vars(page)


def test_page_is_read_as_it_was_packed(tmp_path: Path) -> None:
    write_whole(tmp_path / "a.page", packed(PAGE))
    assert fields(read(str(tmp_path / "a.page"))) == fields(PAGE)


def test_page_that_was_cut_anywhere_or_has_another_byte_is_none(tmp_path: Path) -> None:
    data, path = packed(PAGE), tmp_path / "a.page"
    for at in (*range(120), *range(120, len(data), 301)):
        write_whole(path, data[:at], sync=False)
        assert read(str(path)) is None, at
        write_whole(path, data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :], sync=False)
        assert read(str(path)) is None, at


def test_page_that_is_too_long_is_none(tmp_path: Path) -> None:
    write_whole(tmp_path / "a.page", packed(Page(b"start", b"", bytes(MAX_BYTES), b"", [])), sync=False)
    assert read(str(tmp_path / "a.page")) is None


@pytest.mark.parametrize("arguments", [[], ["--offline"], ["--data-dir", "here", ""], ["--portal", ""]])
@pytest.mark.parametrize("environ", [ENVIRON, {}])
def test_start_says_what_it_was_made_of(arguments: list[str], environ: dict[str, str]) -> None:
    start = start_of(arguments, environ, "1.0", WINDOW)
    assert start is not None
    assert started_with(start) == ([*WINDOW], os.getcwd() if arguments else "/", environ, arguments)


def test_starts_that_differ_in_anything_that_is_seen_are_others() -> None:
    usual = start_of([], ENVIRON, "1.0", WINDOW)
    others = [
        start_of(["--offline"], ENVIRON, "1.0", WINDOW),
        start_of([], {**ENVIRON, "COLORTERM": "truecolor"}, "1.0", WINDOW),
        start_of([], {**ENVIRON, "KITTY_WINDOW_ID": "1"}, "1.0", WINDOW),
        start_of([], ENVIRON, "1.1", WINDOW),
        start_of([], ENVIRON, "1.0", (100, 30, 1000, 601)),
    ]
    assert len({usual, *others}) == 6
    assert start_of([], {**ENVIRON, "KITTY_WINDOW_ID": "1"}, "1.0", WINDOW) == start_of(
        [], {**ENVIRON, "KITTY_WINDOW_ID": "7"}, "1.0", WINDOW
    )
    assert start_of([], {**ENVIRON, "TMUX": "x"}, "1.0", WINDOW) is None


@pytest.mark.parametrize("state_home", ["", "/elsewhere", " /elsewhere ", "relative"])
def test_folder_is_in_the_state_folder(monkeypatch: pytest.MonkeyPatch, state_home: str) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    monkeypatch.setenv("XDG_STATE_HOME", state_home)
    found = folder_of(os.environ)
    assert found is None or Path(found).parent == folders().state
    assert path_of("/x", b"start") == path_of("/x", b"start") != path_of("/x", b"other")


def test_settled_answers_are_the_same_wherever_the_cursor_stood() -> None:
    usual = answers(b"j" + ANSWERS["kitty"] + b"\r")
    assert usual == ANSWERS["kitty"]
    moved = usual.replace(b"\x1b[1;", b"\x1b[17;")
    assert moved != usual
    assert settled(moved, has_px=True) == settled(usual, has_px=True)
    assert settled(usual, has_px=True) in settled(b"j" + moved + b"\x1b[A", has_px=True)
    assert settled(usual, has_px=True) != settled(usual.replace(b";4R", b";5R"), has_px=True)
    area = usual + b"\x1b[4;600;1000t"
    assert settled(area, has_px=True) == settled(usual + b"\x1b[4;700;1000t", has_px=True)
    assert settled(area, has_px=False) != settled(usual + b"\x1b[4;700;1000t", has_px=False)


def test_a_text_is_known_by_its_letters_and_another_file_by_its_time(tmp_path: Path) -> None:
    file = tmp_path / "file"
    name = os.fsencode(file)
    assert state(name, is_text=True) == b"="
    assert state(name, is_text=False) == b"#"
    file.write_bytes(b"")
    assert state(name, is_text=True) != b"="
    assert state(name, is_text=False) == b"#"  # an empty log says nothing
    file.write_bytes(b"one")
    text, other = state(name, is_text=True), state(name, is_text=False)
    time.sleep(0.03)
    times = file.stat()
    file.write_bytes(b"two")
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert state(name, is_text=True) != text
    assert state(name, is_text=False) != other
    file.write_bytes(bytes(70_000))
    with pytest.raises(ValueError, match="file"):
        state(name, is_text=True)


def test_whatever_is_written_into_a_library_is_seen_though_it_is_in_its_log_only(tmp_path: Path) -> None:
    with Library(tmp_path) as library:
        library.save([STORY], now=NOW)
    paths = [os.fsencode(tmp_path / f"{name}.db{part}") for name in ("stories", "reader") for part in ("", "-wal", "-journal")]
    page = Page(b"", b"", b"", b"", [(path, state(path, is_text=False)) for path in paths])
    with Library(tmp_path) as library:  # who only reads changes nothing
        library.headlines(ListFilter(), limit=1)
        assert page.is_true()
    assert page.is_true()
    time.sleep(0.03)
    with closing(sqlite3.connect(tmp_path / "stories.db")) as other, Library(tmp_path) as library:
        other.execute("SELECT count(*) FROM stories").fetchone()  # keeps the log from being emptied
        library.mark("starred", [1], True, now=NOW)
        assert not page.is_true()
    assert not page.is_true()
