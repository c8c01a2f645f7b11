"""The papers that are read, as the reader sees them: their names, their rows in the category pane, which of these are folded."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from bpost_tui.core.lists.list_source import (
    ALL_NEWS,
    AllNewsSource,
    CategorySource,
    GroupSource,
    ListSource,
    PaneRow,
    base_source,
    paper_of,
)
from bpost_tui.core.wording import paper_name
from bpost_tui.i18n import Language
from bpost_tui.model.paper import Paper, PaperCount
from bpost_tui.model.story import CategoryCount

if TYPE_CHECKING:
    from bpost_tui.core.lists.subscriptions import Subscriptions
    from bpost_tui.store.library import Library


class PaperList(NamedTuple):
    """The papers of one session, as the library counted them last."""

    language: Language
    configured_names: Mapping[str, str]
    """What the reader calls them, by their keys."""
    all: tuple[PaperCount, ...]
    """All that are read, in the order of the stand."""
    unfolded: frozenset[str] | None = None
    """The keys of those whose categories are seen, and of groups whose papers are, where there are several; None unfolds all."""
    groups: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    """The keys of each group's papers, by its name, in the order of the stand."""

    @classmethod
    def of(
        cls,
        language: Language,
        wanted: Sequence[Paper],
        unfolded: Collection[str] | None = None,
        groups: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
    ) -> PaperList:
        """Return the papers as the settings name them, the preferred one first."""
        counts = tuple(PaperCount(paper, 0, 0) for paper in wanted)
        given = {paper.key: paper.name for paper in wanted}
        return cls(language, given, counts, None if unfolded is None else frozenset(unfolded), groups if len(wanted) > 1 else {})

    @classmethod
    def load(
        cls, library: Library, language: Language, subscriptions: Subscriptions, unfolded: Collection[str] | None = None
    ) -> PaperList:
        """Return the selected papers of `subscriptions`, as `library` counts them."""
        return cls.of(language, subscriptions.selected, unfolded, subscriptions.groups).with_counts(library.papers())

    def with_counts(self, counts: Sequence[PaperCount]) -> PaperList:
        """Return the papers as the library counts them, in the order of the stand; where it knows none, those wanted stay."""
        return self._replace(all=tuple(counts) or self.all)

    @property
    def are_several(self) -> bool:
        """Whether more than one is read."""
        return len(self.all) > 1

    # ── names ───────────────────────────────────────────────────────────────

    def names(self) -> Mapping[str, str]:
        """Return every paper's name by its key."""
        language, given = self.language, self.configured_names
        return MappingProxyType(
            {key: paper_name(address, language, given=given.get(key, ""), own_name=said) for (key, address, said), *_ in self.all}
        )

    def name(self, key: str) -> str:
        """Return the name of a story's paper; of one that is no longer read, its key."""
        return self.names().get(key, key)

    def title(self, source: ListSource = ALL_NEWS) -> str:
        """Return the name of the paper whose list it is, the word for all of them where it is of several."""
        names = self.names()
        key, row = paper_of(source), base_source(source)
        if isinstance(row, GroupSource):
            return row.name
        if self.are_several and key not in names:
            return self.language.text("All papers")
        return names.get(key) or next(iter(names.values()), "")

    def names_for_list(self, source: ListSource) -> Mapping[str, str]:
        """Return the names to put to the stories of a list, by the papers' keys: none where all are of one paper."""
        return self.names() if self.are_several and not paper_of(source) else MappingProxyType({})

    # ── the category pane ───────────────────────────────────────────────────

    def rows(self, total: int, unread: int, categories: Sequence[CategoryCount]) -> Iterator[PaneRow]:
        """Yield the rows of the category pane: all news, then the categories; of several papers, each before its categories.

        Args:
            total: How many stories there are in all.
            unread: How many of them are unread.
            categories: All that hold something, in order.
        """
        text = self.language.text
        if not self.are_several:
            yield PaneRow(ALL_NEWS, text("All news"), total, unread)
            yield from map(_row, categories)
            return
        yield PaneRow(ALL_NEWS, text("All papers"), total, unread)
        counts = {count.paper.key: count for count in self.all}
        names, grouped = self.names(), frozenset(key for keys in self.groups.values() for key in keys)
        of_papers = dict[str, list[CategoryCount]]()
        for category in categories:
            of_papers.setdefault(category.paper, []).append(category)

        def papers(keys: Iterable[str], depth: int) -> Iterator[PaneRow]:
            for key in keys:
                count = counts[key]
                yield PaneRow(AllNewsSource(key), names[key], count.total, count.unread, depth, count.has_fault)
                if self.is_unfolded(key):
                    yield from (_row(category, depth + 1) for category in of_papers.get(key, ()))

        yield from papers((key for key in counts if key not in grouped), 0)
        for name, keys in self.groups.items():
            of_group = [counts[key] for key in keys if key in counts]
            has_fault = any(count.has_fault for count in of_group)
            total, unread = sum(count.total for count in of_group), sum(count.unread for count in of_group)
            yield PaneRow(GroupSource(name), name, total, unread, has_fault=has_fault)
            if self.is_unfolded(group_key(name)):  # a paper in two groups is below the first
                yield from papers((key for key in keys if key in counts and self.group_of(key) == name), 1)

    def unfolded_rows(self, every: PaneRow) -> Iterator[PaneRow]:
        """Yield the rows of all news, of groups and of all papers, folded away or not, without categories."""
        yield every
        if self.are_several:
            yield from islice(self._replace(unfolded=None).rows(0, 0, ()), 1, None)

    def members(self, group: str) -> tuple[str, ...]:
        """Return the keys of a group's papers; none of a group that there is no longer."""
        return self.groups.get(group, ())

    def group_of(self, key: str) -> str:
        """Return the first group that a paper is in; empty for none."""
        return next((name for name, keys in self.groups.items() if key in keys), "")

    def is_unfolded(self, key: str) -> bool:
        """Whether a paper's categories are seen, or a group's papers (`group_key`)."""
        return self.unfolded is None or key in self.unfolded

    def with_unfolded(self, key: str, *, categories: bool) -> PaperList:
        """Return the papers with one seen, and its `categories` too."""
        if self.unfolded is None:
            return self
        group = self.group_of(key)
        return self._replace(unfolded=self.unfolded | ({key} if categories else set()) | ({group_key(group)} if group else set()))

    def toggle_folded(self, key: str) -> PaperList:
        """Return the papers with one, or a group, folded that is unfolded, or unfolded."""
        before = frozenset((*self.names(), *map(group_key, self.groups))) if self.unfolded is None else self.unfolded
        return self._replace(unfolded=before ^ {key})


def group_key(name: str) -> str:
    """Return what a group is known by among the keys of papers, which never begin so."""
    return f"({name})"


def _row(count: CategoryCount, depth: int = 0) -> PaneRow:
    return PaneRow(CategorySource(count.category.slug, count.paper), count.category.name, count.total, count.unread, depth)
