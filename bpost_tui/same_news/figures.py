"""Numbers in a story, each with what it counts: 3 dead, 2 lakh rupees, 12 degrees, 3-2; as compared between stories. Pure.

Digits of either script, words (তিন, একুশ), and both with শো, হাজার, লক্ষ, কোটি, দেড়, আড়াই, সাড়ে.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from bpost_tui.bengali.normalise import normalised
from bpost_tui.bengali.number_words import cardinal, ordinal
from bpost_tui.same_news.keys import key_of

HARD = frozenset(
    key_of(normalised(word)) for word in ("ডিগ্রি", "শতাংশ", "রান", "উইকেট", "টাকা", "মিলিমিটার", "গোল", "পয়েন্ট", "ভোট", "আসন", "score")
)
"""What two accounts of one event never count differently: these are measured, counted or ruled on, not estimated."""
AGE = "বছর"
CLOCK = "clock"
ORDINAL = "ordinal "
"""Before the unit of a place in an order: the second round, the third match."""
PERSONS = "persons"
"""The unit of people of whom it isn't said what happened to them."""

_TOKEN = re.compile(r"\d+(?:,\d+)*(?:\.\d+)?|[^\W\d_](?:[\w\u0981-\u0983\u09bc-\u09cd\u09d7\u09e2\u09e3])*|[-–—:()₹%°।.,;]")
_SCALES = {normalised(word): value for word, value in (("শো", 100), ("হাজার", 1000), ("লক্ষ", 10**5), ("লাখ", 10**5), ("কোটি", 10**7))}
_CLASSIFIERS = tuple(map(normalised, ("টি", "টা", "টায়", "টার", "টে", "টির", "জনের", "জনকে", "জনই", "জন", "খানা", "খানি")))
_HUNDRED, _HUNDREDS, _ONE = 100, normalised("শো"), normalised("এক")
_PARTS = {normalised("দেড়"): 1.5, normalised("আড়াই"): 2.5}
_AND_A_HALF = normalised("সাড়ে")
_SIGNS = {"%": normalised("শতাংশ"), "°": normalised("ডিগ্রি")}
_GOALS = tuple(map(normalised, ("গোল", "ব্যবধান", "সেট", "ফল", "জিত", "জয়", "হার")))
_MONTHS = tuple(
    map(
        normalised,
        ("জানুয়ারি", "ফেব্রুয়ারি", "মার্চ", "এপ্রিল", "মে", "জুন", "জুলাই", "আগস্ট", "অগস্ট", "সেপ্টেম্বর", "অক্টোবর", "নভেম্বর", "ডিসেম্বর"),
    )
)
_ROLES = {
    key_of(normalised(word)): role
    for role, written in (
        ("dead", "মৃত মৃত্যু নিহত মারা প্রাণ"),
        ("hurt", "আহত জখম"),
        ("held", "গ্রেপ্তার ধৃত আটক পাকড়াও"),
        ("ill", "অসুস্থ আক্রান্ত"),
    )
    for word in written.split()
}
TOLLS = frozenset({*_ROLES.values(), PERSONS})
"""Units of people whom it has befallen: in the first hours papers count them differently, but in their headlines less."""
NAMED = frozenset({*TOLLS, AGE, CLOCK, "score"})
"""Units that are no word of the text."""
_MOST_PERSONS_APART = 3
"""Words between a number of people and what happened to them."""
_PLAIN_MOST = 100


class Figure(NamedTuple):
    """A number and what it is of."""

    value: float
    unit: str
    """A key of a word, or one of the names above."""


def figures_of(text: str) -> frozenset[Figure]:
    """Return the numbers of a text that count something; not days of months, years, or a bare one."""
    tokens = _TOKEN.findall(normalised(text))
    found: set[Figure] = set()
    at = 0
    while at < len(tokens):
        at += _read(tokens, at, found)
    return frozenset(found)


def _read(tokens: Sequence[str], at: int, found: set[Figure]) -> int:
    """Add the figure that begins at a token, if one does, and return how many tokens have been read."""
    if score := _score(tokens, at):
        found.add(score)
        return 3
    if (rank := _ranked(tokens, at)) and at + 1 < len(tokens):
        if not tokens[at + 1][0].isdigit():
            found.add(Figure(rank, ORDINAL + key_of(tokens[at + 1])))
        return 1
    value, classifier, end = _number(tokens, at)
    if value is None:
        return 1
    if unit := _unit(tokens, at, end, classifier):
        found.add(Figure(value, unit))
    return end - at


def _number(tokens: Sequence[str], at: int) -> tuple[float | None, str, int]:
    """Return the number at a token, the classifier that is written with it, and where it ends."""
    halved = tokens[at] == _AND_A_HALF and at + 1 < len(tokens)
    part, classifier = _simple(tokens[at + halved])
    if tokens[at] == _ONE and at + 1 < len(tokens) and _scale(tokens[at + 1])[0]:  # else it is an article
        part = 1.0
    if part is None:
        return None, "", at + 1
    value, part = 0.0, part + halved / 2 * (_HUNDRED if part >= _HUNDRED else 1)
    end = at + halved + 1
    while not classifier and end < len(tokens):
        scale, classifier = _scale(tokens[end])
        more, ending = (None, "") if scale or part < _HUNDRED else _simple(tokens[end])
        if scale:
            part *= scale
        elif more is not None and more < part:
            value, part, classifier = value + part, more, ending
        else:
            break
        end += 1
    value += part
    if not classifier and end < len(tokens) and tokens[end] in _CLASSIFIERS:
        classifier = tokens[end]
        end += 1
    return value, classifier, end


@lru_cache(maxsize=1 << 14)
def _simple(token: str) -> tuple[float | None, str]:
    """Return the number a token is, and the classifier it ends in."""
    if token[0].isdigit():
        return float(token.replace(",", "")), ""
    for ending in ("", *_CLASSIFIERS):
        word = token[: len(token) - len(ending)]
        if token.endswith(ending) and (value := _number_words().get(word) or _hundreds(word)):
            return value, ending
    return None, ""


def _hundreds(word: str) -> float:
    """Return what চারশো is, 0 for what isn't one."""
    count = word.removesuffix(_HUNDREDS)
    return 0.0 if count == word else _HUNDRED * (_number_words().get(count) or float(count == _ONE))


def _scale(token: str) -> tuple[int, str]:
    if token in _SCALES:
        return _SCALES[token], ""
    for classifier in _CLASSIFIERS:
        if token.endswith(classifier) and (scale := _SCALES.get(token[: -len(classifier)])):
            return scale, classifier
    return 0, ""


def _unit(tokens: Sequence[str], at: int, end: int, classifier: str) -> str:
    """Return what a number is of, empty where that can't be told or isn't worth it."""
    after = tokens[end] if end < len(tokens) else ""
    before = tokens[at - 1] if at else ""
    if before == "(" and after == ")":
        return AGE
    if before == "₹":
        return key_of(normalised("টাকা"))
    if classifier.startswith("জন"):
        return _persons(tokens, at, end)
    if after in _SIGNS:
        return key_of(_SIGNS[after])
    if not classifier and (role := _ROLES.get(key_of(before))) and not after[:1].isalpha():
        return role
    if classifier.startswith("টা") and not _names_a_thing(after):
        return CLOCK
    if after in _MONTHS or not after or not after[0].isalpha():
        return ""
    return key_of(after)


def _persons(tokens: Sequence[str], at: int, end: int) -> str:
    """Return what happened to so many people, by the nearest word that says it."""
    for apart in range(_MOST_PERSONS_APART):
        for place in (end + apart, at - 1 - apart):
            if 0 <= place < len(tokens) and (role := _ROLES.get(key_of(tokens[place]))):
                return role
    return PERSONS


def _score(tokens: Sequence[str], at: int) -> Figure | None:
    """Return a result such as 3-2, with goals or a margin within two words."""
    if len(tokens) < at + 3 or tokens[at + 1] not in "-–—" or not (tokens[at].isdigit() and tokens[at + 2].isdigit()):
        return None
    if not any(token.startswith(_GOALS) for token in (*tokens[max(0, at - 2) : at], *tokens[at + 3 : at + 5])):
        return None
    high, low = sorted((int(tokens[at]), int(tokens[at + 2])), reverse=True)
    return Figure(high + low / _PLAIN_MOST, "score")


def _ranked(tokens: Sequence[str], at: int) -> int:
    return _ordinals().get(tokens[at], 0)


def _names_a_thing(word: str) -> bool:
    return bool(word) and word[0].isalpha() and len(word) > 2 and word not in _CLOCK_WORDS


_CLOCK_WORDS = frozenset(map(normalised, ["নাগাদ", "থেকে", "পর্যন্ত", "বেজে", "সময়", "মিনিট", "মিনিটে", "দিকে", "পর", "আগে"]))


@cache
def _number_words() -> dict[str, float]:
    """Return the words of 2 to 99 (এক is an article), with the short forms that stand before classifiers."""
    found: dict[str, float] = {normalised(cardinal(number)): float(number) for number in range(2, 100)}
    return found | _PARTS | {normalised("দু"): 2.0, normalised("ছ"): 6.0, normalised("ন"): 9.0, normalised("ত্রিশ"): 30.0}


@cache
def _ordinals() -> dict[str, int]:
    return {normalised(word): number for number in range(1, 11) if (word := ordinal(number))}
