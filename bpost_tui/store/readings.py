"""What a word of a query stands for in this library: inflected forms, Roman letters read as Bengali, English names.

Functions over an open library.
"""

from __future__ import annotations

import re
import sqlite3

from ..news.endings import is_sure, stems
from ..news.names import NAMES
from ..news.roman import alike, distance, is_typed, keys
from .index import ROOT

MOST_READINGS = 8
_FARTHEST = 1.2
"""The distance (news/roman.py) from which on a word isn't a reading."""
_AS_NEAR = 0.25
"""How much farther than the nearest another reading may be."""
_MOST_CANDIDATES = 1500

# the commonest endings of nouns, as people write them
_ROMAN_ENDING = re.compile("(?<=...)(?:der|er|ke|te|ra|r|e|y|i|o)$")

_ENGLISH = dict(NAMES)
_BENGALI = {english: bengali for bengali, names in NAMES for english in names}


def forms(db: sqlite3.Connection, word: str) -> tuple[str, ...]:
    """Return a word and what it may be an inflected form of; a short stem only where a text has it."""
    return (word, *(stem for stem in stems(word) if is_sure(stem) or is_seen(db, stem)))


def is_seen(db: sqlite3.Connection, word: str) -> bool:
    """Whether a Bengali word stands in a text, or is a sure stem of one that does."""
    marks = ("", ROOT) if is_sure(word) else ("",)
    terms = [mark + key + word for key in keys(word)[:1] for mark in marks]
    return any(db.execute("SELECT 1 FROM sounds_by_key WHERE term = ?", (term,)).fetchone() for term in terms)


def readings(db: sqlite3.Connection, word: str, typed: str) -> tuple[str, ...]:
    """Return the words of this library that a word may be meant as, the likeliest first; empty where it stands for itself.

    Roman letters are read as Bengali. A Bengali word that no text has is taken for one that differs where spelling wavers.
    `typed` is the word with its capitals, which Avro's spelling tells apart.
    """
    if word.isascii():
        name = _BENGALI.get(word)
        found = _roman(db, word, typed)
        return tuple(dict.fromkeys((name, *found))) if name else found
    if any(is_seen(db, form) for form in (word, *stems(word))):
        return ()
    return tuple(other for other in _sharing_key(db, word) if alike(other, word))[:MOST_READINGS]


def english_names(word: str) -> tuple[str, ...]:
    """Return what English calls a place or a family, given the Bengali name in any form."""
    return next((_ENGLISH[form] for form in (word, *stems(word)) if form in _ENGLISH), ())


def _roman(db: sqlite3.Connection, word: str, typed: str) -> tuple[str, ...]:
    counts = _sharing_key(db, word)
    farness = {other: distance(other, word) for other in counts}
    nearest = min(farness.values(), default=0.0)
    near = [other for other, far in farness.items() if far <= min(nearest + _AS_NEAR, _FARTHEST)]
    near.sort(key=lambda other: (not is_typed(other, typed), farness[other], -counts[other], other))
    if not near and (ending := _ROMAN_ENDING.search(word)):
        return _roman(db, word[: ending.start()], typed[: ending.start()])
    return tuple(near[:MOST_READINGS])


def _sharing_key(db: sqlite3.Connection, word: str) -> dict[str, int]:
    """Return the words of the library that share a key with a word of either script, with how often stories came with them."""
    found: dict[str, int] = {}
    for start in (mark + key for key in keys(word) for mark in ("", ROOT)):
        # what follows in a term begins with a Bengali letter
        query = "SELECT term, doc FROM sounds_by_key WHERE term >= ? AND term < ? LIMIT ?"
        terms = db.execute(query, (f"{start}\u0980", f"{start}\u0a00", _MOST_CANDIDATES))
        found |= {term[len(start) :]: count for term, count in terms}
    return found
