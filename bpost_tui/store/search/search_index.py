"""Full-text index of the stories: adding, removing and checking the searchable words of each story.

Words are normalised (bengali/normalise.py) and separated by spaces, so that FTS5's tokenizer splits them as bpost does. Stems of
inflected words (bengali/stemmer.py) have columns of their own. Functions over an open library. Before a call that writes, the
caller must have begun a transaction. The entry of a story that is deleted must be removed in the same transaction.
"""

# ruff: noqa: S608 (SQL is composed of constants; all values are bound)
from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, TypeAlias

from bpost_tui.bengali.normalise import words
from bpost_tui.bengali.phonetic import key_pairs
from bpost_tui.bengali.stemmer import stems_and_roots
from bpost_tui.errors import StoreError
from bpost_tui.model.blocks import Image
from bpost_tui.model.datelines import place_tag
from bpost_tui.model.story import Story
from bpost_tui.model.story_fields import SEARCHED
from bpost_tui.model.story_words import words_of
from bpost_tui.store import stories
from bpost_tui.store.schema.migrations import ALL_PAPERS_LIST, EMPTYING_INDEX, FTS_TABLES, INDEX_VERSION, index_version, is_indexed
from bpost_tui.store.sqlite_files import transaction
from bpost_tui.store.writer_queue import BATCH_S, within
from bpost_tui.typesetting.text.named_tuple import NamedTuple

if TYPE_CHECKING:
    from bpost_tui.store.database_access import DatabaseAccess

# Why the index isn't just an FTS5 table of the texts. With FTS5's own tokenizer, half of the Bengali words that readers search for
# would not be found. Words are inflected, the same letter has several encodings, spelling varies, and many type Roman letters.
# So bpost makes the words itself: normalised words, and their stems in separate columns (ranked lower). A second FTS5 table has
# each Bengali word after its phonetic key, so that all words with one sound are neighbours (query_expansion.py reads them as
# a range). Neither table has content of its own, because the texts are already stored.
#
# Contentless tables can only delete an entry when given exactly the words it was made of. These are computed again from the story;
# only its categories may have been renamed meanwhile, so the words of their names are stored in `entry_categories`. If the
# rules for words change (INDEX_VERSION), the index is emptied and rebuilt in batches of INDEX_BATCH. To empty it in one transaction
# would keep other writers waiting for seconds, so `stories.entry` is set to NULL in batches. Meanwhile the index has the version
# EMPTYING_INDEX, so that the next search or refresh goes on with it after a kill.
#
# An entry isn't numbered like its story but by the minute of publication, or the next free number (`_free_entry`). So the order
# of rowids is the order of time. The newest hits come without sorting, and the newest 2,000 can be ranked without reading the rest.
#
# FTS5 collects new and deleted entries in memory, and writes them as one segment of the index when the transaction ends. It writes
# them earlier if an entry has a lower number than the one before, or if another statement begins that may fail halfway, such as an
# INSERT with a SELECT. The obvious loop indexes a story and then saves its fingerprint, and so writes a segment for each story.
# FTS5 merges 16 segments of one size at once, and if that makes 16 larger segments, these as well, up to the whole index. Of
# 100,000 stories, one such merge took 3.4 s of processor time in the middle of an import, and marks waited. So a transaction does
# all else first, and then changes its entries in the order of their numbers (`index_stories`, `remove_entries`).
#
# A refresh saves rows only (`story_saver`), and indexes them after it has reported them: nobody searches in that second, and
# indexing takes a quarter of a refresh. `stories.entry` is NULL meanwhile, so the index needs no other queue, and a kill between
# leaves a library that the next refresh or search completes (`complete_index`).

STEMS = ("headline_stems", "text_stems")
INDEX_COLUMNS = ("headline", "tag", *SEARCHED, "category", "traits", "text", *STEMS)
ROOT = "z"
"""Prefix of a term in the phonetic index whose word is a root that texts may contain only with endings.

No phonetic key (the consonants of a word by class) begins with this letter.
"""
INDEX_BATCH = 200
"""Number of stories indexed in one transaction when the index is rebuilt."""

_UNINDEXED_FIELDS = frozenset(("guid", "link", "modified", "full"))
"""Fields of a story that affect neither the story's words in the index nor the number of the story's index entry."""
_LONGEST_WORD = 40
_MINUTE_US = 60_000_000
_NAMES = ", ".join(INDEX_COLUMNS)
_INSERT = f"INSERT INTO search (rowid, {_NAMES}) VALUES (?{', ?' * len(INDEX_COLUMNS)})"
_DELETE = f"INSERT INTO search (search, rowid, {_NAMES}) VALUES ('delete', ?{', ?' * len(INDEX_COLUMNS)})"


Entry: TypeAlias = tuple[int, *tuple[str, ...]]
"""Entry of the index: its number, and the words of each of INDEX_COLUMNS."""


class UnindexedStory(NamedTuple):
    """Story in the table `stories` that isn't in the index yet."""

    id: int
    story: Story
    published_us: int
    """Time of publication in microseconds since 1970."""
    paper: int
    """Id of the story's paper."""


def index_stories(db: sqlite3.Connection, saved: Iterable[UnindexedStory]) -> int:
    """Add stories to the index, and return their number.

    No story is added before the last of `saved` was yielded, so the iterator may write to other tables.
    """
    entries, new_words = list[tuple[UnindexedStory, str, tuple[str, ...]]](), set[str]()
    for each in saved:
        names = " ".join(part for category in each.story.categories for part in (category.slug, category.name))
        categories = " ".join(words(names))
        columns = entry_columns(each.story, categories)
        entries.append((each, categories, columns))
        new_words.update(" ".join(columns[:-2]).split())
    for each, categories, columns in sorted(entries, key=lambda entry: (entry[0].published_us, entry[0].id)):
        entry = _free_entry(db, each.paper, each.published_us // _MINUTE_US)
        db.execute(_INSERT, (entry, *columns))
        db.execute("UPDATE stories SET entry = ?, entry_categories = ? WHERE id = ?", (entry, categories, each.id))
    _add_phonetic_words(db, new_words)
    return len(entries)


def saved_entry(db: sqlite3.Connection, story_id: int, story: Story) -> Entry | None:
    """Return a story's entry in the index, for `remove_entries`; None if the story isn't in the index.

    `story` must equal the story that was indexed, because the index has no copy of the words.
    """
    number, categories = db.execute("SELECT entry, entry_categories FROM stories WHERE id = ?", (story_id,)).fetchone()
    if number is None or index_version(db) != INDEX_VERSION:  # the entry was deleted with all others, or will be
        return None
    return number, *entry_columns(story, categories)


def remove_entries(db: sqlite3.Connection, entries: Iterable[Entry]) -> None:
    """Remove entries, as returned by `saved_entry`, from the index.

    The caller has to set the column `entry` of their stories to NULL, or to delete the stories.
    """
    db.executemany(_DELETE, sorted(entries))


def has_same_words(known: Story, merged: Story) -> bool:
    """Whether `known` and `merged`, two versions of a story, have the same words in the index."""
    return all(getattr(known, name) == getattr(merged, name) for name in Story._fields if name not in _UNINDEXED_FIELDS)


def complete_index(database: DatabaseAccess) -> None:
    """Index the stories that a refresh has saved but not yet indexed, before a search.

    Do nothing within `read_together`, whose reads wouldn't see the new entries. If the library can't be written, the search goes on
    without these stories.
    """
    with suppress(StoreError):
        while not (database.reads_together or database.read(is_indexed)) and database.write(index_batch):
            pass


def is_being_rebuilt(db: sqlite3.Connection) -> bool:
    """Whether the index is being rebuilt, so that searches find too little: it lacks more stories than are indexed at a time."""
    query = "SELECT 1 FROM stories WHERE entry IS NULL LIMIT 1 OFFSET ?"
    return index_version(db) != INDEX_VERSION or db.execute(query, (INDEX_BATCH,)).fetchone() is not None


def index_missing_stories(db: sqlite3.Connection, *, only_begins: bool = False) -> bool:
    """Index all stories that aren't in the index, in several transactions; return whether the index was of an older version.

    With `only_begins`, leave most stories of a library with more than INDEX_BATCH stories to the next search or refresh.
    """
    is_known = index_version(db) in (0, EMPTYING_INDEX, INDEX_VERSION)
    was_outdated = not is_known and db.execute("SELECT 1 FROM stories LIMIT 1").fetchone() is not None
    is_large = db.execute("SELECT 1 FROM stories LIMIT 1 OFFSET ?", (INDEX_BATCH,)).fetchone() is not None
    while not is_indexed(db):
        with transaction(db):
            index_batch(db)
        if only_begins and is_large:
            break
    return was_outdated


def index_batch(db: sqlite3.Connection, on_story: Callable[[int, Story, int, int], object] | None = None) -> int:
    """Index the newest stories that aren't in the index, and return their number (INDEX_BATCH at most).

    Indexing ends after about BATCH_S seconds, so that other processes can write. If an earlier INDEX_VERSION made the index, remove
    stories from it instead, and return their number. `on_story`, unless it is None, is called with each indexed story: its id, the
    story, its time of publication in microseconds, its paper's id.
    """
    if index_version(db) != INDEX_VERSION and (emptied := _empty_batch(db)):
        return emptied
    rows = db.execute("SELECT id, published_us, paper FROM stories WHERE entry IS NULL ORDER BY id DESC LIMIT ?", (INDEX_BATCH,))

    def read() -> Iterator[UnindexedStory]:
        for story_id, published_us, paper in within(BATCH_S, rows.fetchall()):
            story = stories.as_sent_story(db, story_id)
            if on_story is not None:
                on_story(story_id, story, published_us, paper)
            yield UnindexedStory(story_id, story, published_us, paper)

    return index_stories(db, read())


def begin_emptying(db: sqlite3.Connection) -> None:
    """Delete all entries of the index, as the first step of a rebuild.

    Stories keep the ids of their deleted entries. `index_batch` removes these ids first, then indexes the stories.
    """
    _delete_entries(db, EMPTYING_INDEX)


def _delete_entries(db: sqlite3.Connection, version: int) -> None:
    for table in FTS_TABLES:
        db.execute(f"INSERT INTO {table} ({table}) VALUES ('delete-all')")
    db.execute("UPDATE index_version SET version = ?", (version,))


def _empty_batch(db: sqlite3.Connection) -> int:
    """Remove ids of deleted index entries from stories, and return the number of stories reached in about BATCH_S seconds.

    If the index isn't being emptied yet, begin by deleting its entries.
    """
    if index_version(db) != EMPTYING_INDEX:
        begin_emptying(db)
    query, removed = "SELECT id FROM stories WHERE entry IS NOT NULL LIMIT 10000", 0
    for story in within(BATCH_S, db.execute(query).fetchall()):
        removed += db.execute("UPDATE stories SET entry = NULL WHERE id = ?", story).rowcount
    if not removed:
        _delete_entries(db, INDEX_VERSION)  # entries of stories that were saved meanwhile
    return removed


def is_sound(db: sqlite3.Connection) -> bool:
    """Whether SQLite finds the index consistent, and each index entry has its story; takes seconds if the index is large.

    While the index is being emptied, stories may have ids of deleted entries, so only SQLite's check is made.
    """
    try:
        for table in FTS_TABLES:
            db.execute(f"INSERT INTO {table} ({table}) VALUES ('integrity-check')")
        query = """SELECT (SELECT count(*) FROM search_docsize), (SELECT count(*) FROM stories WHERE entry IS NOT NULL),
            (SELECT count(*) FROM stories WHERE entry IN (SELECT id FROM search_docsize))"""
        return index_version(db) == EMPTYING_INDEX or len(set(db.execute(query).fetchone())) == 1
    except sqlite3.DatabaseError:
        return False


def entry_columns(story: Story, categories: str) -> tuple[str, ...]:
    """Return the indexed words of a story, in the order of INDEX_COLUMNS.

    `categories` are the words of the slugs and names of its categories.
    """
    found = words_of(story)
    traits = "image" if story.image or any(isinstance(block, Image) for block in story.blocks) else ""
    tag = words(" ".join((place_tag(story.title), *story.tags)))
    own = (words(getattr(story, name)) for name in SEARCHED)
    fields = (found.title, tag, *own, [categories], [traits], found.text, _stems(found.title), _stems(found.text))
    return tuple(" ".join(field) for field in fields)


def _stems(found: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys(stem for stems, _ in map(stems_and_roots, dict.fromkeys(found)) for stem in stems)


def _free_entry(db: sqlite3.Connection, paper: int, minute: int) -> int:
    """Return an unused entry number for a story of `paper` published in `minute` (minutes since 1970): `minute` or the next unused.

    The search starts after the last indexed story of the minute, because thousands of stories may have the same minute.
    """
    last = """SELECT s.entry FROM papers, list_entries AS p JOIN stories AS s ON s.id = p.story WHERE papers.id = ?
        AND p.list = iif(in_all_papers, ?, papers.id) AND p.published_us >= ? AND p.published_us < ? AND s.entry IS NOT NULL
        ORDER BY p.published_us DESC, p.story DESC LIMIT 1"""
    row = db.execute(last, (paper, ALL_PAPERS_LIST, minute * _MINUTE_US, (minute + 1) * _MINUTE_US)).fetchone()
    start = max(minute, row[0] + 1) if row else minute
    if not db.execute("SELECT 1 FROM stories WHERE entry = ?", (start,)).fetchone():
        return start
    query = """SELECT s.entry + 1 FROM stories AS s WHERE s.entry >= ?
        AND NOT EXISTS (SELECT 1 FROM stories AS o WHERE o.entry = s.entry + 1) ORDER BY s.entry LIMIT 1"""
    return int(db.execute(query, (start,)).fetchone()[0])


def _add_phonetic_words(db: sqlite3.Connection, new_words: Iterable[str]) -> None:
    """Add Bengali words and their roots to the phonetic index, each after its phonetic key (its consonants by class).

    Roots that aren't among `new_words` get the prefix ROOT, since texts may have them only with endings. Words in other scripts are
    ignored.
    """
    known = {word for word in new_words if "\u0980" <= word < "\u0a00" and len(word) <= _LONGEST_WORD}  # only Bengali
    unseen = {root for _, roots in map(stems_and_roots, known) for root in roots} - known
    terms = [key + word for key, word in key_pairs(known)] + [ROOT + key + word for key, word in key_pairs(unseen)]
    if terms:
        db.execute("INSERT INTO phonetic_words (words) VALUES (?)", (" ".join(sorted(terms)),))
