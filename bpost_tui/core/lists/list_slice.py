"""Loaded part of a list (a slice): reads rows around any row of a list that is sorted by date. May block on the disk.

The obvious way to page through a list is `LIMIT` and `OFFSET`, or loading the list whole. An offset names another row as soon as a
story arrives, is read or is muted. A page would then repeat rows or skip some, and SQLite would step over all rows before the page.
A list that is loaded whole takes 2 kB of memory for each headline. Reading it again takes 10 µs for each headline.

A slice therefore has consecutive rows, at most `MOST_ROWS`. Further rows are read from the sort key (time and number) of the first
or last row, in either direction (`NextRows`). After a refresh the rows between the first and the last key are read again
(`LoadedRows`); the rows with these two keys needn't exist any longer. Only if there are more than `MOST_ROWS` rows between the keys
does the slice move to the reader's row. Only a request for the row at a given position (`RowsAtNumber`) uses an offset. It is fast
because it uses a database index, which doesn't contain the stories' text. Muted stories are filtered after reading, because mutes
are full-text queries. So up to `_MUTED_PAGES` reads may be needed to find enough rows.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from bpost_tui.core.lists.mutes import Mutes
from bpost_tui.model.list_position import SortKey, end_key, key_before, row_key
from bpost_tui.model.story import Headline, ListFilter, ListRow, RowKey, story_of
from bpost_tui.store.library import Library
from bpost_tui.typesetting.text.named_tuple import NamedTuple

if TYPE_CHECKING:
    from bpost_tui.store.search.ranking import Ranking

PAGE_ROWS = 200
"""Number of headlines read at a time."""
FIRST_ROWS = 60
"""Number of headlines read before a list is first drawn, enough for two or three screens."""
HIT_ROWS = 20
"""Number of search hits read at a time, about a screen.

Reading a hit takes 0.2 ms, because the story's whole text is read to make the snippet.
"""
MOST_ROWS = 1000
"""Maximum number of headlines in memory, however far the reader has scrolled.

Each headline takes 2 kB of memory. Reading the list again takes 10 µs for each headline.
"""
_MUTED_PAGES = 10
"""Maximum number of times that rows are read until enough of them aren't muted."""


class ListSlice(NamedTuple):
    """Consecutive rows of a list that are loaded, in the list's order."""

    rows: tuple[ListRow, ...] = ()
    more_before: bool = False
    """Whether the list may have more rows before the loaded ones."""
    more_after: bool = False
    """Whether the list may have more rows after the loaded ones."""
    at: int | None = None
    """Index of the row to move the cursor to, if the reader went to another part of the list; else None."""
    ranking: Ranking | None = None
    """Ranking of all hits of a search, so that reading further hits needn't rank them again; None for other lists."""

    @property
    def stories(self) -> tuple[Headline, ...]:
        """Stories of the loaded rows."""
        return tuple(map(story_of, self.rows))

    def index_of(self, key: RowKey) -> int | None:
        """Return the index of the row with `key`; None if no such row is loaded."""
        return next((at for at, row in enumerate(self.rows) if row.key == key), None)

    def row_of(self, key: RowKey) -> int | None:
        """Return the index of the row that shows the story or passage with `key`; None if no such row is loaded.

        A story is also shown by the row of its group (stories about the same news), and by the row of a passage from it.
        """
        return next((at for at, row in enumerate(self.rows) if row.represents(key)), None)

    def unread(self, start: int, step: int, count: int = 1) -> list[int]:
        """Return the indices of up to `count` unread rows, the nearest to `start` first.

        Rows after `start` are searched if `step` is 1, and rows before it if `step` is -1.
        """
        reach = range(start + 1, len(self.rows)) if step > 0 else range(start - 1, -1, -1)
        return list(islice((at for at in reach if not story_of(self.rows[at]).read), count))


class FirstRows(NamedTuple):
    """Request for the first rows of a list.

    If the list is a search, its first `HIT_ROWS` hits are read; of any other list, `rows` rows or more.
    """

    rows: int = FIRST_ROWS


FIRST = FirstRows()


class RowsAround(NamedTuple):
    """Request for the rows around the row `key`, or around the place that the row would have.

    A list that isn't sorted by date, such as search hits, can only be read from its first row on: `rows` or more rows are read.
    """

    key: RowKey
    rows: int = FIRST_ROWS


class NextRows(NamedTuple):
    """Request for `loaded`, the rows loaded so far, and more rows after them, or before them if `step` is negative."""

    loaded: ListSlice
    step: int = 1


class LoadedRows(NamedTuple):
    """Request to read the loaded rows again, and new rows before them if the list's first row is loaded.

    `current` is the row to stay at if more than `MOST_ROWS` rows would have to be read.
    """

    loaded: ListSlice
    current: ListRow | None = None


class RowsAtNumber(NamedTuple):
    """Request for the rows around the row at the position `number`; the first row has position 1.

    The last row is used if the list has fewer rows, or if `number` is None.
    """

    number: int | None


class RowsAtUnread(NamedTuple):
    """Request for the rows around an unread story that isn't loaded: the `step`-th unread story after the rows of `loaded`.

    If `step` is negative, the story is before these rows: -1 is the nearest unread story before them.
    """

    loaded: ListSlice
    step: int


RowRange = FirstRows | RowsAround | NextRows | LoadedRows | RowsAtNumber | RowsAtUnread
"""Request for a part of a list."""


class SliceReader(NamedTuple):
    """Reads parts of lists that are sorted by date. Muted stories are left out, unless a story is requested by its key."""

    library: Library
    mutes: Mutes

    def read(self, list_filter: ListFilter, part: RowRange) -> ListSlice:
        """Return the rows that `part` requests from the list that `list_filter` selects."""
        match part:
            case FirstRows(rows):
                return self._first(list_filter, rows)
            case RowsAround(key):
                return self._around(list_filter, self.library.headline(key)) if isinstance(key, int) else self._first(list_filter)
            case NextRows(loaded, step):
                return self._extend(list_filter, loaded, step)
            case LoadedRows(loaded, current):
                return self._reload(list_filter, loaded, None if current is None else story_of(current))
            case RowsAtNumber(number):
                return self._last(list_filter) if number is None else self._around_number(list_filter, number)
            case RowsAtUnread(loaded, step):
                return self._around_unread(list_filter, loaded, step)

    # ── from a place on ─────────────────────────────────────────────────────

    def _first(self, list_filter: ListFilter, rows: int = FIRST_ROWS) -> ListSlice:
        found, more_after = self._page(list_filter, max(FIRST_ROWS, rows))
        return ListSlice(found, more_after=more_after, at=0)

    def _last(self, list_filter: ListFilter) -> ListSlice:
        found, more_before = self._page(list_filter, FIRST_ROWS, before=end_key(list_filter.order))
        return ListSlice(found, more_before=more_before, at=max(0, len(found) - 1))

    def _around(self, list_filter: ListFilter, row: Headline) -> ListSlice:
        """Read the rows around the story `row` in the list that `list_filter` selects.

        The story itself is included even if it is muted or read. If the list doesn't have the story, the rows around its place are
        returned.
        """
        begin = key_before(row, list_filter.order)
        above, more_before = self._page(list_filter, FIRST_ROWS, before=row_key(row))
        below, more_after = self._page(list_filter, FIRST_ROWS, after=begin)
        here = self.library.headlines(list_filter._replace(unread=False), limit=1, after=begin)
        if here and here[0].id == row.id and (not below or below[0].id != row.id):
            below = (here[0], *below)
        at = min(len(above), max(0, len(above) + len(below) - 1))
        return ListSlice((*above, *below), more_before, more_after, at=at)

    def _around_number(self, list_filter: ListFilter, number: int) -> ListSlice:
        row = self._nth(list_filter, number) if number < self.library.count(list_filter) else None
        return self._around(list_filter, row) if row is not None else self._last(list_filter)

    def _around_unread(self, list_filter: ListFilter, loaded: ListSlice, step: int) -> ListSlice:
        """Read the rows around the `step`-th unread story after `loaded`, or before `loaded` if `step` is negative.

        If there are fewer unread stories in that direction, the farthest is used. If there is none, `loaded` is returned.
        """
        if not loaded.rows:
            return loaded
        edge = loaded.stories[-1 if step > 0 else 0]
        after, before = (row_key(edge), None) if step > 0 else (None, row_key(edge))
        row = self._nth(list_filter._replace(unread=True), abs(step), after, before)
        return self._around(list_filter, row) if row is not None else loaded

    # ── more, or the same again ─────────────────────────────────────────────

    def _extend(self, list_filter: ListFilter, loaded: ListSlice, step: int) -> ListSlice:
        if not loaded.rows:
            return self._first(list_filter)._replace(at=None)
        if step > 0:
            below, more_after = self._page(list_filter, PAGE_ROWS, after=row_key(loaded.stories[-1]))
            return loaded._replace(rows=(*loaded.rows, *below), more_after=more_after)
        above, more_before = self._page(list_filter, PAGE_ROWS, before=row_key(loaded.stories[0]))
        return loaded._replace(rows=(*above, *loaded.rows), more_before=more_before)

    def _reload(self, list_filter: ListFilter, loaded: ListSlice, current: Headline | None) -> ListSlice:
        """Read the rows of `loaded` again, without rows that have left the list meanwhile.

        If that would be more than `MOST_ROWS` rows, read the rows around the row `current` instead, or around the first loaded row
        if `current` is None.
        """
        if not loaded.rows:
            return self._first(list_filter)._replace(at=None)
        first, last = loaded.stories[0], loaded.stories[-1]
        since, count = None, self.library.count_between(list_filter, last) if not loaded.more_before else MOST_ROWS + 1
        if count > MOST_ROWS:
            since, count = first, self.library.count_between(list_filter, last, since=first)
        if count > MOST_ROWS:
            return self._around(list_filter, current or first)
        page = self.library.headlines(list_filter, limit=count + 1, after=key_before(since, list_filter.order) if since else None)
        rows = self.mutes.filter_rows(self.library, list_filter, page[:count])
        found = ListSlice(rows, more_before=since is not None, more_after=len(page) > count)
        return self._fill(list_filter, found, row_key(first), row_key(last))

    def _fill(self, list_filter: ListFilter, found: ListSlice, first: SortKey, last: SortKey) -> ListSlice:
        """Return the slice `found` with more rows after and before it, if it has too few rows to fill a screen.

        Rows are read after the sort key `last`, and before the sort key `first`.
        """
        rows, more_before, more_after, *_ = found
        if len(rows) < FIRST_ROWS and more_after:
            below, more_after = self._page(list_filter, FIRST_ROWS, after=last)
            rows = (*rows, *below)
        if len(rows) < FIRST_ROWS and more_before:
            above, more_before = self._page(list_filter, FIRST_ROWS, before=first)
            rows = (*above, *rows)
        return ListSlice(rows, more_before, more_after)

    # ── ids ─────────────────────────────────────────────────────────────────

    def ids(self, list_filter: ListFilter, after: SortKey | None = None, before: SortKey | None = None) -> tuple[int, ...]:
        """Return the ids of the stories that `list_filter` selects and that aren't muted.

        If `after` isn't None, only stories after this sort key are included; if `before` isn't None, only stories before it.
        """
        return self.mutes.filter_ids(self.library, list_filter, self.library.story_ids(list_filter, after=after, before=before))

    def _nth(
        self, list_filter: ListFilter, number: int, after: SortKey | None = None, before: SortKey | None = None
    ) -> Headline | None:
        """Return the story at the position `number` of the list that `list_filter` selects.

        If the list is shorter, return its last story; if it is empty, None. The first story is at position 1. With `after`,
        position 1 is the first story after this sort key. With `before`, it is the nearest story before this key, and positions go
        backwards.
        """
        found: tuple[int, ...] = ()
        if not self.mutes.mutes(list_filter):  # the index can't skip muted stories
            found = self.library.story_ids(list_filter, limit=1, offset=number - 1, after=after, before=before)
        found = found or self.ids(list_filter, after, before)[:number][-1:]
        return self.library.headline(found[0]) if found else None

    # ── pages ───────────────────────────────────────────────────────────────

    def _page(
        self, list_filter: ListFilter, limit: int, *, after: SortKey | None = None, before: SortKey | None = None
    ) -> tuple[tuple[Headline, ...], bool]:
        """Return rows of the list that `list_filter` selects, without muted stories, and whether the list may have more rows.

        With `after`, the rows follow this sort key; with `before`, they precede it. At least `limit` rows are returned, with two
        exceptions: the list has fewer, or `_MUTED_PAGES` times `limit` stories were read and most of them are muted. If all of them
        are muted, the list counts as ended.
        """
        rows: tuple[Headline, ...] = ()
        for _ in range(_MUTED_PAGES if self.mutes.mutes(list_filter) else 1):
            page = self.library.headlines(list_filter, limit=limit, after=after, before=before)
            unmuted = self.mutes.filter_rows(self.library, list_filter, page)
            rows = (*unmuted, *rows) if before else (*rows, *unmuted)
            if len(page) < limit:
                return rows, False
            if len(rows) >= limit:
                break
            after, before = (None, row_key(page[0])) if before else (row_key(page[-1]), None)
        return rows, bool(rows)
