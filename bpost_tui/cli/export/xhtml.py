"""A story's text as XHTML, well-formed in a page and in a chapter of a book alike. Pure, standard library only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

from bpost_tui.model.blocks import Block, Blocks, Heading, Image, ListBlock, Paragraph, Preformatted, Quote, Spans, Table

# https://www.w3.org/TR/xml/#charsets
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def escaped(text: str) -> str:
    """Return a text as it stands between tags or in a quoted attribute."""
    return escape(_NOT_XML.sub("\ufffd", text))


def xhtml(blocks: Blocks, *, deeper: int = 0) -> Iterator[str]:
    """Give the lines of a text; its headings stand `deeper` by so many levels."""
    for block in blocks:
        yield from _block(block, deeper)


def _block(block: Block, deeper: int) -> Iterator[str]:
    match block:
        case Paragraph(spans):
            yield f"<p>{_inline(spans)}</p>"
        case Heading(spans, level):
            tag = f"h{min(max(level, 2) + deeper, 6)}"
            yield f"<{tag}>{_inline(spans)}</{tag}>"
        case Quote(paragraphs):
            yield from ["<blockquote>", *(f"<p>{_inline(spans)}</p>" for spans in paragraphs or ((),)), "</blockquote>"]
        case ListBlock(items, ordered):
            yield from _list(items, "ol" if ordered else "ul")
        case Table(rows, header):
            yield from _table(rows, header=header)
        case Image():
            yield from _figure(block)
        case Preformatted(text):
            yield f"<pre>{escaped(text)}</pre>"


def _inline(spans: Spans) -> str:
    parts: list[str] = []
    for span in spans:
        text = escaped(span.text).replace("\n", "<br/>")
        text = f"<em>{text}</em>" if span.italic else text
        text = f"<strong>{text}</strong>" if span.bold else text
        parts.append(f'<a href="{escaped(span.link)}">{text}</a>' if span.link else text)
    return "".join(parts)


def _list(items: Sequence[tuple[int, Spans]], tag: str) -> Iterator[str]:
    """Nest a list anew; an item goes at most one level deeper than the one before it."""
    depth = -1
    for wanted, spans in items:
        level = min(wanted, depth + 1)
        if level > depth:
            yield f"<{tag}>"
        else:
            yield from ["</li>", *[f"</{tag}></li>"] * (depth - level)]
        yield f"<li>{_inline(spans)}"
        depth = level
    yield from [f"</li></{tag}>"] * (depth + 1)


def _table(rows: Sequence[Sequence[Spans]], *, header: bool) -> Iterator[str]:
    full = [row for row in rows if row]
    if not full:
        return
    yield "<table>"
    for number, row in enumerate(full):
        tag = "th" if header and number == 0 else "td"
        yield f"<tr>{''.join(f'<{tag}>{_inline(cell)}</{tag}>' for cell in row)}</tr>"
    yield "</table>"


def _figure(image: Image) -> Iterator[str]:
    """Yield a picture as a link, not as an image: opening the file must make no request."""
    yield f'<figure><a href="{escaped(image.src)}">{escaped(image.alt or image.src)}</a>'
    yield f"<figcaption>{escaped(image.caption)}</figcaption></figure>" if image.caption else "</figure>"
