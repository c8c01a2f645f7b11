"""The reader's first screen, drawn without a terminal, as the bytes that would show it.

It is the same app, which looks and writes nothing down: no visit, no place, no request. What time alone makes untrue is left out.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar

from textual.driver import Driver
from textual.events import Resize
from textual.geometry import Size

from bpost_tui import log
from bpost_tui.composition import build_app, themes_in
from bpost_tui.core.display_settings import configured_display
from bpost_tui.core.lists.subscriptions import open_library
from bpost_tui.core.session_config import SessionConfig
from bpost_tui.model.story import ListFilter
from bpost_tui.tui.background_threads import BackgroundThreads
from bpost_tui.tui.shared.reader_services import StartOptions
from bpost_tui.typesetting.terminal.encoders.encoder_factory import snapshot_image_id
from bpost_tui.typesetting.typeset.surface import SurfaceTable

if TYPE_CHECKING:
    from bpost_tui.tui.bpost_app import BPostApp
    from bpost_tui.typesetting.terminal.capabilities import Capabilities
    from bpost_tui.typesetting.terminal.output_boundary import OutputBoundary


class _OneFrameDriver(Driver):
    """Takes the first frame, then ends the app."""

    boundary: ClassVar[OutputBoundary]
    frame = ""

    @property
    def is_headless(self) -> bool:
        """Whether nothing is drawn; Textual's own driver without a terminal isn't given any frame."""
        return False

    def write(self, data: str) -> None:
        """Take a piece of the stream."""
        if self.frame or self.boundary.is_command(data):
            return
        self.boundary.rows = self._app.size.height
        self.frame = self.boundary.translate(data)
        self._app.exit()

    def start_application_mode(self) -> None:
        """Tell the app how large it is."""
        size = Size(*self._size) if self._size is not None else Size(80, 24)
        self._app.call_later(self._app.post_message, Resize(size, size))

    def disable_input(self) -> None:
        """There is none."""

    def stop_application_mode(self) -> None:
        """There is nothing to give back."""


def drawn(given: SessionConfig, can: Capabilities, size: tuple[int, int], longest_s: float) -> tuple[str, str]:
    """Return what draws the first screen of a reader, and what frees its pictures; empty where nothing is to be read, or in time.

    Args:
        given: What the reader is given.
        can: The terminal.
        size: Of its window, columns and rows.
        longest_s: What it may take.

    Raises:
        StoreError: The library can't be opened.
    """
    with open_library(given.folder, given.subscriptions) as library:
        if not library.headlines(ListFilter(), limit=1):
            return "", ""
        given = given._replace(language=given.language.without_ages())
        display = configured_display(
            can, SurfaceTable(), given.settings, given.preferences, given.render_mode, first_id=snapshot_image_id()
        )
        start = StartOptions(allows_writes=False, allows_requests=False, shows_time=False, paints_early=False)
        app = build_app(given, library, display, themes_in(can, given), start_options=start)
        return _first_frame(app, display.boundary, size, longest_s)


def _first_frame(app: BPostApp, boundary: OutputBoundary, size: tuple[int, int], longest_s: float) -> tuple[str, str]:
    app.driver_class = type(_OneFrameDriver.__name__, (_OneFrameDriver,), {"boundary": boundary})

    async def run() -> None:
        async with asyncio.timeout(longest_s):
            await app.run_async(size=size)

    with asyncio.Runner() as runner, suppress(TimeoutError):
        log.take_asyncio()
        runner.get_loop().set_default_executor(BackgroundThreads())
        runner.run(run())
    driver = app._driver
    frame = driver.frame if isinstance(driver, _OneFrameDriver) else ""
    return frame, boundary.free_all()
