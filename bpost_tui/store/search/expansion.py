"""What a word of a query stands for in this library: inflected forms, Roman letters read as Bengali, English names.

Functions over an open library.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator

from bpost_tui.bengali.lexicon import NAMES, said, written
from bpost_tui.bengali.phonetic import is_typed, keys, respelt
from bpost_tui.bengali.similarity import alike, colloquial, distance
from bpost_tui.bengali.stemmer import is_sure, stems
from bpost_tui.store.search.index import ROOT

MOST_READINGS = 8
_FARTHEST = 1.2
"""The distance (news/likeness.py) beyond which a word isn't a reading."""
_AS_NEAR = 0.25
"""How much farther than the nearest another reading may be."""
_MOST_CANDIDATES = 1500
_LEAST_RESPELT = 5
"""With fewer Roman letters, respelling would turn one word into quite another: bdo isn't bro."""

# the commonest endings of nouns, as people write them
_ROMAN_ENDING = re.compile("(?<=...)(?:der|er|ke|te|ra|r|e|y|i|o)$")

_VOWEL = re.compile("[aeiou]")
_ENGLISH = dict(NAMES)
_BENGALI = {english: bengali for bengali, names in NAMES for english in names}


def forms(db: sqlite3.Connection, word: str) -> tuple[str, ...]:
    """Return a word and what it may be an inflected form of; a short stem only where a text has it, or other forms of it alone."""
    found = stems(word)
    unsure = [stem for stem in found if not (is_sure(stem) or is_seen(db, stem))]
    if unsure and not is_seen(db, word):
        unsure = [stem for stem in unsure if not _is_term(db, ROOT, stem)]
    return (word, *(stem for stem in found if stem not in unsure))


def is_seen(db: sqlite3.Connection, word: str) -> bool:
    """Whether a Bengali word stands in a text, or is a sure stem of one that does."""
    return _is_term(db, "", word) or (is_sure(word) and _is_term(db, ROOT, word))


def _is_term(db: sqlite3.Connection, mark: str, word: str) -> bool:
    query = "SELECT 1 FROM sounds_by_key WHERE term = ?"
    return any(db.execute(query, (mark + key + word,)).fetchone() for key in keys(word)[:1])


def readings(db: sqlite3.Connection, word: str, typed: str) -> tuple[str, ...]:
    """Return the words of this library that a word may be meant as, the likeliest first; empty where it stands for itself.

    Roman letters are read as Bengali, an abbreviation as its letters are said. A Bengali word that no text has is taken for one
    that differs where spelling wavers. `typed` is the word with its capitals, which Avro's spelling tells apart.
    """
    if word.isascii():
        name = _BENGALI.get(word)
        found = _abbreviated(db, word, _roman(db, word, typed))
        return tuple(dict.fromkeys((name, *found))) if name else found
    return () if any(is_seen(db, form) for form in (word, *stems(word))) else variants(db, word)


def variants(db: sqlite3.Connection, word: str) -> tuple[str, ...]:
    """Return the words of this library that are a Bengali word, or what it comes from, in another spelling.

    Of a short word that a text has, only the colloquial one: পুজো is পূজা, but শব isn't সব.
    """
    found = [other for form in (word, *stems(word)) for other in _respelt(db, form)]
    return tuple(dict.fromkeys(found))[:MOST_READINGS]


def _respelt(db: sqlite3.Connection, word: str) -> Iterator[str]:
    loose = is_sure(word) or not is_seen(db, word)
    said = colloquial(word)
    if loose or said != word or said.endswith("ো"):
        for other in _sharing_key(db, word):
            if other != word and (alike(other, word) if loose else colloquial(other) == said):
                yield other


def latin_names(word: str) -> tuple[str, ...]:
    """Return what stands for a Bengali word in any form in Latin letters: English names of places and families, abbreviations."""
    forms = (word, *stems(word))
    english = next((_ENGLISH[form] for form in forms if form in _ENGLISH), ())
    return (*english, *(letters for form in forms if (letters := written(form))))


def _abbreviated(db: sqlite3.Connection, word: str, read: tuple[str, ...]) -> tuple[str, ...]:
    """Return an abbreviation's reading where the library has one, beside others only where its two letters may well be a word."""
    letters = said(word)
    if not letters or not is_seen(db, letters):
        return read
    return (*read, letters) if len(word) == 2 and _VOWEL.search(word) else (letters,)


def _roman(db: sqlite3.Connection, word: str, typed: str) -> tuple[str, ...]:
    near = _near(db, word, typed)
    if not near and len(word) >= _LEAST_RESPELT:
        near = tuple(dict.fromkeys(found for other in respelt(word) for found in _near(db, other, other)))
    if not near and (ending := _ROMAN_ENDING.search(word)):
        return _roman(db, word[: ending.start()], typed[: ending.start()])
    return near


def _near(db: sqlite3.Connection, word: str, typed: str) -> tuple[str, ...]:
    """Return the words of the library that are near to Roman letters, the nearest first."""
    counts = _sharing_key(db, word)
    farness = {other: distance(other, word) for other in counts}
    nearest = min(farness.values(), default=0.0)
    near = [other for other, far in farness.items() if far <= min(nearest + _AS_NEAR, _FARTHEST)]
    believed = [other for other in near if is_seen(db, other)]
    near = believed or near  # ডেব of ডেবরা says nothing where there is a দেব
    near.sort(key=lambda other: (not is_typed(other, typed), farness[other], -counts[other], other))
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
