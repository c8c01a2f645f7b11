"""Where sentences begin and end, for reading aloud. Pure."""

from __future__ import annotations

import re

_SENTENCE = re.compile(r"[^।॥.!?\s](?:[^।॥!?.]|\.(?!\s|$))*(?:[।॥!?]+|\.(?=\s|$)|$)[’”\"')\]]*")
"""Up to a danda, a full stop before a space, a question or exclamation mark, with the closing quotes and brackets after it."""


def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Return where each sentence begins and ends, in characters; what has no letters is no sentence.

    A full stop inside a word or a number (“১.৫ লক্ষ”, “thebengalpost.net”) doesn't end a sentence. A small part of UAX 29's rules.
    """
    found = ((match.start(), match.end()) for match in _SENTENCE.finditer(text))
    return tuple((start, end) for start, end in found if any(char.isalnum() for char in text[start:end]))
