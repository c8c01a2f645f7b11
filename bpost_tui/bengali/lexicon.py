"""What words are written as besides: abbreviations (BJP, বিজেপি), names (Calcutta, কলকাতা), loanwords, offices, parties. Pure.

Words are in the form of `normalise`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

from bpost_tui.bengali.known_words import MORE_NAMES, NAMES, OFFICES, PARTIES, SPELLINGS, WORDS
from bpost_tui.bengali.normalise import normalised
from bpost_tui.bengali.short_forms import LATIN_LETTERS

_LETTER_NAMES = {letter.lower(): name for letter, name in LATIN_LETTERS.items()}
_LETTER_OF = {name: letter for letter, name in _LETTER_NAMES.items()}
_LENGTHS = range(2, 7)
_NAME = "|".join(sorted(_LETTER_OF, key=len, reverse=True))  # এম isn't এ and something else
_ONE = re.compile(_NAME)
_SEVERAL = re.compile(f"(?:{_NAME}){{{_LENGTHS.start},{_LENGTHS.stop - 1}}}")


def spelled_out(latin: str) -> str:
    """Return the Bengali names of Latin letters, bjp → বিজেপি; empty where there are too few or too many for an abbreviation."""
    return "".join(_LETTER_NAMES[letter] for letter in latin) if len(latin) in _LENGTHS and set(latin) <= set(_LETTER_NAMES) else ""


def letters_of(bengali: str) -> list[str]:
    """Return the names of the Latin letters that a Bengali word consists of, বিজেপি → বি, জে, পি; none where it doesn't."""
    return _ONE.findall(bengali) if _SEVERAL.fullmatch(bengali) else []


def is_letter(word: str) -> bool:
    """Whether a word is a Latin letter or the name of one."""
    return word in _LETTER_OF or (len(word) == 1 and word in _LETTER_NAMES)


def joined_letters(words: Iterable[str]) -> str:
    """Return letters and names of letters as one Bengali word: বি, j → বিজে."""
    return "".join(_LETTER_NAMES.get(word, word) for word in words)


def abbreviation_of(bengali: str) -> str:
    """Return the Latin letters whose names a Bengali word consists of, বিজেপি → bjp; empty where it doesn't."""
    return _ONE.sub(lambda name: _LETTER_OF[name[0]], bengali) if _SEVERAL.fullmatch(bengali) else ""


class Meaning(NamedTuple):
    """What a word or phrase may stand for besides itself."""

    bengali: tuple[str, ...] = ()
    """Words and phrases, the usual one first."""
    latin: tuple[str, ...] = ()
    is_sure: bool = True
    """Whether it stands for nothing else: Latin letters may also spell a Bengali word."""

    @property
    def all(self) -> tuple[str, ...]:
        """In both scripts."""
        return (*self.bengali, *self.latin)


MOST_WORDS = 4
"""Of a phrase that has a meaning."""


def meaning_of(words: str) -> Meaning | None:
    """Return what a normalised word, or several with a space between, may stand for; None where nothing is known of it."""
    return _meanings().get(words)


@cache
def english_names() -> Mapping[str, str]:
    """Return English name → Bengali name, for the names that most news is recognised by."""
    return {name: bengali[0] for bengali, english, _ in _groups(NAMES) for name in english}


@cache
def _meanings() -> Mapping[str, Meaning]:
    found: dict[str, Meaning] = {}
    for table in (NAMES, MORE_NAMES, PARTIES, OFFICES, SPELLINGS, WORDS):
        for bengali, latin, is_mutual in _groups(table):
            lettered = (*bengali, *(" ".join(letters) for word in bengali if (letters := letters_of(word))))
            sure = tuple(word.removeprefix("~") for word in latin)
            shared = Meaning(lettered, sure if is_mutual else ())
            for word in (*lettered, *sure) if is_mutual else sure:
                known = found.get(word, Meaning())
                is_sure = known.is_sure and f"~{word}" not in latin
                found[word] = Meaning(known.bengali + shared.bengali, known.latin + shared.latin, is_sure)
    return found


def _groups(table: str) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], bool]]:
    """Yield the groups of a table: the Bengali words, the Latin ones, and whether each finds all."""
    for line in normalised(table.replace("(", " ").replace(")", "")).splitlines():
        left, mark, right = line.partition(" < ") if " < " in line else line.partition(": ")
        if left:
            yield tuple(left.split(", ")), tuple(right.split(", ")) if right else (), mark != " < "
