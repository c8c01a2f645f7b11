from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import textual.app
import textual.pilot

from bpost_tui import browser
from bpost_tui.bengali.bengali_script import BENGALI
from bpost_tui.browser import OpenResult
from bpost_tui.composition import build_app
from bpost_tui.config import Settings
from bpost_tui.core.lists.subscriptions import select_papers
from bpost_tui.core.service_sync import ServiceSync
from bpost_tui.core.session_config import SessionConfig
from bpost_tui.core.state.preferences import Preferences
from bpost_tui.core.themes import Themes
from bpost_tui.i18n import Language
from bpost_tui.store.library import Library
from bpost_tui.tui.shared.reader_services import StartOptions
from bpost_tui.typesetting.terminal.capabilities import Capabilities, RenderMode
from bpost_tui.typesetting.terminal.display import Display
from bpost_tui.typesetting.typeset.surface import SurfaceTable
from tests.sample_portal.server import SamplePortal
from tests.tui.fenced_terminal import FencedTerminal
from tests.tui.reader_facade import Clock, Reader, as_one_of_many, prepare_nothing
from tests.tui.repaint_check import Screenful

ReaderFactory = Callable[..., AbstractAsyncContextManager[Reader]]


NOWHERE = "http://127.0.0.1:1"
"""Address of a portal that doesn't answer."""


@pytest.fixture(autouse=True)
def _no_local_clipboard(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def _forked_parsers(forked_parsers: None) -> None:
    """Fork parser processes in every test, since every reader starts some."""


@pytest.fixture
def reader(library: Library, now: datetime, tmp_path: Path, request: pytest.FixtureRequest) -> ReaderFactory:
    table_bytes: int = request.config.getoption("--table-bytes")

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
        render_mode: RenderMode = RenderMode.CELLS,
        first_time: bool = False,
        how: str = "cells",
        max_bytes: int = table_bytes,
        zoom_px: int = 0,
        library: Library = library,
        state: Path = tmp_path / "state",
        service: tuple[str, ...] = (),
        portals: tuple[str, ...] = (),
        fenced: FencedTerminal | None = None,
    ) -> AsyncIterator[Reader]:
        surfaces = SurfaceTable(max_bytes=max_bytes)
        capabilities = Capabilities(terminal, (), render_mode, "a test", 10, 20)
        settings = settings or Settings()
        type_display = Display(
            capabilities, surfaces, BENGALI, chosen_mode=lambda _: how, fonts=settings.font, pitch=1.5, zoom_px=zoom_px
        )
        clock = Clock(now)
        preferences = Preferences(state)
        if not first_time:
            preferences.save(toured=True)
        settings = settings._replace(portal=address, pictures_mb=1)
        themes = Themes(tmp_path / "themes")
        given = SessionConfig(
            settings, library.folder, Language(language), tmp_path / "themes", preferences, select_papers(settings), offline
        )
        written = list[Mapping[str, object]]()
        start_options = StartOptions(
            open_story, portals, write_config=written.append, service=ServiceSync(service, library) if service else None
        )
        app = build_app(given, library, type_display, themes, clock=clock, start_options=start_options)
        with pytest.MonkeyPatch.context() as patch:  # a test may start a second reader
            as_one_of_many(patch)
            screenful = Screenful(app, surfaces, patch)
            if fenced is not None:
                app.driver_class = fenced.driver(type_display)
            async with app.run_test(headless=fenced is None, size=size) as pilot:
                reader = Reader(app, pilot, surfaces, library, clock, screenful, fenced=fenced, written=written)
                for module in (textual.app, textual.pilot):
                    patch.setattr(module, "wait_for_idle", reader.handled)

                def open_in_browser(address: str, _: Mapping[str, str]) -> OpenResult:
                    reader.opened.append(address)
                    return OpenResult.OPENED

                patch.setattr(browser, "open_in_browser", open_in_browser)
                await reader.settle()
                yield reader

    return start


@pytest.fixture
def given(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Return the arguments of the `given` marks on a test and its module, for `bpost`; the test's own take precedence."""
    marks = reversed(list(request.node.iter_markers("given")))
    return {name: value for mark in marks for name, value in mark.kwargs.items()}


@pytest.fixture
def address(sample_portal: SamplePortal) -> str:
    return sample_portal.address


@pytest.fixture
def language(given: dict[str, Any]) -> str:
    language: str = given.get("language", "bn")
    return language


@pytest.fixture
def size(given: dict[str, Any]) -> tuple[int, int]:
    size: tuple[int, int] = given.get("size", (140, 40))
    return size


@pytest.fixture
def settings(given: dict[str, Any]) -> Settings | None:
    return given.get("settings")


@pytest.fixture
async def bpost(
    reader: ReaderFactory,
    given: dict[str, Any],
    language: str,
    size: tuple[int, int],
    settings: Settings | None,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Reader]:
    """Yield a reader that has just started, with the arguments of the test's `given` marks and parameters.

    With the argument `prepares=False`, no story is typeset before a test opens it, so that `HeldCalls` can delay opening it.
    """
    made = {**given, "language": language, "size": size, "settings": settings}
    if not made.pop("prepares", True):
        prepare_nothing(monkeypatch)
    address = made.pop("address", None) or request.getfixturevalue("address")
    async with reader(address, **made) as bpost:
        yield bpost
