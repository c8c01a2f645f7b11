"""The connection to the portal: opened when first needed, shared by all workers, closed with the app. No Textual."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bpost_tui.model.picture import Photo, Picture
from bpost_tui.store.paper_library import PaperLibrary
from bpost_tui.urls import front_of

if TYPE_CHECKING:
    from bpost_tui.portal.portal import Portal
    from bpost_tui.store.pictures import PictureStore
    from bpost_tui.sync import Plan, SyncEvent
    from bpost_tui.sync.articles import LinkedStory
    from bpost_tui.sync.pictures import FetchedPicture
    from bpost_tui.sync.refresh_process import RefreshProcess

CATEGORY_AGE = timedelta(minutes=15)
"""How long a category's feed isn't asked for again when the reader comes back to it."""


class Fetcher:
    """Fetches one paper into the library.

    Args:
        address: The portal's front page; of a feed, the feed itself.
        library: Where everything is saved.
        clock: The time, aware.
        offline: Whether no request is ever made.
        keep: How old stories may get; None keeps all.
        elsewhere: Runs refreshes in other processes; None runs them in this one.
        is_feed: Whether the portal is a feed of any site; else it is a WordPress portal.
        categories: The slugs of those that are fetched in place of the front page's feed.
    """

    def __init__(
        self,
        address: str,
        library: PaperLibrary,
        clock: Callable[[], datetime],
        *,
        offline: bool,
        keep: timedelta | None = None,
        elsewhere: RefreshProcess | None = None,
        is_feed: bool = False,
        categories: tuple[str, ...] = (),
    ) -> None:
        self.site = front_of(address) if is_feed else address
        """The front page of the site whose stories can be fetched by their addresses."""
        self._address = address
        self._is_feed = is_feed
        self._categories = categories
        self._library = library
        self._clock = clock
        self._keep = keep
        self._elsewhere = elsewhere
        self.offline = offline
        """Whether no request is ever made."""
        self._portal: Portal | None = None
        self._opening = asyncio.Lock()
        self._asked: dict[str, datetime] = {}

    async def refresh(self, plan: Plan) -> AsyncGenerator[SyncEvent]:
        """Fetch what the plan asks for, and tell each step."""
        run = self._refresh_here if self._elsewhere is None else self._elsewhere.refresh
        async with aclosing(run(plan._replace(keep=self._keep))) as events:
            async for event in events:
                yield event

    async def _refresh_here(self, plan: Plan) -> AsyncGenerator[SyncEvent]:
        portal = await self._open()
        plan = plan._replace(categories=plan.categories or self._categories)
        from bpost_tui.sync.refresh import refresh

        async with aclosing(refresh(portal, self._library, plan, clock=self._clock)) as events:
            async for event in events:
                yield event

    async def complete(self, story_id: int) -> None:
        """Fetch the whole text of a story that came as a summary.

        Raises:
            BPostError: It can't be fetched, read or saved.
        """
        portal = await self._open()
        from bpost_tui.sync.articles import fetch_full

        await fetch_full(portal, self._library, story_id, clock=self._clock)

    async def fetch_link(self, link: str) -> LinkedStory | None:
        """Fetch and save the story that a link of the portal's leads to; None where it is no story.

        Raises:
            BPostError: It can't be fetched, read or saved.
        """
        portal = await self._open()
        from bpost_tui.sync.articles import fetch_link

        return await fetch_link(portal, self._library, link, clock=self._clock)

    async def picture(self, address: str, store: PictureStore) -> FetchedPicture:
        """Return a picture: the one that is kept, else the portal's.

        Raises:
            BPostError: It can't be fetched, or there is none.
        """
        portal = await self._open()
        from bpost_tui.sync.pictures import fetch_picture

        return await fetch_picture(portal, store, address)

    async def render_picture(self, picture: Picture, width_px: int, height_px: int, colours: int) -> Photo:
        """Return a kept picture in a size, in so many colours (0 is any).

        Raises:
            ContentError: It can't be decoded.
        """
        portal = await self._open()
        return await portal.render_picture(picture, width_px, height_px, colours)

    def is_due(self, category: str) -> bool:
        """Say whether a category's feed should be asked for, and take note that it is."""
        now = self._clock()
        asked = self._asked.get(category)
        if self.offline or (asked and now - asked < CATEGORY_AGE):
            return False
        self._asked[category] = now
        return True

    def failed(self, category: str) -> None:
        """Take note that a category's feed could not be had after all."""
        self._asked.pop(category, None)

    async def close(self) -> None:
        """Close the connection, and end the processes that refresh and parse."""
        if self._elsewhere is not None:
            await self._elsewhere.aclose()
        if self._portal is not None:
            portal, self._portal = self._portal, None
            await portal.__aexit__(None, None, None)

    async def _open(self) -> Portal:
        async with self._opening:
            if self._portal is None:
                portal = await asyncio.to_thread(self._make_portal)
                self._portal = await portal.__aenter__()
            return self._portal

    def _make_portal(self) -> Portal:
        """Import httpx (63 ms) away from the event loop."""
        from bpost_tui.sync.library_notes import open_portal

        return open_portal(
            self._address, self._library, offline=self.offline, clock=self._clock, has_screen=True, is_feed=self._is_feed
        )
