"""Pixels of a picture, as an immutable value. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Photo:
    """Pixels of a picture, scaled to the size shown on the screen."""

    width_px: int
    height_px: int
    pixels: bytes
    """Pixels row by row from the top: three bytes each (red, green, blue), or with a palette one byte each (palette index)."""
    palette: tuple[tuple[int, int, int], ...] = ()

    def crop(self, left_px: int, top_px: int, width_px: int, height_px: int) -> Photo:
        """Return the rectangle of width_px × height_px pixels at (left_px, top_px), which must be within the picture."""
        deep = 1 if self.palette else 3
        stride = deep * self.width_px
        first = top_px * stride + deep * left_px
        lines = (self.pixels[at : at + deep * width_px] for at in range(first, first + height_px * stride, stride))
        whole = width_px == self.width_px
        pixels = self.pixels[first : first + height_px * stride] if whole else b"".join(lines)
        return Photo(width_px, height_px, pixels, self.palette)
