"""A pack for reading without a network: the whole texts and the pictures of chosen stories, fetched and stored.

What is there already isn't fetched again, so a pack that was interrupted is continued by asking for it again. At most two requests
are made at a time, and none once the portal asks us to wait or no longer answers.
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
from bpost_tui.sync.pictures import fetch_picture

if TYPE_CHECKING:
    from bpost_tui.portal.portal import Portal
    from bpost_tui.store.paper_library import PaperLibrary

T = TypeVar("T")

USUAL_BYTES = 200_000
"""The size that a picture is assumed to have until enough pictures are stored for a better estimate."""
_KNOWN_PICTURES = 5
"""How many stored pictures are enough."""
_AT_ONCE = 2
_MAX_FAILURES = 4
"""After so many failures of the network in a row, nothing more is asked for."""


@dataclass(frozen=True, slots=True)
class PackEstimate:
    """What is still to be fetched; the first event."""

    stories: int
    """How many stories were chosen."""
    texts: int
    pictures: int
    about_bytes: int
    """How much the portal will send for the pictures, judging by those that are stored."""


@dataclass(frozen=True, slots=True)
class PackStep:
    """A text or picture is about to be fetched."""

    done: int
    steps: int
    sent_bytes: int
    """How much was sent for pictures so far."""
    address: str


@dataclass(frozen=True, slots=True)
class PackFinished:
    """The end, always the last event."""

    stories: int
    """How many stories were chosen."""
    texts: int = 0
    """How many texts were fetched."""
    pictures: int = 0
    """How many pictures were fetched."""
    sent_bytes: int = 0
    missing: int = 0
    """How many pictures the portal doesn't have."""
    left_out: int = 0
    """For how many pictures there was no room."""
    error: BPostError | None = None
    """Why not all was fetched; asking again may fetch the rest."""


PackEvent = PackEstimate | PackStep | Failed | PackFinished


async def pack(
    portal: Portal,
    library: PaperLibrary,
    store: PictureStore,
    stories: Sequence[int],
    *,
    texts: bool,
    pictures: bool,
    clock: Callable[[], datetime],
) -> AsyncGenerator[PackEvent]:
    """Fetch what stories still lack, first their texts, and yield each step."""
    packer = _Packer(portal, library, store, stories, clock)
    job = asyncio.create_task(packer.everything(texts, pictures))
    try:
        while (event := await packer.events.get()) is not None:
            yield event
        await job
        yield packer.finished()
    finally:
        job.cancel()
        await asyncio.wait([job])


@dataclass
class _Packer:
    """Fetches one pack."""

    portal: Portal
    library: PaperLibrary
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
    missing: int = 0
    left_out: int = 0
    failures_in_a_row: int = 0
    error: BPostError | None = None
    is_over: bool = False
    """Whether to ask for nothing more."""

    async def everything(self, texts: bool, pictures: bool) -> None:
        """Fetch the texts, then the pictures, since a whole text may have more pictures than its summary."""
        try:
            headlines = await asyncio.to_thread(lambda: [self.library.headline(story) for story in self.stories])
            cut = [row.id for row in headlines if not row.full] if texts else []
            addresses = await self._missing_pictures() if pictures else []
            stored = await asyncio.to_thread(self.store.usage)
            usual = stored.sent_bytes // stored.pictures if stored.pictures >= _KNOWN_PICTURES else USUAL_BYTES
            self.events.put_nowait(PackEstimate(len(self.stories), len(cut), len(addresses), len(addresses) * usual))
            self.steps = len(cut) + len(addresses)
            await self._each(cut, self._text)
            if pictures and cut:
                addresses = await self._missing_pictures()
                self.steps = self.done + len(addresses)
            await self._each(addresses, self._picture)
        finally:
            self.events.put_nowait(None)

    async def _missing_pictures(self) -> list[str]:
        """Return the addresses of the pictures that aren't stored, and count the bytes of those that are."""
        self.stored_bytes = 0
        missing: dict[str, None] = {}
        for story in self.stories:
            saved = await asyncio.to_thread(self.library.story, story)
            for image in images(saved):
                found = await asyncio.to_thread(self.store.find, image.src)
                if isinstance(found, Picture):
                    self.stored_bytes += len(found.data)
                else:
                    missing[image.src] = None
        return list(missing)

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
        self._report(address)
        try:
            await fetch_full(self.portal, self.library, story, clock=self.clock)
        except BPostError as error:
            self._failed(address, error)
        else:
            self.texts, self.failures_in_a_row = self.texts + 1, 0

    async def _picture(self, address: str) -> None:
        if self.stored_bytes >= self.store.max_bytes:  # storing more would remove what was stored first
            self.left_out += 1
            return
        self._report(address)
        try:
            fetched = await fetch_picture(self.portal, self.store, address)
        except ContentError:
            self.missing, self.failures_in_a_row = self.missing + 1, 0
        except BPostError as error:
            self._failed(address, error)
        else:
            self.pictures, self.failures_in_a_row = self.pictures + 1, 0
            self.sent_bytes += fetched.picture.sent_bytes
            self.stored_bytes += len(fetched.picture.data)
            if fetched.store_error is not None:
                self._failed(address, fetched.store_error)

    def _failed(self, address: str, error: BPostError) -> None:
        log.fault(error)
        self.events.put_nowait(Failed(address, error.message, error))
        if not isinstance(error, ContentError):
            self.error = self.error or error
            self.failures_in_a_row += 1
        waits = isinstance(error, PortalError) and error.retry_after_s is not None
        self.is_over = self.is_over or isinstance(error, StoreError) or waits or self.failures_in_a_row >= _MAX_FAILURES

    def _report(self, address: str) -> None:
        self.events.put_nowait(PackStep(self.done, self.steps, self.sent_bytes, address))

    def finished(self) -> PackFinished:
        """Return the last event: what was done in all."""
        return PackFinished(len(self.stories), self.texts, self.pictures, self.sent_bytes, self.missing, self.left_out, self.error)
