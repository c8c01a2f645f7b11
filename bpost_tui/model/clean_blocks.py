"""A text from a file: every string passed through the gate, and no more of anything than the portal's pages may have. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bpost_tui.model.limits import MAX_BLOCKS, MAX_CAPTION_CHARS, MAX_CHARS, MAX_COLUMNS, MAX_IMAGES, MAX_ITEMS, MAX_ROWS
from bpost_tui.model.sanitize import clean_line, clean_text
from bpost_tui.model.story import Block, Blocks, Heading, Image, ListBlock, Paragraph, Preformatted, Quote, Span, Spans, Table
from bpost_tui.urls import clean_link

_LONGEST_PX = 100_000
_DEEPEST = 8
"""Levels of a list."""


def clean_blocks(blocks: Blocks) -> Blocks:
    """Return a text without what the gate keeps out; whatever exceeds the limits is dropped from the end."""
    return tuple(_Cleaning().blocks(blocks))


class _Cleaning:
    """One story's text on its way in."""

    def __init__(self) -> None:
        self._chars_left = MAX_CHARS
        self._images_left = MAX_IMAGES

    def blocks(self, blocks: Blocks) -> Iterator[Block]:
        for block in blocks[:MAX_BLOCKS]:
            if self._chars_left <= 0:
                return
            cleaned = self._block(block)
            if cleaned is not None:
                yield cleaned

    def _block(self, block: Block) -> Block | None:
        match block:
            case Paragraph(spans):
                return Paragraph(self._spans(spans))
            case Heading(spans, level):
                return Heading(self._spans(spans), min(max(level, 1), 6))
            case Quote(paragraphs):
                return Quote(tuple(map(self._spans, paragraphs[:MAX_ITEMS])))
            case ListBlock(items, ordered):
                return ListBlock(tuple((min(depth, _DEEPEST), self._spans(spans)) for depth, spans in items[:MAX_ITEMS]), ordered)
            case Table(rows, header):
                return Table(tuple(tuple(map(self._spans, row[:MAX_COLUMNS])) for row in rows[:MAX_ROWS]), header)
            case Preformatted(text):
                return Preformatted(self._text(text))
            case Image():
                return self._image(block)

    def _image(self, image: Image) -> Image | None:
        src = clean_link(image.src)
        if src is None or self._images_left <= 0:
            return None
        self._images_left -= 1
        sides_px = (min(max(side_px, 0), _LONGEST_PX) for side_px in (image.width_px, image.height_px))
        return Image(src, clean_line(image.alt, MAX_CAPTION_CHARS), clean_line(image.caption, MAX_CAPTION_CHARS), *sides_px)

    def _spans(self, spans: Sequence[Span]) -> Spans:
        cleaned = (Span(self._text(span.text), span.bold, span.italic, clean_link(span.link or "")) for span in spans)
        return tuple(span for span in cleaned if span.text)

    def _text(self, text: str) -> str:
        cleaned = clean_text(text, max(self._chars_left, 0))
        self._chars_left -= len(cleaned)
        return cleaned
