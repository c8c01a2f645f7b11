"""Flags on stories of a list, one by one or as a range: the next mark is for all of them."""

from __future__ import annotations

from bpost_tui.model.story import RowKey
from bpost_tui.tui.shared.screen_context import ScreenContext


class Flags:
    """Flags stories; they are kept by the list, and go with it."""

    def __init__(self, desk: ScreenContext) -> None:
        self._desk = desk
        self._last: RowKey | None = None
        """The row flagged last, by key: a range begins there."""

    def toggle(self) -> None:
        """Flag the story under the cursor, or take its flag away, and go on to the next."""
        row = self._desk.posts.current
        if row is None:
            return
        if row.key in self._desk.posts.flagged:
            del self._desk.posts.flagged[row.key]
        else:
            self._desk.posts.flagged[row.key] = row
            self._last = row.key
        self._desk.posts.cursor += 1
        self._show()

    def flag_range(self) -> None:
        """Flag all stories from the one flagged last through the one under the cursor."""
        start = None if self._last is None else self._desk.posts.slice.index_of(self._last)
        if start is None:
            start = self._desk.posts.cursor
        first, last = sorted((start, self._desk.posts.cursor))
        self._desk.posts.flagged |= {row.key: row for row in self._desk.posts.rows[first : last + 1]}
        self._last = self._desk.posts.current.key if self._desk.posts.current is not None else None
        self._show()

    def clear(self) -> bool:
        """Take all flags away; return whether there were any, and one is where they are seen."""
        if not self._desk.flagged:
            return False
        self._desk.posts.flagged.clear()
        self._show()
        return True

    def notes(self) -> tuple[str, ...]:
        """Return how many there are, for the footer."""
        return (self._desk.text("{n} selected", n=len(self._desk.posts.flagged)),) if self._desk.posts.flagged else ()

    def _show(self) -> None:
        self._desk.posts.refresh()
        self._desk.show_message("")
