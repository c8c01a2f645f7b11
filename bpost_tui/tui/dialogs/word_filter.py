"""What narrows a list by words that are typed, in either script."""

from __future__ import annotations

from collections.abc import Sequence

from bpost_tui.bengali.phonetic import starts_like

_LEAST_ROMAN = 3
"""Of fewer Roman letters too much would begin so."""


def matches_words(text: str, typed: Sequence[str]) -> bool:
    """Whether every word typed occurs in a text, or a Bengali word of it begins as Roman letters sound; both are normalised."""
    bengali = [word for word in text.split() if not word.isascii()]

    def sounds_so(roman: str) -> bool:
        return roman.isascii() and len(roman) >= _LEAST_ROMAN and any(starts_like(word, roman) for word in bengali)

    return all(word in text or sounds_so(word) for word in typed)
