"""Why stories count as the same news: a row for each account, with what it shares with another one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from bpost_tui.i18n import Language
from bpost_tui.model.datelines import without_tag
from bpost_tui.reading.together import Told
from bpost_tui.reading.wording import aged
from bpost_tui.typeset.items import Item, Pair, Para, Run, Size

_MOST_WORDS = 10
_INDENT_EM = 0.9


def account_row(told: Told, language: Language, now: datetime, papers: Mapping[str, str], *, is_current: bool) -> tuple[Item, ...]:
    """Set an account: its paper and age, its headline, what it shares; `papers` are the papers' names by their keys."""
    row = told.row
    title = without_tag(row.title) or language.text("(no headline)")
    paper = papers.get(row.paper, row.paper)
    reasons = tuple(
        Para((Run(line, "meta"),), Size.SMALL, indent=_INDENT_EM, indent_of=Size.LIST, max_lines=2, before=0.15)
        for line in reason_lines(told, language)
    )
    return (
        Pair((Run(paper, "accent"),), (Run(aged(row, language, now), "meta"),), before=0.4),
        Para((Run(title, "headline", bold=is_current),), Size.LIST, max_lines=2, before=0.1),
        *reasons,
    )


def reason_lines(told: Told, language: Language) -> Iterator[str]:
    """Say in plain words what an account shares with the one that leads."""
    text = language.text
    if told.why is None:
        yield text("This one represents the group in the list")
        return
    words = ", ".join(f"{word} {language.number(round(tells))}" for word, tells in told.why.words[:_MOST_WORDS])
    yield text("Words of both, and how much each weighs: {words}", words=words)
