"""How cost grows with the library: opening a list, paging it, and what the store does underneath."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bpost_tui.i18n import choose
from bpost_tui.store.library import Library
from bpost_tui.ui.desk import Desk, shelf_of

from .generate_library import CATEGORIES, NOW
from .harness import Results, against, row, timed_ms
from .libraries import PORTAL, copy, newsboat, newsboat_home
from .terminal import ANSWERS, Terminal, reader

GROUP = "How cost grows"
LIMIT_MS = 30.0
_REPEATS = 11
_PAGES = 20


def measure(results: Results, home: Path, counts: tuple[int, ...]) -> None:
    """Measure at each size."""
    for count in counts:
        data = copy(count, home)
        peer = _newsboat(count, home)
        _lists(results, data, count, home, peer)
        _store(results, data, count)


def _lists(results: Results, data: Path, count: int, home: Path, peer: tuple[list[float], list[float]] | None) -> None:
    with Terminal(reader(data, "cells"), home, answer=ANSWERS["cells"]) as terminal:
        terminal.wait(lambda stream: len(stream) > 3000)
        terminal.settle(0.5)
        shown = []
        for at in range(_REPEATS):
            shown.append(terminal.press(b"21"[at % 2 : at % 2 + 1], quiet_s=0.3).settled_ms)
        paged = [terminal.press(b"\x1b[6~", quiet_s=0.12).frame_ms for _ in range(_PAGES)]
        terminal.quit()
    opened, turned = peer or (None, None)
    results.add(row(GROUP, f"open a list, {count:,} stories", "ms", shown, limit=LIMIT_MS, **against("newsboat", opened, None)))
    results.add(row(GROUP, f"page through it, {count:,} stories", "ms", paged, limit=LIMIT_MS, **against("newsboat", turned, None)))


def _newsboat(count: int, home: Path) -> tuple[list[float], list[float]] | None:
    """Return how long newsboat takes to open the list of all stories, and for a page of it."""
    news = newsboat_home(count, home)
    if news is None:
        return None
    with Terminal(newsboat(news), home) as terminal:
        terminal.wait(lambda stream: len(stream) > 500)
        terminal.settle(0.5)
        opened = []
        for _ in range(5):
            opened.append(terminal.press(b"\r", quiet_s=0.3).settled_ms)
            terminal.press(b"q", quiet_s=0.3)
        terminal.press(b"\r", quiet_s=0.3)
        paged = [terminal.press(b"\x1b[6~").settled_ms for _ in range(_PAGES)]
        terminal.quit(b"Q")
    return opened, paged


def _store(results: Results, data: Path, count: int) -> None:
    with Library(data / PORTAL) as library:
        desk = Desk(library, choose("bn", {}), lambda: datetime.now(UTC))
        shelf = shelf_of(CATEGORIES[0][0])
        results.add(
            row(GROUP, f"read a shelf of a category, {count:,} stories", "ms", timed_ms(lambda: desk.listing(shelf), _REPEATS))
        )
        results.add(row(GROUP, f"count the unread, {count:,} stories", "ms", timed_ms(library.unread_count, _REPEATS)))
        for query in ("হাসপাতাল", "মেদিনীপুর", "medinipur"):
            found = timed_ms(lambda query=query: library.search(query, limit=50, now=NOW), 7)  # type: ignore[misc]
            results.add(row(GROUP, f"search {query}, {count:,} stories", "ms", found))
