"""A stretch of a feed to be read backwards: how far one came on it, at what pace, and who is missing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from bpost_tui.model.story import Category
from bpost_tui.store.results import BackfillCursor
from bpost_tui.sync.events import Progress
from bpost_tui.sync.refresh_job import Run

_LONGEST_PAUSE_S = 2.0


@dataclass
class Way:
    """One way back; its walk is kept after each page."""

    run: Run
    category: str | None
    known: Sequence[Category]
    """The portal's categories, as far as they are known."""
    keep: Callable[[BackfillCursor], Awaitable[None]]
    floor: datetime | None = None
    """How far to go; None is to the portal's first story."""
    wanted: int | None = None
    """How many new stories are enough."""
    pages_known: int | None = None
    """How many pages there were the last time."""
    new: int = 0
    done: int = 0
    """Stories or pages that are read."""
    spent_s: float = 0.0

    @asynccontextmanager
    async def asking(self) -> AsyncIterator[None]:
        """Time a question; after it, leave the portal alone for as long as its answer took."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        yield
        await asyncio.sleep(min(loop.time() - began, _LONGEST_PAUSE_S))
        self.spent_s += loop.time() - began

    def tell(self, address: str, left: int | None, *, stories: bool) -> None:
        """Tell of the next question; `left` is how many stories or pages are still to be read, where that is known."""
        if self.wanted is not None and stories:
            left = max(0, min(self.wanted - self.new, left if left is not None else self.wanted))
        pace_s = self.spent_s / self.done if self.done else None
        left_s = pace_s * left if pace_s is not None and left is not None else None
        steps = None if left is None else self.done + left
        self.run.tell(Progress(self.done, steps, address, back=True, stories=stories, left_s=left_s))

    @property
    def is_done(self) -> bool:
        """Whether enough is new."""
        return self.wanted is not None and self.new >= self.wanted
