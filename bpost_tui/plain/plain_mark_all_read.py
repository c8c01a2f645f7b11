"""Menu of the line reader (`--plain`) that marks many stories as read. Each entry has a number to type and a count of stories."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bpost_tui.core.changes.mark_all_read import MarkReadRange, StoriesInRange, unread_in_range
from bpost_tui.core.keys.line_keys import LineKeys
from bpost_tui.core.line_io import LineIO
from bpost_tui.core.lists.listings import Listings
from bpost_tui.core.lists.outlook import ListQuery
from bpost_tui.i18n import message
from bpost_tui.model.story import Headline

_STORY_RANGES = {
    MarkReadRange.ABOVE: message("Before the story opened last"),
    MarkReadRange.BELOW: message("After the story opened last"),
}
"""Maps two ranges of stories to their names in the line reader.

Their names on the screen refer to the cursor, but the line reader has no cursor.
"""


@dataclass(slots=True)
class PlainMarkAllRead:
    """Menu of ranges of stories to mark read.

    Args:
        mark: Function that marks stories read, and returns the number of stories that it has changed.
    """

    listings: Listings
    io: LineIO
    keys: LineKeys
    mark: Callable[[Sequence[int]], int]
    _options: tuple[StoriesInRange, ...] = ()
    """Stories that each entry of the open menu marks read, in the menu's order; empty if no menu is open."""

    def offer(self, query: ListQuery, rows: Sequence[Headline], opened: Headline | None) -> None:
        """Print the menu of ranges: this list, older stories, and the stories before and after the story opened last.

        `query` reads the list's stories, `rows` are its headlines loaded so far, and `opened` is the story opened last, if any.
        """
        language = self.listings.language
        cursor = next((at for at, row in enumerate(rows) if opened is not None and row.id == opened.id), None)
        choices = list(self._choices(query, rows, cursor))
        self._options = tuple(stories for _, stories in choices)
        self.io.write_line(language.text("Mark which stories read?"))
        for at, (name, stories) in enumerate(choices, 1):
            self.io.write_line(f"{language.number(at)}. {language.text(name)}: {stories.counted(language)}")
        key = self.keys.key("all_read")
        self.io.write_line(language.text("Type a number, or {key} for this list; anything else cancels.", key=key))

    def accept(self, line: str) -> bool:
        """Mark as read all stories in the menu entry with the number `line`; the key that opened the menu chooses the first entry.

        If the menu has no entry with the typed number, print a message. Return False if no menu is open, or if `line` is neither a
        number nor that key; the menu is then closed.
        """
        offered, self._options = self._options, ()
        again = self.keys.action(line) == "all_read"
        if not offered or not (again or line.isdecimal()):
            return False
        language, number = self.listings.language, 1 if again else int(line[:9])
        if 1 <= number <= len(offered):
            marked = self.mark(offered[number - 1].all)
            self.io.write_line(language.plural("{n} marked read", "{n} marked read", marked))
        else:
            self._options = offered
            self.io.write_line(language.text("There is no number {n} here", n=number))
        return True

    def _choices(self, query: ListQuery, rows: Sequence[Headline], cursor: int | None) -> Iterator[tuple[str, StoriesInRange]]:
        for read_range in MarkReadRange:
            if cursor is not None or read_range not in _STORY_RANGES:
                stories = unread_in_range(self.listings, query, read_range, rows, cursor or 0)
                yield _STORY_RANGES.get(read_range, read_range.value), stories
