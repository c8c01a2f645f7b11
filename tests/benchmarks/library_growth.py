"""Growth of cost with the library: open a list, page through it, and the store's work for that."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

from bpost_tui.core.lists.list_slice import HIT_ROWS
from bpost_tui.model.blocks import plain_text
from bpost_tui.model.list_position import row_key
from bpost_tui.model.paper import paper_at
from bpost_tui.model.story import ListFilter
from bpost_tui.store.grouping import group_builder
from bpost_tui.store.library import Library
from bpost_tui.store.sqlite_files import OpenMode, connect, transaction
from tests.benchmarks.generate_library import CATEGORIES, NOW, QUERIES
from tests.benchmarks.libraries import LIBRARY, PORTAL, copy, newsboat, newsboat_home
from tests.benchmarks.measures import Results, Row, against, row, timed_ms
from tests.benchmarks.stopwatch_terminal import ANSWERS, Terminal, reader

GROUP = "How cost grows"
MEMORY = "Memory over 500 stories"
LIMIT_MS = 30.0
END_MS = 60.0
SHELF_MS = 10.0
MARKS_MS, MARKED_STORIES = 1000.0, 100_000
"""Goal for marking a whole list in ms, and the largest list that the goal covers."""
SEARCH_MS = {"one word": 20.0, "two words": 30.0, "roman": 40.0, "commonest": 80.0}
FEWER_MS, FEWER_STORIES = 10.0, 100_000
"""Goal in ms for finding a word, and the largest library that the goal covers."""
FILE_TIMES, FILE_STORIES = 2.2, 100_000
"""Goal for the files as a multiple of the text, and the library's size for it: empty pages weigh less in a large library."""
FOLDED_STORIES, FOLDED_TIMES = 100_000, 1.25
"""Size of library for folding the same news, and the limit as a factor of a list without folds.

A folded list is as fast as an unfolded list, but a row in five has other stories, which are read with it.
"""
_EACH_FOLDED = 6
"""Distance between folded stories: each sixth story is folded below the story before it."""
NEWSBOAT_STORIES = 50_000
"""Size of library when the goals of searching were compared with newsboat's times."""
_SAMPLE = 100_000
"""Largest number of stories whose text is measured."""
_REPEATS = 11
_PAGES = 20
_STARTS = 5
_MARKINGS = 3


class Searched(NamedTuple):
    """Times of newsboat's searches, and its memory after them."""

    times_ms: list[float]
    memory_mb: float


class Peer(NamedTuple):
    """Times of newsboat, in ms."""

    opened: list[float]
    paged: list[float]
    searched: Searched


def measure(results: Results, home: Path, counts: tuple[int, ...]) -> None:
    """Measure at each size of library."""
    for count in counts:
        data = copy(count, home)
        peer = _newsboat(count, home)
        _first_headlines(results, data, count, home)
        _lists(results, data, count, home, peer)
        _store(results, data, count, peer)
        _marks(results, data, count)
        if count == FOLDED_STORIES:
            _folds(results, data, count)
    if (alone := _newsboat_search(NEWSBOAT_STORIES, home)) is not None:
        _searched_by_newsboat(results, NEWSBOAT_STORIES, alone)


def _first_headlines(results: Results, data: Path, count: int, home: Path) -> None:
    """Start the reader several times without a snapshot: the work on the library must not grow."""
    with Library(data / LIBRARY) as library:
        word = max(library.headlines(ListFilter(), limit=1)[0].title.split(), key=len).encode()
    times_ms = []
    for _ in range(_STARTS):
        with Terminal(reader(data, "cells"), home, answer=ANSWERS["cells"]) as terminal:
            times_ms.append(terminal.wait(lambda stream: _shows(stream, word)))
            terminal.settle(0.4)
            terminal.quit()
    results.add(row(GROUP, f"first headlines, {count:,} stories", "ms", times_ms))


def _shows(stream: bytes | bytearray, word: bytes) -> bool:
    """Return whether `word` was written; in cells, some of its letters have blanks after them."""
    return word in stream.replace(b" ", b"")


def _lists(results: Results, data: Path, count: int, home: Path, peer: Peer | None) -> None:
    words = _first_words(data)
    with Terminal(reader(data, "cells"), home, answer=ANSWERS["cells"]) as terminal:
        terminal.wait(lambda stream: len(stream) > 3000)
        terminal.settle(0.5)
        shown = []
        for at in range(2 * _REPEATS):
            key, word = (b"2\r", b"1\r")[at % 2], words[1 - at % 2]
            shown.append(terminal.press_until(key, lambda came, word=word: _shows(came, word)))  # type: ignore[misc]
            terminal.settle(0.2)
        paged = [terminal.press(b"\x1b[6~", quiet_s=0.12).frame_ms for _ in range(_PAGES)]
        for query in QUERIES["one word"][:3]:
            terminal.press(b"/\x15" + query.encode() + b"\r", quiet_s=0.6)  # replaces the last query
        memory_mb = terminal.memory_mb()
        ended = _to_the_end(terminal)
        terminal.quit()
    opened, turned = (peer.opened, peer.paged) if peer else (None, None)
    results.add(row(GROUP, f"open a list, {count:,} stories", "ms", shown, limit=LIMIT_MS, **against("newsboat", opened, None)))
    results.add(row(GROUP, f"go to the end of it, {count:,} stories", "ms", ended, limit=END_MS))
    results.add(row(GROUP, f"page through it, {count:,} stories", "ms", paged, limit=LIMIT_MS, **against("newsboat", turned, None)))
    held = [peer.searched.memory_mb] if peer else None
    name = f"after three searches in {count:,} stories"
    results.add(row(MEMORY, name, "MB", [memory_mb], **against("newsboat", held, None)))


def _to_the_end(terminal: Terminal) -> list[float]:
    """Go to the last row of all news, several times from the first row."""
    for key in (b"2\r", b"1\r"):  # leaves the search
        terminal.press(key, quiet_s=0.3)
    ended = []
    for _ in range(_REPEATS):
        ended.append(terminal.press(b"G", quiet_s=0.3).frame_ms)
        terminal.press(b"g", quiet_s=0.3)
    return ended


def _first_words(data: Path) -> list[bytes]:
    """Return a word that is only on the first page of all news, and a word that is only on the page of the largest category."""
    with Library(data / LIBRARY) as library:
        filters = [ListFilter(), ListFilter(library.categories()[0].category.slug)]
        pages = [library.headlines(list_filter, limit=3) for list_filter in filters]
    words = [{word for row in page for word in row.title.split()[1:5] if len(word) <= 8} for page in pages]
    others = [{word for row in page for word in row.title.split()} for page in reversed(pages)]
    return [max(mine - other, key=len).encode() for mine, other in zip(words, others, strict=True)]


def _newsboat(count: int, home: Path) -> Peer | None:
    """Return newsboat's times for the same work, or None if newsboat isn't measured."""
    with _newsboat_at_its_list(count, home) as terminal:
        if terminal is None:
            return None
        opened = []
        for _ in range(5):
            opened.append(terminal.press(b"\r", quiet_s=0.3).settled_ms)
            terminal.press(b"q", quiet_s=0.3)
        terminal.press(b"\r", quiet_s=0.3)
        paged = [terminal.press(b"\x1b[6~").settled_ms for _ in range(_PAGES)]
        terminal.press(b"q", quiet_s=0.3)
        return Peer(opened, paged, _searched(terminal))


def _newsboat_search(count: int, home: Path) -> Searched | None:
    """Return the times of newsboat's search alone, or None if newsboat isn't measured."""
    with _newsboat_at_its_list(count, home) as terminal:
        return _searched(terminal) if terminal is not None else None


@contextmanager
def _newsboat_at_its_list(count: int, home: Path) -> Iterator[Terminal | None]:
    """Yield newsboat with its list of feeds on the screen, and quit it; yield None if newsboat isn't measured."""
    news = newsboat_home(count, home)
    if news is None:
        yield None
        return
    with Terminal(newsboat(news), home) as terminal:
        terminal.wait(lambda stream: len(stream) > 500)
        terminal.settle(0.5)
        yield terminal
        terminal.quit(b"Q")


def _searched(terminal: Terminal) -> Searched:
    """Search in newsboat, whose screen shows "searching" at once, and then nothing until the results."""
    times_ms = []
    for query in QUERIES["one word"][:3]:
        terminal.press(b"/" + query.encode(), quiet_s=0.3)
        times_ms.append(terminal.press_until(b"\r", lambda came: b"Search results" in came))
        terminal.settle()
        terminal.press(b"q", quiet_s=0.3)
    return Searched(times_ms, terminal.memory_mb())


def _searched_by_newsboat(results: Results, count: int, searched: Searched) -> None:
    results.add(row(GROUP, f"newsboat: search, one word, {count:,} stories", "ms", searched.times_ms))
    results.add(Row(MEMORY, f"newsboat: after three searches in {count:,} stories", "MB", searched.memory_mb))


def _text_bytes(library: Library) -> int:
    """Return the bytes of all headlines and texts in UTF-8; for a library larger than the sample, an estimate from the sample."""
    every = library.search.story_ids("", now=NOW)
    step = -(-len(every) // _SAMPLE)
    numbers = every[::step]
    pages = (library.import_export.export(numbers[at : at + 500]) for at in range(0, len(numbers), 500))
    saved = (kept.saved for page in pages for kept in page)
    return step * sum(len((each.headline.title + plain_text(each.blocks)).encode()) for each in saved)


def _store(results: Results, data: Path, count: int, peer: Peer | None) -> None:
    with Library(data / LIBRARY) as library:
        list_filter = ListFilter(CATEGORIES[0][0])
        read = timed_ms(lambda: library.headlines(list_filter, limit=50), _REPEATS)
        results.add(row(GROUP, f"50 headlines of a category, {count:,} stories", "ms", read, limit=SHELF_MS))
        results.add(row(GROUP, f"count the unread, {count:,} stories", "ms", timed_ms(library.unread_count, _REPEATS)))
        for kind, queries in QUERIES.items():
            found = [ms for query in queries for ms in timed_ms(partial(library.search.find, query, limit=HIT_ROWS, now=NOW), 5)]
            beside = against("newsboat", peer and peer.searched.times_ms, None) if kind == "one word" else {}
            limit = FEWER_MS if kind == "one word" and count <= FEWER_STORIES else SEARCH_MS.get(kind)
            results.add(row(GROUP, f"search, {kind}, {count:,} stories", "ms", found, limit=limit, **beside))
        text_bytes = _text_bytes(library)
    file_bytes = sum(path.stat().st_size for path in (data / LIBRARY).glob("*.db*") if not path.name.endswith("-shm"))
    name = f"files, for each MB of headlines and text, {count:,} stories"
    results.add(Row(GROUP, name, "MB", file_bytes / text_bytes, limit=FILE_TIMES if count >= FILE_STORIES else None))


def _marks(results: Results, data: Path, count: int) -> None:
    """Mark a whole library read, and undo that, as `A` and `u` do."""
    limit = MARKS_MS if count <= MARKED_STORIES else None
    with Library(data / LIBRARY) as library:
        numbers = library.story_ids(ListFilter(unread=True))
        took: dict[bool, list[float]] = {True: [], False: []}
        for _ in range(_MARKINGS):
            for read, times_ms in took.items():
                times_ms += timed_ms(partial(library.set_mark, "read", numbers, read, now=NOW), 1)
    for what, times_ms in zip(("mark all read", "take that back"), took.values(), strict=True):
        results.add(row(GROUP, f"{what}, {count:,} stories", "ms", times_ms, limit=limit))


def _folds(results: Results, data: Path, count: int) -> None:
    """Read the list of all papers from its first row, from the middle and to its end, with and without folded stories."""
    with Library(data / LIBRARY) as library:
        library.set_subscriptions([paper_at(f"https://{host}") for host in (PORTAL, "example.org", "example.com")])
        numbers = library.story_ids(ListFilter())
        with closing(connect(library.folder, OpenMode.WRITE)) as db, transaction(db):
            for at in range(1, len(numbers), _EACH_FOLDED):
                alike = (*sorted((numbers[at], numbers[at - 1])), 1.0)
                db.execute("INSERT INTO similar_pairs VALUES (?, ?, ?)", alike)
            group_builder.rebuild_all_groups(db)
        folded, whole = ListFilter(groups_same_news=True), ListFilter()
        for what, offset in (("first", 0), ("middle", count // 2), ("last", count - count // _EACH_FOLDED - 100)):
            places = [library.headline(library.story_ids(each, limit=1, offset=offset)[0]) for each in (folded, whole)]
            took: list[list[float]] = [[], []]
            for _ in range(_REPEATS):  # alternately, so that a busy moment hits both
                for each, row_, times_ms in zip((folded, whole), places, took, strict=True):
                    times_ms += timed_ms(partial(library.headlines, each, limit=200, after=row_key(row_)), 1)
            name = f"200 headlines, the same news once, {what} page, {count:,} stories"
            results.add(row(GROUP, name, "ms", took[0], **against("the list with all of them", took[1], FOLDED_TIMES)))
