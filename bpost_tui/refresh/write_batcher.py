"""Writes of a refresh into the library, one transaction at a time. Short writes of several papers share a transaction."""

# The obvious way is to let each paper write whenever it has something. SQLite has one writer and looks for a free lock every 25 ms
# only, so papers that save at once wait in these steps. And each of a refresh's many short notes (a contact, a time, a name) would
# be a transaction of its own.
#
# So all papers of a refresh write through one `WriteBatcher`. Its `asyncio.Lock` wakes the next writer at once. A page of stories
# is written with `write`. A short note is queued with `defer`, and goes into the transaction of the next page, or of all notes that
# came meanwhile. If that transaction fails, each note is repeated alone, so that a note that can't be written costs the others
# nothing. Validators of a page aren't deferred: they go into the page's own transaction, since they claim that its stories are
# saved.

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
    """Queue of writes into the library. The writes are made in a thread; the methods must be called on an event loop.

    Args:
        library: Part of the library that belongs to one of the papers being refreshed, no matter which.
    """

    def __init__(self, library: PaperLibrary) -> None:
        self._write_together = library.in_one_transaction
        self.lock = asyncio.Lock()
        """Lock that a writer holds during its write.

        It lets the next writer begin at once. Without it, SQLite would check only every 25 ms whether the database is free.
        """
        self._deferred: list[tuple[Callable[[], object], asyncio.Future[None]]] = []
        self._deferred_task: asyncio.Task[None] | None = None

    async def defer(self, write: Callable[[], object]) -> None:
        """Call `write`, a short write, in one transaction with other short writes or with the next save.

        Raises:
            StoreError: The write failed.
        """
        done = asyncio.get_running_loop().create_future()
        self._deferred.append((write, done))
        if self._deferred_task is None:
            self._deferred_task = asyncio.create_task(self._write_deferred())
        await done

    async def write(self, write: Callable[[], T]) -> T:
        """Call `write` and all short writes deferred so far in one transaction, and return the result of `write`.

        The caller must hold `lock`.

        Raises:
            StoreError: The write failed, and nothing of it was saved.
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
            for note in notes:  # a note that can't be written costs the others nothing
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
        """Wait until all deferred writes have succeeded or failed, even if their callers were cancelled."""
        if self._deferred_task is not None:
            await asyncio.wait([self._deferred_task])

    async def _write_deferred(self) -> None:
        try:
            while self._deferred:
                async with self.lock:
                    if self._deferred:  # otherwise a save has included them
                        with suppress(StoreError):  # raised in the callers of `defer`
                            await self.write(lambda: None)
        finally:
            self._deferred_task = None


def _pending_futures(notes: Iterable[tuple[object, asyncio.Future[None]]]) -> Iterator[asyncio.Future[None]]:
    """Yield the futures of deferred writes that aren't done yet; `notes` are pairs of a deferred write and its future."""
    return (done for _, done in notes if not done.done())
