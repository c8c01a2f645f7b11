"""Portal → store, a single story: its whole text, or the story that a link leads to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from bpost_tui.model.story import to_story

if TYPE_CHECKING:
    from bpost_tui.portal.portal import Portal
    from bpost_tui.store.paper_library import PaperLibrary


async def fetch_full(portal: Portal, library: PaperLibrary, story_id: int, *, clock: Callable[[], datetime]) -> None:
    """Fetch and save the whole text of a story that came as a summary.

    Raises:
        PortalError: It can't be fetched.
        ContentError: What came can't be read.
    """
    saved = await asyncio.to_thread(library.story, story_id)
    story = await portal.full_story(to_story(saved)._replace(full=False))
    await asyncio.to_thread(library.save, [story], now=clock())


class LinkedStory(NamedTuple):
    """A story that a link led to."""

    id: int
    """Its number in the library."""
    is_new: bool
    """Whether it wasn't saved before."""


async def fetch_link(portal: Portal, library: PaperLibrary, link: str, *, clock: Callable[[], datetime]) -> LinkedStory | None:
    """Fetch and save the story that a link leads to; None where the portal has no such story.

    Raises:
        PortalError: It can't be fetched.
        ContentError: What came can't be read.
    """
    story = await portal.story_at(link)
    if story is None:
        return None
    saved = await asyncio.to_thread(library.save, [story], now=clock())
    return LinkedStory(await asyncio.to_thread(library.find, story.link or story.guid), bool(saved.new))
