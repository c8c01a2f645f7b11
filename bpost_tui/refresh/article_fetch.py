"""Fetch of a single story: the full text of a saved story, or the story at a link."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from bpost_tui.errors import PortalError
from bpost_tui.model.story import to_story
from bpost_tui.typesetting.text.named_tuple import NamedTuple

if TYPE_CHECKING:
    from bpost_tui.portal.portal import Portal
    from bpost_tui.store.paper_library import PaperLibrary


async def fetch_full(portal: Portal, library: PaperLibrary, story_id: int, *, clock: Callable[[], datetime]) -> None:
    """Fetch and save the full text of a story that was saved with only a summary.

    If the portal gives a reason why it doesn't send the text, the reason is saved with the story.

    Raises:
        PortalError: The text can't be fetched.
        ContentError: The answer can't be read.
    """
    saved = await asyncio.to_thread(library.story, story_id)
    row = saved.headline
    published = None if row.published == row.first_seen else row.published  # a feed without dates: the page may state one
    item = to_story(saved)._replace(full=False, published=published)
    try:
        story = await portal.full_story(item)
    except PortalError as error:
        if error.text_end:
            await asyncio.to_thread(library.save, [item._replace(text_end=error.text_end)], now=clock())
        raise
    await asyncio.to_thread(library.save, [story], now=clock())


class LinkedStory(NamedTuple):
    """Story at the end of a link, after it was saved."""

    id: int
    """Id of the story in the library."""
    is_new: bool


async def fetch_link(portal: Portal, library: PaperLibrary, link: str, *, clock: Callable[[], datetime]) -> LinkedStory | None:
    """Fetch the story that a link leads to, and save it. Return None if the portal has no such story.

    Raises:
        PortalError: The story can't be fetched.
        ContentError: The answer can't be read.
    """
    story = await portal.story_at(link)
    if story is None:
        return None
    saved = await asyncio.to_thread(library.save, [story], now=clock())
    return LinkedStory(await asyncio.to_thread(library.find, story.link or story.guid), bool(saved.new))
