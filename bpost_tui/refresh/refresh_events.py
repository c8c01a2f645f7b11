"""Plans of refreshes, and the events that a refresh reports while it runs."""

from __future__ import annotations

from datetime import datetime, timedelta

from bpost_tui.errors import BPostError
from bpost_tui.model.paper import WORDPRESS, Paper
from bpost_tui.typesetting.text.named_tuple import NamedTuple


class BackfillRequest(NamedTuple):
    """Request for a backfill, which reads old stories. If both fields are None, it reads back to the portal's first story."""

    since: datetime | None = None
    """Date of the oldest stories to read, or None for no such limit."""
    stories: int | None = None
    """Number of new stories to read, beginning at the oldest story of the last backfill; None for no such limit."""


class RefreshPlan(NamedTuple):
    """Plan of a refresh: the feeds to read, and how much of each."""

    categories: tuple[str, ...] = ()
    """Slugs of the categories whose feeds are read. If empty, the front page's feed is read."""
    pages: int = 1
    """Number of pages to read of each feed.

    If these pages don't reach back to the stories that are already saved, further pages are read, up to page
    `feed_refresh.MAX_CATCH_UP_PAGES`.
    """
    fetches_full_texts: bool = False
    """Whether to fetch the full text of every story that has only a summary in the feed."""
    backfill: BackfillRequest | None = None
    """Request to read old stories of the feeds, instead of `pages` pages of new stories; None to read new stories."""
    max_age: timedelta | None = None
    """Age after which stories are deleted at the end of the refresh, or None to keep all. A backfill reads no older stories."""


class PaperPlan(NamedTuple):
    """Plan for one paper: its address and kind, and the plan of its refresh."""

    paper: Paper
    plan: RefreshPlan
    kind: str = WORDPRESS
    """Name of the paper's kind, such as `wordpress` or `feed` (a key of `portal.kinds.KINDS`)."""
    interval: timedelta = timedelta(0)
    """Time between two refreshes while bpost is open; zero if the paper is refreshed only when the reader asks for it."""
    text_selector: str = ""
    """CSS selector of the text on the paper's pages, by the config; empty if bpost finds the text."""

    def with_plan(self, plan: RefreshPlan) -> PaperPlan:
        """Return this paper's plan with `plan` as the plan of its refresh.

        If `plan` names no categories, the categories of this paper's present plan are kept.
        """
        return self._replace(plan=plan._replace(categories=plan.categories or self.plan.categories))


class RefreshProgress(NamedTuple):
    """Event that is reported before a refresh requests a page of a feed or of WordPress's list of stories, with the progress."""

    done: int
    """Number of pages that were requested before; if `counts_stories`, the number of stories that were read before."""
    steps: int | None
    """Expected number of pages or stories in all, counted as for `done`; None if unknown."""
    address: str
    """Address that the step requests."""
    is_backfill: bool = False
    """Whether the step belongs to a backfill, which reads old stories."""
    counts_stories: bool = False
    """Whether `done` and `steps` are numbers of stories. If not, they are numbers of pages."""
    remaining_s: float | None = None
    """Time in seconds that the remaining pages or stories will take at the present speed, or None if unknown."""
    paper: str = ""
    """Key (id in the library) of the paper; empty if the refresh is of one paper only (`paper_refresh.refresh_paper`)."""


class SavedBatch(NamedTuple):
    """Event that is reported after stories were saved, with the ids of the new and of the updated stories."""

    new: tuple[int, ...]
    updated: tuple[int, ...]
    paper: str = ""
    """Key (id in the library) of the paper; empty if the refresh is of one paper only (`paper_refresh.refresh_paper`)."""


class FetchFailure(NamedTuple):
    """Event that is reported if an address couldn't be read, or could be read only in part."""

    address: str
    reason: str
    error: BPostError | None = None
    """Error if nothing at the address could be read; None if the address was read in part."""
    paper: str = ""
    """Key (id in the library) of the paper; empty if the refresh is of one paper only (`paper_refresh.refresh_paper`)."""


class RefreshResult(NamedTuple):
    """Result of a refresh. It is always the last event. The new stories are indexed and grouped only after this event."""

    fetched: int
    """Number of stories that were fetched. Items of a feed that are skipped because they haven't changed don't count."""
    new: int
    updated: int
    errors: tuple[FetchFailure, ...] = ()
    withdrawn: int = 0
    """Number of stories that were found to be withdrawn by the portal."""
    reached_first_story: bool = False
    """Whether a backfill has read back to the portal's first story."""
    is_offline: bool = False
    """Whether no paper could be read, as happens without a network. A paper without news (304, not modified) could be read."""

    @property
    def error(self) -> BPostError | None:
        """Error of the first address that couldn't be read at all, or None if each could be read."""
        return next((failure.error for failure in self.errors if failure.error), None)


RefreshEvent = RefreshProgress | SavedBatch | FetchFailure | RefreshResult
