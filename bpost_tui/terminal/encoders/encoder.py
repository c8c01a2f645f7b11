"""The interface of encoders: for each rung, one module turns runs of cell tokens into what is sent to the terminal."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bpost_tui.terminal.sgr import PLAIN, Style
from bpost_tui.typeset.surface import Surface


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring cells of one row of a surface, on one background."""

    surface: Surface
    row: int
    column: int
    count: int
    """Cells; column + count never passes the surface's edge."""
    style: Style = PLAIN
    last_row: bool = False
    """Whether it may stand in the last row of the screen."""


class Encoder(ABC):
    """Speaks one way of showing type. Pure: strings out, no input or output of its own."""

    NUMBERS_IN_COLOURS = False
    """Whether the foreground that it asks for is the number of a picture, and shows no colour."""

    @abstractmethod
    def encode(self, run: Run) -> str:
        """Return what draws exactly the run's cells from the cursor on and leaves the cursor just right of them.

        Afterwards blanks get the run's background; the rest of the graphic rendition is undefined: the boundary puts it back.
        """

    def prepare(self, surface: Surface) -> Iterator[None]:
        """Do beforehand, piece by piece, what encoding a surface will take; nothing of it reaches the terminal."""
        surface.layers  # noqa: B018 -- draws
        yield

    def take_uploads(self) -> str:
        """Return what must reach the terminal before the runs encoded since the last call."""
        return ""

    def free(self, surfaces: Iterable[Surface]) -> str:
        """Return what gives back what the terminal holds of these surfaces."""
        return ""

    def free_all(self) -> str:
        """Return what gives back all that the terminal holds; afterwards everything is sent anew."""
        return ""


def spaces(run: Run, count: int) -> str:
    """Return blank cells on the run's background."""
    return f"{rendition(run.style.background_sgr)}{' ' * count}"


def rendition(*parameters: str) -> str:
    """Return the escape that resets the graphic rendition to these parameters, where they aren't empty."""
    return f"\x1b[{';'.join(('0', *filter(None, parameters)))}m"
