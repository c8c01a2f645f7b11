"""The English tag the portal puts before its Bengali headlines: `Midnapore: মেয়ের অন্নপ্রাশন শেষে…`."""

from __future__ import annotations

import re

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
