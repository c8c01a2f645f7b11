"""Comparison of stories published on the days in the table `comparison_queue`, to find changed scores of similarity.

Functions over an open library.
"""

from __future__ import annotations

import json
import math
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from functools import partial

from bpost_tui.grouping.fingerprint import BENGALI, LATIN, Fingerprint
from bpost_tui.grouping.partner_search import HeadlineSearch, PartnerSearch
from bpost_tui.grouping.quantities import contradictions, quantities_from_text, quantities_of_story, quantities_to_text
from bpost_tui.grouping.score import (
    FOLLOW_UP_AT_MOST,
    SAME_NEWS_SCORE,
    UNRELATED_SCORE,
    IdfTable,
    counted_until_us,
    similarity,
)
from bpost_tui.store.grouping.fingerprint_store import (
    DELETED,
    cross_script_fingerprints,
    fingerprints_of_day,
    has_both_scripts,
    missing,
    missing_cross_script,
    save_missing,
    save_missing_cross_script,
)
from bpost_tui.store.stories import as_sent_story
from bpost_tui.typesetting.text.named_tuple import NamedTuple

_SCORE_STEPS = 4
"""Number of steps from one whole number to the next in stored similarity scores, which are rounded down to quarters.

A new story may change all exact scores of its day a little, but it changes few rounded scores. Therefore few rows are rewritten.
"""
_PAIRS_PER_WRITE = 5_000
"""Maximum number of pairs of stories whose scores are saved in one transaction, which takes 50 ms."""
_Fingerprints = Mapping[int, Fingerprint]

# Why stories are compared in parts. The obvious way is one transaction that reads the queued days, scores the pairs of stories and
# saves the scores. It kept marks waiting: with 3,000 similar stories, for minutes.
#
# So a day is read and scored in a transaction that only reads, which keeps no writer waiting. The result is a list of short
# transactions that save it. Meanwhile other processes may save or delete stories of that day. Each such change gives its rows in
# `comparison_queue` another random stamp, so a transaction writes only if the day's rows are still the rows that were read. If
# they aren't, the day is compared again. The day's rows are deleted last: after a kill between two of the transactions, the day is
# still queued, and is compared again. Groups are rebuilt in the same way (`group_builder.next_groups`).
#
# The newest days come first, because readers look at these, and a limit of time may leave the rest for the next refresh.


class _ScoreChange(NamedTuple):
    """Change of the saved similarity score of two stories."""

    story: int
    other: int
    score: float | None
    """New score, or None if the saved score of the pair of stories is deleted."""


Write = Callable[[sqlite3.Connection], bool]
"""Function for one transaction. It returns False, and writes nothing, if the library has changed since the function was made."""


def next_comparison(db: sqlite3.Connection) -> Sequence[Write]:
    """Compare the stories of the newest queued day with each other and with the next day's stories, without writing.

    Return functions that save the result, each in a transaction of its own. If one of them returns False, the following ones must
    be left out, and the day is compared again. The result is empty if no day is queued.
    """
    if outdated := missing(db):
        return (_always(partial(save_missing, stories=outdated)),)
    ((day,),) = db.execute("SELECT max(day) FROM comparison_queue").fetchall()
    if day is None:
        return ()
    if stories := missing_cross_script(db, day):
        return (_always(partial(save_missing_cross_script, stories=stories)),)
    queue = _queued_stories(db, day)
    changed = defaultdict[int, set[int]](set)
    for script, story in queue:
        changed[script].add(story)
    pairs_of_days = list[tuple[_DayPair, _DayPair, Set[int]]]()
    for script in changed:
        if first := fingerprints_of_day(db, script, day):
            days = _DayPair(first, fingerprints_of_day(db, script, day + 1))
            pairs_of_days.append((days, days, changed[script]))
    if not changed.keys().isdisjoint((LATIN, BENGALI)) and has_both_scripts(db, day):
        latin, bengali = (
            _DayPair(*(cross_script_fingerprints(db, script, each) for each in (day, day + 1))) for script in (LATIN, BENGALI)
        )
        pairs_of_days.append((latin, bengali, changed[LATIN] | changed[BENGALI]))
    story_quantities = StoryQuantities(db)
    changes = [change for each in pairs_of_days for change in _compare_days(db, *each, story_quantities)]
    parts = [changes[at : at + _PAIRS_PER_WRITE] for at in range(0, len(changes), _PAIRS_PER_WRITE)]
    return (
        *(partial(_save_scores, day=day, queue=queue, changes=part) for part in parts),
        partial(_dequeue, day=day, queue=queue, quantities=story_quantities.unsaved),
    )


def scores_of(db: sqlite3.Connection, stories: Iterable[int]) -> dict[tuple[int, int], float]:
    """Return the saved similarity scores of all pairs that contain a story of `stories`, by the ids of the pair's stories."""
    query, story_ids = "SELECT c.* FROM json_each(?) AS j CROSS JOIN similar_pairs AS c ON c.{} = j.value", json.dumps([*stories])
    rows = (db.execute(query.format(end), (story_ids,)) for end in ("story", "other"))
    return {(story, other): score for each in rows for story, other, score in each}


def save_quantities(db: sqlite3.Connection, quantities: Mapping[int, Mapping[str, int]]) -> None:
    """Save the quantities that stories report (dead, hurt …), in the table of facts that are compared between stories.

    `quantities` maps the id of each story to its quantities, such as {"dead": 3}.
    """
    rows = [(quantities_to_text(each), story) for story, each in quantities.items()]
    db.executemany("UPDATE fingerprints SET quantities = ? WHERE story = ?", rows)


class StoryQuantities:
    """Quantities (dead, hurt …) that saved stories report.

    Each story's text is read once; its quantities are then saved in the library.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._quantities: dict[int, Mapping[str, int]] = {}
        self._unsaved: dict[int, Mapping[str, int]] = {}

    @property
    def unsaved(self) -> Mapping[int, Mapping[str, int]]:
        """Quantities of the stories whose text was read, by story id; the caller has to save them (`save_quantities`)."""
        return self._unsaved

    def contradict(self, one: int, other: int) -> bool:
        """Whether the stories with the ids `one` and `other` report different values of a quantity, such as the dead."""
        return bool(contradictions((self._of(one), self._of(other))))

    def _of(self, story_id: int) -> Mapping[str, int]:
        if story_id not in self._quantities:
            saved = _saved_quantities(self._db, story_id)
            if saved is None:
                story = as_sent_story(self._db, story_id)
                saved = self._unsaved[story_id] = quantities_of_story(story.title, story.blocks or story.excerpt)
            self._quantities[story_id] = saved
        return self._quantities[story_id]


def _saved_quantities(db: sqlite3.Connection, story: int) -> Mapping[str, int] | None:
    """Return the saved quantities of `story` (an id), such as {"dead": 3}; None if they aren't saved or are damaged."""
    row = db.execute("SELECT quantities FROM fingerprints WHERE story = ?", (story,)).fetchone()
    return quantities_from_text(row[0]) if row and row[0] else None


class _DayPair(NamedTuple):
    """Fingerprints (words and numbers to compare) of the stories of two consecutive days, all in one script: Bengali or Latin."""

    first: _Fingerprints
    """Fingerprints of the first day's stories."""
    second: _Fingerprints
    """Fingerprints of the second day's stories."""

    @property
    def both(self) -> _Fingerprints:
        """Fingerprints of both days' stories."""
        return {**self.first, **self.second}


def _compare_days(
    db: sqlite3.Connection, one: _DayPair, other: _DayPair, queued: Set[int], story_quantities: StoryQuantities
) -> Iterator[_ScoreChange]:
    """Compare the stories of a day with each other and with the next day's stories, and yield the changes of saved scores.

    `one` and `other` are the two days' stories, each in one script. If they are the same object, stories in that script are
    compared with each other; else, stories in one script are compared with stories in the other. Pairs without a story in `queued`
    (ids of new or changed stories) are compared only if these stories change how many stories contain each word, or if `queued`
    contains DELETED, because a story was deleted. Saved pairs that are no longer similar are deleted. `story_quantities` has the
    quantities (dead, hurt …) that the stories report.
    """
    sides = ((one, other),) if one is other else ((one, other), (other, one))
    searches = [search for a, b in sides for search in (HeadlineSearch(a.first, b.both), HeadlineSearch(a.second, b.first))]
    first, stories = {**one.first, **other.first}, {**one.both, **other.both}
    is_recounted = DELETED in queued or any(_needs_recount(side.first, queued) for side, _ in sides)
    changed = stories.keys() if is_recounted else queued & stories.keys()
    if not (first and changed):
        return
    idf_table = IdfTable(first.values()) if one is other else IdfTable.for_two_scripts(one.first.values(), other.first.values())
    search = PartnerSearch(searches, idf_table)
    touched = changed if is_recounted else search.touched(changed)
    ours, theirs = one.both, other.both
    before = {
        (a, b): score
        for (a, b), score in scores_of(db, touched).items()
        if ((a in ours and b in theirs) or (a in theirs and b in ours)) and (a in first or b in first)
    }
    after: dict[tuple[int, int], float] = {}
    for a, b in search.pairs(touched | {story_id for pair in before for story_id in pair}):
        if a in changed or b in changed:
            total = similarity(stories[a], stories[b], idf_table)
            if total >= SAME_NEWS_SCORE and stories[a].paper == stories[b].paper and story_quantities.contradict(a, b):
                total = FOLLOW_UP_AT_MOST  # for example, a later report with a higher death toll
            if total >= UNRELATED_SCORE:
                after[a, b] = math.floor(total * _SCORE_STEPS) / _SCORE_STEPS
        elif (a, b) in before:
            after[a, b] = before[a, b]
    yield from (_ScoreChange(*pair, None) for pair in before.keys() - after.keys())
    yield from (_ScoreChange(*pair, score) for pair, score in after.items() if before.get(pair) != score)


def _needs_recount(stories: _Fingerprints, queued: Set[int]) -> bool:
    """Whether queued stories change how many of a day's `stories` contain each word, so that all scores are outdated.

    `queued` are the ids of stories that are new or have changed.
    """
    until_us = counted_until_us(stories[story_id] for story_id in stories.keys() - queued)
    is_counted = any(stories[story_id].published_us <= until_us for story_id in stories.keys() & queued)
    return is_counted or until_us != counted_until_us(stories.values())


# ── writes ──────────────────────────────────────────────────────────────────


def _always(work: Callable[[sqlite3.Connection], None]) -> Write:
    def write(db: sqlite3.Connection) -> bool:
        work(db)
        return True

    return write


def _queued_stories(db: sqlite3.Connection, day: int) -> dict[tuple[int, int], int]:
    """Map the entries of the comparison queue for a day and the next day, each as (script, story id), to their stamps.

    A stamp is a random number. A story that changes again gets another stamp.
    """
    rows = db.execute("SELECT script, story, stamp FROM comparison_queue WHERE day = ?", (day,))
    return {(script, story): stamp for script, story, stamp in rows}


def _save_scores(db: sqlite3.Connection, day: int, queue: Mapping[tuple[int, int], int], changes: Sequence[_ScoreChange]) -> bool:
    if _queued_stories(db, day) != queue:
        return False
    db.executemany("DELETE FROM similar_pairs WHERE (story, other) = (?, ?)", [each[:2] for each in changes if each.score is None])
    db.executemany("INSERT OR REPLACE INTO similar_pairs VALUES (?, ?, ?)", [each for each in changes if each.score is not None])
    stories = {story_id for each in changes for story_id in each[:2]}
    db.executemany("INSERT OR IGNORE INTO regrouping_queue VALUES (?)", [(story_id,) for story_id in stories])
    return True


def _dequeue(
    db: sqlite3.Connection, day: int, queue: Mapping[tuple[int, int], int], quantities: Mapping[int, Mapping[str, int]]
) -> bool:
    """Finish the comparison of a day, and return True; if the day's comparison queue differs from `queue`, only return False.

    To finish is to save `quantities`, to queue the day's stories for regrouping, and to delete the day's entries from the
    comparison queue. `queue` maps (script, story id) to the entry's stamp, a random number that changes when the story changes.
    `quantities` maps story ids to numbers of dead, hurt and so on, which were read for the comparison.
    """
    if _queued_stories(db, day) != queue:
        return False
    save_quantities(db, quantities)
    rows = "SELECT story FROM comparison_queue JOIN fingerprints USING (story) WHERE comparison_queue.day = ?"
    db.execute(f"INSERT OR IGNORE INTO regrouping_queue {rows}", (day,))
    db.execute("DELETE FROM comparison_queue WHERE day = ?", (day,))
    return True
