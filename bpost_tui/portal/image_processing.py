"""Conversion of pictures from a server's bytes to the stored file, and from that file to pixels. Runs in the parser process.

Only this module imports Pillow. Neither the server's bytes nor the stored file are trusted.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from bpost_tui.errors import ContentError
from bpost_tui.model.stored_picture import StoredPicture
from bpost_tui.portal.image_header import read_header
from bpost_tui.typesetting.typeset.photo import Photo

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_STORED_PX = (1600, 2400)
"""Maximum width and height in pixels of a stored picture, enough for text 72 terminal cells wide on a high-resolution screen."""
MAX_RENDERED_PX = (4096, 4096)
_PAPER = "white"
"""Colour to put in place of transparency in pictures, because web pages usually show pictures on white."""
_FEW_COLOURS = 256
_JPEG_QUALITY = 88
_EXIF_ORIENTATION = 0x0112
_SIDEWAYS = 5
"""Lowest of the EXIF orientations, 5 to 8, of a picture that lies on its side, so that width and height are exchanged."""


def prepare_picture(data: bytes) -> StoredPicture:
    """Return a picture in its stored form: its first frame, upright, opaque, no larger than `MAX_STORED_PX`, without metadata.

    Raises:
        ContentError: The picture can't be decoded.
    """
    from PIL import ImageOps
    from PIL.Image import Dither

    image = _open_image(data)
    is_sideways = image.getexif().get(_EXIF_ORIENTATION, 1) >= _SIDEWAYS
    size = _fit_size(image.size, MAX_STORED_PX[::-1] if is_sideways else MAX_STORED_PX)
    image.draft("RGB", size)  # a JPEG is then decoded no larger than needed
    upright = ImageOps.exif_transpose(_flatten(image, size))
    out = io.BytesIO()
    if upright.getcolors(_FEW_COLOURS) is not None:  # a drawing is exact as PNG, and smaller
        upright.quantize(_FEW_COLOURS, dither=Dither.NONE).save(out, "PNG", optimize=True)
    else:
        upright.save(out, "JPEG", quality=_JPEG_QUALITY, exif=b"")
    return StoredPicture(upright.width, upright.height, out.getvalue())


def render_picture(data: bytes, width_px: int, height_px: int, colours: int) -> Photo:
    """Return a stored picture's pixels in exactly this size.

    Args:
        data: A picture made by `prepare_picture`; not trusted.
        width_px: Width in pixels, at least 1.
        height_px: Height in pixels, at least 1.
        colours: Maximum number of colours, 2 to 256; 0 for no limit.

    Raises:
        ContentError: The picture can't be decoded.
    """
    from PIL.Image import Dither, Quantize

    size = max(1, min(width_px, MAX_RENDERED_PX[0])), max(1, min(height_px, MAX_RENDERED_PX[1]))
    image = _flatten(_open_image(data), size)
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


def _open_image(data: bytes) -> Image:
    """Return a picture opened by Pillow's decoder for the format in its header; no other decoder is tried.

    Raises ContentError if the picture can't be decoded.
    """
    from PIL import Image  # 40 ms

    header = read_header(data)
    image = Image.open(io.BytesIO(data), formats=(header.format,))
    if image.size != (header.width_px, header.height_px):
        raise ContentError("the picture's size doesn't match its header")
    return image


def _fit_size(size: tuple[int, int], most: tuple[int, int]) -> tuple[int, int]:
    """Return `size` reduced in proportion until it is within `most`, and at least 1 × 1."""
    share = min(1.0, *(limit / side for limit, side in zip(most, size, strict=True)))
    return max(1, round(size[0] * share)), max(1, round(size[1] * share))


def _flatten(image: Image, size: tuple[int, int]) -> Image:
    """Return a picture in RGB and in `size`, with white in place of transparency. Its EXIF orientation is kept."""
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
