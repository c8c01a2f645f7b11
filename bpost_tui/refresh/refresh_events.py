"""What a refresh is asked for, and the events it reports."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from bpost_tui.errors import BPostError
from bpost_tui.model.paper import WORDPRESS, Paper


class BackfillRequest(NamedTuple):
    """How far back to read; without either field, to the portal's first story."""

    since: datetime | None = None
    """Back to what was published then."""
    stories: int | None = None
    """Go on where the last backfill stopped, until so many stories are new."""


class RefreshPlan(NamedTuple):
    """What to fetch."""

    categories: tuple[str, ...] = ()
    """The slugs of the categories whose feeds are read; empty means the front page's feed."""
    pages: int = 1
    """Pages of each feed. A gap to what is saved is closed in any case, by up to `feeds.CATCH_UP_PAGES`."""
    fetches_full_texts: bool = False
    """Fetch the whole text of every story that comes as a summary."""
    backfill: BackfillRequest | None = None
    """Read the feeds back into the past, in place of `pages`."""
    max_age: timedelta | None = None
    """How old stories may get before they are removed, at the end; nothing older is fetched by `is_backfill`. None keeps all."""


class PaperPlan(NamedTuple):
    """What to fetch of a paper."""

    paper: Paper
    plan: RefreshPlan
    kind: str = WORDPRESS
    """Of what kind it is, one of `portal.kinds.KINDS`."""
    interval: timedelta = timedelta(0)
    """How often its news is fetched while the reader is open; zero is only when it is asked for."""

    def with_plan(self, plan: RefreshPlan) -> PaperPlan:
        """Return this paper with another plan; where that names no categories, the paper's own are fetched."""
        return self._replace(plan=plan._replace(categories=plan.categories or self.plan.categories))


class RefreshProgress(NamedTuple):
    """A step is about to be taken."""

    done: int
    steps: int | None
    """How many steps there are, if that is known."""
    address: str
    is_backfill: bool = False
    """Whether it is a step of a backfill."""
    counts_stories: bool = False
    """Whether the steps are stories; otherwise they are pages."""
    remaining_s: float | None = None
    """How long the rest will take at the pace so far, if that is known."""
    paper: str = ""
    """The key of the paper, where several are refreshed."""


class SavedBatch(NamedTuple):
    """Stories were saved."""

    new: tuple[int, ...]
    updated: tuple[int, ...]
    paper: str = ""
    """As in `RefreshProgress`."""


class FetchFailure(NamedTuple):
    """An address could not be read, wholly or in part."""

    address: str
    reason: str
    error: BPostError | None = None
    """The error, if nothing at all could be read."""
    paper: str = ""
    """As in `RefreshProgress`."""


class RefreshResult(NamedTuple):
    """The end, always the last event."""

    fetched: int
    """Stories the portal sent."""
    new: int
    updated: int
    errors: tuple[FetchFailure, ...] = ()
    withdrawn: int = 0
    """Stories found to be on the portal no longer."""
    whole: bool = False
    """Whether a backfill came to the portal's first story."""

    @property
    def is_offline(self) -> bool:
        """Whether no paper sent a story and at least one failed, as without a network."""
        return not self.fetched and bool(self.errors)


RefreshEvent = RefreshProgress | SavedBatch | FetchFailure | RefreshResult
