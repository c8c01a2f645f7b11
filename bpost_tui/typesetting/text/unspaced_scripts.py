"""Positions for line breaks in scripts written without spaces (UAX #14, classes SA, ID and CJ, and LB28a).

Chinese and Japanese lines may end between any two letters, with few exceptions. Thai, Lao, Khmer and Burmese lines end between
words, which only a dictionary knows: ICU's, if PyICU is installed. Without it they end between clusters, but never within a
syllable whose end is written.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib import import_module
from itertools import accumulate

from bpost_tui.typesetting.text.graphemes import clusters
from bpost_tui.typesetting.text.lazy_pattern import lazy_pattern
from bpost_tui.typesetting.text.named_tuple import NamedTuple

_WORD_CHARS = "\u0e01-\u0e4e\u0e81-\u0edf\u1000-\u103f\u1050-\u109f\u1780-\u17d3\u17d7\u1950-\u19df\u1a20-\u1aad\uaa60-\uaadf"
"""Characters of scripts without spaces whose lines end only between words: Thai, Lao, Burmese, Khmer and their neighbours."""
_LETTER_CHARS = (
    "\u1b05-\u1b4c\u2e80-\u2fff\u3001-\u312f\u31a0-\u9fff\ua000-\ua4cf\ua980-\ua9c0\uf900-\ufaff\uff01-\uffdc\U00020000-\U0003fffd"
)
"""Characters of scripts whose lines may end between any letters: Chinese, Japanese, Yi, and Balinese and Javanese syllables."""
_MAYBE_UNSPACED = lazy_pattern("[^\x00-\u0e00\u2000-\u2e7f]")
"""Pattern found in every text in a script without spaces, and in few other texts.

It saves time: `_UNSPACED`, which takes three times as long to compile, is needed only for texts that this pattern finds.
"""
_UNSPACED = lazy_pattern(f"[{_WORD_CHARS}{_LETTER_CHARS}]")
_WORDS = lazy_pattern(f"[{_WORD_CHARS}]+")
_LETTER = lazy_pattern(f"[{_LETTER_CHARS}]")
_NEVER_LAST = lazy_pattern(
    "[\u0e40-\u0e44\u0ec0-\u0ec4\u19b5-\u19b7\u19ba\uaab5\uaab6\uaab9\uaabb\uaabc]"
    "|.[\u0e31\u0e37\u0eb1\u0ebb]|[^ก]\u0e47"  # Thai ั ื ็ and Lao ັ ົ
)
"""Vowels that must not end a line. Those in the pattern's first line are written before their consonant (Logical_Order_Exception).
"""
_MIN_CLUSTERS = 2
"""Minimum number of clusters before and after a line break, if no dictionary says whether the break is within a word."""
_NEVER_FIRST = lazy_pattern(
    "[\u0e2f\u0e30\u0e32\u0e45\u0eaf\u0eb0\u0eb2\u0ebd"  # vowels written after their consonant, and abbreviation marks
    "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶㇰ-ㇿ]"  # small kana: class CJ
    "|.[\u0e31-\u0e3a\u0e47-\u0e4e]*\u0e4c|.[\u0eb1-\u0ebc\u0ec8-\u0ece]*\u0ecc|.\u1037?\u103a|.\u1039|.[\u17cb\u17cd\u1b44\ua9c0]"
)
"""Clusters that end a syllable, and so don't start a line: small letters, and consonants marked as silent, vowelless or stacked."""


class BreakOpportunities(NamedTuple):
    """Positions in a text where a line may end."""

    offsets: tuple[int, ...]
    """Indices in the text, in ascending order, without 0 and the text's length."""
    are_reliable: bool
    """Whether each position is known to be between two words, or in a script whose lines may end within words."""


_NONE = BreakOpportunities((), True)


def break_opportunities(text: str) -> BreakOpportunities:
    """Return the positions for line breaks inside a text without spaces; none if its script normally has spaces between words.

    >>> break_opportunities("日本の「新聞」").offsets
    (1, 2, 3, 5)
    """
    if not _MAYBE_UNSPACED.search(text) or not _UNSPACED.search(text):
        return _NONE
    find_words = _dictionary()
    between_words = None if find_words is None else {start + at for start, word in _stretches(text) for at in find_words(word)}
    parts = clusters(text)
    are_sure, found = True, []
    for number, (at, left, right) in enumerate(zip(accumulate(map(len, parts)), parts, parts[1:], strict=False), 1):
        if not _may_break_between(left, right):
            continue
        if _WORDS.match(left) and _WORDS.match(right):
            if between_words is None:
                are_sure = False
                if min(number, len(parts) - number) < _MIN_CLUSTERS:
                    continue
            elif at not in between_words:
                continue
        found.append(at)
    return BreakOpportunities(tuple(found), are_sure)


def _stretches(text: str) -> Iterator[tuple[int, str]]:
    return ((found.start(), found[0]) for found in _WORDS.finditer(text))


def _may_break_between(left: str, right: str) -> bool:
    """Whether a line may end between the clusters (letters) `left` and `right`, assuming that they are of different words."""
    if not (_LETTER.match(left) or _LETTER.match(right) or (_WORDS.match(left) and _WORDS.match(right))):
        return False
    if _NEVER_LAST.match(left) or _NEVER_FIRST.match(right):
        return False
    before, after = unicodedata.category(left[0]), unicodedata.category(right[0])
    return before not in ("Ps", "Pi", "Sc") and (after in ("Ps", "Pi", "Sc") or (after[0] not in "PZCS" and after != "Lm"))


@lru_cache(maxsize=1)
def _dictionary() -> Callable[[str], Iterator[int]] | None:
    """Return a function that yields the end of each word of a text, by ICU's dictionaries; None if PyICU isn't installed."""
    try:
        icu = import_module("icu")  # imported only for a text in such a script
        finder = icu.BreakIterator.createLineInstance(icu.Locale.getRoot())
    except (ImportError, AttributeError):  # AttributeError: another package named `icu`
        return None

    def find(text: str) -> Iterator[int]:
        finder.setText(text)  # counts UTF-16 units, which equal characters here: none of these scripts is beyond U+FFFF
        yield from finder

    return find
