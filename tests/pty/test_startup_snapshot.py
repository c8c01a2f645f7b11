"""Tests of the startup snapshot (the last page): saved on leaving, and shown at the next start unless it is out of date."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bpost_tui.atomic import write_whole
from bpost_tui.core.state.preferences import Preferences
from bpost_tui.startup_snapshot.snapshot_file import pages_in, read
from tests.benchmarks.stopwatch_terminal import ANSWERS
from tests.cli.bpost_process import Bpost
from tests.pty.pty_terminal import Terminal, letters
from tests.pty.reader_internals import PATIENT
from tests.pty.test_reader import Open, wait_for_first_screen, word
from tests.sample_portal.server import SamplePortal

pytestmark = pytest.mark.pty

_MAIN = "from bpost_tui.__main__ import main; main()"
_HELD = """
import sys, time
from pathlib import Path

class Held:
    def find_spec(name, *_):
        if name == "textual":
            Path({reached!r}).touch()
            while not Path({go!r}).exists():
                time.sleep(0.01)

sys.meta_path.insert(0, Held)
"""


class Held:
    """Pause in a start of the reader: it waits before the import of Textual until `go` is called."""

    def __init__(self, folder: Path) -> None:
        self._reached, self._go = folder / "reached", folder / "go"

    def patch(self, more: str = "") -> str:
        self._reached.unlink(missing_ok=True)
        self._go.unlink(missing_ok=True)
        return more + PATIENT + _HELD.format(reached=str(self._reached), go=str(self._go))

    def wait(self, terminal: Terminal) -> None:
        terminal.wait_until(self._reached.exists, "it never came to Textual")
        while terminal.pump(0.1):
            pass

    def go(self) -> None:
        self._go.touch()


BLANK = " \u2007"


@pytest.fixture
def held(tmp_path: Path) -> Held:
    return Held(tmp_path)


def wait_for_app(terminal: Terminal) -> None:
    """Wait until the app itself has drawn its screen, and writes no more."""
    terminal.wait_until(lambda: "\x1b[?1004h" in terminal.raw, "the app never began")
    terminal.wait_until_still()


def lines_of(terminal: Terminal) -> list[str]:
    return terminal.text.splitlines()


def _refresh(tmp_path: Path, edition: SamplePortal) -> None:
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LANG": "C.UTF-8"}
    arguments = ["refresh", "--portal", edition.address, "--data-dir", str(tmp_path / "data")]
    subprocess.run([sys.executable, "-c", f"{PATIENT}{_MAIN}", *arguments], env=env, check=True, capture_output=True)


@pytest.fixture
def kept(open_reader: Open, saved: tuple[str, str], tmp_path: Path) -> Callable[..., str]:
    """Return a function that opens and leaves the reader, waits for the saved page, and returns a part of a headline on it."""

    def keep(*arguments: str, patch: str = "", is_saved: bool = True, **terminal: object) -> str:
        before = _saved_at(tmp_path)
        first = open_reader(*arguments, patch=patch + PATIENT, **terminal)
        wait_for_app(first)
        first.leave("Q")
        if is_saved:
            first.wait_until(lambda: _saved_at(tmp_path) > before, "no page was saved")
        return word(0)

    return keep


def _pages(tmp_path: Path) -> list[Path]:
    return list(map(Path, pages_in(str(tmp_path / ".local/state/bpost/pages"))))


def _saved_at(tmp_path: Path) -> int:
    return max((path.stat().st_mtime_ns for path in _pages(tmp_path)), default=0)


def page(tmp_path: Path) -> Path:
    (path,) = _pages(tmp_path)
    return path


def test_page_shows_before_textual_and_is_taken_over(open_reader: Open, kept: Callable[..., str], held: Held) -> None:
    seen = kept()
    terminal = open_reader(patch=held.patch())
    held.wait(terminal)
    terminal.wait_for(seen)
    assert "ago" not in terminal.text
    on_the_page = len(terminal.raw)
    held.go()
    wait_for_first_screen(terminal)
    terminal.wait_for("ago", seen)
    assert not re.search(r"\x1b\[\?1049[hl]|\x1b\[2?J", terminal.raw[on_the_page:])
    terminal.leave("Q")


@pytest.mark.parametrize("render_mode", ["cells", "mosaic"])
@pytest.mark.parametrize("size", [(100, 30), (140, 40), (80, 24), (60, 16)], ids=str)
def test_page_matches_the_app_except_for_ages_and_day(
    open_reader: Open, kept: Callable[..., str], held: Held, size: tuple[int, int], render_mode: str
) -> None:
    how = {"answer": ANSWERS[render_mode], "text": render_mode, "size": size}
    kept(**how)
    terminal = open_reader(patch=held.patch(), **how)
    held.wait(terminal)
    on_the_page = lines_of(terminal)
    held.go()
    wait_for_app(terminal)
    rows = list(zip(on_the_page, lines_of(terminal), strict=True))
    assert [(row, now) for row, now in rows if row[:12] != now[:12]] == []
    # below the masthead nothing moves: new text appears only on blank cells
    assert [
        (row, now) for row, now in rows[3:] if any(was not in (*BLANK, here) for was, here in zip(row, now, strict=False))
    ] == []
    assert [row for row, _ in rows if row.strip()][2:]


@pytest.mark.parametrize("when", ["before", "on the page"])
def test_keys_typed_at_the_start_take_effect(open_reader: Open, kept: Callable[..., str], held: Held, when: str) -> None:
    kept()
    terminal = open_reader(patch=held.patch(), typed=b"?" if when == "before" else b"")
    held.wait(terminal)
    shown = terminal.text
    if when == "on the page":
        terminal.type("?")
        terminal.pump(0.3)
        assert terminal.text == shown  # no key is echoed
    held.go()
    terminal.wait_for("Type to filter")


def test_enter_typed_on_the_page_opens_the_story(open_reader: Open, kept: Callable[..., str], held: Held) -> None:
    kept()
    terminal = open_reader(patch=held.patch())
    held.wait(terminal)
    terminal.type("\r")
    held.go()
    terminal.wait_for("Next page", "q Back")


_SLOW_LISTS = """
import time
from bpost_tui.core.lists.listings import Listings
read = Listings.read
Listings.read = lambda *arguments: (time.sleep(0.7), read(*arguments))[1]
"""


def test_keys_typed_on_the_page_wait_for_a_slow_list(open_reader: Open, kept: Callable[..., str], held: Held) -> None:
    kept()
    terminal = open_reader(patch=held.patch(_SLOW_LISTS))
    held.wait(terminal)
    terminal.type("j\r")
    held.go()
    terminal.wait_for("Next page", "q Back", word(1))
    assert word(0) not in terminal.text.partition("Back")[0]


def test_page_is_saved_whole_when_its_list_is_slow(open_reader: Open, kept: Callable[..., str], held: Held) -> None:
    seen = kept(patch=_SLOW_LISTS)
    assert is_shown(open_reader(patch=held.patch()), seen, held)


def test_q_typed_on_the_page_leaves(open_reader: Open, kept: Callable[..., str], held: Held) -> None:
    kept()
    terminal = open_reader(patch=held.patch())
    held.wait(terminal)
    terminal.type("Q")
    held.go()
    assert terminal.end() == 0
    terminal.assert_restored()


# ── outdated snapshots ──────────────────────────────────────────────────────


def _mark(tmp_path: Path, edition: SamplePortal) -> None:
    bpost, data = Bpost(tmp_path, edition.address), ("--data-dir", str(tmp_path / "data"))
    bpost.run("mark", "star", str(bpost.json("list", "-n", "1", *data)[0]["id"]), *data)


def _config(tmp_path: Path, edition: SamplePortal) -> None:
    file = tmp_path / ".config/bpost/config.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("bangla_date = false\n")


def _theme(tmp_path: Path, edition: SamplePortal) -> None:
    Preferences(tmp_path / ".local/state/bpost").save(theme="night")


@pytest.mark.parametrize("change", [_mark, _config, _theme])
def test_page_is_not_shown_after_a_change(
    open_reader: Open,
    kept: Callable[..., str],
    held: Held,
    tmp_path: Path,
    edition: SamplePortal,
    change: Callable[[Path, SamplePortal], None],
) -> None:
    seen = kept()
    change(tmp_path, edition)
    assert not is_shown(open_reader(patch=held.patch()), seen, held)


def is_shown(terminal: Terminal, seen: str, held: Held) -> bool:
    """Return whether the saved page with the text `seen` is shown before the app is loaded. Then kill the reader."""
    held.wait(terminal)
    is_there = letters(seen) in terminal.text
    assert is_there == ("\x1b[?2026h" in terminal.raw)
    terminal.process.kill()
    terminal.process.wait()
    return is_there


def test_page_is_not_shown_at_another_start(open_reader: Open, kept: Callable[..., str], held: Held, edition: SamplePortal) -> None:
    seen = kept()
    others: dict[str, dict[str, Any]] = {
        "size": {"size": (101, 30)},
        "colours": {"env": {"COLORTERM": ""}},
        "language": {"env": {"LANG": "bn_IN.UTF-8"}},
        "no colours": {"env": {"NO_COLOR": "1"}},
        "tmux": {"env": {"TMUX": "/nowhere,1,0"}},
        "another portal": {"env": {"BPOST_PORTAL": "https://example.org"}},
        "way of drawing": {"text": "mosaic"},
    }
    for what, other in others.items():
        assert not is_shown(open_reader(patch=held.patch(), **other), seen, held), what
    assert not is_shown(open_reader(patch=held.patch("import bpost_tui; bpost_tui.__version__ = '0'\n")), seen, held)
    assert not is_shown(open_reader("--offline", "--portal", edition.address, patch=held.patch()), seen, held)
    assert is_shown(open_reader(patch=held.patch()), seen, held)


def test_page_from_an_untrusted_or_damaged_file_is_not_shown(
    open_reader: Open, kept: Callable[..., str], held: Held, tmp_path: Path
) -> None:
    seen = kept()
    path, aside = page(tmp_path), tmp_path / "aside"
    data = path.read_bytes()

    def planted() -> None:
        aside.write_bytes(data)
        aside.chmod(0o600)
        path.unlink()
        path.symlink_to(aside)

    def a_pipe() -> None:
        path.unlink()
        os.mkfifo(path, 0o600)

    changes: dict[str, Callable[[], object]] = {
        "cut": lambda: path.write_bytes(data[:-1]),
        "altered": lambda: path.write_bytes(data[:-40] + bytes([data[-40] ^ 1]) + data[-39:]),
        "foreign": lambda: path.write_bytes(b"\x1b]52;c;eA==\x07" * 400),
        "empty": lambda: path.write_bytes(b""),
        "open to all": lambda: path.chmod(0o644),
        "planted": planted,
        "pipe": a_pipe,
    }
    for what, change in changes.items():
        path.unlink(missing_ok=True)
        write_whole(path, data)
        change()
        assert not is_shown(open_reader(patch=held.patch()), seen, held), what
    path.unlink()
    write_whole(path, data)
    assert is_shown(open_reader(patch=held.patch()), seen, held)


def test_page_is_not_shown_when_the_terminal_differs(open_reader: Open, kept: Callable[..., str], held: Held) -> None:
    dark = b"\x1b]11;rgb:0000/0000/0000\x1b\\"
    seen = kept(answer=ANSWERS["cells"])
    same = open_reader(patch=held.patch(), answer=ANSWERS["cells"])
    held.wait(same)
    same.wait_for(seen)
    held.go()
    wait_for_first_screen(same)
    same.leave("Q")
    terminal = open_reader(patch=held.patch(), answer=dark + ANSWERS["cells"])
    held.wait(terminal)
    assert letters(seen) not in terminal.text
    held.go()


@pytest.mark.parametrize("render_mode", ["cells", "kitty"])
def test_page_is_saved_without_requests_or_later_changes(
    kept: Callable[..., str], edition: SamplePortal, tmp_path: Path, render_mode: str
) -> None:
    kept(answer=ANSWERS[render_mode], text="cells" if render_mode == "cells" else "", size=(110, 32))
    requests = len(edition.requests)
    saved = read(str(page(tmp_path)))
    assert saved is not None and saved.is_current() and bool(saved.release) == (render_mode == "kitty")
    time.sleep(0.5)
    assert saved.is_current()
    assert len(edition.requests) == requests


def test_refresh_keeps_the_page_file_but_outdates_it(
    open_reader: Open, kept: Callable[..., str], held: Held, edition: SamplePortal, tmp_path: Path
) -> None:
    seen = kept()
    before = page(tmp_path).read_bytes()
    _refresh(tmp_path, edition)
    assert page(tmp_path).read_bytes() == before
    assert not is_shown(open_reader(patch=held.patch()), seen, held)


def test_page_is_not_saved_when_turned_off(open_reader: Open, kept: Callable[..., str], tmp_path: Path) -> None:
    kept()
    assert page(tmp_path)
    (tmp_path / ".config/bpost").mkdir(parents=True)
    (tmp_path / ".config/bpost/config.toml").write_text("front_page = false\n")
    kept(is_saved=False)
    assert _pages(tmp_path) == []


# ── what stays of it ────────────────────────────────────────────────────────


def test_pictures_of_the_page_are_freed_by_the_first_frame(open_reader: Open, kept: Callable[..., str], held: Held) -> None:
    kept(answer=ANSWERS["kitty"], text="")
    terminal = open_reader(patch=held.patch(), answer=ANSWERS["kitty"], text="")
    held.wait(terminal)
    on_the_page = terminal.pictures()
    assert on_the_page
    held.go()
    terminal.wait_until(lambda: terminal.pictures() - on_the_page, "no frame came")
    terminal.wait_until(lambda: not terminal.pictures() & on_the_page, "a picture is left")
    terminal.leave("Q")
    assert terminal.pictures() == set()


@pytest.mark.parametrize("how", ["fails", "SIGTERM", "SIGINT", "Ctrl+C"])
def test_failed_start_removes_the_page_from_the_screen(open_reader: Open, kept: Callable[..., str], held: Held, how: str) -> None:
    kept(answer=ANSWERS["kitty"], text="")
    bad = "def bad(*_, **__): raise RuntimeError\nimport bpost_tui.typesetting.terminal.probe as place; place.Probe.finish = bad\n"
    terminal = open_reader(patch=held.patch(bad if how == "fails" else ""), answer=ANSWERS["kitty"], text="")
    held.wait(terminal)
    assert terminal.pictures()
    if how == "fails":
        held.go()
    elif how == "Ctrl+C":
        terminal.type("\x03")
    else:
        terminal.signal(getattr(signal, how))
    assert terminal.end() == {"fails": 70, "SIGTERM": 143}.get(how, 130)
    assert terminal.pictures() == set()
    terminal.assert_restored(printed=how == "fails")
