"""Menu that marks many stories read: the whole list, stories above or below the cursor, or stories older than a day or a week."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import partial

from bpost_tui.core.changes.mark_all_read import MarkReadRange, StoriesInRange, unread_in_range
from bpost_tui.core.changes.undo import MarkChange, UndoableChange
from bpost_tui.tui.dialogs.choice_menu import Choice, ChoiceScreen
from bpost_tui.tui.shared.screen_context import ScreenContext


class MarkAllReadMenu:
    """Asks for a range of stories, and marks them read.

    Args:
        on_done: Called with the change, after its message was shown. The argument is None if nothing has changed.
        show_done: Shows a message with the key that undoes the change.
    """

    def __init__(
        self, context: ScreenContext, *, on_done: Callable[[UndoableChange | None], None], show_done: Callable[[str], None]
    ) -> None:
        self._context = context
        self._on_done = on_done
        self._show_done = show_done

    def offer(self) -> None:
        """Ask for the range of stories to mark read. The number of stories in each range appears when they have been counted.

        The key that opened the menu, or Enter, chooses the whole list.
        """
        title = self._context.text("Mark which stories read?")
        dialog = ChoiceScreen(
            self._context.renderer, self._context.keys, title, self._choices({}), {"all_read": MarkReadRange.LIST}
        )
        counting = self._context.run_worker(partial(self._count, dialog), group="triage", exclusive=True)

        def chosen(span: MarkReadRange | None) -> None:
            counting.cancel()
            if span is not None:
                self._mark(span)

        self._context.push(dialog, chosen)

    def _choices(self, found: Mapping[MarkReadRange, StoriesInRange]) -> tuple[Choice[MarkReadRange], ...]:
        language = self._context.language
        counted = {span: stories.counted(language) for span, stories in found.items()}
        return tuple(Choice(span, language.text(span.value), counted.get(span, "…")) for span in MarkReadRange)

    async def _count(self, dialog: ChoiceScreen[MarkReadRange]) -> None:
        finders = {span: self._finder(span) for span in MarkReadRange}
        found = await asyncio.to_thread(lambda: {span: find() for span, find in finders.items()})
        dialog.show(self._choices(found))

    def _finder(self, span: MarkReadRange) -> Callable[[], StoriesInRange]:
        """Return a function that reads the ids of the list's unread stories in the range `span`. It blocks on the disk."""
        context, query = self._context, self._context.session.requested_query
        return partial(unread_in_range, context.listings, query, span, context.posts.stories, context.posts.cursor)

    def _mark(self, span: MarkReadRange) -> None:
        """Mark the stories in the range `span` as read. If read stories are hidden, remove the marked stories from the list."""
        if self._context.hides_read:
            self._context.posts.release_retained()
        find, language, loop = self._finder(span), self._context.language, asyncio.get_running_loop()
        reads_accounts = self._context.outlook.marks_all_accounts_read

        def write() -> UndoableChange | None:
            unread = find().all
            message = language.plural("{n} marked read", "{n} marked read", len(unread))
            loop.call_soon_threadsafe(
                self._show_done if unread else self._context.show_answer, message
            )  # shown first: marking 100,000 stories takes seconds
            return self._context.undo_stack.do(MarkChange("read", True, unread, reads_accounts))

        self._context.writes.submit(write, self._on_done)
