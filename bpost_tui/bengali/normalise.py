"""Words as search compares them: one form for everything that is spelled in several ways but read as the same.

The same function serves the index and the query. Its output is never shown: on the page, র‍্য needs its joiner.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

_JOINERS = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_APOSTROPHES = "'\u2018\u2019"
# marks that belong to a word; Python's \w leaves them out (Mn, Mc), the index's tokenizer has them
_MARKS = "\u0300-\u036f\u0900-\u0903\u093a-\u094f\u0981-\u0983\u09bc-\u09cd\u09d7\u09e2\u09e3"
# underscores part words, and are taken for spaces before these patterns see them
_REST = rf"(?:[\w{_MARKS}]+|[{_JOINERS}]+(?=[\w{_MARKS}])|[{_APOSTROPHES}](?=\w))*"
_WORD = re.compile(rf"\w{_REST}")
_ENGLISH_GENITIVE = re.compile(rf"(?<=[a-z])[{_APOSTROPHES}]s\b")

_FOLDED = {
    **dict.fromkeys(_JOINERS + _APOSTROPHES, ""),
    **{chr(ord("০") + digit): str(digit) for digit in range(10)},
    "ৎ": "ত\u09cd",
}
# a normalised word's first letter → what else the word may begin with
_WRITTEN = {
    **{str(digit): chr(ord("০") + digit) for digit in range(10)},
    "আ": "অ",
    "র": "ব",
    "ত": "ৎ",
    "ড": "\u09dc",
    "ঢ": "\u09dd",
    "য": "\u09df",
}

# all that NFC changes in usual text: letters that it takes apart, vowels in two parts, a hasant before a dot
_DOTTED = {"\u09dc": "\u09a1\u09bc", "\u09dd": "\u09a2\u09bc", "\u09df": "\u09af\u09bc"}
_CHANGING = ("\u09c7\u09be", "\u09c7\u09d7", "\u09cd\u09bc")
_UNUSUAL = re.compile("[^\x00-\x7f\u0964\u0965\u0981-\u09db\u09e0-\u09fd\u200b-\u200d\u2010-\u2027]")

# what NFC leaves apart: a vowel typed in two parts, ra typed as ba with a dot, a ya-phala with the dot of ya
_RESPELLINGS = {"অা": "আ", "ব\u09bc": "র", "\u09cdয\u09bc": "\u09cdয"}
# looked for one by one in a text as a whole: most texts have none, and that is quickly known
_REPLACED = (*_FOLDED.items(), *_RESPELLINGS.items())


def normalised(text: str) -> str:
    """Return a text as search compares it.

    NFC (so ড় ঢ় য় are two code points, ো ৌ one); no joiners, soft hyphens or apostrophes; digits ASCII; ৎ as ত্;
    Latin letters case-folded, an English 's dropped.
    """
    text = _composed(text).casefold()
    if any(f"{mark}s" in text for mark in _APOSTROPHES):
        text = _ENGLISH_GENITIVE.sub("", text)
    reordered = any(char in text for char in f"{_JOINERS}ৎ")
    for written, compared in _REPLACED:
        text = text.replace(written, compared)
    # what a joiner kept apart, and marks after ৎ, which comes apart into two
    return _composed(text) if reordered else text


def _composed(text: str) -> str:
    """Return a text in NFC; Bengali, which hardly ever needs more than its dotted letters taken apart, in a third of the time."""
    if text.isascii():
        return text
    for letter, parts in _DOTTED.items():
        text = text.replace(letter, parts)
    if _UNUSUAL.search(text) or any(pair in text for pair in _CHANGING):
        return unicodedata.normalize("NFC", text)
    return text


def words(text: str) -> list[str]:
    """Return a text's words, normalised, in their order."""
    return normalised(" ".join(_WORD.findall(_parted(text)))).split()  # none becomes empty, and nothing reaches across a space


def placed_words(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield a text's words, normalised, each with where it starts and ends in the text as given."""
    for word, found in zip(words(text), _WORD.finditer(_parted(text)), strict=True):
        yield word, found.start(), found.end()


class WordFinder:
    """Finds the words of a text that may, once normalised, be one of those wanted: it goes by first letters, so it is cheap."""

    def __init__(self, wanted: Iterable[str]) -> None:
        firsts = {word[0] for word in wanted}
        firsts |= {char for first in firsts for char in (first.upper(), first.lower(), *_WRITTEN.get(first, ""))}
        inside = rf"[\w{_MARKS}]"
        before = rf"(?<!{inside})(?<!{inside}[{_JOINERS}{_APOSTROPHES}])(?<![{_JOINERS}][{_JOINERS}])"
        self._pattern = re.compile(f"{before}[{re.escape(''.join(sorted(firsts)))}]{_REST}" if firsts else "(?!)")

    def find(self, text: str) -> Iterator[re.Match[str]]:
        """Yield a match for each."""
        return self._pattern.finditer(_parted(text))


def _parted(text: str) -> str:
    return text.replace("_", " ")
