from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.worker import WorkerCancelled

from bpost_tui.app import BPostApp
from bpost_tui.config import Settings
from bpost_tui.i18n import Language
from bpost_tui.memory import Memory
from bpost_tui.store.library import Library
from bpost_tui.store.pictures import PictureStore
from bpost_tui.terminal.capabilities import Capabilities, Rung
from bpost_tui.typeset.surface import SurfaceTable
from bpost_tui.ui.darkroom import Darkroom
from bpost_tui.ui.desk import Desk
from bpost_tui.ui.refresher import Refresher
from bpost_tui.ui.screens.main import MainScreen
from bpost_tui.ui.stage import Stage
from bpost_tui.ui.wardrobe import Wardrobe
from bpost_tui.ui.widgets.posts import Posts
from bpost_tui.ui.widgets.story import StoryView


@dataclass
class Clock:
    """The time, as the reader takes it."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Reader:
    """The running app, as a test sees it."""

    app: BPostApp
    pilot: Pilot[str]
    surfaces: SurfaceTable
    library: Library
    clock: Clock
    opened: list[str] = field(default_factory=list)
    """The addresses that went to the browser."""

    @property
    def now(self) -> datetime:
        return self.clock.now

    def tick(self) -> None:
        """Let a minute pass."""
        self.clock.now += timedelta(minutes=1)

    def text(self, message: str) -> str:
        """Return a message in the language of the interface."""
        return self.main._language.text(message)

    @property
    def main(self) -> MainScreen:
        return next(screen for screen in self.app.screen_stack if isinstance(screen, MainScreen))

    @property
    def posts(self) -> Posts:
        return self.main.query_one(Posts)

    @property
    def story(self) -> StoryView:
        return self.main.query_one(StoryView)

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.settle()

    async def settle(self) -> None:
        """Wait until no worker runs, no digit waits for another key, and the screen is quiet."""
        while self.main.is_counting:
            await self.pilot.pause(0.05)
        for _ in range(3):
            while self.app.workers:
                with suppress(WorkerCancelled):  # a newer one of its kind has taken its place
                    await self.app.workers.wait_for_complete()
                await self.pilot.pause()
            await self.pilot.pause()

    def screen_text(self) -> str:
        """Return what is on the screen, tokens read back as their source text."""
        return "\n".join(self._line(strip) for strip in self.app.screen._compositor.render_strips())

    def _line(self, strip: object) -> str:
        text = "".join(segment.text for segment in strip)  # type: ignore[attr-defined]
        out: list[str] = []
        for char in text:
            found = self.surfaces.find(char) if ord(char) >= 0xF0000 else None
            if found is None:
                out.append(" " if ord(char) >= 0xF0000 else char)
                continue
            surface, row, column = found
            word = next((word for word in surface.words[row] if word.column <= column < word.column + word.cells), None)
            out.append(" " if word is None else word.text if word.column == column else "")
        return "".join(out)


ReaderFactory = Callable[..., AbstractAsyncContextManager[Reader]]


@pytest.fixture
def reader(library: Library, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ReaderFactory:
    @asynccontextmanager
    async def start(
        address: str,
        *,
        size: tuple[int, int] = (140, 40),
        language: str = "bn",
        offline: bool = False,
        open_story: int | None = None,
        terminal: str = "test",
        settings: Settings | None = None,
        rung: Rung = Rung.CELLS,
        first_time: bool = False,
        how: str = "cells",
    ) -> AsyncIterator[Reader]:
        surfaces = SurfaceTable()
        can = Capabilities(terminal, (), rung, "a test", 10, 20)
        stage = Stage(can, surfaces, how=how, fonts=(), pitch=1.5, zoom_px=0)
        clock = Clock(now)
        memory = Memory(tmp_path / "state")
        desk = Desk(library, Language(language), clock, (settings or Settings()).mute, memory.choices.unread_only)
        refresher = Refresher(address, library, clock, offline=offline)
        darkroom = Darkroom(refresher, PictureStore(tmp_path / "library", max_bytes=1 << 20, marked=library.marked_pictures))
        if not first_time:
            memory.keep(toured=True)
        wardrobe = Wardrobe(tmp_path / "themes")
        app = BPostApp(settings or Settings(), desk, refresher, darkroom, surfaces, stage, wardrobe, memory, open_story=open_story)
        async with app.run_test(size=size) as pilot:
            reader = Reader(app, pilot, surfaces, library, clock)
            monkeypatch.setattr(app, "open_url", reader.opened.append)
            await reader.settle()
            yield reader

    return start
