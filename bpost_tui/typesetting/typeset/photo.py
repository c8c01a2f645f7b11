"""Pixels of a picture, as a value. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Photo:
    """Pixels of a picture, in the size shown."""

    width_px: int
    height_px: int
    pixels: bytes
    """Pixels row by row from the top: red, green and blue of each, or an index of each if there is a palette."""
    palette: tuple[tuple[int, int, int], ...] = ()

    def crop(self, left_px: int, top_px: int, width_px: int, height_px: int) -> Photo:
        """Return a part of the picture, which must lie inside."""
        deep = 1 if self.palette else 3
        stride = deep * self.width_px
        first = top_px * stride + deep * left_px
        lines = (self.pixels[at : at + deep * width_px] for at in range(first, first + height_px * stride, stride))
        whole = width_px == self.width_px
        pixels = self.pixels[first : first + height_px * stride] if whole else b"".join(lines)
        return Photo(width_px, height_px, pixels, self.palette)
