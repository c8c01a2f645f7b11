"""A row of a table: each of its cells is broken into lines within a column of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, zip_longest

from bpost_tui.typeset.items import CELL_END, Para, Run, Runs
from bpost_tui.typeset.paragraph import DraftLine, ParagraphSetter
from bpost_tui.typeset.protocols import Metric

_GAP_EM = 1.4
_SLACK = 1.08  # a column's width over that of its longest cell: one with fewer letters may be wider
_MIN_COLUMN_EM = 3.0
_DIVIDER = "  │  "


def row_lines(item: Para, measure: float, metric: Metric) -> Iterator[Sequence[tuple[float, DraftLine]]]:
    """Yield the lines of a row: for each column where it begins, and what stands in it."""
    gap = metric.across(_GAP_EM, item.size)
    room = measure - gap * (len(item.columns) - 1)
    if room < len(item.columns) * metric.across(_MIN_COLUMN_EM, item.size):  # no room for columns: cells follow one another
        runs = [run._replace(text=_DIVIDER, ink="rule") if run.text == CELL_END else run for run in item.runs]
        for draft in ParagraphSetter(runs, item.size, metric).lines(measure, measure):
            yield ((0.0, draft),)
        return
    natural = [_SLACK * ParagraphSetter(runs, item.size, metric).one_line().width for runs in item.columns]
    widths = _shared(natural, room)
    starts = [sum(widths[:at]) + gap * at for at in range(len(widths))]
    cells = (
        ParagraphSetter(runs, item.size, metric).lines(width, width) for runs, width in zip(_cells(item.runs), widths, strict=False)
    )
    for drafts in zip_longest(*cells):
        yield [(start, draft) for start, draft in zip(starts, drafts, strict=False) if draft is not None]


def _cells(runs: Runs) -> Iterator[Runs]:
    """Yield the runs of each cell; an empty one is a space."""
    parts: list[list[Run]] = [[]]
    for is_end, group in groupby(runs, key=lambda run: run.text == CELL_END):
        for run in group:
            if is_end:
                parts.append([])
            else:
                parts[-1].append(run)
    return (tuple(part) or (Run(" "),) for part in parts)


def _shared(natural: Sequence[float], room: float) -> list[float]:
    """Return the widths of columns: narrow ones get their natural width, wide ones share the rest; [2, 9, 9] in 12 is [2, 5, 5]."""
    widths = list(natural)
    for done, at in enumerate(sorted(range(len(natural)), key=natural.__getitem__)):
        widths[at] = min(natural[at], room / (len(natural) - done))
        room -= widths[at]
    return widths
