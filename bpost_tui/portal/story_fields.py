"""Fields of a story that feeds, wp-json and pages have in common: excerpt and lead picture. Pure."""

from __future__ import annotations

import re

from bpost_tui.model.blocks import Blocks, Heading, Image, Paragraph, Quote, text_of
from bpost_tui.model.sanitize import MAX_EXCERPT_CHARS, clean_line
from bpost_tui.portal.html.blocks import plain

_MORE = re.compile(r"\s*(?:\[(?:…|\.\.\.)\]|…|\.\.\.)\s*$")


def read_excerpt(html: str) -> str:
    """Return a description in HTML as one line of text; WordPress's `[…]` at its end becomes `…`."""
    text = plain(html, MAX_EXCERPT_CHARS)
    return _MORE.sub("…", text)


def first_words(text: Blocks) -> str:
    """Return the beginning of a story's text as its excerpt."""
    for block in text:
        match block:
            case Paragraph(spans) | Heading(spans) | Quote((spans, *_)):
                return clean_line(text_of(spans), MAX_EXCERPT_CHARS)
    return ""


def lead_image(text: Blocks) -> str | None:
    """Return the address of a story's first picture."""
    return next((block.src for block in text if isinstance(block, Image)), None)
