"""What stands before the news: the English place tag of a headline, the dateline of a text. Pure.

A place tag: `Midnapore: মেয়ের অন্নপ্রাশন শেষে…`. A dateline: `দ্য বেঙ্গল পোস্ট প্রতিবেদন, পশ্চিম মেদিনীপুর, ২৩ নভেম্বর: …`.
"""

from __future__ import annotations

import re
from unicodedata import normalize

MAX_TAG_CHARS = 40
"""How long a tag may be."""

# one to four words of Latin letters, then the title's first colon, unless it is that of an address or a time
_TAGGED = re.compile(r"\s*([A-Za-z][\w.&'’/-]*(?:[ \u00a0]+[\w.&'’/-]+){0,3})\s*:(?!//|(?<=\d:)\d)\s*(?=\S)", re.ASCII)


def place_tag(title: str) -> str:
    """Return the place tag of a title, or an empty string."""
    found = _TAGGED.match(title)
    return found[1] if found and len(found[1]) <= MAX_TAG_CHARS else ""


def without_tag(title: str) -> str:
    """Return a title without its place tag."""
    found = _TAGGED.match(title)
    return title[found.end() :] if found and len(found[1]) <= MAX_TAG_CHARS else title


_MAX_DATELINE_CHARS = 160
_DAY = r"[০-৯0-9]{1,2}\s*(?:জানুয়ারি|জানুয়ারী|ফেব্রুয়ারি|ফেব্রুয়ারী|মার্চ|এপ্রিল|মে|জুন|জুলাই|আগস্ট|অগস্ট|সেপ্টেম্বর|অক্টোবর|নভেম্বর|ডিসেম্বর)"
# in NFC, as the text it is compared with: য় and ড় as two characters, ো and ৌ as one, whichever way they were typed
_DATELINE = re.compile(normalize("NFC", rf"[^।!?\n:]{{0,{_MAX_DATELINE_CHARS}}}?,\s*(?:{_DAY})\s*:"))


def dateline(text: str) -> str:
    """Return the dateline with which a text begins, including its colon, or an empty string.

    It is what ends in a day, a month and a colon before the end of the first sentence.
    """
    found = _DATELINE.match(normalize("NFC", text[: 2 * _MAX_DATELINE_CHARS]))
    return text[: text.index(":") + 1] if found else ""


def dateline_place(text: str) -> str:
    """Return the place that a text's dateline names, or an empty string: what stands between who reports and the day."""
    parts = [part.strip() for part in dateline(text).split(",")]
    return parts[-2] if len(parts) > 2 else ""
