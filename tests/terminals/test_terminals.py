"""Tests of real terminals: the render mode that bpost chooses, straight edges, and readable text."""

from __future__ import annotations

import difflib
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from PIL import Image

from tests.terminals.story_picture import mask
from tests.terminals.terminal_emulators import Terminal, read, require, running, wait_until

pytestmark = pytest.mark.terminal

SPECIMEN = Path(__file__).with_name("specimen_sheet.py")
EDGE, DIALOGUE = (255, 0, 255), (0, 255, 0)
INK, HEADLINE = (230, 230, 220), (255, 225, 150)
NEAR = 60
"""Tolerance of a colour channel (0 to 255) of a pixel."""
LINES = "মেদিনীপুর শহরের স্কুলে স্কুলে আজ থেকে শুরু হল গ্রীষ্মের ছুটি। জেলা প্রশাসন জানিয়েছে, তীব্র গরমের কারণে"

RENDER_MODES = {
    "kitty": "kitty octant",
    "konsole": "iterm2 sextant",
    "foot": "sixel octant",
    "xterm-sixel": "sixel quadrant",
    "xterm.js": "sixel quarter",
    "xterm.js-plain": "mosaic quarter",
    "xterm": "mosaic quadrant",
    "alacritty": "mosaic sextant",
    "xfce4-terminal": "mosaic octant",
    "st": "mosaic quadrant",
}
CRAMPED = ("xterm", "st")
"""Terminals whose windows are too small for block characters, so that bpost uses them only if the reader chooses them."""
PIXELS = [name for name, render_mode in RENDER_MODES.items() if not render_mode.startswith("mosaic")]


@contextmanager
def specimen(
    terminal: str, *arguments: str, around: list[str] | None = None, has_signs: bool = False
) -> Iterator[tuple[Terminal, Path]]:
    require(terminal, *(around or [])[:1])
    with tempfile.TemporaryDirectory(prefix="bp", ignore_cleanup_errors=True) as name:  # pytest's own is too deep for a socket
        state = Path(name, "state")
        env = {"SPECIMEN_STATE": str(state), "COLORTERM": "truecolor", "SPECIMEN_SIGNS": "1" * has_signs}
        with running(terminal, [*(around or []), sys.executable, str(SPECIMEN), *arguments], env, Path(name)) as shown:
            wait_until(lambda: last_step(state).endswith("ready"), "the specimen is drawn")
            yield shown, state


def last_step(state: Path) -> str:
    return state.read_text(encoding="utf-8") if state.exists() else ""


def is_scrolled(state: Path, rows: int) -> bool:
    _, _, scrolled = last_step(state).partition("scrolled ")
    return scrolled.isdigit() and int(scrolled) >= rows


def columns_of(picture: Image.Image, colour: tuple[int, int, int]) -> Counter[int]:
    """Map each column of the picture that has pixels of `colour` to their number."""
    turned = mask(picture, colour, NEAR).transpose(Image.Transpose.TRANSPOSE)
    raw, height = turned.tobytes(), turned.width
    counts = {column: raw.count(255, column * height, (column + 1) * height) for column in range(turned.height)}
    return Counter({column: count for column, count in counts.items() if count})


def assert_edges_straight(picture: Image.Image, colour: tuple[int, int, int] = EDGE) -> tuple[int, int]:
    """Check that pixels of `colour` form a box: two vertical lines, and the lines that join them. Return the columns of the two."""
    columns = columns_of(picture, colour)
    level = sorted(columns.values())[len(columns) // 2]  # the edges above and below, present in every column
    upright = [column for column, count in columns.items() if count > max(40, 4 * level)]
    assert upright, "no upright edge"
    left, right = min(upright), max(upright)
    middle = (left + right) // 2
    assert max(c for c in upright if c <= middle) - left < 12, "the left edge isn't straight"
    assert right - min(c for c in upright if c > middle) < 12, "the right edge isn't straight"
    # no pixel of the edge's colour is outside, or between its lines except in those above and below
    assert min(columns) >= left - 12
    assert max(columns) <= right + 12
    strayed = [column for column, count in columns.items() if left + 12 < column < right - 12 and count > level + 2]
    assert not strayed, f"pieces of an edge at {strayed[:9]}"
    return left, right


@pytest.mark.parametrize("terminal", RENDER_MODES)
def test_terminal_keeps_edges_straight_while_type_scrolls(terminal: str) -> None:
    with specimen(terminal, *(("mosaic",) if terminal in CRAMPED else ())) as (shown, state):
        assert last_step(state) == f"{RENDER_MODES[terminal]} ready"
        shown.settled()
        for rows in (1, 2, 3):
            shown.press("j", partial(is_scrolled, state, rows), f"it scrolled {rows} rows")
        picture = shown.settled()
        left, right = assert_edges_straight(picture)
        ink = columns_of(picture, INK) + columns_of(picture, HEADLINE)
        assert sum(count for column, count in ink.items() if left < column < right) > 500
        shown.press("m", lambda: last_step(state).endswith("dialogue"), "the dialogue is drawn")
        assert_edges_straight(shown.settled(), DIALOGUE)


@pytest.mark.parametrize("terminal", ["xterm.js", "xterm.js-plain", "xterm.js-unicode6"])
def test_signs_of_doubtful_width_move_no_edge(terminal: str) -> None:
    with specimen(terminal, has_signs=True) as (shown, state):
        assert_edges_straight(shown.settled())
        shown.press("j", partial(is_scrolled, state, 1), "it scrolled a row")
        assert_edges_straight(shown.settled())


@pytest.mark.parametrize("terminal", PIXELS)
def test_terminal_with_pictures_shows_readable_type(terminal: str) -> None:
    with specimen(terminal) as (shown, _):
        picture = shown.settled()
        left, right = assert_edges_straight(picture)
        seen = read(picture.crop((left + 4, 40, right - 14, picture.height)))
    assert likeness(seen, LINES) > 0.8


@pytest.mark.parametrize("terminal", ["kitty", "xfce4-terminal", "alacritty", "st"])
def test_cells_keep_edges_straight(terminal: str) -> None:
    with specimen(terminal, "cells") as (shown, state):
        assert last_step(state).startswith("cells")
        assert_edges_straight(shown.settled())


@pytest.mark.parametrize("terminal", ["kitty", "foot", "konsole", "alacritty", "xterm", "xfce4-terminal", "st"])
def test_cells_inside_tmux_keep_edges_straight(terminal: str) -> None:
    tmux = ["tmux", "-L", f"bpost{os.getpid()}{terminal}", "-f", os.devnull]  # a server keeps its first environment
    try:
        with specimen(terminal, "cells", around=[*tmux, "new-session"]) as (shown, state):
            assert last_step(state).startswith("cells")
            shown.settled()  # a window may get its size this late
            for rows in (1, 2):
                shown.press("j", partial(is_scrolled, state, rows), f"it scrolled {rows} rows")
                assert_edges_straight(shown.settled())
            subprocess.run([*tmux, "refresh-client"], check=True)  # drawn again from tmux's own copy of the screen
            assert_edges_straight(shown.settled())
    finally:
        subprocess.run([*tmux, "kill-server"], check=False)


def test_pictures_through_tmux_show_readable_type(tmp_path: Path) -> None:
    config = tmp_path / "tmux.conf"
    config.write_text("set -g allow-passthrough on\nset -as terminal-features ',xterm-kitty:RGB'\n", encoding="utf-8")
    tmux = ["tmux", "-L", f"bpost{os.getpid()}", "-f", str(config)]
    try:
        with specimen("kitty", around=[*tmux, "new-session"]) as (shown, state):
            assert last_step(state).startswith("kitty")
            picture = shown.settled()
            left, right = assert_edges_straight(picture)
            seen = read(picture.crop((left + 4, 40, right - 14, picture.height)))
    finally:
        subprocess.run([*tmux, "kill-server"], check=False)
    assert likeness(seen, LINES) > 0.8


def likeness(seen: str, wanted: str) -> float:
    """Return the share of `wanted` that is in `seen`, in the same order."""
    matcher = difflib.SequenceMatcher(None, "".join(wanted.split()), "".join(seen.split()), autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks()) / len("".join(wanted.split()))
