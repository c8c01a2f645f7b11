"""Dialogs over the panes: help, command palette, and the list of the portal's changes to a story."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from bpost_tui.core import templates
from bpost_tui.core.keys.actions import Scope
from bpost_tui.core.lists.list_source import PaneSource
from bpost_tui.model.own_list import OwnList
from bpost_tui.model.text_diff import DiffBudget
from bpost_tui.tui.shared.screen_context import ScreenContext

if TYPE_CHECKING:
    from bpost_tui.tui.dialogs.palette import PaletteEntry


class HelpAndPalette:
    """Opens dialogs; each dialog module is imported when it is first opened.

    Args:
        go_to_category: Shows a list, given as the source of a row in the category pane.
        rename_list: Asks for a new name for one of the reader's own lists, and renames it.
        delete_list: Deletes one of the reader's own lists.
        find: Shows the results of a query.
        open_story: Opens a story by its id.
        paper_entries: Yields the palette's entries that add, rename and remove papers.
        settings: Shows the settings.
    """

    def __init__(
        self,
        context: ScreenContext,
        *,
        go_to_category: Callable[[PaneSource], None],
        rename_list: Callable[[OwnList], None],
        delete_list: Callable[[OwnList], None],
        find: Callable[[str], None],
        open_story: Callable[[int], None],
        paper_entries: Callable[[], Iterable[PaletteEntry]],
        settings: Callable[[], None],
    ) -> None:
        self._context = context
        self._go_to_category = go_to_category
        self._rename_list = rename_list
        self._delete_list = delete_list
        self._find = find
        self._open_story = open_story
        self._paper_entries = paper_entries
        self._settings = settings

    def help(self) -> None:
        """Show the help, with the keys of the current pane."""
        from bpost_tui.tui.dialogs.help import HelpScreen

        scope = Scope.STORY if self._context.panes.current == "story" else Scope.LISTS
        self._context.push(HelpScreen(self._context.renderer, self._context.language, scope, self._context.keys))

    def palette(self, do: Callable[[str], None]) -> None:
        """Show the palette, with all actions and lists. The function `do` runs an action by its id."""
        from bpost_tui.tui.dialogs import palette

        language, rows = self._context.language, self._context.categories.rows
        shown = {row.source for row in rows}
        folded = [row for row in self._context.papers.unfolded_rows(rows[0]) if row.source not in shown] if rows else []
        entries = (
            *palette.action_entries(language, self._context.keys, do),
            *palette.category_entries(language, (*rows, *folded), self._go_to_category),
            *palette.list_entries(language, self._context.categories.rows, self._rename_list, self._delete_list),
            *self._paper_entries(),
            palette.language_entry(language, self._settings),
            *palette.theme_entries(language, self._context.theme_switcher.labels, self._context.theme_switcher.choose),
        )
        look_up = partial(palette.library_entries, self._context.listings, find=self._find, open_story=self._open_story)

        def chosen(entry: palette.PaletteEntry | None) -> None:
            if entry is not None:
                entry.run()

        run_search = partial(self._context.run_worker, group="palette", exclusive=True)
        self._context.push(palette.PaletteScreen(self._context.renderer, language, entries, look_up, run_search), chosen)

    def changes(self) -> None:
        """Show the changes that the portal has made to the current story since the reader read it, or else since it was saved.

        If there are none, show a message.
        """
        self._context.run_worker(self._changes, group="changes", exclusive=True)

    async def _changes(self) -> None:
        saved, language = self._context.session.story, self._context.language
        if saved is None:
            self._context.show_no_story()
            return
        read = saved.version_read
        revisions = (read,) if read is not None else await to_thread(self._context.listings.revisions, saved.headline.id)
        if revisions:
            steps = DiffBudget()
            try:
                page = await to_thread(partial(templates.changes_page, saved, revisions, language, steps))
            finally:
                steps.stop()  # if the reader has left the page, the thread ends soon
            self._context.show_page(page, begin=templates.first_change(page))
        else:
            self._context.show_answer(language.text("This story hasn't changed since it was saved"))
