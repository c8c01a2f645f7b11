"""Libraries as bpost had them before there was one for all papers: a folder for each portal, with the schema of that time.

The rows are written by SQL, with the steps that were taken then; nothing of today's saving has a hand in it.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from bpost_tui.store.files.opening import make, open_one
from bpost_tui.store.files.schema import INDEX_RULES, READER, STORIES, migrate

STORIES_STEPS, READER_STEPS = 7, 4
"""How many steps there were."""
_MINUTE_US = 60_000_000
_APART_US = 20 * _MINUTE_US
"""From one story to the next: a newspaper has some seventy a day."""
_AT_US = 1_760_000_000_000_000
CATEGORIES = (("court", "Court"), ("health", "Health"), ("sports", "Sports"))


class Kept(NamedTuple):
    """What must be there of a story, wherever it is kept."""

    title: str
    text: str
    revisions: int
    categories: tuple[str, ...]
    marks: tuple[object, ...]
    """read_us, starred_us, later_us, opened_us, item, fraction, unread_us, unstarred_us, unlater_us; empty without any."""


def text_of(key: str, number: int) -> str:
    """Return a story's text as it is stored."""
    text = f"{key} {number} মেদিনীপুরের হাসপাতাল"
    return json.dumps([{"kind": "paragraph", "spans": [{"text": text}]}], ensure_ascii=False, separators=(",", ":"))


def make_earlier(folder: Path, key: str, count: int, *, is_indexed: bool = False) -> None:
    """Make the library of a portal, with so many stories; `is_indexed` says that they are, though they aren't."""
    for spec, steps in ((STORIES, STORIES_STEPS), (READER, READER_STEPS)):
        make(folder / spec.name)
        with closing(open_one(folder / spec.name)) as db:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = OFF")
            migrate(db, spec._replace(version=steps))
    with closing(open_one(folder / STORIES.name)) as db:
        db.execute("ATTACH ? AS reader", (str(folder / READER.name),))
        db.execute("PRAGMA reader.synchronous = OFF")
        db.execute("BEGIN")
        _fill(db, key, count, is_indexed)
        db.execute("COMMIT")


def _fill(db: sqlite3.Connection, key: str, count: int, is_indexed: bool) -> None:
    site = key.replace("-8080", ":8080")
    db.executemany("INSERT INTO shelves (slug, name, portal_count, listed) VALUES (?, ?, 9, 1)", CATEGORIES)
    db.execute("UPDATE shelves SET name = ? WHERE id = 0", (f"Paper {key}",))
    for number in range(1, count + 1):
        # every third guid and link are those of the other portals' stories, too
        own = key if number % 3 else "shared"
        link = f"{own}/recent/story-{number}.html"
        at_us = _AT_US + number * _APART_US
        row = (f"https://{own}/?p={number}", link, f"https://{site}/recent/story-{number}.html", f"{key} {number}")
        query = """INSERT INTO stories
            (guid, link_key, link, title, author, excerpt, tags, published_us, first_seen_us, full, entry)
            VALUES (?, ?, ?, ?, 'News Desk', '…', '["মেদিনীপুর"]', ?, ?, 1, ?)"""
        db.execute(query, (*row, at_us, at_us + 5, at_us // _MINUTE_US if is_indexed else None))
        db.execute("INSERT INTO texts VALUES (?, ?)", (number, text_of(key, number)))
        for place, (slug, _) in enumerate(CATEGORIES[number % 3 :]):
            query = "INSERT INTO shelved SELECT id, ?, ?, ?, 0, 0, 0 FROM shelves WHERE slug = ?"
            db.execute(query, (at_us, number, place, slug))
        if number % 7 == 0:
            db.execute("INSERT INTO revisions VALUES (?, ?, 'আগের শিরোনাম', ?)", (number, at_us + 9, text_of(key, 0)))
        if marks := _marks(number, at_us):
            query = """INSERT INTO reader.marks
                (guid, link_key, read_us, starred_us, later_us, opened_us, item, fraction, unread_us, unstarred_us, unlater_us)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
            db.execute(query, (row[0], link, *marks))
    db.execute("UPDATE search_rules SET rules = ? WHERE ?", (INDEX_RULES, is_indexed))
    db.execute("INSERT INTO notes VALUES ('refresh', ?)", (_AT_US,))
    db.execute("INSERT INTO walks VALUES ('court', ?, ?, '[4]', 3, 1)", (_AT_US, _AT_US - 9))
    db.execute("INSERT INTO validators VALUES (?, '\"a\"', NULL, ?, '')", (f"https://{key}/feed", _AT_US))
    db.execute("INSERT INTO contacts VALUES ('i0.wp.com', 3, ?)", (_AT_US,))
    db.execute("INSERT INTO reader.searches VALUES ('হাসপাতাল', ?, ?)", (f"হাসপাতাল {key}", _AT_US))
    db.execute("INSERT INTO reader.marks (guid, starred_us) VALUES ('gone', 7)")  # of a story that was pruned


def _marks(number: int, at_us: int) -> tuple[object, ...]:
    read, starred, later = number % 2 == 0, number % 5 == 0, number % 11 == 0
    if not (read or starred or later):
        return ()
    times = [at_us + 7 if on else None for on in (read, starred, later)]
    opened = (at_us + 8, 4, 0.25) if read else (None, None, None)
    return (*times, *opened, None, at_us + 6 if later else None, None)


def expected(key: str, count: int) -> dict[tuple[str, str], Kept]:
    """Return what such a library holds, by paper and guid."""
    kept: dict[tuple[str, str], Kept] = {}
    for number in range(1, count + 1):
        guid = f"https://{key if number % 3 else 'shared'}/?p={number}"
        categories = tuple(slug for slug, _ in CATEGORIES[number % 3 :])
        marks = _marks(number, _AT_US + number * _APART_US)
        kept[key, guid] = Kept(f"{key} {number}", text_of(key, number), int(number % 7 == 0), categories, marks)
    return kept


def held(folder: Path) -> dict[tuple[str, str], Kept]:
    """Return what the library of all papers holds, by paper and guid."""
    kept: dict[tuple[str, str], Kept] = {}
    with closing(open_one(folder / STORIES.name)) as db:
        db.execute("ATTACH ? AS reader", (str(folder / READER.name),))
        query = """SELECT p.key, s.guid, s.title, t.blocks, (SELECT count(*) FROM revisions WHERE story = s.id),
            (SELECT group_concat(slug) FROM (SELECT c.slug FROM shelved AS k JOIN shelves AS c ON c.id = k.shelf
            WHERE k.story = s.id AND k.place >= 0 ORDER BY k.place)),
            m.read_us, m.starred_us, m.later_us, m.opened_us, m.item, m.fraction, m.unread_us, m.unstarred_us, m.unlater_us, m.guid
            FROM stories AS s JOIN papers AS p ON p.id = s.paper JOIN texts AS t ON t.story = s.id
            LEFT JOIN reader.marks AS m ON (m.guid, m.paper) = (s.guid, p.key)"""
        for key, guid, title, text, revisions, slugs, *marks, marked in db.execute(query):
            categories = tuple(slugs.split(",")) if slugs else ()
            kept[key, guid] = Kept(title, text, revisions, categories, tuple(marks) if marked else ())
    return kept
