"""Tests of the first screen in real terminals: it shows news or the reason for none, and the keys for help and leaving."""

from __future__ import annotations

import os
import re
import shlex
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image, ImageFilter

from bpost_tui.core.themes import bundled_folder, load_themes
from bpost_tui.store.schema.migrations import STORIES
from bpost_tui.typesetting.terminal.capabilities import WindowSize
from bpost_tui.typesetting.terminal.tty import window_size
from tests.clean_environment import AS_INSTALLED, choose_theme
from tests.terminals.story_picture import mask, recognised
from tests.terminals.terminal_emulators import Terminal, Window, require, running, wait_until

pytestmark = pytest.mark.terminal

SIZES = [(40, 12), (80, 24), (110, 32), (160, 45)]
UNDER_X = ["kitty", "konsole", "xterm-sixel", "alacritty", "xfce4-terminal", "st", "xterm.js", "xterm.js-plain"]
ROOMY = Window(12, 40, 12, 1920, 1100)
FOOT = {
    (40, 12): Window(12, pad_x_px=440, pad_y_px=207),
    (80, 24): Window(12, pad_x_px=240, pad_y_px=69),
    (110, 32): Window(8, pad_x_px=310, pad_y_px=88),
}
"""Windows by the (columns, rows) of cells that they leave in the middle of foot, which always fills its screen.

A window of 160 columns is missing, because its font would be unreadable.
"""
READER = """import os, sys
import bpost_tui.typesetting.terminal.probe as probe
probe.REPLY_TIMEOUT_S = probe.SLOW_REPLY_TIMEOUT_S = 20.0
with open(sys.argv[1], "w") as told:
    print(os.ttyname(0), file=told)
del sys.argv[1]
from bpost_tui.__main__ import main
main()"""
"""Python program: the reader, which first writes the path of its terminal, and waits long for the terminal's answers."""
NEWS = "নমুনা সংস্করণ কেন ভেঙে কাগজে কংসাবতী বাংলা প্রথম বুকে দেখে গান বাধা মুখে বার মেদিনীপুরে বৃষ্টি".split()
"""Words of the newest headlines."""
LEAST_NEWS = 2
LEADS_ON = ["Help", "Quit", "another way"]
TITLE = "All papers"
NOWHERE = "127.0.0.1"
"""Address of a portal that can't be reached, so that its name isn't known."""
NO_NEWS = ["Nothing is saved yet", "the sample edition"]
ESCAPES = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]P_].*?(?:\x07|\x1b\\)|[ -/]*[0-~])", re.DOTALL)
BLUR_PX = 2
"""Radius in pixels of a blur as by the eye, for OCR of text in block characters (a mosaic)."""
THEME = load_themes(bundled_folder())[0]["newsprint"]
PAPER, NEAR = THEME.colours["background"], 4
"""Background colour of the window, and the tolerance of its channels (0 to 255)."""
WAIT_S = 30.0
"""Maximum time in seconds until the reader knows that a portal can't be reached, on a busy machine."""
LEAST_BYTES = 3000
"""Minimum number of bytes of the output for a first screen."""


@dataclass
class FirstScreen:
    """First start of the reader in a terminal, with its output since the window got its size."""

    shown: Terminal
    folder: Path
    start: int = 0

    @property
    def log(self) -> Path:
        """File with the whole output to the terminal."""
        return self.folder / "log"

    @property
    def size(self) -> WindowSize:
        """Present size of the reader's terminal."""
        fd = os.open((self.folder / "tty").read_text().strip(), os.O_RDONLY | os.O_NOCTTY)
        try:
            return window_size(fd)
        finally:
            os.close(fd)

    def resize(self, cols: int, rows: int) -> None:
        """Resize the window to `cols` × `rows` cells, unless it has this size already."""
        while (here := self.size)[:2] != (cols, rows):  # again if the size of a cell was a guess
            self.start = self.log.stat().st_size
            width_px, height_px = self.shown.size_px()
            cell_w, cell_h = here.cell_px or (width_px // here.cols, height_px // here.rows)
            self.shown.resize(width_px + (cols - here.cols) * cell_w, height_px + (rows - here.rows) * cell_h)
            wait_until(lambda: self.size[:2] != here[:2], f"it has {cols} columns and {rows} rows")

    @property
    def has_news(self) -> bool:
        """Whether the reader's library has stories."""
        with suppress(sqlite3.Error):  # the library is being made
            for file in self.folder.rglob(STORIES.name):
                with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as db:
                    return bool(db.execute("SELECT 1 FROM stories").fetchone())
        return False

    @property
    def in_cells(self) -> str:
        """Text written to the terminal, on one line."""
        written = self.log.read_bytes()[self.start :]
        _, _, written = written.rpartition(b"COLUMNS=")  # the line is written before the start
        return " ".join(ESCAPES.sub(b" ", written).decode("utf-8", "replace").split())

    def assert_leads_on(self, words: Sequence[str], some: Sequence[str] = (), least: int = 0) -> None:
        """Check that all of `words` and at least `least` of `some` are shown, in the terminal's own text or in its picture."""
        until = time.monotonic() + WAIT_S
        while True:
            self.shown.settled()
            seen = self.in_cells
            for blur_px in (0, BLUR_PX):
                if _has(seen, words, some, least):
                    return
                seen += f" {read(self.shown.settled(), blur_px)}"
            if _has(seen, words, some, least):
                return
            assert time.monotonic() < until, (
                f"at {self.size[:2]}: {[word for word in words if word not in seen]} of {words} in: {seen}"
            )


def _has(seen: str, words: Sequence[str], some: Sequence[str], least: int) -> bool:
    return all(word in seen for word in words) and sum(word in seen for word in some) >= least


def read(picture: Image.Image, blur_px: float) -> str:
    """Return the text that Tesseract reads in the picture of a window, blurred by `blur_px`, on one line."""
    ready = picture.crop(mask(picture, PAPER, NEAR).getbbox()).convert("L").filter(ImageFilter.GaussianBlur(blur_px))
    with tempfile.NamedTemporaryFile(suffix=".png") as file:
        ready.resize((ready.width * 2, ready.height * 2), Image.Resampling.LANCZOS).save(file.name)
        return " ".join(recognised(file.name, "11", "eng+ben").split())


@contextmanager
def started(terminal: str, window: Window, *arguments: str) -> Iterator[FirstScreen]:
    """Start the reader in a terminal with an empty home folder and a log of its output, and yield it."""
    require(terminal, "script")
    with tempfile.TemporaryDirectory(prefix="bp", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        choose_theme(folder, THEME.name)
        command = shlex.join([sys.executable, "-c", READER, str(folder / "tty"), *arguments, "--language", "en"])
        noted = ["script", "--quiet", "--flush", "--log-out", str(folder / "log"), "--command", f"exec {command}"]
        env = {"HOME": str(folder), "COLORTERM": "truecolor", "SHELL": "/bin/sh", **AS_INSTALLED}
        with running(terminal, noted, env, folder, window) as shown:
            first = FirstScreen(shown, folder)
            wait_until(lambda: first.log.exists() and first.log.stat().st_size > LEAST_BYTES, "the reader is drawn")
            yield first


def assert_leads_on(first: FirstScreen) -> None:
    first.assert_leads_on([TITLE, *LEADS_ON], NEWS, LEAST_NEWS)


@pytest.mark.parametrize("terminal", UNDER_X)
def test_first_screen_at_every_size_leads_on(terminal: str) -> None:
    with started(terminal, ROOMY, "demo") as first:
        wait_until(lambda: first.has_news, "the news is there")
        for size in SIZES:
            first.resize(*size)
            assert_leads_on(first)


@pytest.mark.parametrize("size", FOOT)
def test_first_screen_of_foot_leads_on(size: tuple[int, int]) -> None:
    with started("foot", FOOT[size], "demo") as first:
        wait_until(lambda: first.size[:2] == size, "foot fills its screen")
        assert_leads_on(first)


@pytest.mark.parametrize("terminal", ["kitty", "alacritty", "st"])
def test_first_screen_without_news_shows_reason_and_choices(terminal: str) -> None:
    with started(terminal, ROOMY, "--portal", f"http://{NOWHERE}:1") as first:
        for size in SIZES[:3]:
            first.resize(*size)
            first.assert_leads_on([NOWHERE, *LEADS_ON, *NO_NEWS])
