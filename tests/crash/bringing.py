"""Libraries of earlier versions, brought over while the process is killed again and again: at the end, all of it is there."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bpost_tui.model.paper import Paper, paper_at
from bpost_tui.model.story import ListFilter
from bpost_tui.paths import LIBRARY, earlier_libraries
from bpost_tui.store import bring_over
from bpost_tui.store.library import Library
from tests.unit.store.earlier_libraries import expected, held, make_earlier

KEYS = ("thebengalpost.net", "example.org", "localhost-8080", "news.example.com", "anandapatrika.example")
_NOW = datetime(2026, 11, 24, tzinfo=UTC)
_PAPERS = (paper_at("https://thebengalpost.net"),)
_FORKED = multiprocessing.get_context("fork")


def begin(data: Path, counts: Sequence[int], *, is_indexed: bool = False) -> None:
    """Make a folder for each portal, with so many stories."""
    for key, count in zip(KEYS, counts, strict=True):
        (data / key).mkdir(parents=True)
        make_earlier(data / key, key, count, is_indexed=is_indexed)
        (data / key / "pictures").mkdir()
        (data / key / "pictures" / f"{key}.picture").write_bytes(b"picture")


def bring(data: Path, batch: int) -> None:
    """Bring all over."""
    bring_over.BATCH = batch
    bring_over.bring_over(data, _PAPERS, now=_NOW)


def kill_while_bringing(data: Path, kills: int, dice: random.Random, *, longest_s: float, batch: int) -> tuple[int, list[float]]:
    """Begin again and again, killed after a random time each, at last without; return the kills, and how long each run took."""
    done, took_s = 0, list[float]()
    while earlier_libraries(data) or not (data / LIBRARY).exists():
        process = _FORKED.Process(target=bring, args=(data, batch))
        began = time.monotonic()
        process.start()
        process.join(dice.uniform(0, longest_s) if done < kills else None)
        if process.is_alive() and process.pid is not None:
            os.kill(process.pid, signal.SIGKILL)
            done += 1
        process.join()
        took_s.append(time.monotonic() - began)
    return done, took_s


def broken(data: Path, counts: Sequence[int]) -> list[str]:
    """Return what isn't as it was promised."""
    found: list[str] = []
    want = {story: kept for key, count in zip(KEYS, counts, strict=True) for story, kept in expected(key, count).items()}
    have = held(data / LIBRARY)
    found += [f"{story}: {have.get(story)} is not {kept}" for story, kept in want.items() if have.get(story) != kept][:5]
    found += [f"{story} came from nowhere" for story in have.keys() - want.keys()][:5]
    with Library(data / LIBRARY) as library:
        found += library.notices
        library.lay_out([Paper(key, f"https://{key}") for key in KEYS])
        found += library.maintenance.verify()
        if library.count(ListFilter()) != sum(counts):
            found.append(f"lists {library.count(ListFilter())} of {sum(counts)}")
        if sorted(saved.query for saved in library.saved_searches.all()) != sorted(f"হাসপাতাল {key}" for key in KEYS):
            found.append(f"has the searches {library.saved_searches.all()}")
        found += [f"has no position of {key}" for key in KEYS if not _has_position(library, key)]
        if (library.fetch_log.contacts()[0].requests) != 3 * len(KEYS):
            found.append(f"has asked {library.fetch_log.contacts()}")
    pictures = {path.name for path in (data / LIBRARY / "pictures").iterdir()}
    found += [f"has no picture of {key}" for key in KEYS if f"{key}.picture" not in pictures]
    aside = {path.name for path in (data / "brought-over").iterdir()} if (data / "brought-over").exists() else set()
    found += [f"{key} isn't set aside" for key in KEYS[1:] if key not in aside]
    return found


def _has_position(library: Library, key: str) -> bool:
    rows = library.headlines(ListFilter(paper=key), limit=2)
    return any(library.reading_log.position(row.id) is not None for row in rows)
