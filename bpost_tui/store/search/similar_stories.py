"""Similar stories: stories that share enough of a story's rarest words.

The more days lie between two stories, the more of the rarest words they must share. The criterion is text in the query language,
`like:"2026-11-23 কংসাবতী ব্যারাজ সেচ"` (query_parser.py): the story's day, and the stems of its rarest words. So the query still
works after the story was deleted, and is saved, synced and counted like any other query. Functions over an open library.
"""

from __future__ import annotations

import math
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import chain

from bpost_tui.bengali.stemmer import roots
from bpost_tui.clock import to_us
from bpost_tui.grouping.common_words import SAMPLE_STORIES, per_thousand
from bpost_tui.grouping.word_keys import word_key
from bpost_tui.model.story import Story
from bpost_tui.model.story_words import words_of
from bpost_tui.store.search.query_terms import SimilarTerm

MAX_WORDS = 14
"""Maximum number of words to search for.

With only 10 words, 13 % more of the stories about the same news (tests/data/same_news) aren't found.
"""
_MAX_COMPARED_WORDS = 30
"""Maximum number of rare words whose IDF (inverse document frequency) in the library is computed; the best MAX_WORDS are used."""
_MAX_TEXT_WORDS = 70
"""Maximum number of words read from a text, because its first sentences contain the news."""
_MAX_IGNORED_CHARS = 2
"""Maximum length of a word that is ignored, in characters. Words this short aren't names."""
_HEADLINE_FACTOR = 1.5
"""Factor for the weight of words in the headline."""
MIN_SHARE = 0.25
"""Minimum share of the words' total IDF that a story of the same day must contain."""
SHARE_DOUBLING_DAYS = 180
"""Number of days between two stories after which the minimum share is twice MIN_SHARE; the share grows evenly with the days.

After three times as many days, a similar story must contain all of the words.
"""
_MIN_SHARED_WORDS = 3
_LONGEST_WORD = 40
_MAX_EACH_WAY = 300
"""Maximum number of stories with a word that are examined on each side of the day of `like:`: the nearest in time."""
_MAX_COUNTED = 1000
"""Maximum number of stories that are counted to find how common a word is."""
_MINUTE_US = 60_000_000
_MINUTES_A_DAY = 24 * 60


def stem_of(word: str) -> str:
    """Return the innermost stem of a normalised word, or the word itself if it has no stem."""
    return (roots(word) or (word,))[0]


def rarest_stems(db: sqlite3.Connection, story: Story) -> tuple[str, ...]:
    """Return the stems of a saved story's rarest words, at most MAX_WORDS, the rarest (with the highest IDF) first.

    Words of the headline count as rarer than they are.
    """
    headline = set(map(word_key, words_of(story).heading))
    idfs = _StemIdf(db)
    weights = {
        stem: idfs.idf_bits(stem) * (_HEADLINE_FACTOR if key in headline else 1.0)
        for key, word in _rarest_words(story).items()
        for stem in [stem_of(word)]
        if len(stem) <= _LONGEST_WORD  # longer words could make the query too long to parse, save and sync
    }
    return tuple(sorted(weights, key=lambda stem: -weights[stem])[:MAX_WORDS])


def _rarest_words(story: Story) -> dict[str, str]:
    """Map word keys (such as a word's root in canonical spelling) to words, for a story's rarest words, the rarest first.

    Rarity is read from a list of the commonest words of the language. Of equally rare words, headline words come first. The words
    are normalised.
    """
    found: dict[str, str] = {}
    words = words_of(story)
    for word in (*words.heading, *words.lead[:_MAX_TEXT_WORDS]):
        if len(word) > _MAX_IGNORED_CHARS and not word[0].isdigit():
            found.setdefault(word_key(word), word)
    return {key: found[key] for key in sorted(found, key=per_thousand)[:_MAX_COMPARED_WORDS]}


def similar_entries(db: sqlite3.Connection, term: SimilarTerm) -> list[int]:
    """Return the index entries that match the term, unordered."""
    idfs = _StemIdf(db)
    bits = {word: idfs.idf_bits(word) for word in term.words}
    day_entry, found, shared = to_us(term.day) // _MINUTE_US, defaultdict[int, float](float), Counter[int]()
    for word, idf in bits.items():
        for entry in _entries_around(db, word, day_entry):
            found[entry] += idf
            shared[entry] += 1
    least, total = min(_MIN_SHARED_WORDS, len(bits)), sum(bits.values())
    return [
        entry
        for entry, count in shared.items()
        if count >= least and found[entry] >= total * min_share(abs(entry - day_entry) / _MINUTES_A_DAY)
    ]


def min_share(days: float) -> float:
    """Return the minimum share (0 to 1) of the query's words, weighted by rarity (IDF), that a similar story must contain.

    `days` is the number of days between the story that the query was made from and the similar story.
    """
    return min(1.0, MIN_SHARE * (1 + days / SHARE_DOUBLING_DAYS))


def _entries_around(db: sqlite3.Connection, word: str, entry: int) -> Iterator[int]:
    """Yield the index entries with `word` that are nearest to the entry number `entry`, before and after it.

    Entries are numbered by the minute (search_index.py), so the nearest entries are the nearest in time.
    """
    query = "SELECT rowid FROM search WHERE search MATCH ? AND rowid {} ? ORDER BY rowid {} LIMIT ?"
    values = (f'"{word}"', entry, _MAX_EACH_WAY)
    rows = chain(db.execute(query.format("<=", "DESC"), values), db.execute(query.format(">", "ASC"), values))
    return (row[0] for row in rows)


class _StemIdf:
    """IDF (rarity) of stems, computed from the stories of a library."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        (self._stories,) = db.execute("SELECT coalesce(sum(total), 0) FROM lists WHERE id = paper").fetchone()

    def idf_bits(self, stem: str) -> float:
        """Return the IDF (rarity) of a stem in bits.

        It is computed from the stories of the library, and from a list of the language's common words, which has the weight of
        1,000 more stories.
        """
        query = "SELECT count(*) FROM (SELECT 1 FROM search WHERE search MATCH ? LIMIT ?)"
        (count,) = self._db.execute(query, (f'"{stem}"', _MAX_COUNTED)).fetchone()
        return math.log2((self._stories + SAMPLE_STORIES) / (min(count, self._stories) + per_thousand(word_key(stem))))
