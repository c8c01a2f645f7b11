"""Place where the reader left bpost, kept for the next session: list, story, pane."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from bpost_tui.core.lists.list_source import (
    AllNewsSource,
    CategorySource,
    ChangedSource,
    GroupSource,
    HistorySource,
    ListSource,
    OwnListSource,
    PaneSource,
    PassagesSource,
    ReadLaterSource,
    SavedSearchSource,
    StarredSource,
    base_source,
    paper_of,
    search_query,
    search_source,
)
from bpost_tui.core.state.state_file import StateFile
from bpost_tui.model.sanitize import clean_line
from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.untrusted import Fields, value_or_none

_FILE = "places.json"
_PANES = ("categories", "posts", "story")
_MOST_LIBRARIES = 50
_MOST_CHARS = 2000
"""Maximum number of characters of a query or guid read from the file."""
_STORY_ID_LIMIT = 1 << 63
"""Upper limit of story ids read from the file; SQLite's row numbers are smaller."""


class SavedPlace(NamedTuple):
    """Place of the reader in a library: list, story, pane."""

    source: ListSource
    story: int
    """Id of the story at the cursor, in this library; 0 for a passage whose story isn't saved."""
    guid: str
    """Guid (the feed's identifier) of the story, to check that the id still belongs to this story."""
    pane: str
    is_top: bool = False
    """Whether the next session shows the list from its top, instead of at the saved story.

    True if no story was open and the cursor was at the top, because the reader then wants to see new stories first. Also true if
    the cursor was at a passage whose story isn't saved.
    """


class LastPlace:
    """Place where the reader left bpost in one library. The file also has the places in other libraries.

    Both methods block on the disk.

    Args:
        folder: Folder of the file; need not exist.
        library: Path of the library's folder. The folder's name alone would be the same for every library of a portal.
    """

    def __init__(self, folder: Path, library: str) -> None:
        self._file = StateFile(folder / _FILE)
        self._library = library

    def read(self) -> SavedPlace | None:
        """Return the saved place; None if no valid place is saved."""
        place = value_or_none(self._file.read().get(self._library), dict)
        return None if place is None else _place(place)

    def save(self, place: SavedPlace) -> None:
        """Save a place. Do nothing if the file can't be written."""
        source = place.source
        story = {"story": place.story, "guid": place.guid, "pane": place.pane, "top": place.is_top}
        row = base_source(source)
        content = {"list": row.kind, "name": _name(row), "typed": search_query(source), "paper": paper_of(row), **story}

        def changed(places: Fields) -> Fields:
            others = [(name, other) for name, other in places.items() if name != self._library]
            return dict([*others[-_MOST_LIBRARIES + 1 :], (self._library, content)])

        self._file.change(changed)


def _place(fields: Fields) -> SavedPlace | None:
    kind, name = (
        value_or_none(field, str) for field in (_parse_old_slug(fields.get("slug")) or (fields.get("list"), fields.get("name")))
    )
    query, guid, pane = (value_or_none(fields.get(name), str) for name in ("typed", "guid", "pane"))
    paper = value_or_none(fields.get("paper", ""), str)
    story = value_or_none(fields.get("story"), int)
    if kind is None or kind not in _SOURCES_BY_KIND or name is None or query is None or paper is None:
        return None
    if guid is None or story is None or pane not in _PANES:
        return None
    is_top = fields.get("top") is True
    if any(clean_line(text, _MOST_CHARS) != text for text in (name, query, paper, guid)):
        return None
    if not (0 if is_top else 1) <= story < _STORY_ID_LIMIT:
        return None
    return SavedPlace(search_source(query, _SOURCES_BY_KIND[kind](name, paper)), story, guid, pane, is_top)


_SOURCES_BY_KIND: Final[Mapping[str, Callable[[str, str], PaneSource]]] = {
    "all": lambda _, paper: AllNewsSource(paper),
    "group": lambda name, _: GroupSource(name),
    "category": CategorySource,
    "later": lambda *_: ReadLaterSource(),
    "starred": lambda *_: StarredSource(),
    "changed": lambda *_: ChangedSource(),
    "opened": lambda *_: HistorySource(),
    "passages": lambda *_: PassagesSource(),
    "own": lambda key, _: OwnListSource(key),
    "saved": lambda query, _: SavedSearchSource(query),
}
"""Maps the kind of a list, a word in the file, to a function that returns the list's source, given its name and its paper's key."""
_OLD_KINDS = {"\u25f7": "later", "\u2605": "starred", "\u21ba": "opened", "\u275d": "passages", "\u2261": "own", "\u2315": "saved"}
"""Maps the first character of a slug (a short text) to the kind of list that it means.

Earlier versions of bpost saved a list as such a slug.
"""


def _parse_old_slug(slug: object) -> tuple[str, str] | None:
    """Return the kind and name of a list from `slug`, a short text that an earlier version of bpost wrote.

    Return None if `slug` isn't a string.
    """
    if not isinstance(slug, str):
        return None
    kind = _OLD_KINDS.get(slug[:1], "category" if slug else "all")
    return kind, slug[1:] if slug[:1] in _OLD_KINDS else slug


def _name(row: PaneSource) -> str:
    match row:
        case CategorySource(slug):
            return slug
        case GroupSource(name):
            return name
        case OwnListSource(key):
            return key
        case SavedSearchSource(query):
            return query
        case AllNewsSource() | ReadLaterSource() | StarredSource() | ChangedSource() | HistorySource() | PassagesSource():
            return ""
