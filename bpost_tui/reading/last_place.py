"""Where the reader was when they left, kept for the next time: the list, the story, the pane."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from bpost_tui.foreign import Fields, maybe
from bpost_tui.model.sanitize import clean_line
from bpost_tui.reading.source import Source
from bpost_tui.reading.state_file import StateFile

_FILE = "places.json"
_PANES = ("categories", "posts", "story")
_MOST_LIBRARIES = 50
_MOST_CHARS = 2000
"""Of a query or a guid."""
_MOST_NUMBERS = 1 << 63
"""SQLite's rows have no more."""


class Place(NamedTuple):
    """Where a reader was."""

    source: Source
    story: int
    """Its number in the library."""
    guid: str
    """Its guid: in another library, the number is another story's."""
    pane: str
    is_top: bool = False
    """Whether they were at the top of the list, not in a story: there they want to see what is new."""


class LastPlace:
    """Reads and keeps the place of one library, beside those of others; both block on the disk.

    Args:
        folder: Where the file is; need not exist.
        library: The library's folder; its name alone is that of every library of the portal, wherever it is.
    """

    def __init__(self, folder: Path, library: str) -> None:
        self._file = StateFile(folder / _FILE)
        self._library = library

    def read(self) -> Place | None:
        """Return the place; None where none is known."""
        place = maybe(self._file.read().get(self._library), dict)
        return None if place is None else _place(place)

    def keep(self, place: Place) -> None:
        """Keep a place; where it can't be written, nothing happens."""
        source = place.source
        story = {"story": place.story, "guid": place.guid, "pane": place.pane, "top": place.is_top}
        content = {"slug": source.slug, "typed": source.typed, "paper": source.paper, **story}

        def changed(places: Fields) -> Fields:
            others = [(name, other) for name, other in places.items() if name != self._library]
            return dict([*others[-_MOST_LIBRARIES + 1 :], (self._library, content)])

        self._file.change(changed)


def _place(fields: Fields) -> Place | None:
    slug, typed, guid, pane = (maybe(fields.get(name), str) for name in ("slug", "typed", "guid", "pane"))
    paper = maybe(fields.get("paper", ""), str)
    story = maybe(fields.get("story"), int)
    if slug is None or typed is None or paper is None or guid is None or story is None or pane not in _PANES:
        return None
    if any(clean_line(text, _MOST_CHARS) != text for text in (slug, typed, paper, guid)) or not 0 < story < _MOST_NUMBERS:
        return None
    return Place(Source(slug, typed, paper), story, guid, pane, fields.get("top") is True)
