"""Results of saving stories, and figures about a library. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from bpost_tui.model.story import Headline
from bpost_tui.typesetting.text.named_tuple import NamedTuple


class SaveResult(NamedTuple):
    """Result of saving stories: the ids of the stories that were added or changed, in the order of saving."""

    new: tuple[int, ...] = ()
    """Ids of the stories that weren't in the library."""
    updated: tuple[int, ...] = ()
    """Ids of the stories that were in the library already and changed in any way."""
    written_bytes: int = 0
    """Size in bytes of the stories' texts that were written to the library."""


class LibraryStats(NamedTuple):
    """Statistics of a library: numbers of its stories, in all and by state, its time range, and its size."""

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
    """Number of stories that the reader has ever marked or opened, including deleted stories."""
    categories: int
    groups: int
    """Number of groups of stories that report the same news."""
    sizes: Mapping[str, int] = MappingProxyType({})
    """Size in bytes of each file and folder in the library's folder. The size of a database includes its -wal file."""


class HistoryEntry(NamedTuple):
    """Story that was opened, with the time of the last opening."""

    headline: Headline
    at: datetime


class HostContact(NamedTuple):
    """Host that bpost sent requests to, with the number of requests and the time of the last one."""

    host: str
    requests: int
    last: datetime


class ReadVersion(NamedTuple):
    """Version of a story that the reader read, with the changes since then."""

    story: int
    replaced_us: int
    """Time when a newer version replaced the version that was read, in microseconds since 1970; 0 if that version isn't known.

    The time identifies the version among the story's revisions (earlier wordings).
    """
    kind: str = ""
    """Reason why the changes since then matter, such as "figure" (`edits.edit_weight.EditKind`); empty if they don't matter."""
    old: str = ""
    new: str = ""
    unit: str = ""
    edited_us: int | None = None
    """Time of the last edit by the paper's own account, in microseconds since 1970; None if the paper gives none."""
