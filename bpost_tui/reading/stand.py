"""The stand: the papers that are read, by the settings, and the library opened with them laid out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bpost_tui.config import Settings
from bpost_tui.model.paper import Paper, paper_at
from bpost_tui.paths import SAMPLE

if TYPE_CHECKING:
    from bpost_tui.store.library import Library
    from bpost_tui.sync.events import PaperPlan


class Stand(NamedTuple):
    """Which papers are read."""

    papers: tuple[Paper, ...]
    """Those of the config, the preferred one first."""
    alone: Paper | None = None
    """The one that is read alone: the only one, or the one an option names; none where several are."""

    @property
    def first(self) -> Paper:
        """The paper that is read alone, else the preferred one."""
        return self.alone or self.papers[0]

    @property
    def read(self) -> tuple[Paper, ...]:
        """All that are read."""
        return self.papers if self.alone is None else (self.alone,)


def stand_of(settings: Settings, alone: str | None = None) -> Stand:
    """Return the papers that some settings name; `alone` is the address of one that is to be read alone, of these or another."""
    papers = tuple(paper_at(each.address, each.name) for each in settings.papers)
    if alone is None:
        return Stand(papers, papers[0] if len(papers) == 1 else None)
    paper = paper_at(alone)
    named = next((each for each in papers if each.key == paper.key), paper)
    return Stand(papers if settings.portals else (named,), named)


def plans_of(stand: Stand, settings: Settings) -> tuple[PaperPlan, ...]:
    """Return what is fetched of each paper that is read, as the settings of those papers say."""
    from bpost_tui.sync.events import PaperPlan, Plan  # with the sync package, which a verb that only reads needn't load

    each = zip(stand.read, settings.papers, strict=True)
    return tuple(PaperPlan(paper, Plan(said.categories), said.feed) for paper, said in each)


def sample_stand(address: str) -> Stand:
    """Return the sample edition's, which has a library and a key of its own: its address is another one each time."""
    paper = Paper(SAMPLE, address)
    return Stand((paper,), paper)


def open_library(folder: Path, stand: Stand, *, most_bytes: int | None = None) -> Library:
    """Open the library with the papers laid out; raises StoreError where its files can be opened in no mode."""
    from bpost_tui.store.library import Library  # with SQLite

    library = Library(folder, most_bytes=most_bytes, alone=stand.alone)
    library.lay_out(stand.papers)
    return library
