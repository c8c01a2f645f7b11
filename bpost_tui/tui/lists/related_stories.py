"""Related stories: goes from a story to similar stories, and to all stories with its tags, author or place."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Callable
from functools import partial
from typing import Protocol

from bpost_tui.core.changes.undo import MuteChange, SearchChange, UndoableChange
from bpost_tui.core.lists.list_source import SavedSearchSource
from bpost_tui.core.lists.topics import MUTED_AS, Topic, TopicUse
from bpost_tui.model.datelines import untagged_headline
from bpost_tui.model.story import Headline, RowKey
from bpost_tui.tui.shared.screen_context import ScreenContext


class ShowQuery(Protocol):
    """Function that shows the results of a query."""

    def __call__(self, query: str, *, name: str = "", at: RowKey | None = None) -> None:
        """Show the results of `query`, with the cursor on row `at` if given. `name`, if given, is shown instead of the query."""


class RelatedStories:
    """Shows stories related to a story, saves the search for them, or mutes their topic (tag, author or place).

    Args:
        find: Shows the results of a query.
        apply_change: Makes a change that can be undone.
    """

    def __init__(self, context: ScreenContext, find: ShowQuery, apply_change: Callable[[UndoableChange], None]) -> None:
        self._context = context
        self._find = find
        self._apply_change = apply_change

    def more_like(self) -> None:
        """Show the stories similar to the open story, or to the story under the cursor; the list includes that story.

        If there is no such story, or all its words are too common to search for, show a message.
        """
        row = self._context.target_story
        if row is not None and row.id:
            self._context.run_worker(partial(self._more_like, row), group="list", exclusive=True)
        else:
            self._context.show_no_story()

    async def _more_like(self, row: Headline) -> None:
        query = await to_thread(self._context.listings.query_like, row.id)
        if query:
            self._find(query, name=untagged_headline(row.title), at=row.key)
        else:
            self._context.show_answer(self._context.text("Too few words here to find stories like it"))

    def with_topic(self, topic: Topic, use: TopicUse) -> None:
        """Show the stories of `topic` (a tag, author or place), save the search for them, or mute the topic, as `use` requests.

        If the search to save is saved already, it is deleted; if the topic to mute is muted already, it is unmuted.
        """
        if use == "open":
            self._find(topic.query, name=topic.name)
        elif use == "keep":
            names = {
                row.source.query: row.name for row in self._context.categories.rows if isinstance(row.source, SavedSearchSource)
            }
            is_kept = topic.query in names
            self._apply_change(SearchChange(names.get(topic.query, topic.name), None if is_kept else topic.query))
        else:
            self._context.run_worker(partial(self._mute, topic), group="mute", exclusive=True)

    async def _mute(self, topic: Topic) -> None:
        kind = MUTED_AS[topic.kind]
        is_muted = await to_thread(lambda: topic.name in self._context.library.mutes.rules().get(kind, ()))
        self._apply_change(MuteChange(kind, topic.name, not is_muted))
