"""Where sentences end, for reading aloud."""

from __future__ import annotations

import re

_SENTENCE = re.compile(r"[^।॥.!?\s](?:[^।॥!?.]|\.(?!\s|$))*(?:[।॥!?]+|\.(?=\s|$)|$)[’”\"')\]]*")
"""Up to a danda, a full stop before a space, or a mark of question or exclamation, and the quotation marks that close after it."""


def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Return where each sentence begins and ends, in characters; a stretch without letters isn't one.

    Full stops inside a word or a number (“১.৫ লক্ষ”, “thebengalpost.net”) end none; after UAX 29's sentence rules, in small.
    """
    found = ((match.start(), match.end()) for match in _SENTENCE.finditer(text))
    return tuple((start, end) for start, end in found if any(char.isalnum() for char in text[start:end]))
