"""Links: their labels in a story, and the rows of their list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from bpost_tui.i18n import Language
from bpost_tui.model.links import Link
from bpost_tui.typeset.items import Item, Para, Run, Runs, Size

_JOINED = "\u00a0"
"""No line ends between a label and its link."""


def with_labels(items: Sequence[Item], labels: Mapping[str, str]) -> tuple[Item, ...]:
    """Return a page with a label before every link that has one; `labels` are by address."""
    return tuple(item._replace(runs=_labelled(item.runs, labels)) if isinstance(item, Para) else item for item in items)


def _labelled(runs: Runs, labels: Mapping[str, str]) -> Runs:
    marked: list[Run] = []
    for address, group in groupby(runs, key=lambda run: run.link):
        if address in labels:
            marked.append(Run(f"[{labels[address]}]{_JOINED}", "mark", bold=True))
        marked += group
    return tuple(marked)


def link_row(number: int, link: Link, language: Language) -> tuple[Item, ...]:
    """A link in the list: its number and words, and below them the host it really leads to."""
    words = Run(link.text or language.text("(no text)"), "headline", bold=True)
    where = (Run(link.host, "accent"), Run(link.path, "meta"))
    marker = (Run(f"{language.number(number)}.", "meta"),)
    return (
        Para((words,), Size.LIST, indent=2.0, marker=marker, max_lines=1),
        Para(where, Size.SMALL, indent=2.4, max_lines=1, before=0.2),
    )
