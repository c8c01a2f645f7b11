"""Mutes: rules for stories that lists and counts leave out, unless the reader wants to see them. May block on the disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from bpost_tui.core.lists.list_source import CategorySource, GroupSource, PaneRow
from bpost_tui.model.story import Headline, ListFilter
from bpost_tui.store.library import Library
from bpost_tui.typesetting.text.named_tuple import NamedTuple

if TYPE_CHECKING:
    from bpost_tui.core.lists.paper_list import PaperList
    from bpost_tui.store.search.query_terms import Query

MuteRules = Mapping[str, Sequence[str]]
"""Mute rules: maps the kind of a rule (tags, authors, words) to the values to mute."""
_NONE: MuteRules = MappingProxyType({})


class Mutes(NamedTuple):
    """Mute rules of the config and the library, as they were when last read."""

    config: MuteRules = _NONE
    """Rules of the config. Rules that the reader makes with a key aren't here, but in the library."""
    rules: MuteRules = _NONE
    """All rules, of the config and of the library."""
    queries: tuple[Query, ...] = ()
    """Queries that find muted stories; empty if nothing is muted."""
    are_suspended: bool = False
    """Whether muting is switched off for now, so that muted stories are shown."""
    unread_in: Mapping[tuple[str, str], int] = MappingProxyType({})
    """Maps (key of a paper, slug of a category) to the number of unread stories there that are muted."""
    counted_at: tuple[tuple[int, int], bool] | None = None
    """Revision of the library (two numbers that change at each commit) at the last count, and whether stories about the same news
    were counted as one story; None before the first count."""

    @classmethod
    def load(cls, config: MuteRules, library: Library) -> Mutes:
        """Return the mute rules of the config and of the library together."""
        return cls(config).reloaded(library)

    def reloaded(self, library: Library) -> Mutes:
        """Return the rules read again from the library, because another process or machine may have changed them."""
        rules = merge_rules(self.config, library.mutes.rules())
        if rules == self.rules:
            return self
        queries: tuple[Query, ...] = ()
        if rules:
            from bpost_tui.store.search.mute_rules import mute_queries  # imported late: 10 ms, with the search

            queries = mute_queries(rules)
        return Mutes(self.config, rules, queries, self.are_suspended)

    def mutes(self, list_filter: ListFilter) -> bool:
        """Return whether muting applies to the list that `list_filter` selects.

        It doesn't apply to the reader's own lists, which show all their stories.
        """
        return bool(self.queries) and not (self.are_suspended or list_filter.is_own)

    def filter_rows(self, library: Library, list_filter: ListFilter, rows: Sequence[Headline]) -> tuple[Headline, ...]:
        """Return the headlines `rows` without muted stories.

        Return all of them if muting doesn't apply to the list that `list_filter` selects.
        """
        if not rows or not self.mutes(list_filter):
            return tuple(rows)
        shown = frozenset(self.filter_ids(library, list_filter, [row.id for row in rows]))
        return tuple(row for row in rows if row.id in shown)

    def filter_ids(self, library: Library, list_filter: ListFilter, story_ids: Sequence[int]) -> tuple[int, ...]:
        """Return `story_ids` without muted stories.

        Return all of them if muting doesn't apply to the list that `list_filter` selects.
        """
        if not story_ids or not self.mutes(list_filter):
            return tuple(story_ids)
        muted = library.mutes.find_muted(self.queries, story_ids)
        return tuple(story_id for story_id in story_ids if story_id not in muted)

    def counted(self, library: Library, *, folded: bool) -> Mutes:
        """Return the rules with a new count of the unread stories that the rules mute.

        If the library hasn't changed since the last count, nothing is muted, or muting is switched off, return the rules unchanged.
        `folded` is whether stories about the same news count as one in the list of all news.
        """
        if not self.queries or self.are_suspended:
            return self
        now = library.revision(), folded
        if now == self.counted_at:
            return self
        return self._replace(unread_in=library.mutes.count_unread(self.queries, same_news_once=folded), counted_at=now)

    def subtract_muted_counts(self, rows: Sequence[PaneRow], papers: PaperList) -> tuple[PaneRow, ...]:
        """Return the entries `rows` of the category pane, with the numbers of muted stories subtracted from their unread counts.

        `papers` gives the papers of each group. If muting is switched off, nothing is subtracted.
        """
        if not self.queries or self.are_suspended:
            return tuple(rows)
        slugs = [row.source.slug if isinstance(row.source, CategorySource) else "" for row in rows]
        groups = [papers.members(row.source.name) if isinstance(row.source, GroupSource) else (row.paper,) for row in rows]
        left_out = [sum(self.unread_in.get((key, slug), 0) for key in keys) for keys, slug in zip(groups, slugs, strict=True)]
        return tuple(row._replace(unread=max(0, row.unread - muted)) for row, muted in zip(rows, left_out, strict=True))

    @property
    def unread(self) -> int:
        """Number of unread stories that are muted, from the last count; 0 if muting is switched off."""
        return self.unread_in.get(("", ""), 0)


def merge_rules(*several: MuteRules) -> dict[str, tuple[str, ...]]:
    """Return the mute rules of several sources as one mapping from kinds (tags, authors or words) to rules, without duplicates."""
    kinds = dict.fromkeys(kind for rules in several for kind in rules)
    return {kind: tuple(dict.fromkeys(name for rules in several for name in rules.get(kind, ()))) for kind in kinds}
