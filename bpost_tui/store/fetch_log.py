"""Log of fetching, used by the next refresh: HTTP validators, numbers of requests, times of events, progress of backfills.

HTTP validators are saved for each address, and numbers of requests for each host. Times of events are saved for each paper, and so
is the progress of its backfills (fetching older stories). All data is in stories.db, with the titles of feeds. If that file is
lost, everything is fetched again.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from bpost_tui.atomic import try_lock
from bpost_tui.clock import from_us, to_us
from bpost_tui.model.backfill_cursor import BackfillCursor, BackfillState
from bpost_tui.model.library_results import HostContact
from bpost_tui.model.paper import Paper
from bpost_tui.model.paper_health import PaperHealth
from bpost_tui.model.story import Story, Validators
from bpost_tui.store import papers
from bpost_tui.store.paper_status import health
from bpost_tui.store.papers import ANNOUNCED, FAILING, IS_FAULT, MOVED, OWN_ADDRESS, REFRESH, SILENT
from bpost_tui.store.sent_stories import find_saved
from bpost_tui.store.stories import as_sent_story
from bpost_tui.untrusted import read_json
from bpost_tui.urls import link_key

if TYPE_CHECKING:
    from bpost_tui.model.feed_addresses import FeedAddresses
    from bpost_tui.store.database_access import DatabaseAccess

T = TypeVar("T")

_FILE = "file "
"""Prefix of the names of events about sitemap files; the file's address follows."""


class FetchLog:
    """Log of fetching a paper, and comparison of saved stories with the stories that the paper has now.

    If no paper is given, it is the log of the library's first paper.
    """

    def __init__(self, database: DatabaseAccess, paper: Paper | None = None) -> None:
        self._database = database
        self._read = database.read
        self._paper = paper

    # ── addresses ───────────────────────────────────────────────────────────

    def cached_validators(self, address: str) -> tuple[Validators | None, str]:
        """Return the HTTP validators of the last answer from an address, and digests (hashes) of the items in its feed.

        Returns:
            (validators, items). The validators make the next request conditional (RFC 9110, 8.8); None if there are none. `items`
            has the digests of the feed's items whose stories are saved; "" if unknown.
        """
        query = "SELECT etag, last_modified, items FROM validators WHERE address = ?"
        row = self._read(lambda db: db.execute(query, (address,)).fetchone())
        if not row:
            return None, ""
        *validators, items = row
        return Validators(*validators) if any(validators) else None, str(items)

    def save_validators(self, address: str, validators: Validators, *, items: str = "", now: datetime) -> None:
        """Save the HTTP validators of an address, and the digests (hashes) of the items in its feed: `items`.

        Call it after saving the items' stories.
        """
        query = "INSERT OR REPLACE INTO validators (address, etag, last_modified, items, saved_us) VALUES (?, ?, ?, ?, ?)"
        row = (address, validators.etag, validators.last_modified, items, to_us(now))
        self._database.write(lambda db: db.execute(query, row))

    def keep_only_file(self, address: str, now: datetime) -> None:
        """Record `address` as the sitemap file that the paper's sitemap index lists now; delete earlier files' HTTP validators.

        An index lists a new file each day. If the validators of earlier files weren't deleted, their number would grow each day.
        `now` is the current time.
        """
        is_earlier = "paper = ? AND event LIKE ? || '%' AND event <> ?"

        def note(db: sqlite3.Connection, paper: int) -> None:
            values = (paper, _FILE, event := _FILE + address)
            files = f"SELECT substr(event, {len(_FILE) + 1}) FROM fetch_events WHERE {is_earlier}"  # noqa: S608 (constants)
            db.execute(f"DELETE FROM validators WHERE address IN ({files})", values)  # noqa: S608
            db.execute(f"DELETE FROM fetch_events WHERE {is_earlier}", values)  # noqa: S608
            db.execute("INSERT OR REPLACE INTO fetch_events (paper, event, at_us) VALUES (?, ?, ?)", (paper, event, to_us(now)))

        self._write(note)

    # ── times ───────────────────────────────────────────────────────────────

    def event_time(self, event: str) -> datetime | None:
        """Return the time when an event of the paper last occurred, or None if it never did.

        `event` is the name of a kind of event, such as "categories" for reading the paper's list of categories.
        """
        query = "SELECT at_us FROM fetch_events WHERE (paper, event) = (?, ?)"
        row = self._read(lambda db: db.execute(query, (self._id(db), event)).fetchone())
        return from_us(row[0]) if row else None

    def set_event_time(self, event: str, time: datetime) -> None:
        """Save the time of the last event of the kind `event` in this paper, replacing the earlier time."""
        query = "INSERT OR REPLACE INTO fetch_events (paper, event, at_us) VALUES (?, ?, ?)"
        self._write(lambda db, paper: db.execute(query, (paper, event, to_us(time))))

    def delete_event(self, event: str) -> None:
        """Delete the saved time of the paper's event `event`, so that the event counts as never having occurred."""
        self._write(lambda db, paper: db.execute("DELETE FROM fetch_events WHERE (paper, event) = (?, ?)", (paper, event)))

    def last_refresh(self) -> datetime | None:
        """Return the time when the paper last answered a refresh, or None if it never has."""
        return self.event_time(REFRESH)

    def record_refresh(self, now: datetime, *, moved_to: str = "", addresses: FeedAddresses | None = None) -> None:
        """Record that the paper answered, and whether it is silent, which means that it has published nothing for long.

        Args:
            now: The time of the answer.
            moved_to: The paper's new address after a permanent redirect, or empty.
            addresses: The feed's own address and its new address, as its content states them; None if the feed wasn't parsed, as
                after a 304.
        """

        def record(db: sqlite3.Connection, paper: int) -> None:
            known = health(db, paper)
            rows = [(REFRESH, now, 1), *([(SILENT, now, 1)] if known.is_silent(now) else []), *_move(known, moved_to, now)]
            rows += _announcement(db, paper, addresses, now)
            db.execute(f"DELETE FROM fetch_events WHERE paper = ? AND {IS_FAULT}", (paper,))  # noqa: S608 (a constant)
            query = "INSERT OR REPLACE INTO fetch_events (paper, event, at_us, repeats) VALUES (?, ?, ?, ?)"
            db.executemany(query, [(paper, event, to_us(at), repeats) for event, at, repeats in rows])

        self._write(record)

    def record_failure(self, now: datetime, *, moved_to: str = "") -> None:
        """Record that the paper didn't answer, and add 1 to the number of its failures since its last answer.

        `moved_to` is the address on another site after a permanent redirect, or empty.
        """

        def record(db: sqlite3.Connection, paper: int) -> None:
            moves = [(paper, event, to_us(at), repeats) for event, at, repeats in _move(health(db, paper), moved_to, now)]
            query = """INSERT INTO fetch_events (paper, event, at_us) VALUES (?, ?, ?)
                ON CONFLICT (paper, event) DO UPDATE SET repeats = repeats + 1"""
            db.execute(query, (paper, FAILING, to_us(now)))
            query = "INSERT OR REPLACE INTO fetch_events (paper, event, at_us, repeats) VALUES (?, ?, ?, ?)"
            db.executemany(query, moves)

        self._write(record)

    # ── the paper ───────────────────────────────────────────────────────────

    def feed_title(self) -> str:
        """Return the title of the paper's feed, or an empty string if the feed was never read."""
        row = self._read(lambda db: db.execute("SELECT name FROM lists WHERE id = ?", (self._id(db),)).fetchone())
        return str(row[0]) if row else ""

    def set_feed_title(self, name: str) -> None:
        """Save the title of the paper's feed."""
        if name != self.feed_title():
            self._write(lambda db, paper: db.execute("UPDATE lists SET name = ? WHERE id = ?", (name, paper)))

    # ── hosts ───────────────────────────────────────────────────────────────

    def count_requests(self, requests: Mapping[str, int], now: datetime) -> None:
        """Add `requests`, the numbers of requests by host, to the saved numbers; `now` is saved as the time of the last request."""
        query = """INSERT INTO host_requests (host, requests, last_us) VALUES (?, ?, ?)
            ON CONFLICT (host) DO UPDATE SET requests = requests + excluded.requests, last_us = excluded.last_us"""
        rows = [(host, count, to_us(now)) for host, count in requests.items()]
        if rows:
            self._database.write(lambda db: db.executemany(query, rows))

    def contacts(self) -> tuple[HostContact, ...]:
        """Return all hosts that requests were ever sent to, with the numbers of requests, the most recently contacted first."""
        query = "SELECT host, requests, last_us FROM host_requests ORDER BY last_us DESC, host"
        rows = self._read(lambda db: db.execute(query).fetchall())
        return tuple(HostContact(host, requests, from_us(last_us)) for host, requests, last_us in rows)

    # ── backfill ────────────────────────────────────────────────────────────

    @contextmanager
    def backfill_lock(self) -> Iterator[bool]:
        """Try to lock this library for a backfill (fetching older stories), and yield whether that succeeded.

        The lock is held until the `with` block ends.
        """
        with try_lock(self._database.folder / "backfill.lock") as is_alone:
            yield is_alone

    def backfill_cursor(self, feed: str) -> BackfillCursor | None:
        """Return how far the older stories of a feed have been fetched, or None if fetching them has never begun.

        `feed` is the slug of the feed's category; empty for the front page's feed.
        """
        query = "SELECT newest_us, oldest_us, at_oldest, page, state FROM backfills WHERE (paper, feed) = (?, ?)"
        row = self._read(lambda db: db.execute(query, (self._id(db), feed)).fetchone())
        if not row:
            return None
        newest_us, oldest_us, at_oldest, page, state = row
        return BackfillCursor(from_us(newest_us), from_us(oldest_us), tuple(read_json(at_oldest)), page, BackfillState(state))

    def save_backfill_cursor(self, feed: str, cursor: BackfillCursor) -> None:
        """Save how far the older stories of a feed have been fetched (the cursor). Call it after saving these stories.

        `feed` is the slug of the feed's category; empty for the front page's feed.
        """
        query = """INSERT OR REPLACE INTO backfills (paper, feed, newest_us, oldest_us, at_oldest, page, state)
            VALUES (?, ?, ?, ?, ?, ?, ?)"""
        ends = to_us(cursor.newest), to_us(cursor.oldest)
        row = (feed, *ends, json.dumps(cursor.at_oldest), cursor.page, cursor.state.value)
        self._write(lambda db, paper: db.execute(query, (paper, *row)))

    # ── comparison of saved and sent stories ────────────────────────────────

    def already_saved(self, stories: Sequence[Story]) -> tuple[Story, ...]:
        """Return the `stories` that are saved, in any version."""
        return (
            self._read_paper(lambda db, paper: tuple(story for story in stories if _story_id(db, story, paper) is not None)) or ()
        )

    def outdated(self, stories: Sequence[Story]) -> tuple[Story, ...]:
        """Return the `stories` that are newer than their saved versions."""
        return self._read_paper(lambda db, paper: tuple(story for story in stories if _is_newer(db, story, paper))) or ()

    def without_full_text(self, stories: Sequence[Story]) -> tuple[Story, ...]:
        """Return the `stories` without full text whose full text isn't saved either, or is saved only in an earlier version."""
        found = self._read_paper(lambda db, paper: tuple(story for story in stories if not _has_full_text(db, story, paper)))
        return found if found is not None else tuple(story for story in stories if not story.full)

    def absent_stories(self, stories: Sequence[Story], *, after: datetime, before: datetime) -> tuple[Story, ...]:
        """Return the saved stories that are missing from `stories`, the stories now on the portal.

        Only stories published after `after` and before `before` are compared. Stories that are marked as withdrawn already are left
        out.
        """
        return self._read_paper(lambda db, paper: tuple(_absent_stories(db, paper, stories, after, before))) or ()

    def mark_withdrawn(self, guids: Iterable[str], *, now: datetime) -> None:
        """Mark stories as withdrawn, by their guids, because they are no longer on the portal; they stay saved.

        The mark is removed if the portal sends the story again.
        """
        query = "UPDATE stories SET withdrawn_us = ? WHERE guid = ? AND paper = ? AND withdrawn_us IS NULL"
        rows = [(to_us(now), guid) for guid in guids]
        self._write(lambda db, paper: db.executemany(query, [(*row, paper) for row in rows]))

    # ── the paper's id ──────────────────────────────────────────────────────

    def _id(self, db: sqlite3.Connection) -> int | None:
        return papers.id_of(db, None if self._paper is None else self._paper.key)

    def _read_paper(self, work: Callable[[sqlite3.Connection, int], T]) -> T | None:
        """Run `work` with the id of this paper, and return its result; return None if the library lacks the paper."""

        def read(db: sqlite3.Connection) -> T | None:
            return None if (paper := self._id(db)) is None else work(db, paper)

        return self._read(read)

    def _write(self, work: Callable[[sqlite3.Connection, int], object]) -> None:
        self._database.write(lambda db: work(db, papers.ensure_paper_or_first(db, self._paper)))


def _move(known: PaperHealth, moved_to: str, now: datetime) -> list[tuple[str, datetime, int]]:
    """Return a row for the event that a paper was redirected permanently to `moved_to`; no row if `moved_to` is empty.

    The row is (name of the event, time of the first redirect to this address, number of consecutive redirects to it). `known` is
    the paper's health before this redirect. If it has the same new address already, the row keeps the time, and counts 1 more.
    """
    if not moved_to:
        return []
    is_same = moved_to == known.moved_to
    return [(MOVED + moved_to, (known.moved_since if is_same else None) or now, 1 + is_same * known.redirects)]


def _announcement(
    db: sqlite3.Connection, paper: int, addresses: FeedAddresses | None, now: datetime
) -> Iterator[tuple[str, datetime, int]]:
    """Yield events about the addresses in a feed's content, as rows (name of the event, time, count of 1) of the log.

    `paper` is the paper's id. The events are the announcement of a move to another address and, at the first refresh, the feed's
    own address, with the time `now`. An announcement that is in the log already keeps its time. If `addresses` is None (the feed
    wasn't parsed), only the announcements in the log are yielded.
    """
    query = "SELECT event, at_us FROM fetch_events WHERE paper = ? AND event LIKE ?"
    known = dict(db.execute(query, (paper, f"{ANNOUNCED}%")).fetchall())
    if addresses is None:
        yield from ((event, from_us(at_us), 1) for event, at_us in known.items())
        return
    first = next((event.removeprefix(OWN_ADDRESS) for event, _ in db.execute(query, (paper, f"{OWN_ADDRESS}%"))), None)
    if first is None:
        yield (OWN_ADDRESS + addresses.own, now, 1)
    if address := addresses.announced(addresses.own if first is None else first):
        event = ANNOUNCED + address
        yield (event, from_us(known[event]) if event in known else now, 1)


def _story_id(db: sqlite3.Connection, story: Story, paper: int) -> int | None:
    return find_saved(db, story.guid, link_key(story.link), paper=paper)


def _is_newer(db: sqlite3.Connection, story: Story, paper: int) -> bool:
    """Whether `story`, of the paper with the id `paper`, is saved, but in a version that was modified earlier."""
    story_id = _story_id(db, story, paper)
    if story_id is None or not story.modified:
        return False
    (modified_us,) = db.execute("SELECT modified_us FROM stories WHERE id = ?", (story_id,)).fetchone()
    return bool(modified_us is None or modified_us < to_us(story.modified))


def _has_full_text(db: sqlite3.Connection, story: Story, paper: int) -> bool:
    story_id = None if story.full else _story_id(db, story, paper)
    if story_id is None:
        return story.full
    ((full, modified_us),) = db.execute("SELECT full, modified_us FROM stories WHERE id = ?", (story_id,))
    return bool(full) and (story.modified is None or (modified_us is not None and modified_us >= to_us(story.modified)))


def _absent_stories(db: sqlite3.Connection, paper: int, stories: Sequence[Story], after: datetime, before: datetime) -> list[Story]:
    story_ids = {_story_id(db, story, paper) for story in stories}
    query = """SELECT s.id FROM list_entries AS k JOIN stories AS s ON s.id = k.story
        WHERE k.list = ? AND k.published_us > ? AND k.published_us < ? AND s.withdrawn_us IS NULL"""
    rows = db.execute(query, (paper, to_us(after), to_us(before))).fetchall()
    return [as_sent_story(db, story_id) for (story_id,) in rows if story_id not in story_ids]
