"""The values that the library returns and takes, besides those of `model`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from types import MappingProxyType
from typing import NamedTuple

from bpost_tui.model.paper import Paper
from bpost_tui.model.story import Headline, Revision, SavedStory, Story

_MAX_ITEM = 1_000_000
"""More than any page has."""


class SaveResult(NamedTuple):
    """What one save changed, as the library's numbers, in the order the stories were given."""

    new: tuple[int, ...] = ()
    """Stories that weren't there."""
    updated: tuple[int, ...] = ()
    """Stories that were there and have changed in any way."""
    written_bytes: int = 0
    """Of the texts that were written."""


class BackfillState(Enum):
    """The state of a backfill (reading a feed into the past); the values are those of the column `backfills.state`."""

    IN_PROGRESS = 0
    REACHED = 1
    """It is as far back as was asked for."""
    EXHAUSTED = 2
    """The portal has nothing older."""


class BackfillCursor(NamedTuple):
    """How far back a feed was read: everything published from `oldest` to `newest` is in the library, without a gap."""

    newest: datetime
    oldest: datetime
    at_oldest: tuple[int, ...] = ()
    """WordPress's numbers of the posts published in the very second of `oldest` that were read."""
    page: int | None = None
    """The last page of the feed that was read; None where wp-json was."""
    state: BackfillState = BackfillState.IN_PROGRESS


class ReadingPosition(NamedTuple):
    """How far a story was read; holds at any width and size of type."""

    item: int
    """The index of the item at the top of the screen."""
    fraction: float
    """How much of that item lies above the screen, 0 to 1."""

    @classmethod
    def within_bounds(cls, item: int, fraction: float) -> ReadingPosition:
        """Return the position that foreign numbers stand for, each brought within its bounds; `fraction` must be finite."""
        return cls(min(max(item, 0), _MAX_ITEM), min(max(fraction, 0.0), 1.0))


class MarkState(NamedTuple):
    """The last change of a mark: set, or taken away, and when."""

    on: bool
    at: datetime


class StoryMarks(NamedTuple):
    """The reader's marks on a story; None for a mark that was never changed."""

    read: MarkState | None = None
    starred: MarkState | None = None
    later: MarkState | None = None
    opened: datetime | None = None
    """When it was last opened."""
    position: ReadingPosition | None = None
    lists: tuple[tuple[str, MarkState], ...] = ()
    """For each list of the reader's own that it was ever put into, by its key: put in, or taken out."""


class ExportedStory(NamedTuple):
    """A story with everything that the library has of it, on its way out."""

    saved: SavedStory
    marks: StoryMarks
    revisions: tuple[Revision, ...] = ()


class ImportedStory(NamedTuple):
    """A story that another library exported, on its way in."""

    story: Story
    marks: StoryMarks
    revisions: tuple[Revision, ...] = ()
    updated: datetime | None = None
    withdrawn: datetime | None = None
    paper: Paper | None = None
    """Whose it is; None where the file didn't say."""


class LibraryStats(NamedTuple):
    """How much is in a library: numbers of stories, where nothing else is said."""

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
    """Stories that the reader ever marked or opened, deleted ones included."""
    categories: int
    sizes: Mapping[str, int] = MappingProxyType({})
    """Bytes of each file and folder in the library's folder; a database's log counts with it."""


class ImportResult(NamedTuple):
    """What an import changed: numbers of stories."""

    new: int = 0
    updated: int = 0
    marked: int = 0


class HistoryEntry(NamedTuple):
    """A story that was opened, and when it last was."""

    headline: Headline
    at: datetime


class QueryProblem(NamedTuple):
    """Something in a query that couldn't be followed."""

    offset: int
    """Where it begins in the query, in characters."""
    message: str
    """A message id, with `{what}` where the query's own words go."""
    text: str
    """Those words."""
    fallback: str
    """A message id: what was searched instead."""


class Hit(NamedTuple):
    """A story that a query found, or a kept passage of one; marks are (start, end) in characters, in order, none overlapping."""

    headline: Headline
    title_ranges: tuple[tuple[int, int], ...]
    """Where the title has what was searched."""
    snippet: str
    """A stretch of the text on one line, `…` where it is cut; empty where the story has no text."""
    snippet_ranges: tuple[tuple[int, int], ...]
    """Where the snippet has what was searched."""
    passage: str = ""
    """The passage that the row is about, in place of the headline; `title_ranges` are its marks then."""


MAX_COUNTED_HITS = 1000
"""Hits that are counted for every query: it takes a millisecond. To count 200,000 would take longer than to find the best."""


class SavedSearch(NamedTuple):
    """A query that the reader saved under a name."""

    name: str
    query: str


class OwnList(NamedTuple):
    """A list of the reader's own."""

    key: str
    """What it is known by, whatever it is called."""
    name: str


class HostContact(NamedTuple):
    """A host that requests were made of, how many, and when last."""

    host: str
    requests: int
    last: datetime
