"""Normal form of words for search, so that a search for one spelling of a word also finds the others. Pure.

The search index and the query use the same function. The normal form is never shown to the reader, since it lacks the joiners that
some letters (র‍্য) need on the page.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from bpost_tui.bengali.letters import DOTTED, decomposed
from bpost_tui.typesetting.text.lazy_pattern import lazy_pattern

_JOINERS = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_APOSTROPHES = "'\u2018\u2019"
# marks that belong to a word (Mn, Mc): the index's tokenizer counts them as such, Python's \w doesn't
_MARKS = "\u0300-\u036f\u0900-\u0903\u093a-\u094f\u0981-\u0983\u09bc-\u09cd\u09d7\u09e2\u09e3"
# underscores separate words; they become spaces before these patterns are applied
_REST = rf"(?:[\w{_MARKS}]+|[{_JOINERS}]+(?=[\w{_MARKS}])|[{_APOSTROPHES}](?=\w))*"
# a number with commas is one word, grouped as in India or by thousands: ১,২৫,০০০
_GROUPS = "(?:,[0-9০-৯]{2,3})*,[0-9০-৯]{3}(?![0-9০-৯,])"
# a visarga typed as a colon: দু:খ; elsewhere a colon separates words
_COLON = "(?:দু|নি|অন্ত|পুন|প্রাত|স্বত|অধ|বহি|অত|শির|মন):(?=[ক-হ])"
_WORD = lazy_pattern(rf"(?:[0-9০-৯]{{1,3}}{_GROUPS}|{_COLON}|\w){_REST}")
_ENGLISH_GENITIVE = lazy_pattern(rf"(?<=[a-z])[{_APOSTROPHES}]s\b")

_FOLDED = {
    **dict.fromkeys(_JOINERS + _APOSTROPHES, ""),
    **{chr(ord("০") + digit): str(digit) for digit in range(10)},
    "ৎ": "ত\u09cd",
}
# the first letter of a normalised word → other first letters that the word may have in a text
_WRITTEN = {
    **{str(digit): chr(ord("০") + digit) + chr(ord("０") + digit) for digit in range(10)},
    "অ": "এ",
    "আ": "অ",
    "র": "বৰ",
    "ব": "ৱ",
    "ত": "ৎ",
    **{parts[0]: letter for letter, parts in DOTTED.items()},
}

# sequences that NFC changes in usual text, beside the dotted letters: vowels in two parts, a hasant before a nukta
_CHANGING = ("\u09c7\u09be", "\u09c7\u09d7", "\u09cd\u09bc")
_FOREIGN_FORMS = str.maketrans("０１２３４５６７８９ৰৱ", "0123456789রব")
"""Maps full-width digits to ASCII digits, and Assamese letters to Bengali ones."""
_ACCENTED = lazy_pattern("([a-zA-Z])[\u0300-\u036f]+")
_UNUSUAL = lazy_pattern("[^\x00-\x7f\u0964\u0965\u0981-\u09db\u09e0-\u09ef\u09f2-\u09fd\u200b-\u200d\u2010-\u2027]")

# spellings that NFC doesn't change: a vowel typed in two parts, ra typed as ba with a nukta, a ya-phala with the nukta of ya
_RESPELLINGS = {"অা": "আ", "ব\u09bc": "র", "\u09cdয\u09bc": "\u09cdয", "এ\u09cdযা": "অ\u09cdযা"}
# replaced one after the other in the whole text: this is fast if a text has none of them, and most texts have none
_REPLACED = (*_FOLDED.items(), *_RESPELLINGS.items())

_DOUBLED = "চজতদনবমযকগণল"
# old spellings and slips: a consonant doubled below a reph (কার্য্য), a candrabindu before its vowel sign, a vowel sign typed twice
_OLD_SPELLINGS = (
    *(f"র\u09cd{letter}\u09cd{letter}" for letter in _DOUBLED),
    *("র\u09cdদ\u09cdধ", "র\u09cdচ\u09cdছ"),
    *(f"ঁ{sign}" for sign in "ািীুূৃেৈোৌ"),
    *(sign * 2 for sign in "ািীুূে"),
)
_OLD_SPELLING_PARTS = ("র\u09cd", "ঁ", *(sign * 2 for sign in "ািীুূে"))
"""Sequences of characters, one in each of `_OLD_SPELLINGS`. A text without any of them has no old spelling to search for."""
_MENDED = (
    (re.compile(f"(?<=র\u09cd)(?:([{_DOUBLED}])(?:\u09cd\\1)+|দ\u09cd(?=ধ)|চ\u09cd(?=ছ))"), r"\1"),
    (re.compile("(ঁ+)([ািীুূৃেৈোৌ]+)"), r"\2\1"),
    (re.compile(r"([ািীুূে])\1+"), r"\1"),
)


def normalised(text: str) -> str:
    """Return a text in the form that search compares.

    The form is NFC, so each of ড় ঢ় য় is two code points, and each of ো ৌ is one. Joiners, soft hyphens and apostrophes are
    removed, digits become ASCII, and ৎ becomes ত্. Letters of Assamese and of older spelling (কার্য্য) become today's. Latin
    letters are case-folded and have no accents, and an English 's is left out.
    """
    text = _nfc(text).casefold()
    if any(f"{mark}s" in text for mark in _APOSTROPHES):
        text = _ENGLISH_GENITIVE.sub("", text)
    if text.isascii():
        return text.replace("'", "")
    reordered = any(char in text for char in f"{_JOINERS}ৎ")
    for written, compared in _REPLACED:
        text = text.replace(written, compared)
    # again: without its joiners, and with ৎ as two characters, the text may have sequences that NFC changes
    text = _nfc(text) if reordered else text
    while any(hint in text for hint in _OLD_SPELLING_PARTS) and any(rare in text for rare in _OLD_SPELLINGS):
        for wrong, mended in _MENDED:
            text = wrong.sub(mended, text)
        text = _nfc(text)
    return text


def _nfc(text: str) -> str:
    """Return a text in NFC.

    For usual Bengali, where only the dotted letters change, this takes a third of the time of `unicodedata.normalize`.
    """
    if text.isascii():
        return text
    text = decomposed(text)
    if _UNUSUAL.search(text) or any(pair in text for pair in _CHANGING):
        return unicodedata.normalize("NFC", _ACCENTED.sub(r"\1", unicodedata.normalize("NFD", text.translate(_FOREIGN_FORMS))))
    return text


def words(text: str) -> list[str]:
    """Return the words of a text in their order, each in its normal form."""
    found = " ".join(_WORD.findall(_with_spaces(text)))  # no word becomes empty, and no change crosses a space
    return normalised(found.replace(",", "").replace(":", "ঃ")).split()


def words_with_offsets(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the normal form of each word of a text, with the start and end of the word in `text`."""
    for word, found in zip(words(text), _WORD.finditer(_with_spaces(text)), strict=True):
        yield word, found.start(), found.end()


class WordFinder:
    """Finder of the words in a text whose normal form may be one of `terms`.

    Only the first letters are compared, which is fast, so the caller must compare the normal form of each word found.
    """

    def __init__(self, terms: Iterable[str]) -> None:
        firsts = {word[0] for word in terms}
        firsts |= {char for first in firsts for char in (first.upper(), first.lower(), *_WRITTEN.get(first, ""))}
        inside = rf"[\w{_MARKS}]"
        # A first letter's context is checked after it: `re` skips from letter to letter if a pattern begins with the letters.
        begins = rf"(?<!{inside}.)(?<!{inside}[{_JOINERS}{_APOSTROPHES}].)(?<![{_JOINERS}][{_JOINERS}].)"
        self._pattern = re.compile(
            rf"[{re.escape(''.join(sorted(firsts)))}]{begins}(?:(?<=[0-9০-৯])[0-9০-৯]{{0,2}}{_GROUPS})?{_REST}"
            if firsts
            else "(?!)"
        )

    def find(self, text: str) -> Iterator[re.Match[str]]:
        """Yield a match object for each word in `text` that begins like one of the terms."""
        return self._pattern.finditer(_with_spaces(text))


def _with_spaces(text: str) -> str:
    return text.replace("_", " ")
