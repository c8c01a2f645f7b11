"""What is sought in a story: a search's words, and the beginning of the word being typed. No Textual."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from bpost_tui.bengali.normalise import placed_words, words

if TYPE_CHECKING:
    from bpost_tui.store.search.highlight import SearchTerms


class Sought(NamedTuple):
    """What is to be marked in a story."""

    wanted: SearchTerms
    beginning: str = ""
    """Words that begin so are marked too; normalised."""

    def finder(self) -> Callable[[str], tuple[tuple[int, int], ...]]:
        """Return what finds the marks of a text."""
        from bpost_tui.store.search.highlight import Marker  # 2 ms

        marker = Marker(self.wanted)

        def find(text: str) -> tuple[tuple[int, int], ...]:
            begun = self.beginning and [(start, end) for word, start, end in placed_words(text) if word.startswith(self.beginning)]
            return _joined([*marker.marks(text), *begun])

        return find


def last_word(typed: str) -> str:
    """Return the word that is being typed, normalised; empty after a space."""
    found = words(typed) if typed[-1:].strip() else []
    return found[-1] if found else ""


def _joined(marks: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(marks):
        if joined and start < joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return tuple(joined)
