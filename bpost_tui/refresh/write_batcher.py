"""Writes of a refresh into the library. Writes that are waiting at the same time share a transaction."""

# The obvious way is to let each paper write whenever it has something. SQLite has one writer and looks for a free lock every 25 ms
# only, so papers that save at once wait in these steps. And each page of stories, and each of a refresh's many short notes (a
# contact, a time, a name), would be a transaction of its own.
#
# So all papers of a refresh write through one `WriteBatcher`. A write begins at once if no other write is under way; else it goes
# into the next transaction, with all writes that came meanwhile. A transaction ends after `_TRANSACTION_S`, so that other processes
# can write, and the writes that are left begin the next one. If a transaction fails, each of its writes is repeated alone, so that
# a write that fails costs the others nothing. Validators of a page belong to the write of the page's stories, since they claim that
# these are saved.

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

from bpost_tui.typesetting.text.named_tuple import NamedTuple

if TYPE_CHECKING:
    from bpost_tui.store.paper_library import PaperLibrary

T = TypeVar("T")
_TRANSACTION_S = 0.1
"""Time in seconds after which a transaction begins no further write."""


class _Waiting(NamedTuple):
    """Write that waits for its transaction."""

    write: Callable[[], object]
    done: asyncio.Future[Any]
    """Future that gets the result of `write`, or its error."""


class WriteBatcher:
    """Queue of writes into the library. The writes are made in a thread; the methods must be called on an event loop.

    Args:
        library: Part of the library that belongs to one of the papers being refreshed, no matter which.
    """

    def __init__(self, library: PaperLibrary) -> None:
        self._write_together = library.in_one_transaction
        self._waiting: list[_Waiting] = []
        self._task: asyncio.Task[None] | None = None

    async def write(self, write: Callable[[], T]) -> T:
        """Call `write` in one transaction with the other waiting writes, and return its result after the commit.

        If the transaction fails, each `write` in it is called again, in a transaction of its own. `write` is called even if
        this call is cancelled while it waits.

        Raises:
            StoreError: The write failed, and nothing of it was saved.
        """
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(write, done))
        if self._task is None:
            self._task = asyncio.create_task(self._write_waiting())
        return await done

    async def flush(self) -> None:
        """Wait until all writes have succeeded or failed, even if their callers were cancelled."""
        if self._task is not None:
            await asyncio.wait([self._task])

    async def _write_waiting(self) -> None:
        try:
            while waiting := self._waiting:
                self._waiting = []
                try:
                    count = await self._write_first(waiting)
                except Exception:  # noqa: BLE001 -- raised in the caller whose write it is
                    for each in waiting:
                        await self._write_alone(each)
                else:
                    self._waiting[:0] = waiting[count:]
        finally:
            self._task = None

    async def _write_first(self, waiting: Sequence[_Waiting]) -> int:
        """Write as many of the waiting writes as a transaction has time for, at least one, and return their number."""

        def write() -> list[object]:
            until, results = monotonic() + _TRANSACTION_S, list[object]()
            for each in waiting:
                results.append(each.write())
                if monotonic() > until:
                    break
            return results

        results = await asyncio.to_thread(self._write_together, write)
        for each, result in zip(waiting, results, strict=False):
            if not each.done.done():  # cancelled
                each.done.set_result(result)
        return len(results)

    async def _write_alone(self, waiting: _Waiting) -> None:
        try:
            await self._write_first((waiting,))
        except Exception as error:  # noqa: BLE001 -- raised in the caller
            if not waiting.done.done():
                waiting.done.set_exception(error)
