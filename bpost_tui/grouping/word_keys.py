"""Words as keys: what stays of a word when its endings and the vagaries of its spelling are taken off. Pure."""

from __future__ import annotations

from functools import lru_cache

from bpost_tui.bengali.normalise import normalised
from bpost_tui.bengali.phonetic import likely_keys
from bpost_tui.bengali.similarity import canonical_spelling
from bpost_tui.bengali.stemmer import parts
from bpost_tui.bengali.synonyms import abbreviation_of, bengali_words, english_names

_SAME_WORD = {
    **dict.fromkeys(("গ্রেফতার", "গ্রেপ্তার", "arrest", "arrested"), "গ্রেপ্তার"),
    **dict.fromkeys(("দফতর", "দপ্তর"), "দপ্তর"),
    **dict.fromkeys(("মৃত", "মৃত্যু", "নিহত", "মারা"), "মৃত"),
    **dict.fromkeys(("আহত", "জখম"), "আহত"),
    **dict.fromkeys(("লাখ", "লক্ষ"), "লক্ষ"),
}
"""Words that papers use for one thing → the one that stands for it; normalised."""
_MAX_ROOTS = 3
_MIN_SOUNDS, _MIN_DIGITS = 3, 2
"""Of a word or number that is the same in both scripts: too many words have two consonants in common, too many stories a 2."""
_CANONICAL = {normalised(word): normalised(one) for word, one in _SAME_WORD.items()}


@lru_cache(maxsize=1 << 15)
def word_key(word: str) -> str:
    """Return the key of a normalised word: its root, loosely spelt; the Latin letters that it names (বিজেপি → bjp)."""
    name = english_names().get(word, word)
    if name.isascii():
        return _CANONICAL.get(name, name)
    return _loosely_spelt(name if name in _CANONICAL else _root(name))


@lru_cache(maxsize=1 << 15)
def _loosely_spelt(root: str) -> str:
    return abbreviation_of(root) or canonical_spelling(_CANONICAL.get(root, root))


def cross_script_keys(word: str) -> tuple[str, ...]:
    """Return what a normalised word has in common with words of the other script, Bengali or Latin; nothing where that isn't sure.

    A number is one in both. Else it is what the word means, where that is known; else its consonants, and those of its root.
    """
    if word.isdigit():
        return (word,) if len(word) >= _MIN_DIGITS else ()
    root = _root(word)
    if meant := bengali_words().get(word) or bengali_words().get(root):
        return (meant,)
    forms = {word, root} if not (letters := abbreviation_of(root)) else {letters}
    return tuple(sorted(key for key in likely_keys(forms) if len(key) >= _MIN_SOUNDS))


def _root(word: str) -> str:
    """Return a word's root, and the root of that, so that a name that looks inflected (মেদিনীপুর) has one key with মেদিনীপুরে."""
    for _ in range(_MAX_ROOTS):
        _, roots = parts(word)
        if not roots:
            break
        word = roots[0]
    return word
