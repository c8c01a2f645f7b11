"""The same news of several papers: which stories are accounts of one event, who of them leads, and what the reader took apart.

Found as stories are saved, by what the search index has: of a story's rarest words, which other entries of the days around have
several. Only where several papers are on the stand (papers.py). The list of all papers has a second shelf (FOLDED) that lacks the
accounts which another one leads. Functions over an open library; those that write run inside a transaction.
"""

# ruff: noqa: S608 (statements are put together from our own words; what comes from outside is bound)
from __future__ import annotations

import json
import math
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bpost_tui.model.story import Story
from bpost_tui.same_news.common_words import STORIES, per_thousand
from bpost_tui.same_news.likeness import ENOUGH, WITHIN, Likeness, likeness, score_of, speaks_against
from bpost_tui.same_news.signature import Signature, rarest_words, signature_of
from bpost_tui.store.rows import UNREAD, from_us, to_us
from bpost_tui.store.search.alike import expression_of
from bpost_tui.store.steps.same_news_steps import FOLDED
from bpost_tui.store.stories import stored_story

if TYPE_CHECKING:
    from bpost_tui.store.connection import Database

MOST_WORDS = 10
"""Words of a story by which others are looked for."""
MOST_CANDIDATES = 5
"""Stories that a story is compared with."""
MOST_ACCOUNTS = 20
"""Of one event."""
MOST_COMPARED = 200
"""Comparisons in one save: what a feed read back brings in thousands isn't all compared."""
_LEAST_SHARED = 3
_ACCOUNTS = 8
"""So many stories of the days around may have a word because they tell the same news."""
_MOST_FOUND = 24
"""Entries of the days around with one word; where there are more, the word tells nothing."""
_MINUTE_US = 60_000_000
_WITHIN_US = WITHIN // timedelta(microseconds=1)


class Finder:
    """Finds the same news for the stories of one save."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._signatures: dict[int, Signature] = {}
        self._counts: dict[str, int] = {}
        """Of words that were looked for, in how many stories of the days around they are."""
        self._left = MOST_COMPARED

    def add(self, number: int, story: Story) -> None:
        """Put a story, which is in the search index, with the accounts of its news, if there are any and it isn't with them yet."""
        if self._left <= 0 or self._db.execute("SELECT 1 FROM same_news WHERE story = ?", (number,)).fetchone():
            return
        (published_us,) = self._db.execute("SELECT published_us FROM stories WHERE id = ?", (number,)).fetchone()
        candidates = self._candidates(number, story, published_us)
        if not candidates:
            return
        mine = self._signatures[number] = signature_of(story, from_us(published_us))
        compared = [(score_of(mine, self.signature(other), self._bits), other) for other in candidates]
        for score, other in sorted(compared, key=lambda pair: -pair[0]):
            if score >= ENOUGH and self._belongs(number, mine, members(self._db, other)):
                join(self._db, number, other)
                return

    def _candidates(self, number: int, story: Story, published_us: int) -> list[int]:
        """Return the stories of the days around that share most of a story's rarest words."""
        first, last = ((published_us + sign * _WITHIN_US) // _MINUTE_US for sign in (-1, 1))
        shared: Counter[int] = Counter()
        for key, word in rarest_words(story, MOST_WORDS).items():
            query = "SELECT rowid FROM search WHERE search MATCH ? AND rowid BETWEEN ? AND ? LIMIT ?"
            found = [row[0] for row in self._db.execute(query, (expression_of(word), first, last, _MOST_FOUND))]
            self._counts[key] = len(found)
            shared.update(found if len(found) < _MOST_FOUND else ())
        entries = [entry for entry, count in shared.most_common(MOST_CANDIDATES + 1) if count >= _LEAST_SHARED]
        query = """SELECT s.id FROM stories AS s JOIN papers AS p ON p.id = s.paper AND p.mixed = 1
            WHERE s.entry = ? AND s.id <> ?"""
        found = [self._db.execute(query, (entry, number)).fetchone() for entry in entries]
        candidates = [row[0] for row in found if row][: min(MOST_CANDIDATES, self._left)]
        self._left -= len(candidates)
        return candidates

    def signature(self, number: int) -> Signature:
        """Return the signature of a saved story."""
        if number not in self._signatures:
            story = stored_story(self._db, number)
            self._signatures[number] = signature_of(story, story.published or from_us(0))
        return self._signatures[number]

    def _bits(self, key: str) -> float:
        """Return how much a word tells: by its count in the days around, too, where it was looked for."""
        beside = max(0, self._counts.get(key, 0) - _ACCOUNTS)
        return math.log2(STORIES / (per_thousand(key) + beside))

    def _belongs(self, number: int, mine: Signature, accounts: tuple[int, ...]) -> bool:
        """Whether nothing speaks against a story being with any of some accounts, and the reader hasn't taken it from one."""
        if len(accounts) >= MOST_ACCOUNTS or are_taken_apart(self._db, number, accounts):
            return False
        return not any(speaks_against(mine, self.signature(account)) for account in accounts)


def find(db: sqlite3.Connection, saved: Mapping[int, Story]) -> None:
    """Look for the same news of stories that were saved and entered in the search index."""
    finder = Finder(db)
    for number, story in saved.items():
        finder.add(number, story)


class SameNews:
    """Why stories of a library are together, and taking them apart; who is together, is said by `accounts.Accounts`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def why(self, one: int, other: int) -> Likeness:
        """Return how alike two stories are, and what for, or raise NotFound."""
        return self._database.read(lambda db: why(db, one, other))

    def take_apart(self, story: int, *, now: datetime) -> tuple[int, ...]:
        """Take a story from the accounts that it is with, for good, and return those."""
        return self._database.write(lambda db: take_apart(db, story, now))

    def put_together(self, story: int, accounts: Iterable[int], *, now: datetime) -> None:
        """Undo `take_apart`, which returned these accounts."""
        self._database.write(lambda db: put_together(db, story, accounts, now))


# ── who is together ─────────────────────────────────────────────────────────


def members(db: sqlite3.Connection, story: int) -> tuple[int, ...]:
    """Return the accounts of a story's news, also of papers that no longer stand, the one that leads first."""
    query = """SELECT story FROM same_news WHERE leader = (SELECT leader FROM same_news WHERE story = ?)
        ORDER BY story <> leader, story"""
    return tuple(row[0] for row in db.execute(query, (story,))) or (story,)


def why(db: sqlite3.Connection, one: int, other: int) -> Likeness:
    """Return how alike two stories are, and what for."""
    finder = Finder(db)
    return likeness(finder.signature(one), finder.signature(other))


def join(db: sqlite3.Connection, story: int, other: int) -> None:
    """Put a story with another and its accounts."""
    together = {*members(db, other), story}
    _lead(db, together, _leader(db, together))


def leave(db: sqlite3.Connection, story: int) -> None:
    """Take a story from the accounts that it is with; it must be done before the story is deleted."""
    rest = set(members(db, story)) - {story}
    if not rest:
        return
    db.execute("DELETE FROM same_news WHERE story = ?", (story,))
    _show(db, story)
    _lead(db, rest, _leader(db, rest))


def take_apart(db: sqlite3.Connection, story: int, now: datetime) -> tuple[int, ...]:
    """Take a story from the accounts it is with for good, and return those."""
    rest = tuple(number for number in members(db, story) if number != story)
    _note_apart(db, story, rest, True, now)
    leave(db, story)
    return rest


def put_together(db: sqlite3.Connection, story: int, with_: Iterable[int], now: datetime) -> None:
    """Undo `take_apart`: put a story back with the accounts that it was taken from, as far as those are still here."""
    query = "SELECT id FROM stories WHERE id IN (SELECT value FROM json_each(?))"
    wanted = tuple(with_)
    there = {row[0] for row in db.execute(query, (json.dumps([story, *wanted]),))}
    others = [number for number in wanted if {story, number} <= there]
    _note_apart(db, story, others, False, now)
    for other in others:
        bring_together(db, story, other)


def bring_together(db: sqlite3.Connection, story: int, other: int) -> None:
    """Put two stories together, with all accounts of each, unless the reader took any of these apart."""
    one, two = members(db, story), members(db, other)
    is_near = other not in one and len(one) + len(two) <= MOST_ACCOUNTS
    if is_near and not any(are_taken_apart(db, number, two) for number in one):
        together = {*one, *two}
        _lead(db, together, _leader(db, together))


def _note_apart(db: sqlite3.Connection, story: int, others: Iterable[int], is_apart: bool, now: datetime) -> None:
    """Note that a story is apart from others, or no longer; each pair in one order, and later than it was changed before."""
    query = "SELECT s.guid, p.key FROM stories AS s JOIN papers AS p ON p.id = s.paper WHERE s.id = ?"
    mine = db.execute(query, (story,)).fetchone()
    pairs = [sorted((mine, db.execute(query, (number,)).fetchone())) for number in others]
    db.executemany(
        "INSERT INTO reader.apart VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (guid, paper, other_guid, other_paper) "
        "DO UPDATE SET at_us = max(excluded.at_us, at_us + 1), is_apart = excluded.is_apart",
        [(*first, *second, to_us(now), is_apart) for first, second in pairs],
    )


def are_taken_apart(db: sqlite3.Connection, story: int, accounts: Iterable[int]) -> bool:
    """Whether the reader took a story from one of some accounts."""
    query = """SELECT 1 FROM stories AS s JOIN papers AS p ON p.id = s.paper JOIN stories AS o ON o.id = ?
        JOIN papers AS q ON q.id = o.paper JOIN reader.apart AS a
        ON (a.guid, a.paper, a.other_guid, a.other_paper) IN (VALUES (s.guid, p.key, o.guid, q.key), (o.guid, q.key, s.guid, p.key))
        WHERE s.id = ? AND a.is_apart"""
    return any(db.execute(query, (account, story)).fetchone() for account in accounts)


# ── who leads ───────────────────────────────────────────────────────────────


def _leader(db: sqlite3.Connection, together: set[int]) -> int:
    """Return who leads: who does already and was read; else the account of the paper that stands first, the earliest of those."""
    query = f"""SELECT p.mixed = 0 OR g.leader IS NOT s.id OR {UNREAD}, p.place IS NULL, p.place, s.published_us, s.id
        FROM stories AS s JOIN papers AS p ON p.id = s.paper LEFT JOIN same_news AS g ON g.story = s.id WHERE s.id = ?"""
    return int(min(db.execute(query, (number,)).fetchone() for number in together)[-1])


def _lead(db: sqlite3.Connection, together: set[int], leader: int) -> None:
    """Have one account lead the others; alone, it is with none."""
    if len(together) < 2:
        db.executemany("DELETE FROM same_news WHERE story = ?", [(number,) for number in together])
    else:
        db.executemany("INSERT OR REPLACE INTO same_news VALUES (?, ?)", [(number, leader) for number in sorted(together)])
    for number in together - {leader}:
        _hide(db, number)
    _show(db, leader)


def _hide(db: sqlite3.Connection, story: int) -> None:
    query = "DELETE FROM shelved WHERE (shelf, published_us, story) = (?, (SELECT published_us FROM stories WHERE id = ?), ?)"
    db.execute(query, (FOLDED, story, story))


def _show(db: sqlite3.Connection, story: int) -> None:
    rows = """SELECT ?, s.published_us, s.id, -3, s.read, s.starred, s.later FROM stories AS s
        JOIN papers AS p ON p.id = s.paper AND p.mixed = 1 WHERE s.id = ?
        AND NOT EXISTS (SELECT 1 FROM shelved WHERE (shelf, published_us, story) = (?, s.published_us, s.id))"""
    db.execute(f"INSERT INTO shelved {rows}", (FOLDED, story, FOLDED))


def refill(db: sqlite3.Connection) -> None:
    """Fill the folded list anew, when other papers stand: of each news, the account that leads must be on the stand."""
    db.execute("DELETE FROM shelved WHERE shelf = ?", (FOLDED,))
    astray = """SELECT DISTINCT g.leader FROM same_news AS g LEFT JOIN stories AS s ON s.id = g.leader
        LEFT JOIN papers AS p ON p.id = s.paper WHERE p.mixed IS NOT 1"""
    for (leader,) in db.execute(astray).fetchall():
        together = {row[0] for row in db.execute("SELECT story FROM same_news WHERE leader = ?", (leader,))}
        db.execute("UPDATE same_news SET leader = ? WHERE leader = ?", (_leader(db, together), leader))
    rows = """SELECT ?, k.published_us, k.story, -3, k.read, k.starred, k.later FROM shelved AS k
        LEFT JOIN same_news AS g ON g.story = k.story WHERE k.shelf = -1 AND coalesce(g.leader, k.story) = k.story"""
    db.execute(f"INSERT INTO shelved {rows}", (FOLDED,))
