"""Tests of QR codes, which zbar reads from pictures of real terminals as a phone would."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from itertools import product
from pathlib import Path

import pytest
from PIL import Image

from bpost_tui.core.themes import bundled_folder, load_themes
from tests.clean_environment import AS_INSTALLED, choose_theme, skip_tour
from tests.cli.bpost_process import Bpost
from tests.terminals.terminal_emulators import Terminal, Window, require, running, wait_until

pytestmark = pytest.mark.terminal

THEMES, _ = load_themes(bundled_folder())
WHITE = (255, 255, 255)
QUIET_ZONE = 20_000
"""Minimum number of white pixels if a QR code is shown; no theme's background is white."""
WINDOW = Window(cols=100, rows=30)


def codes(picture: Image.Image) -> list[str]:
    """Return the texts of the QR codes that zbar finds in a picture."""
    with tempfile.NamedTemporaryFile(suffix=".png") as file:
        picture.save(file.name)
        done = subprocess.run(["zbarimg", "--quiet", "--raw", file.name], capture_output=True, text=True, check=False)
    return done.stdout.split()


def count_of(picture: Image.Image, colour: tuple[int, int, int]) -> int:
    """Return the number of pixels of a picture that have a colour."""
    return next((count for count, each in picture.getcolors(picture.width * picture.height) or () if each == colour), 0)


def is_drawn(shown: Terminal, theme: str) -> bool:
    """Return whether the window shows the reader: much of it has about the background colour of `theme`.

    In sixel, a channel has only 101 steps, so the colour isn't exact.
    """
    picture, (red, green, blue) = shown.picture(), THEMES[theme].colours["background"]
    near = [count_of(picture, (red + r, green + g, blue + b)) for r, g, b in product((-1, 0, 1), repeat=3)]
    return sum(near) > picture.width * picture.height / 5


@pytest.mark.parametrize(
    ("terminal", "theme"),
    [
        *((terminal, "night") for terminal in ("kitty", "konsole", "xterm-sixel", "foot", "alacritty")),
        *((terminal, "newsprint") for terminal in ("kitty", "alacritty")),
    ],
)
def test_qr_code_is_read_from_a_picture_of_the_terminal(saved: Bpost, terminal: str, theme: str) -> None:
    require(terminal, "zbarimg")
    with tempfile.TemporaryDirectory(prefix="bp", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        shutil.copytree(saved.data, folder / ".local" / "share" / "bpost")
        choose_theme(folder, theme)
        skip_tour(folder)
        env = {"HOME": str(folder), "COLORTERM": "truecolor", "SHELL": "/bin/sh", **AS_INSTALLED}
        reader = [sys.executable, "-m", "bpost_tui", "--offline", "--portal", saved.portal, "--language", "en"]
        with running(terminal, reader, env, folder, WINDOW) as shown:
            wait_until(lambda: is_drawn(shown, theme), "the reader is drawn")
            for key, what in (("e", "the dialog is there"), ("j", "the cursor moves")):
                before = shown.settled().tobytes()
                shown.press(key, lambda before=before: shown.picture().tobytes() != before, what)  # type: ignore[misc]
                shown.settled()
            shown.press("Return", lambda: count_of(shown.picture(), WHITE) > QUIET_ZONE, "the code is there")
            link = saved.json("list", "-n", "1")[0]["link"]
            assert codes(shown.settled()) == [link]
