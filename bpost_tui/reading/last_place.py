"""Where the reader was when they left, kept for the next time: the list, the story, the pane.

A small JSON file in the state folder, beside the choices by key. If it can't be read or written, one begins at the top of all
news.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from bpost_tui.atomic import locked, write_whole
from bpost_tui.json_fields import Fields, maybe
from bpost_tui.model.sanitize import clean_line
from bpost_tui.reading.session import Source

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
        library: The library's name.
    """

    def __init__(self, folder: Path, library: str) -> None:
        self._path = folder / _FILE
        self._library = library

    def read(self) -> Place | None:
        """Return the place; None where none is known."""
        place = maybe(_read(self._path).get(self._library), dict)
        return None if place is None else _place(place)

    def keep(self, place: Place) -> None:
        """Keep a place; where it can't be written, nothing happens."""
        source = place.source
        content = {"slug": source.slug, "typed": source.typed, "story": place.story, "guid": place.guid, "pane": place.pane}
        content["top"] = place.is_top
        with suppress(OSError):
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with locked(self._path.parent):
                others = [(name, other) for name, other in _read(self._path).items() if name != self._library]
                places = dict([*others[-_MOST_LIBRARIES + 1 :], (self._library, content)])
                write_whole(self._path, json.dumps(places).encode("utf-8", "replace"), sync=False)


def _read(path: Path) -> Fields:
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return table if isinstance(table, dict) else {}


def _place(fields: Fields) -> Place | None:
    slug, typed, guid, pane = (maybe(fields.get(name), str) for name in ("slug", "typed", "guid", "pane"))
    story = maybe(fields.get("story"), int)
    if slug is None or typed is None or guid is None or story is None or pane not in _PANES:
        return None
    if any(clean_line(text, _MOST_CHARS) != text for text in (slug, typed, guid)) or not 0 < story < _MOST_NUMBERS:
        return None
    return Place(Source(slug, typed), story, guid, pane, fields.get("top") is True)
