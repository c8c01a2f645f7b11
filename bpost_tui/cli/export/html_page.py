"""Format HTML: one page that makes no requests. Its stories are written as XHTML, which is valid in an EPUB's chapters as well."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator, Sequence
from html import escape

from bpost_tui.cli.export.edition import Edition
from bpost_tui.model.blocks import (
    Block,
    Blocks,
    Embed,
    Heading,
    Image,
    ListBlock,
    Paragraph,
    Preformatted,
    Quote,
    Spans,
    Table,
    TableCell,
)
from bpost_tui.model.story import SavedStory
from bpost_tui.model.story_links import display_address, display_host

_STYLE = """
:root { color-scheme: light dark }
body { max-width: 40em; margin: 2em auto; padding: 0 1em; line-height: 1.6;
  font-family: "Noto Serif Bengali", "Noto Sans Bengali", "Hind Siliguri", serif }
article, nav, section { border-top: 1px solid; margin-top: 3em }
h2 + article { border: 0; margin-top: 0 }
h1, h2, h3 { line-height: 1.3 }
.by, figcaption, footer { opacity: .75; font-size: .9em }
figure { margin: 1em 0 }
img { max-width: 100%; height: auto }
pre, table { overflow-x: auto; display: block; border-collapse: collapse }
td, th { border: 1px solid; padding: .2em .5em; text-align: start }
caption { text-align: start; opacity: .75; font-size: .9em }
a { overflow-wrap: anywhere }
"""


def lines(edition: Edition) -> Iterator[str]:
    """Yield the lines of an edition (title and sections of stories) as one HTML page."""
    title = escape_html(edition.title)
    yield from ["<!DOCTYPE html>", '<html lang="bn">', "<head>", '<meta charset="utf-8"/>']
    yield '<meta name="viewport" content="width=device-width, initial-scale=1"/>'
    yield """<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"/>"""
    yield from [f"<title>{title}</title>", f"<style>{_STYLE}</style>", "</head>", "<body>", f"<h1>{title}</h1>"]
    contents = escape_html(edition.language.text("Contents"))
    day = escape_html(edition.language.long_date(edition.made))
    yield f'<p class="by" lang="{edition.language.code}">{day} · <a href="#contents">{contents}</a></p>'
    contained: list[str] = []

    def within(address: str) -> str:
        picture = edition.picture(address)
        return f"data:{picture.media_type};base64,{base64.b64encode(picture.data).decode()}" if picture else ""

    for number, section in enumerate(edition.sections, 1):
        if section.name:
            yield from [f'<section id="c{number}">', f"<h2>{escape_html(section.name)}</h2>"]
            contained += [f'<li><a href="#c{number}">{escape_html(section.name)}</a>', "<ol>"]
        for story in section.stories:
            row = story.saved.headline
            contained.append(f'<li><a href="#s{row.id}">{escape_html(edition.headline(row))}</a></li>')
            yield from _article(edition, story.saved, within, deeper=1 if section.name else 0)
        if section.name:
            yield "</section>"
            contained += ["</ol>", "</li>"]
    yield from [
        f'<nav id="contents"><h2 lang="{edition.language.code}">{contents}</h2>',
        "<ol>",
    ]  # last, because stories are streamed
    yield from [*contained, "</ol>", "</nav>", "</body>", "</html>"]


def _article(edition: Edition, saved: SavedStory, within: Callable[[str], str], *, deeper: int) -> Iterator[str]:
    row = saved.headline
    yield f'<article id="s{row.id}">'
    yield f"<h{2 + deeper}>{escape_html(edition.headline(row))}</h{2 + deeper}>"
    yield f'<p class="by" lang="{edition.language.code}">{escape_html(edition.byline(row))}</p>'
    yield from xhtml(saved.blocks, within, deeper=1 + deeper) if saved.blocks else [f"<p>{escape_html(row.excerpt)}</p>"]
    yield from (
        [f'<footer><a href="{escape_html(row.link)}">{escape_html(display_address(row.link))}</a></footer>'] if row.link else []
    )
    yield "</article>"


# https://www.w3.org/TR/xml/#charsets
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def escape_html(text: str) -> str:
    """Return a text with HTML's special characters escaped, for use in an element or a quoted attribute."""
    return escape(_NOT_XML.sub("\ufffd", text))


def xhtml(blocks: Blocks, source: Callable[[str], str], *, deeper: int = 0) -> Iterator[str]:
    """Yield the lines of a story's text as XHTML, which is valid in HTML pages and in EPUB chapters.

    Args:
        blocks: Paragraphs, headings, pictures … of the story's text.
        source: Function that returns the `src` for the picture at an address; empty if the picture isn't saved.
        deeper: Number added to the level of each heading.
    """
    for block in blocks:
        yield from _block(block, source, deeper)


def _block(block: Block, source: Callable[[str], str], deeper: int) -> Iterator[str]:
    match block:
        case Paragraph(spans):
            yield f"<p>{_inline(spans)}</p>"
        case Heading(spans, level):
            tag = f"h{min(max(level, 2) + deeper, 6)}"
            yield f"<{tag}>{_inline(spans)}</{tag}>"
        case Quote(paragraphs):
            yield from ["<blockquote>", *(f"<p>{_inline(spans)}</p>" for spans in paragraphs or ((),)), "</blockquote>"]
        case ListBlock(items, ordered, before):
            yield from _list(items, "ol" if ordered else "ul", before if ordered else ())
        case Table():
            yield from _table(block)
        case Image():
            yield from _figure(block, source(block.src))
        case Embed(address, _, title):
            yield f'<p>▶ <a href="{escape_html(address)}">{escape_html(title or display_host(address))}</a></p>'
        case Preformatted(spans):
            yield f"<pre>{_inline(spans, line_break=chr(10))}</pre>"


def _inline(spans: Spans, *, line_break: str = "<br/>") -> str:
    parts: list[str] = []
    for span in spans:
        text = escape_html(span.text).replace("\n", line_break)
        text = f"<em>{text}</em>" if span.italic else text
        text = f"<strong>{text}</strong>" if span.bold else text
        parts.append(f'<a href="{escape_html(span.link)}">{text}</a>' if span.link else text)
    return "".join(parts)


def _list(items: Sequence[tuple[int, Spans]], tag: str, before: Sequence[int]) -> Iterator[str]:
    """Yield the lines of nested HTML lists for `items`, the entries of a list as pairs: nesting level (from 0) and text.

    An entry becomes at most one level deeper than the entry before it. `tag` is `ol` or `ul`. If a picture or another block divides
    a list into parts, `before` has the number of entries in the earlier parts, for each level (`ListBlock.before`).
    """
    depth = -1
    for depth_given, spans in items:
        level = min(depth_given, depth + 1)
        if level > depth:
            yield f'<{tag} start="{before[0] + 1}">' if depth < 0 and before else f"<{tag}>"
        else:
            yield from ["</li>", *[f"</{tag}></li>"] * (depth - level)]
        yield f"<li>{_inline(spans)}"
        depth = level
    yield from [f"</li></{tag}>"] * (depth + 1)


def _table(table: Table) -> Iterator[str]:
    if not table.columns:
        yield from [f"<p>{_inline(table.caption)}</p>"] if table.caption else []
        return
    yield "<table>"
    yield from [f"<caption>{_inline(table.caption)}</caption>"] if table.caption else []
    for number, row in enumerate(table.cells()):
        tag = "th" if number < table.head_rows else "td"
        cells = (f"<{tag}{_sides(cell)}>{_inline(cell.spans)}</{tag}>" for cell in row if cell.spans is not None)
        yield f"<tr>{''.join(cells)}</tr>"
    yield "</table>"


def _sides(cell: TableCell) -> str:
    spans = (("rowspan", cell.rows), ("colspan", cell.columns))
    return "".join(f' {name}="{count}"' for name, count in spans if count > 1)


def _figure(image: Image, source: str) -> Iterator[str]:
    """Yield a picture as an image with the `src` `source`; if `source` is empty, as a link, because the page makes no requests."""
    words = escape_html(image.alt or display_address(image.src))
    shown = f'<img src="{source}" alt="{words}"/>' if source else words
    yield f'<figure><a href="{escape_html(image.src)}">{shown}</a>'
    yield f"<figcaption>{_inline(image.caption)}</figcaption></figure>" if image.caption else "</figure>"
