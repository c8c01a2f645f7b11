from __future__ import annotations

import io
import re
import unicodedata
from random import Random

import pytest
from PIL import Image

from bpost_tui.typesetting.terminal.capabilities import Capabilities, RenderMode
from bpost_tui.typesetting.terminal.encoders.encoder import CellSpan
from bpost_tui.typesetting.terminal.encoders.encoder_factory import SNAPSHOT_ID, encoder_for
from bpost_tui.typesetting.terminal.encoders.kitty import DIACRITICS, PLACEHOLDER, KittyEncoder, pack_surface
from bpost_tui.typesetting.terminal.sgr import background_of
from bpost_tui.typesetting.typeset.surface import InkLayer, Surface
from tests.unit.typesetting.terminal.surfaces import BLUE, RED, blocks, sent_picture
from tests.unit.typesetting.terminal.tiny_terminal import Screen


def test_diacritics_are_the_297_of_the_protocol() -> None:
    assert len(DIACRITICS) == len(set(DIACRITICS)) == 297
    assert [ord(mark) for mark in DIACRITICS[:5]] == [0x305, 0x30D, 0x30E, 0x310, 0x312]
    assert [ord(mark) for mark in DIACRITICS[-3:]] == [0x1D242, 0x1D243, 0x1D244]
    assert all(unicodedata.combining(mark) == 230 and not unicodedata.decomposition(mark) for mark in DIACRITICS)
    assert list(DIACRITICS) == sorted(DIACRITICS)


def test_kitty_numbers_only_the_first_cell_of_each_stretch() -> None:
    encoder = KittyEncoder(first_id=0x010203)
    surface = blocks(8, 2, dict.fromkeys([(1, 1), (1, 2), (1, 3), (1, 6)], RED))
    out = encoder.encode(CellSpan(surface, 1, 1, 7, background_of("48;2;9;9;9")))
    row = DIACRITICS[1]
    start, later = PLACEHOLDER + row + DIACRITICS[1], PLACEHOLDER + row + DIACRITICS[6]
    assert out == f"\x1b[0;48;2;9;9;9;38;2;1;2;3m{start}{PLACEHOLDER * 2}  {later} "


def test_repeated_placeholders_fill_the_cells_from_first_to_last_ink() -> None:
    surface = blocks(40, 1, dict.fromkeys([(0, column) for column in (3, 4, 20, 30)], RED))
    out = KittyEncoder(repeats=True).encode(CellSpan(surface, 0, 1, 39))
    assert len(out) < 60
    screen = Screen().feed(out)
    assert screen.col == 39
    assert screen.cells[0, 2] == PLACEHOLDER + DIACRITICS[0] + DIACRITICS[3]
    assert [screen.cells[0, column] for column in range(3, 30)] == [PLACEHOLDER] * 27
    assert screen.text() == f"  {screen.cells[0, 2]}{PLACEHOLDER * 27}{' ' * 9}"


def test_few_cells_are_written_out_even_if_the_terminal_repeats() -> None:
    surface = blocks(4, 1, {(0, 1): RED, (0, 2): RED})
    out = KittyEncoder(repeats=True, first_id=1).encode(CellSpan(surface, 0, 0, 4))
    assert out == f"\x1b[0;38;2;0;0;1m {PLACEHOLDER}{DIACRITICS[0]}{DIACRITICS[1]}{PLACEHOLDER} "


@pytest.mark.parametrize(
    ("first_id", "numbers"),
    [(SNAPSHOT_ID - 2, [SNAPSHOT_ID - 2, SNAPSHOT_ID - 1, 1]), (SNAPSHOT_ID, [SNAPSHOT_ID, SNAPSHOT_ID + 1, SNAPSHOT_ID + 2])],
)
def test_app_never_uses_the_numbers_of_the_startup_snapshot(first_id: int, numbers: list[int]) -> None:
    encoder = encoder_for(Capabilities("kitty", (), RenderMode.KITTY, "a test", 10, 20), first_id=first_id)
    for _ in numbers:
        encoder.encode(CellSpan(blocks(1, 1, {(0, 0): RED}), 0, 0, 1))
    assert [int(number) for number in re.findall(r",i=(\d+)", encoder.take_uploads())] == numbers


def test_slow_line_gets_fewer_shades() -> None:
    noise = Random(1).randbytes(200 * 200)

    def sent(*, uses_few_shades: bool) -> str:
        encoder = KittyEncoder()
        encoder.uses_few_shades = uses_few_shades
        encoder.encode(CellSpan(Surface(20, 10, 10, 20, ((),) * 10, lambda: (InkLayer(RED, noise),)), 0, 0, 20))
        return encoder.take_uploads()

    assert len(sent(uses_few_shades=True)) < 0.6 * len(sent(uses_few_shades=False))


def test_kitty_sends_no_picture_without_ink() -> None:
    encoder = KittyEncoder()
    assert encoder.encode(CellSpan(blocks(4, 1, {}), 0, 0, 4)) == "\x1b[0m    "
    assert encoder.take_uploads() == ""


def test_kitty_uploads_large_pictures_in_chunks() -> None:
    noise = Random(1).randbytes(200 * 200)
    surface = Surface(20, 10, 10, 20, ((),) * 10, lambda: (InkLayer(RED, noise),))
    encoder = KittyEncoder()
    encoder.encode(CellSpan(surface, 0, 0, 20))
    uploads = encoder.take_uploads()
    chunks = re.findall(r"\x1b_G([^;]*);([^\x1b]*)\x1b\\", uploads)
    assert len(chunks) > 2
    assert all(len(payload) <= 4096 for _, payload in chunks)
    assert chunks[0][0] == "a=T,U=1,i=1,f=100,c=20,r=10,q=2,m=1"
    assert {keys for keys, _ in chunks[1:-1]} == {"m=1"}
    assert chunks[-1][0] == "m=0"
    assert sent_picture(uploads).size == (200, 200)
    assert encoder.take_uploads() == ""


@pytest.mark.parametrize("inks", [1, 2, 20])
def test_kitty_picture_keeps_colour_and_coverage_of_every_ink(inks: int) -> None:
    layers = tuple(
        InkLayer((index, 0, 255 - index), bytes(255 if at == index else 0 for at in range(400))) for index in range(inks)
    )
    surface = Surface(2, 1, 10, 20, ((),), lambda: layers)
    image = Image.open(io.BytesIO(pack_surface(surface).png())).convert("RGBA")
    for index in range(inks):
        assert image.getpixel((index % 20, index // 20)) == (index, 0, 255 - index, 255)
    assert image.getpixel((19, 19))[3] == 0  # type: ignore[index]


def test_kitty_picture_is_as_opaque_as_its_coverage() -> None:
    for cover in (17, 100, 128, 240):
        image = Image.open(io.BytesIO(pack_surface(blocks(1, 1, {(0, 0): BLUE}, cover=cover)).png())).convert("RGBA")
        red, green, blue, alpha = image.getpixel((5, 5))  # type: ignore[misc]
        assert (red, green, blue) == BLUE
        assert abs(alpha - cover) <= 9


def test_kitty_deletes_freed_pictures_once_and_reuses_numbers() -> None:
    encoder = KittyEncoder()
    first, second = blocks(2, 1, {(0, 0): RED}), blocks(2, 1, {(0, 0): RED})
    encoder.encode(CellSpan(first, 0, 0, 2))
    assert encoder.free([first, second]) == "\x1b_Ga=d,d=I,i=1,q=2\x1b\\"
    assert encoder.free([first]) == ""
    assert "38;2;0;0;1m" in encoder.encode(CellSpan(second, 0, 0, 2))


def test_kitty_sends_pictures_again_after_free_all() -> None:
    encoder = KittyEncoder()
    surface = blocks(2, 1, {(0, 0): RED})
    encoder.encode(CellSpan(surface, 0, 0, 2))
    encoder.take_uploads()
    assert encoder.free_all() == "\x1b_Ga=d,d=I,i=1,q=2\x1b\\"
    encoder.encode(CellSpan(surface, 0, 0, 2))
    assert encoder.take_uploads().startswith("\x1b_Ga=T")


def test_kitty_commands_are_wrapped_inside_tmux() -> None:
    encoder = KittyEncoder(tmux=True)
    surface = blocks(2, 1, {(0, 0): RED})
    encoder.encode(CellSpan(surface, 0, 0, 2))
    uploads = encoder.take_uploads()
    assert re.fullmatch(r"\x1bPtmux;\x1b\x1b_G[^\x1b]*\x1b\x1b\\\x1b\\", uploads)
    assert encoder.free([surface]) == "\x1bPtmux;\x1b\x1b_Ga=d,d=I,i=1,q=2\x1b\x1b\\\x1b\\"


def test_kitty_opacity_suits_the_first_paper_in_linear_light() -> None:
    def opacity(encoder: KittyEncoder, background: str) -> int:
        encoder.encode(CellSpan(blocks(1, 1, {(0, 0): (128, 128, 128)}, cover=128), 0, 0, 1, background_of(background)))
        return int(sent_picture(encoder.take_uploads()).getpixel((5, 5))[3])  # type: ignore[index]

    light, dark, background = (250, 250, 250), (0, 0, 0), "48;2;{};{};{}"
    even = opacity(KittyEncoder(), background.format(*light))
    on_light, on_dark = opacity(KittyEncoder(light), ""), opacity(KittyEncoder(dark), "")
    assert on_dark < even - 30
    assert on_light > even + 10
    assert opacity(KittyEncoder(dark), background.format(*light)) == on_light
