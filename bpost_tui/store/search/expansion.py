"""Query expansion: what a word of a query may stand for in this library, beside itself.

Each kind adds words to what is searched, and only such as this library has (`latin_names` aside):

    kind                      typed          adds                   by
    stems of an inflection    জেলার          জেলা                   with_stems
    Roman letters             haspatal       হাসপাতাল                _romanised (not HASPATAL)
    English names             calcutta       কলকাতা                 _BENGALI_NAMES
    abbreviations             bjp            বিজেপি                  _abbreviated
    a word half typed         medin          মেদিনীপুর               _begun (in the line of the search)
    other spellings           পুজো           পূজা                    _other_spellings
    names in Latin letters    কলকাতা         calcutta, kolkata      _latin_names
                              বিজেপি          bjp
    words written as one      high court     হাইকোর্ট                expand_compound

Stems count as what was asked (`Expansion.exact`), the others as what may be meant besides. Functions over an open library.
"""

from __future__ import annotations

import re
import sqlite3
import string
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from bpost_tui.bengali.lexicon import EXONYMS, abbreviation_of, spelled_out
from bpost_tui.bengali.phonetic import INHERENT, is_avro, keys, respellings, sounds
from bpost_tui.bengali.similarity import alike, colloquial, distance
from bpost_tui.bengali.stemmer import is_sure, stems
from bpost_tui.store.search.index import ROOT
from bpost_tui.store.search.query_terms import Words

MOST_READINGS = 8
_FARTHEST = 1.2
"""The distance (similarity.py) beyond which a word isn't a reading."""
_FARTHEST_WITHOUT_VOWELS = 0.6
"""That for letters without a vowel: they leave out inherent vowels at most (khbr), and mostly are no Bengali at all."""
_FARTHEST_PER_LETTER = 0.155
"""That for each letter of a word that stands in the library as it is: Suvendu is শুভেন্দু besides, court isn't করতে."""
_AS_HEARD = 0.2
"""At this distance, a word that stands in the library as it is is read, however short it is."""
_AS_NEAR = 0.25
"""How much farther than the nearest another reading may be."""
_MOST_CANDIDATES = 1500
_MOST_BEGUN = 400
"""With so many words of the same first consonants, half a word isn't read: looking at them would take over 5 ms."""
_KEY_LETTERS = string.ascii_lowercase + string.digits
_LAST = "\U0010ffff"
_WITHOUT_INHERENT = str.maketrans("", "", f"ao{INHERENT}")
"""Takes away what the inherent vowel is written as, and sounds like."""
_LEAST_RESPELT = 5
"""With fewer Roman letters, respelling would turn one word into quite another: bdo isn't bro."""

# the commonest endings of nouns, as people write them
_ROMAN_ENDING = re.compile("(?<=...)(?:der|er|ke|te|ra|r|e|y|i|o)$")

_VOWEL = re.compile("[aeiou]")
_ENGLISH_NAMES = dict(EXONYMS)
_BENGALI_NAMES = {english: bengali for bengali, names in EXONYMS for english in names}


class Expansion(NamedTuple):
    """What one word of a query stands for, normalised."""

    exact: tuple[str, ...]
    """The word, and the stems it may be an inflected form of."""
    expanded: tuple[str, ...]
    """Those, and what may be meant besides."""
    readings: tuple[str, ...]
    """The words that it is read as, the likeliest first; empty where it stands for itself."""
    is_begun: bool = False
    """Whether it is read as the beginning of words."""


def expand(db: sqlite3.Connection, term: Words) -> Expansion:
    """Return what a word stands for: `haspatal` is read as হাসপাতাল, and found as that.

    `term` holds one word; as it was typed, its capitals count, which Avro's spelling tells apart. One that may be half typed is
    read as what begins so, unless a word sounds just like it.
    """
    (word,) = term.words
    exact = with_stems(db, word)
    readings = _readings(db, word, term.typed)
    begun = _begun(db, word) if term.is_begun and not _is_heard(db, word, readings) else ()
    readings = tuple(dict.fromkeys((*begun, *readings)))
    meant = readings or _other_spellings(db, word)
    forms = [form for each in meant for form in with_stems(db, each)]
    return Expansion(exact, tuple(dict.fromkeys((*exact, *forms, *_latin_names(word)))), readings, bool(begun))


def expand_compound(db: sqlite3.Connection, first: Words, second: Words) -> tuple[str, ...]:
    """Return what two neighbours may mean that are written as one word: high court → হাইকোর্ট; empty where they mean nothing so."""
    begin, word = first.words[0], first.words[0] + second.words[0]
    if not word.isascii():
        return with_stems(db, word) if _is_known(db, word) else ()
    alone = set(_readings(db, begin, first.typed))
    # kolkata high isn't কলকাতা with an ending
    return tuple(form for form in _readings(db, word, first.typed + second.typed) if alone.isdisjoint((form, *stems(form))))


# ── stems ───────────────────────────────────────────────────────────────────


def with_stems(db: sqlite3.Connection, word: str) -> tuple[str, ...]:
    """Return a word and what it may be an inflected form of; a short stem only where a text has it, or other forms of it alone."""
    found = stems(word)
    unsure = [stem for stem in found if not (is_sure(stem) or _is_known(db, stem))]
    if unsure and not _is_known(db, word):
        unsure = [stem for stem in unsure if not _is_term(db, ROOT, stem)]
    return (word, *(stem for stem in found if stem not in unsure))


def _is_known(db: sqlite3.Connection, word: str) -> bool:
    """Whether a Bengali word stands in a text, or is a sure stem of one that does."""
    return _is_term(db, "", word) or (is_sure(word) and _is_term(db, ROOT, word))


def _is_term(db: sqlite3.Connection, mark: str, word: str) -> bool:
    query = "SELECT 1 FROM sounds_by_key WHERE term = ?"
    return any(db.execute(query, (mark + key + word,)).fetchone() for key in keys(word)[:1])


# ── readings ────────────────────────────────────────────────────────────────


def _readings(db: sqlite3.Connection, word: str, typed: str) -> tuple[str, ...]:
    """Return the words of this library that a word may be meant as, the likeliest first; empty where it stands for itself.

    Roman letters are read as Bengali, an abbreviation as its letters are pronounced. A Bengali word that no text has is taken for
    one that differs where spelling wavers.
    """
    if word.isascii():
        name = _BENGALI_NAMES.get(word)
        found = _abbreviated(db, word, () if _in_capitals(typed) else _romanised(db, word, typed))
        return tuple(dict.fromkeys((name, *found))) if name else found
    return () if any(_is_known(db, form) for form in (word, *stems(word))) else _other_spellings(db, word)


def _abbreviated(db: sqlite3.Connection, word: str, read: tuple[str, ...]) -> tuple[str, ...]:
    """Return an abbreviation's reading where the library has one, beside others only where its two letters may well be a word."""
    letters = spelled_out(word)
    if not letters or not _is_known(db, letters):
        return read
    return (*read, letters) if len(word) == 2 and _VOWEL.search(word) else (letters,)


def _in_capitals(typed: str) -> bool:
    return len(typed) > 1 and typed.isupper()


def _romanised(db: sqlite3.Connection, word: str, typed: str) -> tuple[str, ...]:
    """Return the Bengali words that Roman letters may spell: as they are, else respelt, else without a noun's ending.

    A word that texts have in Roman letters keeps its ending, and is only read as what is near.
    """
    stands = _stands(db, word)
    near = _nearest(db, word, typed, stands=stands)
    if not _VOWEL.search(word):
        return near
    if not near and len(word) >= _LEAST_RESPELT:
        near = tuple(dict.fromkeys(found for other in respellings(word) for found in _nearest(db, other, other, stands=stands)))
    if not near and not stands and (ending := _ROMAN_ENDING.search(word)):
        return _romanised(db, word[: ending.start()], typed[: ending.start()])
    return near


def _stands(db: sqlite3.Connection, word: str) -> bool:
    """Whether a word stands in any story as it is, or as a stem."""
    return db.execute("SELECT 1 FROM search WHERE search MATCH ? LIMIT 1", (f'"{word}"',)).fetchone() is not None


def _nearest(db: sqlite3.Connection, word: str, typed: str, *, stands: bool) -> tuple[str, ...]:
    """Return the words of the library that sound most like Roman letters, the nearest first."""
    counts = _sharing_key(db, word)
    farness = {other: distance(other, word) for other in counts}
    nearest = min(farness.values(), default=0.0)
    farthest = _FARTHEST if _VOWEL.search(word) else _FARTHEST_WITHOUT_VOWELS
    if stands:
        farthest = min(farthest, max(_AS_HEARD, _FARTHEST_PER_LETTER * max(map(len, sounds(word)), default=0)))
    near = [other for other, far in farness.items() if far <= min(nearest + _AS_NEAR, farthest)]
    believed = [other for other in near if _is_known(db, other)]
    near = believed or near  # ডেব of ডেবরা says nothing where there is a দেব
    near.sort(key=lambda other: (not is_avro(other, typed), farness[other], -counts[other], other))
    return tuple(near[:MOST_READINGS])


def _sharing_key(db: sqlite3.Connection, word: str) -> dict[str, int]:
    """Return the words of the library that share a phonetic key with a word of either script → how often stories brought them.

    A term of `sounds_by_key` is the key and the word, one after the other: all words of a key stand together.
    """
    found: dict[str, int] = {}
    for start in (mark + key for key in keys(word) for mark in ("", ROOT)):
        # what follows in a term begins with a Bengali letter
        query = "SELECT term, doc FROM sounds_by_key WHERE term >= ? AND term < ? LIMIT ?"
        terms = db.execute(query, (f"{start}\u0980", f"{start}\u0a00", _MOST_CANDIDATES))
        found |= {term[len(start) :]: count for term, count in terms}
    return found


# ── words half typed ────────────────────────────────────────────────────────


def _is_heard(db: sqlite3.Connection, word: str, readings: tuple[str, ...]) -> bool:
    """Whether a word is whole as it is: a text has it in any form, or one of its readings sounds like it."""
    if not word.isascii():
        return bool(readings) or _stands(db, word)
    return word in _BENGALI_NAMES or _stands(db, word) or any(distance(other, word) <= _AS_HEARD for other in readings)


def _begun(db: sqlite3.Connection, word: str) -> tuple[str, ...]:
    """Return words of this library that begin with half a word of either script, the likeliest first, and one form of each.

    None where very many have the same first consonants: then hardly anything was typed.
    """
    found: dict[str, int] = {}
    for key in keys(word):
        query = "SELECT term, doc FROM sounds_by_key WHERE term >= ? AND term < ? LIMIT ?"
        terms = db.execute(query, (key, key + _LAST, _MOST_BEGUN)).fetchall()
        if len(terms) == _MOST_BEGUN:
            return ()
        found |= {term.lstrip(_KEY_LETTERS): count for term, count in terms}

    def rank(other: str) -> tuple[bool, int, int, str]:
        is_spelt_so = any(sound.replace(INHERENT, "").startswith(sounds(word)) for sound in sounds(other))
        return not is_spelt_so, -found[other], len(other), other

    begun: list[str] = []
    for other in sorted(_beginning(found, word), key=rank):
        if not any(each in (other, *stems(other)) for each in begun):
            begun.append(other)
            if len(begun) == MOST_READINGS:
                break
    return tuple(begun)


def _beginning(words: Iterable[str], typed: str) -> Iterator[str]:
    """Yield those Bengali words that begin with what was typed, to the eye in Bengali, to the ear in Roman letters."""
    if not typed.isascii():
        yield from (word for word in words if word.startswith(typed))
        return
    heard = tuple(sound.translate(_WITHOUT_INHERENT) for sound in sounds(typed))
    for word in words:
        if any(sound.translate(_WITHOUT_INHERENT).startswith(heard) for sound in sounds(word)):
            yield word


# ── other names of the same ─────────────────────────────────────────────────


def _other_spellings(db: sqlite3.Connection, word: str) -> tuple[str, ...]:
    """Return the words of this library that are a Bengali word, or a stem of it, in another spelling.

    Of a short word that a text has, only the colloquial one: পুজো is পূজা, but শব isn't সব.
    """
    found = [other for form in (word, *stems(word)) for other in _respelt(db, form)]
    return tuple(dict.fromkeys(found))[:MOST_READINGS]


def _respelt(db: sqlite3.Connection, word: str) -> Iterator[str]:
    loose = is_sure(word) or not _is_known(db, word)
    spoken = colloquial(word)
    if loose or spoken != word or spoken.endswith("ো"):
        for other in _sharing_key(db, word):
            if other != word and (alike(other, word) if loose else colloquial(other) == spoken):
                yield other


def _latin_names(word: str) -> tuple[str, ...]:
    """Return what stands for a Bengali word in any form in Latin letters: English names of places and families, abbreviations."""
    forms = (word, *stems(word))
    english = next((_ENGLISH_NAMES[form] for form in forms if form in _ENGLISH_NAMES), ())
    return (*english, *(letters for form in forms if (letters := abbreviation_of(form))))
