"""What an edit changed: two texts beside each other, paragraph by paragraph and word by word. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import Enum
from itertools import zip_longest
from typing import NamedTuple

_WORD = re.compile(r"\S+\s*")
_MAX_PAIRS = 4_000_000
"""The most words of one text times words of the other that are compared; beyond, all of one is removed and the other added."""
_LIKE = 0.35
"""The share two paragraphs must have in common to count as one paragraph that was changed."""


class Kind(Enum):
    """What became of some words."""

    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


class Part(NamedTuple):
    """Consecutive words with the same fate."""

    kind: Kind
    text: str


Parts = tuple[Part, ...]


def paragraph_changes(before: str, after: str) -> tuple[Parts, ...]:
    """Return the paragraphs of both texts, which blank lines part, in reading order, each as its parts."""
    old, new = ([part for part in text.split("\n\n") if part.strip()] for text in (before, after))
    found: list[Parts] = []
    for tag, first, last, start, end in _steps([" ".join(part.split()) for part in old], [" ".join(part.split()) for part in new]):
        if tag == "equal":
            found += [(Part(Kind.KEPT, text),) for text in new[start:end]]
        else:
            found += _replaced(old[first:last], new[start:end])
    return tuple(found)


def word_changes(before: str, after: str) -> Parts:
    """Return the words of both texts in reading order; their spacing is that of the text they stand in."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    found: list[Part] = []
    for tag, first, last, start, end in _steps([word.strip() for word in old], [word.strip() for word in new]):
        if tag == "equal":
            found.append(Part(Kind.KEPT, "".join(new[start:end])))
            continue
        found += [Part(Kind.REMOVED, "".join(old[first:last]).rstrip() + " ")] if last > first else []
        found += [Part(Kind.ADDED, "".join(new[start:end]).rstrip() + " ")] if end > start else []
    return tuple(found)


def _replaced(old: Sequence[str], new: Sequence[str]) -> Iterator[Parts]:
    """Yield paragraphs that took others' place: like ones word by word, the rest whole."""
    for before, after in zip_longest(old, new, fillvalue=""):
        parts = word_changes(before, after)
        kept = sum(len(part.text) for part in parts if part.kind is Kind.KEPT)
        if before and after and kept < _LIKE * max(len(before), len(after)):
            yield (Part(Kind.REMOVED, before),)
            yield (Part(Kind.ADDED, after),)
        else:
            yield parts


def _steps(old: Sequence[str], new: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    """Return difflib's steps from one sequence to the other: what to do, and with which stretches of the two."""
    from difflib import SequenceMatcher  # 4 ms

    if len(old) * len(new) > _MAX_PAIRS:
        return [("replace", 0, len(old), 0, len(new))]
    return list(SequenceMatcher(None, old, new, autojunk=False).get_opcodes())
