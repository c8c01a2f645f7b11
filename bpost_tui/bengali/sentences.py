"""Where sentences begin and end, for reading aloud. Pure."""

from __future__ import annotations

import re

from bpost_tui.bengali.letters import composed
from bpost_tui.bengali.short_forms import WITH_FULL_STOP

_SENTENCE = re.compile(r"[^।॥.!?\s](?:[^।॥!?.]|\.(?!\s|$))*(?:[।॥!?]+|\.(?=\s|$)|$)[’”\"')\]]*")
"""Up to a danda, a full stop before a space, a question or exclamation mark, with the closing quotes and brackets after it."""
_LAST_WORD = re.compile(r"(?<![^\s(.])([^\s.]+\.)$")
_LONGEST_WORD = 12
"""Characters of the longest word whose full stop ends no sentence, and more."""


def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Return where each sentence begins and ends, in characters; what has no letters is no sentence.

    A full stop inside a word or a number (“১.৫ লক্ষ”, “thebengalpost.net”), after an initial or a short form (“এ.আর. রহমান”,
    “ড. সেন”) doesn't end a sentence. A small part of UAX 29's rules.
    """
    found: list[tuple[int, int]] = []
    joins = False
    for match in _SENTENCE.finditer(text):
        start, end = match.span()
        if not any(char.isalnum() for char in text[start:end]):
            continue
        if joins:
            start = found.pop()[0]
        found.append((start, end))
        last = _LAST_WORD.search(text, max(start, end - _LONGEST_WORD), end)
        joins = last is not None and composed(last[1]) in WITH_FULL_STOP
    return tuple(found)
