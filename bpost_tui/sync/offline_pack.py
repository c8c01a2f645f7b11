"""The trip pack: whole texts and pictures of chosen stories, saved for reading without a network.

What is there already isn't fetched again, so asking again continues a pack that was cut short. At most two requests are made at a
time, and none once the portal asks to be left alone or no longer answers.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from bpost_tui import log
from bpost_tui.errors import BPostError, ContentError, PortalError, StoreError
from bpost_tui.model.picture import Picture
from bpost_tui.model.story import images
from bpost_tui.store.pictures import PictureStore
from bpost_tui.sync.articles import fetch_full
from bpost_tui.sync.events import Failed
from bpost_tui.sync.pictures import obtain

if TYPE_CHECKING:
    from bpost_tui.portal.portal import Portal
    from bpost_tui.store.library import Library

T = TypeVar("T")

USUAL_BYTES = 200_000
"""What a picture is assumed to weigh until enough are kept for a better estimate."""
_KNOWN_PICTURES = 5
_AT_ONCE = 2
_SILENCES = 4
"""Failures of the network in a row after which nothing more is asked for."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What is still to be fetched, before it is."""

    stories: int
    """All that were chosen."""
    texts: int
    pictures: int
    about_bytes: int
    """What the portal will send for the pictures, going by those that are kept."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something is about to be fetched."""

    done: int
    steps: int
    sent_bytes: int
    """What came for pictures so far."""
    address: str


@dataclass(frozen=True, slots=True)
class Packed:
    """The end, always the last event."""

    stories: int
    texts: int = 0
    """Fetched."""
    pictures: int = 0
    """Fetched."""
    sent_bytes: int = 0
    missing: int = 0
    """Pictures that the portal doesn't have."""
    left_out: int = 0
    """Pictures for which there was no room."""
    error: BPostError | None = None
    """Why not all was fetched; asking again may bring the rest."""


TripEvent = Estimate | Step | Failed | Packed


async def pack(
    portal: Portal,
    library: Library,
    store: PictureStore,
    stories: Sequence[int],
    *,
    texts: bool,
    pictures: bool,
    clock: Callable[[], datetime],
) -> AsyncGenerator[TripEvent]:
    """Fetch what stories still lack, their texts first, and tell each step."""
    trip = _Trip(portal, library, store, stories, clock)
    job = asyncio.create_task(trip.everything(texts, pictures))
    try:
        while (event := await trip.events.get()) is not None:
            yield event
        await job
        yield trip.packed()
    finally:
        job.cancel()
        await asyncio.wait([job])


@dataclass
class _Trip:
    """A pack being made."""

    portal: Portal
    library: Library
    store: PictureStore
    stories: Sequence[int]
    clock: Callable[[], datetime]
    events: asyncio.Queue[TripEvent | None] = field(default_factory=asyncio.Queue)
    done: int = 0
    steps: int = 0
    texts: int = 0
    pictures: int = 0
    sent_bytes: int = 0
    kept_bytes: int = 0
    missing: int = 0
    left_out: int = 0
    silences: int = 0
    error: BPostError | None = None
    is_over: bool = False
    """Whether nothing more is to be asked for."""

    async def everything(self, texts: bool, pictures: bool) -> None:
        """Fetch the texts, then the pictures: the rest of a text may bring more of them."""
        try:
            headlines = await asyncio.to_thread(lambda: [self.library.headline(story) for story in self.stories])
            cut = [row.id for row in headlines if not row.full] if texts else []
            wanted = await self._lacking() if pictures else []
            held = await asyncio.to_thread(self.store.usage)
            usual = held.sent_bytes // held.pictures if held.pictures >= _KNOWN_PICTURES else USUAL_BYTES
            self.events.put_nowait(Estimate(len(self.stories), len(cut), len(wanted), len(wanted) * usual))
            self.steps = len(cut) + len(wanted)
            await self._each(cut, self._text)
            if pictures and cut:
                wanted = await self._lacking()
                self.steps = self.done + len(wanted)
            await self._each(wanted, self._picture)
        finally:
            self.events.put_nowait(None)

    async def _lacking(self) -> list[str]:
        """Return the addresses of the pictures that aren't kept, and count what is."""
        self.kept_bytes = 0
        lacking: dict[str, None] = {}
        for story in self.stories:
            saved = await asyncio.to_thread(self.library.story, story)
            for image in images(saved):
                found = await asyncio.to_thread(self.store.find, image.src)
                if isinstance(found, Picture):
                    self.kept_bytes += len(found.data)
                else:
                    lacking[image.src] = None
        return list(lacking)

    async def _each(self, things: Sequence[T], fetch: Callable[[T], Awaitable[None]]) -> None:
        waiting = list(reversed(things))

        async def some() -> None:
            while waiting and not self.is_over:
                await fetch(waiting.pop())
                self.done += 1

        async with asyncio.TaskGroup() as tasks:
            for _ in range(_AT_ONCE):
                tasks.create_task(some())

    async def _text(self, story: int) -> None:
        row = await asyncio.to_thread(self.library.headline, story)
        address = row.link or row.guid
        self._tell(address)
        try:
            await fetch_full(self.portal, self.library, story, clock=self.clock)
        except BPostError as error:
            self._failed(address, error)
        else:
            self.texts, self.silences = self.texts + 1, 0

    async def _picture(self, address: str) -> None:
        if self.kept_bytes >= self.store.max_bytes:  # what came first would have to go for what comes now
            self.left_out += 1
            return
        self._tell(address)
        try:
            had = await obtain(self.portal, self.library, self.store, address, clock=self.clock)
        except ContentError:
            self.missing, self.silences = self.missing + 1, 0
        except BPostError as error:
            self._failed(address, error)
        else:
            self.pictures, self.silences = self.pictures + 1, 0
            self.sent_bytes += had.picture.sent_bytes
            self.kept_bytes += len(had.picture.data)
            if had.trouble is not None:
                self._failed(address, had.trouble)

    def _failed(self, address: str, error: BPostError) -> None:
        log.fault(error)
        self.events.put_nowait(Failed(address, error.message, error))
        if not isinstance(error, ContentError):
            self.error = self.error or error
            self.silences += 1
        waits = isinstance(error, PortalError) and error.retry_after_s is not None
        self.is_over = self.is_over or isinstance(error, StoreError) or waits or self.silences >= _SILENCES

    def _tell(self, address: str) -> None:
        self.events.put_nowait(Step(self.done, self.steps, self.sent_bytes, address))

    def packed(self) -> Packed:
        """Return what came of it."""
        return Packed(len(self.stories), self.texts, self.pictures, self.sent_bytes, self.missing, self.left_out, self.error)
