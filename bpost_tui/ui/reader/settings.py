"""What the reader's screen is given when it is made: the settings it follows, and how it begins."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

from bpost_tui.config import Command, Listen, Target
from bpost_tui.reading.actions import Keys
from bpost_tui.ui.reader.layout import Widths

if TYPE_CHECKING:
    from bpost_tui.reading.machine_exchange import MachineExchange

PictureMode = Literal["ask", "always", "never"]
"""Whether pictures are fetched when asked for, of every story, or never."""


class ReaderSettings(NamedTuple):
    """The settings and the state of a session that begins."""

    widths: Widths
    keys: Keys
    usual_widths: Widths
    """What `widths` are where nothing was chosen by key or mouse."""
    bangla_date: bool = True
    pictures: PictureMode = "ask"
    notify: tuple[str, ...] = ()
    """Slugs of categories, and `search:` with a saved search's name: new stories in them are notified."""
    listen: Listen = ()
    """The program that reads aloud."""
    share: Mapping[str, Target] = MappingProxyType({})
    """The reader's own targets to pass stories on to, by name."""
    fonts: tuple[Path, ...] = ()
    """Font files to try before the bundled ones."""
    new_stories: Command = ()
    """The program that is run when new stories have come."""
    portals: Command = ()
    """The command that changes which papers are read; empty where that isn't the config's to say."""
    is_unsure: bool = False
    """Whether the way type is drawn is a guess, so that the reader is asked whether it can be read."""
    open_story: int | None = None
    """A story to open at once, by the library's number."""
    is_tour_due: bool = False
    """Whether the tour stands in the first story's place."""
    exchange: MachineExchange | None = None
    """With the reader's other machines."""
    is_proof: bool = False
    """Whether the screen is drawn once, for nobody: nothing is noted or asked for, and nothing is said that time makes untrue."""
