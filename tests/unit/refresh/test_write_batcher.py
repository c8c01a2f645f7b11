"""Write batcher: writes of several papers in one transaction, here without any paper."""

from __future__ import annotations

import asyncio

import pytest

from bpost_tui.errors import StoreError
from bpost_tui.refresh.write_batcher import WriteBatcher
from bpost_tui.store.library import Library


def full() -> None:
    raise StoreError("full")


async def test_failing_write_and_waiting_notes_do_not_affect_each_other(library: Library) -> None:
    writes = WriteBatcher(library.first_paper)
    written: list[str] = []
    async with writes.lock:  # so that all wait for the same transaction
        notes = [
            asyncio.create_task(writes.defer(note)) for note in (lambda: written.append("one"), full, lambda: written.append("two"))
        ]
        await asyncio.sleep(0)
        with pytest.raises(StoreError):
            await writes.write(full)
    ends = await asyncio.gather(*notes, return_exceptions=True)
    assert [type(end) for end in ends] == [type(None), StoreError, type(None)]
    assert written[-2:] == ["one", "two"]
    async with writes.lock:
        failing = asyncio.create_task(writes.defer(full))
        await asyncio.sleep(0)
        assert await writes.write(lambda: "saved") == "saved"
    with pytest.raises(StoreError):
        await failing


async def test_cancelled_note_is_written_by_flush(library: Library) -> None:
    writes = WriteBatcher(library.first_paper)
    written: list[str] = []
    async with writes.lock:
        given_up = asyncio.create_task(writes.defer(lambda: written.append("late")))
        await asyncio.sleep(0)
        given_up.cancel()
    await writes.flush()
    assert written == ["late"] and asyncio.all_tasks() - {given_up} == {asyncio.current_task()}
