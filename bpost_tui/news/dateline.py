"""The dateline: the first words of a story's text, which say whose report it is, from where, and of which day."""

from __future__ import annotations

import re

_LONGEST = 160
_DAY = r"[০-৯0-9]{1,2}\s*(?:জানুয়ারি|জানুয়ারী|ফেব্রুয়ারি|ফেব্রুয়ারী|মার্চ|এপ্রিল|মে|জুন|জুলাই|আগস্ট|অগস্ট|সেপ্টেম্বর|অক্টোবর|নভেম্বর|ডিসেম্বর)"
_DATELINE = re.compile(rf"[^।!?\n:]{{0,{_LONGEST}}}?,\s*(?:{_DAY})\s*:")


def dateline(text: str) -> str:
    """Return the dateline a text begins with, its colon included, or an empty string.

    `দ্য বেঙ্গল পোস্ট প্রতিবেদন, পশ্চিম মেদিনীপুর, ২৩ নভেম্বর:` and the like: a day and month before a colon, ahead of the first
    sentence's end.
    """
    # য় and ড় come precomposed or not; the pattern is written precomposed
    composed = text[: _LONGEST + 60].replace("য\u09bc", "য়").replace("ড\u09bc", "ড়")
    match = _DATELINE.match(composed)
    if match is None:
        return ""
    return text[: _end_in(text, composed.count(":", 0, match.end()))]


def _end_in(text: str, colons: int) -> int:
    """Return where the n-th colon of a text ends."""
    end = 0
    for _ in range(colons):
        end = text.index(":", end) + 1
    return end
