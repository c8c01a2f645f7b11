"""Papers of a session: their names, and their entries in the category pane, folded or unfolded."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING

from bpost_tui.core.lists.list_source import (
    ALL_NEWS,
    AllNewsSource,
    CategorySource,
    GroupSource,
    ListSource,
    PaneRow,
    base_source,
    is_portal_list,
    paper_of,
    search_query,
)
from bpost_tui.core.lists.saved_search_list import is_like_query
from bpost_tui.core.wording import paper_name, unfollowed_name
from bpost_tui.i18n import Language
from bpost_tui.model.paper import Paper, PaperCount
from bpost_tui.model.story import CategoryCount
from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.typesetting.text.text_direction import join_with_dots

if TYPE_CHECKING:
    from bpost_tui.core.lists.subscriptions import Subscriptions
    from bpost_tui.store.library import Library


class PaperList(NamedTuple):
    """Papers of a session, with the numbers of stories that the library last counted."""

    language: Language
    configured_names: Mapping[str, str]
    """Names that the config gives to papers, by the papers' keys."""
    all: tuple[PaperCount, ...]
    """All papers of the session, in the order of the subscriptions."""
    unfolded: frozenset[str] | None = None
    """Keys of the papers and groups that are unfolded in the category pane; None unfolds all. Only used with several papers.

    An unfolded paper shows its categories, and an unfolded group its papers.
    """
    groups: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    """Maps the name of each group to the keys of its papers, in the order of the subscriptions."""
    unfollowed: tuple[PaperCount, ...] = ()
    """Papers that the reader no longer follows, but that have stories in the library.

    Their marked stories are in the reader's own lists and in searches.
    """

    @classmethod
    def of(
        cls,
        language: Language,
        papers: Sequence[Paper],
        unfolded: Collection[str] | None = None,
        groups: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
    ) -> PaperList:
        """Return a list of `papers` in their order, with zero for all counts.

        `unfolded` has the keys of the papers and groups that are unfolded in the category pane; None unfolds all. `groups` maps
        names of groups to keys of papers; with a single paper, it is ignored.
        """
        counts = tuple(PaperCount(paper, 0, 0) for paper in papers)
        names = {paper.key: paper.name for paper in papers}
        return cls(language, names, counts, None if unfolded is None else frozenset(unfolded), groups if len(papers) > 1 else {})

    @classmethod
    def load(
        cls, library: Library, language: Language, subscriptions: Subscriptions, unfolded: Collection[str] | None = None
    ) -> PaperList:
        """Return the papers that `subscriptions` selects, each with the counts of its stories in `library`.

        `unfolded` has the keys of the papers and groups that are unfolded in the category pane; None unfolds all.
        """
        return cls.of(language, subscriptions.selected, unfolded, subscriptions.groups).with_counts(
            library.papers(), library.unsubscribed_papers()
        )

    def with_counts(self, counts: Sequence[PaperCount], unfollowed: Sequence[PaperCount] = ()) -> PaperList:
        """Return the papers with the new counts `counts`, in the order of the subscriptions.

        `unfollowed` are the papers that the reader no longer follows, but that have stories. If `counts` is empty, the papers of
        the session keep their counts.
        """
        return self._replace(all=tuple(counts) or self.all, unfollowed=tuple(unfollowed))

    @property
    def are_several(self) -> bool:
        """Whether the session has several papers."""
        return len(self.all) > 1

    # ── names ───────────────────────────────────────────────────────────────

    def names(self) -> Mapping[str, str]:
        """Name of each paper of the session, by the paper's key."""
        return self._names(self.all)

    def all_names(self) -> Mapping[str, str]:
        """Name of each paper, by the paper's key, also of papers that the reader no longer follows."""
        return self._names((*self.all, *self.unfollowed))

    def labels(self) -> Mapping[str, str]:
        """Name of each paper, by the paper's key, with a remark at the names of papers that the reader no longer follows."""
        remark = {key: unfollowed_name(name, self.language) for key, name in self._names(self.unfollowed).items()}
        return MappingProxyType({**remark, **self.names()})

    def _names(self, counts: Iterable[PaperCount]) -> Mapping[str, str]:
        language, configured = self.language, self.configured_names
        return MappingProxyType(
            {
                key: paper_name(address, language, configured_name=configured.get(key, ""), own_name=title)
                for (key, address, title), *_ in counts
            }
        )

    def name(self, key: str) -> str:
        """Return the label of the paper with the key `key`; the key itself if neither session nor library has the paper."""
        return self.labels().get(key, key)

    def name_unless_only(self, key: str) -> str:
        """Return the label of the paper with the key `key`; empty if the session has no other paper, so that no name is needed."""
        return self.name(key) if self.are_several or key not in self.names() else ""

    def title(self, source: ListSource = ALL_NEWS, rows: Iterable[PaneRow] = ()) -> str:
        """Return the name of the list `source` for the masthead: a search's query, else its name in the category pane's `rows`.

        If there are several papers, the name of a category is followed by its paper's name. The list of all news is named after the
        only paper, or "All papers" in the reader's language. So is a list without an entry in `rows`, unless it belongs to a paper:
        a category of a folded paper has its paper's name.
        """
        if query := search_query(source):
            return self.language.text("More like this") if is_like_query(query) else f"“{query}”"
        names = self.names()
        key, row = paper_of(source), base_source(source)
        if row != ALL_NEWS and (name := next((pane_row.name for pane_row in rows if pane_row.source == row), "")):
            is_shared = isinstance(row, CategorySource) and self.are_several
            return join_with_dots(name, names.get(key, "") if is_shared else "")
        if self.are_several and key not in names:
            return self.language.text("All papers")
        return names.get(key) or next(iter(names.values()), "")

    def names_for_list(self, source: ListSource) -> Mapping[str, str]:
        """Return the papers' labels to show beside the stories of the list `source`, by the papers' keys.

        Return an empty mapping if the list has one paper.
        """
        has_several = self.are_several or (self.unfollowed and not is_portal_list(source))
        has_one = paper_of(source) and not search_query(source)  # a search typed in a paper's list finds stories of all papers
        return self.labels() if has_several and not has_one else MappingProxyType({})

    # ── the category pane ───────────────────────────────────────────────────

    def rows(self, total: int, unread: int, categories: Sequence[CategoryCount]) -> Iterator[PaneRow]:
        """Yield the entries of the category pane: all news, then the categories.

        If there are several papers, all news is followed by the papers without a group, then by the groups. Each unfolded group is
        followed by its papers, and each unfolded paper by its categories. A paper in several groups is only in the first.

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
        """Yield `every`, the entry of all news, then the entries of all groups and papers, including papers in folded groups.

        Entries of categories are left out.
        """
        yield every
        if self.are_several:
            yield from islice(self._replace(unfolded=None).rows(0, 0, ()), 1, None)

    def members(self, group: str) -> tuple[str, ...]:
        """Return the keys of a group's papers; empty if the group no longer exists."""
        return self.groups.get(group, ())

    def group_of(self, key: str) -> str:
        """Return the name of the first group that contains a paper; empty if no group does."""
        return next((name for name, keys in self.groups.items() if key in keys), "")

    def is_unfolded(self, key: str) -> bool:
        """Return whether the paper or group with the key `key` is unfolded in the category pane."""
        return self.unfolded is None or key in self.unfolded

    def with_unfolded(self, key: str, *, categories: bool) -> PaperList:
        """Return the papers with the group of the paper `key` unfolded in the category pane.

        With `categories`, the paper itself is unfolded as well, so that its categories are shown.
        """
        if self.unfolded is None:
            return self
        group = self.group_of(key)
        return self._replace(unfolded=self.unfolded | ({key} if categories else set()) | ({group_key(group)} if group else set()))

    def toggle_folded(self, key: str = "") -> PaperList:
        """Return the papers with a paper or group folded if it was unfolded, or unfolded if it was folded.

        Without `key`, unfold all groups, or all papers if there are no groups. If all of them are unfolded, fold all.
        """
        every = frozenset((*self.names(), *map(group_key, self.groups)))
        before = every if self.unfolded is None else self.unfolded
        outer = frozenset(map(group_key, self.groups)) or every
        return self._replace(unfolded=before ^ {key} if key else frozenset() if outer <= before else before | outer)


def group_key(name: str) -> str:
    """Return the key of the group `name`. It begins with a parenthesis, unlike any paper's key, so the two can't be confused."""
    return f"({name})"


def _row(count: CategoryCount, depth: int = 0) -> PaneRow:
    return PaneRow(CategorySource(count.category.slug, count.paper), count.category.name, count.total, count.unread, depth)
