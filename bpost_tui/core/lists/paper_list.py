"""Papers of a session: their names, and their rows in the category pane, folded or unfolded."""

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
    """Papers of a session, as the library counted them last."""

    language: Language
    configured_names: Mapping[str, str]
    """Names in the config, by the papers' keys."""
    all: tuple[PaperCount, ...]
    """All papers of the session, in the order of the subscriptions."""
    unfolded: frozenset[str] | None = None
    """Keys of papers whose categories are shown, and of groups whose papers are; None unfolds all.

    Only used with several papers.
    """
    groups: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    """Group's name → keys of its papers, in the order of the subscriptions."""

    @classmethod
    def of(
        cls,
        language: Language,
        papers: Sequence[Paper],
        unfolded: Collection[str] | None = None,
        groups: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
    ) -> PaperList:
        """Return the papers in their order, without counts."""
        counts = tuple(PaperCount(paper, 0, 0) for paper in papers)
        names = {paper.key: paper.name for paper in papers}
        return cls(language, names, counts, None if unfolded is None else frozenset(unfolded), groups if len(papers) > 1 else {})

    @classmethod
    def load(
        cls, library: Library, language: Language, subscriptions: Subscriptions, unfolded: Collection[str] | None = None
    ) -> PaperList:
        """Return the selected papers of `subscriptions`, as `library` counts them."""
        return cls.of(language, subscriptions.selected, unfolded, subscriptions.groups).with_counts(library.papers())

    def with_counts(self, counts: Sequence[PaperCount]) -> PaperList:
        """Return the papers with the counts of the library, in subscription order; unchanged if the library has none."""
        return self._replace(all=tuple(counts) or self.all)

    @property
    def are_several(self) -> bool:
        """Whether the session has several papers."""
        return len(self.all) > 1

    # ── names ───────────────────────────────────────────────────────────────

    def names(self) -> Mapping[str, str]:
        """Return the name of each paper by its key."""
        language, configured = self.language, self.configured_names
        return MappingProxyType(
            {
                key: paper_name(address, language, configured_name=configured.get(key, ""), own_name=title)
                for (key, address, title), *_ in self.all
            }
        )

    def name(self, key: str) -> str:
        """Return the name of a story's paper; its key if the paper is no longer read."""
        return self.names().get(key, key)

    def title(self, source: ListSource = ALL_NEWS) -> str:
        """Return the name of a list's paper or group, or the words for all papers."""
        names = self.names()
        key, row = paper_of(source), base_source(source)
        if isinstance(row, GroupSource):
            return row.name
        if self.are_several and key not in names:
            return self.language.text("All papers")
        return names.get(key) or next(iter(names.values()), "")

    def names_for_list(self, source: ListSource) -> Mapping[str, str]:
        """Return the names to show with the stories of a list, by paper's key; none if the list has only one paper."""
        return self.names() if self.are_several and not paper_of(source) else MappingProxyType({})

    # ── the category pane ───────────────────────────────────────────────────

    def rows(self, total: int, unread: int, categories: Sequence[CategoryCount]) -> Iterator[PaneRow]:
        """Yield the rows of the category pane: all news, then the categories; each of several papers comes before its categories.

        Args:
            total: Number of all stories.
            unread: Number of unread stories.
            categories: Categories with stories, in order.
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
            if self.is_unfolded(group_key(name)):  # a paper in two groups is shown in the first
                yield from papers((key for key in keys if key in counts and self.group_of(key) == name), 1)

    def unfolded_rows(self, every: PaneRow) -> Iterator[PaneRow]:
        """Yield the rows of all news, all groups and all papers, folded or not, without categories."""
        yield every
        if self.are_several:
            yield from islice(self._replace(unfolded=None).rows(0, 0, ()), 1, None)

    def members(self, group: str) -> tuple[str, ...]:
        """Return the keys of a group's papers; none if the group no longer exists."""
        return self.groups.get(group, ())

    def group_of(self, key: str) -> str:
        """Return the name of the first group that has a paper; empty if there is none."""
        return next((name for name, keys in self.groups.items() if key in keys), "")

    def is_unfolded(self, key: str) -> bool:
        """Whether a paper's categories are shown, or a group's papers; the key of a group is `group_key`."""
        return self.unfolded is None or key in self.unfolded

    def with_unfolded(self, key: str, *, categories: bool) -> PaperList:
        """Return the papers with a paper's group unfolded, and with `categories` the paper as well."""
        if self.unfolded is None:
            return self
        group = self.group_of(key)
        return self._replace(unfolded=self.unfolded | ({key} if categories else set()) | ({group_key(group)} if group else set()))

    def toggle_folded(self, key: str) -> PaperList:
        """Return the papers with a paper or group folded if it was unfolded, and the other way round."""
        before = frozenset((*self.names(), *map(group_key, self.groups))) if self.unfolded is None else self.unfolded
        return self._replace(unfolded=before ^ {key})


def group_key(name: str) -> str:
    """Return the key of a group among the keys of papers, which never begin with a parenthesis."""
    return f"({name})"


def _row(count: CategoryCount, depth: int = 0) -> PaneRow:
    return PaneRow(CategorySource(count.category.slug, count.paper), count.category.name, count.total, count.unread, depth)
