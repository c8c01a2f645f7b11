"""What Bengali adds to the end of a noun, taken off: particles, cases, plurals and classifiers. Light rules, no dictionary.

Words are normalised ones (normalise.py). A rule that may be wrong (কমিটি isn't কমি with টি) costs little: the forms found are used
beside the word, never in its place, and a short one only where the library knows it as a word (see `is_sure`).
"""

from __future__ import annotations

import re
from functools import lru_cache

Endings = tuple[tuple[str, str], ...]
Rules = tuple[tuple[str, int, frozenset[str] | None, frozenset[str]], ...]

LEAST_LETTERS = 2
"""Letters, not signs, that must be left of a word."""
SURE_LETTERS = 3
"""Letters from which on what is left is taken for the word it came from."""

_HASANT = "\u09cd"
_YA = "য\u09bc"
_MOST_OF_ONE_LETTER = 4
"""Code points of a letter with its dot, its vowel sign and a candrabindu."""
_LETTER = re.compile("[অ-হৰৱ0-9a-z]")
_VOWEL_ENDS = frozenset("ািীুূৃেৈোৌঅআইঈউঊঋএঐওঔ")

# outermost first; a word may have one of each. After a vowel, after a consonant, or after either
_PARTICLES = (("ই", "any"), ("ও", "any"))
_CASES = (
    ("ের", "consonant"),
    ("র", "vowel"),
    ("কে", "any"),
    ("ে", "consonant"),
    (_YA, "aa"),
    ("তে", "vowel"),
    ("ে" + "তে", "consonant"),
    (_YA + "ের", "close"),
    (_YA + "ে", "close"),
    ("এর", "any"),
    ("এ", "any"),
)
_NUMBERS = (
    ("রা", "any"),
    ("ের" + "া", "consonant"),
    ("দের", "any"),
    ("ের" + "দের", "consonant"),
    ("েদের", "consonant"),
    ("গুলি", "any"),
    ("গুলো", "any"),
    ("গুলা", "any"),
    ("টি", "any"),
    ("টা", "any"),
    ("টুকু", "any"),
    ("খানা", "any"),
    ("খানি", "any"),
    ("জন", "any"),
    ("তম", "any"),
    ("সমূহ", "any"),
)
_ENDS = {"vowel": _VOWEL_ENDS, "aa": frozenset("া"), "close": _VOWEL_ENDS - {"া"}}


def _rules(endings: Endings) -> tuple[tuple[str, ...], Rules]:
    """Return the endings alone, and each with its length, the letters it follows and those it doesn't."""
    forbidden = {"consonant": _VOWEL_ENDS | {_HASANT}}
    rules = tuple((end, len(end), _ENDS.get(after), forbidden.get(after, frozenset({_HASANT}))) for end, after in endings)
    return tuple(end for end, _ in endings), rules


_ORDER = tuple(map(_rules, (_PARTICLES, _CASES, _NUMBERS)))
_ANY = tuple(ending for plain, _ in _ORDER for ending in plain)

# verbs and postpositions that only look like nouns with an ending
_LOOK_ALIKES = (
    "করে করেও করেই পরে পরেও পরেই হবে হবেই হয়ে বলে চলে দেখে থেকে থেকেই থেকেও রেখে দিতে নিতে হতে যেতে মতে ধরে মেরে "
    "মধ্যে সঙ্গে সাথে কাছে জন্যে আগে নিচে নীচে উপরে ওপরে পেয়ে গিয়ে দিয়ে নিয়ে চেয়ে খেয়ে এসে বসে পড়ে ছেড়ে করতে "
    "বলতে দেখতে থাকতে চলতে করবে বলবে দেবে যাবে থাকবে হচ্ছে করছে করেছে হয়েছে গেছে দিয়েছে এবার আবার আমার তোমার তাঁর "
    "তার কার যার সবার মার আর এর ওর হাজার দরকার খবর"
)
_WHOLE = frozenset(_LOOK_ALIKES.split())


@lru_cache(maxsize=1 << 16)
def stems(word: str) -> tuple[str, ...]:
    """Return what a word may be an inflected form of, the longest first; without the word itself."""
    if not word.endswith(_ANY) or word in _WHOLE:
        return ()
    found = [word]
    for plain, rules in _ORDER:
        for form in tuple(found):
            if form.endswith(plain):
                found += _without(form, rules)
    return tuple(found[1:]) if len(found) < 3 else tuple(sorted(dict.fromkeys(found[1:]), key=len, reverse=True))


def is_sure(stem: str) -> bool:
    """Whether a stem is long enough to be believed."""
    return len(_LETTER.findall(stem)) >= SURE_LETTERS or stem[:1].isdigit()


def _without(form: str, rules: Rules) -> list[str]:
    """Return a form without each of the endings it may bear."""
    found: list[str] = []
    for ending, length, follows, never in rules:
        if form.endswith(ending) and (rest := form[:-length]):
            last = rest[-1]
            if last not in never and (follows is None or last in follows) and rest not in _WHOLE and _is_enough(rest):
                found.append(rest)
    return found


def _is_enough(rest: str) -> bool:
    return len(rest) > _MOST_OF_ONE_LETTER or len(_LETTER.findall(rest)) >= LEAST_LETTERS or rest.isdigit()
