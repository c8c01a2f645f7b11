"""Blocks and spans: a story's text as values, and functions that read them. Pure.

Blocks are named tuples, so that the app starts fast (see `model.story`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, get_args
from urllib.parse import urlsplit

from bpost_tui.typesetting.text.named_tuple import NamedTuple


class Span(NamedTuple):
    """Piece of text in one style, without markup or control characters."""

    text: str
    bold: bool = False
    italic: bool = False
    link: str | None = None
    """Address that the piece links to, http or https; None if the piece is no link."""


Spans = tuple[Span, ...]


class Paragraph(NamedTuple):
    """Paragraph of a story's text."""

    spans: Spans


class Heading(NamedTuple):
    """Sub-heading inside a story."""

    spans: Spans
    level: int = 2
    """Level from 1 to 6, as in HTML."""


class Quote(NamedTuple):
    """Block quotation, as a tuple of its paragraphs."""

    paragraphs: tuple[Spans, ...]


class ListBlock(NamedTuple):
    """List with or without numbers. A nested list's items are in the same tuple, with a greater depth."""

    items: tuple[tuple[int, Spans], ...]
    """List items in reading order, each as (depth, text); the outermost depth is 0."""
    ordered: bool = False
    before: tuple[int, ...] = ()
    """Number of items so far at each depth (from 0) at the end of the list's previous part, so that the numbering continues.

    A list has several parts if a block that can't be in an item, such as a picture, interrupts it. After each item, the items at
    greater depths are counted from 0 again.
    """

    @property
    def after(self) -> tuple[int, ...]:
        """Number of items so far at each depth (from 0) at the end of this part of the list: the next part's `before`."""
        return (self.before, *self._counts())[-1]

    def numbered(self) -> Iterator[tuple[int, int, Spans]]:
        """Yield each item as (number from 1 among its siblings, depth from 0, text)."""
        return ((counts[depth], depth, spans) for counts, (depth, spans) in zip(self._counts(), self.items, strict=True))

    def _counts(self) -> Iterator[tuple[int, ...]]:
        """Yield, for each item, the number of items so far at each depth up to the item's own; the last number is the item's."""
        counts = self.before
        for depth, _ in self.items:
            above = (*counts, *([0] * (depth + 1)))
            counts = (*above[:depth], above[depth] + 1)
            yield counts


class MergedCell(NamedTuple):
    """Cell of a table that spans several rows or columns. The text is in the top left position; the other positions are empty."""

    row: int
    column: int
    rows: int
    columns: int


class Table(NamedTuple):
    """Table, row by row; rows may have different numbers of cells."""

    rows: tuple[tuple[Spans, ...], ...]
    header: bool = False
    """Whether the first row names the columns."""
    caption: Spans = ()
    merged: tuple[MergedCell, ...] = ()
    """Merged cells. They don't overlap and lie within the table."""

    @property
    def columns(self) -> int:
        """Number of columns."""
        return max(map(len, self.rows), default=0)

    @property
    def head_rows(self) -> int:
        """Number of rows that name the columns: the height in rows of the tallest cell in the first row, or 0 without a header."""
        return max((cell.rows for cell in self.merged if cell.row == 0), default=1) if self.header else 0

    def cells(self) -> Iterator[list[TableCell]]:
        """Yield the cells of each row.

        A column covered by a merged cell that began in a row above has a cell without text (`spans` is None).
        """
        merged = {(cell.row, cell.column): cell for cell in self.merged}
        every = range(self.columns)
        from_above = {(at, c) for at, cell in self.continued() for c in every[cell.column : cell.column + cell.columns]}
        for at, row in enumerate(self.rows):
            cells: list[TableCell] = []
            column = 0
            while column < len(every):
                cell = merged.get((at, column), MergedCell(at, column, 1, 1))
                spans = row[column] if column < len(row) else ()
                cells.append(TableCell(None, 1, 1) if (at, column) in from_above else TableCell(spans, cell.rows, cell.columns))
                column += cells[-1].columns
            yield cells

    def continued(self) -> Iterator[tuple[int, MergedCell]]:
        """Yield (row index, merged cell) for each row that a merged cell covers below its first row."""
        for cell in (cell for cell in self.merged if cell.row < len(self.rows) and cell.column < len(self.rows[cell.row])):
            yield from ((at, cell) for at in range(len(self.rows))[cell.row + 1 : cell.row + cell.rows])


class TableCell(NamedTuple):
    """Cell of a table."""

    spans: Spans | None
    """Text of the cell; None if a merged cell from a row above covers this position."""
    rows: int
    columns: int


class Image(NamedTuple):
    """Address and caption of a picture; the picture is fetched only if the reader asks for it."""

    src: str
    """Address, http or https."""
    alt: str = ""
    caption: Spans = ()
    width_px: int = 0
    """Width in pixels that the page states, so that space can be reserved before the picture is loaded; 0 if unknown."""
    height_px: int = 0
    link: str | None = None
    """Address that the picture links to; None if there is none, or if it only leads to the same picture."""

    @property
    def words(self) -> Spans:
        """Words shown under the picture: the caption, or the description if there is no caption."""
        return self.caption or ((Span(self.alt),) if self.alt else ())


class Preformatted(NamedTuple):
    """Text whose line breaks are kept as they are; links are its only styles."""

    spans: Spans

    @property
    def text(self) -> str:
        """Text without its links."""
        return text_of(self.spans)


EmbedKind = Literal["video", "audio", "post", "document", "talk", "page"]
EMBED_KINDS: tuple[EmbedKind, ...] = get_args(EmbedKind)


class Embed(NamedTuple):
    """Video, sound or post that is embedded in a story or attached to it. It is never fetched, but the reader can open it."""

    address: str
    """Address, http or https."""
    kind: EmbedKind = "page"
    title: str = ""
    length_s: int = 0
    """Length of the sound or video in seconds; 0 if unknown."""
    size_bytes: int = 0
    """Size of the file in bytes; 0 if unknown."""


Block = Paragraph | Heading | Quote | ListBlock | Table | Image | Preformatted | Embed
Blocks = tuple[Block, ...]


def texts_of(block: Block) -> Iterator[Spans]:
    """Yield each text of a block (paragraph, list item, table cell …) in reading order; pictures and embeds have none."""
    match block:
        case Paragraph(spans) | Heading(spans) | Preformatted(spans):
            yield spans
        case Quote(paragraphs):
            yield from paragraphs
        case ListBlock(items):
            yield from (spans for _, spans in items)
        case Table(rows, _, caption):
            yield from (caption,) if caption else ()
            yield from (spans for row in rows for spans in row)
        case Image() | Embed():
            pass


def text_of(spans: Spans) -> str:
    """Return the plain text of spans (pieces of text in one style), without their styles."""
    return "".join(span.text for span in spans)


def plain_text(blocks: Blocks) -> str:
    """Return blocks as plain text, with a blank line between two blocks."""
    return "\n\n".join(filter(None, (_plain(block) for block in blocks)))


def _plain(block: Block) -> str:
    match block:
        case Paragraph(spans) | Heading(spans) | Preformatted(spans):
            return text_of(spans)
        case Quote(paragraphs):
            return "\n\n".join(text_of(spans) for spans in paragraphs)
        case ListBlock(_, ordered):
            entries = (("  " * depth, f"{number}. " if ordered else "• ", spans) for number, depth, spans in block.numbered())
            return "\n".join(f"{indent}{marker}{text_of(spans)}" for indent, marker, spans in entries)
        case Table():
            return "\n".join(_table_lines(block))
        case Image():
            return text_of(block.words)
        case Embed(address, _, title):
            return f"▶ {title or urlsplit(address).hostname}"


def _table_lines(table: Table) -> Iterator[str]:
    """Yield a table's caption and rows as lines.

    A merged cell's text is repeated in each row that it covers, so that each line is complete.
    """
    if table.caption:
        yield text_of(table.caption)
    texts = [[text_of(spans) for spans in row] for row in table.rows]
    for row, cell in table.continued():
        texts[row] += [""] * (cell.column + 1 - len(texts[row]))
        texts[row][cell.column] = texts[cell.row][cell.column]
    yield from (" | ".join(row).replace("\n", " ") for row in texts)
