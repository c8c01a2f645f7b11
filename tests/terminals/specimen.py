"""A specimen sheet: an app whose cells name set type, between ordinary widgets; started in real terminals by the tests.

    python specimen.py RUNG [CELL_W CELL_H]

`j` scrolls, `m` opens a dialogue over the type, `q` quits.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from functools import partial

from PIL import Image, ImageDraw, ImageFont
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import Input, Static

from bpost_tui.terminal.boundary import Boundary
from bpost_tui.terminal.capabilities import Capabilities, Mosaic
from bpost_tui.terminal.encoders import boxes_for, encoder_for
from bpost_tui.terminal.probe import Probe
from bpost_tui.typeset.surface import Layer, Surface, SurfaceTable, Word
from bpost_tui.ui.driver import boundary_driver

PASSAGE = """\
মেদিনীপুর শহরের স্কুলে স্কুলে আজ থেকে শুরু হল গ্রীষ্মের ছুটি। জেলা প্রশাসন জানিয়েছে, তীব্র গরমের কারণে
নির্ধারিত সময়ের আগেই এই সিদ্ধান্ত নেওয়া হয়েছে। অভিভাবকেরা স্বস্তি প্রকাশ করেছেন। ১৭ এপ্রিল ২০২৬
""".split()  # noqa: SIM905
INK, ACCENT = (230, 230, 220), (255, 180, 90)


def specimen(cols: int, rows: int, cell_w: int, cell_h: int) -> Surface:
    px = round(cell_h * 0.95) if cell_h > 4 else 14
    pitch = round(px * 1.5)
    font = ImageFont.truetype(_font_file(), px, layout_engine=ImageFont.Layout.RAQM)
    space = font.getlength(" ")
    lines: list[list[tuple[float, str]]] = [[]]
    x = 0.0
    for word in PASSAGE * (rows * cell_h // pitch):
        width = font.getlength(word, language="bn")
        if x + width > cols * cell_w:
            lines.append([])
            x = 0.0
        lines[-1].append((x, word))
        x += width + space
    lines = lines[: rows * cell_h // pitch]
    words = [() for _ in range(rows)]
    if cell_w == 1:
        words = _words(cols, rows)
    return Surface(cols, rows, cell_w, cell_h, tuple(words), partial(_drawn, lines, pitch, font, cols * cell_w, rows * cell_h))


def _words(cols: int, rows: int) -> list[tuple[Word, ...]]:
    from bpost_tui.typeset.clusters import cell_width

    out: list[list[Word]] = [[]]
    x = 0
    for word in PASSAGE * rows:
        cells = cell_width(word)
        if x + cells > cols:
            out.append([])
            x = 0
        out[-1].append(Word(x, cells, word, ACCENT if len(out) == 1 else INK, bold=len(out) == 1))
        x += cells + 1
    return [tuple(line) for line in out[:rows]]


def _drawn(
    lines: list[list[tuple[float, str]]], pitch: int, font: ImageFont.FreeTypeFont, width: int, height: int
) -> tuple[Layer, ...]:
    layers = []
    for colour, part in ((ACCENT, lines[:1]), (INK, [[], *lines[1:]])):
        mask = Image.new("L", (width, height), 0)
        pen = ImageDraw.Draw(mask)
        for number, line in enumerate(part):
            for x, word in line:
                pen.text((x, number * pitch), word, font=font, fill=255, language="bn")
        layers.append(Layer(colour, mask.tobytes()))
    return tuple(layers)


def _font_file() -> str:
    return subprocess.run(["fc-match", "-f", "%{file}", "Noto Sans Bengali"], capture_output=True, text=True, check=True).stdout


class Sheet(ScrollView, can_focus=True):
    ROWS = 96
    BAND = 32

    def __init__(self, table: SurfaceTable, can: Capabilities) -> None:
        super().__init__()
        self._table = table
        self._can = can
        self._bands: dict[tuple[int, int], Surface] = {}

    def on_resize(self) -> None:
        self.virtual_size = Size(self.size.width, self.ROWS)

    def render_line(self, y: int) -> Strip:
        row = y + self.scroll_offset.y
        key = row // self.BAND, self.size.width
        if key not in self._bands:
            self._bands[key] = specimen(self.size.width, self.BAND, self._can.dot_w, self._can.dot_h)
        style = Style(bgcolor="rgb(60,30,30)" if row == 6 else "rgb(18,18,24)")
        return Strip([Segment(self._table.tokens(self._bands[key], row % self.BAND), style)], self.size.width)


class Dialogue(ModalScreen[None]):
    CSS = "Dialogue {align: center middle} Static {width: 30; height: 5; border: round yellow; background: $panel}"

    def compose(self) -> ComposeResult:
        yield Static("A dialogue over the type")


class Specimen(App[None]):
    CSS = """
    Sheet {width: 1fr; border: round $primary; scrollbar-size: 1 1}
    #aside {width: 30; border: round $secondary}
    #head {height: 1; background: $primary}
    #foot {height: 1; background: $panel}
    """
    BINDINGS = [("q", "quit", "Quit"), ("m", "dialogue", "Dialogue"), ("j", "down", "Down")]  # noqa: RUF012

    def __init__(self, table: SurfaceTable, can: Capabilities, driver: type) -> None:
        super().__init__(driver_class=driver)
        self._table = table
        self._can = can

    def compose(self) -> ComposeResult:
        can = self._can
        yield Static(
            f"{can.rung.value} {can.name} {can.version} {can.mosaic.name} {can.dot_w}×{can.dot_h} {can.samples}",
            markup=False,
            id="head",
        )
        with Horizontal():
            yield Static("রাজ্য ও জেলা\nখেলার খবর\nplain", id="aside")
            yield Sheet(self._table, self._can)
        yield Input("বাংলার খবর")
        yield Static(self._can.why, id="foot")

    def on_mount(self) -> None:
        self.query_one(Sheet).focus()

    def action_dialogue(self) -> None:
        self.push_screen(Dialogue())

    def action_down(self) -> None:
        self.query_one(Sheet).scroll_relative(y=1, animate=False)


def main() -> None:
    with Probe.start(os.environ) as probe:
        can = probe.finish(sys.argv[1] if len(sys.argv) > 1 else "auto")
    if len(sys.argv) > 2:
        can = replace(can, mosaic=Mosaic[sys.argv[2].upper()])
    table = SurfaceTable()
    boundary = Boundary(table, encoder_for(can), boxes_for(can, cell_len))
    driver = boundary_driver(LinuxDriver, boundary, typed=probe.replies.typed, late=probe.late())
    Specimen(table, can, driver).run()


if __name__ == "__main__":
    main()
