"""Direction of texts (left to right or right to left). Pure; imports `bidi` only if a text has right-to-left letters."""

from __future__ import annotations

from bpost_tui.typesetting.text.lazy_pattern import lazy_pattern

_RUNS_LEFTWARDS = lazy_pattern(
    "[\u0590-\u08ff\u200f\u202b\u202e\u2067\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_ISOLATED = lazy_pattern("[\u2066-\u2068][^\u2069]*\u2069?")
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"


def has_rtl_letters(text: str) -> bool:
    """Whether a text has a character that may run right to left."""
    return _RUNS_LEFTWARDS.search(text) is not None


def is_rtl(text: str) -> bool:
    """Whether a paragraph is read from right to left, judged by its first strong letter (UAX #9, P2, P3) and by its words (HL1).

    So `COVID-19 پر نئی رپورٹ` is Urdu, and a Bengali sentence that begins with an Urdu word isn't.
    """
    if not has_rtl_letters(text):
        return False
    from bpost_tui.typesetting.text.bidi import base_level  # 2 ms

    words = _ISOLATED.sub("", text).split()
    leftwards = sum(base_level(word) for word in words)
    others = [word for word in words if _has_letters(word) and not has_rtl_letters(word)]
    if any(not _is_latin(word) for word in others):  # Latin words occur in any language, words of a third script only in its own
        return base_level(text) == 1 and leftwards > len(others)
    return base_level(text) == 1 or leftwards > len(others)


def _has_letters(word: str) -> bool:
    return any(map(str.isalpha, word))


def _is_latin(word: str) -> bool:
    return next(filter(str.isalpha, word)) < "\u0250"


def join_with_dots(*parts: str) -> str:
    """Return the non-empty parts joined by ` · `. Right-to-left parts are isolated (UAX #9, 2.4), so they don't reorder others.

    The function is for typeset text. Output of commands must have no control characters, so commands don't use it.
    """
    return " · ".join(f"{_FIRST_STRONG_ISOLATE}{part}{_POP_ISOLATE}" if has_rtl_letters(part) else part for part in parts if part)
