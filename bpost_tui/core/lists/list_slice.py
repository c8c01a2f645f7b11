"""The part of a list that is loaded: read around any place in the order of time. May block on the disk."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from bpost_tui.core.lists.mutes import Mutes
from bpost_tui.model.story import Headline, ListFilter, ListRow, RowKey, story_of
from bpost_tui.store.library import Library
from bpost_tui.store.lists.list_query import SortKey, end_key, key_before, row_key

if TYPE_CHECKING:
    from bpost_tui.store.search.ranking import Ranking

PAGE_ROWS = 200
"""Headlines read at a time."""
FIRST_ROWS = 60
"""Headlines read before anything is seen: two screens of them, or three."""
HIT_ROWS = 20
"""Hits of a search read at a time, as many as are in sight: each one's whole text is read for its snippet, 0.2 ms."""
MOST_ROWS = 1000
"""Headlines held at most, whatever was gone through; they cost 2 kB each, and 10 µs whenever they are read again."""
_MUTED_PAGES = 10
"""Pages read in search of rows that aren't muted."""


class ListSlice(NamedTuple):
    """Rows of a list, in its order and without a gap."""

    rows: tuple[ListRow, ...] = ()
    more_before: bool = False
    """Whether there may be more before them: newer ones, where the newest come first."""
    more_after: bool = False
    """Whether there may be more after them: older ones, or less fitting."""
    at: int | None = None
    """The row that was gone to, where this is another part of the list than was loaded."""
    ranking: Ranking | None = None
    """The order of all that a search finds, where these are its first hits: more of them needn't be ranked again."""

    @property
    def stories(self) -> tuple[Headline, ...]:
        """The stories of the rows."""
        return tuple(map(story_of, self.rows))

    def index_of(self, key: RowKey) -> int | None:
        """Return where a row is, from 0."""
        return next((at for at, row in enumerate(self.rows) if row.key == key), None)

    def row_of(self, key: RowKey) -> int | None:
        """Return where a row is, or that of the account that leads the story."""
        return next((at for at, row in enumerate(self.rows) if row.stands_for(key)), None)

    def unread(self, start: int, step: int, count: int = 1) -> list[int]:
        """Return the unread rows nearest to `start`, itself left out, in the direction of `step` (1 or -1): so many at most."""
        reach = range(start + 1, len(self.rows)) if step > 0 else range(start - 1, -1, -1)
        return list(islice((at for at in reach if not story_of(self.rows[at]).read), count))


class FirstRows(NamedTuple):
    """A list from its first row on."""

    rows: int = FIRST_ROWS


FIRST = FirstRows()


class RowsAround(NamedTuple):
    """A list around a row, or where a story's would be; a list without the order of time from its first row on."""

    key: RowKey
    rows: int = FIRST_ROWS


class NextRows(NamedTuple):
    """What is loaded and the next rows after it, or with a negative step before it."""

    loaded: ListSlice
    step: int = 1


class LoadedRows(NamedTuple):
    """What is loaded, read again, with what came in before it where it begins with the newest.

    `current` is the row to stay at, where by now there is too much in between.
    """

    loaded: ListSlice
    current: ListRow | None = None


class RowsAtNumber(NamedTuple):
    """The part of a list around a row by its number, from 1; around its end where there are fewer, or the number is None."""

    number: int | None


class RowsAtUnread(NamedTuple):
    """The part of a list around the unread story that is so many beyond what is loaded; before it where the step is negative."""

    loaded: ListSlice
    step: int


RowRange = FirstRows | RowsAround | NextRows | LoadedRows | RowsAtNumber | RowsAtUnread
"""What is wanted of a list."""


class SliceReader(NamedTuple):
    """Reads parts of lists by date, in the order that a filter says; what is listed is taken as given, but for what is muted."""

    library: Library
    mutes: Mutes

    def read(self, list_filter: ListFilter, part: RowRange) -> ListSlice:
        """Read a part of a list."""
        match part:
            case FirstRows(rows):
                return self._first(list_filter, rows)
            case RowsAround(key):
                return self._around(list_filter, self.library.headline(key)) if isinstance(key, int) else self._first(list_filter)
            case NextRows(loaded, step):
                return self._longer(list_filter, loaded, step)
            case LoadedRows(loaded, current):
                return self._again(list_filter, loaded, None if current is None else story_of(current))
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
        """Read a list around a story, which is in it though it is muted or read; where it isn't listed, go to what is there."""
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
        """Read around the unread story so many beyond, or as many as there are; what is loaded stays where there is none."""
        if not loaded.rows:
            return loaded
        edge = loaded.stories[-1 if step > 0 else 0]
        after, before = (row_key(edge), None) if step > 0 else (None, row_key(edge))
        row = self._nth(list_filter._replace(unread=True), abs(step), after, before)
        return self._around(list_filter, row) if row is not None else loaded

    # ── more, or the same again ─────────────────────────────────────────────

    def _longer(self, list_filter: ListFilter, loaded: ListSlice, step: int) -> ListSlice:
        if not loaded.rows:
            return self._first(list_filter)._replace(at=None)
        if step > 0:
            below, more_after = self._page(list_filter, PAGE_ROWS, after=row_key(loaded.stories[-1]))
            return loaded._replace(rows=(*loaded.rows, *below), more_after=more_after)
        above, more_before = self._page(list_filter, PAGE_ROWS, before=row_key(loaded.stories[0]))
        return loaded._replace(rows=(*above, *loaded.rows), more_before=more_before)

    def _again(self, list_filter: ListFilter, loaded: ListSlice, current: Headline | None) -> ListSlice:
        """Read what is loaded again; none of its rows need be there any longer."""
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
        return self._filled(list_filter, found, row_key(first), row_key(last))

    def _filled(self, list_filter: ListFilter, found: ListSlice, first: SortKey, last: SortKey) -> ListSlice:
        """Read on from where a slice began and ended, as long as what is left of it fills no screen."""
        rows, more_before, more_after, *_ = found
        if len(rows) < FIRST_ROWS and more_after:
            below, more_after = self._page(list_filter, FIRST_ROWS, after=last)
            rows = (*rows, *below)
        if len(rows) < FIRST_ROWS and more_before:
            above, more_before = self._page(list_filter, FIRST_ROWS, before=first)
            rows = (*above, *rows)
        return ListSlice(rows, more_before, more_after)

    # ── numbers ─────────────────────────────────────────────────────────────

    def numbers(self, list_filter: ListFilter, after: SortKey | None = None, before: SortKey | None = None) -> tuple[int, ...]:
        """Return the numbers of all stories of a list that aren't muted, or of those next to a place."""
        return self.mutes.filter_ids(self.library, list_filter, self.library.story_ids(list_filter, after=after, before=before))

    def _nth(
        self, list_filter: ListFilter, number: int, after: SortKey | None = None, before: SortKey | None = None
    ) -> Headline | None:
        """Return a list's story by its number, from 1, counted away from a place where there is one; the last of too few."""
        found: tuple[int, ...] = ()
        if not self.mutes.mutes(list_filter):  # what is muted can't be skipped by the index
            found = self.library.story_ids(list_filter, limit=1, offset=number - 1, after=after, before=before)
        found = found or self.numbers(list_filter, after, before)[:number][-1:]
        return self.library.headline(found[0]) if found else None

    # ── pages ───────────────────────────────────────────────────────────────

    def _page(
        self, list_filter: ListFilter, limit: int, *, after: SortKey | None = None, before: SortKey | None = None
    ) -> tuple[tuple[Headline, ...], bool]:
        """Return so many rows that aren't muted, or more, and whether more may follow; a long stretch of muted ones is an end."""
        rows: tuple[Headline, ...] = ()
        for _ in range(_MUTED_PAGES if self.mutes.mutes(list_filter) else 1):
            page = self.library.headlines(list_filter, limit=limit, after=after, before=before)
            audible = self.mutes.filter_rows(self.library, list_filter, page)
            rows = (*audible, *rows) if before else (*rows, *audible)
            if len(page) < limit:
                return rows, False
            if len(rows) >= limit:
                break
            after, before = (None, row_key(page[0])) if before else (row_key(page[-1]), None)
        return rows, bool(rows)
