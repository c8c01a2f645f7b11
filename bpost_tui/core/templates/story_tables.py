"""Templates of a story's text as runs, and of its tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bpost_tui.model.blocks import Spans, Table, TableCell, text_of
from bpost_tui.typesetting.text.graphemes import clusters
from bpost_tui.typesetting.text.lazy_pattern import lazy_pattern
from bpost_tui.typesetting.typeset.items import CELL_END, Item, Para, Run, Runs, Size

_MEASURED_CELLS = 8
"""Number of a column's longest cells that are measured to find the widest: letters differ in width."""
_SIGNS = lazy_pattern("[\u0300-\u036f\u0981\u09bc\u09c1-\u09c4\u09cd]")
"""Signs that make a text longer, but not wider."""
_SIGNS_ON_BOTH_SIDES = lazy_pattern("[\u09cb\u09cc]")
_MEASURED_CHARS = 200
"""Characters of a cell that are measured: no column gets wider than that."""
_BOLD = 1.1
"""Width of bold letters, as a factor."""


def runs_of(spans: Spans, ink: str = "text", *, bold: bool = False) -> Runs:
    """Return a text as runs, links in their own ink."""
    return tuple(
        Run(span.text, "link" if span.link else ink, bold=bold or span.bold, underline=bool(span.link), link=span.link)
        for span in spans
    )


def table(block: Table) -> list[Item]:
    """Return a table: its caption, and its rows, one below the other."""
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
    """Return the texts in each column; a cell that spans several columns is divided between them."""
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
    """Yield a text in `count` parts of about the same length."""
    if count == 1:
        yield text
        return
    letters = clusters(text)
    length = -(-len(letters) // count)
    yield from ("".join(letters[at * length : (at + 1) * length]) for at in range(count))


def _widest(texts: Sequence[Run]) -> Runs:
    """Return the `_MEASURED_CELLS` longest texts, and as many with the longest words, each on a line of its own."""
    lengths = {run: _lengths(run) for run in dict.fromkeys(texts)}
    chosen = [sorted(lengths, key=lambda run: lengths[run][by], reverse=True)[:_MEASURED_CELLS] for by in (0, 1)]
    lines = [line for run in dict.fromkeys(chosen[0] + chosen[1]) for line in (Run("\n"), run)]
    return tuple(lines[1:])


def _lengths(run: Run) -> tuple[float, float]:
    """Return the length of a text, and of its longest word, in letters and the signs beside them; bold letters count more."""
    factor = _BOLD if run.bold else 1.0
    words = [len(_SIGNS.sub("", word)) + len(_SIGNS_ON_BOTH_SIDES.findall(word)) for word in run.text.split()]
    return factor * (sum(words) + len(words)), factor * max(words, default=0)
