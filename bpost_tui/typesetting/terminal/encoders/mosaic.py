"""Encoder for the render mode `mosaic`: each cell is a character made of 2 × 4, 2 × 3, 2 × 2 or 1 × 2 dots.

The characters are in the Unicode blocks Block Elements (2580), Symbols for Legacy Computing (1FB00) and its Supplement (1CD00).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache

from bpost_tui.typesetting.terminal import sgr
from bpost_tui.typesetting.terminal.capabilities import Mosaic
from bpost_tui.typesetting.terminal.encoders.cells import CellsEncoder
from bpost_tui.typesetting.terminal.encoders.dot_fit import (
    FULL,
    PART_PATTERNS,
    QUANTISED,
    DotFit,
    Levels,
    ink_or_paper,
    one_shade,
    quadrant_levels,
    two_blocks,
    two_shades,
)
from bpost_tui.typesetting.terminal.encoders.encoder import CellSpan, Encoder, rendition, spaces
from bpost_tui.typesetting.typeset.photo import Photo
from bpost_tui.typesetting.typeset.surface import Colour

_BLACK = (0, 0, 0)
_QUADRANTS = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"
_HALVES = " ▀▄█"
_DARKER = 0.8
"""Exponent applied to a dot's coverage by ink. It is below 1 so that thin strokes look dark enough."""
# Octant patterns in older blocks; bit 0 is the top left dot, bit 1 the top right one.
_OLDER_OCTANTS = {0x03: "\U0001fb82", 0xC0: "▂", 0x3F: "\U0001fb85", 0xFC: "▆"}
# Six more are in blocks that kitty 0.41 and foot 1.21 leave to fonts, which lack them: the complement is drawn, colours swapped.
_LACKING = (0x01, 0x02, 0x40, 0x80, 0x14, 0x28)
QUARTER_BLOCKS = dict(zip((0, *PART_PATTERNS, 0xFFFF), " ▘▝▖▗▀▌▚▂▎▆▊█", strict=True))
"""Block characters by the pattern of 4 × 4 dots that they fill; the lowest bit of a pattern is the dot at the top left."""
_BRAILLE_BITS = (0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80)


def characters(mosaic: Mosaic) -> Sequence[str]:
    """Return the block characters of the set `mosaic`, indexed by pattern of dots; "" for a pattern without a character.

    A pattern has a bit for each dot: the lowest for the dot at the top left, then the others from left to right, row by row.
    """
    if mosaic is Mosaic.HALF:
        return _HALVES
    if mosaic in (Mosaic.QUADRANT, Mosaic.QUARTER):
        return _QUADRANTS
    if mosaic is Mosaic.SEXTANT:
        # from U+1FB00 on, in the patterns' order, without four that are in Block Elements
        older = {0: " ", 0b010101: "▌", 0b101010: "▐", 0b111111: "█"}
        return _numbered(64, older, 0x1FB00)
    if mosaic is Mosaic.OCTANT:
        return _octants()
    return "".join(chr(0x2800 + sum(dot for bit, dot in enumerate(_BRAILLE_BITS) if pattern >> bit & 1)) for pattern in range(256))


def _octants() -> tuple[str, ...]:
    quadrants = {
        sum(0b101 << bit % 2 + bit // 2 * 4 for bit in range(4) if index >> bit & 1): _QUADRANTS[index] for index in range(16)
    }
    octants = _numbered(256, {**quadrants, **_OLDER_OCTANTS, **dict.fromkeys(_LACKING, "?")}, 0x1CD00)
    return tuple("" if pattern in _LACKING else char for pattern, char in enumerate(octants))


def _numbered(patterns: int, older: dict[int, str], first: int) -> str:
    """Return the block characters for the dot patterns (a bit for each inked dot) from 0 to `patterns` - 1.

    `older` maps some patterns to characters elsewhere in Unicode. The other patterns have the characters from code point
    `first` on, in order.
    """
    numbers = iter(range(first, first + patterns))
    return "".join(older.get(pattern) or chr(next(numbers)) for pattern in range(patterns))


_Glyph = tuple[str, bool]
_Glyphs = Sequence[_Glyph] | Mapping[int, _Glyph]


@lru_cache(maxsize=1)
def _quarter_glyphs() -> Mapping[int, _Glyph]:
    """Return (character, False) for each pattern of 4 × 4 dots that a block character can fill.

    False means that the character inks the pattern's dots, not the other dots of the cell.
    """
    return {pattern: (char, False) for pattern, char in QUARTER_BLOCKS.items()}


@lru_cache(maxsize=8)
def _glyphs(mosaic: Mosaic) -> tuple[_Glyph, ...]:
    """Return (character, whether it is the complement) for each pattern of dots (a bit for each inked dot), from 0 on.

    A complement inks the other dots. It is used for a pattern without a character, and drawn with swapped colours.
    """
    found = characters(mosaic)
    return tuple((char or found[len(found) - 1 - pattern], not char) for pattern, char in enumerate(found))


class MosaicEncoder(Encoder):
    """Encoder that writes block characters.

    A character has two colours, for its drawn and its bare part. Both are shades of one colour of type: the colour that covers
    most of the cell.

    Args:
        mosaic: Set of block characters.
        truecolour: Whether colours are sent by value, not as the nearest of 256.
        colourless: Whether there are no colours, so that a dot is drawn fully or not at all.
        paper: Background colour of cells that set no background; None if the terminal's background is unknown.
        letters: Encoder of text that is shown in the terminal's own characters.
    """

    def __init__(
        self,
        mosaic: Mosaic,
        *,
        truecolour: bool = True,
        colourless: bool = False,
        paper: Colour | None = None,
        letters: Encoder | None = None,
    ) -> None:
        self._letters = letters or CellsEncoder(truecolour=truecolour)
        self._truecolour = truecolour
        self._colourless = colourless
        self._paper = paper
        self._mosaic, self._glyphs = mosaic, _glyphs(mosaic)
        self._apart = mosaic is Mosaic.BRAILLE  # braille dots cover too little of a cell to show a colour between them

    def encode(self, span: CellSpan) -> str:
        """Return one block character per cell of `span` (neighbouring cells of a row).

        If the span is text in the terminal's own characters, return the text.
        """
        if span.surface.photo is not None:
            return self._photo(span, span.surface.photo)
        if span.surface.cell_h == 1:
            return self._letters.encode(span)
        inks = [(layer.colour, _cells(span, layer.mask)) for layer in span.surface.layers if _has_ink(span, layer.mask)]
        if not inks:
            return spaces(span, span.cells)
        paper = span.background.colour or self._paper
        fit, glyphs = self._fit(span, paper)
        own = span.background.sgr or "49"
        styles = {ink: _styles(paper or _BLACK, ink, own, self._truecolour, self._colourless or paper is None) for ink, _ in inks}
        out = [rendition(span.background.sgr)]
        last = ["", own, "27"]
        for ink, levels in _strongest(inks):
            pattern, set_level, rest_level = fit(levels)
            char, is_complement = glyphs[pattern]
            style = styles[ink][set_level, rest_level, is_complement] if pattern else [last[0], own, "27"]
            if style != last:
                out.append(f"\x1b[{';'.join(new for new, old in zip(style, last, strict=True) if new != old)}m")
                last = style
            out.append(char)
        return "".join(out) + (rendition(span.background.sgr) if last[1:] != [own, "27"] else "")

    def _fit(self, span: CellSpan, paper: Colour | None) -> tuple[Callable[[Levels], DotFit], _Glyphs]:
        """Return two values: the function that divides a cell's dots into two shades, and a table of characters by pattern of dots.

        Both suit the size of the cells of `span` in dots. `paper` is the background colour; None if it is unknown.
        """
        fit = ink_or_paper if self._colourless else one_shade if self._apart or paper is None else two_shades
        if span.surface.cell_w == self._mosaic.across:
            return fit, self._glyphs
        if fit is two_shades:
            return two_blocks, _quarter_glyphs()
        return lambda levels: fit(quadrant_levels(levels)), self._glyphs  # a quarter alone would show no shape of a letter

    def _photo(self, span: CellSpan, photo: Photo) -> str:
        """Return each cell of a photo as a character in the two colours that show its dots best."""
        wide, high = span.surface.cell_w, span.surface.cell_h
        part = photo.crop(span.column * wide, span.row * high, span.cells * wide, high)
        stride = 3 * wide
        out = []
        last = ""
        for at in range(0, stride * span.cells, stride):
            lines = (part.pixels[start : start + stride] for start in range(at, len(part.pixels), stride * span.cells))
            pattern, light, dark = two_colours(b"".join(lines), self._apart)
            char, is_complement = (_HALVES[1], False) if self._apart else self._glyphs[pattern]
            if is_complement:
                light, dark = dark, light
            inks = f"{sgr.foreground(light, truecolour=self._truecolour)};{sgr.background(dark, truecolour=self._truecolour)}"
            out.append(char if inks == last else rendition(inks) + char)
            last = inks
        return "".join((*out, rendition(span.background.sgr)))


def two_colours(dots: bytes, halves: bool) -> tuple[int, Colour, Colour]:
    """Divide a cell's dots into two groups; return the first group's dots (a bit for each) and the mean colour of each group.

    `dots` has red, green and blue of each dot. The first group has the lighter dots or, with `halves`, the dots of the upper half.
    """
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


class _CellStyles(dict[tuple[int, int, bool], list[str]]):
    """Cache of the SGR parameters for drawing a block character: foreground colour, background colour, and 7 or 27.

    The keys are (ink level of the pattern's dots, ink level of the other dots, whether the character is the complement). A
    complement is used for a pattern that has no character: it inks the other dots, and its two colours are swapped. The last
    parameter is 7 if the terminal must swap them (reverse video, ECMA-48 8.3.117), and 27 otherwise.
    """

    def __init__(self, paper: Colour, ink: Colour, own: str, truecolour: bool, reverses: bool) -> None:
        super().__init__()
        mixed = [sgr.mix(paper, ink, (level / FULL) ** _DARKER) for level in range(FULL + 1)]
        self._inks = [sgr.foreground(colour, truecolour=truecolour) for colour in mixed]
        self._papers = [own, *(sgr.background(colour, truecolour=truecolour) for colour in mixed[1:])]
        self._reverses = reverses

    def __missing__(self, key: tuple[int, int, bool]) -> list[str]:
        set_level, rest_level, is_complement = key
        if is_complement and not self._reverses:
            style = [self._inks[rest_level], self._papers[set_level], "27"]
        else:
            style = [self._inks[set_level], self._papers[rest_level], "7" if is_complement else "27"]
        self[key] = style
        return style


_styles = lru_cache(maxsize=64)(_CellStyles)


def _has_ink(span: CellSpan, mask: bytes) -> bool:
    """Whether `mask`, the coverage by one colour of type, has any covered pixel in the row of `span` (neighbouring cells)."""
    size = span.surface.width_px * span.surface.cell_h
    return mask.count(0, span.row * size, (span.row + 1) * size) != size


def _cells(span: CellSpan, mask: bytes) -> Iterator[Levels]:
    """Yield for each cell in `span` the levels of coverage of its dots, row by row from the top left.

    `mask` has the coverage of each dot of the span's surface by one colour of type.
    """
    width, across = span.surface.width_px, span.surface.cell_w
    top, left, right = span.row * span.surface.cell_h, span.column * across, (span.column + span.cells) * across
    starts = range(top * width, (top + span.surface.cell_h) * width, width)
    lines = (mask[at + left : at + right].translate(QUANTISED) for at in starts)
    return zip(*(line[dot::across] for line in lines for dot in range(across)), strict=True)


def _strongest(inks: Sequence[tuple[Colour, Iterator[Levels]]]) -> Iterator[tuple[Colour, Levels]]:
    """Yield for each cell the ink (colour of type) that covers most of it, and for each of its dots the coverage by all inks.

    `inks` has (colour, coverage of the dots of each cell by this colour).
    """
    if len(inks) == 1:
        colour, cells = inks[0]
        yield from ((colour, levels) for levels in cells)
        return
    for together in zip(*(cells for _, cells in inks), strict=True):
        most = max(range(len(inks)), key=lambda ink: sum(together[ink]))
        if sum(map(any, together)) > 1:
            yield inks[most][0], tuple(min(FULL, sum(dots)) for dots in zip(*together, strict=True))
        else:
            yield inks[most][0], together[most]
