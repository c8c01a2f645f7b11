"""Search for the known word that is most similar to an unknown word, for hints."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from unicodedata import decimal


def closest_match(word: str, known: Iterable[str]) -> str | None:
    """Return the known word most similar to `word` regardless of case, or None if none is similar.

    If `word` has digits, only words with the same digits are similar: nobody mistypes "Paper 21" as "Paper 1".
    """
    digits = _digits(word)
    likely = {each.casefold(): each for each in known if digits in ((), _digits(each))}
    return next((likely[near] for near in get_close_matches(word.casefold(), likely, n=1)), None)


def _digits(word: str) -> tuple[int, ...]:
    """Return the values of the digits in `word`, in any script."""
    return tuple(decimal(char) for char in word if char.isdecimal())
