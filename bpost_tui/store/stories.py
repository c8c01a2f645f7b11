"""Rows to values: one story, counts, what was opened. Functions over an open library, each one statement."""

# ruff: noqa: S608 (statements are put together from our own words; what comes from outside is bound)
from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from bpost_tui.errors import ContentError, NotFound, StoreError
from bpost_tui.i18n import Reason
from bpost_tui.model.blocks_json import blocks_from_json
from bpost_tui.model.datelines import place_tag
from bpost_tui.model.story import Blocks, Category, CategoryCount, Headline, Image, SavedStory, Shelf, Story
from bpost_tui.store.results import Opened
from bpost_tui.store.schema import EVERYTHING
from bpost_tui.urls import link_key

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_US = timedelta(microseconds=1)
_MAX_US = 1 << 57  # the year 6536; the calendar ends in 9999

_CATEGORIES = f"""(SELECT json_group_array(json_array(slug, name, parent, portal_count)) FROM (
    SELECT c.slug, c.name, c.parent, c.portal_count FROM shelved AS p JOIN shelves AS c ON c.id = p.shelf
    WHERE p.story = s.id AND p.shelf <> {EVERYTHING} ORDER BY p.place))"""
COLUMNS = f"""s.id, s.guid, s.title, s.link, s.author, s.published_us, s.modified_us, s.excerpt, s.read, s.starred, s.later,
    s.full, s.first_seen_us, {_CATEGORIES}, s.updated_us, s.withdrawn_us"""
"""What `to_headline` takes, of `stories AS s`."""


def to_us(time: datetime) -> int:
    """Return an aware time as microseconds since 1970 UTC."""
    return (time - _EPOCH) // _US


def from_us(time_us: int) -> datetime:
    """Return microseconds since 1970 as a time in UTC; a number that is damaged as 1970."""
    return _EPOCH + time_us * _US if abs(time_us) < _MAX_US else _EPOCH


def bindable(text: str) -> str:
    """Return a text from the command line as one SQLite takes: half a surrogate pair becomes `?`."""
    return text.encode("utf-8", "replace").decode("utf-8")


def history(db: sqlite3.Connection, limit: int, offset: int) -> tuple[Opened, ...]:
    """Return the stories that were opened, the last one first."""
    query = f"""SELECT {COLUMNS}, m.opened_us FROM reader.marks AS m CROSS JOIN stories AS s ON s.guid = m.guid
        WHERE m.opened_us IS NOT NULL ORDER BY m.opened_us DESC, s.id DESC LIMIT ? OFFSET ?"""
    return tuple(Opened(to_headline(row), from_us(row[-1])) for row in db.execute(query, (limit, offset)))


def headline(db: sqlite3.Connection, story: int) -> Headline:
    """Return one story's row, or raise NotFound."""
    row = db.execute(f"SELECT {COLUMNS} FROM stories AS s WHERE s.id = ?", (story,)).fetchone()
    if not row:
        raise not_found(story)
    return to_headline(row)


def saved_story(db: sqlite3.Connection, story: int) -> SavedStory:
    """Return one story with its text, or raise NotFound; StoreError where the text is damaged."""
    query = f"SELECT {COLUMNS}, s.tags, s.image, t.blocks FROM stories AS s LEFT JOIN texts AS t ON t.story = s.id WHERE s.id = ?"
    row = db.execute(query, (story,)).fetchone()
    if not row:
        raise not_found(story)
    try:
        return SavedStory(to_headline(row), read_blocks(row[-1]), tuple(json.loads(row[-3])), row[-2])
    except (ContentError, ValueError) as error:
        why = Reason("the text of story {number} is damaged ({error})", number=str(story), error=error)
        raise StoreError(why, hint="Refresh to fetch it again.") from error


def readable_story(db: sqlite3.Connection, story: int) -> SavedStory:
    """Return one story with its text, a damaged text as none, or raise NotFound."""
    try:
        return saved_story(db, story)
    except StoreError:
        return SavedStory(headline(db, story)._replace(full=False), ())


def stored(db: sqlite3.Connection, number: int) -> Story:
    """Return all that is known of a story, as it was sent; a damaged text counts as none, so that a new one can replace it."""
    saved = readable_story(db, number)
    row = saved.headline
    return Story(
        guid=row.guid,
        title=row.title,
        link=row.link,
        author=row.author,
        published=row.published,
        modified=row.modified,
        categories=row.categories,
        tags=saved.tags,
        excerpt=row.excerpt,
        blocks=saved.blocks,
        image=saved.image,
        full=row.full,
    )


def marked_pictures(db: sqlite3.Connection) -> frozenset[str]:
    """Return the addresses of the pictures of stories that are starred or kept to be read later."""
    query = "SELECT s.image, t.blocks FROM stories AS s LEFT JOIN texts AS t ON t.story = s.id WHERE s.starred OR s.later"
    found: set[str] = set()
    for lead, text in db.execute(query):
        found |= {lead} if lead else set()
        with suppress(ContentError, ValueError):  # a damaged text has none
            found |= {block.src for block in read_blocks(text) if isinstance(block, Image)}
    return frozenset(found)


def read_blocks(text: str | None) -> Blocks:
    """Return a stored text."""
    return blocks_from_json(json.loads(text)) if text else ()


def count(db: sqlite3.Connection, shelf: Shelf) -> int:
    """Return how many stories stand on a shelf."""
    which, slug = ("id = ?", EVERYTHING) if shelf.category is None else ("slug = ?", bindable(shelf.category))
    if shelf.starred or shelf.later:
        asked = [("later = 1", shelf.later), ("starred = 1", shelf.starred), ("read = 0", shelf.unread)]
        narrowed = " AND ".join(condition for condition, wanted in asked if wanted)
        query = f"SELECT COUNT(*) FROM shelved WHERE shelf = (SELECT id FROM shelves WHERE {which}) AND {narrowed}"
    else:
        query = f"SELECT {'unread' if shelf.unread else 'total'} FROM shelves WHERE {which}"
    row = db.execute(query, (slug,)).fetchone()
    return int(row[0]) if row else 0


def categories(db: sqlite3.Connection) -> tuple[CategoryCount, ...]:
    """Return every category, the fullest first."""
    query = "SELECT slug, name, parent, portal_count, total, unread FROM shelves WHERE id <> ? ORDER BY total DESC, name, slug"
    rows = db.execute(query, (EVERYTHING,))
    return tuple(CategoryCount(Category(*row[:4]), *row[4:]) for row in rows)


def find(db: sqlite3.Connection, wanted: str) -> int:
    """Return the number of the story with this number, guid or link, or raise NotFound."""
    wanted = bindable(wanted.strip())
    if wanted.isdecimal() and len(wanted) <= 18:
        return headline(db, int(wanted)).id
    found = known(db, wanted, link_key(wanted))
    if found is None:
        raise not_found(wanted)
    return found


def find_all(db: sqlite3.Connection, wanted: Iterable[str]) -> dict[str, int]:
    """Return the numbers of those stories that are here, by what each was asked for as."""
    found: dict[str, int] = {}
    for one in wanted:
        with suppress(NotFound):
            found[one] = find(db, one)
    return found


def known(db: sqlite3.Connection, guid: str, key: str | None) -> int | None:
    """Return the number of the story with this guid, else of the oldest with this link."""
    # the title makes SQLite look into the table too, and so notice a damaged one
    query = "SELECT id, title FROM stories WHERE"
    row = db.execute(f"{query} guid = ?", (guid,)).fetchone() or db.execute(f"{query} link_key = ? ORDER BY id", (key,)).fetchone()
    return int(row[0]) if row else None


def not_found(wanted: int | str) -> NotFound:
    """Return the error for a story that isn't here."""
    return NotFound(Reason("no story {wanted} in the library", wanted=str(wanted)[:80]), hint="`bpost list` shows the numbers.")


def to_headline(row: tuple[Any, ...]) -> Headline:
    """Return a row of COLUMNS as a value."""
    story, guid, title, link, author, published_us, modified_us, excerpt, read, starred, later, full, seen_us, shelves = row[:14]
    return Headline(
        id=story,
        guid=guid,
        title=title,
        tag=place_tag(title),
        link=link,
        author=author,
        published=from_us(published_us),
        modified=_maybe(modified_us),
        excerpt=excerpt,
        categories=tuple(Category(*fields) for fields in json.loads(shelves)),
        read=bool(read),
        starred=bool(starred),
        later=bool(later),
        full=bool(full),
        first_seen=from_us(seen_us),
        updated=_maybe(row[14]),
        withdrawn=_maybe(row[15]),
    )


def _maybe(time_us: int | None) -> datetime | None:
    return None if time_us is None else from_us(time_us)
