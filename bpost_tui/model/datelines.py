"""The English tag the portal puts before its Bengali headlines: `Midnapore: মেয়ের অন্নপ্রাশন শেষে…`."""

from __future__ import annotations

import re
from unicodedata import normalize

TAG_CHARACTERS = 40
"""The longest a tag gets."""

# one to four words of Latin letters, then the title's first colon, which isn't that of an address or of a time
_TAGGED = re.compile(r"\s*([A-Za-z][\w.&'’/-]*(?:[ \u00a0]+[\w.&'’/-]+){0,3})\s*:(?!//|(?<=\d:)\d)\s*(?=\S)", re.ASCII)


def place_tag(title: str) -> str:
    """Return the Latin words before the title's first colon, or an empty string."""
    found = _TAGGED.match(title)
    return found[1] if found and len(found[1]) <= TAG_CHARACTERS else ""


def without_tag(title: str) -> str:
    """Return the title without its tag."""
    found = _TAGGED.match(title)
    return title[found.end() :] if found and len(found[1]) <= TAG_CHARACTERS else title


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
