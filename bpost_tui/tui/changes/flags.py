"""Flags on stories of a list, set one by one or as a range: the next mark applies to all flagged stories."""

from __future__ import annotations

from bpost_tui.model.story import RowKey
from bpost_tui.tui.shared.screen_context import ScreenContext


class Flags:
    """Flags stories of the list on the screen. The flags are gone when another list is shown."""

    def __init__(self, context: ScreenContext) -> None:
        self._context = context
        self._last: RowKey | None = None
        """Key of the row flagged last: the start of a range."""

    def toggle(self) -> None:
        """Flag the story under the cursor, or remove its flag, and move the cursor to the next story."""
        row = self._context.posts.current
        if row is None:
            return
        if row.key in self._context.posts.flagged:
            del self._context.posts.flagged[row.key]
        else:
            self._context.posts.flagged[row.key] = row
            self._last = row.key
        self._context.posts.cursor += 1
        self._show()

    def flag_range(self) -> None:
        """Flag all stories between the story flagged last and the story under the cursor."""
        start = None if self._last is None else self._context.posts.index_of(self._last)
        if start is None:
            start = self._context.posts.cursor
        first, last = sorted((start, self._context.posts.cursor))
        self._context.posts.flagged |= {row.key: row for row in self._context.posts.rows[first : last + 1]}
        current = self._context.posts.current
        self._last = current.key if current is not None else None
        self._show()

    def clear(self) -> bool:
        """Remove all flags; return False if no flags were on the screen, for example in the story's pane."""
        if not self._context.flagged:
            return False
        self._context.posts.clear_flags()
        self._show()
        return True

    def notes(self) -> tuple[str, ...]:
        """Return the number of flagged stories for the footer."""
        return (self._context.text("{n} selected", n=len(self._context.posts.flagged)),) if self._context.posts.flagged else ()

    def _show(self) -> None:
        self._context.posts.refresh()
        self._context.show_answer("")
