"""Template of a table in a story, and conversion of formatted text to runs (pieces in one style) for all templates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bpost_tui.model.blocks import Spans, Table, TableCell, text_of
from bpost_tui.typesetting.text.graphemes import clusters
from bpost_tui.typesetting.text.lazy_pattern import lazy_pattern
from bpost_tui.typesetting.typeset.items import CELL_END, Item, Para, Run, Runs, Size

_MEASURED_CELLS = 8
"""Number of texts measured to find a column's width: this many of the longest, and as many of those with the longest words.

The text with the most letters needn't be the widest, because letters differ in width.
"""
_SIGNS = lazy_pattern("[\u0300-\u036f\u0981\u09bc\u09c1-\u09c4\u09cd]")
"""Pattern of signs (such as vowel signs above or below a letter) that add a character to a text but no width."""
_SIGNS_ON_BOTH_SIDES = lazy_pattern("[\u09cb\u09cc]")
_MEASURED_CHARS = 200
"""Maximum number of a cell's characters whose width is measured. So no column becomes wider than that many characters."""
_BOLD = 1.1
"""Width of bold letters, as a multiple of the width of regular letters."""


def runs_of(spans: Spans, ink: str = "text", *, bold: bool = False) -> Runs:
    """Return the formatted text `spans` as runs (pieces in one style) for the typesetter.

    Links have the colour of links, other text the colour `ink`. With `bold`, all of the text is bold.
    """
    return tuple(
        Run(span.text, "link" if span.link else ink, bold=bold or span.bold, underline=bool(span.link), link=span.link)
        for span in spans
    )


def table(block: Table) -> list[Item]:
    """Return the items (paragraphs and rows) of a table: its caption, then an item for each row."""
    head = Para(runs_of(block.caption, "meta"), Size.SMALL, before=0.6, is_prose=True)
    cells = list(block.cells())
    columns = tuple(_widest(texts) for texts in _columns(block, cells))
    items: list[Item] = [head] if block.caption else []
    for at, row in enumerate(cells):
        runs = (run for cell in row for run in _cell(cell, is_head=at < block.head_rows))
        items.append(Para(tuple(runs)[:-1] or (Run(" "),), Size.SMALL, before=0.2 if items else 0.6, columns=columns))
    return items


def _cell(cell: TableCell, *, is_head: bool) -> Runs:
    return (*runs_of(cell.spans or (), "headline" if is_head else "text", bold=is_head), Run(CELL_END * cell.columns))


def _columns(block: Table, rows: Sequence[Sequence[TableCell]]) -> list[list[Run]]:
    """Return, for each column of a table, the texts of its cells.

    If a cell spans several columns, each of these columns gets a part of its text.
    """
    columns: list[list[Run]] = [[] for _ in range(block.columns)]
    for at, row in enumerate(rows):
        column = 0
        for cell in row:
            is_bold = at < block.head_rows or any(span.bold for span in cell.spans or ())
            for share in _shares(text_of(cell.spans or ())[: _MEASURED_CHARS * cell.columns], cell.columns):
                columns[column].append(Run(share, bold=is_bold))
                column += 1
    return columns


def _shares(text: str, count: int) -> Iterator[str]:
    """Split the text of a cell that spans `count` columns into parts of about the same length, and yield a part for each column."""
    if count == 1:
        yield text
        return
    letters = clusters(text)
    length = -(-len(letters) // count)
    yield from ("".join(letters[at * length : (at + 1) * length]) for at in range(count))


def _widest(texts: Sequence[Run]) -> Runs:
    """Return the texts that may be the widest of a column, each on its own line.

    These are the `_MEASURED_CELLS` longest texts, and the `_MEASURED_CELLS` texts with the longest words.
    """
    lengths = {run: _lengths(run) for run in dict.fromkeys(texts)}
    chosen = [sorted(lengths, key=lambda run: lengths[run][by], reverse=True)[:_MEASURED_CELLS] for by in (0, 1)]
    lines = [line for run in dict.fromkeys(chosen[0] + chosen[1]) for line in (Run("\n"), run)]
    return tuple(lines[1:])


def _lengths(run: Run) -> tuple[float, float]:
    """Return two lengths in letters: of the text `run`, and of its longest word.

    Only letters and signs that add to the width are counted. A bold letter counts as `_BOLD` letters.
    """
    factor = _BOLD if run.bold else 1.0
    words = [len(_SIGNS.sub("", word)) + len(_SIGNS_ON_BOTH_SIDES.findall(word)) for word in run.text.split()]
    return factor * (sum(words) + len(words)), factor * max(words, default=0)
