"""The render mode `mosaic`: each cell is a character of 2 × 4, 2 × 3, 2 × 2 or 1 × 2 dots.

The characters are in the Unicode blocks Block Elements (2580), Symbols for Legacy Computing (1FB00) and its Supplement (1CD00).
"""

from __future__ import annotations

from functools import lru_cache, reduce
from operator import or_

from bpost_tui.model.picture import Photo
from bpost_tui.terminal import sgr
from bpost_tui.terminal.capabilities import Mosaic
from bpost_tui.terminal.encoders.base import CellSpan, Encoder, rendition
from bpost_tui.typeset.surface import Colour, Surface

_QUADRANTS = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"
_HALVES = " ▀▄█"
_THRESHOLD = 96
"""Coverage from which a dot is set; below half, because the thin strokes of small type would break."""
# Octant patterns that older blocks have; bit 0 is the top left dot, bit 1 the top right one.
_OLDER_OCTANTS = {0x03: "\U0001fb82", 0xC0: "▂", 0x3F: "\U0001fb85", 0xFC: "▆"}
# Six more are in blocks that kitty 0.41 and foot 1.21 leave to fonts, which lack them: the pattern with one dot more stands in.
_STAND_INS = {0x01: 0x05, 0x02: 0x0A, 0x40: 0x50, 0x80: 0xA0, 0x14: 0x15, 0x28: 0x2A}
_BRAILLE_BITS = (0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80)


@lru_cache(maxsize=8)
def characters(mosaic: Mosaic) -> str:
    """Return the character of each pattern; bit `row * across + column` is a dot, from the top left on."""
    if mosaic is Mosaic.HALF:
        return _HALVES
    if mosaic is Mosaic.QUADRANT:
        return _QUADRANTS
    if mosaic is Mosaic.SEXTANT:
        # from U+1FB00 on, in the patterns' order, without the four that Block Elements has
        older = {0: " ", 0b010101: "▌", 0b101010: "▐", 0b111111: "█"}
        return _numbered(64, older, 0x1FB00)
    if mosaic is Mosaic.OCTANT:
        return _octants()
    return "".join(chr(0x2800 + sum(dot for bit, dot in enumerate(_BRAILLE_BITS) if pattern >> bit & 1)) for pattern in range(256))


def _octants() -> str:
    quadrants = {
        sum(0b101 << bit % 2 + bit // 2 * 4 for bit in range(4) if index >> bit & 1): _QUADRANTS[index] for index in range(16)
    }
    octants = _numbered(256, {**quadrants, **_OLDER_OCTANTS, **dict.fromkeys(_STAND_INS, "?")}, 0x1CD00)
    return "".join(octants[_STAND_INS.get(pattern, pattern)] for pattern in range(256))


def _numbered(patterns: int, older: dict[int, str], first: int) -> str:
    """Return the character of each pattern: those not in `older` are numbered consecutively from `first`."""
    numbers = iter(range(first, first + patterns))
    return "".join(older.get(pattern) or chr(next(numbers)) for pattern in range(patterns))


class MosaicEncoder(Encoder):
    """Block characters in the ink that covers most of a cell."""

    def __init__(self, mosaic: Mosaic, *, truecolour: bool = True) -> None:
        self._truecolour = truecolour
        self._characters = characters(mosaic)
        self._halves = mosaic is Mosaic.BRAILLE  # whose dots cover too little of a cell to show a colour

    def encode(self, span: CellSpan) -> str:
        """Return one character a cell."""
        if span.surface.photo is not None:
            return self._photo(span, span.surface.photo)
        inks = [
            (layer.colour, _patterns(span.surface, layer.mask, span.row)[span.column : span.column + span.cells])
            for layer in span.surface.layers
        ]
        out = [rendition(span.background.sgr)]
        colour: Colour | None = None
        for patterns in zip(*(cells for _, cells in inks), strict=True):
            pattern = reduce(or_, patterns)
            if pattern:
                most = max(range(len(patterns)), key=lambda ink: patterns[ink].bit_count())
                if inks[most][0] != colour:
                    colour = inks[most][0]
                    out.append(f"\x1b[{sgr.foreground(colour, truecolour=self._truecolour)}m")
            out.append(self._characters[pattern])
        return "".join(out) if inks else out[0] + " " * span.cells

    def _photo(self, span: CellSpan, photo: Photo) -> str:
        """Return each cell in the two colours that divide its dots best."""
        wide, high = span.surface.cell_w, span.surface.cell_h
        part = photo.crop(span.column * wide, span.row * high, span.cells * wide, high)
        stride = 3 * wide
        out = []
        last = ""
        for at in range(0, stride * span.cells, stride):
            lines = (part.pixels[start : start + stride] for start in range(at, len(part.pixels), stride * span.cells))
            pattern, light, dark = two_colours(b"".join(lines), self._halves)
            inks = f"{sgr.foreground(light, truecolour=self._truecolour)};{sgr.background(dark, truecolour=self._truecolour)}"
            char = _HALVES[1] if self._halves else self._characters[pattern]
            out.append(char if inks == last else rendition(inks) + char)
            last = inks
        return "".join((*out, rendition(span.background.sgr)))


def two_colours(dots: bytes, halves: bool) -> tuple[int, Colour, Colour]:
    """Return the pattern of a cell's lighter dots, or of its upper half, and the mean colours of these dots and of the others."""
    count = len(dots) // 3
    if halves:
        first = set(range(count // 2))
    else:
        light = [2 * dots[at] + 5 * dots[at + 1] + dots[at + 2] for at in range(0, len(dots), 3)]
        middle = (min(light) + max(light)) / 2
        first = {dot for dot, value in enumerate(light) if value > middle}
    return sum(1 << dot for dot in first), _mean(dots, first), _mean(dots, set(range(count)) - first)


def _mean(dots: bytes, which: set[int]) -> Colour:
    parts = (sum(dots[3 * dot + part] for dot in which) // max(1, len(which)) for part in range(3))
    red, green, blue = parts
    return red, green, blue


def _patterns(surface: Surface, mask: bytes, row: int) -> bytes:
    """Return one pattern a cell of a row."""
    width, across = surface.width_px, surface.cell_w
    bits = 0
    for line in range(surface.cell_h):
        at = (row * surface.cell_h + line) * width
        for dot in range(across):
            table = _bit_table(line * across + dot)
            bits |= int.from_bytes(mask[at + dot : at + width : across].translate(table), "little")
    return bits.to_bytes(surface.cols, "little")


@lru_cache(maxsize=8)
def _bit_table(bit: int) -> bytes:
    return bytes(1 << bit if value >= _THRESHOLD else 0 for value in range(256))
