"""What the reader is doing: which list was asked for, which one is shown, which story, and the way back."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from bpost_tui.core.changes.undo import PendingMarks, UndoStack
from bpost_tui.core.lists.list_source import ALL_NEWS, ListSource
from bpost_tui.core.lists.outlook import ListQuery, Outlook, PaneCounts
from bpost_tui.errors import BPostError
from bpost_tui.model.list_order import AnyOrder
from bpost_tui.model.story import Headline, RowKey, SavedStory

if TYPE_CHECKING:
    from bpost_tui.store.search.highlight import SearchTerms

_DEPTH: Final = 200
"""Locations remembered; nobody goes further back by pressing a key."""


class Location(NamedTuple):
    """Where a reader is: in which list, at which story, how far down in it."""

    source: ListSource
    row: int
    story: RowKey
    """By the key of the row in which it was opened."""
    position: tuple[int, float]
    """The item at the top of the window, and how much of it is above: 0 to 1."""
    pane: str


class BackStack:
    """Locations, the last one on top."""

    def __init__(self) -> None:
        self._locations: deque[Location] = deque(maxlen=_DEPTH)

    @property
    def top(self) -> Location | None:
        """The last location; None where there is none."""
        return self._locations[-1] if self._locations else None

    def __len__(self) -> int:
        return len(self._locations)

    def push(self, location: Location) -> None:
        """Remember a location, unless it is the last one already."""
        if location != self.top:
            self._locations.append(location)

    def pop(self) -> Location | None:
        """Return the last location and forget it; None where there is none."""
        return self._locations.pop() if self._locations else None


class Session:
    """One reader's session at a library; changed by the screen's features on the event loop alone."""

    def __init__(self, undo: UndoStack, outlook: Outlook) -> None:
        self.outlook = outlook
        """How the reader looks at lists."""
        self.requested: ListSource = ALL_NEWS
        """The list that was asked for last; it may still be on its way."""
        self.shown: ListSource = ALL_NEWS
        """The list that is on the screen."""
        self._order: AnyOrder | None = None
        """Of the list on the screen: until another comes that was asked for."""
        self.story: SavedStory | None = None
        """The story that is on the screen."""
        self.requested_story: RowKey | None = None
        """The key of the row whose story is on the screen or on its way there."""
        self.terms: SearchTerms | None = None
        """What the list on the screen was searched for, to be marked in its stories."""
        self.generation = 0
        """Counts the lists, and the parts of them, that were shown: what was read for an earlier one no longer fits."""
        self.back = BackStack()
        self.undo = undo
        self.pending = PendingMarks()
        self.is_tour_due = False
        """Whether the tour is in the first story's place."""
        self.refresh_error: BPostError | None = None
        """Why nothing came of the last refresh of all news."""
        self.speech_state: Literal["", "aloud", "paused"] = ""
        """Whether a story is read aloud, and goes on."""
        self.missing_text_reasons: dict[int, str] = {}
        """Why the rest of a story can't be had, by its number, where only the beginning came and its page was asked for."""

    @property
    def query(self) -> ListQuery:
        """What is asked of the list on the screen, as the reader looks at it now."""
        return self.outlook.query(self.shown)

    @property
    def reload_query(self) -> ListQuery:
        """What is asked for more of the list on the screen, or for the same again: in the order that it has there."""
        return self.query if self._order is None else self.outlook.in_order(self._order).query(self.shown)

    def show(self, question: ListQuery) -> None:
        """Note that a list has come to the screen; a paper whose category it is has its categories seen."""
        self.shown, self._order = question.source, question.order
        self.outlook = self.outlook.in_list(question.source)
        self.generation += 1

    def update_counts(self, counts: PaneCounts) -> None:
        """Take what a read found out about papers, mutes and searches."""
        self.outlook = self.outlook.with_counts(counts)

    def is_story(self, key: RowKey) -> bool:
        """Whether the story of a row is the one on the screen."""
        return self.story is not None and self.story.key == key

    def replace_headline(self, row: Headline) -> None:
        """Take the changed headline of the story on the screen."""
        if self.story is not None and self.story.headline.id == row.id:
            self.story = self.story._replace(headline=row)
