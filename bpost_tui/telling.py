"""What the screen and the command line say in the same words: of a story's age and fate, of what is wrong with a query."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from .i18n import Language
from .news.model import Headline

if TYPE_CHECKING:
    from .store.values import QueryProblem

_LONGEST_QUOTED = 40


def aged(row: Headline, language: Language, now: datetime) -> str:
    """Return how old a story is, after a word of what became of it on the portal."""
    fate = language.text("withdrawn") if row.withdrawn else language.text("updated") if row.updated else ""
    return " · ".join(part for part in (fate, language.age(row.published, now)) if part)


def fate(row: Headline, language: Language) -> tuple[str, ...]:
    """Return what became of a story on the portal after it was saved."""
    updated = (language.text("updated {when}", when=language.date(row.updated)),) if row.updated else ()
    return updated + ((language.text("withdrawn on the portal"),) if row.withdrawn else ())


def problem_line(problem: QueryProblem, language: Language) -> str:
    """Return what of a query couldn't be followed, where, and what was searched instead."""
    complaint = language.text(problem.message, what=problem.what[:_LONGEST_QUOTED])
    instead = language.text(problem.instead)
    return language.text("{complaint} (at character {n}). {instead}", complaint=complaint, n=problem.offset + 1, instead=instead)
