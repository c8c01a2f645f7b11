"""Flags on stories of a list, set one by one or as a range.

The next mark that the reader sets, such as starred, is set on all flagged stories, and removes the flags.
"""

from __future__ import annotations

from bpost_tui.model.story import RowKey
from bpost_tui.tui.shared.screen_context import ScreenContext


class Flags:
    """Selection of several stories in the list, for a command that marks all of them: each selected story has a flag.

    Flags aren't saved. They are removed when another list is shown.
    """

    def __init__(self, context: ScreenContext) -> None:
        self._context = context
        self._last: RowKey | None = None
        """Key of the row flagged last: the start of a range."""

    def toggle(self) -> None:
        """Flag the story under the cursor, or remove its flag, and move the cursor to the next story."""
        posts, row = self._context.posts, self._context.posts.current
        if row is None or self._is_in_story():
            return
        if row.key in posts.flagged:
            del posts.flagged[row.key]
        else:
            posts.flagged[row.key] = row
            self._last = row.key
        posts.cursor += 1
        self._show()

    def flag_range(self) -> None:
        """Flag all stories from the story flagged last to the story under the cursor.

        If no story was flagged yet, or that story isn't in the list, flag only the story under the cursor.
        """
        posts = self._context.posts
        if self._is_in_story():
            return
        start = None if self._last is None else posts.index_of(self._last)
        first, last = sorted((posts.cursor if start is None else start, posts.cursor))
        posts.flagged |= {row.key: row for row in posts.rows[first : last + 1]}
        self._last = None if posts.current is None else posts.current.key
        self._show()

    def _is_in_story(self) -> bool:
        """Return whether the story's pane is current. If so, show a message: the key works only in the list."""
        is_in_story = self._context.panes.current == "story"
        if is_in_story:
            back = self._context.keys.key_label("back")
            self._context.show_answer(self._context.text("Stories are selected in the list: {key} goes there", key=back))
        return is_in_story

    def clear(self) -> bool:
        """Remove all flags, and return True.

        If no story is flagged, or if the story's pane is current, do nothing and return False.
        """
        if not self._context.flagged:
            return False
        self._context.posts.clear_flags()
        self._show()
        return True

    def notes(self) -> tuple[str, ...]:
        """Return the number of flagged stories as a note for the footer; empty if none is flagged."""
        n = len(self._context.posts.flagged)
        return (self._context.text("{n} selected", n=n),) if n else ()

    def _show(self) -> None:
        self._context.posts.refresh()
        self._context.show_answer("")
