"""Colours in the output: sent by value, sent by the terminal's own colour names, or removed (https://no-color.org).

The module also computes opacities of text for terminals that blend in linear light, so that letters look as bold as in other
terminals.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from bpost_tui.typesetting.terminal.capabilities import Capabilities
from bpost_tui.typesetting.terminal.sgr import background, foreground, mix, palette_colour
from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.typesetting.typeset.surface import Colour

SIXTEEN = tuple(
    [*("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")]
    + [f"bright-{name}" for name in ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")]
)
"""Names of the colours 0 to 15 of the palette, in the order of their numbers (ECMA-48; from 8 on, aixterm's bright colours)."""
_SGR = re.compile(r"\x1b\[([\d;:]*)m")
_DEFAULT_INK, _DEFAULT_PAPER = palette_colour(7), palette_colour(0)

_LUMINANCE_WEIGHTS = (0.2126, 0.7152, 0.0722)
_MIN_CONTRAST = 0.01
"""Minimum difference in luminance between type (ink) and background (paper) that opacities are corrected for. Below it, there is
nothing to correct, and the computation would only magnify errors of rounding.
"""
_MIDDLE_GREY = 0.18
"""Luminance that looks halfway between black and white."""


class TerminalColours(NamedTuple):
    """Colours of the terminal, as it reported them. Colours that it didn't report are xterm's defaults."""

    ink: Colour = _DEFAULT_INK
    paper: Colour = _DEFAULT_PAPER
    sixteen: tuple[Colour, ...] = tuple(map(palette_colour, range(16)))

    @classmethod
    def of(cls, capabilities: Capabilities) -> TerminalColours:
        """Return the colours of a terminal with these capabilities."""
        paper = capabilities.background or _DEFAULT_PAPER
        is_light = sum(paper) > 3 * 127
        reported = dict(capabilities.palette)
        return cls(
            capabilities.foreground or (palette_colour(0) if is_light else _DEFAULT_INK),
            paper,
            tuple(reported.get(index, palette_colour(index)) for index in range(16)),
        )

    def name(self, colour: Colour, *, behind: bool) -> str:
        """Return the SGR parameter that sets `colour` as the terminal's default colour or a palette colour, or "" if it is neither.

        With `behind`, the parameter sets the background, otherwise the foreground.
        """
        if colour == (self.paper if behind else self.ink):
            return "49" if behind else "39"
        if colour not in self.sixteen:
            return ""
        index = self.sixteen.index(colour)
        return str((30 if index < 8 else 82) + index + (10 if behind else 0))


class ColourFilter:
    """Filter that rewrites the colours in the output for one terminal and theme."""

    def __init__(self, *, none: bool = False) -> None:
        self.is_colourless = none
        """Whether all colours are removed."""
        self.of_256 = False
        """Whether the terminal has only 256 colours, so that each colour is replaced by the nearest of them."""
        self.terminal_colours: TerminalColours | None = None
        """Colours of the terminal, for a theme made of these colours; None for other themes.

        These colours are sent as palette numbers or as the default colour, not by value.
        """
        self.transparent_paper: Colour | None = None
        """Colour of the terminal's background, if old pictures show through cells of this colour, as in Konsole; else None.

        Such cells get a background colour whose blue value differs by one, so that no picture shows through, even if all other
        colours are removed.
        """

    def apply(self, stream: str) -> str:
        """Return the output `stream` with its colours in the form that this terminal needs."""
        is_changed = self.is_colourless or self.terminal_colours or self.of_256 or self.transparent_paper
        return _SGR.sub(self._rendition, stream) if is_changed else stream

    def _rendition(self, match: re.Match[str]) -> str:
        left = ";".join(self._parameters(match[1]))
        return f"\x1b[{left}m" if left or not match[1] else ""

    def _parameters(self, parameters: str) -> Iterator[str]:
        codes = iter(parameters.replace(":", ";").split(";"))
        for code in codes:
            if code in ("38", "48", "58"):
                kind = next(codes, "")
                values = [next(codes, "0") for _ in range({"2": 3, "5": 1}.get(kind, 0))]
                yield from self._colour(code, kind, values)
            elif not (self.is_colourless and _is_colour(code)):
                yield code

    def _colour(self, code: str, kind: str, values: list[str]) -> Iterator[str]:
        name, behind = "", code == "48"
        colour = _rgb(values) if kind == "2" and code != "58" else None
        if behind and self.transparent_paper is not None and (self.is_colourless or colour == self.transparent_paper):
            red, green, blue = self.transparent_paper
            yield background((red, green, blue ^ 1), truecolour=True)
            return
        if self.is_colourless:
            return
        if colour is not None:
            name = self.terminal_colours.name(colour, behind=behind) if self.terminal_colours is not None else ""
            if not name and self.of_256:
                name = (background if behind else foreground)(colour, truecolour=False)
        yield name or ";".join((code, kind, *values))


def _rgb(values: Sequence[str]) -> Colour:
    red, green, blue = (int(value or 0) for value in values)
    return red, green, blue


def _is_colour(code: str) -> bool:
    number = int(code or 0)
    return 30 <= number <= 49 or number == 59 or 90 <= number <= 107


@lru_cache(maxsize=256)
def opacities(paper: Colour, ink: Colour, shades: int) -> bytes:
    """Return an opacity (a byte) for each of `shades` shades of the colour `ink` on the background `paper`.

    The opacities are for terminals that blend in linear light. With these opacities, the shades look as evenly spaced as in
    terminals that blend sRGB values.
    """
    # The obvious way is to send the coverage of each pixel as its opacity. Most terminals mix ink and paper by the bytes of their
    # sRGB values, as browsers do, and fonts are drawn for that. Since 0.28, kitty mixes in linear light. There the same coverage
    # gives another colour: dark type on light paper comes out thin, and light type on dark paper fat. So for such a terminal each
    # shade gets the opacity that leads, in linear light, to the luminance that mixing bytes would give. It depends on the paper, so
    # an image is packed for one paper, its first background. Below `_MIN_CONTRAST` there is nothing to correct, and dividing by so
    # small a span would only magnify rounding. Opaque pictures (sixel, inline) need none of this: they are blended here.
    below, span = luminance(paper), luminance(ink) - luminance(paper)
    shares = [(level + 1) / shades for level in range(shades)]
    if abs(span) >= _MIN_CONTRAST:
        shares = [(luminance(mix(paper, ink, share)) - below) / span for share in shares]
    return bytes(max(1, min(255, round(255 * share))) for share in shares)


def luminance(colour: Colour) -> float:
    """Return the relative luminance of an sRGB colour, 0 to 1 (WCAG 2.2)."""
    return sum(weight * _linear(part / 255) for weight, part in zip(_LUMINANCE_WEIGHTS, colour, strict=True))


def is_dark(ground: Colour) -> bool:
    """Whether light letters are easier to read than dark letters on the background colour `ground`."""
    return luminance(ground) < _MIDDLE_GREY


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
