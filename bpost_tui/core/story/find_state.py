"""State of finding words in a story: the terms, the matches on the page, and the current match."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bpost_tui.bengali.normalise import words, words_with_offsets
from bpost_tui.core.page_matches import PageMatch, find_matches, highlight_matches
from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.typesetting.typeset.items import Item

if TYPE_CHECKING:
    from bpost_tui.model.story import RowKey
    from bpost_tui.store.search.highlight import SearchTerms


class FindTerms(NamedTuple):
    """Terms to find and highlight in a story."""

    terms: SearchTerms
    prefix: str = ""
    """Beginning of a word, normalised. All words that begin with it are also highlighted."""

    def finder(self) -> Callable[[str], tuple[tuple[int, int], ...]]:
        """Return a function that finds the terms in a text, and returns the character offsets (start, end) of each match."""
        from bpost_tui.store.search.highlight import Highlighter, merge_ranges  # imported late: 2 ms

        marker = Highlighter(self.terms)

        def find(text: str) -> tuple[tuple[int, int], ...]:
            begun = self.prefix and [(start, end) for word, start, end in words_with_offsets(text) if word.startswith(self.prefix)]
            return merge_ranges([*marker.ranges(text), *begun])

        return find


class FindState:
    """Matches on the page of the open story.

    The terms are the words that the reader typed in the story, else the terms of the search that found the story.
    """

    def __init__(self) -> None:
        self.plain: tuple[Item, ...] = ()
        """Items (paragraphs, headings …) of the page, without highlights."""
        self.terms: FindTerms | None = None
        """Terms typed in this story; None if there are none."""
        self.matches: tuple[PageMatch, ...] = ()
        self.index: int | None = None
        """Index of the current match; None if there is none."""
        self._row: RowKey | None = None

    @property
    def current(self) -> PageMatch | None:
        """Match that the reader has gone to; None if there is none."""
        return self.matches[self.index] if self.index is not None else None

    @property
    def is_active(self) -> bool:
        """Whether the page has matches, or the reader typed terms in this story."""
        return self.terms is not None or bool(self.matches)

    def update(self, plain: tuple[Item, ...], row: RowKey, searched: SearchTerms | None) -> None:
        """Find terms on a story's page: the terms typed in the story, or else `searched`.

        If the page is of another story than before, the typed terms are cleared.

        Args:
            plain: Items of the page, without highlights.
            row: Key of the row that the story was opened in. (The story may be deleted, and then has no id.)
            searched: Terms of the search that found the story; None if no search did.
        """
        if self._row != row:
            self.terms, self._row, self.index = None, row, None
        self.plain = plain
        self.matches = find_matches(plain, self.terms.finder()) if self.terms else search_matches(searched, plain)
        if self.index is not None and self.index >= len(self.matches):
            self.index = None

    def forget(self) -> None:
        """Clear all matches and terms, because no story is open any more."""
        self.plain, self.terms, self.matches, self.index, self._row = (), None, (), None, None

    def find(self, terms: FindTerms | None, searched: SearchTerms | None) -> None:
        """Find other terms in the same story: the typed `terms`, or if they are None, `searched`, the terms of the search."""
        self.terms, self.index = terms, None
        if self._row is not None:
            self.update(self.plain, self._row, searched)

    def page(self) -> tuple[Item, ...]:
        """Return the page with its matches highlighted."""
        return highlight_matches(self.plain, self.matches, self.current)

    def step(self, step: int, top_item: int) -> None:
        """Go `step` matches forward, or back if negative; the first match follows the last. Do nothing without matches.

        If no match is the current one, the first step forward goes to the first match at or below `top_item` (index of the
        paragraph or other item at the top of the window), and the first step back to the last match above it.
        """
        if not self.matches:
            return
        if self.index is not None:
            self.index = (self.index + step) % len(self.matches)
            return
        below = next((at for at, match in enumerate(self.matches) if match.item >= top_item), len(self.matches))
        self.index = (below + step - (1 if step > 0 else 0)) % len(self.matches)


def search_matches(searched: SearchTerms | None, plain: tuple[Item, ...]) -> tuple[PageMatch, ...]:
    """Return the matches of the search terms `searched` in a page's items `plain` (paragraphs, headings …).

    Return no matches if `searched` is None.
    """
    return find_matches(plain, FindTerms(searched).finder()) if searched else ()


def last_word(typed: str) -> str:
    """Return the last word of `typed`, which the reader is still typing, normalised; empty if `typed` ends with a space."""
    found = words(typed) if typed[-1:].strip() else []
    return found[-1] if found else ""
