"""How cost grows with the library: opening a list, paging it, and what the store does underneath."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from bpost_tui.news.model import Shelf
from bpost_tui.store.library import Library

from .generate_library import CATEGORIES, NOW, QUERIES
from .harness import Results, Row, against, row, timed_ms
from .libraries import PORTAL, copy, newsboat, newsboat_home
from .terminal import ANSWERS, Terminal, reader

GROUP = "How cost grows"
MEMORY = "Memory over 500 stories"
LIMIT_MS = 30.0
SHELF_MS = 10.0
SEARCH_MS = {"one word": 20.0, "two words": 30.0, "roman": 40.0, "commonest": 80.0}
_REPEATS = 11
_PAGES = 20


class Peer(NamedTuple):
    """What newsboat takes: ms, and the memory it holds after a search."""

    opened: list[float]
    paged: list[float]
    searched: list[float]
    memory_mb: float


def measure(results: Results, home: Path, counts: tuple[int, ...]) -> None:
    """Measure at each size."""
    for count in counts:
        data = copy(count, home)
        peer = _newsboat(count, home)
        _lists(results, data, count, home, peer)
        _store(results, data, count, peer)


def _lists(results: Results, data: Path, count: int, home: Path, peer: Peer | None) -> None:
    words = _first_words(data)
    with Terminal(reader(data, "cells"), home, answer=ANSWERS["cells"]) as terminal:
        terminal.wait(lambda stream: len(stream) > 3000)
        terminal.settle(0.5)
        shown = []
        for at in range(2 * _REPEATS):
            key, word = (b"2\r", b"1\r")[at % 2], words[1 - at % 2]
            shown.append(terminal.press_until(key, lambda came, word=word: word in came))  # type: ignore[misc]
            terminal.settle(0.2)
        paged = [terminal.press(b"\x1b[6~", quiet_s=0.12).frame_ms for _ in range(_PAGES)]
        terminal.quit()
    opened, turned = (peer.opened, peer.paged) if peer else (None, None)
    results.add(row(GROUP, f"open a list, {count:,} stories", "ms", shown, limit=LIMIT_MS, **against("newsboat", opened, None)))
    results.add(row(GROUP, f"page through it, {count:,} stories", "ms", paged, limit=LIMIT_MS, **against("newsboat", turned, None)))


def _first_words(data: Path) -> list[bytes]:
    """Return a word on the first page of all news that isn't on that of the largest category, and one the other way round."""
    with Library(data / PORTAL) as library:
        shelves = [Shelf(), Shelf(library.categories()[0].category.slug)]
        pages = [library.headlines(shelf, limit=3) for shelf in shelves]
    words = [{word for row in page for word in row.title.split()[1:5] if len(word) <= 8} for page in pages]
    others = [{word for row in page for word in row.title.split()} for page in reversed(pages)]
    return [max(mine - other, key=len).encode() for mine, other in zip(words, others, strict=True)]


def _newsboat(count: int, home: Path) -> Peer | None:
    """Return what newsboat takes for the same."""
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
        terminal.press(b"q", quiet_s=0.3)
        searched = []
        for query in QUERIES["one word"][:3]:
            terminal.press(b"/" + query.encode(), quiet_s=0.3)
            searched.append(terminal.press(b"\r", quiet_s=0.6).settled_ms)
            terminal.press(b"q", quiet_s=0.3)
        memory_mb = terminal.memory_mb()
        terminal.quit(b"Q")
    return Peer(opened, paged, searched, memory_mb)


def _store(results: Results, data: Path, count: int, peer: Peer | None) -> None:
    with Library(data / PORTAL) as library:
        shelf = Shelf(CATEGORIES[0][0])
        read = timed_ms(lambda: library.headlines(shelf, limit=50), _REPEATS)
        results.add(row(GROUP, f"50 headlines of a category, {count:,} stories", "ms", read, limit=SHELF_MS))
        results.add(row(GROUP, f"count the unread, {count:,} stories", "ms", timed_ms(library.unread_count, _REPEATS)))
        for kind, queries in QUERIES.items():
            found = [ms for query in queries for ms in timed_ms(lambda query=query: library.search(query, limit=50, now=NOW), 5)]  # type: ignore[misc]
            beside = against("newsboat", peer and peer.searched, None) if kind == "one word" else {}
            results.add(row(GROUP, f"search, {kind}, {count:,} stories", "ms", found, limit=SEARCH_MS.get(kind), **beside))
    if peer:
        results.add(Row(MEMORY, f"newsboat after a search in {count:,} stories", "MB", peer.memory_mb))
