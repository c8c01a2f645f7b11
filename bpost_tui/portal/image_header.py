"""Reader of a picture's format and size from its first bytes, before anything is decoded. Pure.

Sources: PNG (third edition) §11.2.1; GIF89a §18; RFC 9649 (WebP) §2.5 to 2.7; JPEG (ITU-T T.81) §B.2.2. Data that doesn't begin as
one of these four formats is refused, whatever its name or type claims. Pillow also decides by the first bytes, but it would start
Ghostscript for an EPS, and it allocates a whole WebP while opening it.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Literal

from bpost_tui.errors import ContentError

Format = Literal["PNG", "GIF", "WEBP", "JPEG"]

MAX_PIXELS = 25_000_000
"""Maximum number of pixels of a picture; decoded, this many take 100 MB."""

_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""JPEG markers that begin a frame: SOF0 to SOF15, without the three in that range that are no SOF."""
_MARKERS_WITHOUT_DATA = frozenset((0x01, 0xD8, *range(0xD0, 0xD8)))
"""JPEG markers without a length and data after the marker."""


@dataclass(frozen=True, slots=True)
class ImageHeader:
    """Format of a picture, and its size in pixels, as the file's header declares them."""

    format: Format
    width_px: int
    height_px: int


def read_header(data: bytes) -> ImageHeader:
    """Return a picture's format and size.

    Raises:
        ContentError: The picture isn't a PNG, GIF, WebP or JPEG, or it has no pixels or too many.
    """
    try:
        header = _header(data)
    except (struct.error, IndexError) as error:
        raise ContentError("the picture is cut short") from error
    if header is None:
        raise ContentError("not a JPEG, PNG, WebP or GIF picture")
    pixels = header.width_px * header.height_px
    if not 0 < pixels <= MAX_PIXELS:
        raise ContentError("the picture has too many pixels, or none")
    return header


def _header(data: bytes) -> ImageHeader | None:
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return ImageHeader("PNG", *struct.unpack_from(">II", data, 16))
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return ImageHeader("GIF", *struct.unpack_from("<HH", data, 6))
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _webp(data)
    return _jpeg(data) if data.startswith(b"\xff\xd8\xff") else None


def _webp(data: bytes) -> ImageHeader | None:
    kind = data[12:16]
    if kind == b"VP8X":
        return ImageHeader("WEBP", *(1 + int.from_bytes(data[at : at + 3], "little") for at in (24, 27)))
    if kind == b"VP8L":
        bits = struct.unpack_from("<I", data, 21)[0]
        return ImageHeader("WEBP", 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF))
    if kind == b"VP8 ":
        return ImageHeader("WEBP", *(side & 0x3FFF for side in struct.unpack_from("<HH", data, 26)))
    return None


def _jpeg(data: bytes) -> ImageHeader:
    """Return the format and size from the first frame of a JPEG, found by skipping from marker to marker."""
    at = 2
    while True:
        at = data.index(b"\xff", at) if b"\xff" in data[at : at + 4096] else len(data)
        marker = data[at + 1]
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return ImageHeader("JPEG", width, height)
        if marker == 0xFF:  # a fill byte before the marker
            at += 1
        else:
            at += 2 if marker in _MARKERS_WITHOUT_DATA else 2 + struct.unpack_from(">H", data, at + 2)[0]
