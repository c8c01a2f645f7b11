"""What an edit changed: two texts compared paragraph by paragraph and word by word. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import Enum
from itertools import zip_longest
from typing import NamedTuple

_WORD = re.compile(r"\S+\s*")
_MAX_PAIRS = 4_000_000
"""The limit on the words of one text times those of the other; above it, the whole text counts as replaced."""
_SIMILAR = 0.35
"""The share that two paragraphs must have in common to count as one paragraph that was changed."""


class ChangeKind(Enum):
    """What the edit did to some words."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


class Part(NamedTuple):
    """Consecutive words of one kind."""

    kind: ChangeKind
    text: str


Parts = tuple[Part, ...]


def paragraph_changes(before: str, after: str) -> tuple[Parts, ...]:
    """Return the paragraphs of both texts, which blank lines separate, in reading order, each by its parts."""
    old, new = ([part for part in text.split("\n\n") if part.strip()] for text in (before, after))
    found: list[Parts] = []
    for tag, first, last, start, end in _steps([" ".join(part.split()) for part in old], [" ".join(part.split()) for part in new]):
        if tag == "equal":
            found += [(Part(ChangeKind.SAME, text),) for text in new[start:end]]
        else:
            found += _replaced(old[first:last], new[start:end])
    return tuple(found)


def word_changes(before: str, after: str) -> Parts:
    """Return the words of both texts in reading order, spaced as in the text that they are from."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    found: list[Part] = []
    for tag, first, last, start, end in _steps([word.strip() for word in old], [word.strip() for word in new]):
        if tag == "equal":
            found.append(Part(ChangeKind.SAME, "".join(new[start:end])))
            continue
        found += [Part(ChangeKind.REMOVED, "".join(old[first:last]).rstrip() + " ")] if last > first else []
        found += [Part(ChangeKind.ADDED, "".join(new[start:end]).rstrip() + " ")] if end > start else []
    return tuple(found)


def _replaced(old: Sequence[str], new: Sequence[str]) -> Iterator[Parts]:
    """Yield paragraphs that replaced others: similar ones compared word by word, the rest whole."""
    for before, after in zip_longest(old, new, fillvalue=""):
        parts = word_changes(before, after)
        same = sum(len(part.text) for part in parts if part.kind is ChangeKind.SAME)
        if before and after and same < _SIMILAR * max(len(before), len(after)):
            yield (Part(ChangeKind.REMOVED, before),)
            yield (Part(ChangeKind.ADDED, after),)
        else:
            yield parts


def _steps(old: Sequence[str], new: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    """Return difflib's steps from one sequence to the other: what to do, and with which parts of both."""
    from difflib import SequenceMatcher  # 4 ms

    if len(old) * len(new) > _MAX_PAIRS:
        return [("replace", 0, len(old), 0, len(new))]
    return list(SequenceMatcher(None, old, new, autojunk=False).get_opcodes())
