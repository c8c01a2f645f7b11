"""A proof: the reader's first screen, drawn without a terminal, as the bytes that would show it.

It is the same app, which looks and writes nothing down: no visit, no place, no request. What time alone makes untrue is left out.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar

from textual.driver import Driver
from textual.events import Resize
from textual.geometry import Size

from bpost_tui.ui.background_threads import BackgroundThreads

if TYPE_CHECKING:
    from bpost_tui.terminal.output import OutputBoundary
    from bpost_tui.ui.bpost_app import BPostApp


class ProofDriver(Driver):
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


def proof(app: BPostApp, boundary: OutputBoundary, size: tuple[int, int], longest_s: float) -> tuple[str, str]:
    """Return what draws an app's first screen, and what frees the pictures in it; nothing where there is none in time.

    Args:
        app: The app; it mustn't have run, and has been told that it is a proof.
        boundary: Its output boundary.
        size: Columns and rows.
        longest_s: What it may take.
    """
    app.driver_class = type(ProofDriver.__name__, (ProofDriver,), {"boundary": boundary})

    async def run() -> None:
        async with asyncio.timeout(longest_s):
            await app.run_async(size=size)

    with asyncio.Runner() as runner, suppress(TimeoutError):
        runner.get_loop().set_default_executor(BackgroundThreads())
        runner.run(run())
    driver = app._driver
    frame = driver.frame if isinstance(driver, ProofDriver) else ""
    return frame, boundary.free_all()
