"""Blocks and spans: a story's text as values, and functions that read them. Pure.

Named tuples, for a fast start (see `model.story`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple, get_args
from urllib.parse import urlsplit


class Span(NamedTuple):
    """Piece of text in one style, without markup or control characters."""

    text: str
    bold: bool = False
    italic: bool = False
    link: str | None = None
    """Address, http or https, if the piece is a link."""


Spans = tuple[Span, ...]


class Paragraph(NamedTuple):
    """Running text."""

    spans: Spans


class Heading(NamedTuple):
    """Sub-heading inside a story."""

    spans: Spans
    level: int = 2
    """Level from 1 to 6, as in HTML."""


class Quote(NamedTuple):
    """Block quotation, by its paragraphs."""

    paragraphs: tuple[Spans, ...]


class ListBlock(NamedTuple):
    """List; nested lists are flattened, with a depth for each item."""

    items: tuple[tuple[int, Spans], ...]
    """Items as (depth from 0, text), in reading order."""
    ordered: bool = False
    before: tuple[int, ...] = ()
    """Number of items at each depth, from 0, in earlier parts of the list. Blocks that can't be an item's text part a list."""

    @property
    def after(self) -> tuple[int, ...]:
        """Value of `before` for the part that follows."""
        return (self.before, *self._counts())[-1]

    def numbered(self) -> Iterator[tuple[int, int, Spans]]:
        """Yield each item as number, depth, text."""
        return ((counts[depth], depth, spans) for counts, (depth, spans) in zip(self._counts(), self.items, strict=True))

    def _counts(self) -> Iterator[tuple[int, ...]]:
        """Yield, after each item, the number of items of each depth."""
        counts = self.before
        for depth, _ in self.items:
            above = (*counts, *([0] * (depth + 1)))
            counts = (*above[:depth], above[depth] + 1)
            yield counts


class MergedCell(NamedTuple):
    """Cell of a table that spans several rows or columns; its text is in the first of them, the others are empty."""

    row: int
    column: int
    rows: int
    columns: int


class Table(NamedTuple):
    """Table, row by row; rows may differ in length."""

    rows: tuple[tuple[Spans, ...], ...]
    header: bool = False
    """Whether the first row names the columns."""
    caption: Spans = ()
    merged: tuple[MergedCell, ...] = ()
    """Merged cells; none overlaps another or reaches outside of the table."""

    @property
    def columns(self) -> int:
        """Number of columns."""
        return max(map(len, self.rows), default=0)

    @property
    def head_rows(self) -> int:
        """Number of rows that name the columns: as many as the first row's tallest cell spans."""
        return max((cell.rows for cell in self.merged if cell.row == 0), default=1) if self.header else 0

    def cells(self) -> Iterator[list[TableCell]]:
        """Yield each row's cells: the cells that begin in it, and None in each column covered by a cell from above."""
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
        """Yield each row that a cell covers besides its first, and the cell."""
        for cell in (cell for cell in self.merged if cell.row < len(self.rows) and cell.column < len(self.rows[cell.row])):
            yield from ((at, cell) for at in range(len(self.rows))[cell.row + 1 : cell.row + cell.rows])


class TableCell(NamedTuple):
    """Cell of a table."""

    spans: Spans | None
    """Text; None if a cell from above covers this one."""
    rows: int
    columns: int


class Image(NamedTuple):
    """Picture's address and caption; the picture is fetched only if the reader asks for it."""

    src: str
    """Address, http or https."""
    alt: str = ""
    caption: Spans = ()
    width_px: int = 0
    """Width as the page gives it, so that space is left before the picture comes; 0 if unknown."""
    height_px: int = 0
    link: str | None = None
    """Address that the picture links to, unless that is only the same picture."""

    @property
    def words(self) -> Spans:
        """Words under the picture: its caption, else its description."""
        return self.caption or ((Span(self.alt),) if self.alt else ())


class Preformatted(NamedTuple):
    """Text with its line breaks as they are; its only styles are links."""

    spans: Spans

    @property
    def text(self) -> str:
        """Text without its links."""
        return text_of(self.spans)


EmbedKind = Literal["video", "audio", "post", "document", "talk", "page"]
EMBED_KINDS: tuple[EmbedKind, ...] = get_args(EmbedKind)


class Embed(NamedTuple):
    """Film, sound or post shown inside a story or sent with it. It is never fetched, but can be opened."""

    address: str
    """Address, http or https."""
    kind: EmbedKind = "page"
    title: str = ""
    length_s: int = 0
    """Length of a sound or film; 0 if unknown."""
    size_bytes: int = 0
    """Size of a file; 0 if unknown."""


Block = Paragraph | Heading | Quote | ListBlock | Table | Image | Preformatted | Embed
Blocks = tuple[Block, ...]


def texts_of(block: Block) -> Iterator[Spans]:
    """Yield the runs of text of a block in reading order; pictures and embeds have none."""
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
    """Return the text of a run without its styles."""
    return "".join(span.text for span in spans)


def plain_text(blocks: Blocks) -> str:
    """Return a text without its styles, with a blank line between its blocks."""
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
    """Yield the caption and the rows. A merged cell's text is repeated in each row, so that every row is complete by itself."""
    if table.caption:
        yield text_of(table.caption)
    texts = [[text_of(spans) for spans in row] for row in table.rows]
    for row, cell in table.continued():
        texts[row] += [""] * (cell.column + 1 - len(texts[row]))
        texts[row][cell.column] = texts[cell.row][cell.column]
    yield from (" | ".join(row).replace("\n", " ") for row in texts)
