"""Builder of same-news groups, from fingerprints of saved stories.

A fingerprint contains the words and numbers of a story that are compared. If the library follows several papers (papers.py),
`save_fingerprint` saves a story's fingerprint and records its day as changed. After a refresh has saved all papers, `update_groups`
compares the stories of the changed days, and `rebuild_groups` rebuilds the affected groups. The grouped list (GROUPED_LIST)
contains the stories of all papers, but only the representative of each group.

Functions over an open library; the writing ones run inside a transaction.
"""

# ruff: noqa: S608 (SQL is composed of constants; all values are bound)
from __future__ import annotations

import json
import math
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache, partial
from typing import TYPE_CHECKING, NamedTuple

from bpost_tui import log
from bpost_tui.clock import DAY_US, to_us
from bpost_tui.errors import BPostError
from bpost_tui.grouping.clustering import GroupCandidate, group_stories
from bpost_tui.grouping.fingerprint import (
    BENGALI,
    LATIN,
    NO_SCRIPT,
    Fingerprint,
    cross_script_fingerprint,
    fingerprint_of,
    headline_hash,
    words_by_hash,
)
from bpost_tui.grouping.quantities import contradictions, quantities_of_story
from bpost_tui.grouping.score import (
    FOLLOW_UP_SCORE,
    SAME_NEWS_SCORE,
    UNRELATED_SCORE,
    IdfTable,
    ScoreExplanation,
    candidate_pairs,
    counted_until_us,
    similarity,
)
from bpost_tui.model.story import Story
from bpost_tui.store.row_mapping import IS_UNREAD
from bpost_tui.store.schema.migrations import GROUPED_LIST
from bpost_tui.store.stories import as_sent_story

if TYPE_CHECKING:
    from bpost_tui.store.database_access import DatabaseAccess

_SCORE_STEPS = 4
"""Number of steps per unit of a stored score.

Scores are rounded down to quarters. A new story may change all scores of its day a little, but few of the rounded
scores. Few rows are therefore rewritten.
"""
_RECURRING_US = DAY_US // 2
"""Time in microseconds after which a paper's repeated headline counts as the title of a regular column (“Gold price today”)."""
_WEEK_US = 7 * DAY_US
_Fingerprints = Mapping[int, Fingerprint]

# Why stories aren't grouped as they are saved. The obvious way is to compare each new story with the earlier ones and to add it to
# the best group. Then groups depend on the order of the papers' answers, and a group outlives its reason. A paper that copied
# a story, represented its group, and then changed its own text into an advertisement hid the original from every list.
#
# So groups are a function of the saved stories alone. Saving a story only writes its fingerprint and a row of `comparison_queue`.
# Once all papers of a refresh are in, one transaction compares the new stories with the stories of the day before, the same day
# and the next. It forms each affected group from scratch. Rarity of words is counted by day; all stories of a day are compared
# again only if a new story changes that count (`_needs_recount`). Scores are stored in quarters, so that few rows change then.
# With 690 stories a day from 60 papers, comparing costs 0.54 to 0.57 ms a story on a quiet machine. The cost grows with the
# stories of two days, not with the library. A fingerprint with its scores takes 400 bytes.
#
# Not compared: stories more than a day apart, stories of a library's only paper, and headlines in scripts without spaces. Scores
# below UNRELATED_SCORE aren't stored. Grouping is optional. A bug in it once kept all stories of a refresh from being saved, so its
# exceptions are logged and the stories are saved without groups. `count_misgrouped` (`bpost library verify`) checks the result.

_FINGERPRINT_COLUMNS = "paper, script, published_us, headline_count, words, letter_grams"
_CROSS_SCRIPT_COLUMNS = "cross_script_headline_count, cross_script_words"


class GroupBuilder:
    """Builder of a library's same-news groups; also explains scores, finds follow-ups and separates stories."""

    def __init__(self, database: DatabaseAccess) -> None:
        self._database = database

    def update_groups(self) -> None:
        """Update the groups that newly saved stories may have changed. Call it after all papers of a refresh are saved.

        `StoryGroups.is_outdated` checks whether this is necessary, without importing this module.
        """
        self._database.write(_update_groups_safely)

    def explain(self, one: int, other: int) -> ScoreExplanation:
        """Return the similarity score of two stories, and the words that explain it. Raises NotFoundError."""
        return self._database.read(lambda db: _explain(db, one, other))

    def story_thread(self, story: int) -> tuple[int, ...]:
        """Return the follow-ups of a story and the earlier stories that it continues, the oldest first.

        Stories that are connected only through other stories are included.
        """
        query = f"""WITH RECURSIVE saga (story) AS (VALUES (:story) UNION
            SELECT c.other FROM saga JOIN similar_pairs AS c ON c.story = saga.story AND c.score >= {FOLLOW_UP_SCORE} UNION
            SELECT c.story FROM saga JOIN similar_pairs AS c ON c.other = saga.story AND c.score >= {FOLLOW_UP_SCORE})
            SELECT s.id FROM saga JOIN stories AS s ON s.id = saga.story JOIN papers AS p ON p.id = s.paper AND p.in_all_papers = 1
            ORDER BY s.published_us, s.id"""
        return self._database.read(lambda db: tuple(row[0] for row in db.execute(query, {"story": story})))

    def separate(self, story: int, *, now: datetime) -> tuple[int, ...]:
        """Separate a story from its group permanently, and return the group's other members."""
        return self._database.write(lambda db: _separate(db, story, now))

    def undo_separation(self, story: int, others: Iterable[int], *, now: datetime) -> None:
        """Undo `separate`, which returned `others`, the other stories of the group. Stories deleted since then are ignored."""
        self._database.write(lambda db: _undo_separation(db, story, tuple(others), now))


# ── fingerprints ────────────────────────────────────────────────────────────


@contextmanager
def rollback_on_bug(db: sqlite3.Connection) -> Iterator[None]:
    """Roll back the body's changes if it raises an error through a bug, and log the error. The news is then saved without groups.

    Errors of SQLite and of the disk are raised.
    """
    db.execute("SAVEPOINT grouping")
    try:
        yield
    except (sqlite3.Error, BPostError):  # of the disk
        raise
    except Exception as error:  # noqa: BLE001 (grouping is optional: a bug in it must not end a refresh)
        log.log_error(error)
        db.execute("ROLLBACK TO grouping")
    db.execute("RELEASE grouping")


def is_compared(db: sqlite3.Connection, paper: int) -> bool:
    """Whether a paper's stories are compared with other papers' stories.

    Stories are compared if the paper is one of several subscribed papers. Stories of a paper that was one of them earlier are also
    compared, because the reader may subscribe to it again.
    """
    query = (
        "SELECT 1 FROM papers WHERE id = ? AND (in_all_papers = 1 OR EXISTS (SELECT 1 FROM fingerprints WHERE paper = papers.id))"
    )
    return bool(db.execute(query, (paper,)).fetchone())


def save_fingerprint(db: sqlite3.Connection, number: int, story: Story, *, published_us: int, paper: int) -> None:
    """Save the fingerprint of a newly saved story, and record its day as changed, so that `update_groups` compares the story."""
    try:
        fingerprint, headline = fingerprint_of(story, paper, published_us), headline_hash(story)
    except Exception as error:  # noqa: BLE001 (grouping is optional: a bug in it must not end a refresh)
        log.log_error(error)
        empty = Story(story.guid, "")  # NO_SCRIPT: compared with no other story
        fingerprint, headline = fingerprint_of(empty, paper, published_us), headline_hash(empty)
    other = {LATIN: BENGALI, BENGALI: LATIN}.get(fingerprint.script)
    near = "SELECT 1 FROM fingerprints WHERE script = ? AND day BETWEEN ? AND ? LIMIT 1"
    # if a story in the other script comes later, `update_groups` adds these columns
    has_other = db.execute(near, (other, fingerprint.day - 1, fingerprint.day + 1)).fetchone()
    across = _cross_script_row(story) if has_other else (None, None)
    row = (paper, fingerprint.script, published_us, *fingerprint.to_row(), headline, *across)
    before = db.execute(
        f"SELECT {_FINGERPRINT_COLUMNS}, headline_hash, {_CROSS_SCRIPT_COLUMNS} FROM fingerprints WHERE story = ?", (number,)
    ).fetchone()
    if row == before:
        return
    if before:
        delete_fingerprint(db, number)
    if fingerprint.script == NO_SCRIPT:  # no longer compared, and out of reach of the next `update_groups`
        saved = db.execute("SELECT representative FROM story_groups WHERE story = ?", (number,)).fetchone()
        _save_representatives(db, {number: saved[0]} if saved else {}, {})
    else:
        columns = f"story, day, {_FINGERPRINT_COLUMNS}, headline_hash, {_CROSS_SCRIPT_COLUMNS}"
        db.execute(
            f"INSERT INTO fingerprints ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (number, fingerprint.day, *row)
        )
        db.execute("INSERT OR IGNORE INTO comparison_queue VALUES (?, ?, ?)", (fingerprint.script, fingerprint.day, number))


def _cross_script_row(story: Story) -> tuple[int, bytes]:
    """Return the two columns used to compare a story with stories in the other script; if a bug prevents that, both are empty."""
    try:
        headline_count, words, _ = cross_script_fingerprint(story, 0, 0).to_row()
    except Exception as error:  # noqa: BLE001 (grouping is optional: a bug in it must not end a refresh)
        log.log_error(error)
        return 0, b""
    return headline_count, words


def delete_fingerprint(db: sqlite3.Connection, story: int) -> None:
    """Delete the fingerprint and scores of a story that has changed or is about to be deleted.

    The story's day and the days of its group are recorded as changed.
    """
    affected = f"""SELECT script, day, 0 FROM fingerprints WHERE story = :story UNION SELECT script, day, story FROM fingerprints
        WHERE story IN (SELECT story FROM story_groups
            WHERE representative = (SELECT representative FROM story_groups WHERE story = :story))
        OR story IN ({_SAME_HEADLINE.format("= :story")})"""
    db.execute(f"INSERT OR IGNORE INTO comparison_queue {affected}", {"story": story})
    db.execute("DELETE FROM comparison_queue WHERE story = ?", (story,))
    db.execute("DELETE FROM similar_pairs WHERE story = ? OR other = ?", (story, story))
    db.execute("DELETE FROM fingerprints WHERE story = ?", (story,))


def remove_story(db: sqlite3.Connection, story: int) -> None:
    """Remove a story from its group, delete its fingerprint, and rebuild the rest of the group.

    Call it before deleting the story.
    """
    rest = tuple(number for number in _members(db, story) if number != story)
    delete_fingerprint(db, story)
    _save_representatives(db, {story: story, **dict.fromkeys(rest, 0)}, {})
    rebuild_groups(db, rest)


_SAME_HEADLINE = """SELECT o.story FROM fingerprints AS t
    JOIN fingerprints AS o ON (o.paper, o.headline_hash) = (t.paper, t.headline_hash)
    WHERE t.story {}"""


# ── scores ──────────────────────────────────────────────────────────────────


def update_groups(db: sqlite3.Connection) -> None:
    """Compare the stories of changed days, and rebuild the groups that new stories or changed scores affect."""
    _save_missing_fingerprints(db)
    changed = defaultdict[tuple[int, int], set[int]](set)
    for script, day, story in db.execute("SELECT script, day, story FROM comparison_queue"):
        changed[script, day].add(story)
    load, load_across = (lru_cache(maxsize=4)(partial(each, db)) for each in (_fingerprints_of_day, _cross_script_fingerprints))
    affected: set[int] = set()
    days = sorted({(script, day - before) for script, day in changed for before in (0, 1)})
    for script, day in days:  # both days of a pair are needed: a day is also the second day of the day before
        stories = _DayPair(load(script, day), load(script, day + 1))
        affected |= _compare_days(db, stories, stories, changed[script, day], changed[script, day + 1])
    for day in sorted({day for script, day in days if script in (LATIN, BENGALI)}):
        added, added_later = (changed[LATIN, each] | changed[BENGALI, each] for each in (day, day + 1))
        if _save_cross_script_words(db, day):
            latin, bengali = (_DayPair(load_across(script, day), load_across(script, day + 1)) for script in (LATIN, BENGALI))
            affected |= _compare_days(db, latin, bengali, added, added_later)
    db.execute("DELETE FROM comparison_queue")
    new = set().union(*changed.values())
    repeated = db.execute(
        _SAME_HEADLINE.format("IN (SELECT value FROM json_each(?)) AND o.story <> t.story"), (json.dumps([*new]),)
    )
    rebuild_groups(db, affected | new | {row[0] for row in repeated}, new)


def _update_groups_safely(db: sqlite3.Connection) -> None:
    with rollback_on_bug(db):
        update_groups(db)


def _save_missing_fingerprints(db: sqlite3.Connection) -> None:
    """Save missing fingerprints of the last week's stories.

    Fingerprints are missing if the papers weren't compared before, or only by earlier rules.
    """
    papers = "SELECT id FROM papers WHERE in_all_papers = 1 AND NOT EXISTS (SELECT 1 FROM fingerprints WHERE paper = papers.id)"
    for (paper,) in db.execute(papers).fetchall():
        query = """SELECT story, published_us FROM list_entries WHERE list = ?1 AND published_us >
            (SELECT published_us FROM list_entries WHERE list = ?1 ORDER BY published_us DESC LIMIT 1) - ?2"""
        for number, published_us in db.execute(query, (paper, _WEEK_US)).fetchall():
            save_fingerprint(db, number, as_sent_story(db, number), published_us=published_us, paper=paper)


class _DayPair(NamedTuple):
    """Fingerprints of the stories of two consecutive days, all in one script."""

    first: _Fingerprints
    """Fingerprints of the first day's stories."""
    second: _Fingerprints
    """Fingerprints of the second day's stories."""

    @property
    def both(self) -> _Fingerprints:
        """Fingerprints of both days' stories."""
        return {**self.first, **self.second}


def _compare_days(db: sqlite3.Connection, one: _DayPair, other: _DayPair, added: Set[int], added_later: Set[int]) -> set[int]:
    """Compare a day's stories with each other and with the next day's; save the scores, and return stories whose scores changed.

    If `one` and `other` have different scripts, only pairs of stories in different scripts are compared. If new stories change the
    numbers of stories that contain each word, all stories of the day are compared. Otherwise, only new stories are compared: the
    stories `added` to the day and the stories `added_later`, to the next day. The number 0 in `added` means that a story was
    deleted.
    """
    sides = ((one, other),) if one is other else ((one, other), (other, one))
    first, ours, theirs = {**one.first, **other.first}, one.both, other.both
    is_recounted = 0 in added or any(_needs_recount(side.first, added) for side, _ in sides)
    changed = first if is_recounted else _subset({**ours, **theirs}, added | added_later)
    if not (first and changed):
        return set()
    idf_table = IdfTable(first.values()) if one is other else IdfTable.for_two_scripts(one.first.values(), other.first.values())
    if is_recounted:
        compared = [(one.first, other.first), *((a.first, b.second) for a, b in sides)]
    else:
        compared = [pair for a, b in sides for pair in ((a.first, _subset(b.both, changed)), (_subset(a.first, changed), b.second))]
    pairs = {pair for stories in compared for pair in candidate_pairs(*stories, idf_table)}
    all_stories = {**ours, **theirs}
    scores = {(a, b): similarity(all_stories[a], all_stories[b], idf_table).total for a, b in pairs}
    after = {pair: math.floor(total * _SCORE_STEPS) / _SCORE_STEPS for pair, total in scores.items() if total >= UNRELATED_SCORE}
    saved = _scores(db, changed).items()
    before = {
        (a, b): each
        for (a, b), each in saved
        if ((a in ours and b in theirs) or (a in theirs and b in ours)) and (a in first or b in first)
    }
    db.executemany("DELETE FROM similar_pairs WHERE (story, other) = (?, ?)", before.keys() - after.keys())
    rows = [(*pair, each) for pair, each in after.items() - before.items()]
    db.executemany("INSERT OR REPLACE INTO similar_pairs VALUES (?, ?, ?)", rows)
    return {number for pair, _ in before.items() ^ after.items() for number in pair}


def _needs_recount(stories: _Fingerprints, added: Set[int]) -> bool:
    """Whether the stories in `added` change the numbers of a day's stories that contain each word, so that they are outdated."""
    until_us = counted_until_us(stories[number] for number in stories.keys() - added)
    is_counted = any(story.published_us <= until_us for story in _subset(stories, added).values())
    return is_counted or until_us != counted_until_us(stories.values())


def _subset(stories: _Fingerprints, numbers: Iterable[int]) -> _Fingerprints:
    return {number: stories[number] for number in numbers if number in stories}


def _scores(db: sqlite3.Connection, stories: Iterable[int]) -> dict[tuple[int, int], float]:
    """Return the saved similarity scores of all pairs that contain a story of `stories`."""
    query, numbers = "SELECT c.* FROM json_each(?) AS j CROSS JOIN similar_pairs AS c ON c.{} = j.value", json.dumps([*stories])
    rows = (db.execute(query.format(end), (numbers,)) for end in ("story", "other"))
    return {(story, other): score for each in rows for story, other, score in each}


def _fingerprints_of_day(db: sqlite3.Connection, script: int, day: int) -> dict[int, Fingerprint]:
    """Return the fingerprints of the stories of a `day` (days since 1970, UTC), by story."""
    rows = db.execute(f"SELECT story, {_FINGERPRINT_COLUMNS} FROM fingerprints WHERE script = ? AND day = ?", (script, day))
    return {row[0]: Fingerprint.from_row(*row[1:]) for row in rows}


def _cross_script_fingerprints(db: sqlite3.Connection, script: int, day: int) -> dict[int, Fingerprint]:
    """Return a day's saved fingerprints for comparison with stories in the other script, by story."""
    query = f"""SELECT story, paper, script, published_us, {_CROSS_SCRIPT_COLUMNS}, x'' FROM fingerprints
        WHERE script = ? AND day = ? AND cross_script_words IS NOT NULL"""
    return {row[0]: Fingerprint.from_row(*row[1:]) for row in db.execute(query, (script, day))}


def _save_cross_script_words(db: sqlite3.Connection, day: int) -> bool:
    """Save missing fingerprints for comparing stories of a day and the next day with the other script.

    Return whether these two days have stories in both scripts.
    """
    having = [
        f"EXISTS (SELECT 1 FROM fingerprints WHERE script = {script} AND day IN (:day, :day + 1))" for script in (LATIN, BENGALI)
    ]
    if not db.execute(f"SELECT {' AND '.join(having)}", {"day": day}).fetchone()[0]:
        return False
    query = "SELECT story FROM fingerprints WHERE script IN (?, ?) AND day IN (?, ?) AND cross_script_words IS NULL"
    for (number,) in db.execute(query, (LATIN, BENGALI, day, day + 1)).fetchall():
        db.execute(
            "UPDATE fingerprints SET (cross_script_headline_count, cross_script_words) = (?, ?) WHERE story = ?",
            (*_cross_script_row(as_sent_story(db, number)), number),
        )
    return True


def _explain(db: sqlite3.Connection, one: int, other: int) -> ScoreExplanation:
    """Return the similarity score of two stories, and the words that explain it.

    The weights of words (IDF) are computed from the stories of the earlier story's day.
    """
    places = [db.execute("SELECT script, day FROM fingerprints WHERE story = ?", (number,)).fetchone() for number in (one, other)]
    if None in places:
        return ScoreExplanation(2 * UNRELATED_SCORE, ())
    scripts, day = {script for script, _ in places}, min(day for _, day in places)
    is_across = len(scripts) > 1
    load = partial(_cross_script_fingerprints if is_across else _fingerprints_of_day, db)
    a, b = (load(*place).get(number) for number, place in zip((one, other), places, strict=True))
    if a is None or b is None:
        return ScoreExplanation(2 * UNRELATED_SCORE, ())
    day_tables = [load(script, day).values() for script in scripts]
    idf_table = IdfTable.for_two_scripts(*day_tables) if is_across else IdfTable(day_tables[0])
    as_written = words_by_hash(as_sent_story(db, one), across=is_across)
    shared_words = sorted(
        ((round(idf_table.total_idf([word]), 1), as_written.get(word, "")) for word in a.word_set & b.word_set), reverse=True
    )
    return ScoreExplanation(similarity(a, b, idf_table).total, tuple((word, idf) for idf, word in shared_words if word and idf))


# ── groups ──────────────────────────────────────────────────────────────────


def _members(db: sqlite3.Connection, story: int) -> tuple[int, ...]:
    """Return the members of a story's group, the representative first, or only the story if it has no group."""
    query = """SELECT story FROM story_groups WHERE representative = (SELECT representative FROM story_groups WHERE story = ?)
        ORDER BY story <> representative, story"""
    return tuple(row[0] for row in db.execute(query, (story,))) or (story,)


class _AffectedStories(NamedTuple):
    """Stories whose groups must be rebuilt, with the data needed to rebuild them."""

    candidates: Mapping[int, GroupCandidate]
    scores: Mapping[tuple[int, int], float]
    representatives: Mapping[int, int]
    """Maps each story to its previous representative, which is the story itself if it had no group."""


def rebuild_groups(db: sqlite3.Connection, stories: Iterable[int], changed: Set[int] = frozenset()) -> None:
    """Rebuild the groups that `stories` are in, were in, or may join.

    Numbers reported by the stories in `changed` are compared again with their representatives' numbers.
    """
    affected = _affected_by(db, set(stories))
    after = group_stories(affected.candidates, affected.scores)
    _save_representatives(db, affected.representatives, after)
    represented = {pair for pair in after.items() if not changed.isdisjoint(pair) or affected.representatives[pair[0]] != pair[1]}
    _save_contradictions(db, represented)


def rebuild_all_groups(db: sqlite3.Connection) -> None:
    """Rebuild all groups, because the subscribed papers or their order have changed."""
    update_groups(db)
    similar = "SELECT story FROM similar_pairs WHERE score >= 0 UNION SELECT other FROM similar_pairs WHERE score >= 0"
    rows = db.execute(f"{similar} UNION SELECT story FROM story_groups").fetchall()
    rebuild_groups(db, (row[0] for row in rows))
    shown = """SELECT ?, k.published_us, k.story, -3, k.read, k.starred, k.later FROM list_entries AS k
        LEFT JOIN story_groups AS g ON g.story = k.story WHERE k.list = -1 AND coalesce(g.representative, k.story) = k.story"""
    db.execute("DELETE FROM list_entries WHERE list = ?", (GROUPED_LIST,))
    db.execute(f"INSERT INTO list_entries {shown}", (GROUPED_LIST,))


def count_misgrouped(db: sqlite3.Connection) -> int:
    """Rebuild all groups, and return how many stories are then in another group; the caller rolls back the changes.

    Changes of a group's representative don't count: a story that was read stays the representative, even if it became unread on
    another machine since.
    """
    update_groups(db)
    before = _group_of_each(db)
    for number in before:
        published_us, paper = db.execute("SELECT published_us, paper FROM stories WHERE id = ?", (number,)).fetchone()
        save_fingerprint(db, number, as_sent_story(db, number), published_us=published_us, paper=paper)
    db.execute("INSERT OR IGNORE INTO comparison_queue SELECT DISTINCT script, day, 0 FROM fingerprints")
    rebuild_all_groups(db)
    after = _group_of_each(db)
    return sum(before.get(number) != after.get(number) for number in before.keys() | after.keys())


def _group_of_each(db: sqlite3.Connection) -> dict[int, frozenset[int]]:
    """Map each grouped story to the members of its group, including the story."""
    groups_of = defaultdict[int, set[int]](set)
    for story, representative in db.execute("SELECT story, representative FROM story_groups"):
        groups_of[representative].add(story)
    return {story: frozenset(group) for group in groups_of.values() for story in group}


def _affected_by(db: sqlite3.Connection, stories: set[int]) -> _AffectedStories:
    """Return `stories`, their group members, and all stories similar to any of these, with their scores."""
    together = """SELECT g.story FROM json_each(?) AS j CROSS JOIN story_groups AS m ON m.story = j.value
        CROSS JOIN story_groups AS g ON g.representative = m.representative"""
    todo = stories | {row[0] for row in db.execute(together, (json.dumps([*stories]),))}
    affected, scores = set(todo), dict[tuple[int, int], float]()
    while todo:
        found = _scores(db, todo)
        scores |= found
        todo = {number for pair, score in found.items() if score >= SAME_NEWS_SCORE for number in pair} - affected
        affected |= todo
    repeated = " OR ".join(
        f"""EXISTS (SELECT 1 FROM fingerprints AS o WHERE (o.paper, o.headline_hash) = (t.paper, t.headline_hash)
        AND o.published_us {within} {_RECURRING_US})"""
        for within in ("<= t.published_us -", ">= t.published_us +")
    )
    rows = db.execute(
        f"""SELECT s.id, p.key, s.guid, s.published_us, p.position, g.representative, g.representative IS s.id AND NOT {IS_UNREAD},
        coalesce(t.script, {NO_SCRIPT}), p.in_all_papers AND NOT ({repeated})
        FROM json_each(?) AS j CROSS JOIN stories AS s ON s.id = j.value
        JOIN papers AS p ON p.id = s.paper LEFT JOIN story_groups AS g ON g.story = s.id
        LEFT JOIN fingerprints AS t ON t.story = s.id""",
        (json.dumps([*affected]),),
    ).fetchall()
    candidates = {row[0]: GroupCandidate(row[1], row[2], row[3], row[4], bool(row[6]), row[7]) for row in rows if row[8]}
    separated = _separated_pairs(db)
    allowed = {
        pair: score
        for pair, score in scores.items()
        if candidates.keys() >= {*pair} and frozenset(candidates[number].key for number in pair) not in separated
    }
    return _AffectedStories(candidates, allowed, {row[0]: row[5] or row[0] for row in rows})


def _save_representatives(db: sqlite3.Connection, before: Mapping[int, int], after: Mapping[int, int]) -> None:
    """Save the representatives that differ between `before` and `after`, and update the grouped list.

    Both map stories to representatives; a story that `after` lacks has no group.
    """
    for number, representative in before.items():
        if number in after:
            db.execute(
                "INSERT INTO story_groups (story, representative) VALUES (?, ?) ON CONFLICT (story) "
                "DO UPDATE SET representative = excluded.representative WHERE representative <> excluded.representative",
                (number, after[number]),
            )
        else:
            db.execute("DELETE FROM story_groups WHERE story = ?", (number,))
        is_hidden = after.get(number, number) != number
        if is_hidden != (representative != number):
            (_remove_from_grouped_list if is_hidden else _add_to_grouped_list)(db, number)


def _save_contradictions(db: sqlite3.Connection, represented: Iterable[tuple[int, int]]) -> None:
    """Save for each pair (story, representative) whether the story contradicts a number that the representative reports."""
    counted: dict[int, Mapping[str, int]] = {}
    for number, representative in represented:
        for each in {number, representative} - counted.keys():
            story = as_sent_story(db, each)
            counted[each] = quantities_of_story(story.title, story.blocks or story.excerpt)
        differs = bool(contradictions((counted[representative], counted[number])))
        db.execute("UPDATE story_groups SET contradicts = ? WHERE story = ? AND contradicts <> ?", (differs, number, differs))


def _remove_from_grouped_list(db: sqlite3.Connection, story: int) -> None:
    query = "DELETE FROM list_entries WHERE (list, published_us, story) = (?, (SELECT published_us FROM stories WHERE id = ?), ?)"
    db.execute(query, (GROUPED_LIST, story, story))


def _add_to_grouped_list(db: sqlite3.Connection, story: int) -> None:
    rows = """SELECT ?, s.published_us, s.id, -3, s.read, s.starred, s.later FROM stories AS s
        JOIN papers AS p ON p.id = s.paper AND p.in_all_papers = 1 WHERE s.id = ?
        AND NOT EXISTS (SELECT 1 FROM list_entries WHERE (list, published_us, story) = (?, s.published_us, s.id))"""
    db.execute(f"INSERT INTO list_entries {rows}", (GROUPED_LIST, story, GROUPED_LIST))


# ── separations ─────────────────────────────────────────────────────────────


def _separate(db: sqlite3.Connection, story: int, now: datetime) -> tuple[int, ...]:
    rest = tuple(number for number in _members(db, story) if number != story)
    _write_separations(db, story, rest, True, now)
    rebuild_groups(db, (story,))
    return rest


def _undo_separation(db: sqlite3.Connection, story: int, others_before: Sequence[int], now: datetime) -> None:
    query = "SELECT id FROM stories WHERE id IN (SELECT value FROM json_each(?))"
    existing = {row[0] for row in db.execute(query, (json.dumps([story, *others_before]),))}
    others = [number for number in others_before if {story, number} <= existing]
    _write_separations(db, story, others, False, now)
    rebuild_groups(db, (story, *others))


def _write_separations(db: sqlite3.Connection, story: int, others: Iterable[int], is_separated: bool, now: datetime) -> None:
    """Save that `story` is separate from `others` or, if not `is_separated`, no longer is.

    The two stories of a pair are saved in sorted order. The time saved with them is later than the pair's last change.
    """
    query = "SELECT s.guid, p.key FROM stories AS s JOIN papers AS p ON p.id = s.paper WHERE s.id = ?"
    mine = db.execute(query, (story,)).fetchone()
    pairs = [sorted((mine, db.execute(query, (number,)).fetchone())) for number in others]
    db.executemany(
        "INSERT INTO reader.separations VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (guid, paper, other_guid, other_paper) "
        "DO UPDATE SET at_us = max(excluded.at_us, at_us + 1), is_separated = excluded.is_separated",
        [(*first, *second, to_us(now), is_separated) for first, second in pairs],
    )


def _separated_pairs(db: sqlite3.Connection) -> set[frozenset[tuple[str, str]]]:
    """Return the pairs that the reader separated, each story as (paper key, guid)."""
    rows = db.execute("SELECT paper, guid, other_paper, other_guid FROM reader.separations WHERE is_separated")
    return {frozenset(((paper, guid), (other_paper, other_guid))) for paper, guid, other_paper, other_guid in rows}
