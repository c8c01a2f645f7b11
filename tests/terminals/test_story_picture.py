"""Tests of the reader in real terminals: a story of the sample edition is readable, and the rules of the panes are straight."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from bpost_tui.bengali.bengali_script import BENGALI
from bpost_tui.config import SAMPLE_NAME
from bpost_tui.core import templates
from bpost_tui.core.themes import ReaderTheme, bundled_folder, load_themes
from bpost_tui.i18n import Language
from bpost_tui.model.blocks import Heading, Paragraph, Table
from bpost_tui.model.blocks import Image as ImageBlock
from bpost_tui.model.story import ListFilter, SavedStory
from bpost_tui.store.library import Library
from bpost_tui.typesetting.terminal.capabilities import Mosaic
from bpost_tui.typesetting.typeset.fonts import load_fonts
from bpost_tui.typesetting.typeset.items import Pair, Para, Run
from bpost_tui.typesetting.typeset.mosaic_dots import dot_sizes
from bpost_tui.typesetting.typeset.pixel_typesetter import PixelTypesetter
from tests.clean_environment import AS_INSTALLED, choose_theme
from tests.sample_portal.server import SamplePortal
from tests.terminals.story_picture import (
    Colour,
    Span,
    by_chromium,
    error_rate,
    lines_of,
    mask,
    normal,
    read,
    recall,
    rules_across,
    rules_down,
    story_pane,
    weight,
)
from tests.terminals.terminal_emulators import USUAL, Terminal, Window, require, running, wait_until

pytestmark = pytest.mark.terminal

PIXELS = ["kitty", "foot", "konsole", "xterm-sixel", "xterm.js"]
MOSAIC = {
    "alacritty": Window(5, 320, 84, 1920, 1000),
    "xfce4-terminal": Window(5, 320, 84, 1920, 1000),
    "st-small": Window(8, 380, 98, 1920, 1000),
}
"""Windows by terminal, with cells small enough for several panes in block characters."""
READ_IN_MOSAIC = {
    "alacritty": (Window(12, 110, 32), Mosaic.SEXTANT, 7, 0.80),
    "xfce4-terminal": (Window(12, 110, 32), Mosaic.OCTANT, 8, 0.85),
    "xterm.js-plain": (Window(12, 110, 32), Mosaic.QUARTER, 5, 0.80),
    "st-small": (Window(18, 140, 44, 1920, 1000), Mosaic.QUADRANT, 6, 0.80),
}
"""By terminal: (window with usual cells, block characters, lines of text on a page, minimum share of words that OCR finds)."""
BESIDE_HEADLINES = (8, 15)
"""Numbers of cells left of a headline in a list, for the dot, and right of it, for the age and the scroll bar."""
TELLING_WORDS, LEAST_HEADLINES = 2, 6
"""Number of words that identify a headline of the sample edition; minimum number of headlines in a window."""
EM = 0.9
"""Font size in block characters, as a share of the distance between lines."""
LARGE_PX = 50
"""Font size in pixels that Tesseract reads best."""
TELL_TERMINAL = """import os, sys
with open(sys.argv[1], "w") as told:
    print(os.ttyname(0), file=told)
os.execv(sys.executable, [sys.executable, *sys.argv[2:]])"""
GRIDS = {**dict.fromkeys(PIXELS, USUAL), **MOSAIC, "st": Window(12, 188, 42, 1920, 1000)}
del GRIDS["st-small"]  # at its size the strokes of type have the rules' colour at their edges
WITHOUT_CELLS = {"xterm.js"}
"""Terminals whose key `T` doesn't offer the mode `cells`, because a Bengali sign moves the rest of its row."""
TWO_PANES_COLS = 80
"""Minimum width in columns, in the render mode `cells`, of a window with more than one pane."""
HIGH_ROWS = 30
"""Minimum height in rows, in the render modes `pixels` and `cells`, of a window with a line above the footer."""
LEAST_READ = 150
DAY = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
"""Date of the sample edition, which its datelines name. It is fixed, so that each run reads the same words."""
PIXEL_ERROR, THAN_CHROMIUM = 0.05, 1.25
SAME_WEIGHT = 0.1
"""Allowed difference of the ink from the browser's, whose sub-heads aren't bold; kitty's own blending makes it 0.18 less."""
PITCH = 1.5
PAGES = ("the body is drawn", "a page on")
PATIENT_READER = (
    "import bpost_tui.typesetting.terminal.probe as probe; probe.REPLY_TIMEOUT_S = probe.SLOW_REPLY_TIMEOUT_S = 20.0; "
    "from bpost_tui.__main__ import main; main()"
)
"""Python program: the reader, which waits long for the terminal's answers. Without answers, it would use the mode `cells`."""


@dataclass(frozen=True)
class Edition:
    """Saved sample edition, and the longest of its stories."""

    address: str
    folder: Path
    story: int
    text: str
    headlines: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """Reader that is open in a terminal."""

    shown: Terminal
    device: str
    """Path of the terminal's device file."""
    cell_px: tuple[int, int]

    def has_lower_rule(self, mode: str) -> bool:
        """Return whether a line is drawn above the footer. In a low window of pixels or cells, it would cost a line of text."""
        return mode == "mosaic" or size_of(self.device)[1] >= HIGH_ROWS

    def press(self, key: str, what: str) -> Image.Image:
        """Press a key that changes the screen, and return the final picture; `what` names the change if it doesn't come."""
        before = self.shown.settled().tobytes()
        self.shown.press(key, lambda: self.shown.picture().tobytes() != before, what)
        return self.shown.settled()

    def page_down(self, what: str) -> Image.Image:
        """Scroll the story by a page, and return the picture once the story's pane has changed. Status messages don't count."""
        before = _story_part(self.shown.settled())
        self.shown.press("Page_Down", lambda: _story_part(self.shown.picture()) != before, what)
        return self.shown.settled()


def _story_part(picture: Image.Image) -> bytes:
    """Return the pixels inside the story's pane, which is at the right, away from its edges."""
    width, height = picture.size
    return picture.crop((width * 6 // 10, height * 3 // 10, width * 9 // 10, height * 8 // 10)).tobytes()


@pytest.fixture(scope="module")
def edition() -> Iterator[Edition]:
    folder = Path(tempfile.mkdtemp(prefix="bp"))
    with SamplePortal(DAY) as portal:
        common = ["--portal", portal.address, "--data-dir", str(folder)]
        env = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8", **AS_INSTALLED}
        for much in (("--pages", "all"), ()):  # only the first page names the paper, whose name mustn't change later
            subprocess.run([sys.executable, "-m", "bpost_tui", *common, "refresh", *much], env=env, check=True, capture_output=True)
        library = next(folder.rglob("stories.db")).parent
        with Library(library, read_only=True) as saved:
            story = max((saved.story(number) for number in range(1, 17)), key=prose)
            headlines = tuple(normal(row.title) for row in saved.headlines(ListFilter(), limit=99))
        yield Edition(portal.address, folder, story.headline.id, text_of(story), headlines)
    shutil.rmtree(folder)


def prose(story: SavedStory) -> int:
    """Return the number of paragraphs and headings before a story's first other block, ignoring pictures.

    Return 0 if the story has a table, because a table also has vertical rules.
    """
    if any(isinstance(block, Table) for block in story.blocks):
        return 0
    kinds = [type(block) for block in story.blocks if not isinstance(block, ImageBlock)]
    return next((at for at, kind in enumerate(kinds) if kind not in (Paragraph, Heading)), len(kinds))


def text_of(story: SavedStory) -> str:
    """Return all words on the page of a story, in order."""
    items = templates.story(story, Language("bn"), paper=Language("bn").text(SAMPLE_NAME))
    runs = [
        (*item.marker, Run(" "), *item.runs) if isinstance(item, Para) else item.left if isinstance(item, Pair) else ()
        for item in items
    ]
    return normal(" ".join("".join(run.text for run in line) for line in runs))


@contextmanager
def reading(terminal: str, edition: Edition, window: Window = USUAL, *, language: str = "bn") -> Iterator[Reading]:
    """Open the story of `edition` in a terminal, with its own home folder, and yield the open reader."""
    require(terminal)
    with tempfile.TemporaryDirectory(prefix="bp", ignore_cleanup_errors=True) as name:
        home = Path(name)
        shutil.copytree(edition.folder, home / "data")
        choose_theme(home, themes()[0].name)
        reader = ["-c", PATIENT_READER, "--portal", edition.address, "--data-dir", str(home / "data"), "--language", language]
        command = [sys.executable, "-c", TELL_TERMINAL, str(home / "terminal"), *reader, "read", str(edition.story)]
        with running(terminal, command, {"HOME": str(home), "COLORTERM": "truecolor", **AS_INSTALLED}, home, window) as shown:
            wait_until(lambda: len(rules_across(shown.picture(), themes()[0].inks["rule"])) >= 2, "the reader is drawn")
            picture, device = shown.settled(), (home / "terminal").read_text().strip()
            yield Reading(shown, device, cell_of(picture, *size_of(device)))


def size_of(terminal: str) -> tuple[int, int]:
    """Return the present columns and rows of the terminal at a path. (foot's window gets its size after the program's start.)"""
    fd = os.open(terminal, os.O_RDONLY | os.O_NOCTTY)
    try:
        size = os.get_terminal_size(fd)
        return size.columns, size.lines
    finally:
        os.close(fd)


def themes() -> list[ReaderTheme]:
    """Return the theme used at the start, and the next theme in the list of themes."""
    every = list(load_themes(bundled_folder())[0].values())
    at = next(at for at, theme in enumerate(every) if theme.name == "newsprint")
    return [every[at], every[(at + 1) % len(every)]]


def cell_of(picture: Image.Image, cols: int, rows: int) -> tuple[int, int]:
    """Return the width and height of a cell in pixels, measured in a picture, because not all terminals report it."""
    across = rules_across(picture, themes()[0].inks["rule"])[0]
    top, bottom = extent(picture, across.start + 2, ground())
    return round(across.length / cols), round((bottom - top) / rows)


def extent(picture: Image.Image, column: int, colour: Colour) -> tuple[int, int]:
    """Return the first row with `colour` in a column of pixels, and the row after the last."""
    box = mask(picture.crop((column, 0, column + 1, picture.height)), colour, 4).getbbox()
    assert box is not None
    return box[1], box[3]


def ground() -> Colour:
    return themes()[0].colours["background"]


def body_of(picture: Image.Image, cell_px: tuple[int, int], *, pitch_px: float | None = None) -> list[Image.Image]:
    """Return pictures of the lines of text in the story's pane, without the bar beside a quotation, which would join its lines."""
    paper = themes()[0]
    pane = story_pane(picture, paper.inks["rule"], paper.inks["accent"], cell_px)
    for bar in rules_down(pane, paper.inks["accent"], 2 * cell_px[1]):
        pane.paste(ground(), (bar.at - 1, bar.start, bar.at + cell_px[0], bar.end))
    return lines_of(pane, ground(), pitch_px=pitch_px)


@pytest.mark.parametrize("terminal", PIXELS)
def test_story_in_pixels_is_as_readable_as_in_a_browser(
    terminal: str, edition: Edition, record_property: Callable[[str, object], None]
) -> None:
    with reading(terminal, edition) as reader:
        body = [line for what in PAGES for line in body_of(reader.page_down(what), reader.cell_px)]
    error, shown_lines = error_rate(read(body), edition.text)
    type_px = PixelTypesetter(load_fonts(BENGALI), *reader.cell_px)
    paper = themes()[0]
    browser = by_chromium(
        shown_lines,
        px=type_px.em_cells * reader.cell_px[0],
        pitch=PITCH,
        width_px=max(line.width for line in body),
        ink=paper.inks["text"],
        ground=ground(),
    )
    set_lines = lines_of(browser, ground())
    floor, _ = error_rate(read(set_lines), " ".join(shown_lines))
    heavier = weight(body, ground()) / weight(set_lines, ground())
    record_property("error", error)
    record_property("chromium", floor)
    print(f"{terminal} pixels {error:.3f} chromium {floor:.3f} of {len(' '.join(shown_lines))}, weight {heavier:.2f}")
    assert len(" ".join(shown_lines)) > LEAST_READ
    assert error <= PIXEL_ERROR
    assert error <= THAN_CHROMIUM * floor
    assert abs(heavier - 1) <= SAME_WEIGHT


@pytest.mark.parametrize("terminal", READ_IN_MOSAIC)
def test_story_in_a_mosaic_is_readable(terminal: str, edition: Edition) -> None:
    window, mosaic, least_lines, least_recall = READ_IN_MOSAIC[terminal]
    with reading(terminal, edition, window, language="en") as reader:
        reader.page_down("the body is drawn")
        pages = [reader.page_down(f"page {number}") for number in range(2, 5)]
    pitch_px = dot_sizes(mosaic.across, mosaic.down).pitch * reader.cell_px[1] / mosaic.down
    bodies = [body_of(page, reader.cell_px, pitch_px=pitch_px) for page in pages]
    seen = read([line for body in bodies for line in body], scale=LARGE_PX / (pitch_px * EM), blur_px=2)
    error, shown_lines = error_rate(seen, edition.text)
    share, lines = recall(seen, shown_lines), max(map(len, bodies))
    print(f"{terminal} mosaic {share:.3f} of {len(' '.join(shown_lines).split())} words, misread {error:.3f}, {lines} lines a page")
    assert lines >= least_lines
    assert share >= least_recall


@pytest.mark.parametrize("terminal", ["alacritty", "xfce4-terminal"])
def test_headlines_in_a_mosaic_are_readable(terminal: str, edition: Edition) -> None:
    window, mosaic, *_ = READ_IN_MOSAIC[terminal]
    with reading(terminal, edition, window, language="en") as reader:
        picture, (width, height) = reader.press("q", "the list is drawn"), reader.cell_px
    across = rules_across(picture, themes()[0].inks["rule"])
    window_px = across[0].at + height // 2 + 1, across[-1].at - height // 2
    type_of_rows = picture.crop(
        (BESIDE_HEADLINES[0] * width, window_px[0], across[0].end - BESIDE_HEADLINES[1] * width, window_px[1])
    )
    pitch_px = dot_sizes(mosaic.across, mosaic.down).pitch * height / mosaic.down
    lines = lines_of(type_of_rows, ground(), pitch_px=pitch_px)
    seen = [set(line.split()) for line in read(lines, scale=LARGE_PX / (pitch_px * EM), blur_px=2)]
    shown = [title for title in edition.headlines if any(len(words & set(title.split())) >= TELLING_WORDS for words in seen)]
    print(f"{terminal} mosaic: {len(shown)} headlines in {len(lines)} lines")
    assert len(shown) >= LEAST_HEADLINES


def modes_of(terminal: str) -> list[str]:
    """Return the render modes that `T` switches through in a terminal, beginning with the terminal's own."""
    modes = ["pixels", "mosaic", "cells"] if terminal in PIXELS else ["mosaic", "cells"]
    return modes[:-1] if terminal in WITHOUT_CELLS else modes


@pytest.mark.parametrize("terminal", GRIDS)
def test_rules_of_the_panes_stay_straight(terminal: str, edition: Edition) -> None:
    with reading(terminal, edition, GRIDS[terminal]) as reader:
        first, second = themes()
        modes = modes_of(terminal)
        mode = first_mode = modes[0]
        standing = reader.shown.settled()
        assert_straight(reader, standing, first, first_mode)
        assert_straight(reader, reader.press("j", "the story scrolls"), first, first_mode)
        for mode in modes:
            if mode != first_mode:
                standing = reader.press("T", "type is drawn another way")
                assert_straight(reader, standing, first, mode)
            for opens in ("question", "colon", "t") if mode == first_mode else ("colon",):
                assert_overlaid(reader, reader.press(opens, "an overlay opens"), standing, first, mode)
                assert_straight(reader, reader.press("Escape", "it closes"), first, mode)
        assert_straight(reader, reader.press("slash", "another line stands above the panes"), first, mode)
        assert_straight(reader, reader.press("Escape", "it is gone"), first, mode)
        assert_straight(reader, reader.press("s", "a message is drawn"), first, mode)
        for key in ("t", "Down"):
            reader.press(key, "a theme is picked")
        assert_straight(reader, reader.press("Return", "the theme changes"), second, mode)
        if reader.shown.resize(800, 500):
            assert_straight(reader, reader.shown.settled(), second, mode)


def window_of(reader: Reading, picture: Image.Image, theme: ReaderTheme, mode: str) -> tuple[int, int]:
    """Return the first row of pixels of the panes and the row after their last, without the cells of horizontal rules.

    If there is no rule below the panes, they end with the vertical rules, at the footer, which is the last row of cells. A single
    pane has no vertical rules.
    """
    across, height = rules_across(picture, theme.inks["rule"]), reader.cell_px[1]
    is_ruled = reader.has_lower_rule(mode)
    assert len(across) >= 1 + is_ruled, "the rules across the window are not whole"
    first = across[0].at + height // 2 + 1
    if is_ruled:
        return first, across[-1].at - height // 2
    _, edge = extent(picture, across[0].start + 2, theme.colours["background"])
    if size_of(reader.device)[0] < TWO_PANES_COLS:
        return first, edge - height
    panes = picture.crop((0, first, picture.width, edge))  # the rule beside the story has the accent's colour, as it has the focus
    ends = [line.end for ink in ("rule", "accent") for line in rules_down(panes, theme.inks[ink], 3 * height + 1)]
    assert ends, "no rule is drawn between the panes"
    last = first + max(ends)
    assert height // 2 < edge - last <= 2 * height, f"the rules down end {edge - last} pixels above the window's end"
    return first, last


def assert_straight(reader: Reading, picture: Image.Image, theme: ReaderTheme, mode: str) -> None:
    """Check that every vertical rule reaches from the upper horizontal rule to the lower one."""
    (first, last), height = window_of(reader, picture, theme, mode), reader.cell_px[1]
    down = rules_down(picture.crop((0, first, picture.width, last)), theme.inks["rule"], 3 * height + 1)
    pieces = [line for line in down if line.length < last - first - height]
    assert not pieces, f"pieces of a rule at {pieces}"


def assert_overlaid(reader: Reading, picture: Image.Image, standing: Image.Image, theme: ReaderTheme, mode: str) -> None:
    """Check that a dialog has two whole sides, and that rules are interrupted only behind it; or that it fills the window.

    `standing` is the picture without the dialog.
    """
    (first, last), (width, height) = window_of(reader, standing, theme, mode), reader.cell_px
    colour = theme.inks["rule"]
    lines = rules_down(picture, colour, 4 * height + 1)  # a mosaic's shades may be a rule's colour, no higher than a letter
    before = {line.at for line in rules_down(standing, colour, (last - first) * 3 // 4)}
    sides = [line for line in lines if all(abs(line.at - at) > width // 2 for at in before)]
    if not sides:  # with high lines it has no frame
        assert not [line for line in lines if line.length >= (last - first) * 3 // 4]
        return
    if len(sides) == 1:  # the other side is in the column of a rule of the panes: the line that is as long
        sides += [line for line in lines if line not in sides and _are_level(line, sides[0])]
        sides.sort(key=lambda line: line.at)
    assert len(sides) == 2, f"an overlay has two sides, not {sides}"
    assert _are_level(*sides)
    for at in before:  # outside the overlay, a rule is as before
        if not sides[0].at - width // 2 <= at <= sides[1].at + width // 2:
            assert any(abs(line.at - at) <= 1 and line.length >= last - first - height for line in lines), f"no rule at {at}"


def _are_level(one: Span, other: Span) -> bool:
    """Return whether two vertical lines begin and end at the same heights, within the size of a font's corners."""
    return abs(one.start - other.start) <= 2 and abs(one.end - other.end) <= 2
