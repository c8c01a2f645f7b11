"""Renderer of docs/pictures/, without the themes: `python -m tests.terminals.draw_pictures [bpost|night|search|alacritty|…]…`."""

from __future__ import annotations

import shlex
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from PIL import Image

from bpost_tui.core.themes import bundled_folder, load_themes
from bpost_tui.model.blocks import Heading, plain_text
from bpost_tui.model.story import ListFilter
from bpost_tui.store.library import Library
from tests.clean_environment import choose_theme
from tests.sample_portal.server import SamplePortal
from tests.terminals.draw_themes import drawn, pressed
from tests.terminals.story_picture import mask
from tests.terminals.terminal_emulators import Window, running, wait_until

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
WINDOW = Window(points=12, cols=128, rows=36)
SHADES, PHOTO_SHADES = 64, 256
THEME = load_themes(bundled_folder())[0]["newsprint"]
SMALL_CELLS, SMALL_CELL_PX = Window(points=6, cols=220, rows=62), (5, 10)
"""Window, and cell size in pixels, that show as much text in block characters as usual cells show in pixels."""
TAG = "Bengali Type"
"""Tag of the story shown in terminals side by side: the newest story with this tag, from its first subheading on."""
TERMINALS = {
    "kitty": Window(12, 42, 21, 640, 480),
    "konsole": Window(12, 42, 21, 434, 440),
    "alacritty": Window(4, 140, 57, 640, 480),
}
"""Windows of the terminals side by side; Alacritty can't show pictures, so its cells are as small as for reading in a mosaic."""
TILE_PX = 420, 400
GAP_PX = 10
_PLAIN_COLS, _PLAIN_ROWS = 40, 17
_INK_PX = 400
"""Minimum number of pixels, other than background, in a picture that shows text."""
_NEAR = 4
"""Tolerance of a colour channel (0 to 255) of the background; Konsole's own bars differ by more."""
_MOSTLY = 100
"""Minimum share (of 255) of background pixels in a row or column of the page."""
_BUBBLE_S = 2.0
"""Time in seconds that Konsole shows its size in the middle of its window."""


def main(names: Sequence[str]) -> int:
    """Draw the pictures called `names`, or all if there are no names."""
    for name in names or DRAWN:
        DRAWN[name]().save(PICTURES / f"{name}.png", optimize=True)
    return 0


def _reading(theme: str, *keys: str, shades: int = SHADES) -> Image.Image:
    with tempfile.TemporaryDirectory(prefix="pictures", ignore_cleanup_errors=True) as folder:
        return drawn(theme, keys, Path(folder), WINDOW).quantize(shades)


def _in_alacritty(theme: str, *keys: str) -> Image.Image:
    with tempfile.TemporaryDirectory(prefix="pictures", ignore_cleanup_errors=True) as folder:
        small = drawn(theme, keys, Path(folder), SMALL_CELLS, terminal="alacritty", cell_px=SMALL_CELL_PX)
        return small.quantize(SHADES)


def _side_by_side() -> Image.Image:
    """Return a picture of the same story in three terminals: above as bpost shows it, below as each terminal shows its text."""
    width, height = TILE_PX
    sheet = Image.new("RGB", (len(TERMINALS) * (width + GAP_PX) - GAP_PX, 2 * height + GAP_PX), "white")
    with SamplePortal(datetime.now(UTC)) as portal:
        for column, (terminal, window) in enumerate(TERMINALS.items()):
            left = column * (width + GAP_PX)
            # a library for each terminal: the position in a story is remembered
            with tempfile.TemporaryDirectory(prefix="pictures", ignore_cleanup_errors=True) as name:
                story = _Story.fetched(portal.address, Path(name))
                sheet.paste(_tile(terminal, window, story.read, "bracketright"), (left, 0))
            plain = replace(TERMINALS["kitty"], width_px=window.width_px, height_px=window.height_px)
            sheet.paste(_tile(terminal, plain, story.plain), (left, height + GAP_PX))
    return sheet.quantize(SHADES)


@dataclass(frozen=True)
class _Story:
    """Command lines that show a story in a terminal in the same colours: by bpost, and by a program that just writes its text."""

    read: Sequence[str]
    plain: Sequence[str]

    @classmethod
    def fetched(cls, address: str, folder: Path) -> _Story:
        bpost = [sys.executable, "-m", "bpost_tui", "--portal", address, "--data-dir", str(folder), "--language", "bn"]
        subprocess.run([*bpost, "refresh", "--pages", "all"], check=True, capture_output=True)
        with Library(next(folder.rglob("stories.db")).parent, read_only=True) as library:
            number = next(row.id for row in library.headlines(ListFilter(), limit=100) if row.tag == TAG)
            blocks = library.story(number).blocks
        head = next(at for at, block in enumerate(blocks) if isinstance(block, Heading))
        paragraphs = (textwrap.fill(line, _PLAIN_COLS) for line in plain_text(blocks[head:]).splitlines())
        lines = "\n".join("\n".join(paragraphs).splitlines()[:_PLAIN_ROWS])
        paper, ink = (";".join(map(str, colour)) for colour in (THEME.colours["background"], THEME.inks["text"]))
        written = f"\033[?25l\033[48;2;{paper};38;2;{ink}m\033[2J\033[H{lines}"
        return cls([*bpost, "read", str(number)], ["sh", "-c", f"printf %s {shlex.quote(written)}; sleep 60"])


def _tile(terminal: str, window: Window, command: Sequence[str], *keys: str) -> Image.Image:
    """Return a picture of a terminal that has run `command`, after `keys` were pressed, without the terminal's own bars."""
    paper = THEME.colours["background"]
    with tempfile.TemporaryDirectory(prefix="pictures", ignore_cleanup_errors=True) as name:
        env = {"HOME": name, "COLORTERM": "truecolor"}
        choose_theme(Path(name), THEME.name)
        with running(terminal, command, env, Path(name), window) as shown:
            wait_until(lambda: _inked(shown.picture()) > _INK_PX, "the text is drawn")
            time.sleep(_BUBBLE_S)
            for key in keys:
                pressed(shown, key)
            picture = shown.settled()
    tile = Image.new("RGB", TILE_PX, paper)
    tile.paste(picture.crop(_page(picture)))
    return tile


def _page(picture: Image.Image) -> tuple[int, int, int, int]:
    """Return the edges (left, top, right, bottom) of the rows and columns that mostly have the background's colour."""
    paper = mask(picture, THEME.colours["background"], _NEAR)
    across, down = (list(paper.resize(size, Image.Resampling.BOX).tobytes()) for size in ((paper.width, 1), (1, paper.height)))
    columns, rows = ([at for at, share in enumerate(shares) if share > _MOSTLY] for shares in (across, down))
    return (min(columns), min(rows), max(columns) + 1, max(rows) + 1) if columns and rows else (0, 0, 0, 0)


def _inked(picture: Image.Image) -> int:
    """Return the number of pixels of the page that differ from the background."""
    return mask(picture.crop(_page(picture)), THEME.colours["background"]).histogram()[0]


DRAWN: Mapping[str, Callable[[], Image.Image]] = {
    "bpost": partial(_reading, "newsprint", "j", "j", "Return"),
    "night": partial(_reading, "night", "j", "j", "j", "Return", "i", shades=PHOTO_SHADES),
    "search": partial(_reading, "newsprint", "slash", *"medinipur"),
    "alacritty": partial(_in_alacritty, "night", "j", "j", "Return"),
    "terminals": _side_by_side,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
