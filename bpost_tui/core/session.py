"""State of a reader's session: the list that was requested, the list and story on the screen, and the way back.

Reading a list takes a thread and a few milliseconds, and meanwhile the reader may go on. The obvious state, "the current list",
would then be wrong for a moment. Set when the list is requested, it would describe rows that aren't shown yet. Set when the list
arrives, it would make a second key press in between act on the old list. So the session keeps both the requested list (`requested`)
and the list on the screen (`shown`), and likewise for stories. If the requested list can't be read, keys act on the list on the
screen again: it becomes the requested list. `generation` counts the lists that came to the screen. Rows that were read when this
count was lower are dropped instead of being added to another list. All changes are made on the event loop; threads get immutable
values (`ListQuery`), never the session.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final, Literal

from bpost_tui.core.changes.undo import PendingMarks, UndoStack
from bpost_tui.core.lists.list_source import ALL_NEWS, ListSource
from bpost_tui.core.lists.outlook import ListQuery, Outlook, PaneCounts
from bpost_tui.errors import BPostError
from bpost_tui.model.list_order import AnyOrder
from bpost_tui.model.story import Headline, RowKey, SavedStory
from bpost_tui.typesetting.text.named_tuple import NamedTuple

if TYPE_CHECKING:
    from bpost_tui.store.search.highlight import SearchTerms

_DEPTH: Final = 200
"""Maximum number of locations that are remembered. Nobody presses the key to go back more often than this."""


class Location(NamedTuple):
    """Location of the reader: the list, the story, and the scroll position in the story."""

    source: ListSource
    row: int
    story: RowKey
    """Key of the list's row that was opened."""
    position: tuple[int, float]
    """Index of the item (paragraph, picture …) at the window's top, and the fraction of its height that is scrolled out of view."""
    pane: str


class BackStack:
    """Stack of locations to go back to, the last location on top."""

    def __init__(self) -> None:
        self._locations: deque[Location] = deque(maxlen=_DEPTH)

    @property
    def top(self) -> Location | None:
        """Location (list, story and scroll position) to go back to next; None if the stack is empty."""
        return self._locations[-1] if self._locations else None

    def __len__(self) -> int:
        return len(self._locations)

    def push(self, location: Location) -> None:
        """Push a location, unless the same location is on top already."""
        if location != self.top:
            self._locations.append(location)

    def pop(self) -> Location | None:
        """Remove and return the last location; None if the stack is empty."""
        return self._locations.pop() if self._locations else None


class Session:
    """State of a reader's session; changed only on the event loop, by the screen's features."""

    def __init__(self, undo: UndoStack, outlook: Outlook) -> None:
        self.outlook = outlook
        """Choices that decide how lists are read, such as the order."""
        self.requested: ListSource = ALL_NEWS
        """Source of the list that was requested last. The list may not be on the screen yet."""
        self.shown: ListSource = ALL_NEWS
        """Source of the list on the screen."""
        self._order: AnyOrder | None = None
        """Order of the list on the screen; None if fixed. A new order is stored here when the list in this order arrives."""
        self.story: SavedStory | None = None
        """Story on the screen; None if there is none."""
        self.requested_story: RowKey | None = None
        """Row key of the story on the screen, or of the story requested to replace it; None if there is none."""
        self.terms: SearchTerms | None = None
        """Search terms of the list on the screen, marked in the stories opened from it; None if the list is no search."""
        self.generation = 0
        """Number of times that a list, or another part of the list, came to the screen.

        Rows read for a list are dropped if this number has grown since they were requested.
        """
        self.back = BackStack()
        self.undo = undo
        self.pending = PendingMarks()
        self.is_tour_due = False
        """Whether the tour (an introduction to the keys) is shown instead of the first story."""
        self.refresh_error: BPostError | None = None
        """Error of the last refresh of all news; None if the refresh succeeded or is running, or there was none."""
        self.speech_state: Literal["", "aloud", "paused"] = ""
        """State of reading aloud: "aloud" while a story is being read, "paused", or empty if nothing is read aloud."""
        self.missing_text_reasons: dict[int, str] = {}
        """Reasons why the full text of stories isn't available, by the story's id.

        Only stories whose page was requested have an entry.
        """

    @property
    def query(self) -> ListQuery:
        """Query that reads the list on the screen with the reader's current choices for lists (`outlook`), such as the order."""
        return self.outlook.query(self.shown)

    @property
    def requested_query(self) -> ListQuery:
        """Query that reads the requested list with the reader's current choices for lists."""
        return self.outlook.query(self.requested)

    @property
    def reload_query(self) -> ListQuery:
        """Query that reads the list on the screen again, or more of it, in the order that it now has (not a newly chosen order)."""
        return self.query if self._order is None else self.outlook.in_order(self._order).query(self.shown)

    def show(self, query: ListQuery) -> None:
        """Record that the list that `query` reads is now on the screen.

        If the list is a category, unfold its paper in the category pane.
        """
        self.shown, self._order = query.source, query.order
        self.outlook = self.outlook.in_list(query.source)
        self.generation += 1

    def withdraw_request(self) -> None:
        """Make the list on the screen, in its order there, the requested list again, because another list couldn't be read."""
        self.requested = self.shown
        if self._order is not None:
            self.outlook = self.outlook.in_order(self._order)

    def update_counts(self, counts: PaneCounts) -> None:
        """Store the papers, mutes and search counts that were read for the category pane."""
        self.outlook = self.outlook.with_counts(counts)

    def is_story(self, key: RowKey | None) -> bool:
        """Whether the story on the screen was opened from the row with the key `key`; False if `key` is None."""
        return self.story is not None and self.story.key == key

    def replace_headline(self, row: Headline) -> None:
        """Replace the headline of the story on the screen if `row` is its new version."""
        if self.story is not None and self.story.headline.id == row.id:
            self.story = self.story._replace(headline=row)
