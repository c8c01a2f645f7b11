"""Tests that a real terminal shows, after many keys, the same pixels as after drawing all of the screen again."""

from __future__ import annotations

import io
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from bpost_tui.demo.sample_edition import PICTURE_SIZE_PX
from bpost_tui.demo.sample_library import GAZETTE_HOME, save_sample_library
from bpost_tui.model.blocks import Blocks
from bpost_tui.model.blocks import Image as ImageBlock
from bpost_tui.model.paper import paper_at
from bpost_tui.model.stored_picture import StoredPicture
from bpost_tui.model.story import ListFilter, SavedStory, Story, to_story
from bpost_tui.picture_store import PictureStore
from bpost_tui.store.library import Library
from tests.clean_environment import AS_INSTALLED, choose_theme, skip_tour
from tests.list_reloads import News, draw_reload, mark_elsewhere
from tests.scripted_portal import PortalServer, portal_server
from tests.terminals.terminal_emulators import Terminal, Window, require, running, wait_until
from tests.terminals.test_focus_in_pictures import is_drawn

__all__ = ["portal_server"]

pytestmark = pytest.mark.terminal

WINDOWS = {
    "kitty": Window(9, 130, 40),
    "konsole": Window(9),
    "foot": Window(9),
    "xterm-sixel": Window(9),
    "alacritty": Window(9, 130, 40),
    "xfce4-terminal": Window(9, 130, 40),
}
MOVING = ("j", "k", "J", "K", "space", "space", "space", "Return", "Escape", "Tab", "g", "G", "Next", "Prior", "n")
BACK = ("Return", "Escape")
"""Keys pressed in place of Escape, which alone would leave the reader if the categories have the focus."""
IN_PLACE = {"Escape": BACK, "T": ("T", "question", "Escape")}
"""Maps a key to the keys pressed in its place, so that the screen is comparable afterwards.

After `T`, the banner's question takes several lines, until the next key shortens it.
"""
X_NAMES = {";": "semicolon", "&": "ampersand", "enter": "Return"}
"""Names of keys in X11, by their names in walks without a terminal."""
PROGRAM = (
    "import datetime, bpost_tui.tui.shared.status_messages as messages; messages.MESSAGE_TIME = datetime.timedelta(seconds=1); "
    "from bpost_tui.__main__ import main; main()"
)
"""Python program: the reader, with messages that expire after a second.

With the usual ten seconds, a message may expire between two pictures that are compared. In a window without bars, a message has a
row of its own, so that the search line is a row lower until it expires.
"""
AT_REST_S = 2.5
"""Time in seconds until messages have expired, and the reader has checked for changes by other processes, which no test sees."""
SINCE, NEWEST = timedelta(days=4), 20
"""Age of the oldest news, in days so that shown ages don't change during a walk; number of stories that others mark."""
TOP = ("Return", "g", "Escape")
DRAWING = ("plus", "minus", "t", "z", "T", "question", "ctrl+l")
EVERY = 20
SHADE, SHADES = 12, {"kitty": 20}
"""Tolerance of a colour channel (0 to 255), and the tolerances of terminals that need more.

The weight of drawn text suits the first background that it is shown on. kitty blends in linear light: on black, a row that was
first shown under the cursor differed by 17.
"""
SAID = (230, 0, 1280, 58)
"""Box in pixels (left, top, right, bottom) of the status messages, which disappear with the next key."""
REACHES_PX, ANOTHER_PX = 2, 8
"""Maximum numbers of differing pixels: usually, and after a restart of the reader.

xterm leaves the end of a line in the cell below until it paints that cell.
"""
BAR_PX = (3, 24)
"""Maximum size in pixels of a scroll bar's line in one cell. After a restart, the bar may be a cell longer or shorter."""
TOOLBAR_PX = {"konsole": 30}
BESIDE_STORY = (0, 0, 320, 760)
NAMEPLATE = (0, 0, 200, 14)
"""Boxes in pixels without story text: the panes beside the story; for terminals in block characters, only the paper's name.

Text in block characters is so large that the story replaces the panes.
"""
NOWHERE = "http://127.0.0.1:1"
STORIES, PICTURE_BYTES = 320, 64 << 20
STANDS = 3
"""Number of equal pictures in succession after which the screen counts as final."""
AT_ONCE, AGAIN = 10, 60
"""Number of pages between two comparisons, and between two returns to the story's beginning."""


@contextmanager
def reader(terminal: str, home: Path, *arguments: str, env: Mapping[str, str] | None = None) -> Iterator[Terminal]:
    """Run the reader in a terminal with the home folder `home` and the variables `env`, and yield the terminal."""
    require(terminal)
    with tempfile.TemporaryDirectory(prefix="bp", ignore_cleanup_errors=True) as sockets:
        skip_tour(home)
        env = {"HOME": str(home), "COLORTERM": "truecolor", **AS_INSTALLED, **(env or {})}
        command = [sys.executable, "-c", PROGRAM, *arguments]
        with running(terminal, command, env, Path(sockets), WINDOWS[terminal]) as shown:
            wait_until(lambda: is_drawn(shown.settled()), "the reader is drawn")
            yield shown


def print_edition(folder: Path) -> None:
    """Save 320 stories made from the sample edition, each with its own picture. The newest has the texts of all stories."""
    now, paper = datetime.now(UTC), paper_at(NOWHERE)
    save_sample_library(folder, (paper, paper_at(GAZETTE_HOME)), now - timedelta(days=300), picture_bytes=PICTURE_BYTES)
    with Library(folder, alone=paper) as library:
        library.set_subscriptions((paper,))
        saved = [library.story(row.id) for row in library.headlines(ListFilter(), limit=99)]
        long = tuple(block for story in saved for block in story.blocks) * 2
        library.save([_story(number, saved[number % len(saved)], now, long) for number in range(STORIES)], now=now)
    pictures = PictureStore(folder, max_bytes=PICTURE_BYTES)
    for number in range(STORIES):
        out = io.BytesIO()
        Image.linear_gradient("L").resize(PICTURE_SIZE_PX).rotate(number * 7).convert("RGB").save(out, "JPEG")
        pictures.save(_address(number), StoredPicture(*PICTURE_SIZE_PX, out.getvalue(), len(out.getvalue())))


def _story(number: int, like: SavedStory, now: datetime, long: Blocks) -> Story:
    picture = ImageBlock(_address(number), width_px=PICTURE_SIZE_PX[0], height_px=PICTURE_SIZE_PX[1])
    text = long if number == 0 else like.blocks
    when, title = now - timedelta(days=2, hours=number), f"{number}: {like.headline.title}"
    return to_story(like)._replace(guid=f"{number}", title=title, published=when, blocks=(picture, *text), image=None)


def _address(number: int) -> str:
    return f"{NOWHERE}/{number}.jpeg"


def differences(shown: Terminal, one: Image.Image, other: Image.Image) -> Image.Image:
    """Return a mask of the pixels that differ by more than the terminal's tolerance, except those of status messages."""
    difference = ImageChops.difference(one, other)
    difference.paste((0, 0, 0), SAID)
    bands, shade = difference.split(), SHADES.get(shown.program, SHADE)
    worst = ImageChops.lighter(ImageChops.lighter(bands[0], bands[1]), bands[2])
    return worst.point(lambda value: 255 if value > shade else 0)


def count_of(mask: Image.Image) -> int:
    """Return the number of white pixels of a mask."""
    return mask.histogram()[255]


def drawn_again(shown: Terminal) -> tuple[Image.Image, Image.Image]:
    """Return two pictures: the screen once it no longer changes by itself, and the screen after it was drawn again."""
    shown.settled()
    time.sleep(AT_REST_S)
    return pressed(shown), pressed(shown, "ctrl+l")


def pressed(shown: Terminal, *keys: str) -> Image.Image:
    """Press keys, each after the effect of the preceding key; return a picture of the final screen."""
    now = _calm(shown)
    for key in keys:
        shown.type(key)
        now = _calm(shown)
    return now


def _calm(shown: Terminal) -> Image.Image:
    stood, now = 0, shown.settled()
    while stood < STANDS:  # a story and its picture come later
        last, now = now, shown.settled()
        stood = stood + 1 if now == last else 0
    return now.crop((0, TOOLBAR_PX.get(shown.program, 0), *now.size))


def at_first_row(shown: Terminal) -> Image.Image:
    """Go to another category and back, so that the list is read again and shows its first row; return a picture."""
    return pressed(shown, "h", "j", "k", "l")


@pytest.fixture(scope="module")
def edition() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="bp") as name:
        print_edition(Path(name) / "library")
        yield Path(name)


@pytest.mark.parametrize("terminal", WINDOWS)
def test_screen_is_the_same_after_many_pages_and_stories(
    terminal: str, edition: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    pages = request.config.getoption("--pages")
    shutil.copytree(edition, tmp_path / "data")
    with reader(terminal, tmp_path, "--portal", NOWHERE, "--data-dir", str(tmp_path / "data"), "--offline") as shown:
        pressed(shown, "g", *BACK, *BACK)  # from here on there is a list of opened stories; foot may lose its first key
        first, again = at_first_row(shown), at_first_row(shown)
        # the list of opened stories appears once the first story is saved
        while count_of(differences(shown, first, again)) > REACHES_PX:
            first, again = again, at_first_row(shown)
        held = shown.held_bytes()
        story = pressed(shown, "Return")
        for page in range(0, pages, AT_ONCE):
            shown.type(*["space"] * AT_ONCE, *(["g"] if page % AGAIN == AGAIN - AT_ONCE else []))
            shown.settled()  # a busy machine has a minute for each ten pages, not for all
        before, after = drawn_again(shown)
        beside = NAMEPLATE if terminal in ("alacritty", "xfce4-terminal") else BESIDE_STORY
        same(shown, story.crop(beside), before.crop(beside), "beside the last page")
        same(shown, before, after, "the last page")
        same(shown, story, pressed(shown, "g"), "the first page")
        pressed(shown, "Escape")
        for _ in range(0, pages, AT_ONCE):
            shown.type(*["j"] * AT_ONCE)
            shown.settled()
        same(shown, *drawn_again(shown), "the last row")
        same(shown, first, at_first_row(shown), "the first row")
        pressed(shown, "Return")
        for _ in range(pages // 3):
            shown.type("J")
            shown.settled()
        same(shown, *drawn_again(shown), "the last story")
        pressed(shown, "Escape")
        same(shown, first, at_first_row(shown), "the first story")
        grown = shown.held_bytes() - held
        print(f"{terminal}: {pages} pages, {pages} rows, {pages // 3} stories: grown by {grown >> 20} MB")


@pytest.mark.parametrize(("theme", "more"), [("terminal", {}), ("monochrome", {}), ("night", {"NO_COLOR": "1"})])
def test_pages_leave_nothing_behind_on_konsoles_own_background(theme: str, more: dict[str, str], tmp_path: Path) -> None:
    choose_theme(tmp_path, theme)
    with reader("konsole", tmp_path, "demo", env=more) as shown:
        for key in ("Return", "space", "question", "Escape", "T"):
            pressed(shown, *(IN_PLACE["T"] if key == "T" else (key,)))
            same(shown, *drawn_again(shown), key)


@dataclass
class TerminalWalk:
    """Random walk in a terminal, with reloads of the list between keys; the same seed presses the same keys."""

    library: Library
    news: News
    dice: random.Random
    reloads: random.Random

    def go(self, shown: Terminal, rounds: int) -> int:
        """Press `rounds` times `EVERY` keys, and compare the screen after each round; return 0.

        If keys leave the reader, return the number of rounds that weren't completed. Escape leaves the reader if the categories
        have the focus, and the Enter before it only answered a question.
        """
        for left in range(rounds, 0, -1):
            try:
                trail = self._round(shown)
                same(shown, *drawn_again(shown), f"after {trail}")
            except subprocess.CalledProcessError:  # the window to type in has gone
                wait_until(lambda: shown.process.poll() is not None, "the terminal ends")
                return left
        return 0

    def _round(self, shown: Terminal) -> str:
        """Press `EVERY` keys, with reloads of the list between them; return a description of all steps."""
        trail, keys = list[str](), list[str]()
        for _ in range(EVERY):
            key = self.dice.choice(MOVING if self.dice.random() < 0.85 else DRAWING)
            keys += IN_PLACE.get(key, (key,))
            if reload := draw_reload(self.reloads):
                trail += self._type(shown, [*keys, *reload.before])
                trail.append(f"[{reload.kind}]")
                keys = [*self._reload(reload.kind), *reload.after]
        return " ".join([*trail, *self._type(shown, keys)])

    @staticmethod
    def _type(shown: Terminal, keys: Sequence[str]) -> list[str]:
        named = [X_NAMES.get(key, key) for key in keys]
        if named:
            shown.type(*named)
        return named

    def _reload(self, kind: str) -> Sequence[str]:
        """Cause a reload of the list, by news or by marks of another process; return the keys needed for it."""
        if kind == "refresh":
            self.news.publish()
            return ("r",)
        numbers = [row.id for row in self.library.headlines(ListFilter(), limit=NEWEST)]
        mark_elsewhere(self.library, numbers, self.reloads, datetime.now(UTC))
        return ()


@pytest.mark.parametrize("terminal", WINDOWS)
def test_screen_is_right_after_a_random_walk(
    terminal: str, tmp_path: Path, portal_server: PortalServer, request: pytest.FixtureRequest
) -> None:
    seed, steps = request.config.getoption("--walk-seed"), request.config.getoption("--walk-steps")
    dice, reloads = random.Random(f"{seed} {terminal}"), random.Random(f"{seed} {terminal} reloads")
    paper, now, folder = paper_at(portal_server.address), datetime.now(UTC), tmp_path / "library"
    save_sample_library(folder, (paper, paper_at(GAZETTE_HOME)), now - SINCE, picture_bytes=PICTURE_BYTES)
    news = News(portal_server, dice, now - SINCE)
    arguments = ("--portal", portal_server.address, "--data-dir", str(tmp_path))
    rounds = steps // EVERY
    while rounds:
        with reader(terminal, tmp_path, *arguments) as shown:
            with Library(folder, alone=paper) as library:
                rounds = TerminalWalk(library, news, dice, reloads).go(shown, rounds)
            if rounds:
                continue
            # `y` answers the question whether the type can be read, if it is open. A story read to its end begins at its top the
            # next time. Messages about a story, which may cover the nameplate, end with a key.
            last = pressed(shown, *BACK, *BACK, "y", "g", *TOP, "G", "g")
            shown.type("Q")
            wait_until(lambda: shown.process.poll() is not None, "it ends")
    with reader(terminal, tmp_path, *arguments, "--offline") as shown:
        # `G` loads all rows, as the reader before has; the length of the scroll bar depends on them
        begun = pressed(shown, "g", "G", "g")
        if not differ_in_scroll_bar_only(shown, last, begun):
            same(shown, last, begun, "begun again", ANOTHER_PX)
    assert not [*tmp_path.rglob("bug-*")]


def same(shown: Terminal, wanted: Image.Image, seen: Image.Image, what: str, most_px: int = REACHES_PX) -> None:
    """Check that at most `most_px` pixels of two pictures of a terminal differ; save them and fail with `what` if not."""
    if (count := count_of(differences(shown, wanted, seen))) > most_px:
        folder = Path(tempfile.mkdtemp(prefix="walk-"))
        wanted.save(folder / "wanted.png")
        seen.save(folder / "shown.png")
        pytest.fail(f"{count} pixels differ, {what}: see {folder}")


def differ_in_scroll_bar_only(shown: Terminal, one: Image.Image, other: Image.Image) -> bool:
    """Return whether all differences of two pictures are within one cell of a thin vertical line, such as a scroll bar."""
    left, top, right, bottom = differences(shown, one, other).getbbox() or (0, 0, 0, 0)
    return right - left <= BAR_PX[0] and bottom - top <= BAR_PX[1]
