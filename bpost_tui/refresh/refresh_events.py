"""Plans of refreshes, and the events that a refresh reports."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from bpost_tui.errors import BPostError
from bpost_tui.model.paper import WORDPRESS, Paper


class BackfillRequest(NamedTuple):
    """Request for a backfill; without either field, it goes back to the portal's first story."""

    since: datetime | None = None
    """Date to read back to."""
    stories: int | None = None
    """Number of new stories to read, from the last backfill's end on."""


class RefreshPlan(NamedTuple):
    """Plan of a refresh: feeds to read, and how thoroughly."""

    categories: tuple[str, ...] = ()
    """Slugs of the categories to read the feeds of; empty means the front page's feed."""
    pages: int = 1
    """Number of pages of each feed; up to `feed_refresh.MAX_CATCH_UP_PAGES` more are read to close a gap to the saved stories."""
    fetches_full_texts: bool = False
    """Whether to fetch the full text of every story that comes as a summary."""
    backfill: BackfillRequest | None = None
    """Request to read the feeds back into the past, in place of `pages`; None reads new stories."""
    max_age: timedelta | None = None
    """Age after which stories are deleted at the end of the refresh; a backfill goes back no farther. None keeps all."""


class PaperPlan(NamedTuple):
    """Plan of a refresh of one paper."""

    paper: Paper
    plan: RefreshPlan
    kind: str = WORDPRESS
    """Kind of the paper, one of `portal.kinds.KINDS`."""
    interval: timedelta = timedelta(0)
    """Interval of refreshes while the reader is open; zero if the paper is refreshed on request only."""

    def with_plan(self, plan: RefreshPlan) -> PaperPlan:
        """Return the plan of this paper with `plan` in its place; if `plan` names no categories, the paper's own are kept."""
        return self._replace(plan=plan._replace(categories=plan.categories or self.plan.categories))


class RefreshProgress(NamedTuple):
    """Event before a step."""

    done: int
    """Number of steps done."""
    steps: int | None
    """Number of all steps, or None if unknown."""
    address: str
    """Address that is requested."""
    is_backfill: bool = False
    """Whether the step belongs to a backfill."""
    counts_stories: bool = False
    """Whether the steps are stories; otherwise they are pages."""
    remaining_s: float | None = None
    """Time in seconds that the rest will take at the present pace, or None if unknown."""
    paper: str = ""
    """Key of the paper; empty in a refresh of one paper alone."""


class SavedBatch(NamedTuple):
    """Event after stories were saved, with their numbers."""

    new: tuple[int, ...]
    updated: tuple[int, ...]
    paper: str = ""
    """Key of the paper, as in `RefreshProgress`."""


class FetchFailure(NamedTuple):
    """Event after an address couldn't be read, entirely or in part."""

    address: str
    reason: str
    error: BPostError | None = None
    """Error if nothing could be read; None if only a part couldn't."""
    paper: str = ""
    """Key of the paper, as in `RefreshProgress`."""


class RefreshResult(NamedTuple):
    """Result of a refresh, always the last event."""

    fetched: int
    """Number of stories that the portal sent."""
    new: int
    updated: int
    errors: tuple[FetchFailure, ...] = ()
    withdrawn: int = 0
    """Number of stories found withdrawn by the portal."""
    whole: bool = False
    """Whether a backfill reached the portal's first story."""

    @property
    def is_offline(self) -> bool:
        """Whether no paper sent a story and at least one failed, as without a network."""
        return not self.fetched and bool(self.errors)


RefreshEvent = RefreshProgress | SavedBatch | FetchFailure | RefreshResult
