"""Specimen sheet: an app with typeset text between ordinary widgets. Tests start it in real terminals.

    python -m tests.terminals.specimen_sheet [auto|pixels|mosaic|cells [MOSAIC]]

`j` scrolls, `m` opens a dialog over the text, `q` quits. The app writes its last step into the file named by SPECIMEN_STATE. With
SPECIMEN_SIGNS, it also shows signs whose widths terminals count differently.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import cast

from rich.cells import cell_len
from rich.style import Style
from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size as Size_
from textual.screen import ModalScreen
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import Input, Static

from bpost_tui.bengali.bengali_script import BENGALI
from bpost_tui.typesetting.terminal import probe as probe_module
from bpost_tui.typesetting.terminal.capabilities import Capabilities, Mosaic, RenderMode
from bpost_tui.typesetting.terminal.detection import TextSetting
from bpost_tui.typesetting.terminal.encoders.encoder_factory import encoder_for, width_boxes_for
from bpost_tui.typesetting.terminal.output_boundary import OutputBoundary
from bpost_tui.typesetting.terminal.probe import Probe
from bpost_tui.typesetting.textual.driver import Handover, boundary_driver
from bpost_tui.typesetting.textual.key_barrier import KeyBarrier
from bpost_tui.typesetting.textual.renderer import Renderer
from bpost_tui.typesetting.typeset.cell_typesetter import CellTypesetter
from bpost_tui.typesetting.typeset.fonts import load_fonts
from bpost_tui.typesetting.typeset.items import Item, Pair, Para, Rule, Run, Size
from bpost_tui.typesetting.typeset.pixel_typesetter import PixelTypesetter
from bpost_tui.typesetting.typeset.protocols import Galley, Typesetter
from bpost_tui.typesetting.typeset.surface import SurfaceTable

SIGNS = "😀 ❤️ 👍🏽\n👨‍👩‍👧 🇮🇳\n新闻 ⌛ ✨\n· ∎ ● ★ » — →\nস্ত্রী ক্ষ ৎ\n"
STORY: tuple[Item, ...] = (
    Para((Run("মেদিনীপুরে গ্রীষ্মের ছুটি শুরু", "headline"),), Size.HEADLINE),
    Pair((Run("জেলার খবর", "meta"),), (Run("১৭ এপ্রিল ২০২৬", "meta"),)),
    Rule(before=0.3),
    *(
        Para(
            (
                Run("মেদিনীপুর শহরের স্কুলে স্কুলে আজ থেকে শুরু হল গ্রীষ্মের ছুটি। জেলা প্রশাসন জানিয়েছে, তীব্র গরমের কারণে "),
                Run("নির্ধারিত সময়ের আগেই", "accent", bold=True),
                Run(" এই সিদ্ধান্ত নেওয়া হয়েছে। অভিভাবকেরা স্বস্তি প্রকাশ করেছেন।"),
            ),
            before=0.5,
        )
        for _ in range(12)
    ),
)
PALETTE = {
    "text": (230, 230, 220), "headline": (255, 225, 150), "accent": (255, 180, 90), "meta": (150, 160, 170), "rule": (90, 90, 100),
}  # fmt: skip


def typesetter_for(capabilities: Capabilities) -> Typesetter:
    if capabilities.render_mode is RenderMode.CELLS:
        return CellTypesetter(BENGALI.language_rules)
    if capabilities.render_mode is RenderMode.MOSAIC:
        return PixelTypesetter.for_dots(
            load_fonts(BENGALI),
            capabilities.dot_w,
            capabilities.dot_h,
            (capabilities.cell_w_px, capabilities.cell_h_px),
            parts=capabilities.mosaic.parts,
        )
    return PixelTypesetter(load_fonts(BENGALI), capabilities.cell_w_px, capabilities.cell_h_px)


class Sheet(ScrollView, can_focus=True):
    def __init__(self, press: Renderer) -> None:
        super().__init__()
        self._press = press
        self._galley: Galley | None = None

    def on_resize(self) -> None:
        self._galley = self._press.set(STORY, self.scrollable_content_region.width)
        self.virtual_size = Size_(self._galley.cols, self._galley.rows)

    def render_line(self, y: int) -> Strip:
        row = y + self.scroll_offset.y
        style = Style(bgcolor="rgb(60,30,30)" if row == 6 else "rgb(18,18,24)")
        return Strip.blank(self.size.width, style) if self._galley is None else self._press.strip(self._galley, row, style)


class Dialogue(ModalScreen[None]):
    CSS = "Dialogue {align: center middle} Static {width: 30; height: 5; border: heavy rgb(0,255,0); background: $panel}"

    def compose(self) -> ComposeResult:
        yield Static("A dialogue over the type")


class Specimen(App[None]):
    CSS = """
    Sheet {width: 1fr; border: heavy rgb(255,0,255); scrollbar-size: 1 1; overflow-x: hidden; overflow-y: scroll}
    #aside {width: 30; border: round $secondary}
    #head {height: 1; background: $primary}
    #foot {height: 1; background: $panel}
    """
    BINDINGS = [("q", "quit", "Quit"), ("m", "dialogue", "Dialogue"), ("j", "down", "Down")]  # noqa: RUF012

    def __init__(self, press: Renderer, capabilities: Capabilities, driver: type) -> None:
        super().__init__(driver_class=driver)
        self._press = press
        self._capabilities = capabilities

    def compose(self) -> ComposeResult:
        found = self._capabilities
        yield Static(
            f"{found.render_mode.value} {found.name} {found.version} "
            f"{found.mosaic.name} {found.dot_w}×{found.dot_h} {found.samples}",
            markup=False,
            id="head",
        )
        with Horizontal():
            # tmux lays out its screen by its own widths; width boxes can't mend the widths that the terminal around it gives raw
            # text
            raw = "রাজ্য ও জেলা\nখেলার খবর\n" if found.multiplexer == "" else ""
            signs = SIGNS if os.environ.get("SPECIMEN_SIGNS") else ""
            yield Static(f"{raw}{signs}plain", id="aside")
            yield Sheet(self._press)
        yield Input("বাংলার খবর" if raw else "")
        yield Static(found.why, id="foot")

    def on_mount(self) -> None:
        self.query_one(Sheet).focus()
        self.call_after_refresh(self._say, "ready")

    def on_key_barrier(self, barrier: KeyBarrier) -> None:
        """Write the last step into the file, after the effect of a key, so that a test sends the next key."""
        barrier.key.end()

    def action_dialogue(self) -> None:
        self.push_screen(Dialogue(), None)
        self.call_after_refresh(self._say, "dialogue")

    def action_down(self) -> None:
        sheet = self.query_one(Sheet)
        sheet.scroll_relative(y=1, animate=False)
        self.call_after_refresh(lambda: self._say(f"scrolled {sheet.scroll_offset.y}"))

    def _say(self, state: str) -> None:
        if path := os.environ.get("SPECIMEN_STATE"):
            Path(path).write_text(
                f"{self._capabilities.render_mode.value} {self._capabilities.mosaic.value[0]} {state}", encoding="utf-8"
            )


def main() -> None:
    probe_module.REPLY_TIMEOUT_S = probe_module.SLOW_REPLY_TIMEOUT_S = 20.0  # on a busy machine, replies through tmux come late
    with Probe.start(os.environ) as probe:
        capabilities = probe.finish(cast(TextSetting, sys.argv[1]) if len(sys.argv) > 1 else "auto")
    if len(sys.argv) > 2:
        capabilities = capabilities._replace(mosaic=Mosaic[sys.argv[2].upper()])
    table = SurfaceTable()
    boundary = OutputBoundary(table, encoder_for(capabilities), width_boxes_for(capabilities, cell_len))
    driver = boundary_driver(LinuxDriver, boundary, Handover(probe.replies.typed, probe.late_replies()))
    Specimen(Renderer(typesetter_for(capabilities), table, PALETTE), capabilities, driver).run()


if __name__ == "__main__":
    main()
