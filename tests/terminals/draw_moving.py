"""Renderer of docs/pictures/moving.png, an animated PNG of kitty: `python -m tests.terminals.draw_moving`.

The sample edition: start, move, read, search in Roman letters, look at a picture. A label below the window names the pressed key.
Each frame shows the screen at rest, for as long as a person needs to see it.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from tests.clean_environment import choose_theme, skip_tour
from tests.terminals.draw_pictures import PICTURES
from tests.terminals.draw_themes import CELL_PX, pressed
from tests.terminals.terminal_emulators import Window, running, wait_until

WINDOW = Window(points=12, cols=116, rows=34, width_px=1200, height_px=700)
THEME = "newsprint"
CAPTION_PX, TYPE_PX, MARGIN_PX = 34, 18, 12
CAPTION, INK = (31, 36, 48), (246, 241, 229)
SHADES = 128
LOOK_MS, GLANCE_MS, LETTER_MS = 2200, 900, 260
"""Times in milliseconds for a new screen, for a small change, and for a typed letter."""
KEYS: Sequence[tuple[str, str, int]] = (
    ("j", "↓", GLANCE_MS),
    ("j", "↓", GLANCE_MS),
    ("Return", "Enter", LOOK_MS),
    ("space", "Space", LOOK_MS),
    ("Escape", "Esc", GLANCE_MS),
    ("slash", "/", GLANCE_MS),
    *((letter, "/medinipur"[: end + 2], LETTER_MS) for end, letter in enumerate("medinipur")),
    ("Return", "Enter", LOOK_MS),
    ("Escape", "Esc", GLANCE_MS),
    *3 * (("j", "↓", LETTER_MS),),
    ("Return", "Enter", LOOK_MS),
)
"""Keys to press, each as (name in X11, label in the picture, time in milliseconds that its frame is shown)."""
_EMPTY = 3
"""Maximum number of colours on the screen before the program draws on it."""


def main() -> int:
    """Draw the animation."""
    frames, looks_ms = zip(*_frames(), strict=True)
    first, *others = _in_the_same_colours(frames)
    target = PICTURES / "moving.png"
    first.save(target, save_all=True, append_images=others, duration=[*looks_ms], loop=0, optimize=True)
    return 0


def _frames() -> Iterator[tuple[Image.Image, int]]:
    with tempfile.TemporaryDirectory(prefix="pictures", ignore_cleanup_errors=True) as name:
        home = Path(name)
        skip_tour(home)
        choose_theme(home, THEME)
        command = [sys.executable, "-m", "bpost_tui", "demo", "--language", "bn"]
        with running("kitty", command, {"HOME": name}, home, WINDOW) as shown:
            wait_until(lambda: len(shown.settled().getcolors(1 << 16) or []) > _EMPTY, "the reader draws")
            yield _captioned(shown.settled(), "bpost"), LOOK_MS
            for key, label, look_ms in KEYS:
                pressed(shown, key)
                yield _captioned(shown.settled(), label), look_ms


def _captioned(screen: Image.Image, label: str) -> Image.Image:
    """Return `screen`, a picture of the terminal's window, with `label` below it."""
    width, height = (cells * px for cells, px in zip((WINDOW.cols, WINDOW.rows), CELL_PX, strict=True))
    frame = Image.new("RGB", (width, height + CAPTION_PX), CAPTION)
    frame.paste(screen.crop((0, 0, width, height)))
    font = ImageFont.truetype("NotoSansMono-Regular.ttf", TYPE_PX)
    ImageDraw.Draw(frame).text((MARGIN_PX, height + CAPTION_PX // 2), label, INK, font, anchor="lm")
    return frame


def _in_the_same_colours(frames: Sequence[Image.Image]) -> list[Image.Image]:
    """Return the frames with one common palette, so that the animation can store only the changes of each frame."""
    width, height = frames[0].size
    sheet = Image.new("RGB", (width, height * len(frames)))
    for at, frame in enumerate(frames):
        sheet.paste(frame, (0, at * height))
    palette = sheet.quantize(SHADES)
    return [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]


if __name__ == "__main__":
    sys.exit(main())
