"""Synonyms: abbreviations (BJP, বিজেপি), names (Calcutta, কলকাতা), loanwords, offices, parties. Pure.

Words are in the form of `normalise`. The synonyms are in two tables (`tables/words.txt`, `places.txt`). A line has words or phrases
of one meaning; the first in Bengali represents the line on the screen:

    হাসপাতাল, হসপিটাল: hospital      each finds all
    ছাত্র, ছাত্রী < student           the right side finds the left one, and not the other way round
    ভাল, ভালো                        two spellings
    বই: ~boi                         Latin letters that may as well spell another word
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import chain

from bpost_tui.bengali.abbreviations import LATIN_LETTERS
from bpost_tui.bengali.normalise import normalised
from bpost_tui.bengali.word_tables import entries
from bpost_tui.typesetting.text.named_tuple import NamedTuple

_LETTER_NAMES = {letter.lower(): name for letter, name in LATIN_LETTERS.items()}
_LETTER_OF = {name: letter for letter, name in _LETTER_NAMES.items()}
_LENGTHS = range(2, 7)
_NAME = "|".join(sorted(_LETTER_OF, key=len, reverse=True))  # the longest first: এম isn't এ and another letter
_ONE = re.compile(_NAME)
_SEVERAL = re.compile(f"(?:{_NAME}){{{_LENGTHS.start},{_LENGTHS.stop - 1}}}")


def spelled_out(latin: str) -> str:
    """Return the Bengali names of Latin letters: bjp becomes বিজেপি.

    Empty if there are too few or too many letters for an abbreviation.
    """
    return "".join(_LETTER_NAMES[letter] for letter in latin) if len(latin) in _LENGTHS and set(latin) <= set(_LETTER_NAMES) else ""


def letters_of(bengali: str) -> list[str]:
    """Return the names of Latin letters that make up a Bengali word: বিজেপি gives বি, জে, পি. Empty if the word has other parts."""
    return _ONE.findall(bengali) if _SEVERAL.fullmatch(bengali) else []


def is_letter(word: str) -> bool:
    """Whether a word is a single Latin letter, or the Bengali name of a Latin letter."""
    return word in _LETTER_OF or (len(word) == 1 and word in _LETTER_NAMES)


def joined_letters(words: Iterable[str]) -> str:
    """Return Latin letters and names of Latin letters joined to one Bengali word: বি, j becomes বিজে."""
    return "".join(_LETTER_NAMES.get(word, word) for word in words)


def abbreviation_of(bengali: str) -> str:
    """Return the Latin letters whose names make up a Bengali word: বিজেপি becomes bjp. Empty if the word has other parts."""
    return _ONE.sub(lambda name: _LETTER_OF[name[0]], bengali) if _SEVERAL.fullmatch(bengali) else ""


class Synonyms(NamedTuple):
    """Words and phrases that have the same meaning as a given word or phrase."""

    bengali: tuple[str, ...] = ()
    """Bengali words and phrases, the most usual one first."""
    latin: tuple[str, ...] = ()
    is_unambiguous: bool = True
    """Whether the given word has no other meaning. A word in Latin letters has one if it may also spell a Bengali word."""

    @property
    def all(self) -> tuple[str, ...]:
        """Synonyms in both scripts."""
        return (*self.bengali, *self.latin)


MAX_PHRASE_WORDS = 4
"""Maximum number of words in a phrase that has synonyms."""


def synonyms_of(words: str) -> Synonyms | None:
    """Return the synonyms of a word in its normal form, or of several words with a space between; None if there are none."""
    return _meanings().get(words)


@cache
def english_names() -> Mapping[str, str]:
    """Return the Bengali name for each English name in part `names` of `tables/words.txt`.

    Stories in English and in Bengali are recognised as the same news mostly by these names.
    """
    return {name: line.bengali[0] for line in entries("words", normalised, "names") for name in line.latin}


@cache
def bengali_words() -> Mapping[str, str]:
    """Map each word and phrase of the tables of synonyms, Bengali or Latin, to the first Bengali entry of its line.

    A line has the words and phrases of one meaning. Lines without Latin letters are left out. A word on several lines belongs to
    the first of them.
    """
    found: dict[str, str] = {}
    for line in chain(entries("words", normalised), entries("places", normalised)):
        if line.latin:
            found |= {word: line.bengali[0] for word in (*line.bengali, *line.latin) if word not in found}
    return found


@cache
def _meanings() -> Mapping[str, Synonyms]:
    found: dict[str, Synonyms] = {}
    for bengali, latin, is_one_way in chain(entries("words", normalised), entries("places", normalised)):
        lettered = (*bengali, *(" ".join(letters) for word in bengali if (letters := letters_of(word))))
        sure = tuple(word.removeprefix("~") for word in latin)
        shared = Synonyms(lettered, () if is_one_way else sure)
        for word in sure if is_one_way else (*lettered, *sure):
            known = found.get(word, Synonyms())
            is_sure = known.is_unambiguous and f"~{word}" not in latin
            found[word] = Synonyms(known.bengali + shared.bengali, known.latin + shared.latin, is_sure)
    return found
