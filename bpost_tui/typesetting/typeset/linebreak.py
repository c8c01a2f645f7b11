"""Line breaking by UAX #14, reduced to the needs of news, with the conventions of newspapers.

A text becomes boxes (Knuth and Plass's word for unbreakable parts), with the spaces after each. A line may end: after
spaces; after a dash or a tsheg; after a hyphen between two real words (`টাকা-পয়সা`), not before a mere ending (`বিজেপি-র`) nor
beside a digit (`২৩-এর`, `২-০`; LB25); after `/`, but not in a date; after a danda without its space (LB21). No line begins with a
danda, a closing mark or a lone dash, even after a space (LB13, `হাইকোর্ট :`), and none ends with an opening mark
(LB14). Words that belong together aren't parted: a number and its month (`২৩ নভেম্বর`), a short form or initials and the
name (`ড. সেন`, `এ. পি. জে. আবদুল`). An apostrophe inside a word (`দু’টি`), a no-break space and a word joiner allow no break
(LB11, LB12, LB19).
"""

from __future__ import annotations

from collections.abc import Iterator

from bpost_tui.typesetting.text.graphemes import clusters, extends
from bpost_tui.typesetting.text.lazy_pattern import lazy_pattern
from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.typesetting.typeset.script import LanguageRules

SPACES = " \t\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a\u205f\u3000\u200b"
"""Characters that separate boxes (unbreakable stretches) and vanish at the end of a line, including zero-width space U+200B."""

_TOKEN = lazy_pattern(rf"(?P<ink>[^{SPACES}\n]*)(?P<spaces>[{SPACES}]*)(?P<hard>\n?)")
_OPENING = frozenset("([{“‘«<")
_NEVER_FIRST = frozenset("।॥,;:!?)]}%॰٪‰،؛؟་།༎༔ๆໆៗ។៕၊။፡።、。")
_CLOSING_UNLESS_LEADING = frozenset("’”»'\"….·/")  # ’৭১, …এবং: before a letter or digit these begin a word
_LONE_DASH = lazy_pattern(r"[-‐‑–—―]+(?![^\s])")
_CURRENCY = frozenset("৳₹$€£")
_CUT = lazy_pattern(r"[-‐–—―/।॥་፡]")  # ་ separates syllables of Tibetan, ፡ words of Amharic
_TIGHT = frozenset("-‐–")
_MAX_CONTEXT = 32  # characters examined on each side of a mark, so that the work stays linear
_MIN_CLUSTERS_BEFORE, _MIN_CLUSTERS_AFTER = 2, 3  # beside a hyphen; shorter parts are endings (-র -এর -কে -গুলি)


class UnbreakableBox(NamedTuple):
    """Stretch of text that may not be broken: `text[start:end]`, followed by the spaces in `text[end:next]`."""

    start: int
    end: int
    next: int
    hard: bool = False
    """Whether a new line must start after this stretch of text, because the text has a line break after it."""


def boxes(text: str, rules: LanguageRules) -> list[UnbreakableBox]:
    """Return the unbreakable boxes of a text, without gap or overlap: `(HS 2024) রায়` becomes `(HS `, `2024) `, `রায়`.

    `rules` are the rules of the language, for example for words that stay on one line.
    """
    found: list[UnbreakableBox] = []
    start = 0
    for token in _TOKEN.finditer(text):
        if token.end() == token.start():
            break
        for cut in _cuts_within(token["ink"]):
            found.append(UnbreakableBox(start, token.start() + cut, token.start() + cut))
            start = token.start() + cut
        hard = bool(token["hard"])
        if hard or not _glued(text, token.end("ink"), token.end(), rules):
            found.append(UnbreakableBox(start, token.end("ink"), token.end(), hard))
            start = token.end()
    return found


def _glued(text: str, ink_end: int, after: int, rules: LanguageRules) -> bool:
    """Whether the words before and after some spaces must stay on one line.

    The spaces are `text[ink_end:after]`: the first word ends at `ink_end`, and the second begins at `after`.
    """
    if after >= len(text):
        return False
    if rules.keep_together(text[max(0, ink_end - _MAX_CONTEXT) : ink_end], text[after : after + _MAX_CONTEXT]):
        return True
    left = text[ink_end - 1] if ink_end else ""
    right, following = text[after], text[after + 1 : after + 2]
    if left in _OPENING or right in _NEVER_FIRST or extends(right):
        return True
    if right in _CLOSING_UNLESS_LEADING:
        return not (following.isalnum() or following in _CURRENCY or following in _OPENING)
    return bool(_LONE_DASH.match(text, after)) or (left in _CURRENCY and right.isdecimal())


def begins_badly(cluster: str) -> bool:
    """Whether a cluster (a letter with its marks) should never start a line, even if a word must be broken."""
    return cluster[0] in _NEVER_FIRST or cluster[0] in _CLOSING_UNLESS_LEADING


def _cuts_within(word: str) -> Iterator[int]:
    """Yield the positions within a word without spaces where a line may end, for example after a hyphen."""
    for mark in _CUT.finditer(word):
        if _may_break(word, mark.start()):
            yield mark.end()


def _may_break(word: str, at: int) -> bool:
    before, mark, after = word[max(0, at - _MAX_CONTEXT) : at], word[at], word[at + 1 : at + 1 + _MAX_CONTEXT]
    if not before or not after or not (after[0].isalnum() or after[0] in _OPENING):
        return False
    if mark in "।॥":
        return not after[0].isdecimal()
    beside_digit = before[-1].isdecimal() or after[0].isdecimal()
    if mark == "/":
        return not beside_digit and before[-1] not in ":/"
    if mark not in _TIGHT:
        return True
    return not beside_digit and _real_word(before, last=True) and _real_word(after, last=False)


def _real_word(text: str, *, last: bool) -> bool:
    """Whether the part of `text` nearest to a hyphen has enough letters for a line break at the hyphen.

    With `last`, the hyphen comes after `text`, otherwise before `text`.
    """
    parts = [part for part in _CUT.split(text) if part]
    if not parts:
        return False
    letters = [cluster for cluster in clusters(parts[-1 if last else 0]) if cluster[0].isalpha()]
    return len(letters) >= (_MIN_CLUSTERS_BEFORE if last else _MIN_CLUSTERS_AFTER)
