"""Tests of the driver in an app: with a driver that records its output, and with whole processes in pseudo-terminals."""

from __future__ import annotations

import re
import signal
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.drivers.headless_driver import HeadlessDriver
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input

from bpost_tui.core.keys.actions import Keys
from bpost_tui.typesetting.terminal.capabilities import Capabilities, RenderMode
from bpost_tui.typesetting.terminal.display import Display
from bpost_tui.typesetting.terminal.encoders.kitty import PLACEHOLDER, KittyEncoder
from bpost_tui.typesetting.terminal.frame_fence import FrameFence
from bpost_tui.typesetting.terminal.output_boundary import OutputBoundary
from bpost_tui.typesetting.terminal.width_boxes import WidthBoxes
from bpost_tui.typesetting.textual.driver import EscapeKeyFilter, boundary_driver
from bpost_tui.typesetting.textual.type_app import TypeApp
from bpost_tui.typesetting.typeset.surface import Surface, SurfaceTable
from tests.pty.pty_terminal import Terminal
from tests.unit.typesetting.terminal.recorded_replies import DIALOGUES
from tests.unit.typesetting.terminal.surfaces import RED, blocks


class Sheet(Widget):
    DEFAULT_CSS = "Sheet {width: 20; height: 3; border: round white}"

    def __init__(self, table: SurfaceTable, surface: Surface) -> None:
        super().__init__()
        self._table = table
        self.surface = surface

    def render_line(self, y: int) -> Strip:
        return Strip([Segment(self._table.tokens(self.surface, 0))], self.surface.cols)


def recording_driver(written: list[str]) -> type[HeadlessDriver]:
    """Return a driver that adds its output to `written`. It isn't headless to Textual, which gives headless drivers no frames."""

    class Recording(HeadlessDriver):
        @property
        def is_headless(self) -> bool:
            return False

        def write(self, data: str) -> None:
            written.append(data)

    return Recording


async def test_driver_sends_pictures_first_and_frees_all() -> None:
    written: list[str] = []
    table = SurfaceTable()
    first, second = blocks(18, 1, {(0, 2): RED}), blocks(18, 1, {(0, 3): RED})

    class Reader(App[None]):
        def compose(self) -> ComposeResult:
            yield Sheet(table, first)
            yield Input("বাংলা")

    edge = OutputBoundary(table, KittyEncoder(), WidthBoxes(cell_len))
    app = Reader(driver_class=boundary_driver(recording_driver(written), edge))
    async with app.run_test(headless=False, size=(40, 10)) as pilot:
        app.query_one(Sheet).surface = second
        app.query_one(Sheet).refresh()
        await pilot.pause()
        table.clear()
        app.query_one(Input).value = "খবর"
        await pilot.pause()
    stream = "".join(written)
    sent, freed = re.findall(r"a=T,U=1,i=(\d+)", stream), re.findall(r"a=d,d=I,i=(\d+)", stream)
    assert len(sent) == len(freed) == 2
    assert stream.index("a=T") < stream.index(PLACEHOLDER)
    assert stream.rindex("a=d") > stream.rindex(PLACEHOLDER)


async def test_pictures_over_the_budget_of_a_frame_come_with_the_next_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    frames: list[str] = []
    monkeypatch.setattr(FrameFence, "budget_bytes", 1)
    display = Display(Capabilities("kitty", (), RenderMode.KITTY, "a test", 10, 20))
    surfaces = [blocks(18, 1, {(0, column): RED}) for column in range(1, 11)]

    class Reader(TypeApp[None]):
        def compose(self) -> ComposeResult:
            for surface in surfaces:
                yield Sheet(display.surfaces, surface)

    app = Reader(display, {"text": (1, 2, 3)})
    app.driver_class = boundary_driver(recording_driver(frames), display.boundary)
    async with app.run_test(headless=False, size=(40, 3 * len(surfaces))) as pilot:
        for _ in range(200):
            await pilot.pause()
            if "".join(frames).count("a=T") == len(surfaces):
                break
    assert [frame.count("a=T") for frame in frames if "a=T" in frame] == [1] * len(surfaces)
    drawn = [len(set(re.findall(r"\x1b\[(\d+);\d+H", frame))) for frame in frames if "a=T" in frame]
    assert max(drawn[1:]) < 8 < len(surfaces), "rows that stay blank are sent again and again"


PROGRAM = """
import os, sys
from rich.cells import cell_len
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.widgets import Input, Static
from bpost_tui.typesetting.terminal.output_boundary import OutputBoundary
from bpost_tui.typesetting.terminal.encoders.encoder_factory import encoder_for, width_boxes_for
from bpost_tui.typesetting.terminal.probe import Probe
from bpost_tui.typesetting.typeset.surface import InkLayer, Surface, SurfaceTable
from bpost_tui.typesetting.textual.driver import Handover, boundary_driver
from textual.strip import Strip, Segment
from textual.widget import Widget

table = SurfaceTable()

class Sheet(Widget):
    DEFAULT_CSS = "Sheet {width: 4; height: 1}"
    def render_line(self, y):
        return Strip([Segment(table.tokens(surface, 0))], 4)

class Reader(App):
    BINDINGS = [("f9", "fail"), ("ctrl+t", "suspend")]
    def compose(self):
        yield Sheet()
        yield Input()
        yield Static("ready", id="state")
    def on_input_changed(self, event):
        self.query_one("#state", Static).update(f"typed<{event.value}>")
    def on_input_submitted(self):
        self.exit()
    def on_key_barrier(self, barrier):
        barrier.key.end()  # else the driver waits ten seconds before it passes the next key
    def action_fail(self):
        raise LookupError("as wanted")
    def action_suspend(self):
        with self.suspend():
            print("outside", flush=True)

sys.modules[Probe.__module__].REPLY_TIMEOUT_S = float(sys.argv[1])
with Probe.start(os.environ) as probe:
    can = probe.finish()
w, h = can.dot_w, can.dot_h
surface = Surface(4, 1, w, h, ((),), lambda: (InkLayer((255, 0, 0), bytes([255]) * (4 * w * h)),))
boundary = OutputBoundary(table, encoder_for(can), width_boxes_for(can, cell_len))
app = Reader(driver_class=boundary_driver(LinuxDriver, boundary, Handover(probe.replies.typed, probe.late_replies())))
app.run()
sys.exit(app.return_code)
"""


KITTY = DIALOGUES[0].answer.decode()
GIVEN_BACK = ("\x1b[?1049l", "\x1b[?25h", "\x1b[?1004l", "\x1b[?2004l", "\x1b[<u", "\x1b[?1000l", "\x1b[?7h")


def session(tmp_path: Path, source: str = PROGRAM, *, patience_s: float = 20.0) -> Terminal:
    """Start the Python program `source` in a terminal. It waits `patience_s` seconds for replies, in case the machine is busy."""
    script = tmp_path / "reader.py"
    script.write_text(source, encoding="utf-8")
    return Terminal([str(patience_s)], tmp_path, size=(80, 24), script=script)


def wait_for(played: Terminal, text: str) -> None:
    """Wait until the output of the program in `played` contains `text`."""
    played.wait_until(lambda: text in played.raw, f"{text!r} never came")


def assert_restored(played: Terminal, *, printed: bool = False) -> None:
    played.assert_restored(printed=printed)
    for escape in GIVEN_BACK:
        assert escape in played.raw, repr(escape)
    assert played.raw.count("a=T,U=1") == played.raw.count("a=d,d=I") > 0
    assert played.raw.rindex("a=d,d=I") < played.raw.rindex("\x1b[?1049l"), "freed on the screen that held them"


@pytest.mark.pty
def test_driver_passes_keys_typed_during_the_probe(tmp_path: Path) -> None:
    with session(tmp_path) as played:
        wait_for(played, "\x1b[c")
        played.type(f"abc{KITTY}d")
        wait_for(played, "typed<abcd>")
        played.type("\r")
        assert played.end() == 0
        assert_restored(played)


@pytest.mark.pty
def test_driver_never_takes_late_replies_as_keys(tmp_path: Path) -> None:
    with session(tmp_path, patience_s=0.1) as played:
        wait_for(played, "ready")
        played.type(KITTY[:50])
        played.type(f"{KITTY[50:]}x")
        wait_for(played, "typed<x>")
        played.type("\r")
        assert played.end() == 0
        assert "typed<[" not in played.raw
        played.assert_restored()


@pytest.mark.pty
@pytest.mark.parametrize(
    ("way", "status"), [("key", 0), ("error", 1), ("terminated", 128 + signal.SIGTERM), ("interrupted", 128 + signal.SIGINT)]
)
def test_driver_restores_the_terminal_on_any_ending(tmp_path: Path, way: str, status: int) -> None:
    with session(tmp_path) as played:
        wait_for(played, "\x1b[c")
        played.type(KITTY)
        wait_for(played, "ready")
        if way == "key":
            played.type("\r")
        elif way == "error":
            played.type("\x1b[20~")
        else:
            played.signal(signal.SIGTERM if way == "terminated" else signal.SIGINT)
        assert played.end() == status
        assert_restored(played, printed=way == "error")


@pytest.mark.pty
def test_driver_frees_and_resends_pictures_on_suspend(tmp_path: Path) -> None:
    with session(tmp_path) as played:
        wait_for(played, "\x1b[c")
        played.type(KITTY)
        wait_for(played, "ready")
        played.type("\x14")
        wait_for(played, "outside")
        before = played.raw.partition("outside")[0]
        assert before.count("a=T,U=1") == before.count("a=d,d=I") == 1
        played.wait_until(lambda: played.raw.count("a=T,U=1") == 2, "no picture came again")
        played.type("y")
        wait_for(played, "typed<y>")
        played.type("\r")
        assert played.end() == 0
        assert_restored(played, printed=True)
        assert played.raw.count("a=T,U=1") == 2


ESCAPE = "\x1b[27u"


@pytest.mark.parametrize(
    ("sent", "passed_on"),
    [
        ("\x1bj", f"{ESCAPE}j"),
        ("\x1b:\x1bT", f"{ESCAPE}:{ESCAPE}T"),
        ("\x1bখ", f"{ESCAPE}খ"),
        ("\x1b[A\x1bOP\x1b[27u", "\x1b[A\x1bOP\x1b[27u"),
        ("\x1b]11;rgb:0/0/0\x1b\\", "\x1b]11;rgb:0/0/0\x1b\\"),
        ("\x1b\x7f", "\x1b\x7f"),
        ("\x1bb\x1bf", "\x1bb\x1bf"),
        ("\x1b[200~a\nb\x1b[201~", "\x1b[200~a\nb\x1b[201~"),
    ],
)
def test_escape_before_a_character_is_a_key_of_its_own(sent: str, passed_on: str) -> None:
    assert EscapeKeyFilter().feed(sent) == passed_on
    piecewise = EscapeKeyFilter()
    assert "".join(map(piecewise.feed, sent)) + piecewise.idle() == passed_on


def test_escape_alone_is_a_key_once_nothing_follows() -> None:
    keys = EscapeKeyFilter()
    assert (keys.feed("\x1b"), keys.idle(), keys.idle()) == ("", ESCAPE, "")


def test_letters_that_the_config_binds_with_alt_keep_it() -> None:
    keys = EscapeKeyFilter(Keys({"open": ("alt+o",), "star": ("alt+shift+s",)}).alt_letters)
    assert keys.feed("\x1bo\x1bS\x1bs") == f"\x1bo\x1bS{ESCAPE}s"
    assert Keys().alt_letters == frozenset()
