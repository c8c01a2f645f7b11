from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from bpost_tui.typesetting.terminal.capabilities import Mosaic
from bpost_tui.typesetting.terminal.encoders.cells import CellsEncoder
from bpost_tui.typesetting.terminal.encoders.encoder import CellSpan, Encoder
from bpost_tui.typesetting.terminal.encoders.iterm2 import InlineEncoder
from bpost_tui.typesetting.terminal.encoders.kitty import KittyEncoder
from bpost_tui.typesetting.terminal.encoders.mosaic import MosaicEncoder
from bpost_tui.typesetting.terminal.encoders.sixel import SixelEncoder
from bpost_tui.typesetting.terminal.output_boundary import OutputBoundary
from bpost_tui.typesetting.terminal.width_boxes import WidthBoxes
from bpost_tui.typesetting.text.graphemes import cell_width
from bpost_tui.typesetting.typeset.surface import CellWord, Surface, SurfaceTable
from tests.unit.typesetting.terminal.surfaces import RED, blocks, worded
from tests.unit.typesetting.terminal.tiny_terminal import Screen, width_as_kitty, width_as_xterm


class Recorder(Encoder):
    """Encoder that records the spans (neighbouring cells of a row) that it encodes, as `runs`."""

    def __init__(self) -> None:
        self.runs: list[CellSpan] = []

    def encode(self, run: CellSpan) -> str:
        self.runs.append(run)
        return "#" * run.cells


def boundary(encoder: Encoder, table: SurfaceTable | None = None) -> tuple[OutputBoundary, SurfaceTable]:
    table = table or SurfaceTable()
    return OutputBoundary(table, encoder, WidthBoxes(cell_len)), table


def test_translate_returns_a_plain_stream_unchanged() -> None:
    stream = "\x1b[1;1H\x1b[1;38;2;1;2;3mHello, naïve world ─│ 漢字\x1b[0m\n\x1b[J"
    assert boundary(Recorder())[0].translate(stream) == stream
    link = "\x1b]8;id=1;https://x/\x1b\\link\x1b]8;;\x1b\\"
    assert boundary(Recorder())[0].translate(link) == link


@pytest.mark.parametrize(
    "stream",
    [
        "\x07",
        "\x1b]22;pointer\x07",
        "\x1b[?2048$p",
        "\x1b[<u",
        "\x1b[>25u",
        "\x1b]52;c;YQ==\x07",
        "\x1b]2;শিরোনাম\x07",
        "\x1b[?1049l\x1b[?25h",
    ],
)
def test_translate_passes_textuals_sequences(stream: str) -> None:
    assert boundary(Recorder())[0].translate(stream) == stream


@pytest.mark.parametrize(
    ("stream", "left"),
    [
        ("a\x1b[2;1Rb", "ab"),
        ("a\x1b]0evil\x07b", "ab"),
        ("a\x1bP+q544e\x1b\\b", "ab"),
        ("a\x1b_Ga=d\x1b\\b", "ab"),
        ("a\x1bcb", "ab"),
        ("a\x1b]52;c;YQ==\x07b", "ab"),
        ("a\x1b[?1049lb", "ab"),
        ("a\x07b", "ab"),
        ("a\x1b]8;;x\x9b2J\x1b\\b", "ab"),
        ("a\x9b2Jb\x00c\x08d", "a2Jbcd"),
        ("a\u202eb\u2066c\u200fd", "abcd"),
        ("a\x1b", "a"),
        ("a\ud800b", "ab"),
    ],
)
def test_translate_drops_controls_in_text(stream: str, left: str) -> None:
    assert boundary(Recorder())[0].translate(stream) == left


def test_translate_gives_runs_their_background_and_row() -> None:
    recorder = Recorder()
    edge, table = boundary(recorder)
    edge.rows = 3
    surface = blocks(6, 2, {})
    edge.translate(f"\x1b[2;5H\x1b[1;38;2;9;9;9;48;2;1;2;3m{table.tokens(surface, 1)[2:5]}\x1b[0m")
    edge.translate(f"\x1b[3;1H\x1b[7;38;2;9;9;9;48;2;1;2;3m{table.tokens(surface, 0)}\x1b[0m")
    first, second = recorder.runs
    assert (first.surface, first.row, first.column, first.cells) == (surface, 1, 2, 3)
    assert first.background.colour == (1, 2, 3)
    assert not first.last_row
    assert second.background.colour == (9, 9, 9), "reversed"
    assert second.last_row


def test_translate_splits_runs_of_overlapping_surfaces() -> None:
    recorder = Recorder()
    edge, table = boundary(recorder)
    left, right = blocks(4, 1, {}), blocks(4, 2, {})
    edge.translate(table.tokens(left, 0) + table.tokens(right, 1)[1:] + table.tokens(right, 0)[:2])
    assert [(run.surface, run.row, run.column, run.cells) for run in recorder.runs] == [
        (left, 0, 0, 4),
        (right, 1, 1, 3),
        (right, 0, 0, 2),
    ]


def test_translate_restores_the_style_after_tokens() -> None:
    edge, table = boundary(Recorder())
    surface = blocks(2, 1, {})
    out = edge.translate(f"\x1b[1;48;2;1;2;3m{table.tokens(surface, 0)}abc\x1b[0m")
    assert out == "##\x1b[0;1;48;2;1;2;3mabc\x1b[0m"
    assert edge.translate(table.tokens(surface, 0)) == "##\x1b[0m"
    assert edge.translate(f"\x1b[1m{table.tokens(surface, 0)}\x1b[4mx\x1b[0m") == "##\x1b[0;1;4mx\x1b[0m"


def test_translate_sets_an_unchanged_style_once() -> None:
    edge, table = boundary(MosaicEncoder(Mosaic.HALF))
    paper, tokens = "48;2;1;2;3", table.tokens(blocks(2, 1, {}, cell_w=1, cell_h=2), 0)
    margin = f"\x1b[38;2;9;9;9;{paper}m  \x1b[0m"
    out = edge.translate(
        f"{margin}\x1b[38;2;9;9;9;{paper}m{tokens}\x1b[0m{margin}\x1b[7;38;2;1;2;3;48;2;9;9;9m \x1b[0m\x1b[2;1H{margin}"
    )
    assert out == f"\x1b[0;{paper}m       \x1b[2;1H  \x1b[0m"


def test_translate_keeps_the_style_of_underlined_or_erased_blanks() -> None:
    edge, table = boundary(MosaicEncoder(Mosaic.HALF))
    tokens = table.tokens(blocks(1, 1, {}, cell_w=1, cell_h=2), 0)
    assert edge.translate(f"{tokens}\x1b[4m \x1b[24m \x1b[0m") == " \x1b[0;4m \x1b[0m \x1b[0m"
    assert edge.translate(f"{tokens}\x1b[48;2;1;2;3m\x1b[K\x1b[0m") == " \x1b[0;48;2;1;2;3m\x1b[K\x1b[0m"


def test_translate_writes_spaces_for_unknown_tokens() -> None:
    edge, table = boundary(Recorder())
    tokens = table.tokens(blocks(3, 1, {}), 0)
    table.clear()
    assert Screen().feed(edge.translate(f"[{tokens}]")).text() == "[   ]"


def test_translate_sends_new_pictures_first_and_frees_evicted_ones() -> None:
    edge, table = boundary(KittyEncoder())
    surface = blocks(3, 1, {(0, 1): RED})
    first = edge.translate(table.tokens(surface, 0))
    assert first.startswith("\x1b_Ga=T")
    assert first.index("\x1b\\") < first.index("\U0010eeee")
    assert "_G" not in edge.translate(table.tokens(surface, 0))
    table.clear()
    assert edge.translate("x") == "x\x1b_Ga=d,d=I,i=1,q=2\x1b\\"
    assert edge.free_all() == ""


def test_changed_render_mode_frees_the_old_ones_pictures() -> None:
    edge, table = boundary(KittyEncoder())
    surface = blocks(3, 1, {(0, 1): RED})
    edge.translate(table.tokens(surface, 0))
    edge.change(MosaicEncoder(Mosaic.HALF))
    assert edge.translate("\x1b[?2026h") == "\x1b[?2026h", "pictures stay until the next frame"
    assert edge.translate("x") == "x\x1b_Ga=d,d=I,i=1,q=2\x1b\\"
    assert "_G" not in edge.translate("x")


def test_clear_resends_pictures_in_one_write_with_the_next_frame() -> None:
    edge, table = boundary(KittyEncoder())
    surface = blocks(3, 1, {(0, 1): RED})
    edge.translate(table.tokens(surface, 0))
    edge.clear()
    assert edge.translate("\x1b[?2026h") == "\x1b[?2026h"
    again = edge.translate(table.tokens(surface, 0))
    assert again.startswith("\x1b[2J\x1b_Ga=d,d=I,i=1,q=2\x1b\\\x1b_Ga=T,U=1,i=1,")
    assert "_G" not in edge.translate(table.tokens(surface, 0))


WORDS = ("plain", "জানিয়েছে", "স্ত্রী", "ক্ষ", "é", "e\u0301", "漢", "👍🏽", "│", "র‍্যাব", "কা")
PIECES = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(("\x1b[0m", "\x1b[1;48;2;9;9;9m", "\x1b[4m", " ", "  ", "\x1b]8;;x\x1b\\")),
    st.tuples(st.integers(0, 1), st.integers(0, 9), st.integers(1, 10)),
)
ENCODERS: dict[str, Callable[[], Encoder]] = {
    "kitty": KittyEncoder,
    "tmux": lambda: KittyEncoder(tmux=True),
    "sixel": lambda: SixelEncoder((0, 0, 0)),
    "iterm2": lambda: InlineEncoder((0, 0, 0)),
    "mosaic": lambda: MosaicEncoder(Mosaic.QUADRANT),
    "cells": CellsEncoder,
}


def surface_for(name: str) -> Surface:
    if name == "cells":
        words = tuple(CellWord(at, cell_width(text), text, RED) for at, text in ((0, "জানি"), (5, "ab"), (8, "ক")))
        return worded(10, words, (CellWord(2, 8, "জানিয়েছে", RED, underline=True),))
    size = (2, 2) if name == "mosaic" else (10, 20)
    return blocks(10, 2, {(0, 0): RED, (0, 1): RED, (0, 5): (0, 9, 0), (1, 9): RED}, cell_w=size[0], cell_h=size[1])


@pytest.mark.parametrize("name", ENCODERS)
@pytest.mark.parametrize("width", [width_as_xterm, width_as_kitty], ids=["xterm", "kitty"])
@settings(max_examples=40, deadline=None)
@given(pieces=st.lists(PIECES, max_size=12))
def test_translate_keeps_columns_for_any_frame(
    name: str, width: Callable[[str], int], pieces: list[str | tuple[int, int, int]]
) -> None:
    edge, table = boundary(ENCODERS[name]())
    surface = surface_for(name)
    stream, cells = "", 0
    for piece in pieces:
        text = piece if isinstance(piece, str) else table.tokens(surface, piece[0])[piece[1] : piece[1] + piece[2]]
        plain = "" if text.startswith("\x1b") else text
        cells += cell_len(plain)
        stream += text
    screen = Screen(cols=400, width=width).feed(edge.translate(stream))
    assert screen.col == cells
    assert screen.furthest <= cells


@pytest.mark.parametrize(
    ("name", "takes"),
    [
        ("kitty", r"\x1b_Ga=T,U=1,i=\d+,f=100,c=10,r=2,q=2,m=0;[\w+/=]+\x1b\\|\x1b_Ga=d,d=I,i=\d+,q=2\x1b\\"),
        ("sixel", r"\x1bP0;1;0q\"1;1;\d+;\d+[#\d;!?-~$-]*\x1b\\|\x1b[78]|\x1b\[\d+C"),
        ("iterm2", r"\x1b\]1337;File=inline=1;[\w=;]+:[\w+/=]+\x07|\x1b[78]|\x1b\[\d+C"),
        ("mosaic", r"\x1b\[38;2;\d+;\d+;\d+m"),
        ("cells", r"\x1b[78]|\x1b\[\d+C"),
    ],
)
def test_translate_writes_only_escapes_of_the_render_mode(name: str, takes: str) -> None:
    edge, table = boundary(ENCODERS[name]())
    surface = surface_for(name)
    out = edge.translate("".join(f"\x1b[{row + 1};1H\x1b[48;2;1;1;1m{table.tokens(surface, row)}\x1b[0m" for row in (0, 1)))
    out += edge.free_all()
    assert "\x1b" not in re.sub(rf"{takes}|\x1b\[[\d;]*[mH]", "", out)


def test_surface_without_cells_takes_no_tokens() -> None:
    table = SurfaceTable()
    first = worded(3, ())
    tokens = table.tokens(first, 0)
    assert table.tokens(worded(0, ()), 0) == ""
    table.tokens(worded(4, ()), 0)
    assert [found is not None and found[0] is first for found in map(table.find, tokens)] == [True] * 3


# ── budget ──────────────────────────────────────────────────────────────────


def budgeted(encoder: Encoder, budget_bytes: int | None) -> tuple[OutputBoundary, str]:
    """Return an output boundary with at most `budget_bytes` of pictures a frame, and a frame of three drawings in three rows."""
    edge, table = boundary(encoder)
    edge.budget_bytes = budget_bytes
    surfaces = [blocks(6, 1, {(0, column): RED}) for column in (1, 2, 3)]
    for row, surface in enumerate(surfaces):
        table.screen.paint(row, 0, 6, frozenset([surface]))
    lines = (f"\x1b[{row + 1};1H{table.tokens(surface, 0)}" for row, surface in enumerate(surfaces))
    return edge, "".join(lines)


@pytest.mark.parametrize("encoder", [KittyEncoder(), SixelEncoder((0, 0, 0))], ids=["kitty", "sixel"])
def test_frame_over_its_budget_leaves_later_pictures_out_until_the_next(encoder: Encoder) -> None:
    edge, frame = budgeted(encoder, 1)
    out = edge.translate(frame)
    assert edge.take_deferred() == ((1, 0, 6), (2, 0, 6))
    assert {(row, column): out for row, column in Screen().feed(out).cells if row}.keys() == {
        (row, column) for row in (1, 2) for column in range(6)
    }
    rows = frame.split("\x1b")[1:]
    edge.translate("".join(f"\x1b{row}" for row in rows[1:]))
    assert edge.take_deferred() == ((2, 0, 6),)
    edge.translate(f"\x1b{rows[2]}")
    assert not edge.take_deferred()


def test_picture_owed_since_the_last_frame_is_sent_whatever_else_is() -> None:
    edge, frame = budgeted(SixelEncoder((0, 0, 0)), 1)
    edge.translate(frame)
    edge.take_deferred()
    edge.translate(frame)  # the first row is sent again, as beside a change in the same row
    assert edge.take_deferred() == ((2, 0, 6),)


def test_picture_that_has_left_the_screen_is_not_requested() -> None:
    edge, frame = budgeted(SixelEncoder((0, 0, 0)), 1)
    edge.translate(frame)
    edge._table.screen.paint(1, 0, 6, frozenset())
    assert edge.take_deferred() == ((2, 0, 6),)
    assert not edge.take_deferred()


def test_frame_without_budget_leaves_nothing_out() -> None:
    edge, frame = budgeted(KittyEncoder(), None)
    assert edge.translate(frame).count("a=T") == 3
    assert not edge.take_deferred()


def test_picture_left_out_is_never_uploaded_if_it_has_gone() -> None:
    edge, frame = budgeted(KittyEncoder(), 1)
    sent = edge.translate(frame)
    edge.take_deferred()
    sent += edge.translate("\x1b[2;1H      \x1b[3;1H      ")
    assert sent.count("a=T") == 1


def test_number_of_a_picture_is_sent_without_reset_only_between_pictures() -> None:
    edge, table = boundary(KittyEncoder())
    one, two = (blocks(2, 1, {(0, 0): RED}) for _ in range(2))
    pictures = f"\x1b[1;1H{table.tokens(one, 0)}{table.tokens(two, 0)}"
    assert "\x1b[0;38;2;0;0;1m" in (out := edge.translate(pictures))
    assert "\x1b[38;2;0;0;2m" in out
    reversed_text = f"\x1b[1;1H\x1b[7;38;2;9;9;9mtext\x1b[0m\x1b[48;2;9;9;9m  {table.tokens(two, 0)}"
    assert "\x1b[0;48;2;9;9;9;38;2;0;0;2m" in edge.translate(reversed_text)
