"""Results of saving stories and of looking at a library. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from bpost_tui.model.story import Headline


class SaveResult(NamedTuple):
    """Stories that a save changed, by number, in the order given."""

    new: tuple[int, ...] = ()
    """Stories that weren't in the library."""
    updated: tuple[int, ...] = ()
    """Stories that were in the library and changed in any way."""
    written_bytes: int = 0
    """Bytes of the texts that were written."""


class LibraryStats(NamedTuple):
    """Content of a library; fields without a unit are numbers of stories."""

    stories: int
    full: int
    unread: int
    starred: int
    later: int
    withdrawn: int
    oldest: datetime | None
    newest: datetime | None
    revisions: int
    marked: int
    """Stories that the reader ever marked or opened, including deleted ones."""
    categories: int
    sizes: Mapping[str, int] = MappingProxyType({})
    """Bytes of each file and folder in the library's folder; a database includes its -wal file."""


class HistoryEntry(NamedTuple):
    """Story that was opened, with the time of the last opening."""

    headline: Headline
    at: datetime


class HostContact(NamedTuple):
    """Host that requests were sent to, with their number and the time of the last one."""

    host: str
    requests: int
    last: datetime
