"""Library files with a changed byte: whichever byte it is, the library can be read and used, and no star is lost."""

from __future__ import annotations

import random
import shutil
import traceback
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bpost_tui.errors import NotFoundError
from bpost_tui.model.blocks import Paragraph, Span
from bpost_tui.model.paper import paper_at
from bpost_tui.model.story import Category, ListFilter, Story
from bpost_tui.store.library import Library

FILES = ("stories.db", "reader.db")
COUNT, STARRED = 60, 12
_NOW = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
_PAPER = paper_at("https://thebengalpost.net")
_LATER = _NOW + timedelta(days=30)


def make(folder: Path) -> None:
    """Make a sound library: stories of all kinds, marks of two days, a saved search, an edited story."""
    with Library(folder, clock=lambda: _NOW - timedelta(days=1)) as library:
        library.set_subscriptions((_PAPER,))
        library.save([_story(number) for number in range(COUNT)], now=_NOW - timedelta(days=1))
        numbers = [row.id for row in library.headlines(ListFilter(), limit=COUNT)]
        library.set_mark("starred", numbers[: STARRED // 2], True, now=_NOW - timedelta(days=1))
    with Library(folder, clock=lambda: _NOW) as library:
        library.save([_story(3)._replace(title="বদলে গেল", modified=_NOW)], now=_NOW)
        library.set_mark("starred", numbers[:STARRED], True, now=_NOW)
        library.set_mark("read", numbers[20:40], True, now=_NOW)
        library.set_mark("later", numbers[30:35], True, now=_NOW)
        library.reading_log.record_opened(numbers[0], now=_NOW)
        library.reading_log.save_position(numbers[0], 3, 0.5, now=_NOW)
        library.saved_searches.save("হাসপাতাল", "হাসপাতাল is:unread", now=_NOW)


def try_at(sound: Path, folder: Path, name: str, at: int, flip: int) -> list[str]:
    """Flip the bits `flip` of the byte at offset `at` in the file `name`, use the library, and return the broken promises."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(sound, folder)
    changed = bytearray((folder / name).read_bytes())
    changed[at] ^= flip
    (folder / name).write_bytes(changed)
    try:
        with Library(folder, clock=lambda: _NOW) as library:
            library.set_subscriptions((_PAPER,))
            _use(library)
            library.maintenance.check_if_due(_LATER)
            _use(library)
        with Library(folder, clock=lambda: _NOW) as library:
            library.set_subscriptions((_PAPER,))
            return [f"{name} at {at} ^ {flip}: {line}" for line in _broken_promises(library)]
    except Exception:  # noqa: BLE001 - any exception breaks the promise
        return [f"{name} at {at} ^ {flip}: {traceback.format_exc()}"]


def try_at_random(sound: Path, folder: Path, places: int, dice: random.Random) -> list[str]:
    """Try `places` offsets, alternating between both files; return the broken promises."""
    wrong: list[str] = []
    for number in range(places):
        name = FILES[number % len(FILES)]
        wrong += try_at(sound, folder, name, dice.randrange((sound / name).stat().st_size), dice.randrange(1, 256))
    return wrong


def _story(number: int) -> Story:
    text = f"মেদিনীপুর শহরের হাসপাতালে {number} নম্বর খবর। " * (40 if number % 3 else 1)
    return Story(
        guid=f"https://thebengalpost.net/?p={number}",
        title=f"Midnapore: খবর {number}",
        link=f"https://thebengalpost.net/midnapore-2/story-{number}.html",
        author="News Desk",
        published=_NOW - timedelta(hours=number),
        categories=(Category("midnapore-2", "Midnapore"), Category("health", "Health"))[: 1 + number % 2],
        tags=("মেদিনীপুর",),
        excerpt="প্রতিবেদন…",
        blocks=(Paragraph((Span(text),)),),
        full=True,
    )


def _use(library: Library) -> None:
    """Read everything and write a little, as a day's reading does."""
    library.categories()
    library.read_together(lambda: _look_at_each(library))
    library.reading_log.history(limit=100)
    library.saved_searches.all()
    library.search.find("hasapatal or খবর", limit=1000, now=_NOW)
    library.fetch_log.contacts()
    library.reading_log.record_visit(_NOW)
    library.save([_story(number) for number in range(-1, 2)], now=_NOW)
    for row in library.headlines(ListFilter(), limit=1):
        library.set_mark("read", [row.id], not row.read, now=_NOW)
        library.set_mark("read", [row.id], row.read, now=_NOW)


def _look_at_each(library: Library) -> None:
    for row in library.headlines(ListFilter(), limit=1000):
        with suppress(NotFoundError):  # lost during the reading
            library.story(row.id)
            library.revisions(row.id)
            library.reading_log.position(row.id)


def _broken_promises(library: Library) -> Iterator[str]:
    yield from library.maintenance.verify()
    library.save([_story(number) for number in range(COUNT)], now=_NOW)  # fetches the lost stories again
    if (starred := library.count(ListFilter(starred=True))) < STARRED:  # a starred story may have another guid or link now
        yield f"has {starred} of {STARRED} stars"
    if library.count(ListFilter()) < COUNT:
        yield f"has {library.count(ListFilter())} stories"
    if not library.search.find("হাসপাতাল", limit=1, now=_NOW).hits:
        yield "finds nothing"
