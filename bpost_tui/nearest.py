"""Which word was probably meant by one that is unknown."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def closest_match(given: str, known: Iterable[str]) -> str | None:
    """Return the known word that is most like a given one; None where none is like it."""
    return next(iter(get_close_matches(given, known, n=1)), None)
