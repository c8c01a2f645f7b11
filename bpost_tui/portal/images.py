"""A picture's bytes → one that is fit to be kept, and prints of it. Run in the worker: Pillow is imported nowhere else.

Nothing here is trusted: neither what a server sent nor what was kept on the disk.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from bpost_tui.errors import ContentError
from bpost_tui.model.picture import Photo, Picture
from bpost_tui.portal.image_header import read_header

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_KEPT_PX = (1600, 2400)
"""Width and height of what is kept: a column of 72 cells on a screen of many pixels."""
MAX_PRINT_PX = (4096, 4096)
_PAPER = "white"
"""What shows through a picture's clear parts, as on the portal's pages."""
_FEW_COLOURS = 256
_JPEG_QUALITY = 88
_EXIF_ORIENTATION = 0x0112
_LYING = 5
"""EXIF orientations from this on are those of pictures that lie on their side."""


def keepable(data: bytes) -> Picture:
    """Return a picture as it is kept: its first frame, upright, opaque, no larger than `MAX_KEPT_PX`, without metadata.

    Raises:
        ContentError: It can't be decoded.
    """
    from PIL import ImageOps
    from PIL.Image import Dither

    image = _opened(data)
    lies = image.getexif().get(_EXIF_ORIENTATION, 1) >= _LYING
    size = _within(image.size, MAX_KEPT_PX[::-1] if lies else MAX_KEPT_PX)
    image.draft("RGB", size)  # a JPEG is then decoded no larger than is needed
    upright = ImageOps.exif_transpose(_opaque(image, size))
    out = io.BytesIO()
    if upright.getcolors(_FEW_COLOURS) is not None:  # a drawing: exact, and smaller so
        upright.quantize(_FEW_COLOURS, dither=Dither.NONE).save(out, "PNG", optimize=True)
    else:
        upright.save(out, "JPEG", quality=_JPEG_QUALITY, exif=b"")
    return Picture(upright.width, upright.height, out.getvalue())


def printed(data: bytes, width_px: int, height_px: int, colours: int) -> Photo:
    """Return a kept picture in just this size.

    Args:
        data: What `keepable` made; not trusted.
        width_px: From 1.
        height_px: From 1.
        colours: The most there may be, 2 to 256; 0 is any.

    Raises:
        ContentError: It can't be decoded.
    """
    from PIL.Image import Dither, Quantize

    size = max(1, min(width_px, MAX_PRINT_PX[0])), max(1, min(height_px, MAX_PRINT_PX[1]))
    image = _opaque(_opened(data), size)
    if not colours:
        return Photo(*size, image.tobytes())
    if image.getcolors(colours) is not None:
        few = image.quantize(colours, dither=Dither.NONE)
    else:
        chosen = image.quantize(colours, Quantize.MEDIANCUT)
        few = image.quantize(palette=chosen, dither=Dither.FLOYDSTEINBERG)
    values = (few.getpalette() or [])[: 3 * colours]
    palette = tuple((values[at], values[at + 1], values[at + 2]) for at in range(0, len(values), 3))
    return Photo(*size, few.tobytes(), palette)


def _opened(data: bytes) -> Image:
    """Return a picture that says it is what its header says; only that decoder is asked."""
    from PIL import Image  # 40 ms

    header = read_header(data)
    image = Image.open(io.BytesIO(data), formats=(header.format,))
    if image.size != (header.width_px, header.height_px):
        raise ContentError("doesn't know how large it is")
    return image


def _within(size: tuple[int, int], most: tuple[int, int]) -> tuple[int, int]:
    """Return a size made smaller, in proportion, until it fits; at least 1 either way."""
    share = min(1.0, *(limit / side for limit, side in zip(most, size, strict=True)))
    return max(1, round(size[0] * share)), max(1, round(size[1] * share))


def _opaque(image: Image, size: tuple[int, int]) -> Image:
    """Return a picture in RGB, in a size, on paper where it is clear; what it says of its orientation stays with it."""
    from PIL.Image import Resampling, new

    exif = image.info.get("exif")
    if image.mode not in ("RGB", "RGBA", "L"):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    if image.size != size:
        image = image.resize(size, Resampling.LANCZOS, reducing_gap=2.0)
    if image.has_transparency_data:
        clear = image.convert("RGBA")
        image = new("RGB", size, _PAPER)
        image.paste(clear, mask=clear.getchannel("A"))
    image = image.convert("RGB")
    if exif:
        image.info["exif"] = exif
    return image
