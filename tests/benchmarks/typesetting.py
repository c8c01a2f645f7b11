"""From text to pixels: a story of 1,000 words, against hb-view and pango-view with the same text and font."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from bpost_tui.bengali.bengali_script import BENGALI
from bpost_tui.model.blocks import plain_text
from bpost_tui.typesetting.terminal.capabilities import Capabilities, Mosaic, RenderMode
from bpost_tui.typesetting.terminal.encoders.encoder import CellSpan
from bpost_tui.typesetting.terminal.encoders.encoder_factory import encoder_for
from bpost_tui.typesetting.terminal.sgr import NO_BACKGROUND
from bpost_tui.typesetting.typeset.cell_typesetter import CellTypesetter
from bpost_tui.typesetting.typeset.fonts import load_fonts
from bpost_tui.typesetting.typeset.items import Para, Size
from bpost_tui.typesetting.typeset.items import Run as TextRun
from bpost_tui.typesetting.typeset.pixel_typesetter import PixelTypesetter
from bpost_tui.typesetting.typeset.protocols import Galley, Typesetter
from tests.benchmarks import generate_library
from tests.benchmarks.measures import Results, against, process_ms, row, timed_ms
from tests.benchmarks.stopwatch_terminal import CELL_PX, COLS, ROWS

GROUP = "Text to pixels"
WORDS = 1000
PALETTE = {"text": (230, 230, 230)}
_REPEATS = 9


def text() -> tuple[str, ...]:
    """Return paragraphs with 1,000 words in all."""
    words = [word for story in islice(generate_library.stories(20, 7), 20) for word in plain_text(story.blocks).split()][:WORDS]
    return tuple(" ".join(words[at : at + 80]) for at in range(0, WORDS, 80))


def measure(results: Results, home: Path) -> None:
    """Set the story in every render mode, and by other programs."""
    paragraphs = text()
    items = tuple(Para((TextRun(paragraph),), Size.BODY, before=0.6) for paragraph in paragraphs)
    fonts = load_fonts(BENGALI)
    path = home / "story.txt"
    font = _font_path()
    lines = [line for paragraph in paragraphs for line in textwrap.wrap(paragraph, 85)]
    path.write_text("\n".join(lines), encoding="utf-8")
    peers = _peers(results, path, font, home)

    def pixels() -> Typesetter:
        return PixelTypesetter(fonts, *CELL_PX)

    def dots() -> Typesetter:
        return PixelTypesetter.for_dots(fonts, 2, 4, CELL_PX)

    def cells() -> Typesetter:
        return CellTypesetter(BENGALI.language_rules)

    for modes, setter in (("kitty, sixel, iterm2", pixels), ("mosaic", dots), ("cells", cells)):
        all_of_it = timed_ms(lambda setter=setter: _drawn(setter().galley(items, COLS)), _REPEATS)  # type: ignore[misc]
        factor = 2.0 if setter is pixels else None
        results.add(
            row(
                GROUP,
                f"1,000 words, all drawn ({modes})",
                "ms",
                all_of_it,
                **against("hb-view", peers.get("hb-view"), factor),
            )
        )
        warm = setter()
        warm.galley(items, COLS)
        again = timed_ms(lambda warm=warm: _drawn(warm.galley(items, COLS)), _REPEATS)  # type: ignore[misc]
        results.add(
            row(
                GROUP,
                f"the same, its words shaped before ({modes})",
                "ms",
                again,
                **against("pango-view", peers.get("pango-view"), None),
            )
        )
    for render_mode in (RenderMode.KITTY, RenderMode.SIXEL, RenderMode.INLINE, RenderMode.MOSAIC, RenderMode.CELLS):
        capabilities = Capabilities("", (), render_mode, "", *CELL_PX, mosaic=Mosaic.OCTANT)
        setter = {RenderMode.MOSAIC: dots, RenderMode.CELLS: cells}.get(render_mode, pixels)
        first = timed_ms(
            lambda setter=setter, capabilities=capabilities: _screen(setter().galley(items, COLS), capabilities),  # type: ignore[misc]
            _REPEATS,
        )
        results.add(row(GROUP, f"text to first screen, encoded ({render_mode.name.lower()})", "ms", first))


def _drawn(galley: Galley) -> None:
    done = 0
    while done < galley.rows:
        surface = galley.band(done, PALETTE).surface
        _ = surface.layers
        done = galley.band(done, PALETTE).first_row + surface.rows


def _screen(galley: Galley, capabilities: Capabilities) -> str:
    encoder = encoder_for(capabilities)
    came = []
    for row_ in range(min(ROWS, galley.rows)):
        band = galley.band(row_, PALETTE)
        came.append(
            encoder.encode(CellSpan(band.surface, row_ - band.first_row, 0, band.surface.cols, NO_BACKGROUND, row_ == ROWS - 1))
        )
    return encoder.take_uploads() + "".join(came)


def _font_path() -> str:
    from bpost_tui.typesetting.typeset.font_finder import candidates

    return str(next(file.path for file in next(iter(candidates(BENGALI))).files if "Regular" in file.path.name))


def _peers(results: Results, path: Path, font: str, home: Path) -> dict[str, list[float]]:
    """Return the times of each peer for the story, minus its time for a single letter: the start of a program isn't compared."""
    short = home / "letter.txt"
    short.write_text("ক", encoding="utf-8")
    env = {"PATH": "/usr/bin:/bin", "HOME": str(home)}
    commands: dict[str, Callable[[Path], list[str]]] = {
        "hb-view": lambda of: ["hb-view", "--font-size=17", "-O", "png", "-o", str(home / "hb.png"), f"--text-file={of}", font],
        "pango-view": lambda of: [
            "pango-view", "-q", "--font=Noto Sans Bengali 17px", "--dpi=96", "--width=750", "-o", str(home / "pango.png"), str(of)
        ],
    }  # fmt: skip
    durations_ms = {}
    for name, command in commands.items():
        if shutil.which(name) is None:
            results.missing[name] = "not installed"
            continue
        whole, start = process_ms([command(path), command(short)], _REPEATS, env)
        least = min(start)
        durations_ms[name] = [each - least for each in whole]
    return durations_ms
