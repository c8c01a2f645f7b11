"""Marking many stories read at once: those of the list, above or below the cursor, older than a day or a week."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import partial

from bpost_tui.reading.actions import Keys
from bpost_tui.reading.listing import Listings
from bpost_tui.reading.session import Session
from bpost_tui.reading.triage import Reach, unread_within
from bpost_tui.reading.undo import Change, MarkChange
from bpost_tui.ui.dialogs.choice import Choice, ChoiceScreen
from bpost_tui.ui.reader.host import Push, Run, Say
from bpost_tui.ui.reader.writes import Writes
from bpost_tui.ui.renderer import Renderer
from bpost_tui.ui.widgets.post_list import PostList


class Triage:
    """Asks which stories, and marks them read.

    Args:
        done: Shows such a change that was made, and was told of.
        tell_done: Tells what was done and can be undone.
        leaves_out_read: Whether read stories are left out of the list that is shown.
    """

    def __init__(
        self,
        session: Session,
        listings: Listings,
        posts: PostList,
        renderer: Renderer,
        keys: Keys,
        writes: Writes,
        run: Run,
        say: Say,
        push: Push,
        *,
        done: Callable[[Change | None], None],
        tell_done: Callable[[str], None],
        leaves_out_read: Callable[[], bool],
    ) -> None:
        self._session = session
        self._listings = listings
        self._posts = posts
        self._renderer = renderer
        self._keys = keys
        self._writes = writes
        self._run = run
        self._say = say
        self._push = push
        self._done = done
        self._tell_done = tell_done
        self._leaves_out_read = leaves_out_read

    def offer(self) -> None:
        """Ask which stories are to be marked read; the numbers come behind. The same key again, or Enter, takes this list."""
        title = self._listings.language.text("Mark which stories read?")
        dialog = ChoiceScreen(self._renderer, self._keys, title, self._choices({}), {"all_read": Reach.LIST})
        counting = self._run(partial(self._count, dialog), group="triage", exclusive=True)

        def chosen(reach: Reach | None) -> None:
            counting.cancel()
            if reach is not None:
                self._mark(reach)

        self._push(dialog, chosen)

    def _choices(self, counts: Mapping[Reach, int]) -> tuple[Choice[Reach], ...]:
        language = self._listings.language
        return tuple(
            Choice(reach, language.text(reach.value), language.number(counts[reach]) if reach in counts else "…") for reach in Reach
        )

    async def _count(self, dialog: ChoiceScreen[Reach]) -> None:
        finders = {reach: self._finder(reach) for reach in Reach}
        counts = await asyncio.to_thread(lambda: {reach: len(find()) for reach, find in finders.items()})
        dialog.show(self._choices(counts))

    def _finder(self, reach: Reach) -> Callable[[], tuple[int, ...]]:
        """Return what reads the numbers of the stories from the list as it is now."""
        return partial(unread_within, self._listings, self._session.asked, reach, self._posts.rows, self._posts.cursor)

    def _mark(self, reach: Reach) -> None:
        """Mark them read; where read ones are left out, none of them stays."""
        if self._leaves_out_read():
            self._posts.retained.clear()
        find, language, loop = self._finder(reach), self._listings.language, asyncio.get_running_loop()

        def write() -> Change | None:
            unread = find()
            said = language.plural("{n} marked read", "{n} marked read", len(unread))
            loop.call_soon_threadsafe(
                self._tell_done if unread else self._say, said
            )  # before it is done: of 100,000 it takes seconds
            return self._session.undo.do(MarkChange("read", True, unread))

        self._writes.start(write, self._done)
