"""State of finding in a story: the terms, their marks in the text, and the current mark."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from bpost_tui.bengali.normalise import words, words_with_offsets
from bpost_tui.core.page_matches import PageMatch, find_matches, mark_matches
from bpost_tui.typesetting.typeset.items import Item

if TYPE_CHECKING:
    from bpost_tui.store.search.highlight import SearchTerms


class FindTerms(NamedTuple):
    """Terms to mark in a story."""

    terms: SearchTerms
    prefix: str = ""
    """Normalised prefix; words that begin with it are marked as well."""

    def finder(self) -> Callable[[str], tuple[tuple[int, int], ...]]:
        """Return a function that finds the marks of a text, as (start, end) in characters."""
        from bpost_tui.store.search.highlight import Highlighter, merge_ranges  # 2 ms

        marker = Highlighter(self.terms)

        def find(text: str) -> tuple[tuple[int, int], ...]:
            begun = self.prefix and [(start, end) for word, start, end in words_with_offsets(text) if word.startswith(self.prefix)]
            return merge_ranges([*marker.ranges(text), *begun])

        return find


class FindState:
    """Marks of the story on the screen: of the terms typed in it, else of the search that found it."""

    def __init__(self) -> None:
        self.plain: tuple[Item, ...] = ()
        """Page without marks."""
        self.terms: FindTerms | None = None
        """Terms typed in this story; None if there are none."""
        self.marks: tuple[PageMatch, ...] = ()
        self.index: int | None = None
        """Index of the current mark."""
        self._story: int | None = None

    @property
    def current(self) -> PageMatch | None:
        """Current mark."""
        return self.marks[self.index] if self.index is not None else None

    @property
    def is_active(self) -> bool:
        """Whether the page has marks, or terms were typed."""
        return self.terms is not None or bool(self.marks)

    def update(self, plain: tuple[Item, ...], story_id: int, searched: SearchTerms | None) -> None:
        """Mark a story's page: the terms typed in it, else the terms of the search. Another story clears the typed terms."""
        if self._story != story_id:
            self.terms, self._story, self.index = None, story_id, None
        self.plain = plain
        self.marks = find_matches(plain, self.terms.finder()) if self.terms else search_matches(searched, plain)
        if self.index is not None and self.index >= len(self.marks):
            self.index = None

    def forget(self) -> None:
        """Clear everything: there is no story any more."""
        self.plain, self.terms, self.marks, self.index, self._story = (), None, (), None, None

    def find(self, terms: FindTerms | None, searched: SearchTerms | None) -> None:
        """Mark other terms in the same story; None goes back to the terms of the search."""
        self.terms, self.index = terms, None
        if self._story is not None:
            self.update(self.plain, self._story, searched)

    def page(self) -> tuple[Item, ...]:
        """Return the page with its marks."""
        return mark_matches(self.plain, self.marks, self.current)

    def step(self, step: int, top_item: int) -> None:
        """Go `step` marks on, from the last to the first.

        The first step goes to the nearest mark from the item at the top of the window.
        """
        if not self.marks:
            return
        if self.index is not None:
            self.index = (self.index + step) % len(self.marks)
            return
        below = next((at for at, mark in enumerate(self.marks) if mark.item >= top_item), len(self.marks))
        self.index = (below + step - (1 if step > 0 else 0)) % len(self.marks)


def search_matches(searched: SearchTerms | None, plain: tuple[Item, ...]) -> tuple[PageMatch, ...]:
    """Return the marks of a search's terms on a page without marks."""
    return find_matches(plain, FindTerms(searched).finder()) if searched else ()


def last_word(typed: str) -> str:
    """Return the word that is being typed, normalised; empty after a space."""
    found = words(typed) if typed[-1:].strip() else []
    return found[-1] if found else ""
