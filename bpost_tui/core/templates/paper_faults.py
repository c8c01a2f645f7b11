"""What is wrong with a paper, and what to do about it, in words."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from bpost_tui.i18n import Language, message
from bpost_tui.model.paper_health import PaperHealth


def faults(rhythm: PaperHealth, now: datetime, language: Language) -> Iterator[str]:
    """Yield what is wrong with a paper: since when, and how often, it is silent, fails, or has moved."""
    if rhythm.newest is not None and rhythm.is_silent(now):
        yield language.text("nothing new since {date}", date=language.date(rhythm.newest))
    if rhythm.failing_since is not None:
        since, n = language.date(rhythm.failing_since), rhythm.failures
        once = language.text("failing since {date}", date=since)
        yield once if n == 1 else language.text("failed {n} times since {date}", n=n, date=since)
    if rhythm.moved_since is not None:
        since, n, address = language.date(rhythm.moved_since), rhythm.redirects, rhythm.moved_to
        once = language.text("moved to {address}", address=address)
        yield once if n == 1 else language.text("{moved}: {n} times since {date}", moved=once, n=n, date=since)


def advice(rhythms: Collection[PaperHealth], now: datetime) -> Iterator[str]:
    """Yield what to do about papers with faults, as message ids."""
    if any(rhythm.moved_to for rhythm in rhythms):
        yield message("A paper that has moved: `bpost portals add SITE` looks for its feed, `remove` takes the old one out.")
    if any(rhythm.failing_since is not None for rhythm in rhythms):
        yield message("A paper that fails: `bpost refresh` says why; if its site is gone, `remove` takes it out.")
    if any(rhythm.is_silent(now) for rhythm in rhythms):
        yield message("A paper that is silent: if its site isn't, `bpost portals add SITE` looks for its new feed.")
