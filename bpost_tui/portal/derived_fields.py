"""Fields derived from feeds, wp-json and pages alike: the excerpt, the lead picture, and whether the text is complete. Pure."""

from __future__ import annotations

from itertools import accumulate, takewhile

from bpost_tui.model.blocks import Block, Blocks, Heading, Image, Paragraph, Preformatted, Table, text_of, texts_of
from bpost_tui.model.sanitize import MAX_EXCERPT_CHARS, clean_line
from bpost_tui.model.truncation import says_truncated, with_ellipsis
from bpost_tui.portal.html.block_parser import html_to_line

_WHOLE_CHARS = 600
"""Minimum length in characters of a plain description that counts as a story's complete text, not only as its beginning."""


def read_excerpt(html: str) -> str:
    """Return a story's description, given in HTML, as one line of text. WordPress's `[…]` at its end becomes `…`."""
    return _end_at_word(with_ellipsis(html_to_line(html, MAX_EXCERPT_CHARS)))


def first_words(text: Blocks) -> str:
    """Return the beginning of a story's text as an excerpt that ends with a whole word.

    If the text has no words, the excerpt is the descriptions of its pictures.
    """
    running = [block for block in text if not isinstance(block, Heading | Table | Preformatted)] or text
    lines = [text_of(spans).strip() for block in running for spans in texts_of(block)]
    lines = lines or [block.alt for block in text if isinstance(block, Image)]
    used = accumulate(map(len, lines), initial=0)
    line = " ".join(line for _, line in takewhile(lambda each: each[0] <= MAX_EXCERPT_CHARS, zip(used, lines, strict=False)))
    return _end_at_word(with_ellipsis(clean_line(line, MAX_EXCERPT_CHARS)))


def _end_at_word(line: str) -> str:
    """Return an excerpt without the incomplete word before the `…` at its end, if it was cut at the maximum length.

    An excerpt that wasn't cut, or has no space in its second half, is returned unchanged.
    """
    if len(line) < MAX_EXCERPT_CHARS - 1 or not line.endswith("…"):
        return line
    begun, _, _ = line[:-1].rpartition(" ")
    return f"{begun.rstrip(' ,;:–—-')}…" if len(begun) > MAX_EXCERPT_CHARS // 2 else line


def lead_image(text: Blocks) -> str | None:
    """Return the address of a story's first picture; None if it has none."""
    return next((block.src for block in text if isinstance(block, Image)), None)


def is_full_text(text: Blocks, *, title: str, is_called_whole: bool) -> bool:
    """Whether a feed's text counts as the story's whole text, so that the story's page isn't requested for the rest.

    The text must not be empty, nor end with a note that more of it exists elsewhere. One of these conditions must also hold: the
    feed declares the text whole (`is_called_whole`); the story has no headline (`title`), as a short post; the text has a link, or
    content other than paragraphs; or the text is long enough.
    """
    if not text or says_truncated(text, title=title, is_called_whole=is_called_whole):
        return False
    return is_called_whole or not title or any(map(_is_not_text, text)) or _chars(text) >= _WHOLE_CHARS


def _is_not_text(block: Block) -> bool:
    return not isinstance(block, Paragraph) or any(span.link for span in block.spans)


def _chars(text: Blocks) -> int:
    return sum(len(span.text) for block in text for spans in texts_of(block) for span in spans)
