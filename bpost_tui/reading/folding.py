"""The same news of several papers, once: in which lists, and which stories are read together. May block on the disk."""

from __future__ import annotations

from collections.abc import Sequence

from bpost_tui.model.story import ListFilter
from bpost_tui.reading.papers import Papers
from bpost_tui.reading.session import Source
from bpost_tui.store.library import Library


class Folding:
    """Whether the same news is shown once, and read at once.

    Args:
        is_on: Whether the reader wants the same news once.
        reads_all: Whether who has read one account has read all.
    """

    def __init__(self, library: Library, papers: Papers, *, is_on: bool = True, reads_all: bool = True) -> None:
        self._library = library
        self._papers = papers
        self.is_on = is_on
        self._reads_all = reads_all

    def folds(self, source: Source) -> bool:
        """Whether a list shows the same news once: that of all papers. What was searched for or chosen by hand stays whole."""
        return self.is_on and self._papers.are_several and source.is_portals and not source.slug and not source.paper

    def list_filter(self, source: Source) -> ListFilter:
        """Return which stories a list shows."""
        return source.list_filter._replace(folded=self.folds(source))

    def leader(self, source: Source, story: int) -> int:
        """Return the story whose row stands for a story in a list."""
        return self._library.accounts.leader(story) if self.folds(source) else story

    def read_with(self, stories: Sequence[int]) -> tuple[int, ...]:
        """Return the stories that are marked read, or unread, with some."""
        return self._library.accounts.together(stories) if self._reads_accounts else tuple(stories)

    def unread_with(self, stories: Sequence[int]) -> tuple[int, ...]:
        """Return unread stories and those that are marked read with them and aren't read yet."""
        return self._library.accounts.unread_together(stories) if self._reads_accounts else tuple(stories)

    @property
    def _reads_accounts(self) -> bool:
        return self.is_on and self._reads_all and self._papers.are_several
