from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpost_tui.core.themes import ReaderTheme, bundled_folder, load_themes
from bpost_tui.typesetting.terminal.capabilities import Capabilities, Mosaic, RenderMode
from bpost_tui.typesetting.terminal.colours import ColourFilter, TerminalColours, is_dark, luminance, opacities
from bpost_tui.typesetting.terminal.detection import detect
from bpost_tui.typesetting.terminal.encoders.cells import CellsEncoder
from bpost_tui.typesetting.terminal.encoders.encoder import Encoder
from bpost_tui.typesetting.terminal.encoders.kitty import KittyEncoder
from bpost_tui.typesetting.terminal.encoders.mosaic import MosaicEncoder
from bpost_tui.typesetting.terminal.output_boundary import OutputBoundary
from bpost_tui.typesetting.terminal.replies import LateReplies, Replies, parse
from bpost_tui.typesetting.terminal.sgr import mix
from bpost_tui.typesetting.terminal.width_boxes import WidthBoxes
from bpost_tui.typesetting.typeset.surface import CellWord, Colour, InkLayer, Surface, SurfaceTable

OWN = TerminalColours((200, 200, 200), (10, 20, 30))
COLOURED = re.compile(r"\x1b\[(?:[\d;]*;)?(?:3[0-9]|4[0-9]|5[89]|9[0-7]|10[0-7])(?:;[\d;]*)?m")


@pytest.mark.parametrize(
    ("parameters", "written"),
    [
        ("1;38;2;200;200;200;48;2;10;20;30", "1;39;49"),
        ("38;2;205;0;0", "31"),
        ("48;2;205;0;0", "41"),
        ("38;2;255;0;0;4", "91;4"),
        ("48;2;255;0;0", "101"),
        ("38;2;10;20;30", "38;2;10;20;30"),  # the paper's colour has no name as ink
        ("38;5;12", "38;5;12"),
        ("", ""),
    ],
)
def test_terminals_own_colours_are_requested_by_name(parameters: str, written: str) -> None:
    colours = ColourFilter()
    assert colours.apply(f"\x1b[{parameters}mx") == f"\x1b[{parameters}mx"
    colours.terminal_colours = OWN
    assert colours.apply(f"\x1b[{parameters}mx") == f"\x1b[{written}mx"


@pytest.mark.parametrize(
    ("colours", "parameters", "written"),
    [
        (ColourFilter(), "48;2;10;20;30", "48;2;10;20;31"),
        (ColourFilter(), "38;2;10;20;30;48;2;1;2;3", "38;2;10;20;30;48;2;1;2;3"),
        (ColourFilter(none=True), "1;38;2;1;2;3;48;2;9;9;9", "1;48;2;10;20;31"),
    ],
)
def test_transparent_background_gets_a_neighbouring_value(colours: ColourFilter, parameters: str, written: str) -> None:
    colours.transparent_paper = OWN.paper
    colours.terminal_colours = None if colours.is_colourless else OWN
    assert colours.apply(f"\x1b[{parameters}mx") == f"\x1b[{written}mx" == colours.apply(f"\x1b[{written}mx")


@pytest.mark.parametrize(
    ("parameters", "written"),
    [
        ("1;38;2;1;2;3;4", "\x1b[1;4mx"),
        ("31", "x"),
        ("0;48;5;3", "\x1b[0mx"),
        ("", "\x1b[mx"),
        ("58;5;3;3", "\x1b[3mx"),
        ("7", "\x1b[7mx"),
    ],
)
def test_colourless_output_has_weight_and_lines_only(parameters: str, written: str) -> None:
    assert ColourFilter(none=True).apply(f"\x1b[{parameters}mx") == written


@pytest.mark.parametrize(
    ("colour", "number"),
    [((251, 246, 232), 255), ((43, 48, 59), 236), ((236, 232, 220), 254), ((255, 0, 0), 196), ((139, 26, 26), 88)],
)
def test_colour_of_256_is_the_nearest_to_the_eye(colour: Colour, number: int) -> None:
    """The nearest colour keeps the hue: cream isn't shown as yellow, nor a grey background as pink or blue."""
    colours = ColourFilter()
    colours.of_256 = True
    parameters = ";".join(map(str, colour))
    assert colours.apply(f"\x1b[1;38;2;{parameters};48;2;{parameters};39mx") == f"\x1b[1;38;5;{number};48;5;{number};39mx"
    assert colours.apply("\x1b[38;5;12;58;2;1;2;3mx") == "\x1b[38;5;12;58;2;1;2;3mx"


@pytest.mark.parametrize(
    ("term", "none"),
    [
        *((term, True) for term in ("vt100", "vt220-8", "xterm-mono", "linux-m")),
        *((term, False) for term in ("xterm", "xterm-256color", "vt525", "screen-mate", "")),
    ],
)
def test_dumb_terminal_is_colourless(term: str, none: bool) -> None:
    assert detect(Replies(), {"TERM": term}).colourless is none


CODES = st.lists(st.sampled_from(["0", "1", "4", "7", "31", "38;2;4;31;7", "48;5;31", "39", "100", "58;2;1;2;3", "22"]), max_size=8)


@given(CODES)
def test_colourless_filter_removes_all_colours(codes: list[str]) -> None:
    written = ColourFilter(none=True).apply(f"\x1b[{';'.join(codes)}mx")
    kept = [code for code in codes if code in ("0", "1", "4", "7", "22")]
    assert not COLOURED.search(written)
    assert written == (f"\x1b[{';'.join(kept)}mx" if kept or not codes else "x")


def boundary(encoder: Encoder, colours: ColourFilter) -> tuple[OutputBoundary, str]:
    table = SurfaceTable()
    surface = Surface(2, 1, 2, 2, ((CellWord(0, 2, "কা", OWN.ink),),), lambda: (InkLayer(OWN.ink, b"\xff" * 8),))
    return OutputBoundary(table, encoder, WidthBoxes(len), colours), table.tokens(surface, 0)


@pytest.mark.parametrize("encoder", [CellsEncoder(), MosaicEncoder(Mosaic.QUADRANT)], ids=["cells", "mosaic"])
def test_set_type_uses_the_terminals_ink_or_no_colour(encoder: Encoder) -> None:
    colours = ColourFilter()
    colours.terminal_colours = OWN
    there, tokens = boundary(encoder, colours)
    assert "39m" in there.translate(f"\x1b[48;2;10;20;30m{tokens}\x1b[0m")
    there, tokens = boundary(encoder, ColourFilter(none=True))
    assert not COLOURED.search(there.translate(f"\x1b[1;38;2;1;2;3;48;2;10;20;30m{tokens}\x1b[31mকা\x1b[0m"))


def test_picture_numbers_survive_the_colourless_filter() -> None:
    there, tokens = boundary(KittyEncoder(), ColourFilter(none=True))
    written = there.translate(f"\x1b[48;2;10;20;30m{tokens}\x1b[0m")
    assert "38;2;0;0;1" in written
    assert "48;2" not in written


PALETTE = b"\x1b]4;1;rgb:cc/00/00\x1b\\\x1b]4;12;rgb:7272/9f9f/cfcf\x07"


def test_terminal_colours_are_read_from_replies() -> None:
    replies = parse(b"a" + PALETTE + b"\x1b]11;rgb:ffff/ffff/dddd\x1b\\\x1b[?62c")
    assert replies.palette == ((1, (204, 0, 0)), (12, (114, 159, 207)))
    assert replies.typed == b"a"
    own = TerminalColours.of(detect(replies, {"TERM": "xterm", "LANG": "C.UTF-8"}))
    assert (own.paper, own.sixteen[1], own.sixteen[12]) == ((255, 255, 221), (204, 0, 0), (114, 159, 207))
    assert own.ink == (0, 0, 0)  # no reply for the ink: black on the light paper


@pytest.mark.parametrize("cut", range(1, len(PALETTE)))
def test_late_colour_replies_are_never_keys(cut: int) -> None:
    late = LateReplies(parse(PALETTE[:cut]).incomplete)
    assert late.feed(PALETTE[cut:] + b"j") == b"j"


@pytest.mark.parametrize(
    ("setting", "paper"), [("0;15", (255, 255, 255)), ("15;default;0", (0, 0, 0)), ("x", (0, 0, 0)), ("", (0, 0, 0))]
)
def test_paper_of_a_silent_terminal_comes_from_the_environment(setting: str, paper: tuple[int, int, int]) -> None:
    assert TerminalColours.of(detect(Replies(), {"COLORFGBG": setting})).paper == paper


@pytest.mark.parametrize(("value", "none"), [("1", True), ("", False), (None, False)])
def test_no_color_applies_unless_empty(value: str | None, none: bool) -> None:
    capabilities = detect(Replies(), {} if value is None else {"NO_COLOR": value})
    assert capabilities.colourless is none
    assert Capabilities("", (), RenderMode.CELLS, "", 1, 1).colourless is False


# ── blending ────────────────────────────────────────────────────────────────

BLACK, GREY, WHITE = (0, 0, 0), (90, 90, 90), (255, 255, 255)
_SHADES = 15
_NEAR = 6
"""Maximum error of a channel (0 to 255), because opacities are whole numbers and all three channels share one."""


def blended(paper: Colour, ink: Colour, opacity: int) -> Colour:
    """Return the colour that `ink` at `opacity` (0 to 255) over `paper` has in a terminal that blends in linear light."""
    red, green, blue = (
        round(255 * encoded(opacity / 255 * linear(over) + (1 - opacity / 255) * linear(under)))
        for over, under in zip(ink, paper, strict=True)
    )
    return red, green, blue


def linear(part: int) -> float:
    return luminance((part, part, part))


def encoded(light: float) -> float:
    return 12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055


THEMES = [theme for theme in load_themes(bundled_folder())[0].values() if theme.name != "terminal"]


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("name", ["text", "headline", "meta", "link"])
def test_opacities_blended_in_linear_light_are_even_mixes(theme: ReaderTheme, name: str) -> None:
    paper, ink = theme.colours["background"], theme.inks[name]
    for level, opacity in enumerate(opacities(paper, ink, _SHADES), 1):
        wanted = mix(paper, ink, level / _SHADES)
        seen = blended(paper, ink, opacity)
        assert abs(luminance_byte(seen) - luminance_byte(wanted)) <= _NEAR


def luminance_byte(colour: Colour) -> float:
    return 255 * encoded(luminance(colour))


@pytest.mark.parametrize(("paper", "ink"), [(BLACK, WHITE), (WHITE, BLACK), (GREY, GREY)])
def test_opacities_increase_to_full_ink(paper: Colour, ink: Colour) -> None:
    shades = opacities(paper, ink, _SHADES)
    assert shades == bytes(sorted(shades))
    assert shades[0] >= 1  # ink is never fully transparent
    assert shades[-1] == 255


def test_ground_is_dark_by_its_luminance() -> None:
    assert is_dark((0, 0, 0)) and is_dark((0x28, 0x2C, 0x34))
    assert not is_dark((255, 255, 255)) and not is_dark((0xFD, 0xF6, 0xE3))
