"""Search for the known word that is most similar to an unknown word, for hints."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def closest_match(word: str, known: Iterable[str]) -> str | None:
    """Return the known word most similar to `word`, or None if none is similar."""
    return next(iter(get_close_matches(word, known, n=1)), None)
