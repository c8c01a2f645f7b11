"""Tests that the focus is seen at a glance in real terminals: a change of focus alone changes the picture."""

from __future__ import annotations

import sys
import tempfile
from itertools import combinations
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from tests.clean_environment import AS_INSTALLED, skip_tour
from tests.terminals.draw_themes import pressed
from tests.terminals.terminal_emulators import Window, require, running, wait_until

pytestmark = pytest.mark.terminal

SMALL = Window(5, 320, 84, 1920, 1000)
WAYS = {
    "pixels": ("kitty", Window(12, 128, 36), "pixels"),
    "mosaic": ("alacritty", SMALL, "mosaic"),
    "cells": ("alacritty", Window(12, 125, 36), "cells"),
}
"""Maps each way of drawing text to (terminal, window with room for three panes, value of the option `--text`)."""
KEYS = {"posts": (), "categories": ("h",), "story": ("l", "l")}
"""Maps each pane to the keys that go to it from the preceding pane of this mapping."""
LEAST_PX = 60
"""Minimum number of pixels that must differ by `SHADE` or more: fewer than a bar or a rule has."""
SHADE = 40


def differing(one: Image.Image, other: Image.Image) -> int:
    """Return the number of pixels that differ in the panes, which are between the bars above and below."""
    width, height = one.size
    panes = (0, height // 8, width, height * 7 // 8)
    difference = ImageChops.difference(one.crop(panes).convert("L"), other.crop(panes).convert("L"))
    return sum(difference.histogram()[SHADE:])


@pytest.mark.parametrize("colourless", [False, True], ids=["in colour", "NO_COLOR"])
@pytest.mark.parametrize("way", WAYS)
def test_focus_changes_the_picture_visibly(way: str, colourless: bool) -> None:
    terminal, window, text = WAYS[way]
    require(terminal)
    with tempfile.TemporaryDirectory(prefix="bp") as name:
        home = Path(name)
        skip_tour(home)
        env = {"HOME": name, "COLORTERM": "truecolor", **({"NO_COLOR": "1"} if colourless else {}), **AS_INSTALLED}
        command = [sys.executable, "-m", "bpost_tui", "demo", "--language", "en", "--text", text]
        with running(terminal, command, env, home, window) as shown:
            wait_until(lambda: is_drawn(shown.settled()), "the reader is drawn")
            pictures = {}
            for pane, keys in KEYS.items():
                for key in keys:
                    pressed(shown, key)
                pictures[pane] = shown.settled()
    for one, other in combinations(pictures, 2):
        assert differing(pictures[one], pictures[other]) >= LEAST_PX, (one, other)


def is_drawn(picture: Image.Image) -> bool:
    """Return whether the rows of a list are drawn: much of the window has ink, from its top to its bottom."""
    grey = picture.convert("L")
    ground = max(range(256), key=grey.histogram().__getitem__)
    box = grey.point([255 if abs(value - ground) > SHADE else 0 for value in range(256)]).getbbox()
    return box is not None and sum(grey.histogram()) - grey.histogram()[ground] > picture.width * picture.height // 50
