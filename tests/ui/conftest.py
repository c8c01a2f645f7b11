from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from pathlib import Path

import pytest

from bpost_tui.app import BPostApp
from bpost_tui.config import Settings
from bpost_tui.i18n import Language
from bpost_tui.reading.fetcher import Refresher
from bpost_tui.reading.image_cache import Darkroom
from bpost_tui.reading.listing import Desk
from bpost_tui.reading.preferences import Memory
from bpost_tui.reading.themes import Wardrobe
from bpost_tui.store.library import Library
from bpost_tui.store.pictures import PictureStore
from bpost_tui.terminal.capabilities import Capabilities, Rung
from bpost_tui.typeset.surface import SurfaceTable
from bpost_tui.ui.display import Stage
from tests.ui.facade import Clock, Reader

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
