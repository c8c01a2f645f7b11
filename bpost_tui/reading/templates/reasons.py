"""Why stories count as the same news: a row for each account, with what it shares with another one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from bpost_tui.i18n import Language, message
from bpost_tui.model.datelines import without_tag
from bpost_tui.reading.together import Told
from bpost_tui.reading.wording import aged
from bpost_tui.typeset.items import Item, Pair, Para, Run, Size

_MOST, _MOST_WORDS = 4, 10
"""Of places and numbers each; of words."""
_INDENT_EM = 0.9
_FIGURES: Final[Mapping[str, str]] = {
    "dead": message("{n} dead"),
    "hurt": message("{n} hurt"),
    "held": message("{n} arrested"),
    "ill": message("{n} ill"),
    "persons": message("{n} people"),
    "বছর": message("{n} years"),
}
"""What same_news/figures.py names itself."""
_UNSAID: Final = "clock"
_SCORE, _ORDINAL = "score", "ordinal "
_HUNDRED: Final = 100


def account_row(told: Told, language: Language, now: datetime, papers: Mapping[str, str], *, is_current: bool) -> tuple[Item, ...]:
    """Set an account: its paper and age, its headline, what it shares; `papers` are the papers' names by their keys."""
    row = told.row
    title = without_tag(row.title) or language.text("(no headline)")
    paper = papers.get(row.paper, row.paper)
    reasons = tuple(
        Para((Run(line, "meta"),), Size.SMALL, indent=_INDENT_EM, indent_of=Size.LIST, max_lines=2, before=0.15)
        for line in reason_lines(told, language, papers)
    )
    return (
        Pair((Run(paper, "accent"),), (Run(aged(row, language, now), "meta"),), before=0.4),
        Para((Run(title, "headline", bold=is_current),), Size.LIST, max_lines=2, before=0.1),
        *reasons,
    )


def reason_lines(told: Told, language: Language, papers: Mapping[str, str]) -> Iterator[str]:
    """Say in plain words what an account shares with another one."""
    text = language.text
    if told.likeness is None or told.like is None:
        yield text("This one represents the group in the list")
        return
    places = told.likeness.places
    figures = [said for figure in told.likeness.figures if (said := _figure(figure.value, figure.unit, language))]
    facts, words = (*places[:_MOST], *figures[:_MOST]), told.likeness.words[:_MOST_WORDS]
    paper = papers.get(told.like.paper, told.like.paper)
    if facts:
        yield text("As in {paper}: {what}", paper=paper, what=", ".join(facts))
    if words:
        yield text("Rare words of both: {what}", what=", ".join(words))


def _figure(value: float, unit: str, language: Language) -> str:
    """Return a number with what it counts; empty for what wouldn't be understood."""
    if unit == _UNSAID:
        return ""
    if unit == _SCORE:
        high, low = divmod(round(value * _HUNDRED), _HUNDRED)
        return f"{language.number(high)}–{language.number(low)}"
    if unit.startswith(_ORDINAL):
        return language.text("number {n} of “{what}”", n=round(value), what=unit.removeprefix(_ORDINAL))
    if value != int(value):
        return ""
    return language.text(_FIGURES[unit], n=int(value)) if unit in _FIGURES else f"{language.number(int(value))} {unit}"
