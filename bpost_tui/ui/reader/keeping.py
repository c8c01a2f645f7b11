"""Keeping a search under a name, listed with the categories, and forgetting it."""

from __future__ import annotations

from typing import NamedTuple

from textual import work

from bpost_tui.i18n import Language
from bpost_tui.reading.listing import Listings, query_of
from bpost_tui.ui.reader.asking import Question
from bpost_tui.ui.reader.searching import SearchScreen


class Kept(NamedTuple):
    """A search kept under a name, or forgotten."""

    name: str
    query: str | None
    """None where it was forgotten."""
    before: str | None
    """What was kept under the name before."""

    def undo(self, listings: Listings) -> None:
        """Have under the name what was there before."""
        if self.before is None:
            listings.searches.forget(self.name)
        else:
            listings.searches.keep(self.name, self.before)

    def told(self, language: Language) -> str:
        """Return what was done."""
        if self.query is None:
            return language.text("“{name}” is forgotten", name=self.name)
        return language.text("Kept as “{name}”", name=self.name)

    def told_undone(self, language: Language) -> str:
        """Return what was taken back."""
        if self.query is None:
            return language.text("“{name}” is kept again", name=self.name)
        return language.text("Undone: “{name}” isn't kept", name=self.name)


class KeepScreen(SearchScreen):
    """Shelves and searches, some of which are kept."""

    def action_keep_search(self) -> None:
        """Keep this search under a name; one that is kept is forgotten."""
        kept = {query_of(count.category.slug): count.category.name for count in self._categories.counts}
        if not self._query:
            self._say(self._language.text("There is no search to keep; / begins one"))
        elif self._query in kept:
            self._forget_search(kept[self._query], self._query)
        else:  # asked at once: what is typed next is the name
            self._ask_name(self._query)

    @work(thread=True, group="searches", exit_on_error=False)
    def _forget_search(self, name: str, query: str) -> None:
        self._listings.searches.forget(name)
        self._tell_kept(Kept(name, None, query))

    def _ask_name(self, query: str) -> None:
        def entered(name: str) -> None:
            self.stop_asking()
            self.go("posts")
            self._keep_search(name.strip() or query, query)

        def left() -> None:
            self._ask_query(query, focus=False)
            self.go("posts")

        self.go("posts")
        self.ask(Question(self._language.text("A name for this search"), _nothing, entered, left), query)

    @work(thread=True, group="searches", exit_on_error=False)
    def _keep_search(self, name: str, query: str) -> None:
        before = self._listings.searches.query_of(name)
        self._listings.searches.keep(name, query)
        self._tell_kept(Kept(name, query, before))

    def _tell_kept(self, kept: Kept) -> None:
        self.app.call_from_thread(self.done, kept)
        self.app.call_from_thread(self.reload)


def _nothing(typed: str) -> None:
    """Do nothing while a name is typed."""
