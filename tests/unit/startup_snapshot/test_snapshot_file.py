from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bpost_tui.atomic import write_whole
from bpost_tui.model.story import ListFilter, Story
from bpost_tui.paths import folders
from bpost_tui.startup_snapshot.snapshot_file import (
    MAX_BYTES,
    SnapshotFile,
    comparable_answers,
    file_state,
    find,
    path_of,
    read,
    snapshot_folder,
    start_key,
)
from bpost_tui.store.library import Library
from bpost_tui.typesetting.terminal.replies import answers
from tests.benchmarks.stopwatch_terminal import ANSWERS

NOW = datetime(2026, 11, 26, tzinfo=UTC)
PAGE = SnapshotFile(b"start", b"\x1b[c", b"\x1b[?62;c", b"frame" * 1000, b"", [(b"/a", b"1 2 3 4 5"), (b"/b", b"")])
STORY = Story(guid="1", title="খবর", link=None, author="", published=NOW, categories=(), tags=(), excerpt="", blocks=(), full=True)
ENVIRON = {"HOME": "/home/me", "TERM": "xterm-256color", "LANG": "bn_IN"}
WINDOW = (100, 30, 1000, 600)
NAMES = ("TERM", "LANG", "KITTY_WINDOW_ID?")


def fields(page: SnapshotFile | None) -> object:
    return None if page is None else vars(page)


def test_snapshot_file_survives_a_round_trip(tmp_path: Path) -> None:
    write_whole(tmp_path / "a.page", PAGE.packed())
    assert fields(read(str(tmp_path / "a.page"))) == fields(PAGE)


def test_damaged_snapshot_file_is_ignored(tmp_path: Path) -> None:
    data, path = PAGE.packed(), tmp_path / "a.page"
    for at in (*range(120), *range(120, len(data), 301)):
        write_whole(path, data[:at], sync=False)
        assert read(str(path)) is None, at
        write_whole(path, data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :], sync=False)
        assert read(str(path)) is None, at


def test_too_large_snapshot_file_is_ignored(tmp_path: Path) -> None:
    write_whole(tmp_path / "a.page", SnapshotFile(b"start", b"", b"", bytes(MAX_BYTES), b"", []).packed(), sync=False)
    assert read(str(tmp_path / "a.page")) is None


def test_snapshot_is_found_by_an_equal_start(tmp_path: Path) -> None:
    kept = SnapshotFile(start_key([], ENVIRON, "1.0", WINDOW, NAMES), b"", b"", b"", b"", [])
    write_whole(Path(path_of(str(tmp_path), kept.start)), kept.packed())
    write_whole(tmp_path / "other.page", PAGE.packed())

    def is_found(arguments: list[str], environ: dict[str, str], version: str = "1.0", window: tuple[int, ...] = WINDOW) -> bool:
        found = find(str(tmp_path), arguments, environ, version, window)
        assert found is None or fields(found) == fields(kept)
        return found is not None

    assert is_found([], {**ENVIRON, "OTHER": "1", "KITTY_WINDOW_ID": ""})
    assert not is_found(["--offline"], ENVIRON)
    assert not is_found([], {**ENVIRON, "LANG": "bn_BD"})
    assert not is_found([], {"TERM": ENVIRON["TERM"]})
    assert not is_found([], {**ENVIRON, "KITTY_WINDOW_ID": "1"})
    assert not is_found([], ENVIRON, "1.1")
    assert not is_found([], ENVIRON, window=(100, 30, 1000, 601))


def test_window_variable_counts_only_as_set_or_unset() -> None:
    one, other = ({**ENVIRON, "KITTY_WINDOW_ID": number} for number in "17")
    assert start_key([], one, "1.0", WINDOW, NAMES) == start_key([], other, "1.0", WINDOW, NAMES)


@pytest.mark.parametrize("state_home", ["", "/elsewhere", " /elsewhere ", "relative"])
def test_snapshot_folder_is_in_the_state_folder(monkeypatch: pytest.MonkeyPatch, state_home: str) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    monkeypatch.setenv("XDG_STATE_HOME", state_home)
    found = snapshot_folder(os.environ)
    assert found is None or Path(found).parent == folders().state
    assert path_of("/x", b"start") == path_of("/x", b"start") != path_of("/x", b"other")


def test_settled_replies_are_equal_for_any_cursor_position() -> None:
    usual = answers(b"j" + ANSWERS["kitty"] + b"\r")
    assert usual == ANSWERS["kitty"]
    moved = usual.replace(b"\x1b[1;", b"\x1b[17;")
    assert moved != usual
    assert comparable_answers(moved, has_px=True) == comparable_answers(usual, has_px=True)
    assert comparable_answers(usual, has_px=True) in comparable_answers(b"j" + moved + b"\x1b[A", has_px=True)
    assert comparable_answers(usual, has_px=True) != comparable_answers(usual.replace(b";4R", b";5R"), has_px=True)
    area = usual + b"\x1b[4;600;1000t"
    assert comparable_answers(area, has_px=True) == comparable_answers(usual + b"\x1b[4;700;1000t", has_px=True)
    assert comparable_answers(area, has_px=False) != comparable_answers(usual + b"\x1b[4;700;1000t", has_px=False)


def test_file_state_changes_with_every_write(tmp_path: Path) -> None:
    file = tmp_path / "file"
    path = os.fsencode(file)
    assert file_state(path) == b""
    file.write_bytes(b"")
    assert file_state(path) == b""  # an empty log changes nothing
    file.write_bytes(b"one")
    states = [file_state(path)]
    time.sleep(0.03)
    times = file.stat()
    file.write_bytes(b"two")
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    states.append(file_state(path))
    other = tmp_path / "other"
    other.write_bytes(b"two")
    os.utime(other, ns=(times.st_atime_ns, times.st_mtime_ns))
    other.replace(file)
    states.append(file_state(path))
    assert len({*states, b""}) == 4


def test_library_state_changes_when_only_its_log_was_written(tmp_path: Path) -> None:
    with Library(tmp_path) as library:
        library.save([STORY], now=NOW)
    paths = [os.fsencode(tmp_path / f"{name}.db{part}") for name in ("stories", "reader") for part in ("", "-wal", "-journal")]
    page = SnapshotFile(b"", b"", b"", b"", b"", [(path, file_state(path)) for path in paths])
    with Library(tmp_path) as library:  # who only reads changes nothing
        library.headlines(ListFilter(), limit=1)
        assert page.is_current()
    assert page.is_current()
    time.sleep(0.03)
    with closing(sqlite3.connect(tmp_path / "stories.db")) as other, Library(tmp_path) as library:
        other.execute("SELECT count(*) FROM stories").fetchone()  # an open reader prevents a checkpoint of the log
        library.set_mark("starred", [1], True, now=NOW)
        assert not page.is_current()
    assert not page.is_current()
