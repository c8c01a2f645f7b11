"""Encoder for kitty's graphics protocol: each surface (picture of type) is sent once, and placeholder characters show its cells.

The terminal shows a cell of an image in place of each placeholder. Since placeholders are characters, it scrolls, crops and
overlaps them like text, and a cell's background shows through the picture. The first placeholder of each stretch of inked cells
names row and column in the image, and the terminal counts on from there. Cells without ink are spaces. If the terminal repeats
placeholders by REP (ECMA-48), a row is one placeholder and a count, from the first to the last inked cell: a cursor step in a list
then takes 7.6 kB instead of 14.2. Specification: https://sw.kovidgoyal.net/kitty/graphics-protocol/

The obvious way in kitty is to place an image at the cursor. Such an image floats over the cells: it must be moved if a pane
scrolls, cut if a dialog covers part of it, and deleted if text replaces it. Each of these needs a command, and tmux doesn't know of
the image. Characters need no commands for that, so images are virtual (`U=1`), and only placeholders show them. A placeholder names
its image by a foreground colour of 24 bits, so an image's number is at most 0xFFFFFF. It names row and column by diacritics. kitty
has 297 of them, so no surface is wider.

The background of an image is transparent, so that a list's row needs only one image, with and without the cursor. In a terminal
that blends in linear light, the right opacities depend on the background (`colours.opacities`). They are computed for the first
background of an image; under the cursor, its letters are then a little heavier or lighter. A number is used again after its image
was deleted. All commands are quiet (`q=2`: no reply), since a reply would be read as keys.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from bpost_tui.typesetting.terminal.colours import opacities
from bpost_tui.typesetting.terminal.encoders.encoder import CellSpan, Encoder, blank_ends, inked_span, rendition
from bpost_tui.typesetting.terminal.encoders.ink_map import InkMap, palette_indices
from bpost_tui.typesetting.terminal.encoders.png import IndexedPng, indexed_png, photo_png
from bpost_tui.typesetting.typeset.surface import Colour, Surface

PLACEHOLDER = "\U0010eeee"
_CHUNK = 4096
MAX_ID = 0xFFFFFF
"""Maximum number of an image: a foreground colour of 24 bits."""
_SHADES, _FEW_SHADES = 15, 3
"""Numbers of shades of each colour of type: usually, and on a slow connection. With the smaller number, a picture takes 55 % of the
bytes that it takes with the larger number.
"""
_MAX_PLACEHOLDERS, _MAX_SPACES = 2, 6
"""Maximum number of placeholders (characters for cells of an image), and of spaces, that are written one by one.

For more of them, a repeat count is written, because it is shorter.
"""


class KittyEncoder(Encoder):
    """Encoder that writes placeholder characters, and uploads the pictures that the terminal shows in their cells."""

    IMAGE_ID_IN_FOREGROUND = True

    def __init__(
        self, paper: Colour | None = None, *, tmux: bool = False, repeats: bool = False, first_id: int = 1, last_id: int = MAX_ID
    ) -> None:
        """Make an encoder.

        Args:
            paper: Colour behind cells that set no background, for correcting the opacities of pixels in a terminal that blends in
                linear light; None in other terminals.
            tmux: Whether the app runs in tmux.
            repeats: Whether the terminal accepts a repeat count (REP) after a placeholder, the character for a cell of an image.
            first_id: Number of the first image.
            last_id: Maximum number of an image, at most `MAX_ID`. After it, numbers start again from 1.
        """
        self._paper = paper
        self._tmux = tmux
        self._repeats = repeats
        self._next_id = first_id
        self._last_id = last_id
        self._ids: dict[Surface, int] = {}
        self._free_ids: list[int] = []
        self._ink_map = InkMap()
        self._packed: WeakKeyDictionary[Surface, PackedSurface] = WeakKeyDictionary()
        self._uploads: list[str] = []

    def blanks(self, count: int) -> str:
        """Return `count` blank cells. If the terminal supports REP, many blanks are written as a space and a repeat count."""
        return f" \x1b[{count - 1}b" if self._repeats and count > _MAX_SPACES else " " * count

    def encode(self, span: CellSpan) -> str:
        """Return a placeholder for each cell of `span` (cells of a row) that has something drawn in it, and spaces for the others.

        A placeholder is a character in whose place the terminal shows a cell of an image.
        """
        surface = span.surface
        inked = inked_span(self._ink_map, span)
        if not any(inked):
            return rendition(span.background.sgr) + self.blanks(span.cells)
        number = self._ids.get(surface) or self._send(surface, span.background.colour)
        colour = f"38;2;{number >> 16};{number >> 8 & 255};{number & 255}"
        return rendition(span.background.sgr, colour) + self._cells(inked, DIACRITICS[span.row], span.column)

    def _cells(self, inked: bytes, row_mark: str, column: int) -> str:
        if not self._repeats:
            return _cells(inked, row_mark, column)
        before, after = blank_ends(inked)
        count = len(inked) - before - after
        repeat = f"\x1b[{count - 1}b" if count > _MAX_PLACEHOLDERS else PLACEHOLDER * (count - 1)
        return f"{self.blanks(before)}{PLACEHOLDER}{row_mark}{DIACRITICS[column + before]}{repeat}{self.blanks(after)}"

    def prepare(self, surface: Surface) -> Iterator[None]:
        """Compress a surface (drawing of text or of a picture) ahead of time for sending, unless it was sent already."""
        if surface not in self._ids and surface not in self._packed and any(map(any, self._ink_map.rows(surface))):
            yield
            self._packed[surface] = self._pack(surface)
        yield

    def sends_picture(self, span: CellSpan) -> bool:
        """Whether something is drawn in `span` (cells of a row), and its picture hasn't been sent to the terminal yet."""
        return span.surface not in self._ids and any(inked_span(self._ink_map, span))

    def take_uploads(self) -> str:
        """Return the commands that upload the pictures needed by cells encoded since the last call, except those sent before.

        They are "" if no picture is needed.
        """
        uploads, self._uploads = self._uploads, []
        return "".join(uploads)

    def free(self, surfaces: Iterable[Surface]) -> str:
        """Return the commands that delete the pictures of these surfaces (drawings), and their data in the terminal."""
        numbers = [number for surface in surfaces if (number := self._ids.pop(surface, None))]
        self._free_ids.extend(numbers)
        return "".join(self._command(f"a=d,d=I,i={number},q=2") for number in numbers)

    def free_all(self) -> str:
        """Return the commands that delete every picture in the terminal."""
        self._uploads.clear()
        return self.free(list(self._ids))

    def _send(self, surface: Surface, background: Colour | None) -> int:
        number = self._ids[surface] = self._new_id()
        keys = f"a=T,U=1,i={number},f=100,c={surface.cols},r={surface.rows},q=2,"
        picture = self._packed.pop(surface, None) or self._pack(surface)
        payload = base64.standard_b64encode(picture.png(self._paper and (background or self._paper))).decode("ascii")
        for at in range(0, len(payload), _CHUNK):
            more = int(at + _CHUNK < len(payload))
            self._uploads.append(self._command(f"{keys}m={more};{payload[at : at + _CHUNK]}"))
            keys = ""
        return number

    def _pack(self, surface: Surface) -> PackedSurface:
        return pack_surface(surface, _FEW_SHADES if self.uses_few_shades else _SHADES)

    def _new_id(self) -> int:
        if self._free_ids:
            return self._free_ids.pop()
        number, self._next_id = self._next_id, self._next_id % self._last_id + 1
        return number

    def _command(self, body: str) -> str:
        command = f"\x1b_G{body}\x1b\\"
        return "\x1bPtmux;{}\x1b\\".format(command.replace("\x1b", "\x1b\x1b")) if self._tmux else command


@dataclass(frozen=True, slots=True)
class PackedSurface:
    """Surface (drawing of text or of a picture), compressed for sending. The background colour is chosen only when it is sent."""

    pixels: IndexedPng | bytes
    """Pixels as palette indices (first the background, then the shades of each colour of type), or the whole PNG of a photo."""
    inks: tuple[Colour, ...]
    shades: int

    def png(self, paper: Colour | None = None) -> bytes:
        """Return the drawing as a PNG. A pixel of type has its coverage by the type as its opacity; a photo is wholly opaque.

        If the background colour `paper` is given, opacities are corrected for a terminal that blends in linear light.
        """
        if isinstance(self.pixels, bytes):
            return self.pixels
        even = bytes(round(255 * (level + 1) / self.shades) for level in range(self.shades))
        alphas = (even if paper is None else opacities(paper, ink, self.shades) for ink in self.inks)
        colours = [(0, 0, 0), *(ink for ink in self.inks for _ in range(self.shades))]
        return self.pixels.png(colours, b"\0" + b"".join(alphas))


def pack_surface(surface: Surface, max_shades: int = _SHADES) -> PackedSurface:
    """Draw a surface (text or a picture) with at most `max_shades` shades of each colour of type, and return it compressed.

    The surface's layers (the coverage of its pixels by each colour) are dropped, because they aren't needed any more.
    """
    if surface.photo is not None:  # all colours: `Capabilities.photo_colours` is 0
        return PackedSurface(photo_png(surface.width_px, surface.height_px, surface.photo.pixels), (), 0)
    inks = surface.layers
    shades = min(max_shades, 255 // max(1, len(inks)))
    indices = palette_indices([ink.mask for ink in inks], surface.width_px, shades)
    pixels = indexed_png(surface.width_px, surface.height_px, indices, 1 + shades * len(inks))
    surface.drop_layers()
    return PackedSurface(pixels, tuple(ink.colour for ink in inks), shades)


def _cells(inked: bytes, row_mark: str, column: int) -> str:
    """Return a placeholder (character in place of an image's cell) for each byte of `inked` that is 1, and a space for each 0.

    The first placeholder of each stretch without a space names the cell's row by the diacritic `row_mark`, and its column by a
    second diacritic. `column` is the column of the first byte.
    """
    cells = ""
    follows = False
    for at, ink in enumerate(inked, column):
        if not ink:
            cells += " "
        elif follows:
            cells += PLACEHOLDER
        else:
            cells += PLACEHOLDER + row_mark + DIACRITICS[at]
        follows = bool(ink)
    return cells


_DIACRITIC_RANGES = """
305 30D-30E 310 312 33D-33F 346 34A-34C 350-352 357 35B 363-36F 483-487 592-595 597-599 59C-5A1 5A8-5A9 5AB-5AC 5AF 5C4
610-617 657-65B 65D-65E 6D6-6DC 6DF-6E2 6E4 6E7-6E8 6EB-6EC 730 732-733 735-736 73A 73D 73F-741 743 745 747 749-74A
7EB-7F1 7F3 816-819 81B-823 825-827 829-82D 951 953-954 F82-F83 F86-F87 135D-135F 17DD 193A 1A17 1A75-1A7C 1B6B 1B6D-1B73
1CD0-1CD2 1CDA-1CDB 1CE0 1DC0-1DC1 1DC3-1DC9 1DCB-1DCC 1DD1-1DE6 1DFE 20D0-20D1 20D4-20D7 20DB-20DC 20E1 20E7 20E9 20F0
2CEF-2CF1 2DE0-2DFF A66F A67C-A67D A6F0-A6F1 A8E0-A8F1 AAB0 AAB2-AAB3 AAB7-AAB8 AABE-AABF AAC1 FE20-FE26 10A0F 10A38
1D185-1D189 1D1AA-1D1AD 1D242-1D244
"""


def _marks() -> str:
    marks = ""
    for part in _DIACRITIC_RANGES.split():
        first, _, last = part.partition("-")
        marks += "".join(map(chr, range(int(first, 16), int(last or first, 16) + 1)))
    return marks


DIACRITICS = _marks()
"""Diacritics for the numbers 0 to 296. They name row and column in placeholders, the characters for cells of an image."""
