"""Conversion of straight quotation marks to curly ones. Pure."""

from __future__ import annotations

import re

from bpost_tui.typesetting.text.lazy_pattern import lazy_pattern

_MARK = lazy_pattern("[\"']")
_OPENS_AFTER = lazy_pattern(r"[\s(\[{<“‘\"'—–-]")


def curl_quotes(text: str) -> str:
    """Return a text with curly quotation marks instead of straight ones. The length of the text stays the same.

    A mark opens after a line's start, a space, a dash or a bracket, and closes elsewhere. Exception: a single mark between
    letters, or before two digits of a year (’৭১), becomes an apostrophe.
    """
    if "'" not in text and '"' not in text:
        return text
    return _MARK.sub(_curl, text)


def _curl(mark: re.Match[str]) -> str:
    at, text = mark.start(), mark.string
    before, after = text[at - 1 : at], text[at + 1 : at + 4]
    opens = (not before or _OPENS_AFTER.match(before)) and bool(after.strip()) and not after[:1].isspace()
    if mark[0] == '"':
        return "“" if opens else "”"
    is_year = after[:2].isdecimal() and len(after[:2]) > 1 and not after[2:3].isdecimal() and "'" not in text[at + 1 :]
    return "‘" if opens and not is_year else "’"
