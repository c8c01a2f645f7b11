"""Menu of papers. Also folds (hides) and unfolds the categories of a paper in the category pane."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from bpost_tui.core import templates
from bpost_tui.core.lists.list_source import AllNewsSource, CategorySource, GroupSource, PaneSource, base_source, paper_of
from bpost_tui.core.lists.paper_list import group_key
from bpost_tui.core.wording import ONE_PAPER
from bpost_tui.tui.shared.screen_context import Handler, ScreenContext


class PaperMenu:
    """Lets the reader choose a paper, and folds the rows of papers in the category pane.

    Args:
        go_to: Goes to the list of a paper, or of one of the groups of papers in the config.
        recount: Reads the entries of the category pane again, and shows them.
    """

    def __init__(self, context: ScreenContext, go_to: Callable[[PaneSource], None], recount: Callable[[], None]) -> None:
        self._context = context
        self._go_to = go_to
        self._recount = recount

    def choose(self) -> None:
        """Ask which paper to read, and show its list; if there is only one paper, show a message."""
        if not self._are_several():
            return
        from bpost_tui.tui.dialogs.choice_menu import Choice

        language, papers = self._context.language, self._context.papers
        here = base_source(self._context.session.requested)
        own = AllNewsSource(paper_of(here)) if paper_of(here) else here
        rows = [row for row in papers.unfolded_rows(self._context.categories.rows[0]) if not isinstance(row.source, CategorySource)]
        choices: list[Choice[Handler]] = [
            Choice(partial(self._go_to, row.source), "  " * row.depth + row.name, templates.unread_of(row, language))
            for row in rows
        ]
        current = next((at for at, row in enumerate(rows) if row.source == own), 0)
        self._context.show_menu(language.text("Which paper?"), choices, {}, at=current)

    def fold(self) -> None:
        """Fold or unfold the categories of a paper, or the papers of a group.

        The row under the cursor of the category pane decides which paper or group. If the row belongs to none, fold or unfold all.
        If there is only one paper, show a message.
        """
        if not self._are_several():
            return
        session = self._context.session
        row = self._context.categories.source
        key = group_key(row.name) if isinstance(row, GroupSource) else paper_of(row)
        papers = session.outlook.papers.toggle_folded(key)
        session.outlook = session.outlook._replace(papers=papers)
        self._context.preferences.save(unfolded=tuple(sorted(papers.unfolded or ())))
        if key and not papers.is_unfolded(key) and isinstance(self._context.categories.source, CategorySource):
            self._go_to(AllNewsSource(key))
        self._recount()

    def _are_several(self) -> bool:
        several = self._context.papers.are_several
        if not several:
            self._context.show_answer(self._context.text(ONE_PAPER))
        return several
