"""Fields of a story that feeds, wp-json and pages have in common: excerpt, lead picture, dates that can be. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from bpost_tui.model.blocks import Blocks, Heading, Image, Paragraph, Quote, text_of
from bpost_tui.model.sanitize import MAX_EXCERPT_CHARS, clean_line
from bpost_tui.portal.html.blocks import plain

_EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
_LATEST = timedelta(days=1)
"""How far ahead of our clock a date may be, since clocks differ."""
_MORE = re.compile(r"\s*(?:\[(?:…|\.\.\.)\]|…|\.\.\.)\s*$")


def plausible_date(date: datetime, now: datetime) -> datetime | None:
    """Return a date that a story can have; None for one before there was news on the web, or further ahead than clocks differ."""
    return date if _EARLIEST <= date <= now + _LATEST else None


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
