"""Finding in a story: what is looked for, its marks in the text, and which of them one is at."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from bpost_tui.bengali.normalise import words, words_with_offsets
from bpost_tui.core.page_matches import PageMatch, find_matches, mark_matches
from bpost_tui.typesetting.typeset.items import Item

if TYPE_CHECKING:
    from bpost_tui.store.search.highlight import SearchTerms


class FindTerms(NamedTuple):
    """What is to be marked in a story."""

    terms: SearchTerms
    prefix: str = ""
    """Words that begin so are marked too; normalised."""

    def finder(self) -> Callable[[str], tuple[tuple[int, int], ...]]:
        """Return what finds the marks of a text, as (start, end) in characters."""
        from bpost_tui.store.search.highlight import Highlighter, merge_ranges  # 2 ms

        marker = Highlighter(self.terms)

        def find(text: str) -> tuple[tuple[int, int], ...]:
            begun = self.prefix and [(start, end) for word, start, end in words_with_offsets(text) if word.startswith(self.prefix)]
            return merge_ranges([*marker.ranges(text), *begun])

        return find


class FindState:
    """The marks of the story on the screen: of what is being found in it, else of the search that found it."""

    def __init__(self) -> None:
        self.plain: tuple[Item, ...] = ()
        """The page without marks."""
        self.terms: FindTerms | None = None
        """What is being found in this story; None where nothing is."""
        self.marks: tuple[PageMatch, ...] = ()
        self.index: int | None = None
        """Which of the marks one is at."""
        self._story: int | None = None

    @property
    def current(self) -> PageMatch | None:
        """The mark one is at."""
        return self.marks[self.index] if self.index is not None else None

    @property
    def is_active(self) -> bool:
        """Whether something is being found, or marked by a search."""
        return self.terms is not None or bool(self.marks)

    def update(self, plain: tuple[Item, ...], story_id: int, searched: SearchTerms | None) -> None:
        """Mark a story's page: what is being found in it, else what was searched for. Another story ends finding."""
        if self._story != story_id:
            self.terms, self._story, self.index = None, story_id, None
        self.plain = plain
        self.marks = find_matches(plain, self.terms.finder()) if self.terms else search_matches(searched, plain)
        if self.index is not None and self.index >= len(self.marks):
            self.index = None

    def forget(self) -> None:
        """Mark nothing: there is no story any more."""
        self.plain, self.terms, self.marks, self.index, self._story = (), None, (), None, None

    def find(self, terms: FindTerms | None, searched: SearchTerms | None) -> None:
        """Mark other words in the same story; None goes back to what was searched for."""
        self.terms, self.index = terms, None
        if self._story is not None:
            self.update(self.plain, self._story, searched)

    def page(self) -> tuple[Item, ...]:
        """Return the page with its marks."""
        return mark_matches(self.plain, self.marks, self.current)

    def step(self, step: int, top_item: int) -> None:
        """Go so many marks on, round the end; the first step goes to the nearest from the item at the window's top."""
        if not self.marks:
            return
        if self.index is not None:
            self.index = (self.index + step) % len(self.marks)
            return
        below = next((at for at, mark in enumerate(self.marks) if mark.item >= top_item), len(self.marks))
        self.index = (below + step - (1 if step > 0 else 0)) % len(self.marks)


def search_matches(searched: SearchTerms | None, plain: tuple[Item, ...]) -> tuple[PageMatch, ...]:
    """Return the marks, on a page without any, of what was searched for."""
    return find_matches(plain, FindTerms(searched).finder()) if searched else ()


def last_word(typed: str) -> str:
    """Return the word that is being typed, normalised; empty after a space."""
    found = words(typed) if typed[-1:].strip() else []
    return found[-1] if found else ""
