"""The driver at the output boundary: any of Textual's drivers, writing what this terminal takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.driver import Driver

    from bpost_tui.terminal.boundary import Boundary


def boundary_driver(base: type[Driver], boundary: Boundary) -> type[Driver]:
    """Return a driver class that sends everything through the boundary and gives back what the terminal holds when it stops."""

    class BoundaryDriver(base):  # type: ignore[valid-type, misc]  # the base is the platform's choice
        def write(self, data: str) -> None:
            boundary.rows = self._app.size.height or None
            super().write(boundary.translate(data))

        def start_application_mode(self) -> None:
            boundary.free_all()
            super().start_application_mode()

        def stop_application_mode(self) -> None:
            freed = boundary.free_all()
            if freed:
                super().write(freed)
            super().stop_application_mode()

    return BoundaryDriver
