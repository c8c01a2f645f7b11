"""Comparison of the same screens of two commits in real terminals, pixel by pixel.

Usage: `python -m tests.terminals.compare_commits OLD NEW [FOLDER]`, with two checkouts, and a folder for the pictures that differ.
Moving code should change no pixel. After an intended change, the pictures show whether anything else has changed.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image, ImageChops

from tests.clean_environment import skip_tour
from tests.sample_portal.server import SamplePortal
from tests.terminals.draw_themes import pressed
from tests.terminals.terminal_emulators import Window, running

TERMINALS = ("kitty", "alacritty")
WINDOW = Window(points=12, cols=100, rows=32)
MOSAIC = Window(points=6, cols=180, rows=60, width_px=1280, height_px=760)
_TRIES = 4
SCREENS: dict[str, tuple[str, ...]] = {
    "list": (),
    "list, further down": ("j", "j", "j"),
    "categories": ("c",),
    "story": ("Return",),
    "story, a page on": ("Return", "space"),
    "next story": ("Return", "J", "J"),
    "starred": ("asterisk", "b"),
    "help": ("question",),
    "palette": ("colon",),
    "themes": ("t",),
    "search": ("slash", *"medini"),
    "links": ("Return", "L"),
}


def main(old: Path, new: Path, folder: Path) -> int:
    """Compare pictures of all screens of the checkouts `old` and `new`; save those that differ, and return their number."""
    folder.mkdir(parents=True, exist_ok=True)
    differing = 0
    with SamplePortal(datetime.now(UTC)) as portal, tempfile.TemporaryDirectory(prefix="compare") as name:
        home = Path(name) / "home"
        _run(old, home, "--portal", portal.address, "refresh", "--pages", "all")
        skip_tour(home)
        for terminal in TERMINALS:
            for screen, keys in SCREENS.items():
                for _ in range(_TRIES):  # ages grow by the minute, and a busy machine may answer the probe too late
                    pictures = [_shot(terminal, checkout, home, portal.address, keys) for checkout in (old, new)]
                    if (box := ImageChops.difference(*pictures).getbbox()) is None:
                        break
                differing += box is not None
                print(f"{terminal:10} {screen:20} {'equal' if box is None else f'differ in {box}'}", flush=True)
                if box is not None:
                    for picture, label in zip(pictures, ("old", "new"), strict=True):
                        picture.save(folder / f"{terminal}-{screen.replace(' ', '-')}-{label}.png")
    return differing


def _run(checkout: Path, home: Path, *arguments: str) -> None:
    env = {"PATH": "/usr/bin:/bin", "HOME": str(home), "PYTHONPATH": str(checkout), "LANG": "C.UTF-8"}
    subprocess.run([sys.executable, "-P", "-m", "bpost_tui", *arguments], env=env, check=True, capture_output=True)


def _shot(terminal: str, checkout: Path, home: Path, address: str, keys: Sequence[str]) -> Image.Image:
    """Return a picture of the reader of `checkout` after `keys` were pressed, run with a copy of the home folder `home`."""
    with tempfile.TemporaryDirectory(prefix="shot", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        shutil.copytree(home, folder / "home")
        (folder / "run").mkdir()
        env = {"HOME": str(folder / "home"), "COLORTERM": "truecolor", "PYTHONPATH": str(checkout)}
        reader = [sys.executable, "-P", "-m", "bpost_tui", "--portal", address, "--offline", "--language", "bn"]
        window = WINDOW if terminal == "kitty" else MOSAIC
        with running(terminal, reader, env, folder / "run", window) as shown:
            shown.settled()
            for key in keys:
                pressed(shown, key)
            return shown.settled()


if __name__ == "__main__":
    paths = [Path(argument).resolve() for argument in sys.argv[1:]]
    sys.exit(min(1, main(paths[0], paths[1], paths[2] if len(paths) > 2 else Path("build/compared"))))
