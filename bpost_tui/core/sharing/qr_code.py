"""QR codes (ISO/IEC 18004) in three forms: modules (the code's squares), pixels, and half-block characters. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bpost_tui.typesetting.typeset.photo import Photo

Modules = tuple[bytes, ...]
"""Rows of a QR code's modules (squares), with the empty margin around the code. A byte of 1 is dark, 0 is light."""

QUIET = 4
"""Width in modules of the empty margin around the code, as the standard requires (§5.3.8)."""
LEAST_PX = 3
"""Minimum size of a module in pixels. At arm's length, a phone can't distinguish smaller modules."""
MOST_PX = 10
_BLACK, _WHITE = (0, 0, 0), (255, 255, 255)
_HALVES = " ▄▀█"
"""Block characters for two modules, one above the other. The index is the lower module plus twice the upper module (1 is dark)."""


def qr_code(text: str) -> Modules:
    """Return the QR code of a text with the lowest level of error correction.

    A screen has no dirt to correct for, and a code with less correction has larger modules.
    """
    import segno  # imported late: 10 ms in a thread; a package, since the standard's tables are long

    code = segno.make_qr(text, error="l", boost_error=False)
    return tuple(bytes(module & 1 for module in row) for row in code.matrix_iter(scale=1, border=QUIET))


def module_px(modules: Modules, width_px: int, height_px: int) -> int:
    """Return the size in pixels of a module (square) if the code must fit into `width_px` by `height_px`; 0 if unreadably small."""
    side_px = min(width_px, height_px) // len(modules)
    return min(side_px, MOST_PX) if side_px >= LEAST_PX else 0


def as_photo(modules: Modules, side_px: int, width_px: int, height_px: int, *, has_palette: bool) -> Photo:
    """Return a white picture of `width_px` by `height_px` with the code `modules` in its middle.

    Each module is a square with sides of `side_px` pixels. The pixels are indices of a palette if `has_palette`, else RGB.
    """
    dark, light = (b"\1", b"\0") if has_palette else (bytes(_BLACK), bytes(_WHITE))
    left, top = ((width - len(modules) * side_px) // 2 for width in (width_px, height_px))
    right, bottom = width_px - len(modules) * side_px - left, height_px - len(modules) * side_px - top
    rows = (b"".join((dark if module else light) * side_px for module in row) for row in modules)
    lines = (light * left + row + light * right for row in rows)
    pixels = b"".join((light * (width_px * top), *(line * side_px for line in lines), light * (width_px * bottom)))
    return Photo(width_px, height_px, pixels, (_WHITE, _BLACK) if has_palette else ())


def as_half_blocks(modules: Modules) -> Sequence[str]:
    """Return the code as lines of text, black on white. Each character shows two modules, one above the other."""
    even = modules if len(modules) % 2 == 0 else (*modules, bytes(len(modules)))
    pairs = zip(even[::2], even[1::2], strict=True)
    return ["".join(_HALVES[2 * upper + lower] for upper, lower in zip(*pair, strict=True)) for pair in pairs]
