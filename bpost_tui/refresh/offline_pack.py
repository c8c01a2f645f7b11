"""Offline pack: full texts and pictures of chosen stories, fetched and stored for reading without a network.

Texts and pictures that are already stored aren't fetched again, so that requesting the same pack a second time completes an
interrupted pack. At most two requests to a paper are made at a time. If the paper's portal asks to wait or no longer answers,
nothing more is requested from it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from bpost_tui import log
from bpost_tui.errors import BPostError, ContentError, PortalError, StoreError
from bpost_tui.model.stored_picture import StoredPicture
from bpost_tui.model.story import images
from bpost_tui.picture_store import PictureStore
from bpost_tui.refresh.article_fetch import fetch_full
from bpost_tui.refresh.paper_refresh import stream_events
from bpost_tui.refresh.picture_fetch import fetch_picture
from bpost_tui.refresh.portal_pool import MAX_PAPERS_AT_ONCE
from bpost_tui.refresh.refresh_events import FetchFailure

if TYPE_CHECKING:
    from bpost_tui.portal.portal import Portal
    from bpost_tui.refresh.portal_pool import PortalPool
    from bpost_tui.store.library import Library

T = TypeVar("T")

DEFAULT_PICTURE_BYTES = 200_000
"""Assumed size of a picture in bytes, until enough pictures are stored for a better estimate."""
_MIN_SAMPLE_PICTURES = 5
"""Minimum number of stored pictures for an estimate; with fewer, a picture's size is assumed to be `DEFAULT_PICTURE_BYTES`."""
_REQUESTS_PER_PAPER = 2
_MAX_FAILURES = 4
"""Maximum number of consecutive network failures. After them, nothing more is requested from the paper."""


@dataclass(frozen=True, slots=True)
class PackEstimate:
    """First event of a pack (texts and pictures for reading offline): how many of them are to be fetched."""

    stories: int
    """Number of stories that were chosen for the pack."""
    texts: int
    pictures: int
    estimated_bytes: int
    """Estimated number of bytes that portals will send for these pictures, based on the average of the pictures stored so far."""


@dataclass(frozen=True, slots=True)
class PackStep:
    """Event that is reported before a text or picture is fetched."""

    done: int
    steps: int
    sent_bytes: int
    """Number of bytes of pictures that portals have sent so far."""
    address: str


@dataclass(frozen=True, slots=True)
class PackResult:
    """Last event of an offline pack (texts and pictures for reading without a network): the numbers of those fetched."""

    stories: int
    """Number of stories that were chosen for the pack."""
    texts: int = 0
    """Number of full texts that were fetched."""
    pictures: int = 0
    """Number of pictures that were fetched and stored."""
    sent_bytes: int = 0
    missing: int = 0
    """Number of pictures that their portals don't have, or that can't be shown."""
    left_out: int = 0
    """Number of pictures that weren't fetched, because the pack's other pictures already fill the picture store."""
    error: BPostError | None = None
    """First error that made a fetch fail, such as of the network; None if there was none.

    After such an error, requesting the pack again may fetch the missing texts and pictures. Content that can't be read isn't such
    an error, because another request wouldn't help.
    """


PackEvent = PackEstimate | PackStep | FetchFailure | PackResult


async def fetch_offline_pack(
    portals: PortalPool,
    library: Library,
    store: PictureStore,
    stories: Sequence[int],
    *,
    texts: bool,
    pictures: bool,
    clock: Callable[[], datetime],
) -> AsyncGenerator[PackEvent]:
    """Fetch the full texts and pictures that stories lack, each from the portal of its paper. Yield an event for each step.

    `texts` and `pictures` choose which of the two are fetched; `stories` are the stories' ids.
    """
    packer = _Packer(portals, library, store, stories, clock)
    async with aclosing(stream_events(packer.run(texts, pictures), packer.events)) as events:
        async for event in events:
            yield event
    yield packer.result()


@dataclass
class _PaperPack:
    """One paper's part of an offline pack: the texts and pictures to fetch from the paper, and the state of fetching them.

    If fetching from one paper fails, the parts of other papers are still fetched.
    """

    paper: str
    """Key (id in the library) of the paper."""
    stories: list[int] = field(default_factory=list)
    texts: list[int] = field(default_factory=list)
    """Ids of the stories in `stories` that lack their full text."""
    pictures: list[str] = field(default_factory=list)
    """Addresses of the pictures to fetch."""
    failures_in_a_row: int = 0
    is_stopped: bool = False
    """Whether to request nothing more from this paper."""


@dataclass
class _Packer:
    """Fetch in progress of an offline pack (texts and pictures for reading without a network)."""

    portals: PortalPool
    library: Library
    store: PictureStore
    stories: Sequence[int]
    clock: Callable[[], datetime]
    events: asyncio.Queue[PackEvent | None] = field(default_factory=asyncio.Queue)
    done: int = 0
    steps: int = 0
    texts: int = 0
    pictures: int = 0
    sent_bytes: int = 0
    stored_bytes: int = 0
    """Number of bytes of all stored pictures that belong to the stories."""
    stored: set[str] = field(default_factory=set)
    """Addresses of all stored pictures that belong to the stories."""
    missing: int = 0
    left_out: int = 0
    error: BPostError | None = None

    async def run(self, texts: bool, pictures: bool) -> None:
        """Fetch the full texts if `texts`, and then the pictures if `pictures`.

        Texts come first, because a full text may have more pictures than its summary.
        """
        try:
            parts = await asyncio.to_thread(self._paper_packs, texts)
            for part in parts if pictures else ():
                part.pictures = await self._missing_pictures(part.stories)
            wanted_texts, wanted_pictures = sum(len(part.texts) for part in parts), sum(len(part.pictures) for part in parts)
            stored = await asyncio.to_thread(self.store.usage)
            usual = stored.sent_bytes // stored.pictures if stored.pictures >= _MIN_SAMPLE_PICTURES else DEFAULT_PICTURE_BYTES
            self.events.put_nowait(PackEstimate(len(self.stories), wanted_texts, wanted_pictures, wanted_pictures * usual))
            self.steps = wanted_texts + wanted_pictures
            slots = asyncio.Semaphore(MAX_PAPERS_AT_ONCE)
            async with asyncio.TaskGroup() as tasks:
                for part in parts:
                    if part.texts or part.pictures:
                        tasks.create_task(self._fetch_paper(part, slots, pictures))
        except ExceptionGroup as bugs:
            raise bugs.exceptions[0] from bugs
        finally:
            self.events.put_nowait(None)

    def _paper_packs(self, texts: bool) -> list[_PaperPack]:
        parts: dict[str, _PaperPack] = {}
        for story in self.stories:
            row = self.library.headline(story)
            if row.paper in self.portals:
                part = parts.setdefault(row.paper, _PaperPack(row.paper))
                part.stories.append(story)
                part.texts += [story] if texts and not row.full else []
        return list(parts.values())

    async def _fetch_paper(self, part: _PaperPack, slots: asyncio.Semaphore, pictures: bool) -> None:
        """Fetch the texts and pictures that `part` lists, once one of the `slots` for papers is free.

        With `pictures`, also fetch the pictures that only the new full texts have.
        """
        async with slots, self.portals.open(part.paper) as portal:
            await self._fetch_all(part, part.texts, partial(self._fetch_text, portal, part))
            if pictures and part.texts:
                missing = await self._missing_pictures([story for story in part.stories if story in set(part.texts)])
                more = [address for address in missing if address not in set(part.pictures)]
                part.pictures += more
                self.steps += len(more)
            await self._fetch_all(part, part.pictures, partial(self._fetch_picture, portal, part))

    async def _missing_pictures(self, stories: Sequence[int]) -> list[str]:
        """Return the addresses of the pictures of `stories` (ids) that aren't stored yet.

        The addresses of the stored pictures are added to `stored`.
        """
        missing: dict[str, None] = {}
        for story in stories:
            saved = await asyncio.to_thread(self.library.story, story)
            for image in images(saved):
                found = await asyncio.to_thread(self.store.find, image.src)
                if isinstance(found, StoredPicture):
                    self._note_stored(image.src, found)
                else:
                    missing[image.src] = None
        return list(missing)

    async def _fetch_all(self, part: _PaperPack, things: Sequence[T], fetch: Callable[[T], Awaitable[None]]) -> None:
        waiting = list(reversed(things))

        async def some() -> None:
            while waiting and not part.is_stopped:
                await fetch(waiting.pop())
                self.done += 1

        async with asyncio.TaskGroup() as tasks:
            for _ in range(_REQUESTS_PER_PAPER):
                tasks.create_task(some())

    async def _fetch_text(self, portal: Portal, part: _PaperPack, story: int) -> None:
        row = await asyncio.to_thread(self.library.headline, story)
        address = row.link or row.guid
        self._report(address)
        try:
            await fetch_full(portal, self.portals.library(part.paper), story, clock=self.clock)
        except BPostError as error:
            self._failed(part, address, error)
        else:
            self.texts, part.failures_in_a_row = self.texts + 1, 0

    async def _fetch_picture(self, portal: Portal, part: _PaperPack, address: str) -> None:
        if self.stored_bytes >= self.store.max_bytes:  # another picture would push out the first ones
            self.left_out += 1
            return
        self._report(address)
        try:
            fetched = await fetch_picture(portal, self.store, address)
        except ContentError:
            self.missing, part.failures_in_a_row = self.missing + 1, 0
        except BPostError as error:
            self._failed(part, address, error)
        else:
            self.sent_bytes += fetched.picture.sent_bytes
            if fetched.store_error is not None:
                self._failed(part, address, fetched.store_error)
                return
            self.pictures, part.failures_in_a_row = self.pictures + 1, 0
            self._note_stored(address, fetched.picture)

    def _note_stored(self, address: str, picture: StoredPicture) -> None:
        if address not in self.stored:
            self.stored.add(address)
            self.stored_bytes += len(picture.data)

    def _failed(self, part: _PaperPack, address: str, error: BPostError) -> None:
        log.log_error(error)
        self.events.put_nowait(FetchFailure(address, error.message, error, part.paper))
        if not isinstance(error, ContentError):
            self.error = self.error or error
            part.failures_in_a_row += 1
        waits = isinstance(error, PortalError) and error.retry_after_s is not None
        part.is_stopped = part.is_stopped or isinstance(error, StoreError) or waits or part.failures_in_a_row >= _MAX_FAILURES

    def _report(self, address: str) -> None:
        self.events.put_nowait(PackStep(self.done, self.steps, self.sent_bytes, address))

    def result(self) -> PackResult:
        """Return the last event of this pack, with the numbers of texts and pictures."""
        return PackResult(len(self.stories), self.texts, self.pictures, self.sent_bytes, self.missing, self.left_out, self.error)
