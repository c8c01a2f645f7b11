"""Write batcher: writes of several papers in one transaction, here without any paper."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

import pytest

from bpost_tui.errors import StoreError
from bpost_tui.refresh import write_batcher
from bpost_tui.refresh.write_batcher import WriteBatcher
from bpost_tui.store.library import Library

T = TypeVar("T")


class CountedLibrary:
    """Library that counts transactions."""

    def __init__(self, library: Library) -> None:
        self._paper = library.first_paper
        self.transactions = 0

    def in_one_transaction(self, writes: Callable[[], T]) -> T:
        self.transactions += 1
        return self._paper.in_one_transaction(writes)


@pytest.fixture
def counted(library: Library) -> CountedLibrary:
    return CountedLibrary(library)


@pytest.fixture
def writes(counted: CountedLibrary) -> WriteBatcher:
    return WriteBatcher(counted)  # type: ignore[arg-type]


def full() -> None:
    raise StoreError("full")


async def test_waiting_writes_share_a_transaction(writes: WriteBatcher, counted: CountedLibrary) -> None:
    first = asyncio.create_task(writes.write(lambda: time.sleep(0.05)))
    await asyncio.sleep(0.01)  # the first write is under way
    assert await asyncio.gather(*(writes.write(lambda at=at: at) for at in range(40))) == [*range(40)]  # type: ignore[misc]
    await first
    assert counted.transactions == 2


async def test_transaction_ends_in_time_for_other_processes(
    writes: WriteBatcher, counted: CountedLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write_batcher, "_TRANSACTION_S", -1.0)
    assert await asyncio.gather(*(writes.write(lambda at=at: at) for at in range(4))) == [*range(4)]  # type: ignore[misc]
    assert counted.transactions == 4


async def test_failing_writes_do_not_affect_others(writes: WriteBatcher) -> None:
    written: list[str] = []
    steps = (lambda: written.append("one"), full, lambda: written.append("two"), lambda: 1 / 0)
    ends = await asyncio.gather(*map(writes.write, steps), return_exceptions=True)
    assert [type(end) for end in ends] == [type(None), StoreError, type(None), ZeroDivisionError]
    assert written[-2:] == ["one", "two"]


async def test_cancelled_write_is_written_by_flush(writes: WriteBatcher) -> None:
    written: list[str] = []
    given_up = asyncio.create_task(writes.write(lambda: written.append("late")))
    await asyncio.sleep(0)
    given_up.cancel()
    await writes.flush()
    assert written == ["late"] and asyncio.all_tasks() - {given_up} == {asyncio.current_task()}
