"""Reading stories and categories. Functions over an open library; most of them run a single SQL statement."""

# ruff: noqa: S608 (SQL is composed of constants; all values are bound)
from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from bpost_tui.clock import from_us, to_us
from bpost_tui.errors import ContentError, NotFoundError
from bpost_tui.i18n import Reason
from bpost_tui.model.blocks import Image
from bpost_tui.model.story import Category, CategoryCount, Headline, Revision, SavedStory, Story, to_story
from bpost_tui.model.story_identity import MAX_SHIFT, is_resent, resent_with_shift
from bpost_tui.store import papers
from bpost_tui.store.row_mapping import HEADLINE_COLUMNS, DamagedRowError, blocks_from_text, sqlite_text, to_headline
from bpost_tui.store.schema.migrations import MAX_OWN_LIST_ID
from bpost_tui.untrusted import read_json
from bpost_tui.urls import link_key

if TYPE_CHECKING:
    from bpost_tui.model.passage import Passage

_MOST_WITH_ONE_HEADLINE = 20
"""Maximum number of saved stories that are compared with a sent story; all are of its paper, with its headline and date."""

_MOST_SENT = 300
"""Maximum number of stories in an answer that is compared with stories of other dates, because each part of it takes longer."""

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

    Return None if no story fits, or several do. `paper` is the id of the paper of both. `others` are all stories that were sent
    together with `story`. A saved story that was itself sent now, as one of `others`, can't be the same story.
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
    hasn't been saved yet. If a
    story of this part has a saved guid or link, the site hasn't changed its software since the last refresh, and the result is
    empty. It is also empty for more than _MOST_SENT stories.
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

    They are sorted by name, so that their order stays the same.
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
