"""Waiting for a worker of Textual that another key may cancel."""

from __future__ import annotations

from asyncio import gather, shield

from textual.worker import Worker


async def ended(worker: Worker[object]) -> None:
    """Wait until `worker` has ended; neither its cancellation nor its error is raised here.

    `Worker.wait` raises both. It also cancels the worker along with its caller, since a task that awaits another passes its
    cancellation on; it then raises `WorkerCancelled`, an `Exception`, so that a caller that a newer key replaces counts as failed.
    """
    await shield(gather(worker.wait(), return_exceptions=True))
