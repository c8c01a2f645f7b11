"""Reading stories and categories. Functions over an open library; most of them run a single SQL statement."""

# ruff: noqa: S608 (SQL is composed of constants; all values are bound)
from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from bpost_tui.clock import from_us
from bpost_tui.errors import ContentError, NotFoundError
from bpost_tui.i18n import Reason
from bpost_tui.model.blocks import Image
from bpost_tui.model.story import Category, CategoryCount, Headline, Revision, SavedStory, Story, to_story
from bpost_tui.store import papers
from bpost_tui.store.row_mapping import HEADLINE_COLUMNS, DamagedRowError, blocks_from_text, sqlite_text, to_headline
from bpost_tui.store.schema.migrations import MAX_OWN_LIST_ID
from bpost_tui.untrusted import read_json
from bpost_tui.urls import link_key

if TYPE_CHECKING:
    from bpost_tui.model.passage import Passage

# ── one story ───────────────────────────────────────────────────────────────


def headline(db: sqlite3.Connection, story: int) -> Headline:
    """Return the headline of the story with the id `story`; raises NotFoundError if the library lacks the story."""
    row = db.execute(f"SELECT {HEADLINE_COLUMNS} FROM stories AS s WHERE s.id = ?", (story,)).fetchone()
    if not row:
        raise not_found(story)
    return to_headline(row)


def saved_story(db: sqlite3.Connection, story: int) -> SavedStory:
    """Return the story with the id `story`, with its text.

    Raises:
        NotFoundError: The library doesn't have the story.
        DamagedRowError: The text can't be read.
    """
    query = f"""SELECT {HEADLINE_COLUMNS}, s.text_end, s.source, s.tags, s.image, t.blocks
        FROM stories AS s LEFT JOIN texts AS t ON t.story = s.id WHERE s.id = ?"""
    row = db.execute(query, (story,)).fetchone()
    if not row:
        raise not_found(story)
    try:
        found = to_headline(row)
        *_, text_end, source, tags, image, text = row
        return SavedStory(found, blocks_from_text(text), tuple(read_json(tags)), image, _kept_passages(db, found), source, text_end)
    except (ContentError, TypeError) as error:
        raise DamagedRowError(f"the text of story {story}: {error}") from error


def _kept_passages(db: sqlite3.Connection, row: Headline) -> tuple[Passage, ...]:
    if not db.execute("SELECT 1 FROM reader.passages LIMIT 1").fetchone():
        return ()
    from bpost_tui.store.passage_rows import passages_of_story  # 1 ms, only if there are passages

    return passages_of_story(db, row.guid, row.paper, row.link)


def story_or_headline(db: sqlite3.Connection, story: int) -> SavedStory:
    """Return the story with the id `story`; if its text is damaged, return the story without the text.

    Raises NotFoundError if the library lacks the story.
    """
    try:
        return saved_story(db, story)
    except DamagedRowError:
        return SavedStory(headline(db, story)._replace(full=False), ())


def as_sent_story(db: sqlite3.Connection, story_id: int) -> Story:
    """Return a saved story as a portal would send it. A damaged text is returned as empty, so that a new text can replace it.

    Raises NotFoundError if the library lacks the story.
    """
    return to_story(story_or_headline(db, story_id))


def revisions(db: sqlite3.Connection, story_id: int) -> tuple[Revision, ...]:
    """Return the earlier versions of a story that was edited on the portal, the latest first; damaged versions are left out."""
    query = "SELECT replaced_us, title, blocks FROM revisions WHERE story = ? ORDER BY replaced_us DESC"
    found: list[Revision] = []
    for replaced_us, title, text in db.execute(query, (story_id,)):
        with suppress(ContentError):
            found.append(Revision(from_us(replaced_us), title, blocks_from_text(text)))
    return tuple(found)


# ── finding a story ─────────────────────────────────────────────────────────


def find(db: sqlite3.Connection, reference: str, paper: str | None = None) -> int:
    """Return the id of the story that `reference` names by its id, guid or link.

    `paper` is the key of the story's paper. If it is None and several papers have such a story, return the story of the paper that
    is first in the reader's order. Raises NotFoundError if there is no such story.
    """
    reference = sqlite_text(reference.strip())
    if reference.isdecimal() and len(reference) <= 18:
        return _find_by_id(db, int(reference), paper)
    found = _find_by_column(db, "guid", reference, paper) or _find_by_column(db, "link_key", link_key(reference), paper)
    if found is None:
        raise not_found(reference)
    return found


def _find_by_id(db: sqlite3.Connection, story_id: int, paper: str | None) -> int:
    if paper is not None:
        query = "SELECT 1 FROM stories WHERE id = ? AND paper = (SELECT id FROM papers WHERE key = ?)"
        if not db.execute(query, (story_id, paper)).fetchone():
            raise not_found(story_id)
    return headline(db, story_id).id


def _find_by_column(db: sqlite3.Connection, column: str, value: str | None, paper: str | None) -> int | None:
    query = f"""SELECT s.id, s.title FROM stories AS s JOIN papers AS p ON p.id = s.paper
        WHERE s.{column} = ? AND (? IS NULL OR p.key = ?) ORDER BY p.position IS NULL, p.position, p.id, s.id LIMIT 1"""
    row = db.execute(query, (value, paper, paper)).fetchone()
    return int(row[0]) if row else None


def find_all(db: sqlite3.Connection, references: Iterable[str], paper: str | None = None) -> dict[str, int]:
    """Map references (ids, guids or links) to story ids; references to stories that the library lacks are left out.

    `paper` is the key of the stories' paper, or None for stories of any paper.
    """
    found: dict[str, int] = {}
    for reference in references:
        with suppress(NotFoundError):
            found[reference] = find(db, reference, paper)
    return found


def not_found(reference: int | str) -> NotFoundError:
    """Return the error for a story that the library doesn't have. Its message names the `reference` to the story."""
    return NotFoundError(
        Reason("no story {wanted} in the library", wanted=str(reference)[:80]), hint="`bpost list` shows the numbers."
    )


# ── many stories ────────────────────────────────────────────────────────────


def categories(db: sqlite3.Connection, paper: str | None = None) -> tuple[CategoryCount, ...]:
    """Return the categories of the paper with the key `paper`, or of all subscribed papers if `paper` is None.

    They are in the papers' order; a paper's categories are sorted by name, so that their order stays the same. The library's first
    paper is included even if no paper is subscribed to.
    """
    which = f"p.position IS NOT NULL OR p.id = {papers.FIRST_PAPER_ID}" if paper is None else "p.key = ?"
    query = f"""SELECT c.slug, c.name, c.parent, c.portal_count, c.total, c.unread, p.key
        FROM papers AS p JOIN lists AS c ON c.paper = p.id WHERE c.slug IS NOT NULL AND ({which})
        ORDER BY p.position IS NULL, p.position, c.name, c.slug"""
    rows = db.execute(query, () if paper is None else (paper,))
    return tuple(CategoryCount(Category(*row[:4]), *row[4:]) for row in rows)


def marked_pictures(db: sqlite3.Connection) -> frozenset[str]:
    """Return the addresses of all pictures of stories that are starred, in Read later, or in a list that the reader made."""
    query = f"""SELECT s.image, t.blocks FROM stories AS s LEFT JOIN texts AS t ON t.story = s.id
        WHERE s.starred OR s.later OR s.id IN (SELECT story FROM list_entries WHERE list <= {MAX_OWN_LIST_ID})"""
    found: set[str] = set()
    for lead, text in db.execute(query):
        found |= {lead} if lead else set()
        with suppress(ContentError):  # a damaged text has none
            found |= {block.src for block in blocks_from_text(text) if isinstance(block, Image)}
    return frozenset(found)
