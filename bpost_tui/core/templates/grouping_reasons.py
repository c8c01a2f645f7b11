"""Templates of a list of several papers' stories about the same news, with the reasons why the stories were grouped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from bpost_tui.bengali.letters import digits
from bpost_tui.core.lists.same_news_accounts import NewsAccount, NewsGroup
from bpost_tui.core.wording import age_line, shown_title
from bpost_tui.grouping.quantities import AGE, LowerBound
from bpost_tui.i18n import Language, message
from bpost_tui.model.datelines import untagged_headline
from bpost_tui.typesetting.typeset.items import Item, Pair, Para, Run, Size

_MOST_WORDS, _MOST_CHANGES = 10, 3
_INDENT_EM = 0.9
_COUNTED: Final[Mapping[str, str]] = {
    "dead": message("Dead"),
    "hurt": message("Injured"),
    "held": message("Arrested"),
    "detained": message("Detained"),
    "missing": message("Missing"),
    "ill": message("Ill"),
    "sum compensation": message("Compensation"),
    "sum fine": message("Fine"),
    "sum seized": message("Seized"),
    "sum taken": message("Money taken"),
    "sum granted": message("Granted"),
    AGE: message("Age at death"),
}
"""Maps the key of each quantity that is compared between papers, such as deaths, to its label, an English message."""


def account_row(
    account: NewsAccount, news: NewsGroup, language: Language, now: datetime, papers: Mapping[str, str], *, is_current: bool
) -> tuple[Item, ...]:
    """Return the row of one paper's story: paper and age, headline, reasons for grouping.

    Args:
        account: Story, with the reasons for grouping.
        news: Group of the story. If its papers report different numbers (5 dead, 7 dead), only its main story's row shows them.
        language: Language of the interface.
        now: Current time.
        papers: Names of papers by their keys.
        is_current: Whether the cursor is on the row, so that the headline is bold.
    """
    row = account.row
    title = shown_title(untagged_headline(row.title), language)
    paper = papers.get(row.paper, row.paper)
    differing = tuple(_line(line, "accent") for line in differing_lines(news, language, papers)) if account.why is None else ()
    reasons = (_line(line, "meta") for line in reason_lines(account, language))
    return (
        Pair((Run(paper, "accent"),), (Run(age_line(row, language, now), "meta"),), before=0.4),
        Para((Run(title, "headline", bold=is_current),), Size.LIST, max_lines=2, before=0.1),
        *differing,
        *reasons,
    )


def _line(text: str, ink: str) -> Para:
    return Para((Run(text, ink),), Size.SMALL, indent=_INDENT_EM, indent_of=Size.LIST, max_lines=2, before=0.15)


def differing_lines(news: NewsGroup, language: Language, papers: Mapping[str, str]) -> Iterator[str]:
    """Yield a line for each number in `news` that differs between papers: `Dead: 12 (Daily, Times) · 15 (Gazette)`.

    `papers` maps papers' keys to their names.
    """
    for what, values in news.differing_counts.items():
        each = (f"{_number(value, language)} ({', '.join(papers.get(key, key) for key in keys)})" for value, keys in values)
        yield f"{_name(what, language)}: {' · '.join(each)}"


def reason_lines(account: NewsAccount, language: Language) -> Iterator[str]:
    """Yield the reasons why a paper's story (`account`) is in its group, and the corrections that the paper made."""
    text = language.text
    if account.why is None:
        yield text("This one represents the group in the list")
    else:
        shared = [word for word, _ in account.why.words]  # normalised, so that digits are ASCII
        words = ", ".join(word if word.isascii() else digits(word) for word in shared[:_MOST_WORDS])
        words += " …" if len(shared) > _MOST_WORDS else ""
        yield language.plural(
            "{n} rare word is the same: both name {words}",
            "{n} rare words are the same: both name {words}",
            len(shared),
            words=words,
        )
    for what, before, after, at in account.corrections[-_MOST_CHANGES:]:
        when = f"{language.date(at, year=False)}, {language.clock(at)}"
        if what:
            yield text(
                "{what}: {before} until {when}, then {after}",
                what=_name(what, language),
                before=_number(before, language),
                when=when,
                after=_number(after, language),
            )
        else:
            yield text("Headline until {when}: {before}", when=when, before=before)


def _name(what: str, language: Language) -> str:
    return language.text(_COUNTED[what]) if what in _COUNTED else language.text("Age of {name}", name=what.removeprefix(AGE))


def _number(value: int | str, language: Language) -> str:
    if isinstance(value, LowerBound):
        return language.text("at least {n}", n=language.number(value))
    return language.number(value) if isinstance(value, int) else value
