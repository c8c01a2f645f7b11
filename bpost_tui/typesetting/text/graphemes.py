"""Grapheme clusters (characters that readers see as one letter), and their widths in terminal cells. Pure.

Clusters are the extended grapheme clusters of UAX 29 (Unicode 15.1, with the linkers of 16).

The obvious way is to keep each character whole, or each base character with its marks. It fails in Bengali: a conjunct such as ন্ড
is two base letters, joined by a hasant. If a line break or an ellipsis separates them, the reader sees letters that aren't in the
word. So rule GB9c, which keeps conjuncts whole, is implemented. So is a rule for Bengali: an independent vowel with a conjoined
consonant (অ্যা) is one letter, as in UAX 29 from Unicode 18 on. Properties that the standard library doesn't have
(Extended_Pictographic, Prepend) are written here as ranges.

`cell_width` doesn't predict the width in one terminal: terminals disagree, even two versions of one. For কা, ক্ষ and ক্ষা,
xterm takes 2, 2 and 3 cells, Alacritty 1, 2 and 2, kitty 1 each. The function returns the largest width measured, so that a
box of this width cuts no letter.
"""

from __future__ import annotations

import unicodedata
from enum import Enum, auto
from functools import lru_cache

ZWNJ, ZWJ = "\u200c", "\u200d"
ELLIPSIS = "…"
BEFORE_ELLIPSIS = "।॥,;:-–—…· ۔،؛"
"""Punctuation and spaces that an ellipsis after them replaces."""

_VIRAMAS = frozenset("\u094d\u09cd\u0acd\u0b4d\u0c4d\u0d4d")  # Indic_Conjunct_Break=Linker
_STACKERS = frozenset("\u1039\u17d2\u1a60\u1b44\u1bab\ua9c0\uaaf6")
"""Characters after which the next letter is stacked below the preceding letter, as in Burmese (linkers since Unicode 16)."""
_FIRST_STACKED = "\u1000"
_CONJOINING_BLOCKS = frozenset({0x0900, 0x0980, 0x0A80, 0x0B00, 0x0C00, 0x0D00})
_BENGALI_VOWELS = frozenset("অআইঈউঊঋএঐওঔ")
_PREPEND = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\u0d4e\U000110bd\U000110cd")
_EMOJI_STYLE = "\ufe0f"
_ALSO_MARKS = frozenset(f"\u0e33\u0eb3\uff9e\uff9f{ZWJ}{ZWNJ}")
"""Characters that aren't marks in Unicode but belong to the cluster before them as marks do: Thai and Lao am, halfwidth marks,
joiners (GraphemeBreakProperty.txt).
"""


class _BreakClass(Enum):
    OTHER = auto()
    CONTROL = auto()
    EXTEND = auto()
    PREPEND = auto()
    REGIONAL = auto()
    PICTOGRAPH = auto()
    HANGUL_L = auto()
    HANGUL_V = auto()
    HANGUL_T = auto()
    HANGUL_LV = auto()
    HANGUL_LVT = auto()


_HANGUL_NEXT = {
    _BreakClass.HANGUL_L: {_BreakClass.HANGUL_L, _BreakClass.HANGUL_V, _BreakClass.HANGUL_LV, _BreakClass.HANGUL_LVT},
    _BreakClass.HANGUL_V: {_BreakClass.HANGUL_V, _BreakClass.HANGUL_T},
    _BreakClass.HANGUL_LV: {_BreakClass.HANGUL_V, _BreakClass.HANGUL_T},
    _BreakClass.HANGUL_T: {_BreakClass.HANGUL_T},
    _BreakClass.HANGUL_LVT: {_BreakClass.HANGUL_T},
}


def clusters(text: str) -> list[str]:
    """Return the grapheme clusters of a text, in linear time. Joined together, they give the text again.

    >>> clusters("স্ট্যান্ড")
    ['স্ট্যা', 'ন্ড']
    """
    if text.isascii() and "\r\n" not in text:
        return list(text)
    found: list[str] = []
    start = 0
    joiner = _ClusterScanner()
    for at, char in enumerate(text):
        if not joiner.joins(char) and at:
            found.append(text[start:at])
            start = at
    if text:
        found.append(text[start:])
    return found


def extends(char: str) -> bool:
    """Whether a character belongs to the cluster before it and so can't start one, as a vowel sign, a hasant or a joiner does."""
    return _kind(char) is _BreakClass.EXTEND


def is_mark(char: str) -> bool:
    """Whether a character is a nonspacing mark, such as ু, ্ and ঁ."""
    return unicodedata.category(char) == "Mn"


class _ClusterScanner:
    """Scanner that finds the boundaries of clusters.

    `joins` gets one character after another, and returns whether the character continues the current cluster.
    """

    def __init__(self) -> None:
        self._last = ""
        self._last_kind = _BreakClass.CONTROL
        self._base = ""
        self._linked = False  # whether a virama came after the base
        self._pictograph = False  # whether the base is a pictograph, followed only by Extend (GB11)
        self._regionals = 0

    def joins(self, char: str) -> bool:
        kind = _kind(char)
        joined = self._joins(char, kind)
        if kind is _BreakClass.EXTEND:
            self._linked = (self._linked or char in _VIRAMAS or char in _STACKERS) and char != ZWNJ
        else:
            self._base, self._linked = char, False
            self._pictograph = kind is _BreakClass.PICTOGRAPH
        if not joined and kind is _BreakClass.EXTEND:
            self._base, self._pictograph = char, False
        self._regionals = self._regionals + 1 if kind is _BreakClass.REGIONAL else 0
        self._last, self._last_kind = char, kind
        return joined

    def _joins(self, char: str, kind: _BreakClass) -> bool:
        last = self._last_kind
        if self._last == "\r" and char == "\n":
            return True  # GB3
        if _BreakClass.CONTROL in (last, kind):
            return False  # GB4, GB5
        if kind is _BreakClass.EXTEND or last is _BreakClass.PREPEND:
            return True  # GB9, GB9a, GB9b
        if kind in _HANGUL_NEXT.get(last, ()):
            return True  # GB6-8
        if self._linked and _conjoins(self._base, char):
            return True  # GB9c
        if self._pictograph and self._last == ZWJ and kind is _BreakClass.PICTOGRAPH:
            return True  # GB11
        return kind is _BreakClass.REGIONAL and self._regionals % 2 == 1  # GB12, GB13


def _conjoins(base: str, char: str) -> bool:
    if char >= _FIRST_STACKED:
        return unicodedata.category(char) == "Lo" and ord(char) >> 7 == ord(base) >> 7
    return _is_consonant(char) and (_is_consonant(base) or base in _BENGALI_VOWELS)


def _is_consonant(char: str) -> bool:
    code = ord(char)
    place = code & 0x7F
    return code - place in _CONJOINING_BLOCKS and (0x15 <= place <= 0x39 or 0x58 <= place <= 0x5F or 0x70 <= place <= 0x71)


@lru_cache(maxsize=4096)
def _kind(char: str) -> _BreakClass:
    code = ord(char)
    category = unicodedata.category(char)
    if category in ("Mn", "Mc", "Me") or char in _ALSO_MARKS or 0x1F3FB <= code <= 0x1F3FF or 0xE0020 <= code <= 0xE007F:
        return _BreakClass.EXTEND
    if char in _PREPEND:
        return _BreakClass.PREPEND
    if category in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        return _BreakClass.CONTROL
    if 0x1F1E6 <= code <= 0x1F1FF:
        return _BreakClass.REGIONAL
    if _is_pictograph(code):
        return _BreakClass.PICTOGRAPH
    return _hangul_kind(code)


def _hangul_kind(code: int) -> _BreakClass:
    if 0x1100 <= code <= 0x115F or 0xA960 <= code <= 0xA97C:
        return _BreakClass.HANGUL_L
    if 0x1160 <= code <= 0x11A7 or 0xD7B0 <= code <= 0xD7C6:
        return _BreakClass.HANGUL_V
    if 0x11A8 <= code <= 0x11FF or 0xD7CB <= code <= 0xD7FB:
        return _BreakClass.HANGUL_T
    if 0xAC00 <= code <= 0xD7A3:
        return _BreakClass.HANGUL_LVT if (code - 0xAC00) % 28 else _BreakClass.HANGUL_LV
    return _BreakClass.OTHER


def _is_pictograph(code: int) -> bool:
    return (
        0x1F000 <= code <= 0x1FAFF
        or 0x2600 <= code <= 0x27BF
        or code in (0xA9, 0xAE, 0x203C, 0x2049, 0x2122, 0x2139, 0x3030, 0x303D, 0x3297, 0x3299)
        or 0x2194 <= code <= 0x21AA
        or 0x231A <= code <= 0x23FF
        or 0x25AA <= code <= 0x25FE
        or 0x2934 <= code <= 0x2935
        or 0x2B05 <= code <= 0x2B55
    )


@lru_cache(maxsize=8192)
def cell_width(text: str) -> int:
    """Return the number of cells that a text takes in the terminal that gives it the most cells.

    Such a terminal has the oldest rule: nonspacing marks and format characters take no cell, wide characters (UAX 11) take two, and
    all others one. A conjunct counts as the sum of its parts. So does an emoji sequence, since some terminals don't join its parts.
    """
    if text.isascii():
        return len(text)
    cells = last = 0
    for char in text:
        if char == _EMOJI_STYLE:
            cells += 2 - last if last else 0
            continue
        last = _char_width(char)
        cells += last
    return cells


@lru_cache(maxsize=4096)
def _char_width(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    if unicodedata.east_asian_width(char) in "WF" or 0x1F1E6 <= ord(char) <= 0x1F1FF or 0x1F300 <= ord(char) <= 0x1FAFF:
        return 2
    return 1


def truncate(text: str, cells: int) -> str:
    """Return a text that takes at most `cells` cells. A longer text is cut after a whole cluster, and ends in an ellipsis.

    Empty if there is no room for the ellipsis.
    """
    if cell_width(text) <= cells:
        return text
    room = cells - cell_width(ELLIPSIS)
    if room < 0:
        return ""
    taken: list[str] = []
    for cluster in clusters(text):
        room -= cell_width(cluster)
        if room < 0:
            break
        taken.append(cluster)
    return "".join(taken).rstrip() + ELLIPSIS


def truncate_words(text: str, cells: int) -> str:
    """Return a text that takes at most `cells` cells. A longer text is cut after a whole word, and ends in an ellipsis.

    If a long word would leave less than half of the line filled, the text is cut within that word. Empty if there is no room for
    the ellipsis.
    """
    short = truncate(text, cells)
    if short in (text, ""):
        return short
    kept = short.removesuffix(ELLIPSIS)
    words = kept if text[len(kept) :][:1].isspace() else kept.rpartition(" ")[0]
    return (words if 2 * cell_width(words) >= cell_width(kept) else kept).rstrip(BEFORE_ELLIPSIS) + ELLIPSIS
