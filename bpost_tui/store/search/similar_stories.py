"""Stories like one: those that have enough of its rarest words, and the more of them the further off in time they are.

What is looked for is kept as text, `like:"2026-11-23 কংসাবতী ব্যারাজ সেচ"` (query.py): the story's day, and the stems of its rarest
words. So it goes on finding after the story has gone, and is saved, sent and counted as any other query. Functions over an open
library.
"""

from __future__ import annotations

import math
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import chain

from bpost_tui.bengali.stemmer import roots
from bpost_tui.grouping.common_words import SAMPLE_STORIES, per_thousand
from bpost_tui.grouping.word_keys import word_key
from bpost_tui.model.story import Story
from bpost_tui.model.story_words import words_of
from bpost_tui.store.row_mapping import to_us
from bpost_tui.store.search.query_terms import SimilarTerm

MAX_WORDS = 14
"""By which others are looked for; with ten, 13 in 100 accounts of the same news (tests/data/same_news) are missed that 14 find."""
_WEIGHED_WORDS = 30
"""Of which those are chosen."""
_READ_WORDS = 70
"""How much of a text: what has happened is in its first sentences."""
_SHORT = 2
"""Words of so many characters are no names."""
_HEADLINE = 1.5
"""A word of the headline counts for as much more."""
MIN_SHARE = 0.25
"""How much of what the words tell a story of the same day must have."""
HALF_DAYS = 180
"""So far off, twice as much; a year further, all of it."""
_MIN_SHARED_WORDS = 3
_LONGEST_WORD = 40
_MAX_EACH_WAY = 300
"""Stories with one word that are looked at, before the day and after it: those next to it."""
_COUNTED = 1000
"""Stories with one word, beyond which it is no matter how many there are."""
_MINUTE_US = 60_000_000
_MINUTES_A_DAY = 24 * 60


def stem_of(word: str) -> str:
    """Return a normalised word's innermost stem, itself where it has none."""
    return (roots(word) or (word,))[0]


def rarest_stems(db: sqlite3.Connection, story: Story) -> tuple[str, ...]:
    """Return the stems of a saved story's rarest words, those that tell most first."""
    headline = set(map(word_key, words_of(story).heading))
    told = _StemIdf(db)
    weights = {
        stem: told.idf_bits(stem) * (_HEADLINE if key in headline else 1.0)
        for key, word in _rarest_words(story).items()
        for stem in [stem_of(word)]
        if len(stem) <= _LONGEST_WORD  # so that no query is too long to be read, saved and sent
    }
    return tuple(sorted(weights, key=lambda stem: -weights[stem])[:MAX_WORDS])


def _rarest_words(story: Story) -> dict[str, str]:
    """Return a story's rarest words by the list, normalised, by their keys; those of the headline before equally rare ones."""
    found: dict[str, str] = {}
    words = words_of(story)
    for word in (*words.heading, *words.lead[:_READ_WORDS]):
        if len(word) > _SHORT and not word[0].isdigit():
            found.setdefault(word_key(word), word)
    return {key: found[key] for key in sorted(found, key=per_thousand)[:_WEIGHED_WORDS]}


def similar_entries(db: sqlite3.Connection, like: SimilarTerm) -> list[int]:
    """Return the entries of the index that a term finds, in no order."""
    told = _StemIdf(db)
    bits = {word: told.idf_bits(word) for word in like.words}
    here, found, shared = to_us(like.day) // _MINUTE_US, defaultdict[int, float](float), Counter[int]()
    for word, tells in bits.items():
        for entry in _entries_around(db, word, here):
            found[entry] += tells
            shared[entry] += 1
    least, whole = min(_MIN_SHARED_WORDS, len(bits)), sum(bits.values())
    return [
        entry
        for entry, count in shared.items()
        if count >= least and found[entry] >= whole * min_share(abs(entry - here) / _MINUTES_A_DAY)
    ]


def min_share(days: float) -> float:
    """Return how much of what the words tell a story must have that is so many days off, at most all of it."""
    return min(1.0, MIN_SHARE * (1 + days / HALF_DAYS))


def _entries_around(db: sqlite3.Connection, word: str, entry: int) -> Iterator[int]:
    """Yield the entries with a word that are next to one; entries are numbered by the minute (index.py)."""
    query = "SELECT rowid FROM search WHERE search MATCH ? AND rowid {} ? ORDER BY rowid {} LIMIT ?"
    values = (f'"{word}"', entry, _MAX_EACH_WAY)
    rows = chain(db.execute(query.format("<=", "DESC"), values), db.execute(query.format(">", "ASC"), values))
    return (row[0] for row in rows)


class _StemIdf:
    """How much words tell in a library."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        (self._stories,) = db.execute("SELECT coalesce(sum(total), 0) FROM shelves WHERE id = paper").fetchone()

    def idf_bits(self, stem: str) -> float:
        """Return how much it tells that a story has a word; the thousand stories of common_words.py count along."""
        query = "SELECT count(*) FROM (SELECT 1 FROM search WHERE search MATCH ? LIMIT ?)"
        (having,) = self._db.execute(query, (f'"{stem}"', _COUNTED)).fetchone()
        return math.log2((self._stories + SAMPLE_STORIES) / (min(having, self._stories) + per_thousand(word_key(stem))))
