"""Select Graphic Rendition (SGR): the effect of parameter lists, and parameters for colours (ECMA-48, ISO 8613-6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.typesetting.typeset.surface import Colour

_SYSTEM: tuple[Colour, ...] = (
    (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229),
    (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255), (0, 255, 255), (255, 255, 255),
)  # fmt: skip
_LINES = frozenset({4, 9, 21, 53})
_NO_LINES = {24: {4, 21}, 29: {9}, 55: {53}}
_FOREGROUNDS, _BACKGROUNDS = frozenset({*range(30, 40), *range(90, 98)}), frozenset({*range(40, 50), *range(100, 108)})
_CUBE = (0, 95, 135, 175, 215, 255)


class Background(NamedTuple):
    """Background of text, as SGR parameters set it."""

    colour: Colour | None = None
    """Colour, or None for the terminal's own background."""
    sgr: str = ""
    """SGR parameters that set the background, or "" for the terminal's own background."""
    is_lined: bool = False
    """Whether even spaces show a line: an underline, overline or strikethrough."""


NO_BACKGROUND = Background()


@lru_cache(maxsize=1024)
def background_of(parameters: str) -> Background:
    """Return the background that SGR parameters set if nothing was set before.

    Args:
        parameters: Text between `CSI` and `m`: `1;48;2;20;20;20` sets the background (20, 20, 20).
    """
    foreground = background = Background()
    reverse = False
    lines: set[int] = set()
    codes = iter(parameters.replace(":", ";").split(";"))
    for text in codes:
        code = int(text or 0)
        if code == 0:
            foreground = background = Background()
            reverse = False
            lines.clear()
        elif code in _LINES:
            lines.add(code)
        elif code in _NO_LINES:
            lines -= _NO_LINES[code]
        elif code in (7, 27):
            reverse = code == 7
        elif code in _FOREGROUNDS:
            foreground = _colour(code % 10, codes, is_bright=code >= 90)
        elif code in _BACKGROUNDS:
            background = _colour(code % 10, codes, is_bright=code >= 100)
    return (foreground if reverse else background)._replace(is_lined=bool(lines))


def _colour(digit: int, codes: Iterator[str], *, is_bright: bool) -> Background:
    """Return the colour that an SGR code (ECMA-48) sets.

    `digit` is the code's last digit: 0 to 7 is a colour of the palette, 8 means a colour in the next codes, and 9 the default.
    `codes` yields the next codes; those that belong to the colour are taken from it.
    With `is_bright`, the digit means one of the bright colours, 8 to 15 of the palette.
    """
    if digit < 8:
        return _indexed(digit + 8 * is_bright)
    if digit == 9:
        return NO_BACKGROUND
    kind = next(codes, "")
    values = [int(next(codes, "") or 0) for _ in range({"2": 3, "5": 1}.get(kind, 0))]
    if len(values) == 3:
        red, green, blue = values
        return Background((red, green, blue), f"48;2;{red};{green};{blue}")
    return _indexed(values[0]) if values else Background()


def _indexed(index: int) -> Background:
    return Background(palette_colour(index), f"48;5;{index}")


def palette_colour(index: int) -> Colour:
    """Return xterm's colour for the palette index `index`, 0 to 255. The first 16 are defaults, which users may have changed."""
    if index < 16:
        return _SYSTEM[index]
    if index < 232:
        red, rest = divmod(index - 16, 36)
        return _CUBE[red], _CUBE[rest // 6], _CUBE[rest % 6]
    grey = 8 + 10 * (min(index, 255) - 232)
    return grey, grey, grey


def environment_paper(env: Mapping[str, str]) -> Colour | None:
    """Return the background that rxvt and some others announce in COLORFGBG, such as `15;default;0`; None if it isn't known."""
    last = env.get("COLORFGBG", "").split(";")[-1]
    return palette_colour(int(last)) if last.isdecimal() and int(last) < 16 else None


def foreground(colour: Colour, *, truecolour: bool) -> str:
    """Return the SGR parameters for a foreground colour: its value, or without `truecolour` the nearest of the 256 colours."""
    if truecolour:
        return "38;2;{};{};{}".format(*colour)
    return f"38;5;{_nearest(colour)}"


def background(colour: Colour, *, truecolour: bool) -> str:
    """Return the SGR parameters for a background colour: its value, or without `truecolour` the nearest of the 256 colours."""
    return "4" + foreground(colour, truecolour=truecolour)[1:]


@lru_cache(maxsize=4096)
def _nearest(colour: Colour) -> int:
    """Return the palette index of the nearest colour in the 6 × 6 × 6 cube and the 24 greys.

    In the cube, red, green and blue are rounded one by one.
    """
    red, green, blue = (min(range(6), key=lambda step: abs(_CUBE[step] - part)) for part in colour)
    grey = max(0, min(23, round((sum(colour) / 3 - 8) / 10)))
    return min(16 + 36 * red + 6 * green + blue, 232 + grey, key=lambda index: _distance(palette_colour(index), colour))


def _distance(one: Colour, other: Colour) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def mix(paper: Colour, ink: Colour, share: float) -> Colour:
    """Return a mixture of the background colour `paper` and the colour of type `ink`; `share` is the share of `ink`, 0 to 1."""
    red, green, blue = (round(p + (i - p) * share) for p, i in zip(paper, ink, strict=True))
    return red, green, blue
