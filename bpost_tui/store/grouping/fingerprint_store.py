"""Fingerprints of saved stories, and the queue of days whose stories have to be compared again.

A fingerprint contains the words and numbers of a story that are compared. Stories are compared with stories of the same day and of
the next day, so the queue holds pairs of days, each named by its first day. Functions over an open library. Before a call that
writes, the caller must have begun a transaction.
"""

# ruff: noqa: S608 (SQL is composed of constants; all values are bound)
from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from bpost_tui import log
from bpost_tui.clock import DAY_US
from bpost_tui.grouping.fingerprint import (
    BENGALI,
    LATIN,
    NO_SCRIPT,
    Fingerprint,
    cross_script_fingerprint,
    fingerprint_of,
    headline_hash,
)
from bpost_tui.model.story import Story
from bpost_tui.store.stories import as_sent_story
from bpost_tui.store.writer_queue import BATCH_S, within

DELETED = 0
"""Story id in the queue that means: a story was deleted or changed, so all stories of this day and the next are compared again.
"""
_WEEK_US = 7 * DAY_US
_BATCH = 100
"""Number of stories whose missing fingerprints (words and numbers to compare) are made in one transaction."""
_FINGERPRINT_COLUMNS = "paper, script, published_us, headline_count, words, letter_grams"
_CROSS_SCRIPT_COLUMNS = "cross_script_headline_count, cross_script_words"
_QUEUE = "INSERT OR REPLACE INTO comparison_queue (script, day, story, stamp) VALUES (?, ?, ?, random())"
_SAME_HEADLINE = """SELECT o.story FROM fingerprints AS t
    JOIN fingerprints AS o ON (o.paper, o.headline_hash) = (t.paper, t.headline_hash) WHERE t.story = :story"""


def is_compared(db: sqlite3.Connection, paper: int) -> bool:
    """Whether the stories of the paper with the id `paper` are compared with other papers' stories.

    Stories are compared if the paper is one of several subscribed papers. Stories of a paper that was one of them earlier are also
    compared, because the reader may subscribe to it again.
    """
    query = (
        "SELECT 1 FROM papers WHERE id = ? AND (in_all_papers = 1 OR EXISTS (SELECT 1 FROM fingerprints WHERE paper = papers.id))"
    )
    return bool(db.execute(query, (paper,)).fetchone())


def save_fingerprint(db: sqlite3.Connection, story_id: int, story: Story, *, published_us: int, paper: int) -> None:
    """Save the fingerprint (words to compare) of a new or changed story.

    If the story is new, or if its words or quantities (dead, hurt …) have changed, it is queued for comparison with the stories of
    its day and of the days before and after. `published_us` is its time of publication in microseconds since 1970, and `paper` the
    id of its paper.
    """
    try:
        fingerprint, headline = fingerprint_of(story, paper, published_us), headline_hash(story)
    except Exception as error:  # noqa: BLE001 (grouping is optional: a bug in it must not end a refresh)
        log.log_error(error)
        empty = Story(story.guid, "")  # NO_SCRIPT: compared with no other story
        fingerprint, headline = fingerprint_of(empty, paper, published_us), headline_hash(empty)
    other = {LATIN: BENGALI, BENGALI: LATIN}.get(fingerprint.script)
    near = "SELECT 1 FROM fingerprints WHERE script = ? AND day BETWEEN ? AND ? LIMIT 1"
    # if a story in the other script comes later, `save_missing_cross_script` adds these columns
    has_other = db.execute(near, (other, fingerprint.day - 1, fingerprint.day + 1)).fetchone()
    across = _cross_script_row(story) if has_other else (None, None)
    row = (paper, fingerprint.script, published_us, *fingerprint.to_row(), headline, *across)
    before = db.execute(
        f"SELECT {_FINGERPRINT_COLUMNS}, headline_hash, {_CROSS_SCRIPT_COLUMNS} FROM fingerprints WHERE story = ?", (story_id,)
    ).fetchone()
    if row == before:
        if _has_other_quantities(db, story_id, story):
            db.execute("UPDATE fingerprints SET quantities = NULL WHERE story = ?", (story_id,))
            _queue_comparison(db, fingerprint, story_id)
        return
    if before:
        delete_fingerprint(db, story_id)
    if fingerprint.script != NO_SCRIPT:
        columns = f"story, day, {_FINGERPRINT_COLUMNS}, headline_hash, {_CROSS_SCRIPT_COLUMNS}"
        db.execute(
            f"INSERT INTO fingerprints ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (story_id, fingerprint.day, *row)
        )
        _queue_comparison(db, fingerprint, story_id)
        db.execute(f"INSERT OR IGNORE INTO regrouping_queue {_SAME_HEADLINE}", {"story": story_id})


def _queue_comparison(db: sqlite3.Connection, fingerprint: Fingerprint, story_id: int) -> None:
    """Queue a story for comparison with the stories of its day and of the days before and after."""
    for day in (fingerprint.day - 1, fingerprint.day):
        db.execute(_QUEUE, (fingerprint.script, day, story_id))


def _has_other_quantities(db: sqlite3.Connection, story_id: int, story: Story) -> bool:
    """Whether the quantities (dead, hurt …) that a story reports differ from its saved quantities; False if none are saved.

    Two versions of a story may have the same fingerprint but other quantities: the same words in another order.
    """
    saved: str | None = db.execute("SELECT quantities FROM fingerprints WHERE story = ?", (story_id,)).fetchone()[0]
    if saved is None:
        return False
    from bpost_tui.grouping.quantities import quantities_of_story, quantities_to_text  # 10 ms, and few stories change so

    return quantities_to_text(quantities_of_story(story.title, story.blocks or story.excerpt)) != saved


def _cross_script_row(story: Story) -> tuple[int, bytes]:
    """Return the two columns that are compared with stories in the other script (Bengali or Latin).

    They are (number of words in the headline, words packed into bytes). If a bug makes the fingerprint fail, return (0, b"").
    """
    try:
        headline_count, words, _ = cross_script_fingerprint(story, 0, 0).to_row()
    except Exception as error:  # noqa: BLE001 (grouping is optional: a bug in it must not end a refresh)
        log.log_error(error)
        return 0, b""
    return headline_count, words


def delete_fingerprint(db: sqlite3.Connection, story: int) -> None:
    """Delete the fingerprint (words to compare) and the scores of `story` (an id), which has changed or is about to be deleted.

    The story's day and the days before and after are queued for comparison, and so are the stories whose groups may change.
    """
    affected = f"""SELECT story FROM story_groups
        WHERE representative = (SELECT representative FROM story_groups WHERE story = :story) UNION {_SAME_HEADLINE}"""
    db.execute(f"INSERT OR IGNORE INTO regrouping_queue {affected}", {"story": story})
    db.execute("DELETE FROM comparison_queue WHERE story = ?", (story,))
    for script, day in db.execute("SELECT script, day FROM fingerprints WHERE story = ?", (story,)).fetchall():
        db.executemany(_QUEUE, ((script, day - 1, DELETED), (script, day, DELETED)))
    db.execute("DELETE FROM similar_pairs WHERE story = ? OR other = ?", (story, story))
    db.execute("DELETE FROM fingerprints WHERE story = ?", (story,))


# ── missing fingerprints ────────────────────────────────────────────────────


def queue_stories(db: sqlite3.Connection, stories: Iterable[tuple[int, int]]) -> None:
    """Queue saved stories that have no fingerprints (words to compare) yet, for comparison with other stories.

    Each story is given as (time of publication in microseconds since 1970, id).
    """
    db.executemany(_QUEUE, [(NO_SCRIPT, published_us // DAY_US, story_id) for published_us, story_id in stories])


def save_if_queued(db: sqlite3.Connection, story_id: int, story: Story, published_us: int, paper: int) -> None:
    """Save the fingerprint (words to compare) of a story that `queue_stories` has queued; do nothing for another story.

    `published_us` is the story's time of publication in microseconds since 1970, and `paper` the id of its paper.
    """
    query = f"DELETE FROM comparison_queue WHERE (script, day, story) = ({NO_SCRIPT}, ?, ?)"
    if db.execute(query, (published_us // DAY_US, story_id)).rowcount:
        save_fingerprint(db, story_id, story, published_us=published_us, paper=paper)


def queue_missing(db: sqlite3.Connection) -> None:
    """Queue the last week's stories of each subscribed paper that hasn't been compared with other papers yet."""
    db.execute(
        f"""INSERT OR REPLACE INTO comparison_queue
        SELECT {NO_SCRIPT}, k.published_us / {DAY_US}, k.story, random() FROM papers AS p JOIN list_entries AS k ON k.list = p.id
        WHERE p.in_all_papers = 1 AND NOT EXISTS (SELECT 1 FROM fingerprints WHERE paper = p.id)
        AND k.published_us > (SELECT max(published_us) FROM list_entries WHERE list = p.id) - {_WEEK_US}"""
    )


def scripts_of_days(db: sqlite3.Connection) -> Sequence[tuple[int, int]]:
    """Return (script, day) for each day with stories to compare and each of their scripts (Bengali, Latin), newest day first.

    A day is the number of days since 1970, UTC.
    """
    return db.execute("SELECT DISTINCT script, day FROM fingerprints ORDER BY day DESC").fetchall()


def queue_day(db: sqlite3.Connection, script: int, day: int) -> None:
    """Queue all stories of a day in one script, so that they are compared again by the present rules.

    A day is the number of days since 1970, UTC; a script is Bengali or Latin.
    """
    stories = "FROM fingerprints WHERE (script, day) = (?, ?)"
    db.execute(f"INSERT OR REPLACE INTO comparison_queue SELECT {NO_SCRIPT}, day, story, random() {stories}", (script, day))
    db.executemany(_QUEUE, ((script, day - 1, DELETED), (script, day, DELETED)))
    db.execute(f"INSERT OR IGNORE INTO regrouping_queue SELECT story {stories}", (script, day))


def queue_all_days(db: sqlite3.Connection) -> None:
    """Queue all stories that can be compared, so that they are compared again."""
    for day in ("day", "day - 1"):
        rows = f"SELECT DISTINCT script, {day}, {DELETED}, random() FROM fingerprints"
        db.execute(f"INSERT OR REPLACE INTO comparison_queue {rows}")


def missing(db: sqlite3.Connection) -> Sequence[tuple[int, int]]:
    """Return at most `_BATCH` queued stories whose fingerprint (words and numbers to compare) is missing or outdated.

    Each story is (day, story id). Stories of the newest days come first.
    """
    rows = f"SELECT day, story FROM comparison_queue WHERE script = {NO_SCRIPT} ORDER BY day DESC LIMIT {_BATCH}"
    return db.execute(rows).fetchall()


def save_missing(db: sqlite3.Connection, stories: Sequence[tuple[int, int]]) -> None:
    """Save the missing fingerprints (words and numbers to compare) of stories, each given as (day, story id).

    This ends after about BATCH_S seconds, so that other processes can write. The remaining stories stay queued.
    """
    for day, story_id in within(BATCH_S, stories):
        db.execute(f"DELETE FROM comparison_queue WHERE (script, day, story) = ({NO_SCRIPT}, ?, ?)", (day, story_id))
        for published_us, paper in db.execute("SELECT published_us, paper FROM stories WHERE id = ?", (story_id,)).fetchall():
            save_fingerprint(db, story_id, as_sent_story(db, story_id), published_us=published_us, paper=paper)


def missing_cross_script(db: sqlite3.Connection, day: int) -> tuple[int, ...]:
    """Return at most `_BATCH` stories of a day and the next day that have no words yet for comparison with the other script.

    Stories are returned as ids. The result is empty if the two days have stories in one script only.
    """
    if not has_both_scripts(db, day):
        return ()
    query = f"""SELECT story FROM fingerprints
        WHERE script IN ({LATIN}, {BENGALI}) AND day IN (:day, :day + 1) AND cross_script_words IS NULL LIMIT {_BATCH}"""
    return tuple(row[0] for row in db.execute(query, {"day": day}))


def has_both_scripts(db: sqlite3.Connection, day: int) -> bool:
    """Whether a day and the next day have stories in Bengali and in Latin letters."""
    having = (
        f"EXISTS (SELECT 1 FROM fingerprints WHERE script = {script} AND day IN (:day, :day + 1))" for script in (LATIN, BENGALI)
    )
    return bool(db.execute(f"SELECT {' AND '.join(having)}", {"day": day}).fetchone()[0])


def save_missing_cross_script(db: sqlite3.Connection, stories: Sequence[int]) -> None:
    """Save the words of stories (given by their ids) for comparison with stories in the other script.

    This ends after about BATCH_S seconds, so that other processes can write. The remaining stories get no such words yet.
    """
    for story_id in within(BATCH_S, stories):
        if db.execute("SELECT 1 FROM stories WHERE id = ?", (story_id,)).fetchone():
            db.execute(
                "UPDATE fingerprints SET (cross_script_headline_count, cross_script_words) = (?, ?) WHERE story = ?",
                (*_cross_script_row(as_sent_story(db, story_id)), story_id),
            )


# ── fingerprints of a day ───────────────────────────────────────────────────


def fingerprints_of_day(db: sqlite3.Connection, script: int, day: int) -> dict[int, Fingerprint]:
    """Return the fingerprints (words and numbers to compare) of the stories of a `day` in one `script`, by story id.

    A day is the number of days since 1970, UTC; a script is Bengali or Latin.
    """
    rows = db.execute(f"SELECT story, {_FINGERPRINT_COLUMNS} FROM fingerprints WHERE script = ? AND day = ?", (script, day))
    return {row[0]: Fingerprint.from_row(*row[1:]) for row in rows}


def cross_script_fingerprints(db: sqlite3.Connection, script: int, day: int) -> dict[int, Fingerprint]:
    """Return a day's saved words for comparing the stories in `script` with stories in the other script, by story id.

    A day is the number of days since 1970, UTC; a script is Bengali or Latin.
    """
    query = f"""SELECT story, paper, script, published_us, {_CROSS_SCRIPT_COLUMNS}, x'' FROM fingerprints
        WHERE script = ? AND day = ? AND cross_script_words IS NOT NULL"""
    return {row[0]: Fingerprint.from_row(*row[1:]) for row in db.execute(query, (script, day))}
