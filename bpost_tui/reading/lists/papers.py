"""The papers that are read, as the reader sees them: their names, their rows in the category pane, which of these are folded."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from bpost_tui.i18n import Language
from bpost_tui.model.paper import Paper, PaperCount
from bpost_tui.model.story import CategoryCount
from bpost_tui.reading.lists.source import ALL_NEWS, AllNews, InCategory, PaneRow, Source, paper_of
from bpost_tui.reading.wording import paper_name


class Papers(NamedTuple):
    """The papers of one session, as the library counted them last."""

    language: Language
    given: Mapping[str, str]
    """What the reader calls them, by their keys."""
    all: tuple[PaperCount, ...]
    """All that are read, in the order of the stand."""
    unfolded: frozenset[str] | None = None
    """The keys of those whose categories are seen, where there are several; None unfolds all."""

    @classmethod
    def of(cls, language: Language, wanted: Sequence[Paper], unfolded: Collection[str] | None = None) -> Papers:
        """Return the papers as the settings name them, the preferred one first."""
        counts = tuple(PaperCount(paper, 0, 0) for paper in wanted)
        given = {paper.key: paper.name for paper in wanted}
        return cls(language, given, counts, None if unfolded is None else frozenset(unfolded))

    def counted(self, counts: Sequence[PaperCount]) -> Papers:
        """Return the papers as the library counts them, in the order of the stand; where it knows none, those wanted stay."""
        return self._replace(all=tuple(counts) or self.all)

    @property
    def are_several(self) -> bool:
        """Whether more than one is read."""
        return len(self.all) > 1

    # ── names ───────────────────────────────────────────────────────────────

    def names(self) -> Mapping[str, str]:
        """Return every paper's name by its key."""
        language, given = self.language, self.given
        return MappingProxyType(
            {key: paper_name(address, language, given=given.get(key, ""), said=said) for (key, address, said), *_ in self.all}
        )

    def name(self, key: str) -> str:
        """Return the name of a story's paper; of one that is no longer read, its key."""
        return self.names().get(key, key)

    def title(self, source: Source = ALL_NEWS) -> str:
        """Return the name of the paper whose list it is, the word for all of them where it is of several."""
        names = self.names()
        key = paper_of(source)
        if self.are_several and key not in names:
            return self.language.text("All papers")
        return names.get(key) or next(iter(names.values()), "")

    def name_in(self, source: Source) -> Mapping[str, str]:
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
        for (key, name), count in zip(self.names().items(), self.all, strict=True):
            yield PaneRow(AllNews(key), name, count.total, count.unread)
            if self.is_unfolded(key):
                yield from (_row(category) for category in categories if category.paper == key)

    def is_unfolded(self, key: str) -> bool:
        """Whether a paper's categories are seen."""
        return self.unfolded is None or key in self.unfolded

    def unfolding(self, key: str) -> Papers:
        """Return the papers with the categories of one seen."""
        return self if self.unfolded is None else self._replace(unfolded=self.unfolded | {key})

    def turned(self, key: str) -> Papers:
        """Return the papers with one folded that is unfolded, or unfolded."""
        before = frozenset(self.names()) if self.unfolded is None else self.unfolded
        return self._replace(unfolded=before ^ {key})


def _row(count: CategoryCount) -> PaneRow:
    return PaneRow(InCategory(count.category.slug, count.paper), count.category.name, count.total, count.unread)
