"""A row of a table: each of its cells is broken into lines within a column of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, zip_longest

from bpost_tui.typeset.items import CELL_END, Para, Run, Runs
from bpost_tui.typeset.paragraph import Draft, Setter
from bpost_tui.typeset.protocols import Metric

_GAP_EM = 1.4
_SLACK = 1.08  # of a column over its widest cell, for which another may be mistaken
_LEAST_EM = 3.0
_DIVIDER = "  │  "


def row_lines(item: Para, measure: float, metric: Metric) -> Iterator[Sequence[tuple[float, Draft]]]:
    """Yield the lines of a row: what stands in each column, and where the column begins."""
    gap = metric.across(_GAP_EM, item.size)
    room = measure - gap * (len(item.columns) - 1)
    if room < len(item.columns) * metric.across(_LEAST_EM, item.size):  # no room for columns: the cells one after another
        runs = [run._replace(text=_DIVIDER, ink="rule") if run.text == CELL_END else run for run in item.runs]
        for draft in Setter(runs, item.size, metric).lines(measure, measure):
            yield ((0.0, draft),)
        return
    wanted = [_SLACK * Setter(runs, item.size, metric).one_line().width for runs in item.columns]
    widths = _shared(wanted, room)
    starts = [sum(widths[:at]) + gap * at for at in range(len(widths))]
    cells = (Setter(runs, item.size, metric).lines(width, width) for runs, width in zip(_cells(item.runs), widths, strict=False))
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


def _shared(wanted: Sequence[float], room: float) -> list[float]:
    """Return the widths of columns: narrow ones get what they want, the wide ones share what is left."""
    widths = list(wanted)
    for done, at in enumerate(sorted(range(len(wanted)), key=wanted.__getitem__)):
        widths[at] = min(wanted[at], room / (len(wanted) - done))
        room -= widths[at]
    return widths
