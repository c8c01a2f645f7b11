"""A story's pictures: as a line that says there is one, or as the picture with its caption below."""

from __future__ import annotations

from collections.abc import Callable

from bpost_tui.i18n import Language
from bpost_tui.model.blocks import Image
from bpost_tui.model.picture import Photo
from bpost_tui.typeset.items import Figure, Item, Para, Run, Runs, Size

Print = Callable[[int, int], Photo | None]
"""Gives a picture in so many pixels, once it is there in that size."""

_BEFORE_EM = 0.8


def label(image: Image, language: Language, *, said: str = "") -> Item:
    """A line in place of a picture that isn't shown: what it is of, and how to see it or why it can't be had."""
    words = image.caption or image.alt
    name = f"▣ {language.text('Picture')}" + (f": {words}" if words else "")
    after: Runs = (Run(" · ", "faded"), Run(said, "accent")) if said else ()
    return Para((Run(name, "meta"), *after), Size.SMALL, before=_BEFORE_EM)


def figure(image: Image, size_px: tuple[int, int], print: Print) -> Item:
    """A picture that is shown, or soon will be."""
    words = image.caption or image.alt
    return Figure(*size_px, print, (Run(words, "meta"),) if words else (), before=_BEFORE_EM)


def nothing_yet(width_px: int, height_px: int) -> Photo | None:
    """Print a picture that is still to come: an empty frame keeps its place."""
    return None
