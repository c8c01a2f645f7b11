"""Choosing a category: by its number, by its row, the next with something unread."""

from __future__ import annotations

from collections.abc import Callable

from bpost_tui.i18n import Language
from bpost_tui.reading.session import Source, is_own, row_of
from bpost_tui.ui.reader.host import Say
from bpost_tui.ui.reader.lists import ListReader
from bpost_tui.ui.reader.panes import Panes
from bpost_tui.ui.widgets.category_list import CategoryList

_FEW = 10
"""Fewer saved stories than this in a category, and its own feed is asked for."""


class Choosing:
    """Goes to categories.

    Args:
        leaving: Called before another category is listed.
        refresh: Has a category's own feed asked for.
    """

    def __init__(
        self,
        categories: CategoryList,
        lists: ListReader,
        panes: Panes,
        language: Language,
        say: Say,
        *,
        leaving: Callable[[], None],
        refresh: Callable[[Source], None],
    ) -> None:
        self._categories = categories
        self._lists = lists
        self._panes = panes
        self._language = language
        self._say = say
        self._leaving = leaving
        self._refresh = refresh

    def go_to(self, at: int) -> None:
        """Go to a category by its number, from 0, or say that there is none."""
        if at >= self._categories.row_count():
            self._say(self._language.text("There is no category {n}", n=at + 1))
            return
        if at != self._categories.cursor:
            self._categories.select(row_of(self._categories.counts[at]))
            self.choose(at)
        self._panes.go("posts")

    def go_to_unread(self) -> None:
        """Go to the next of the portal's categories that has something unread; after the last one comes the first."""
        counts, here = self._categories.counts, self._categories.cursor
        order = (*range(here + 1, len(counts)), *range(1, here))  # 0 is all news
        found = (at for at in order if counts[at].unread and not is_own(counts[at].category.slug))
        at = next(found, None)
        if at is None:
            self._say(self._language.text("No other category has unread stories"))
        else:
            self.go_to(at)

    def choose(self, at: int) -> None:
        """Show what a row of the categories lists; where little of it is saved, ask for its own feed."""
        count = self._categories.counts[at]
        self._leaving()
        self._lists.choose(row_of(count))
        if count.total < _FEW:
            self._refresh(row_of(count))
