"""Search for the saved version of a sent story: by guid or link, or else by headline, date and text (`model.story_identity`).

Functions over an open library.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence

from bpost_tui.clock import to_us
from bpost_tui.model.story import Story
from bpost_tui.model.story_identity import MAX_SHIFT, is_resent, resent_with_shift
from bpost_tui.store.stories import as_sent_story
from bpost_tui.urls import link_key

_MOST_WITH_ONE_HEADLINE = 20
"""Maximum number of saved stories that are compared with a sent story; all are of its paper, with its headline and date."""

_MOST_SENT = 300
"""Maximum number of stories in a paper's answer; a larger answer isn't compared with saved stories of other dates.

The comparison is made again for each part of the answer that is saved, so it would take too long.
"""


def find_saved(db: sqlite3.Connection, guid: str, key: str | None, *, paper: int) -> int | None:
    """Return the id of a paper's story with this guid, or else of the oldest story whose link has the key `key`.

    Return None if there is neither. `key` is the same for all variants of a link; None for a story without a link. `paper` is the
    id of the paper.
    """
    # selecting the title makes SQLite read the table, not only the index, so that damage is noticed
    query = "SELECT id, title FROM stories WHERE"
    row = db.execute(f"{query} guid = ? AND paper = ?", (guid, paper)).fetchone()
    row = row or db.execute(f"{query} link_key = ? AND paper = ? ORDER BY id", (key, paper)).fetchone()
    return int(row[0]) if row else None


def find_resent(db: sqlite3.Connection, story: Story, *, paper: int, others: Sequence[Story]) -> int | None:
    """Return the id of the saved story that is the same as `story` although it has another guid and link.

    Return None if no story fits, or several do. `paper` is the id of the paper of both. `others` are all stories that the paper
    sent in the same answer as `story`. A saved story isn't the same as `story` if one of `others` has its guid or link.
    """
    if story.published is None:
        return None
    query = """SELECT s.id FROM list_entries AS k JOIN stories AS s ON s.id = k.story
        WHERE (k.list, k.published_us, s.title) = (?, ?, ?) LIMIT ?"""
    rows = db.execute(query, (paper, to_us(story.published), story.title, _MOST_WITH_ONE_HEADLINE)).fetchall()
    if not rows or sum(is_resent(each, story) for each in others) != 1:
        return None
    guids, keys = {each.guid for each in others}, {link_key(each.link) for each in others} - {None}
    known = {story_id: as_sent_story(db, story_id) for (story_id,) in rows}
    fits = [story_id for story_id, each in known.items() if is_resent(each, story)]
    is_sent = any(known[story_id].guid in guids or link_key(known[story_id].link) in keys for story_id in fits)
    return fits[0] if len(fits) == 1 and not is_sent else None


def find_shifted(db: sqlite3.Connection, sent: Sequence[Story], *, paper: int, unsaved: slice) -> dict[str, int]:
    """Map guids of the stories that a paper sent to ids of saved stories that have other guids, links and dates but are the same.

    `sent` are all stories of an answer of the paper with the id `paper`, with the dates as sent; `unsaved` is the part of them that
    hasn't been saved yet. If a story of this part has a saved guid or link, the site hasn't changed its software since the last
    refresh, and the result is empty. It is also empty for more than _MOST_SENT stories.
    """
    if len(sent) > _MOST_SENT or not db.execute("SELECT 1 FROM list_entries WHERE list = ? LIMIT 1", (paper,)).fetchone():
        return {}
    if any(find_saved(db, each.guid, link_key(each.link), paper=paper) is not None for each in reversed(sent[unsaved])):
        return {}
    query = """SELECT s.id FROM list_entries AS k JOIN stories AS s ON s.id = k.story
        WHERE k.list = ? AND k.published_us BETWEEN ? AND ? AND s.title = ? LIMIT 2"""
    titles, found = Counter(each.title for each in sent), dict[str, tuple[int, Story]]()
    for story in sent[unsaved]:
        if story.published and titles[story.title] == 1:
            dates = (to_us(story.published - MAX_SHIFT), to_us(story.published + MAX_SHIFT))
            ids = db.execute(query, (paper, *dates, story.title)).fetchall()
            if len(ids) == 1:
                found[story.guid] = (ids[0][0], story)
    pairs, guids = [(as_sent_story(db, story_id), story) for story_id, story in found.values()], {each.guid for each in sent}
    return {guid: found[guid][0] for guid in resent_with_shift([pair for pair in pairs if pair[0].guid not in guids])}
