"""What is held of a list: a segment of it, read around any place in the order of time. No Textual; may block on the disk."""

from __future__ import annotations

from typing import NamedTuple

from bpost_tui.model.story import Headline, Shelf
from bpost_tui.reading.muting import Muting
from bpost_tui.store.library import Library
from bpost_tui.store.lists import OLDEST, Key

PAGE_ROWS = 200
"""Headlines read at a time."""
FIRST_ROWS = 60
"""Headlines read before anything is seen: two screens of them, or three."""
MOST_ROWS = 1000
"""Headlines held at most, whatever was gone through; they cost 2 kB each, and 10 µs whenever they are read again."""
_MUTED_PAGES = 10
"""Pages read in search of rows that aren't muted."""


class Slice(NamedTuple):
    """Rows of a list, in its order and without a gap."""

    rows: tuple[Headline, ...] = ()
    above: bool = False
    """Whether there may be more before them: newer ones."""
    below: bool = False
    """Whether there may be more after them: older ones, or less fitting."""
    at: int | None = None
    """The row that was gone to, where this is another part of the list than was held."""


class Pager(NamedTuple):
    """Reads segments; a shelf is taken as it is given, unread stories only or all, but for what is muted."""

    library: Library
    muting: Muting

    # ── from a place on ─────────────────────────────────────────────────────

    def first(self, shelf: Shelf, rows: int = FIRST_ROWS) -> Slice:
        """Read a list from its newest story on."""
        found, below = self._page(shelf, max(FIRST_ROWS, rows))
        return Slice(found, below=below, at=0)

    def last(self, shelf: Shelf) -> Slice:
        """Read the end of a list, and go to its last row."""
        found, above = self._page(shelf, FIRST_ROWS, before=OLDEST)
        return Slice(found, above=above, at=max(0, len(found) - 1))

    def around(self, shelf: Shelf, row: Headline) -> Slice:
        """Read a list around a story, and go to it; where it isn't listed, to what stands in its place."""
        newer, above = self._page(shelf, FIRST_ROWS, before=_key(row))
        older, below = self._page(shelf, FIRST_ROWS, after=_from(row))
        return Slice((*newer, *older), above, below, at=min(len(newer), max(0, len(newer) + len(older) - 1)))

    def around_number(self, shelf: Shelf, number: int) -> Slice:
        """Read a list around a row by its number, from 1, and go to it; to the last, where there are fewer."""
        row = self._nth(shelf, number) if number < self.library.count(shelf) else None
        return self.around(shelf, row) if row is not None else self.last(shelf)

    def around_unread(self, shelf: Shelf, held: Slice, step: int) -> Slice:
        """Read a list around the unread story that is so many beyond a segment, or as many as there are, and go to it.

        Args:
            shelf: What is listed.
            held: What is read, which stays as it is where nothing beyond it is unread.
            step: How many unread stories, to the older ones, or where it is negative to the newer.
        """
        if not held.rows:
            return held
        edge = held.rows[-1 if step > 0 else 0]
        after, before = (_key(edge), None) if step > 0 else (None, _key(edge))
        row = self._nth(shelf._replace(unread=True), abs(step), after, before)
        return self.around(shelf, row) if row is not None else held

    # ── more, or the same again ─────────────────────────────────────────────

    def longer(self, shelf: Shelf, held: Slice, step: int) -> Slice:
        """Read on from a segment: below it, or where the step is negative above it."""
        if not held.rows:
            return self.first(shelf)._replace(at=None)
        if step > 0:
            older, below = self._page(shelf, PAGE_ROWS, after=_key(held.rows[-1]))
            return held._replace(rows=(*held.rows, *older), below=below)
        newer, above = self._page(shelf, PAGE_ROWS, before=_key(held.rows[0]))
        return held._replace(rows=(*newer, *held.rows), above=above)

    def again(self, shelf: Shelf, held: Slice, current: Headline | None) -> Slice:
        """Read a segment again, with all that stands in it now, and what came in above it where it begins with the newest.

        Args:
            shelf: What is listed.
            held: What was read; its rows need not stand there any longer.
            current: The row to stay at, where by now there is too much in between.
        """
        if not held.rows:
            return self.first(shelf)._replace(at=None)
        first, last = held.rows[0], held.rows[-1]
        since, count = None, self.library.reach(shelf, last) if not held.above else MOST_ROWS + 1
        if count > MOST_ROWS:
            since, count = first, self.library.reach(shelf, last, since=first)
        if count > MOST_ROWS:
            return self.around(shelf, current or first)
        page = self.library.headlines(shelf, limit=count + 1, after=_from(since) if since else None)
        rows = self.muting.audible(shelf, page[:count])
        return self._filled(shelf, Slice(rows, above=since is not None, below=len(page) > count), _key(first), _key(last))

    def _filled(self, shelf: Shelf, slice: Slice, first: Key, last: Key) -> Slice:
        """Read on from where a segment began and ended, as long as what is left of it fills no screen."""
        rows, above, below, _ = slice
        if len(rows) < FIRST_ROWS and below:
            older, below = self._page(shelf, FIRST_ROWS, after=last)
            rows = (*rows, *older)
        if len(rows) < FIRST_ROWS and above:
            newer, above = self._page(shelf, FIRST_ROWS, before=first)
            rows = (*newer, *rows)
        return Slice(rows, above, below)

    # ── numbers ─────────────────────────────────────────────────────────────

    def numbers(self, shelf: Shelf, after: Key | None = None, before: Key | None = None) -> tuple[int, ...]:
        """Return the numbers of all stories of a shelf that aren't muted, or of those next to a place."""
        return self.muting.audible_numbers(shelf, self.library.numbers(shelf, after=after, before=before))

    def _nth(self, shelf: Shelf, number: int, after: Key | None = None, before: Key | None = None) -> Headline | None:
        """Return a shelf's story by its number, from 1, counted away from a place where there is one; the last of too few."""
        found: tuple[int, ...] = ()
        if not self.muting.mutes(shelf):  # what is muted can't be passed over by the index
            found = self.library.numbers(shelf, limit=1, offset=number - 1, after=after, before=before)
        found = found or self.numbers(shelf, after, before)[:number][-1:]
        return self.library.headline(found[0]) if found else None

    # ── pages ───────────────────────────────────────────────────────────────

    def _page(
        self, shelf: Shelf, limit: int, *, after: Key | None = None, before: Key | None = None
    ) -> tuple[tuple[Headline, ...], bool]:
        """Return so many rows that aren't muted, or more, and whether more may follow; a long stretch of muted ones is an end."""
        rows: tuple[Headline, ...] = ()
        for _ in range(_MUTED_PAGES if self.muting.mutes(shelf) else 1):
            page = self.library.headlines(shelf, limit=limit, after=after, before=before)
            audible = self.muting.audible(shelf, page)
            rows = (*audible, *rows) if before else (*rows, *audible)
            if len(page) < limit:
                return rows, False
            if len(rows) >= limit:
                break
            after, before = (None, _key(page[0])) if before else (_key(page[-1]), None)
        return rows, bool(rows)


def _key(row: Headline) -> Key:
    return row.published, row.id


def _from(row: Headline) -> Key:
    """Return the place after which a row is the first."""
    return row.published, row.id + 1
