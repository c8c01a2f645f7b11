"""What a real terminal shows after many keys is, pixel by pixel, what it shows once all is drawn again."""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from tests.environment import AS_INSTALLED, skip_tour
from tests.terminals.harness import Terminal, Window, missing, running, wait_until
from tests.terminals.test_focus_in_pictures import stands

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
DRAWING = ("plus", "minus", "t", "z", "T", "question", "ctrl+l")
EVERY = 20
SHADE = 12
"""How far a channel may be off: kitty blends in linear light, and a picture is weighed for the ground that it is first shown on."""
NAMEPLATE, SAID = (0, 0, 200, 14), (230, 0, 1280, 50)
"""In pixels; what is said goes with the next key."""
PAGES = 70
"""In kitty, the nameplate was gone after sixty, when what a terminal may hold was full."""


@contextmanager
def reader(terminal: str) -> Iterator[Terminal]:
    """Run the sample edition in a terminal."""
    if absent := missing(terminal):
        pytest.skip(f"not installed: {', '.join(absent)}")
    with tempfile.TemporaryDirectory(prefix="bp", ignore_cleanup_errors=True) as name:
        home = Path(name)
        skip_tour(home)
        env = {"HOME": name, "COLORTERM": "truecolor", **AS_INSTALLED}
        command = [sys.executable, "-m", "bpost_tui", "demo"]
        with running(terminal, command, env, home, WINDOWS[terminal]) as shown:
            wait_until(lambda: stands(shown.settled()), "the reader stands")
            yield shown


def unequal_px(one: Image.Image, other: Image.Image) -> int:
    """Return how many pixels of two pictures differ by more than a shade."""
    difference = ImageChops.difference(one, other)
    difference.paste((0, 0, 0), SAID)
    bands = difference.split()
    worst = ImageChops.lighter(ImageChops.lighter(bands[0], bands[1]), bands[2])
    return sum(worst.histogram()[SHADE + 1 :])


def drawn_again(shown: Terminal) -> tuple[Image.Image, Image.Image]:
    """Return what stands there, and what does once all is drawn again."""
    before = shown.settled()
    shown.type("ctrl+l")
    return before, shown.settled()


@pytest.mark.parametrize("terminal", WINDOWS)
def test_screen_after_many_pages_is_the_screen_drawn_again(terminal: str) -> None:
    with reader(terminal) as shown:
        shown.type("Return")
        first = shown.settled()
        for _ in range(PAGES // 10):
            shown.type(*["space"] * 10)
        before, after = drawn_again(shown)
        assert unequal_px(before, after) == 0
        assert unequal_px(first.crop(NAMEPLATE), before.crop(NAMEPLATE)) == 0


@pytest.mark.parametrize("terminal", WINDOWS)
def test_screen_is_true_wherever_one_walks(terminal: str, request: pytest.FixtureRequest) -> None:
    seed, steps = request.config.getoption("--walk-seed"), request.config.getoption("--walk-steps")
    dice = random.Random(f"{seed} {terminal}")
    with reader(terminal) as shown:
        for _ in range(steps // EVERY):
            keys = [dice.choice(MOVING if dice.random() < 0.85 else DRAWING) for _ in range(EVERY)]
            shown.type(*keys)
            before, after = drawn_again(shown)
            if count := unequal_px(before, after):
                pytest.fail(f"{count} pixels differ after {' '.join(keys)}; {_kept(terminal, before, after)}")


def _kept(terminal: str, before: Image.Image, after: Image.Image) -> str:
    folder = Path(tempfile.mkdtemp(prefix=f"walk-{terminal}-"))
    before.save(folder / "before.png")
    after.save(folder / "after.png")
    return f"see {folder}"
