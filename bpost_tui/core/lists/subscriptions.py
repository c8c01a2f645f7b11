"""The stand: the papers that are read, by the settings, and the library opened with them laid out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from bpost_tui.config import PortalSetting, Settings
from bpost_tui.core.wording import paper_name
from bpost_tui.errors import StoreError, UsageError
from bpost_tui.i18n import Language
from bpost_tui.model.paper import Paper, paper_at
from bpost_tui.paths import SAMPLE
from bpost_tui.urls import feed_address, portal_key

if TYPE_CHECKING:
    from bpost_tui.refresh.refresh_events import PaperPlan
    from bpost_tui.store.library import Library


class Subscriptions(NamedTuple):
    """Which papers are read."""

    papers: tuple[Paper, ...]
    """Those of the config, the preferred one first."""
    single: Paper | None = None
    """The one that is read alone: the only one, or the one an option names; none where several are."""
    groups: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    """The keys of each group's papers, by its name."""

    @property
    def first(self) -> Paper:
        """The paper that is read alone, else the preferred one."""
        return self.single or self.papers[0]

    @property
    def selected(self) -> tuple[Paper, ...]:
        """All that are read."""
        return self.papers if self.single is None else (self.single,)


def select_papers(settings: Settings, alone: str | None = None) -> Subscriptions:
    """Return the papers that some settings name; `single` is the address of one that is to be read alone, of these or another."""
    papers = tuple(paper_at(each.address, each.name) for each in settings.papers)
    if alone is None:
        return Subscriptions(papers, papers[0] if len(papers) == 1 else None, _groups(settings.papers))
    paper = paper_at(alone)
    named = next((each for each in papers if each.key == paper.key), paper)
    return Subscriptions(papers if settings.portals else (named,), named)


def _groups(papers: Sequence[PortalSetting]) -> Mapping[str, tuple[str, ...]]:
    found = dict[str, list[str]]()
    for paper in papers:
        for name in paper.groups:
            found.setdefault(name, []).append(paper.key)
    return MappingProxyType({name: tuple(keys) for name, keys in found.items()})


def paper_named(asked: str, names: Mapping[str, str], papers: Sequence[PortalSetting]) -> PortalSetting | None:
    """Return the paper that is meant by a name (those of `names`, by the papers' keys), a key or an address; None for none."""
    called = {name.casefold(): key for key, name in names.items()}
    keys = {asked, called.get(asked.casefold())}
    with suppress(UsageError):
        keys.add(portal_key(feed_address(asked)))
    return next((paper for paper in papers if paper.key in keys), None)


def paper_names(papers: Sequence[PortalSetting], folder: Path, language: Language) -> Mapping[str, str]:
    """Return the papers' names by their keys: what the reader calls them, else themselves, as the library in a folder knows."""
    said: Mapping[str, str] = {}
    if (folder / "stories.db").exists() and not all(paper.name for paper in papers):
        from bpost_tui.store.library import Library  # with SQLite

        with suppress(StoreError), Library(folder, read_only=True) as library:
            said = library.feed_titles()
    return {each.key: paper_name(each.address, language, given=each.name, own_name=said.get(each.key, "")) for each in papers}


def paper_plans(subscriptions: Subscriptions, settings: Settings) -> tuple[PaperPlan, ...]:
    """Return what is fetched of each paper that is read, as the settings of those papers say."""
    from bpost_tui.refresh.refresh_events import (  # with the sync package, which a verb that only reads needn't load
        PaperPlan,
        RefreshPlan,
    )

    usual, each = settings.refresh_minutes, zip(subscriptions.selected, settings.papers, strict=True)
    minutes = ((paper, said, usual if said.refresh_minutes is None else said.refresh_minutes) for paper, said in each)
    return tuple(
        PaperPlan(paper, RefreshPlan(said.categories), said.kind, timedelta(minutes=often)) for paper, said, often in minutes
    )


def sample_selection(address: str) -> Subscriptions:
    """Return the sample edition's, which has a library and a key of its own: its address is another one each time."""
    paper = Paper(SAMPLE, address)
    return Subscriptions((paper,), paper)


def open_library(folder: Path, subscriptions: Subscriptions, *, most_bytes: int | None = None) -> Library:
    """Open the library in `folder`, and set the papers that it may hold; raises StoreError if its files can't be opened at all."""
    from bpost_tui.store.library import Library  # with SQLite

    library = Library(folder, most_bytes=most_bytes, alone=subscriptions.single)
    library.set_subscriptions(subscriptions.papers)
    return library


@contextmanager
def reported_library(
    folder: Path, subscriptions: Subscriptions, settings: Settings, language: Language, report: Callable[[str], None]
) -> Iterator[Library]:
    """Open the library in `folder` for the block, then report problems of its files, also if the block fails. Raises StoreError.

    A damaged file is set aside once, so this is the only chance to report it.
    """
    with open_library(folder, subscriptions, most_bytes=settings.library_mb << 20) as library:
        try:
            yield library
        finally:
            for notice in library.notices:
                report(language.reason(notice))
