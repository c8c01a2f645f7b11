"""The gate: every string from outside passes here once, on its way in. Pure, standard library only, linear in the text.

What it keeps out could lead a terminal, the typesetter or a link opener astray: control characters (ECMA-48), bidirectional
overrides and isolates (UAX 9; CVE-2021-42574), lone surrogates, noncharacters, the private-use planes whose code points are our own
cell tokens (`typeset.surface`), and piles of combining marks (CVE-2021-27135). What it keeps is the news: joiners, brackets, emoji.
"""

from __future__ import annotations

import re
import unicodedata

MAX_MARKS = 4
"""Combining marks on one base; a Bengali letter takes nukta, a two-part vowel sign and a candrabindu at most."""
MAX_LINKS = 8
"""Letters that viramas, or emoji that joiners, may tie into one cluster; Bengali has no conjunct of five consonants."""

_NEWLINES = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f"  # C0 (tab and the newlines are dealt with before), DEL, C1
    "\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # invisible: soft hyphen, bidi, annotations
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"  # lone surrogates, noncharacters
    + "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(1, 15))
    + "\U000e0000-\U000e007f\U000f0000-\U0010ffff]"  # tag characters, private-use planes
)
# What news is made of, none of it forbidden, and what there may be too much of in it: marks in a row, viramas near each other.
# Classes without the upper planes are tables, a letter to begin with is looked for as such: the rest is searched range by range.
_USUAL = re.compile("[\t\n\x20-\x7e\xa0-\xac\xae-\xff\u0964\u0965\u0981-\u09fe\u200c\u200d\u2010-\u2027\u2030-\u205e\u20b9]*")
_USUAL_PILE = re.compile("[\u0964\u0965\u0981-\u0984\u09ba-\u09cd\u09cf-\u09db\u09e2\u09e3\u09fe\u200c\u200d\u20b9]{5}")
_USUAL_VIRAMAS = re.compile(rf"(?:\u09cd[\u200c\u200d]?\S\u09bc?\u200d?){{{MAX_LINKS}}}\u09cd")
_JOINERS = re.compile("([\u200c\u200d])[\u200c\u200d]+")
# five characters in a row that may all be marks: neither ASCII and Latin-1 nor Bengali letters, digits or usual punctuation
_MAYBE_PILED = re.compile("[^\x00-\u02ff\u0985-\u09b9\u09ce\u09dc-\u09e1\u09e4-\u09fd\u2010-\u2027\u2030-\u205e]{5,}")
_VIRAMA = "[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0c4d\u0ccd\u0d4d]"
_CONJUNCT = rf"\S[\u093c\u09bc]?\u200d?{_VIRAMA}[\u200c\u200d]?"
_LONG_CONJUNCT = re.compile(rf"((?:{_CONJUNCT}){{{MAX_LINKS}}}\S[\u093c\u09bc]?)\u200d?{_VIRAMA}[\u200c\u200d]?")
_LONG_EMOJI = re.compile(rf"((?:[^\s\u200d]{{1,2}}\u200d){{{MAX_LINKS}}}[^\s\u200d]{{1,2}})\u200d")


def clean_line(text: str, limit: int) -> str:
    """Return `text` as one line of at most `limit` code points, ending in `…` where it was cut.

    White space of every kind, line breaks too, becomes single spaces.
    """
    text = _NEWLINES.sub("\n", text[: _scan_limit(limit)])
    return _cut(" ".join(_clean(text).split()), limit)


def clean_text(text: str, limit: int) -> str:
    """Return `text` with its newlines and tabs, of at most `limit` code points, ending in `…` where it was cut."""
    return _cut(_clean(_NEWLINES.sub("\n", text[: _scan_limit(limit)])), limit)


def _scan_limit(limit: int) -> int:
    """Return how much of a text is looked at: a huge one isn't read through for the sake of its first line."""
    return 4 * limit + 1024


def _clean(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    usual = _USUAL.fullmatch(text)
    if not usual:
        text = _FORBIDDEN.sub("", text)
    text = _JOINERS.sub(r"\1", text)
    if not usual or _USUAL_PILE.search(text):
        text = _MAYBE_PILED.sub(_thin_marks, text)
    if not usual or _USUAL_VIRAMAS.search(text):
        text = _LONG_CONJUNCT.sub(r"\1", text)
    return _LONG_EMOJI.sub(r"\1", text) if "\u200d" in text else text


def _thin_marks(run: re.Match[str]) -> str:
    kept: list[str] = []
    marks = 0
    for char in run[0]:
        if unicodedata.category(char).startswith("M"):
            marks += 1
            if marks > MAX_MARKS:
                continue
        elif char not in "\u200c\u200d":
            marks = 0
        kept.append(char)
    return "".join(kept)


def _cut(text: str, limit: int) -> str:
    """Cut before the cluster that crosses the limit, as far as marks and viramas tell clusters apart."""
    if len(text) <= limit:
        return text
    end = max(limit - 1, 0)
    while end > 0 and (_extends(text[end]) or _ties(text[end - 1])):
        end -= 1
    return text[:end].rstrip() + "…"[:limit]


def _extends(char: str) -> bool:
    return char in "\u200c\u200d" or unicodedata.category(char).startswith("M")


def _ties(char: str) -> bool:
    return char == "\u200d" or re.match(_VIRAMA, char) is not None
