"""Goes to a category: by its number, by its row in the category pane, or to the next category with unread stories."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Callable
from functools import partial

from bpost_tui.core.lists.list_source import ListSource, PaneSource, is_portal_list, paper_of
from bpost_tui.core.wording import paper_faults
from bpost_tui.tui.lists.list_controller import ListController
from bpost_tui.tui.shared.screen_context import ScreenContext

_FEW = 10
"""Number of saved stories of a category below which the category's own feed is fetched when the reader chooses the category."""


class CategoryChooser:
    """Shows the list of the category that the reader chooses.

    Args:
        refresh: Fetches the feed that a paper's website has for one category, unless that feed was fetched lately.
    """

    def __init__(self, context: ScreenContext, lists: ListController, refresh: Callable[[ListSource], None]) -> None:
        self._context = context
        self._lists = lists
        self._refresh = refresh

    def go_to(self, at: int) -> None:
        """Show the list of row `at` (from 0) of the category pane; if there is no such row, show a message."""
        if at >= self._context.categories.row_count():
            self._context.show_answer(self._context.text("There is no category {n}", n=at + 1))
            return
        if at != self._context.categories.cursor:
            self._context.categories.select(self._context.categories.rows[at].source)
            self.choose(at)
        self._context.panes.go("posts")

    def go_to_source(self, source: PaneSource) -> None:
        """Show the list of `source`, even if its row in the category pane is hidden because the paper or group is folded."""
        at = self._context.categories.index_of(source)
        if at is not None:
            self.go_to(at)
            return
        self._context.session.is_tour_due = False
        self._context.prompt.close()
        self._lists.choose(source)
        self._context.panes.go("posts")

    def go_to_unread(self) -> None:
        """Go to the next category, paper or group of papers that has unread stories; after the last, continue with the first.

        If no other has unread stories, show a message. The reader's own lists, saved searches and the list of all news are skipped.
        """
        rows, here = self._context.categories.rows, self._context.categories.cursor
        order = (*range(here + 1, len(rows)), *range(1, here))  # 0 is all news
        found = (at for at in order if rows[at].unread and is_portal_list(rows[at].source))
        at = next(found, None)
        if at is None:
            self._context.show_answer(self._context.text("No other category has unread stories"))
        else:
            self.go_to(at)

    def choose(self, at: int) -> None:
        """Show the list of row `at` (from 0) of the category pane, and the faults of its paper, such as failed requests.

        If few of a category's stories are saved, also fetch the category's own feed.
        """
        row = self._context.categories.rows[at]
        self._context.session.is_tour_due = False
        self._context.prompt.close()
        self._lists.choose(row.source)
        if row.total < _FEW:
            self._refresh(row.source)
        if row.has_fault and paper_of(row.source):
            self._context.run_worker(partial(self._show_faults, row.name, paper_of(row.source)), group="faults", exclusive=True)

    async def _show_faults(self, name: str, key: str) -> None:
        health = (await to_thread(self._context.library.paper_health)).get(key)
        if health is not None and (found := [*paper_faults(health, self._context.listings.clock(), self._context.language)]):
            moves = self._context.keys.key_label("move_paper") if health.moved_to else ""
            remedy = self._context.text("{key}: move the paper there", key=moves) if moves else "bpost portals"
            self._context.show_answer(f"{name}: {'; '.join(found)} · {remedy}")
