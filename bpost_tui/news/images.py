"""The pictures of a story. Pure."""

from __future__ import annotations

from bpost_tui.news.model import Image, SavedStory


def images(saved: SavedStory) -> tuple[Image, ...]:
    """Return the pictures of a story: those in its text, else the one the portal leads it with."""
    in_text = tuple(block for block in saved.blocks if isinstance(block, Image))
    return in_text or ((Image(saved.image),) if saved.image else ())
