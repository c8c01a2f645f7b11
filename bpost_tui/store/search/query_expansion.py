"""Query expansion: other words that a word of a query may mean in this library.

Each kind adds words to the query, most of them only if this library has them:

    kind                      typed          adds                   by
    stems of an inflection    জেলার          জেলা                   with_stems
    Roman letters             haspatal       হাসপাতাল                _transliterations (not HASPATAL)
    names, loanwords, offices calcutta, tmc  কলকাতা, তৃণমূল          bengali.synonyms
    abbreviations             bjp            বিজেপি, বি জে পি         _abbreviation_spellings
    a half-typed word         medin, दिल्     মেদিনীপুর, दिल्ली        _prefix_readings, _prefix_matches
    other spellings           পুজো           পূজা                    _other_spellings
    other forms of a verb     গিয়েছে         গেছে                    _verb_forms
    numbers                   ২৪             চব্বিশ                  _number_spellings
    words written apart       দুর্গাপুজো       দুর্গা পুজো              _compound_parts
    words written as one      high court     হাইকোর্ট                expand_phrase

Stems count as exact (`WordExpansion.exact`). All other added words are possible readings, in steps: all words of the nearest
reading come before words of the next reading. An added word with a space is a phrase. Functions over an open library.
"""

from __future__ import annotations

import math
import re
import sqlite3
import string
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain

from bpost_tui.bengali.number_words import number_of, spellings
from bpost_tui.bengali.phonetic import HASANT, INHERENT, OPEN, as_english, is_avro, keys, respellings, sounds
from bpost_tui.bengali.place_names import is_place
from bpost_tui.bengali.similarity import are_spelling_variants, differ_in_last_vowel, distance
from bpost_tui.bengali.stemmer import is_trusted, letters, stems
from bpost_tui.bengali.synonyms import Synonyms, abbreviation_of, is_letter, joined_letters, letters_of, spelled_out, synonyms_of
from bpost_tui.bengali.verbs import other_forms
from bpost_tui.store.search.query_terms import WordsTerm
from bpost_tui.store.search.search_index import ROOT
from bpost_tui.typesetting.text.named_tuple import NamedTuple

# Why words are looked up in this library. The obvious way is to transliterate Roman letters by rules. It fails because people spell
# as they like (khorogpur, khbr) or as English does (calcutta). A spelling may mean many words, and rules pick one of them.
#
# So the index has every Bengali word under its phonetic keys. The letters of a query have keys as well; words of this library with
# the same key are the candidates. `similarity.distance` orders them, and words in more stories count as nearer. A word that the
# library hasn't got is no reading. Synonyms, abbreviations and numbers come from tables, since no rule leads from TMC to তৃণমূল.
#
# The limits below were chosen with sets of queries (docs/what-was-tried.md) and one half of a list of names. Guessing must not
# displace exact hits, so ranking.py lists the hits of each step after the hits of the previous one.

MAX_READINGS, MAX_READINGS_AMONG_OTHERS = 8, 16
"""Maximum number of readings of a typed word (words that it may mean); the second is for a query with several words."""
_MAX_DISTANCE = 1.2
"""Maximum distance in sound (similarity.py) between Roman letters and a word that they may spell (a reading)."""
_MAX_DISTANCE_PER_TYPED = 0.13
"""Maximum distance in sound between a Roman word and a reading (a Bengali word that it may spell), per letter of the Roman word.

For example, a reading of a word with five letters has a distance of 0.65 at most.
"""
_MAX_DISTANCE_PER_TYPED_AMONG_OTHERS = 0.18
"""Like `_MAX_DISTANCE_PER_TYPED`, for a word of a query with several words.

A higher distance is possible, because a story must contain all words of the query. This excludes most stories with a wrong reading
of one word.
"""
_MAX_DISTANCE_RESPELT = 0.5
"""Maximum distance in sound between a reading and a respelling (`phonetic.respellings`, `as_english`) of the typed letters."""
_MAX_DISTANCE_WITHOUT_VOWELS = 0.6
"""Maximum distance in sound between a reading and Roman letters without vowels (khbr).

Such letters rarely spell a Bengali word. The distance allows a reading to add inherent vowels to them, but no other sounds.
"""
_MAX_DISTANCE_PER_SOUND = 0.155
"""Maximum distance in sound between a Roman word and a reading, per sound of the word, if stories also contain the word itself.

For example, Suvendu is also read as শুভেন্দু, but court isn't read as করতে.
"""
_SAME_SOUND_DISTANCE = 0.2
"""Maximum distance in sound between a Roman word and a reading (a word that it may spell) that counts as sounding like it."""
_READING_MARGIN, _READING_MARGIN_AMONG_OTHERS = 0.25, 0.6
"""Maximum difference between the distance in sound of an accepted reading and the distance of the likeliest reading.

A reading is a Bengali word that a Roman word may spell, and its distance is measured from the Roman word. The second figure is for
a word of a query with several words.
"""
_ENGLISH_COST = 0.1
"""Amount added to the distance in sound of a reading that Roman letters spell only by the rules of English."""
_EQUAL_SOUND, _NEAR_SOUND = 0.02, 0.1
"""Maximum distances between words that sound the same, and between words that sound almost the same."""
_SOUND_BONUS = 0.4
"""Amount subtracted from the distance of a word that sounds exactly like the typed letters."""
_FREQUENCY_BONUS = 0.08
"""Amount subtracted from a word's distance for each doubling of the number of stories with the word."""
_MAX_COUNTED = 256
"""Maximum number of stories that are counted to find how common a word is."""
_MAX_FREQUENCY_BONUS = _FREQUENCY_BONUS * math.log2(_MAX_COUNTED)
_MAX_COMPARED = 40
"""Maximum number of readings of a word (words that it may spell) that are ordered by the numbers of stories with them."""
_MAX_STEPS = 3
"""Maximum number of steps (groups of readings, the nearest first). The last step contains all remaining readings."""
_MAX_CANDIDATES = 1500
_MAX_PREFIX_CANDIDATES = 400
"""Maximum number of words read to complete a half-typed word. If this number is reached, the word isn't completed.

Ranking more words would take over 5 ms.
"""
_MIN_PREFIX_CHARS = 3
"""Minimum number of characters of a half-typed word that is completed as written.

With fewer characters, all the commonest words would match.
"""
_BENGALI = re.compile("[\u0980-\u09ff]")
_KEY_LETTERS = string.ascii_lowercase + string.digits
_LAST = "\U0010ffff"
_WITHOUT_INHERENT = str.maketrans("", "", f"ao{INHERENT}{OPEN}")
"""Translation table for `str.translate` that deletes the inherent vowel, in letters and in sounds."""
_MIN_RESPELT_LETTERS = 5
"""Minimum number of Roman letters of a word that is looked up in other spellings, if it has no reading as typed.

Shorter words would become quite different words: bdo isn't bro.
"""

# the commonest endings of nouns, as people write them in Roman letters
_ROMAN_ENDINGS = "der|er|ke|te|ra|r|e|y|i|o"
_ROMAN_ENDING = re.compile(f"(?<=...)(?:{_ROMAN_ENDINGS})$")
_ENDING_APART = re.compile(_ROMAN_ENDINGS)

_CONTRACTED = {"au": "o", "ou": "o", "ai": "e", "oi": "e", "aa": "a"}
"""Maps the last vowel of a word and the first vowel of the next to the vowel that replaces both in a compound (sandhi)."""
_VOWEL = re.compile("[aeiou]")
_NO_ROMAN = re.compile(r"([b-df-hj-np-tv-z])\1\1")
"""Pattern of three equal consonants, which Roman spellings of Bengali words never contain: zzz isn't যায়."""
_WAVERING_ENDS = frozenset("াোিীুূ")
_NO_BEGINNING = re.compile("[^অ-হ0-9]")
_MIN_PART_LETTERS = 2
"""Minimum number of letters in each part of a word that is split into two words."""
_MIN_PLURAL_LETTERS = 4
_MAX_JOINED_LETTERS = 2
"""Maximum length of an abbreviation that is searched only as one word, not as separate letters: এ সি would match too often."""


class WordExpansion(NamedTuple):
    """Meanings of one word of a query (the word itself, words that sound alike, synonyms), normalised."""

    exact: tuple[str, ...]
    """The word itself, and its possible stems."""
    steps: tuple[tuple[str, ...], ...]
    """Other possible meanings in steps; the nearest meanings are in the first step."""
    readings: tuple[str, ...]
    """Interpretations of the word, the likeliest first; empty if the word is taken literally."""
    is_prefix: bool = False
    """Whether the word is interpreted as the beginning of longer words."""


def expand_word(db: sqlite3.Connection, term: WordsTerm, *, among_others: bool = False) -> WordExpansion:
    """Return the meanings of a query's word, so that a search can find them as well: `haspatal` may mean হাসপাতাল.

    `term` contains one word. If the query has other words (`among_others`), Bengali words that sound less like this word are also
    accepted as readings. Typed capitals are kept: Avro (a spelling of Bengali in Roman letters) gives them another sound.
    A word that may be half typed is completed, unless a whole word sounds just like it.
    """
    (word,) = term.words
    exact = with_stems(db, word)
    meaning = _find_synonyms(word)
    readings = _readings(db, word, term.typed, meaning, among_others=among_others)
    may_begin = term.is_partial and not _NO_ROMAN.search(word) and not _is_whole_word(db, word, readings)
    completions, as_written = (_prefix_readings(db, word), _prefix_matches(db, word)) if may_begin else ((), ())
    known = (*(meaning.all if meaning else ()), *_number_spellings(word), *_abbreviation_spellings(db, word))
    near = _all_forms(db, (*known, *as_written))
    if word.isascii() or readings or completions:
        steps = _reading_steps(db, completions or readings[:1], readings if completions else readings[1:])
    else:
        steps = [_all_forms(db, _other_spellings(db, word))]
    if not word.isascii():
        steps.append(_all_forms(db, (*_verb_forms(db, word), *_compound_parts(db, word))))
    if steps:
        # the words of the tables belong to the step of their own reading, which is the second if the word's sound is rarer
        is_sound_first = word.isascii() and meaning is not None and readings[:1] != meaning.bengali[:1] and not completions
        at = int(len(steps) > 1 and is_sound_first)
        steps[at] = tuple(dict.fromkeys((*near, *steps[at])))
    else:
        steps = [near]
    return WordExpansion(
        exact, tuple(steps), tuple(dict.fromkeys((*completions, *as_written, *readings))), bool(completions or as_written)
    )


def expand_phrase(db: sqlite3.Connection, terms: Sequence[WordsTerm]) -> tuple[str, ...]:
    """Return the words that the neighbouring words `terms` mean together, or () if they mean none.

    For example, high court means হাইকোর্ট, দশ হাজার means 10000, and kolkata te means কলকাতা.
    """
    words = [term.words[0] for term in terms]
    joined = " ".join(words)
    forms = (joined, *(" ".join((*words[:-1], stem)) for stem in stems(words[-1])))
    meaning = next((known for form in forms if (known := synonyms_of(form))), None)
    found = [other for other in meaning.all if other not in forms] if meaning else []
    if (number := number_of(words)) is not None:
        found += [" ".join(way) for way in spellings(number) if list(way) != words]
    if all(map(is_letter, words)) and _is_known(db, together := joined_letters(words)):
        found += [together, *_abbreviation_spellings(db, together)]
    if len(words) == 2 and not found:
        found += _join_words(db, *terms)
    if len(words) == 2 and not found and joined.isascii() and _ENDING_APART.fullmatch(words[1]):
        whole = expand_word(db, terms[0])
        found += chain(whole.readings, whole.exact, *whole.steps)
    return _all_forms(db, found)


def _join_words(db: sqlite3.Connection, first: WordsTerm, second: WordsTerm) -> tuple[str, ...]:
    """Return the library's words that are equal to two neighbouring words, `first` and `second`, written as one; may be none."""
    begin, word = first.words[0], first.words[0] + second.words[0]
    if not word.isascii():
        if begin.isascii() or second.words[0].isascii():
            return ()
        whole = tuple(form for form in (word, *stems(word)) if _is_known(db, form))
        return whole or (_other_spellings(db, word) if is_trusted(begin) or is_trusted(second.words[0]) else ())
    found = [
        (form, distance(form, whole))
        for whole, typed in _joined(first, second)
        for form in _readings(db, whole, typed, _find_synonyms(whole))
    ]
    if not found:
        return ()
    begun, ended = (_readings(db, term.words[0], term.typed, _find_synonyms(term.words[0])) for term in (first, second))
    # kolkata high must not be read as কলকাতা with an ending, nor asha roy, whose parts sound exactly like আশা and রয়, as আশ্রয়
    farthest = _nearest(begun, begin) + _nearest(ended, second.words[0]) + _EQUAL_SOUND
    return tuple(form for form, far in found if far <= farthest and set(begun).isdisjoint((form, *stems(form))))


def _joined(first: WordsTerm, second: WordsTerm) -> Iterator[tuple[str, str]]:
    """Yield the Roman words `first` and `second` written as one word, as (normalised, typed).

    They are also joined with one vowel in place of two: natyotsav for natya utsav.
    """
    whole, typed = first.words[0] + second.words[0], first.typed + second.typed
    yield whole, typed
    joint = len(first.words[0])
    if vowel := _CONTRACTED.get(whole[joint - 1 : joint + 1]):
        contracted = whole[: joint - 1] + vowel + whole[joint + 1 :]
        yield contracted, contracted


def _nearest(readings: Iterable[str], word: str) -> float:
    """Return the distance in sound between `word` and the nearest of its `readings`, the words that it may spell.

    The distance is 0 if one of the readings is a synonym of `word` (`bengali.synonyms`), and infinite if there are no readings.
    """
    known = _synonyms(word)
    return min((0.0 if other in known else distance(other, word) for other in readings), default=math.inf)


def _reading_steps(db: sqlite3.Connection, first: Sequence[str], others: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the possible readings of a word (words that it may mean) in at most `_MAX_STEPS` steps, the nearest first.

    The first step has the readings `first`, each further step has one reading of `others`, and the last step has all remaining
    readings. Each step also has the synonyms and stems of its readings and, except for the last step, their other spellings.
    """
    readings = [tuple(first), *((other,) for other in others)] if first else []
    near, last = readings[: _MAX_STEPS - 1], tuple(chain.from_iterable(readings[_MAX_STEPS - 1 :]))
    steps = [_all_forms(db, _with_synonyms(words, partial(_other_spellings, db))) for words in near]
    return [*steps, _all_forms(db, _with_synonyms(last))] if last else steps


def _with_synonyms(words: Iterable[str], others: Callable[[str], tuple[str, ...]] = lambda word: ()) -> Iterator[str]:
    for word in words:
        yield from (word, *others(word), *_synonyms(word))


def _synonyms(word: str) -> tuple[str, ...]:
    meaning = _find_synonyms(word)
    return meaning.all if meaning else ()


def _all_forms(db: sqlite3.Connection, words: Iterable[str]) -> tuple[str, ...]:
    """Return all forms to search for: each of `words` with its stems, and each phrase of two words with its other spellings."""
    return tuple(
        dict.fromkeys(form for word in words for form in (_phrase_variants(db, word) if " " in word else with_stems(db, word)))
    )


def _phrase_variants(db: sqlite3.Connection, phrase: str) -> Iterator[str]:
    yield phrase
    first, *rest = phrase.split()
    if len(rest) == 1 and not phrase.isascii():
        yield from (f"{first} {other}" for other in _other_spellings(db, rest[0]))
        yield from (f"{other} {rest[0]}" for other in _other_spellings(db, first))


def _find_synonyms(word: str) -> Synonyms | None:
    """Return the synonyms of a word, or else of one of its stems; None if there are none."""
    if word.isascii():
        plural = word.removesuffix("s") if len(word) > _MIN_PLURAL_LETTERS else ""
        return synonyms_of(word) or (synonyms_of(plural) if plural else None)
    return next((found for form in (word, *stems(word)) if (found := synonyms_of(form))), None)


# ── stems ───────────────────────────────────────────────────────────────────


def with_stems(db: sqlite3.Connection, word: str) -> tuple[str, ...]:
    """Return a word and its stems.

    A short stem is uncertain, so it is left out unless a saved story has the stem itself, or another word with this stem.
    """
    found = stems(word)
    return (word, *(stem for stem in found if is_trusted(stem) or _is_known(db, stem) or _is_term(db, ROOT, stem)))


def _is_known(db: sqlite3.Connection, word: str) -> bool:
    """Whether any text of the library has the Bengali word `word` or, unless `word` is short, one of its inflected forms."""
    return _is_term(db, "", word) or (is_trusted(word) and _is_term(db, ROOT, word))


def _is_term(db: sqlite3.Connection, mark: str, word: str) -> bool:
    query = "SELECT 1 FROM phonetic_terms WHERE term = ?"
    return any(db.execute(query, (mark + key + word,)).fetchone() for key in keys(word)[:1])


# ── readings ────────────────────────────────────────────────────────────────


def _readings(
    db: sqlite3.Connection, word: str, typed: str, meaning: Synonyms | None, *, among_others: bool = False
) -> tuple[str, ...]:
    """Return the library's words that a typed word may mean, the likeliest first; () if the word is taken literally.

    `word` is normalised, `typed` has its capitals, and `meaning` are its synonyms. `among_others` means that the query has other
    words: words that sound less like this word are then also returned. Roman letters are looked up in the synonyms. Letters without
    synonyms are read as Bengali. Abbreviations are read as they are pronounced. A Bengali word that no text contains is replaced by
    its other spellings.
    """
    if not word.isascii():
        is_named = meaning is not None and len(meaning.bengali) > 1
        return () if is_named or any(_is_known(db, form) for form in (word, *stems(word))) else _other_spellings(db, word)
    if word.isdigit():
        return ()
    meant = tuple(other for other in meaning.bengali if " " not in other and _is_known(db, other)) if meaning else ()
    if meaning and meaning.is_unambiguous:
        return _beside_meaning(db, word, typed, meaning, meant[:1], among_others=among_others)
    read = () if _in_capitals(typed) else _transliterations(db, word, typed, among_others=among_others)
    found = _add_abbreviation(db, word, read)
    return tuple(dict.fromkeys((*meant[:1], *found) if _in_capitals(typed) or not found else (*found, *meant[:1])))


def _beside_meaning(
    db: sqlite3.Connection, word: str, typed: str, meaning: Synonyms, meant: tuple[str, ...], *, among_others: bool
) -> tuple[str, ...]:
    """Return the Bengali words that a Roman word of the synonym tables may mean: `meant`, and words that sound like it.

    `meant` is the word's meaning in the tables, or empty if the library lacks that. `word` is normalised, `typed` has its capitals,
    and `meaning` are its synonyms. If the tables translate the word (strike is ধর্মঘট), words that sound like it (স্ট্রাইক) are
    also returned. The rarest word is then first, since hits of the commoner words would hide its hits. If the tables only have
    another spelling of the word (rai is রায়), words with exactly the same sound (রাই) are added only if the query has other
    words (`among_others`), or if `meant` is empty.
    """
    is_translation = {*keys(word)}.isdisjoint(key for other in meaning.bengali for key in keys(other))
    if meant and not is_translation and not among_others:
        return meant
    farthest = _SAME_SOUND_DISTANCE if is_translation else _EQUAL_SOUND
    spelt = tuple(
        other
        for other in _transliterations(db, word, typed, among_others=among_others)
        if other not in meaning.bengali
        and distance(other, word) <= farthest
        # an inflected form such as স্ত্রীকে is no loanword; মিনিস্টার only looks inflected
        and not (is_translation and any(_is_known(db, stem) for stem in stems(other) if other != f"{stem}র"))
    )
    return tuple(sorted((*spelt, *meant), key=lambda other: _count_stories(db, other))) if is_translation else (*meant, *spelt)


def _add_abbreviation(db: sqlite3.Connection, word: str, read: tuple[str, ...]) -> tuple[str, ...]:
    """Return the meanings of a Roman word that may be an abbreviation: `read`, or the Bengali names of its letters (bjp: বিজেপি).

    `read` are the Bengali words that sound like the Roman word. If no text of the library contains the names of the letters as one
    word, return `read` alone. If a text contains them, return the names alone. Exception: a word of two letters with a vowel may
    well be an ordinary word, so return `read` and then the names.
    """
    spelt = spelled_out(word)
    if not spelt or not _is_known(db, spelt):
        return read
    return (*read, spelt) if len(word) == 2 and _VOWEL.search(word) else (spelt,)


def _abbreviation_spellings(db: sqlite3.Connection, word: str) -> tuple[str, ...]:
    """Return an abbreviation's spellings in both scripts, and with separate letters (বি জে পি); none for any other word."""
    if word.isascii():
        bengali = spelled_out(word)
        latin = word if bengali and (not _VOWEL.search(word) or _is_known(db, bengali)) else ""
    else:
        latin = next((found for form in (word, *stems(word)) if (found := abbreviation_of(form))), "")
        bengali = spelled_out(latin)
    if not latin:
        return ()
    return (bengali, latin, " ".join(letters_of(bengali))) if len(latin) > _MAX_JOINED_LETTERS else (bengali, latin)


def _number_spellings(word: str) -> tuple[str, ...]:
    """Return the ways to write a number, for example ২৪ and চব্বিশ; none if `word` is no number."""
    number = next((found for form in (word, *stems(word)) if (found := number_of((form,))) is not None), None)
    return () if number is None else tuple(" ".join(way) for way in spellings(number))


def _compound_parts(db: sqlite3.Connection, word: str) -> tuple[str, ...]:
    """Split a compound word into two words that are both in texts: দুর্গাপুজোয় becomes দুর্গা পুজো.

    The last part may have an ending, in the query and in the text. Return each possible pair as "first second"; none for the name
    of a place.
    """
    wholes = (word, *(stem for stem in stems(word) if is_trusted(stem)))
    if any(map(is_place, wholes)):  # কলকাতা is no কল কাতা
        return ()
    parts = dict.fromkeys(
        (whole[:at], whole[at:])
        for whole in wholes
        for at in range(_MIN_PART_LETTERS, len(whole) - 1)
        if not _NO_BEGINNING.match(whole[at]) and whole[at - 1] != HASANT
    )
    return tuple(
        f"{first} {second}"
        for first, second in parts
        if letters(first) >= _MIN_PART_LETTERS <= letters(second)
        and _is_term(db, "", first)
        and (_is_known(db, second) or _is_term(db, ROOT, second))
    )


def _verb_forms(db: sqlite3.Connection, word: str) -> Iterator[str]:
    """Yield the library's other forms of the verb that has the form `word`."""
    return (form for form in other_forms(word) if _is_term(db, "", form))


def _in_capitals(typed: str) -> bool:
    return len(typed) > 1 and typed.isupper()


def _transliterations(db: sqlite3.Connection, word: str, typed: str, *, among_others: bool = False) -> tuple[str, ...]:
    """Return the Bengali words that Roman letters may spell.

    `word` is normalised, and `typed` has its capitals. `among_others` means that the query has other words: words that sound less
    like this word are then also returned. The letters are read as typed. If that finds nothing, they are read in other spellings,
    and then without a noun's ending. A word that texts contain in Roman letters keeps its ending, and is read only as words with
    nearly the same sound.
    """
    if _NO_ROMAN.search(word):
        return ()
    is_indexed = _is_in_index(db, word)
    near = _nearest_words(db, word, typed, is_indexed=is_indexed, among_others=among_others)
    if (
        not near
        and (shorter := _ROMAN_ENDING.sub("", word)) != word
        and (meaning := synonyms_of(shorter))
        and meaning.is_unambiguous
    ):
        near = tuple(other for other in meaning.bengali if " " not in other and _is_known(db, other))
    if not _VOWEL.search(word):
        return near
    if not near and len(word) >= _MIN_RESPELT_LETTERS:
        respelt = (
            (found, other) for other in respellings(word) for found in _nearest_words(db, other, other, is_indexed=is_indexed)
        )
        near = tuple(dict.fromkeys(found for found, other in respelt if distance(found, other) <= _MAX_DISTANCE_RESPELT))
    if not near and not is_indexed and (ending := _ROMAN_ENDING.search(word)):
        return _transliterations(db, word[: ending.start()], typed[: ending.start()], among_others=among_others)
    return near


def _is_in_index(db: sqlite3.Connection, word: str) -> bool:
    """Whether a story contains the word, or an inflected form with the word as its stem."""
    return db.execute("SELECT 1 FROM search WHERE search MATCH ? LIMIT 1", (f'"{word}"',)).fetchone() is not None


def _nearest_words(
    db: sqlite3.Connection, word: str, typed: str, *, is_indexed: bool, among_others: bool = False
) -> tuple[str, ...]:
    """Return the library's likeliest readings of Roman letters, which are the words nearest in sound.

    `word` is normalised, and `typed` has its capitals. `is_indexed` means that texts also contain the word in Roman letters; only
    very near readings are then returned. `among_others` means that the query has other words; words that sound less like this word
    are then also returned. A word in many stories counts as nearer than a word in few. A rare word that sounds alike is a reading
    too: das is দাস and দাশ.
    """
    margin = _READING_MARGIN_AMONG_OTHERS if among_others else _READING_MARGIN
    per_typed = _MAX_DISTANCE_PER_TYPED_AMONG_OTHERS if among_others else _MAX_DISTANCE_PER_TYPED
    known = _words_with_key(db, word)
    distances = {other: distance(other, word) for other in known}
    if (among_others or min(distances.values(), default=math.inf) > _SAME_SOUND_DISTANCE) and (spelt := as_english(word)) != word:
        read = _words_with_key(db, spelt)
        known = {**read, **known}
        respelt = {other: far + _ENGLISH_COST for other in read if (far := distance(other, spelt)) <= _MAX_DISTANCE_RESPELT}
        distances |= {other: min(far, distances.get(other, far)) for other, far in respelt.items()}
    nearest = min(distances.values(), default=0.0)
    farthest = min(_MAX_DISTANCE, per_typed * len(word)) if _VOWEL.search(word) else _MAX_DISTANCE_WITHOUT_VOWELS
    if is_indexed:
        farthest = min(farthest, max(_SAME_SOUND_DISTANCE, _MAX_DISTANCE_PER_SOUND * max(map(len, sounds(word)), default=0)))
    near = [other for other, far in distances.items() if far <= min(nearest + margin + _MAX_FREQUENCY_BONUS, farthest)]
    trusted = {other for other in near if known[other]}
    sure = min((distances[other] for other in trusted), default=math.inf)
    # stems of other words count only if much nearer: ডেব (of ডেবরা) doesn't count beside দেব, but ডানা (of ডানার) does beside ডান
    near = [
        other
        for other in near
        if other in trusted or distances[other] + _NEAR_SOUND < sure or distances[other] <= _EQUAL_SOUND < sure
    ]
    near = sorted(near, key=lambda other: (distances[other], other))[:_MAX_COMPARED]
    adjusted = {other: distances[other] - _FREQUENCY_BONUS * math.log2(1 + _count_stories(db, other)) for other in near}
    max_beside_avro = margin if among_others else _NEAR_SOUND
    if exact := [other for other in near if is_avro(other, typed)]:
        return (*exact, *(other for other in near if other not in exact and distances[other] <= max_beside_avro))[:MAX_READINGS]
    best = min(near, key=lambda other: adjusted[other], default="")
    found = [
        other
        for other in near
        if distances[other] <= _NEAR_SOUND
        or (distances[other] <= distances[best] + margin and adjusted[other] <= adjusted[best] + margin)
    ]
    found.sort(key=lambda other: adjusted[other] - _SOUND_BONUS * (distances[other] <= _EQUAL_SOUND))
    return tuple(found[: MAX_READINGS_AMONG_OTHERS if among_others else MAX_READINGS])


def _count_stories(db: sqlite3.Connection, word: str) -> int:
    """Return the number of stories that contain a word in any form, at most `_MAX_COUNTED`."""
    query = "SELECT count(*) FROM (SELECT 1 FROM search WHERE search MATCH ? LIMIT ?)"
    return int(db.execute(query, (f'"{word}"', _MAX_COUNTED)).fetchone()[0])


def _words_with_key(db: sqlite3.Connection, word: str) -> dict[str, bool]:
    """Map the library's words that share a phonetic key (the consonants by class) with `word` to whether they are certain.

    A word is certain if a text contains it or, unless it is short, if a text contains one of its inflected forms. `word` may be in
    either script. A term of `phonetic_terms` is a key followed by a word, so all words with the same key are neighbouring terms.
    """
    found: dict[str, bool] = {}
    for mark, start in ((mark, mark + key) for key in keys(word) for mark in ("", ROOT)):
        # in a term, the word after the key begins with a Bengali letter
        query = "SELECT term FROM phonetic_terms WHERE term >= ? AND term < ? LIMIT ?"
        for (term,) in db.execute(query, (f"{start}\u0980", f"{start}\u0a00", _MAX_CANDIDATES)):
            other = term[len(start) :]
            found[other] = found.get(other, False) or not mark or is_trusted(other)
    return found


# ── words half typed ────────────────────────────────────────────────────────


def _is_whole_word(db: sqlite3.Connection, word: str, readings: tuple[str, ...]) -> bool:
    """Whether a word is complete, not half typed; `readings` are the library's words that it may spell.

    A word is complete if a text contains it in some form. A Roman word is also complete if it has synonyms, or if one of its
    readings sounds like it; a word in another script, if it has any reading.
    """
    if not word.isascii():
        return bool(readings) or _is_in_index(db, word)
    return (
        _find_synonyms(word) is not None
        or _is_in_index(db, word)
        or any(distance(other, word) <= _SAME_SOUND_DISTANCE for other in readings)
    )


def _prefix_readings(db: sqlite3.Connection, word: str) -> tuple[str, ...]:
    """Return the library's words that begin with a half-typed word, the likeliest first, and only one form of each word.

    The typed word may be in either script. Returns () if very many words have the same first consonants, because then too little
    was typed.
    """
    found: dict[str, int] = {}
    for key in keys(word):
        query = "SELECT term, doc FROM phonetic_terms WHERE term >= ? AND term < ? LIMIT ?"
        terms = db.execute(query, (key, key + _LAST, _MAX_PREFIX_CANDIDATES)).fetchall()
        if len(terms) == _MAX_PREFIX_CANDIDATES:
            return ()
        found |= {term.lstrip(_KEY_LETTERS): count for term, count in terms}

    def rank(other: str) -> tuple[bool, int, int, str]:
        is_prefix_by_sound = any(sound.replace(INHERENT, "").startswith(sounds(word)) for sound in sounds(other))
        return not is_prefix_by_sound, -found[other], len(other), other

    completions: list[str] = []
    for other in sorted(_words_with_prefix(found, word), key=rank):
        if not any(each in (other, *stems(other)) for each in completions):
            completions.append(other)
            if len(completions) == MAX_READINGS:
                break
    return tuple(completions)


def _prefix_matches(db: sqlite3.Connection, word: str) -> tuple[str, ...]:
    """Return words in scripts other than Bengali that begin with a half-typed word as written, the commonest first.

    Returns () if too little was typed, or if very many words match.
    """
    if len(word) < _MIN_PREFIX_CHARS or _BENGALI.match(word):
        return ()
    query = "SELECT term, doc FROM search_terms WHERE term > ? AND term < ? LIMIT ?"
    terms = db.execute(query, (word, word + _LAST, _MAX_PREFIX_CANDIDATES)).fetchall()
    common = sorted(terms, key=lambda found: (-found[1], found[0]))[:MAX_READINGS]
    return () if len(terms) == _MAX_PREFIX_CANDIDATES else tuple(term for term, _ in common)


def _words_with_prefix(words: Iterable[str], typed: str) -> Iterator[str]:
    """Yield the `words` that begin with `typed`: as written if `typed` is Bengali, by sound if it is in Roman letters."""
    if not typed.isascii():
        yield from (word for word in words if word.startswith(typed))
        return
    typed_sounds = tuple(sound.translate(_WITHOUT_INHERENT) for sound in sounds(typed))
    for word in words:
        if any(sound.translate(_WITHOUT_INHERENT).startswith(typed_sounds) for sound in sounds(word)):
            yield word


# ── other names of the same ─────────────────────────────────────────────────


def _other_spellings(db: sqlite3.Connection, word: str) -> tuple[str, ...]:
    """Return the library's words that are other spellings of a Bengali word or of the word's stems.

    Other spellings of a short word that a text contains may differ only in the last vowel: পুজো is পূজা, গাড়ি is গাড়ী, but শব
    isn't সব.
    """
    found = [other for form in (word, *stems(word)) for other in _spelling_variants(db, form)]
    return tuple(dict.fromkeys(found))[:MAX_READINGS]


def _spelling_variants(db: sqlite3.Connection, word: str) -> Iterator[str]:
    loose = is_trusted(word) or not _is_known(db, word)
    if loose or word[-1] in _WAVERING_ENDS:
        for other in _words_with_key(db, word):
            if other != word and (are_spelling_variants(other, word) if loose else differ_in_last_vowel(other, word)):
                yield other
