"""What a refresh writes into the library, one transaction at a time; short notes of several papers share one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from bpost_tui.errors import StoreError

if TYPE_CHECKING:
    from bpost_tui.store.paper_library import PaperLibrary

T = TypeVar("T")


class WriteBatcher:
    """Has writes done in a thread; only inside an event loop.

    Args:
        library: Of any of the papers that are refreshed at once.
    """

    def __init__(self, library: PaperLibrary) -> None:
        self._write_together = library.in_one_transaction
        self.lock = asyncio.Lock()
        """Makes writers wait here: this lock wakes them at once, while SQLite's busy handler looks every 25 ms."""
        self._deferred: list[tuple[Callable[[], object], asyncio.Future[None]]] = []
        self._deferred_task: asyncio.Task[None] | None = None

    async def defer(self, write: Callable[[], object]) -> None:
        """Do a short write, with all others that come meanwhile or with the next save; raises StoreError if that fails."""
        done = asyncio.get_running_loop().create_future()
        self._deferred.append((write, done))
        if self._deferred_task is None:
            self._deferred_task = asyncio.create_task(self._write_deferred())
        await done

    async def write(self, write: Callable[[], T]) -> T:
        """Return what a write returns, done in one transaction with the notes that wait; the caller holds the lock.

        Raises:
            StoreError: Nothing of it was written.
        """
        notes, self._deferred = self._deferred, []

        def together() -> T:
            for note, _ in notes:
                note()
            return write()

        try:
            result = await asyncio.to_thread(self._write_together, together)
        except StoreError:
            if not notes:
                raise
            for note in notes:  # one that can't be written costs the others nothing
                await self._write_alone(*note)
            return await asyncio.to_thread(self._write_together, write)
        except BaseException as error:
            for done in _pending_futures(notes):
                done.set_exception(error)
            raise
        for done in _pending_futures(notes):
            done.set_result(None)
        return result

    async def _write_alone(self, note: Callable[[], object], done: asyncio.Future[None]) -> None:
        try:
            await asyncio.to_thread(self._write_together, note)
        except StoreError as error:
            for each in _pending_futures([(note, done)]):
                each.set_exception(error)
        else:
            for each in _pending_futures([(note, done)]):
                each.set_result(None)

    async def flush(self) -> None:
        """Wait until what was noted is written or has failed, given up by those who noted it or not."""
        if self._deferred_task is not None:
            await asyncio.wait([self._deferred_task])

    async def _write_deferred(self) -> None:
        try:
            while self._deferred:
                async with self.lock:
                    if self._deferred:  # else a save has taken them along
                        with suppress(StoreError):  # those who noted something get it
                            await self.write(lambda: None)
        finally:
            self._deferred_task = None


def _pending_futures(notes: Iterable[tuple[object, asyncio.Future[None]]]) -> Iterator[asyncio.Future[None]]:
    """Yield what those wait for who noted something and haven't given up since."""
    return (done for _, done in notes if not done.done())
