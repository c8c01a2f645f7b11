"""The dateline: the first words of a story's text, which say who reports, from where, and on which day."""

from __future__ import annotations

import re
from unicodedata import normalize

_LONGEST = 160
_DAY = r"[০-৯0-9]{1,2}\s*(?:জানুয়ারি|জানুয়ারী|ফেব্রুয়ারি|ফেব্রুয়ারী|মার্চ|এপ্রিল|মে|জুন|জুলাই|আগস্ট|অগস্ট|সেপ্টেম্বর|অক্টোবর|নভেম্বর|ডিসেম্বর)"
# NFC on both sides: it takes য় and ড় apart, whichever way they were typed, and puts ো and ৌ together
_DATELINE = re.compile(normalize("NFC", rf"[^।!?\n:]{{0,{_LONGEST}}}?,\s*(?:{_DAY})\s*:"))


def dateline(text: str) -> str:
    """Return the dateline a text begins with, its colon included, or an empty string.

    `দ্য বেঙ্গল পোস্ট প্রতিবেদন, পশ্চিম মেদিনীপুর, ২৩ নভেম্বর:` and the like: a day and month before a colon, ahead of the first
    sentence's end.
    """
    found = _DATELINE.match(normalize("NFC", text[: 2 * _LONGEST]))
    return text[: text.index(":") + 1] if found else ""
