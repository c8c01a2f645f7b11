"""Pictures as values: as they are stored, and as pixels. Pure."""

from __future__ import annotations

from dataclasses import dataclass

_STARTS = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is stored; the parser process decodes it whenever it is to be shown."""

    width_px: int
    height_px: int
    data: bytes
    """A small JPEG or PNG that we made of what was sent."""
    sent_bytes: int = 0
    """How many bytes the portal sent for it."""

    @property
    def media_type(self) -> str:
        """The media type (RFC 2046), by how the data begin; empty where they are neither of the two."""
        return next((kind for kind, start in _STARTS.items() if self.data.startswith(start)), "")


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture's pixels, in the size in which it is shown."""

    width_px: int
    height_px: int
    pixels: bytes
    """Row by row from the top: red, green and blue of each, or an index of each if there is a palette."""
    palette: tuple[tuple[int, int, int], ...] = ()

    def crop(self, left_px: int, top_px: int, width_px: int, height_px: int) -> Photo:
        """Return a part of it, which must lie inside."""
        deep = 1 if self.palette else 3
        stride = deep * self.width_px
        first = top_px * stride + deep * left_px
        lines = (self.pixels[at : at + deep * width_px] for at in range(first, first + height_px * stride, stride))
        whole = width_px == self.width_px
        pixels = self.pixels[first : first + height_px * stride] if whole else b"".join(lines)
        return Photo(width_px, height_px, pixels, self.palette)
