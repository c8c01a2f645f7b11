"""What the screen and the command line say in the same words: about a story's age and fate, a query, an error."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from bpost_tui.config import DEFAULT_PORTAL, SAMPLE_NAME
from bpost_tui.errors import BPostError, ContentError, NotFoundError, PortalError, ProgramError, StoreError, UsageError
from bpost_tui.i18n import Language, message
from bpost_tui.model.paper_health import PaperHealth
from bpost_tui.model.story import Headline
from bpost_tui.store.results import MAX_COUNTED_HITS
from bpost_tui.urls import site_of

if TYPE_CHECKING:
    from bpost_tui.store.results import QueryProblem


ONE_PAPER: Final = message("There is one paper; `bpost portals add` adds another")
"""What is said where something takes several papers."""


def paper_name(address: str, language: Language, *, configured_name: str = "", own_name: str = "") -> str:
    """Return a paper's name, by the first of these that there is.

    The one that the reader gave it; The Bengal Post's in the reader's language; what its feed said, the sample's in the reader's
    language; its host.
    """
    if configured_name:
        return configured_name
    if site_of(address) == site_of(DEFAULT_PORTAL):
        return language.text("The Bengal Post")
    return language.text(SAMPLE_NAME) if own_name == SAMPLE_NAME else own_name or site_of(address)


def found_line(total: int, language: Language) -> str:
    """Say how many stories a search found, as far as they were counted."""
    if total > MAX_COUNTED_HITS:
        return language.text("more than {n} found", n=MAX_COUNTED_HITS)
    return language.text("{n} found", n=total)


def note_line(note: str, language: Language) -> str:
    """Return the note on a passage, said to be one; empty where there is none."""
    return language.text("Note: {note}", note=note) if note else ""


_LONGEST_QUOTED = 40
_ERROR_PREFIXES: Final[Mapping[type[BPostError], str]] = MappingProxyType(
    {
        NotFoundError: message("Not found"),
        UsageError: message("Not understood"),
        ProgramError: message("A program failed"),
        PortalError: message("The portal can't be reached, or refuses"),
        ContentError: message("What the portal sent can't be read"),
        StoreError: message("The files can't be used"),
    }
)
"""What leads a line that exists only in English."""


MARK_LINES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "read": (message("Marked unread"), message("Marked read")),
        "starred": (message("Star removed"), message("Star added")),
        "later": (message("Removed from Read later"), message("Added to Read later")),
    }
)
"""What is said of a mark of one story when it is removed, and when it is set."""
UNDO_LINES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "read": (message("Undone: read again"), message("Undone: unread again")),
        "starred": (message("Undone: starred again"), message("Undone: star removed")),
        "later": (message("Undone: in Read later again"), message("Undone: removed from Read later")),
    }
)
"""What is said when it is undone that a mark was removed, and that it was set."""


def many_marked(mark: str, on: bool, n: int, language: Language) -> str:
    """Say that a mark of several stories was set, or removed."""
    plural = language.plural
    lines = {
        "read": (plural("{n} marked unread", "{n} marked unread", n), plural("{n} marked read", "{n} marked read", n)),
        "starred": (
            plural("Star removed from {n} story", "Stars removed from {n} stories", n),
            plural("{n} story starred", "{n} stories starred", n),
        ),
        "later": (
            plural("{n} story removed from Read later", "{n} stories removed from Read later", n),
            plural("{n} story added to Read later", "{n} stories added to Read later", n),
        ),
    }
    return lines[mark][on]


def many_unmarked(mark: str, on: bool, n: int, language: Language) -> str:
    """Say that it was undone that a mark of several stories was removed (`on` is False), or set."""
    plural = language.plural
    lines = {
        "read": (
            plural("Undone: {n} story read again", "Undone: {n} stories read again", n),
            plural("Undone: {n} story unread again", "Undone: {n} stories unread again", n),
        ),
        "starred": (
            plural("Undone: {n} story starred again", "Undone: {n} stories starred again", n),
            plural("Undone: star removed from {n} story", "Undone: stars removed from {n} stories", n),
        ),
        "later": (
            plural("Undone: {n} story in Read later again", "Undone: {n} stories in Read later again", n),
            plural("Undone: {n} story removed from Read later", "Undone: {n} stories removed from Read later", n),
        ),
    }
    return lines[mark][on]


def same_news_line(row: Headline, language: Language) -> tuple[str, int]:
    """Return where else the news of a row is reported, and in how many papers or stories; nothing where it is nowhere else."""
    others = {other.paper for other in row.others} - {row.paper}
    n = len(others or row.others)
    if others:
        where = language.plural("in {n} more paper", "in {n} more papers", n)
        differs = any(other.differs for other in row.others)
        return (f"{where} · {language.text('figures differ')}" if differs else where), n
    return language.plural("{n} more story in this paper", "{n} more stories in this paper", n) if n else "", n


def age_line(row: Headline, language: Language, now: datetime) -> str:
    """Return how old a story is, after a word of what became of it on the portal."""
    fate = language.text("withdrawn") if row.withdrawn else language.text("updated") if row.updated else ""
    return " · ".join(part for part in (fate, language.age(row.published, now)) if part)


def portal_status(row: Headline, language: Language) -> tuple[str, ...]:
    """Return what became of a story on the portal after it was saved."""
    updated = (language.text("updated {when}", when=language.date(row.updated)),) if row.updated else ()
    return updated + ((language.text("withdrawn by the portal"),) if row.withdrawn else ())


def problem_line(problem: QueryProblem, language: Language) -> str:
    """Return what of a query couldn't be followed, where, and what was searched instead."""
    complaint = language.text(problem.message, what=problem.text[:_LONGEST_QUOTED])
    instead = language.text(problem.fallback)
    return language.text("{complaint} (at character {n}). {instead}", complaint=complaint, n=problem.offset + 1, instead=instead)


def error_line(error: BPostError, language: Language) -> str:
    """Return an error in one line: in the reader's language, or its English led by what kind of trouble it is."""
    line = language.reason(error.message)
    lead = next((lead for kind, lead in _ERROR_PREFIXES.items() if isinstance(error, kind)), "")
    if lead and language.code != "en" and line == error.message:
        return f"{language.text(lead)}: {line}"
    return line


def paper_faults(health: PaperHealth, now: datetime, language: Language) -> Iterator[str]:
    """Yield a sentence for each fault of a paper: no new story for long, failed requests, another address."""
    if health.newest is not None and health.is_silent(now):
        yield language.text("nothing new since {date}", date=language.date(health.newest))
    if health.failing_since is not None:
        since, n = language.date(health.failing_since), health.failures
        once = language.text("failing since {date}", date=since)
        yield once if n == 1 else language.text("failed {n} times since {date}", n=n, date=since)
    if health.moved_since is not None:
        since, n, address = language.date(health.moved_since), health.redirects, health.moved_to
        once = language.text("moved to {address}", address=address)
        yield once if n == 1 else language.text("{moved}: {n} times since {date}", moved=once, n=n, date=since)


def fault_advice(papers: Collection[PaperHealth], now: datetime) -> Iterator[str]:
    """Yield advice about papers with faults, as message ids."""
    if any(health.moved_to for health in papers):
        yield message("A paper that has moved: `bpost portals add SITE` looks for its feed, `remove` takes the old one out.")
    if any(health.failing_since is not None for health in papers):
        yield message("A paper that fails: `bpost refresh` says why; if its site is gone, `remove` takes it out.")
    if any(health.is_silent(now) for health in papers):
        yield message("A paper that is silent: if its site isn't, `bpost portals add SITE` looks for its new feed.")
