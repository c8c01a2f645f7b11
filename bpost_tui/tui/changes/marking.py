"""Marks of stories (read, starred, read later), and the undoing of changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from bpost_tui.core.changes.undo import MarkChange, SeenChange, UndoableChange, is_marked, with_mark, with_story
from bpost_tui.model.marks import MarkName
from bpost_tui.model.story import Headline, SavedStory, story_of
from bpost_tui.tui.lists.list_controller import ListController
from bpost_tui.tui.shared.screen_context import ScreenContext


class ChangeRunner:
    """Makes changes that can be undone, reports each on the screen, and undoes the changes of this session."""

    def __init__(self, context: ScreenContext, lists: ListController) -> None:
        self._context = context
        self._lists = lists

    def apply(self, change: UndoableChange, *, quietly: bool = False, then: Callable[[UndoableChange], None] | None = None) -> None:
        """Make `change`, and report it on the screen unless `quietly`. If the change can't be saved, reload the list.

        If the change had an effect, and `then` isn't None, call `then` with the change that was made.
        """

        def report_applied(changed: UndoableChange | None) -> None:
            if changed is not None and then is not None:
                then(changed)
            self.report_applied(changed, quietly=quietly)

        saving = self._context.writes.submit(
            lambda: self._context.undo_stack.do(change), report_applied, on_failure=self._lists.reload
        )
        if isinstance(change, MarkChange):
            self._context.pending_marks.add(change)
            saving.add_done_callback(lambda _: self._context.pending_marks.remove(change))

    def report_applied(self, change: UndoableChange | None, *, quietly: bool = False) -> None:
        """Reload the list after a change, and show the change's message unless `quietly`.

        `change` is None if the change had no effect; in that case, no message is shown.
        """
        if change is not None and not quietly:
            self.show_done_message(change.done_message(self._context.language))
        self._lists.reload()

    def show_done_message(self, done: str) -> None:
        """Show the message `done` with the key that undoes the change; a click on the message undoes it also."""
        undo = self._context.text("{key}: undo", key=self._context.keys.key_label("undo"))
        self._context.show_answer(f"{done} · {undo}", action="undo")

    def undo(self) -> None:
        """Undo the last change; each further call undoes the preceding change, back to the start of this session.

        If there is nothing to undo, show a message.
        """
        self._context.writes.submit(self._context.undo_stack.undo, self._show_undone)

    def _show_undone(self, change: UndoableChange | None) -> None:
        if change is None:
            self._context.show_answer(self._context.text("Nothing to undo"))
        else:
            self._context.show_answer(change.undone_message(self._context.language))
            self._lists.reload()


class ApplyChange(Protocol):
    """Function that makes a change that can be undone."""

    def __call__(
        self, change: UndoableChange, *, quietly: bool = False, then: Callable[[UndoableChange], None] | None = None
    ) -> None:
        """Make `change`, report it on the screen unless `quietly`, and call `then` with it if it had an effect."""


class StoryMarking:
    """Adds marks (read, starred, read later) to stories, and removes them.

    Args:
        apply_change: Makes a change that can be undone.
    """

    def __init__(self, context: ScreenContext, apply_change: ApplyChange) -> None:
        self._context = context
        self._apply_change = apply_change

    def toggle(self, mark: MarkName) -> None:
        """Add a mark to the flagged stories, or to the current story. If all of them have the mark already, remove it.

        If there is no story, show a message.
        """
        if rows := self._context.target_stories:
            on = not all(is_marked(row, mark) for row in rows)
            self._context.drop_flags()
            self._set(mark, on, [row for row in rows if is_marked(row, mark) is not on])
        else:
            self._context.show_no_story()

    def read_to_end(self, saved: SavedStory) -> None:
        """Mark the story `saved` as read without a message, because the reader has come to its end."""
        self._set("read", True, [saved.headline], quietly=True)

    def see_changes(self, saved: SavedStory) -> None:
        """Record that the reader has seen the changes that a paper made to a story, because they entered the story's pane."""
        if saved.headline.changed is not None:
            self._context.posts.retain((saved.key,))
            self._show_rows({saved.headline.id: saved.headline._replace(changed=None)})
            self._apply_change(SeenChange(saved.headline.id), quietly=True)

    def _set(self, mark: MarkName, on: bool, rows: Sequence[Headline], *, quietly: bool = False) -> None:
        """Set `mark` for the stories in `rows` if `on`, else remove it. With `quietly`, show no message.

        The screen shows the change at once; the library saves it in the background.
        """
        marked, loaded = {row.id: with_mark(row, mark, on) for row in rows}, self._context.posts.slice
        # the rows stay in sight, even if the mark excludes them from the list (`PostList.retained`)
        if self._context.panes.current == "story" or self._context.hides_read:
            keys = [row.key for row in rows]
            self._context.posts.retain((*keys, *(row.key for row in loaded.rows if any(map(row.represents, keys)))))
        self._show_rows(marked)
        with_accounts = mark == "read" and self._context.outlook.marks_all_accounts_read
        self._apply_change(MarkChange(mark, on, tuple(marked), with_accounts), quietly=quietly)

    def _show_rows(self, stories: Mapping[int, Headline]) -> None:
        """Show changed marks of stories in the list and in the story's pane.

        `stories` maps the ids of the changed stories to their headlines (stories without text), which contain the marks.
        """
        loaded = self._context.posts.slice
        listed = tuple(with_story(row, stories.get(story_of(row).id, story_of(row))) for row in loaded.rows)
        self._context.posts.update(loaded._replace(rows=listed))
        for row in stories.values():
            self._context.session.replace_headline(row)
