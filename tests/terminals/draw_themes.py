"""Renderer of docs/pictures/themes/: `python -m tests.terminals.draw_themes [THEME]…`, the same screen in kitty for each theme."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from bpost_tui.core.themes import bundled_folder, load_themes
from tests.clean_environment import skip_tour
from tests.terminals.terminal_emulators import Terminal, Window, running, wait_until

PICTURES = Path(__file__).parents[2] / "docs" / "pictures" / "themes"
KEYS = ("slash", *"nodi", "Return", "j", "l", "G", *"kkkkkk")
"""Keys that lead to a list with highlighted matches, and to a story with a quotation and a link in sight."""
WINDOW = Window(points=12, cols=110, rows=30)
SHADES = 40
CELL_PX = (10, 19)
"""Size in pixels of kitty's cells in this window."""
_EMPTY = 3
"""Maximum number of colours on the screen before the program draws on it."""


def main(names: Sequence[str]) -> int:
    """Draw the themes called `names`, or all if there are no names."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for name in names or load_themes(bundled_folder())[0]:
        with tempfile.TemporaryDirectory(prefix="themes", ignore_cleanup_errors=True) as folder:
            drawn(name, KEYS, Path(folder), WINDOW).quantize(SHADES).save(PICTURES / f"{name}.png", optimize=True)
    return 0


def drawn(
    theme: str,
    keys: Sequence[str],
    folder: Path,
    window: Window,
    *,
    terminal: str = "kitty",
    cell_px: tuple[int, int] = CELL_PX,
) -> Image.Image:
    """Return a picture of a terminal's window with the sample edition in `theme`, after `keys` were pressed."""
    skip_tour(folder)
    config = folder / ".config" / "bpost"
    config.mkdir(parents=True)
    (config / "config.toml").write_text(f'theme = "{theme}"\n')
    command = [sys.executable, "-m", "bpost_tui", "demo", "--language", "bn"]
    with running(terminal, command, {"HOME": str(folder)}, folder, window) as shown:
        wait_until(lambda: len(shown.settled().getcolors(1 << 16) or []) > _EMPTY, "the reader draws")
        for key in keys:
            pressed(shown, key)
        return shown.settled().crop((0, 0, window.cols * cell_px[0], window.rows * cell_px[1]))


def pressed(terminal: Terminal, key: str) -> None:
    """Press a key, and wait until the screen no longer changes."""
    before = terminal.settled().tobytes()
    terminal.press(key, lambda: terminal.picture().tobytes() != before, "something changes")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
