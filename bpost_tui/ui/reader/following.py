"""Following: from a story to those like it."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Callable
from functools import partial
from typing import Protocol

from bpost_tui.model.datelines import without_tag
from bpost_tui.model.story import Headline
from bpost_tui.reading.listing import Listings
from bpost_tui.ui.reader.host import Run, Say


class ShowFound(Protocol):
    """Shows what a query finds."""

    def __call__(self, query: str, *, name: str = "", at: int | None = None) -> None:
        """Show it, at a story if one is named; `name` is what the query is called."""
        ...


class Following:
    """Shows what else there is of a story's news.

    Args:
        target: Returns the story that is meant.
        find: Shows what a query finds.
    """

    def __init__(self, listings: Listings, run: Run, say: Say, *, target: Callable[[], Headline | None], find: ShowFound) -> None:
        self._listings = listings
        self._run = run
        self._say = say
        self._target = target
        self._find = find

    def more_like(self) -> None:
        """Show the stories like this one, which stands among them."""
        row = self._target()
        if row is not None:
            self._run(partial(self._more_like, row), group="list", exclusive=True)

    async def _more_like(self, row: Headline) -> None:
        query = await to_thread(self._listings.query_like, row.id)
        if query:
            self._find(query, name=without_tag(row.title), at=row.id)
        else:
            self._say(self._listings.language.text("Too few words here to find stories like it"))
