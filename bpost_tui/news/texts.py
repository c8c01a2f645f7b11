"""The runs of text that a block is made of. Pure, standard library only."""

from __future__ import annotations

from collections.abc import Iterator

from bpost_tui.news.model import Block, Heading, Image, ListBlock, Paragraph, Preformatted, Quote, Spans, Table


def texts_of(block: Block) -> Iterator[Spans]:
    """Yield the runs of text of a block in reading order; a picture has none, nor has what is set letter by letter."""
    match block:
        case Paragraph(spans) | Heading(spans):
            yield spans
        case Quote(paragraphs):
            yield from paragraphs
        case ListBlock(items):
            yield from (spans for _, spans in items)
        case Table(rows):
            yield from (spans for row in rows for spans in row)
        case Image() | Preformatted():
            pass


def text_of(spans: Spans) -> str:
    """Return the text of a run without its styles."""
    return "".join(span.text for span in spans)
