"""Muted stories: left out of lists and counts, counted by themselves, shown on request. No Textual; may block on the disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from bpost_tui.model.story import CategoryCount, Headline, ListFilter
from bpost_tui.reading.own_mutes import Rules, merged
from bpost_tui.store.library import Library

if TYPE_CHECKING:
    from bpost_tui.store.search.query_terms import Query


@dataclass(slots=True)
class Muting:
    """The reader's rules over a library."""

    library: Library
    rules: Rules = field(default_factory=dict)
    """Those of the config; those that the reader made with a key are the library's."""
    queries: tuple[Query, ...] = ()
    """What finds the muted; none where nothing is."""
    is_lifted: bool = False
    """Whether they are shown all the same."""
    _known: Rules = field(default_factory=dict)
    """All rules, as the queries were made of them."""
    _unread: Mapping[tuple[str, str], int] = field(default_factory=dict)
    _counted: tuple[tuple[int, int], bool] | None = None

    def __post_init__(self) -> None:
        """Take the rules as they are now."""
        self.take()

    def put(self, kind: str, name: str, *, on: bool, now: datetime) -> bool:
        """Have a rule of the reader's own, or have it no longer; return whether that changed anything."""
        is_changed = self.library.muted.put(kind, name, on=on, now=now)
        self.take()
        return is_changed

    def is_rule(self, kind: str, name: str) -> bool:
        """Whether the reader made a rule."""
        return name in self.library.muted.rules().get(kind, ())

    def take(self) -> None:
        """Take the rules as they are now: another reader, or another machine, may have changed them."""
        rules = merged(self.rules, self.library.muted.rules())
        if rules == self._known:
            return
        if rules:
            from bpost_tui.store.search.mute import mute_queries  # 10 ms, with the search

            self.queries = mute_queries(rules)
        else:
            self.queries = ()
        self._known, self._unread, self._counted = rules, {}, None

    def mutes(self, list_filter: ListFilter) -> bool:
        """Whether muting applies to a list; the reader's own lists show all their stories, muted or not."""
        return bool(self.queries) and not (self.is_lifted or list_filter.is_own)

    def audible(self, list_filter: ListFilter, rows: Sequence[Headline]) -> tuple[Headline, ...]:
        """Return the rows of a list that aren't muted."""
        if not rows or not self.mutes(list_filter):
            return tuple(rows)
        audible = frozenset(self.audible_numbers(list_filter, [row.id for row in rows]))
        return tuple(row for row in rows if row.id in audible)

    def audible_numbers(self, list_filter: ListFilter, numbers: Sequence[int]) -> tuple[int, ...]:
        """Return those of a list's stories, by their numbers, that aren't muted."""
        if not numbers or not self.mutes(list_filter):
            return tuple(numbers)
        muted = self.library.muted.among(self.queries, numbers)
        return tuple(number for number in numbers if number not in muted)

    def counted(self, counts: Sequence[CategoryCount], *, folded: bool = False) -> tuple[CategoryCount, ...]:
        """Return counts of unread stories without the muted ones; `folded`, where all news has the same news once."""
        unread = self._muted_unread(folded)
        left_out = [unread.get((count.paper, count.category.slug), 0) for count in counts]
        return tuple(count._replace(unread=max(0, count.unread - muted)) for count, muted in zip(counts, left_out, strict=True))

    @property
    def unread(self) -> int:
        """How many unread stories are muted, as counted last."""
        return self._unread.get(("", ""), 0)

    def _muted_unread(self, folded: bool) -> Mapping[tuple[str, str], int]:
        """Return how many unread stories of each category are muted; counted anew where anything was saved or marked since."""
        if not self.queries or self.is_lifted:
            return {}
        now = self.library.revision(), folded
        if now != self._counted:
            self._unread = self.library.muted.unread(self.queries, folded=folded)
            self._counted = now
        return self._unread
