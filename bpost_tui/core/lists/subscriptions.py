"""Subscriptions: the papers that the settings name, and the library opened for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from bpost_tui.config import PortalSetting, Settings
from bpost_tui.core.wording import paper_name
from bpost_tui.errors import StoreError, UsageError
from bpost_tui.i18n import Language, Reason
from bpost_tui.model.paper import Paper, paper_at
from bpost_tui.paths import SAMPLE
from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.urls import feed_address, portal_key

if TYPE_CHECKING:
    from bpost_tui.refresh.refresh_events import PaperPlan
    from bpost_tui.store.library import Library


class Subscriptions(NamedTuple):
    """Papers of the config, and the papers selected for this session."""

    papers: tuple[Paper, ...]
    """Papers of the config, the preferred one first."""
    alone: Paper | None = None
    """Paper that is read alone in this session because a command-line option names it; None without this option."""
    groups: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    """Maps the name of each group to the keys of its papers."""

    @property
    def single(self) -> Paper | None:
        """Paper to read: the only subscribed paper, or the paper that the command line names; None if several papers are read."""
        return self.alone or (self.papers[0] if len(self.papers) == 1 else None)

    @property
    def first(self) -> Paper:
        """The only paper that is read, or the preferred paper if several are read."""
        return self.single or self.papers[0]

    @property
    def selected(self) -> tuple[Paper, ...]:
        """Papers that are read in this session."""
        return self.papers if self.single is None else (self.single,)


def select_papers(settings: Settings, alone: str | None = None) -> Subscriptions:
    """Return the papers that `settings` name, with the paper at the address `alone` as the only one to show; None shows all.

    The paper at `alone` needn't be in the config.
    """
    papers = tuple(paper_at(each.address, each.name) for each in settings.papers)
    if alone is None:
        return Subscriptions(papers, groups=_groups(settings.papers))
    paper = paper_at(alone)
    named = next((each for each in papers if each.key == paper.key), paper)
    return Subscriptions(papers if settings.portals else (named,), named)


def _groups(papers: Sequence[PortalSetting]) -> Mapping[str, tuple[str, ...]]:
    found = dict[str, list[str]]()
    for paper in papers:
        for name in paper.groups:
            found.setdefault(name, []).append(paper.key)
    return MappingProxyType({name: tuple(keys) for name, keys in found.items()})


def paper_named(name: str, names: Mapping[str, str], papers: Sequence[PortalSetting]) -> PortalSetting | None:
    """Return the paper of `papers` whose key or address is `name`, or else the paper with that name; None if there is none.

    `names` maps papers' keys to their names. Raises UsageError if several papers have that name.
    """
    keys = {name}
    with suppress(UsageError):
        keys.add(portal_key(feed_address(name)))
    if (found := next((paper for paper in papers if paper.key in keys), None)) is not None:
        return found
    called = [paper for paper in papers if names.get(paper.key, "").casefold() == name.casefold()]
    if len(called) > 1:
        addresses = ", ".join(paper.address for paper in called)
        hint = Reason("Use an address: {addresses}", addresses=addresses)
        raise UsageError(Reason("several papers are called “{name}”", name=name), hint=hint)
    return next(iter(called), None)


def paper_names(papers: Sequence[PortalSetting], folder: Path, language: Language) -> Mapping[str, str]:
    """Return the papers' names by key.

    A name is the name in the config, else the title of the paper's feed in the library in `folder`, else the host of the address.
    """
    titles: Mapping[str, str] = {}
    if (folder / "stories.db").exists() and not all(paper.name for paper in papers):
        from bpost_tui.store.library import Library  # imported late, with SQLite

        with suppress(StoreError), Library(folder, read_only=True) as library:
            titles = library.feed_titles()
    return {
        each.key: paper_name(each.address, language, configured_name=each.name, own_name=titles.get(each.key, ""))
        for each in papers
    }


def paper_plans(subscriptions: Subscriptions, settings: Settings) -> tuple[PaperPlan, ...]:
    """Return the refresh plan of each paper that `subscriptions` selects.

    Settings for a single paper take precedence over the general ones.
    """
    from bpost_tui.refresh.refresh_events import (  # imported late: commands that only read don't need it
        PaperPlan,
        RefreshPlan,
    )

    usual, each = settings.refresh_minutes, zip(subscriptions.selected, settings.papers, strict=True)
    minutes = ((paper, setting, usual if setting.refresh_minutes is None else setting.refresh_minutes) for paper, setting in each)
    return tuple(
        PaperPlan(paper, RefreshPlan(setting.categories), setting.kind, timedelta(minutes=interval), setting.text)
        for paper, setting, interval in minutes
    )


def sample_subscriptions(first: str, second: str) -> Subscriptions:
    """Return the subscriptions to the two papers of the sample edition (news for trying bpost without a network).

    `first` and `second` are the papers' addresses.

    The first paper has a fixed key, not one made from the address, because libraries of earlier versions have its stories.
    """
    return Subscriptions((Paper(SAMPLE, first), paper_at(second)))


def open_library(
    folder: Path, subscriptions: Subscriptions, *, most_bytes: int | None = None, tracks_changes: bool = True
) -> Library:
    """Open the library in `folder` for the papers in `subscriptions`. Raises StoreError if its files can't be opened.

    `most_bytes` is the size of the library in bytes above which no more stories are saved; None for no limit. `tracks_changes` is
    whether changes of read stories are tracked.
    """
    from bpost_tui.store.library import Library  # imported late, with SQLite

    library = Library(folder, most_bytes=most_bytes, alone=subscriptions.alone)
    library.set_subscriptions(subscriptions.papers)
    library.set_tracking(tracks_changes)
    return library


@contextmanager
def reported_library(
    folder: Path, subscriptions: Subscriptions, settings: Settings, language: Language, report: Callable[[str], None]
) -> Iterator[Library]:
    """Open the library in `folder` for a `with` block, and call `report` with problems of its files before and after the block.

    `settings` limit the library's size, and decide whether changes of read stories are tracked. Problems are reported even if the
    block failed. A damaged file is moved away when the library is opened, so the next start can't report it any more.

    Raises:
        StoreError: The library can't be opened.
    """
    tracks_changes = settings.changed_since_read
    with open_library(folder, subscriptions, most_bytes=settings.library_mb << 20, tracks_changes=tracks_changes) as library:
        found_on_opening = library.notices
        try:
            for notice in found_on_opening:
                report(language.reason(notice))
            yield library
        finally:
            for notice in library.notices[len(found_on_opening) :]:
                report(language.reason(notice))
