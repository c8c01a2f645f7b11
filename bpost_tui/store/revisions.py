"""Earlier versions of stories that were edited on the portal. Functions over an open library."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime

from bpost_tui.errors import ContentError
from bpost_tui.model.blocks_json import blocks_to_json, plain_text
from bpost_tui.model.story import Revision, Story
from bpost_tui.store.stories import from_us, read_blocks, to_us


def keep(db: sqlite3.Connection, number: int, known: Story, merged: Story, now: datetime) -> None:
    """Keep what a story said, where it was whole and now says something else; the story counts as updated from then on."""
    if not (known.full and merged.full) or _said(known) == _said(merged):
        return
    blocks = json.dumps(blocks_to_json(known.blocks), ensure_ascii=False, separators=(",", ":"))
    (last_us,) = db.execute("SELECT max(replaced_us) FROM revisions WHERE story = ?", (number,)).fetchone()
    replaced_us = max(to_us(now), (last_us or 0) + 1)  # a clock may stand still, or go back
    db.execute("INSERT INTO revisions VALUES (?, ?, ?, ?)", (number, replaced_us, known.title, blocks))
    edited = merged.modified if merged.modified and merged.modified != known.modified else now
    db.execute("UPDATE stories SET updated_us = ? WHERE id = ?", (to_us(edited), number))


def of_story(db: sqlite3.Connection, number: int) -> tuple[Revision, ...]:
    """Return what a story said before, the latest first; a damaged revision is left out."""
    query = "SELECT replaced_us, title, blocks FROM revisions WHERE story = ? ORDER BY replaced_us DESC"
    found: list[Revision] = []
    for replaced_us, title, text in db.execute(query, (number,)):
        try:
            found.append(Revision(from_us(replaced_us), title, read_blocks(text)))
        except (ContentError, ValueError):
            continue
    return tuple(found)


def _said(story: Story) -> tuple[list[str], list[str]]:
    """Return the words of a story; their spacing and style may change without a word being said of it."""
    return story.title.split(), plain_text(story.blocks).split()
