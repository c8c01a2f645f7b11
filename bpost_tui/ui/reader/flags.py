"""Flags on stories of a list, one by one or as a range: the next mark is for all of them."""

from __future__ import annotations

from bpost_tui.i18n import Language
from bpost_tui.model.story import Headline
from bpost_tui.ui.reader.host import Say
from bpost_tui.ui.reader.panes import Panes
from bpost_tui.ui.widgets.post_list import PostList


class Flags:
    """Flags stories; they are kept by the list, and go with it."""

    def __init__(self, posts: PostList, panes: Panes, language: Language, say: Say) -> None:
        self._posts = posts
        self._panes = panes
        self._language = language
        self._say = say
        self._last: int | None = None
        """The story flagged last, by number: a range begins there."""

    @property
    def rows(self) -> tuple[Headline, ...]:
        """The stories that a mark is for: those with flags, in the list; none in the story, which a mark is for then."""
        return () if self._panes.current == "story" else tuple(self._posts.flagged.values())

    def toggle(self) -> None:
        """Flag the story under the cursor, or take its flag away, and go on to the next."""
        row = self._posts.current
        if row is None:
            return
        if row.id in self._posts.flagged:
            del self._posts.flagged[row.id]
        else:
            self._posts.flagged[row.id] = row
            self._last = row.id
        self._posts.cursor += 1
        self._show()

    def through(self) -> None:
        """Flag all stories from the one flagged last through the one under the cursor."""
        start = None if self._last is None else self._posts.slice.index_of(self._last)
        if start is None:
            start = self._posts.cursor
        first, last = sorted((start, self._posts.cursor))
        self._posts.flagged |= {row.id: row for row in self._posts.rows[first : last + 1]}
        self._last = self._posts.current.id if self._posts.current is not None else None
        self._show()

    def clear(self) -> bool:
        """Take all flags away; return whether there were any, and one is where they are seen."""
        if not self.rows:
            return False
        self._posts.flagged.clear()
        self._show()
        return True

    def notes(self) -> tuple[str, ...]:
        """Return how many there are, for the footer."""
        return (self._language.text("{n} flagged", n=len(self._posts.flagged)),) if self._posts.flagged else ()

    def _show(self) -> None:
        self._posts.refresh()
        self._say("")
