"""What one refresh has come to: its events gathered, so that two that run at once share nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpost_tui.errors import BPostError
from bpost_tui.reading.lists.source import AllNews, InCategory, Source

if TYPE_CHECKING:
    from bpost_tui.sync import Failed, Finished, Plan, Stored


class RefreshReport:
    """The events of one refresh.

    Args:
        plan: What was asked for.
        paper: The key of the paper it is about; empty for all.
        papers: The keys of those it asks, where these are neither one nor all.
        automatic: Whether it was asked for because it was time to, not by the reader.
    """

    def __init__(self, plan: Plan, paper: str = "", *, papers: tuple[str, ...] = (), automatic: bool = False) -> None:
        self.plan = plan
        self.paper = paper
        self.papers = (paper,) if paper else papers
        """The keys of the papers that it asks; none for all."""
        self.automatic = automatic
        self.trouble: BPostError | None = None
        """Why nothing came of it, or of a part of it."""
        self.failed_papers: list[str] = []
        """The keys of papers of which nothing came, the last one last."""
        self.new: tuple[int, ...] = ()
        """The stories that came, by number."""
        self.whole = False
        """Whether reading back came to the portal's first story."""

    def stored(self, event: Stored) -> None:
        """Take note of stories that were saved."""
        self.new += event.new

    def failed(self, event: Failed) -> None:
        """Take note of an address that couldn't be read."""
        if event.error is not None:
            self.trouble = event.error
            self.failed_papers.append(event.paper)

    def finished(self, event: Finished) -> None:
        """Take note of the end."""
        self.whole = event.whole

    @property
    def is_asked(self) -> bool:
        """Whether the reader has asked for just this, so that they wait to hear what came of it."""
        return not self.automatic and not self.plan.categories

    @property
    def source(self) -> Source:
        """The list it was about."""
        return InCategory(self.plan.categories[0], self.paper) if self.plan.categories else AllNews(self.paper)
