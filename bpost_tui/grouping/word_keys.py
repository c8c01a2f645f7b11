"""Keys of words, for comparing stories. The key is the root of the word, without endings and spelling variants. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from bpost_tui.bengali.normalise import normalised
from bpost_tui.bengali.phonetic import likely_keys
from bpost_tui.bengali.similarity import canonical_spelling
from bpost_tui.bengali.stemmer import stems_and_roots
from bpost_tui.bengali.synonyms import abbreviation_of, bengali_words, english_names

_SAME_WORDS = """
    গ্রেপ্তার গ্রেফতার arrest arrested, দপ্তর দফতর, মৃত মৃত্যু নিহত মারা, আহত জখম, লক্ষ লাখ, সোনা স্বর্ণ, রুপো রুপা রূপা,
    বাতিল স্থগিত, বোলিং ফিল্ডিং, শেয়ারবাজার পুঁজিবাজার, উইকেট পিচ, রবিবার রোববার, এজেন্সি অ্যাজেন্সি, রওনা রওয়ানা,
    খামেনি খামেনেই খামেইনি, নাসের নাসর, ক্রিস্টিয়ানো ক্রিশ্চিয়ানো, আওয়ামী আওয়ামি, আগুন অগ্নিকাণ্ড, ভূমিকম্প ভূকম্পন,
    ইস্তফা পদত্যাগ, প্রয়াত প্রয়াণ, ধর্মঘট হরতাল বনধ, বৈঠক সাক্ষাৎ, সাসপেন্ড বরখাস্ত, মনোনয়ন মনোনয়নপত্র, লরি ট্রাক,
    বাইক মোটরবাইক মোটরসাইকেল, হামলা আক্রমণ, পড়ুয়া ছাত্র শিক্ষার্থী
"""
"""Groups of words that are spelling variants or synonyms, with commas between groups; keys use the first word of a group."""
_MIN_ENGLISH_LETTERS = 4
_ENGLISH_ENDING = re.compile(r"(?:(?<=[sxzh])es|(?<![su])s|ed|ing)$")
_VOWEL = re.compile(r"[aeiouy]")
_DOUBLED = re.compile(r"([bdgmnprt])\1$")
"""Pattern of a consonant doubled before an ending, as in planned."""
_FINAL = re.compile(r"(?<=...)(?:e|ie?|y)$")
"""Pattern of a last vowel that changes before an ending: strike and striking, policy and policies."""
_MAX_ROOTS = 3
_MIN_SOUNDS, _MIN_DIGITS = 3, 2
"""Minimum number of consonants, and of digits, in a key that is compared across scripts.

Shorter keys aren't specific: too many words have the same two consonants, and too many stories have the number 2.
"""
_CANONICAL = {word: group[0] for group in map(str.split, normalised(_SAME_WORDS).split(",")) for word in group}


@lru_cache(maxsize=1 << 15)
def word_key(word: str) -> str:
    """Return the key of a normalised word.

    The key is the word's root in canonical spelling, or the Latin letters that the word abbreviates (বিজেপি → bjp).
    """
    name = english_names().get(word, word)
    if name.isascii():
        return _CANONICAL.get(name) or _english_root(name)
    return _spelling_key(name if name in _CANONICAL else _root(name))


@lru_cache(maxsize=1 << 15)
def _spelling_key(root: str) -> str:
    return abbreviation_of(root) or canonical_spelling(_CANONICAL.get(root, root))


def cross_script_keys(word: str) -> tuple[str, ...]:
    """Return the keys of a normalised word that are also keys of the same word in the other script (Bengali or Latin).

    The result is empty if no key is certain. A number is its own key. For any other word, the key is the known translation. Without
    a translation, the keys are the consonants of the word and the consonants of its root.
    """
    if word.isdigit():
        return (word,) if len(word) >= _MIN_DIGITS else ()
    root = _root(word)
    if translation := bengali_words().get(word) or bengali_words().get(root):
        return (translation,)
    forms = {word, root} if not (letters := abbreviation_of(root)) else {letters}
    return tuple(sorted(key for key in likely_keys(forms) if len(key) >= _MIN_SOUNDS))


def _english_root(word: str) -> str:
    """Return an English word without the endings of plurals and verb forms: strik for strike, strikes and striking."""
    if len(word) < _MIN_ENGLISH_LETTERS or not word.isalpha():
        return word
    root = _ENGLISH_ENDING.sub("", word)
    if len(root) < _MIN_ENGLISH_LETTERS - 1 or not _VOWEL.search(root):
        return word
    return _FINAL.sub("", _DOUBLED.sub(r"\1", root) if root != word else root)


def _root(word: str) -> str:
    """Return the root of a word, without its endings.

    Endings are removed up to three times. So a name that only looks inflected (মেদিনীপুর) gets the same root as its inflected form
    মেদিনীপুরে.
    """
    for _ in range(_MAX_ROOTS):
        _, roots = stems_and_roots(word)
        if not roots:
            break
        word = roots[0]
    return word
