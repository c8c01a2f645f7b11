"""What one refresh has come to: its events gathered, so that two that run at once share nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpost_tui.errors import BPostError

if TYPE_CHECKING:
    from bpost_tui.sync import Failed, Finished, Plan, Stored


class RefreshReport:
    """The events of one refresh.

    Args:
        plan: What was asked for.
        automatic: Whether it was asked for because it was time to, not by the reader.
    """

    def __init__(self, plan: Plan, *, automatic: bool = False) -> None:
        self.plan = plan
        self.automatic = automatic
        self.trouble: BPostError | None = None
        """Why nothing came of it, or of a part of it."""
        self.new: tuple[int, ...] = ()
        """The stories that came, by number."""
        self.whole = False
        """Whether reading back came to the portal's first story."""

    def stored(self, event: Stored) -> None:
        """Take note of stories that were saved."""
        self.new += event.new

    def failed(self, event: Failed) -> None:
        """Take note of an address that couldn't be read."""
        self.trouble = event.error or self.trouble

    def finished(self, event: Finished) -> None:
        """Take note of the end."""
        self.whole = event.whole

    @property
    def is_asked(self) -> bool:
        """Whether the reader has asked for just this, so that they wait to hear what came of it."""
        return not self.automatic and not self.plan.categories

    @property
    def category(self) -> str:
        """The category it was about; empty for all news."""
        return self.plan.categories[0] if self.plan.categories else ""
