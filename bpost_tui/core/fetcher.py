"""Fetcher: gets news through connections to the papers' portals, which open when first needed and close with bpost. No Textual."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from bpost_tui.urls import is_of_site

if TYPE_CHECKING:
    from bpost_tui.model.stored_picture import StoredPicture
    from bpost_tui.picture_store import PictureStore
    from bpost_tui.portal.portal import Portal
    from bpost_tui.refresh import PaperPlan, RefreshEvent, RefreshPlan
    from bpost_tui.refresh.article_fetch import LinkedStory
    from bpost_tui.refresh.picture_fetch import FetchedPicture
    from bpost_tui.refresh.refresh_process import RefreshProcess
    from bpost_tui.store.library import Library
    from bpost_tui.store.paper_library import PaperLibrary
    from bpost_tui.typesetting.typeset.photo import Photo

CATEGORY_AGE = timedelta(minutes=15)
"""Minimum time between two requests for a category's feed. Until then, opening the category again requests nothing."""


class Fetcher:
    """Fetches papers, stories and pictures into the library.

    Args:
        plan_papers: Returns the refresh plan (address, categories, interval) of each paper, the preferred paper first. A plan's
            categories are used if a refresh names none.
        library: Library to save into.
        clock: Function that returns the present time with its time zone.
        offline: Whether all requests are forbidden.
        keep: Age after which stories are removed; None keeps all stories.
        make_process: Returns the process that runs refreshes; None runs refreshes in this process.

    `plan_papers` and `make_process` are called when first needed, because the headlines shown at the start need neither plans nor
    process.
    """

    def __init__(
        self,
        plan_papers: Callable[[], Sequence[PaperPlan]],
        library: Library,
        clock: Callable[[], datetime],
        *,
        offline: bool,
        keep: timedelta | None = None,
        make_process: Callable[[], RefreshProcess] | None = None,
    ) -> None:
        self._plan_papers = plan_papers
        self._library = library
        self._clock = clock
        self._keep = keep
        self._make_process = make_process
        self._refresh_process: RefreshProcess | None = None
        self.offline = offline
        """Whether requests to the network are forbidden."""
        self._portals: dict[str, Portal] = {}
        self._opening = asyncio.Lock()
        self._refreshed_at: dict[tuple[str, str], datetime] = {}

    @cached_property
    def _papers(self) -> Mapping[str, PaperPlan]:
        """Refresh plan (address, categories, interval) of each paper, by the paper's key."""
        return {each.paper.key: each for each in self._plan_papers()}

    @cached_property
    def _due(self) -> DuePapers:
        return DuePapers({key: each.interval for key, each in self._papers.items()})

    def paper_of(self, address: str) -> str | None:
        """Return the key of the paper whose site has the URL `address`, or None if no paper's site has it."""
        from bpost_tui.portal.kinds import KINDS  # imported late: 2 ms

        fronts = {key: KINDS[each.kind].front_page(each.paper.address) for key, each in self._papers.items()}
        return next((key for key, front in fronts.items() if is_of_site(address, front)), None)

    async def refresh(self, plan: RefreshPlan, papers: Sequence[str] = ()) -> AsyncGenerator[RefreshEvent]:
        """Refresh the papers with the keys `papers` (all papers if empty), and yield the events of the refresh.

        `plan` has the categories to read and the number of pages of each feed. If `plan` names categories and `papers` is empty,
        only the preferred paper (the first) is refreshed.
        """
        keys = tuple(key for key in papers or self._papers if key in self._papers)
        if not keys:  # none of them is subscribed to any longer
            return
        if not plan.categories and plan.backfill is None:
            self._due.note_refreshed(keys, self._clock())
        named = keys if papers or not plan.categories else keys[:1]
        plans = tuple(self._papers[key].with_plan(plan._replace(max_age=self._keep)) for key in named)
        if self._refresh_process is None and self._make_process is not None:
            self._refresh_process = self._make_process()
        run = self._refresh_here if self._refresh_process is None else self._refresh_process.refresh
        async with aclosing(run(plans)) as events:
            async for event in events:
                yield event

    def due(self, pace: float) -> tuple[str, ...]:
        """Return the keys of the papers whose automatic refresh is due; none if requests are forbidden.

        `pace` multiplies all intervals between refreshes. Each bpost process has a slightly different `pace`, so that the processes
        don't all refresh in the same second.
        """
        return () if self.offline else self._due.due(self._clock(), pace)

    def _refresh_here(self, plans: Sequence[PaperPlan]) -> AsyncGenerator[RefreshEvent]:
        from bpost_tui.refresh.library_refresh import refresh_papers

        return refresh_papers(plans, self._library, offline=self.offline, clock=self._clock)

    async def fetch_full_text(self, story_id: int, paper: str) -> None:
        """Fetch and save the whole text of a story whose feed had only a summary. `paper` is the key of the story's paper.

        Do nothing if the reader no longer follows the paper.

        Raises:
            BPostError: The story can't be fetched, read or saved.
        """
        if paper not in self._papers:
            return
        portal = await self._open(paper)
        from bpost_tui.refresh.article_fetch import fetch_full

        await fetch_full(portal, self._library_of(paper), story_id, clock=self._clock)

    async def fetch_link(self, link: str) -> LinkedStory | None:
        """Fetch and save the story at the URL `link`, on a paper's site. Return None if the page isn't a story.

        Raises:
            BPostError: The page can't be fetched, read or saved.
        """
        key = self.paper_of(link) or self._preferred
        portal = await self._open(key)
        from bpost_tui.refresh.article_fetch import fetch_link

        return await fetch_link(portal, self._library_of(key), link, clock=self._clock)

    async def picture(self, address: str, store: PictureStore) -> FetchedPicture:
        """Return the picture with the URL `address`, from `store`. If it isn't saved there, fetch it; any host is allowed.

        Raises:
            BPostError: The picture can't be fetched, or doesn't exist.
        """
        portal = await self._open(self.paper_of(address) or self._preferred)
        from bpost_tui.refresh.picture_fetch import fetch_picture

        return await fetch_picture(portal, store, address)

    async def render_picture(self, picture: StoredPicture, width_px: int, height_px: int, colours: int) -> Photo:
        """Return a saved picture scaled to `width_px` by `height_px` pixels, with at most `colours` colours; 0 means no limit.

        Raises:
            ContentError: The picture can't be decoded.
        """
        portal = await self._open(self._preferred)
        return await portal.render_picture(picture, width_px, height_px, colours)

    def claim_refresh(self, paper: str, category: str) -> bool:
        """Return whether the caller is to request a category's feed now. If so, record the present time as the time of the request.

        `paper` is the key of the category's paper, and `category` is the slug. The result is False if requests are forbidden, or if
        the last request was less than `CATEGORY_AGE` ago.
        """
        now = self._clock()
        refreshed = self._refreshed_at.get((paper, category))
        if self.offline or (refreshed and abs(now - refreshed) < CATEGORY_AGE):  # negative if the clock was put back
            return False
        self._refreshed_at[paper, category] = now
        return True

    def failed(self, paper: str, category: str) -> None:
        """Record that a request for a category's feed failed, so that the next needn't wait. `paper` is the paper's key."""
        self._refreshed_at.pop((paper, category), None)

    async def close(self) -> None:
        """Close the connections to portals, and end the processes that run refreshes and parse pages."""
        portals, self._portals = tuple(self._portals.values()), {}
        async with AsyncExitStack() as closing:  # closes the others even if one raises an error
            for portal in portals:
                closing.push_async_exit(portal)
            if self._refresh_process is not None:
                closing.push_async_callback(self._refresh_process.aclose)

    # ── the papers ──────────────────────────────────────────────────────────

    @property
    def _preferred(self) -> str:
        return next(iter(self._papers))

    def _library_of(self, key: str) -> PaperLibrary:
        return self._library.for_paper(self._papers[key].paper)

    async def _open(self, key: str) -> Portal:
        async with self._opening:
            if key not in self._portals:
                portal = await asyncio.to_thread(self._make_portal, key)
                self._portals[key] = await portal.__aenter__()
            return self._portals[key]

    def _make_portal(self, key: str) -> Portal:
        """Return a new connection to the portal of the paper `key`. httpx is imported here, off the event loop: it takes 63 ms."""
        from bpost_tui.refresh.portal_access import open_portal

        each = self._papers[key]
        return open_portal(
            each.paper.address,
            self._library_of(key),
            offline=self.offline,
            clock=self._clock,
            has_screen=True,
            kind=each.kind,
            text_selector=each.text_selector,
        )


class DuePapers:
    """Timetable of automatic refreshes: stores the last refresh of each paper, and finds the papers whose next refresh is due.

    Args:
        every: Interval between refreshes of each paper, by its key; zero means never.
    """

    def __init__(self, every: Mapping[str, timedelta]) -> None:
        self._every = {key: wait for key, wait in every.items() if wait}
        self._refreshed_at: dict[str, datetime] = {}

    def note_refreshed(self, keys: Collection[str], now: datetime) -> None:
        """Store `now` as the time of the last refresh of the papers with the given keys."""
        self._refreshed_at |= dict.fromkeys(keys, now)

    def due(self, now: datetime, pace: float) -> tuple[str, ...]:
        """Return the keys of the papers whose refresh is due. Papers that weren't refreshed yet are included.

        `pace` multiplies all intervals. Each bpost process has a slightly different `pace`, so that the processes don't all refresh
        in the same second.
        """
        return tuple(
            key
            for key, wait in self._every.items()
            if key not in self._refreshed_at or abs(now - self._refreshed_at[key]) >= wait * pace  # the clock may be put back
        )
