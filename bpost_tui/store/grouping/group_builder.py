"""Builder of same-news groups, from fingerprints of saved stories.

A fingerprint contains the words and numbers of a story that are compared. If the library follows several papers (papers.py),
`save_fingerprint` saves a story's fingerprint and queues its days. After a refresh has saved all papers, `update_groups` compares
the stories of the queued days and rebuilds the affected groups. The grouped list (GROUPED_LIST) contains the stories of all papers,
but only the representative of each group.

Functions over an open library. Before a call that writes, the caller must have begun a transaction.
"""

# ruff: noqa: S608 (SQL is composed of constants; all values are bound)
from __future__ import annotations

import json
import math
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from datetime import datetime
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from bpost_tui import log
from bpost_tui.clock import DAY_US, to_us
from bpost_tui.errors import BPostError
from bpost_tui.grouping.clustering import GroupCandidate, group_stories
from bpost_tui.grouping.collection_pages import is_collection_page, is_explainer
from bpost_tui.grouping.fingerprint import NO_SCRIPT, words_by_hash
from bpost_tui.grouping.score import (
    FOLLOW_UP_AT_MOST,
    FOLLOW_UP_SCORE,
    SAME_NEWS_SCORE,
    UNRELATED_SCORE,
    IdfTable,
    ScoreExplanation,
    similarity,
)
from bpost_tui.store.grouping.comparison import StoryQuantities, Write, next_comparison, save_quantities, scores_of
from bpost_tui.store.grouping.fingerprint_store import (
    cross_script_fingerprints,
    delete_fingerprint,
    fingerprints_of_day,
    queue_all_days,
    queue_day,
    queue_missing,
    save_fingerprint,
    scripts_of_days,
)
from bpost_tui.store.row_mapping import IS_UNREAD
from bpost_tui.store.schema.migrations import GROUPED_LIST
from bpost_tui.store.stories import as_sent_story
from bpost_tui.store.writer_queue import BATCH_S, within
from bpost_tui.typesetting.text.named_tuple import NamedTuple

if TYPE_CHECKING:
    from bpost_tui.store.database_access import DatabaseAccess

_RECURRING_US = DAY_US // 2
"""Time in microseconds after which a paper's repeated headline counts as the title of a regular column (“Gold price today”)."""
_BATCH = 200
"""Number of queued stories whose groups are rebuilt in one transaction."""

_STAYS_LISTED = f"""CASE WHEN s.starred OR s.later THEN coalesce(g.representative, s.id) = s.id
    ELSE g.representative IS s.id AND NOT {IS_UNREAD} END"""
"""SQL expression: whether lists must go on showing story `s`, because they show it now and the reader has marked it.

A starred or read-later story stays, and so does the read representative of a group (`g`). If a starred story were hidden, its star
would be visible in the list of starred stories only. A read story without a group may be hidden.
"""

# Why stories aren't grouped as they are saved. The obvious way is to compare each new story with the earlier ones and to add it to
# the best group. Then groups depend on the order of the papers' answers, and a group outlives its reason. A paper that copied
# a story, represented its group, and then changed its own text into an advertisement hid the original from every list.
#
# So groups are a function of the saved stories alone. Saving a story only writes its fingerprint and queues its days. Once all
# papers of a refresh are in, the new stories are compared with the stories of the day before, the same day and the next
# (comparison.py). Then each affected group is formed from scratch. Rarity of words is counted by day; all stories of a day are
# compared again only if a new story changes that count (`_needs_recount`). Scores are stored in quarters, so that few rows change
# then. The cost grows with the stories of two days, not with the library. A fingerprint with its scores takes 400 bytes.
#
# All of that happens in parts, so that marks don't wait (comparison.py).
#
# Not compared: stories more than a day apart, stories of a library's only paper, and headlines in scripts without spaces. Scores
# below UNRELATED_SCORE aren't stored. Grouping is optional. A bug in it once kept all stories of a refresh from being saved, so
# its exceptions are logged and the stories are saved without groups. `regroup_by_present_rules` (`bpost library verify`) checks
# the result.


class GroupBuilder:
    """Builder of a library's same-news groups; also explains scores, finds follow-ups and separates stories."""

    def __init__(self, database: DatabaseAccess) -> None:
        self._database = database

    def update_groups(self, limit_s: float = math.inf) -> None:
        """Update the groups that newly saved stories may have changed. Call it after all papers of a refresh are saved.

        Stories are compared for about `limit_s` seconds, the newest days first, and groups are then rebuilt for about as long
        again. The rest stays queued. A bug is logged: the stories are then saved, but not grouped. To find out whether any group
        has to be updated, call `StoryGroups.is_outdated`, which doesn't import this module.
        """
        until = monotonic() + limit_s
        try:
            while self._run(next_comparison) and monotonic() < until:
                pass
            while self._run(next_groups) and monotonic() < until + limit_s:
                pass
        except (sqlite3.Error, BPostError):  # errors of the disk
            raise
        except Exception as error:  # noqa: BLE001 (grouping is optional: a bug in it must not end a refresh)
            log.log_error(error)

    def _run(self, plan: Callable[[sqlite3.Connection], Sequence[Write]]) -> bool:
        """Call `plan`, which reads and compares stories, and run the functions that it returns, each in a short transaction.

        If a function finds that the library has changed, leave out the following ones. Return whether `plan` returned any function.
        """
        writes = self._database.read(plan)
        all(self._database.write(each) for each in writes)  # up to the first that finds the library changed
        return bool(writes)

    def regroup_all(self) -> None:
        """Compare all stories again by the present rules. Groups that an earlier version made may change."""
        self._database.write(_queue_without_fingerprints)
        days = self._database.read(scripts_of_days)
        while days := self._database.write(partial(_queue_days, days=days)):
            pass
        self.update_groups()

    def explain(self, one: int, other: int) -> ScoreExplanation:
        """Return the similarity score of two stories (ids `one` and `other`), and the words that explain it.

        Raises NotFoundError if the library lacks one of them.
        """
        return self._database.read(lambda db: _explain(db, one, other))

    def story_thread(self, story: int) -> tuple[int, ...]:
        """Return the ids of a story, its follow-ups, and the earlier stories that it continues, the oldest first.

        Stories that are connected only through other stories are included. Only stories of subscribed papers are returned.
        """
        query = f"""WITH RECURSIVE saga (story) AS (VALUES (:story) UNION
            SELECT c.other FROM saga JOIN similar_pairs AS c ON c.story = saga.story AND c.score >= {FOLLOW_UP_SCORE} UNION
            SELECT c.story FROM saga JOIN similar_pairs AS c ON c.other = saga.story AND c.score >= {FOLLOW_UP_SCORE})
            SELECT s.id FROM saga JOIN stories AS s ON s.id = saga.story JOIN papers AS p ON p.id = s.paper AND p.in_all_papers = 1
            ORDER BY s.published_us, s.id"""
        return self._database.read(lambda db: tuple(row[0] for row in db.execute(query, {"story": story})))

    def separate(self, story: int, *, now: datetime) -> tuple[int, ...]:
        """Separate a story permanently from its group of the same news, and return the ids of the group's other members."""
        return self._database.write(lambda db: _separate(db, story, now))

    def undo_separation(self, story: int, others: Iterable[int], *, now: datetime) -> None:
        """Return a separated story to its group of the same news. Stories deleted since the separation are ignored.

        `others` are the ids of the group's other members, which `separate` has returned.
        """
        self._database.write(lambda db: _undo_separation(db, story, tuple(others), now))


# ── comparison ──────────────────────────────────────────────────────────────


def remove_story(db: sqlite3.Connection, story: int) -> None:
    """Remove a story from its group of the same news, delete the data saved for its comparison, and rebuild the rest of the group.

    Call it before deleting the story.
    """
    rest = tuple(story_id for story_id in _members(db, story) if story_id != story)
    delete_fingerprint(db, story)
    _save_representatives(db, {story: story, **dict.fromkeys(rest, 0)}, {})
    rebuild_groups(db, rest)


def update_groups(db: sqlite3.Connection) -> None:
    """Compare the stories of all queued days, and rebuild the groups (stories about the same news) that changed.

    The caller must have begun a transaction.
    """
    for plan in (next_comparison, next_groups):
        while writes := plan(db):
            for write in writes:
                write(db)


def _explain(db: sqlite3.Connection, one: int, other: int) -> ScoreExplanation:
    """Return the similarity score of the stories with the ids `one` and `other`, and the words that explain it.

    The weights of words (IDF) are computed from the stories of the earlier story's day.
    """
    places = [
        db.execute("SELECT script, day FROM fingerprints WHERE story = ?", (story_id,)).fetchone() for story_id in (one, other)
    ]
    if None in places:
        return ScoreExplanation(2 * UNRELATED_SCORE, ())
    scripts, day = {script for script, _ in places}, min(day for _, day in places)
    is_across = len(scripts) > 1
    load = partial(cross_script_fingerprints if is_across else fingerprints_of_day, db)
    a, b = (load(*place).get(story_id) for story_id, place in zip((one, other), places, strict=True))
    if a is None or b is None:
        return ScoreExplanation(2 * UNRELATED_SCORE, ())
    day_tables = [load(script, day).values() for script in scripts]
    idf_table = IdfTable.for_two_scripts(*day_tables) if is_across else IdfTable(day_tables[0])
    as_written = words_by_hash(as_sent_story(db, one), across=is_across)
    shared_words = sorted(
        ((round(idf_table.total_idf([word]), 1), as_written.get(word, "")) for word in a.word_set & b.word_set), reverse=True
    )
    return ScoreExplanation(similarity(a, b, idf_table), tuple((word, idf) for idf, word in shared_words if word and idf))


# ── groups ──────────────────────────────────────────────────────────────────


def _members(db: sqlite3.Connection, story: int) -> tuple[int, ...]:
    """Return the ids of the stories in a story's group of the same news, or only of the story if it has no group.

    The first is the representative: the story that lists show for the group.
    """
    query = """SELECT story FROM story_groups WHERE representative = (SELECT representative FROM story_groups WHERE story = ?)
        ORDER BY story <> representative, story"""
    return tuple(row[0] for row in db.execute(query, (story,))) or (story,)


class _AffectedStories(NamedTuple):
    """Stories whose groups of the same news must be rebuilt, with the data needed to rebuild them."""

    candidates: Mapping[int, GroupCandidate]
    scores: Mapping[tuple[int, int], float]
    representatives: Mapping[int, int]
    """Maps each story to its previous representative (story that lists show for the group); the story itself if it had no group."""


def rebuild_groups(db: sqlite3.Connection, stories: Iterable[int]) -> None:
    """Rebuild the groups of the same news that `stories` (ids) are in, were in, or may join. The caller has begun a transaction."""
    _save_groups(db, _regrouped(db, _affected_by(db, set(stories)), frozenset()))


def rebuild_all_groups(db: sqlite3.Connection) -> None:
    """Rebuild all groups of the same news from the saved similarity scores.

    Call it when the subscribed papers or their order have changed. Stories of papers that weren't compared before are queued.
    """
    queue_missing(db)
    similar = "SELECT story FROM similar_pairs WHERE score >= 0 UNION SELECT other FROM similar_pairs WHERE score >= 0"
    rows = db.execute(f"{similar} UNION SELECT story FROM story_groups").fetchall()
    rebuild_groups(db, (row[0] for row in rows))
    shown = """SELECT ?, k.published_us, k.story, -3, k.read, k.starred, k.later FROM list_entries AS k
        LEFT JOIN story_groups AS g ON g.story = k.story WHERE k.list = -1 AND coalesce(g.representative, k.story) = k.story"""
    db.execute("DELETE FROM list_entries WHERE list = ?", (GROUPED_LIST,))
    db.execute(f"INSERT INTO list_entries {shown}", (GROUPED_LIST,))


def next_groups(db: sqlite3.Connection) -> Sequence[Write]:
    """Rebuild the same-news groups of the first queued stories, without writing.

    Return a function that saves the groups, or nothing if no story is queued. The function saves nothing and returns False if the
    stories, their scores or their groups have changed since this call.
    """
    stories = {row[0] for row in db.execute(f"SELECT story FROM regrouping_queue LIMIT {_BATCH}")}
    if not stories:
        return ()
    affected = _affected_by(db, stories)
    groups = _regrouped(db, affected, stories)

    def save(db: sqlite3.Connection) -> bool:
        if _affected_by(db, stories) != affected:
            return False
        _save_groups(db, groups)
        db.executemany("DELETE FROM regrouping_queue WHERE story = ?", [(story_id,) for story_id in stories])
        return True

    return (save,)


class _RebuiltGroups(NamedTuple):
    """Groups of stories about the same news, before and after the groups were rebuilt."""

    before: Mapping[int, int]
    """Maps each story to its saved representative (story that lists show for the group); the story itself if it has no group."""
    after: Mapping[int, int]
    """Maps each grouped story to its new representative, the story that lists show for the group."""
    contradicts: Mapping[int, bool]
    """Maps stories to whether the numbers that they report contradict the numbers of their group's representative."""
    quantities: Mapping[int, Mapping[str, int]]
    """Maps stories whose text was read to the quantities that they report (dead, hurt …)."""


def _regrouped(db: sqlite3.Connection, affected: _AffectedStories, changed: Set[int]) -> _RebuiltGroups:
    """Group the affected stories by the news that they report, and return their groups before and after.

    If a story or its group's representative (the story that lists show) is in `changed`, or if the representative differs from the
    saved representative, compare the quantities (dead, hurt …) of the story and the representative.
    """
    after = group_stories(affected.candidates, affected.scores)
    represented = [pair for pair in after.items() if not changed.isdisjoint(pair) or affected.representatives[pair[0]] != pair[1]]
    story_quantities = StoryQuantities(db)
    contradicts = {story_id: story_quantities.contradict(first, story_id) for story_id, first in represented}
    return _RebuiltGroups(affected.representatives, after, contradicts, story_quantities.unsaved)


def _save_groups(db: sqlite3.Connection, groups: _RebuiltGroups) -> None:
    _save_representatives(db, groups.before, groups.after)
    rows = [(differs, story_id, differs) for story_id, differs in groups.contradicts.items()]
    db.executemany("UPDATE story_groups SET contradicts = ? WHERE story = ? AND contradicts <> ?", rows)
    save_quantities(db, groups.quantities)


def _queue_without_fingerprints(db: sqlite3.Connection) -> None:
    """Queue for regrouping the stories that an earlier version of bpost grouped without saving fingerprints (words to compare)."""
    rows = "SELECT story FROM story_groups WHERE NOT EXISTS (SELECT 1 FROM fingerprints AS t WHERE t.story = story_groups.story)"
    db.execute(f"INSERT OR IGNORE INTO regrouping_queue {rows}")


def _queue_days(db: sqlite3.Connection, days: Sequence[tuple[int, int]]) -> Sequence[tuple[int, int]]:
    """Queue all stories of `days` (script, day) for comparison; return the days not reached within about BATCH_S seconds."""
    queued = 0
    for script, day in within(BATCH_S, days):
        queue_day(db, script, day)
        queued += 1
    return days[queued:]


class Regrouping(NamedTuple):
    """Difference between the saved groups of the same news and the groups that the present rules would form.

    They differ if an earlier version of bpost formed the saved groups by other rules.
    """

    stories: int
    """Number of stories whose group has other members after the groups were rebuilt than before."""
    pairs: int
    """Number of pairs of stories that were in one group before the groups were rebuilt."""
    lost: int
    """Number of the pairs in `pairs` whose stories are no longer in one group."""
    groups: int
    """Number of groups before they were rebuilt."""
    after: int
    """Number of groups after they were rebuilt by the present rules."""


def regroup_by_present_rules(db: sqlite3.Connection) -> Regrouping:
    """Rebuild all groups of the same news in `db`, a copy of the library; return how they differ from the saved groups.

    Changes of a group's representative (the story that lists show) don't count: a story that was read or marked stays the
    representative, even if the mark was removed on another machine since.
    """
    update_groups(db)
    before = _group_of_each(db)
    for story_id in before:
        published_us, paper = db.execute("SELECT published_us, paper FROM stories WHERE id = ?", (story_id,)).fetchone()
        save_fingerprint(db, story_id, as_sent_story(db, story_id), published_us=published_us, paper=paper)
    queue_all_days(db)
    update_groups(db)
    rebuild_all_groups(db)
    after = _group_of_each(db)
    pairs, pairs_after = (set(_pairs_together(groups)) for groups in (before, after))
    return Regrouping(
        stories=sum(before.get(story_id) != after.get(story_id) for story_id in before.keys() | after.keys()),
        pairs=len(pairs),
        lost=len(pairs - pairs_after),
        groups=len({*before.values()}),
        after=len({*after.values()}),
    )


def _pairs_together(groups: Mapping[int, frozenset[int]]) -> Iterator[tuple[int, int]]:
    """Yield each pair of stories in one group once; `groups` maps each grouped story to the members of its group."""
    return ((one, other) for one, group in groups.items() for other in group if one < other)


def _group_of_each(db: sqlite3.Connection) -> dict[int, frozenset[int]]:
    """Map each grouped story to the members of its group, including the story."""
    groups_of = defaultdict[int, set[int]](set)
    for story, representative in db.execute("SELECT story, representative FROM story_groups"):
        groups_of[representative].add(story)
    return {story: frozenset(group) for group in groups_of.values() for story in group}


def _affected_by(db: sqlite3.Connection, stories: set[int]) -> _AffectedStories:
    """Return `stories` (ids), their group members, and all stories similar to any of these, with their scores."""
    together = """SELECT g.story FROM json_each(?) AS j CROSS JOIN story_groups AS m ON m.story = j.value
        CROSS JOIN story_groups AS g ON g.representative = m.representative"""
    todo = stories | {row[0] for row in db.execute(together, (json.dumps([*stories]),))}
    affected, scores = set(todo), dict[tuple[int, int], float]()
    while todo:
        found = scores_of(db, todo)
        scores |= found
        todo = {story_id for pair, score in found.items() if score >= SAME_NEWS_SCORE for story_id in pair} - affected
        affected |= todo
    repeated = " OR ".join(
        f"""EXISTS (SELECT 1 FROM fingerprints AS o WHERE (o.paper, o.headline_hash) = (t.paper, t.headline_hash)
        AND o.published_us {within} {_RECURRING_US})"""
        for within in ("<= t.published_us -", ">= t.published_us +")
    )
    rows = db.execute(
        f"""SELECT s.id, p.key, s.guid, s.published_us, p.position, g.representative, {_STAYS_LISTED},
        coalesce(t.script, {NO_SCRIPT}), p.in_all_papers AND NOT ({repeated}), s.title
        FROM json_each(?) AS j CROSS JOIN stories AS s ON s.id = j.value
        JOIN papers AS p ON p.id = s.paper LEFT JOIN story_groups AS g ON g.story = s.id
        LEFT JOIN fingerprints AS t ON t.story = s.id""",
        (json.dumps([*affected]),),
    ).fetchall()
    candidates = {
        row[0]: GroupCandidate(row[1], row[2], row[3], row[4], bool(row[6]), row[7])
        for row in rows
        if row[8] and not is_collection_page(row[9])
    }
    separated, explainers = _separated_pairs(db), {row[0] for row in rows if is_explainer(row[9])}
    allowed = {
        pair: min(score, FOLLOW_UP_AT_MOST) if len(explainers.intersection(pair)) == 1 else score
        for pair, score in scores.items()
        if candidates.keys() >= {*pair} and frozenset(candidates[story_id].key for story_id in pair) not in separated
    }
    return _AffectedStories(candidates, allowed, {row[0]: row[5] or row[0] for row in rows})


def _save_representatives(db: sqlite3.Connection, before: Mapping[int, int], after: Mapping[int, int]) -> None:
    """Save the representative of each group (the story that lists show for it), and update the list with one story per group.

    `before` and `after` map stories to representatives, as saved and as they are now; a story that `after` lacks has no group.
    """
    for story_id, representative in before.items():
        if story_id in after:
            db.execute(
                "INSERT INTO story_groups (story, representative) VALUES (?, ?) ON CONFLICT (story) "
                "DO UPDATE SET representative = excluded.representative WHERE representative <> excluded.representative",
                (story_id, after[story_id]),
            )
        else:
            db.execute("DELETE FROM story_groups WHERE story = ?", (story_id,))
        is_hidden = after.get(story_id, story_id) != story_id
        if is_hidden != (representative != story_id):
            (_remove_from_grouped_list if is_hidden else _add_to_grouped_list)(db, story_id)


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
    rest = tuple(story_id for story_id in _members(db, story) if story_id != story)
    _write_separations(db, story, rest, True, now)
    rebuild_groups(db, (story,))
    return rest


def _undo_separation(db: sqlite3.Connection, story: int, others_before: Sequence[int], now: datetime) -> None:
    query = "SELECT id FROM stories WHERE id IN (SELECT value FROM json_each(?))"
    existing = {row[0] for row in db.execute(query, (json.dumps([story, *others_before]),))}
    others = [story_id for story_id in others_before if {story, story_id} <= existing]
    _write_separations(db, story, others, False, now)
    rebuild_groups(db, (story, *others))


def _write_separations(db: sqlite3.Connection, story: int, others: Iterable[int], is_separated: bool, now: datetime) -> None:
    """Save that `story` is separate from `others` (ids) or, if not `is_separated`, that it belongs to their group again.

    The two stories of a pair are saved in sorted order. If the pair was changed before, the new change gets a later time.
    """
    query = "SELECT s.guid, p.key FROM stories AS s JOIN papers AS p ON p.id = s.paper WHERE s.id = ?"
    mine = db.execute(query, (story,)).fetchone()
    pairs = [sorted((mine, db.execute(query, (story_id,)).fetchone())) for story_id in others]
    db.executemany(
        "INSERT INTO reader.separations VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (guid, paper, other_guid, other_paper) "
        "DO UPDATE SET at_us = max(excluded.at_us, at_us + 1), is_separated = excluded.is_separated",
        [(*first, *second, to_us(now), is_separated) for first, second in pairs],
    )


def _separated_pairs(db: sqlite3.Connection) -> set[frozenset[tuple[str, str]]]:
    """Return the pairs of stories that the reader separated, each story as (paper key, guid)."""
    rows = db.execute("SELECT paper, guid, other_paper, other_guid FROM reader.separations WHERE is_separated")
    return {frozenset(((paper, guid), (other_paper, other_guid))) for paper, guid, other_paper, other_guid in rows}
