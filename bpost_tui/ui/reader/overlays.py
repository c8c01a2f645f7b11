"""What stands over the panes: help, the palette, what the portal changed, what a program wrote."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from bpost_tui.model.diff import Steps
from bpost_tui.reading import templates
from bpost_tui.reading.actions import Keys, Scope
from bpost_tui.reading.listing import Listings
from bpost_tui.reading.session import Session
from bpost_tui.store.results import OwnList
from bpost_tui.typeset.items import Item
from bpost_tui.ui.reader.host import Host, Push, Run, Say
from bpost_tui.ui.reader.panes import Panes
from bpost_tui.ui.renderer import Renderer
from bpost_tui.ui.widgets.category_list import CategoryList
from bpost_tui.ui.widgets.story_view import StoryView

if TYPE_CHECKING:
    from bpost_tui.ui.dialogs.palette import Entry


class Overlays:
    """Opens dialogs; each is imported when it is first opened.

    Args:
        do: Does an action by its id.
        go_to_category: Goes to a row of the categories.
        rename_list: Asks for another name of one of the reader's own lists.
        delete_list: Deletes one.
        find: Shows what a query finds.
        open_story: Opens a story by its number.
        paper_entries: Yields what the palette offers to change which papers are read.
    """

    def __init__(
        self,
        session: Session,
        listings: Listings,
        categories: CategoryList,
        view: StoryView,
        panes: Panes,
        renderer: Renderer,
        keys: Keys,
        run: Run,
        say: Say,
        push: Push,
        host: Host,
        *,
        do: Callable[[str], None],
        go_to_category: Callable[[int], None],
        rename_list: Callable[[OwnList], None],
        delete_list: Callable[[OwnList], None],
        find: Callable[[str], None],
        open_story: Callable[[int], None],
        paper_entries: Callable[[], Iterable[Entry]],
    ) -> None:
        self._session = session
        self._listings = listings
        self._categories = categories
        self._view = view
        self._panes = panes
        self._renderer = renderer
        self._keys = keys
        self._run = run
        self._say = say
        self._push = push
        self._host = host
        self._do = do
        self._go_to_category = go_to_category
        self._rename_list = rename_list
        self._delete_list = delete_list
        self._find = find
        self._open_story = open_story
        self._paper_entries = paper_entries

    def help(self) -> None:
        """Show the keys of this place."""
        from bpost_tui.ui.dialogs.help import HelpScreen

        scope = Scope.STORY if self._panes.current == "story" else Scope.LISTS
        self._push(HelpScreen(self._renderer, self._listings.language, scope, self._keys))

    def palette(self) -> None:
        """Offer everything that can be done or gone to."""
        from bpost_tui.ui.dialogs import palette

        language = self._listings.language
        entries = (
            *palette.action_entries(language, self._keys, self._do),
            *palette.category_entries(language, self._categories.counts, self._go_to_category),
            *palette.list_entries(language, self._categories.counts, self._rename_list, self._delete_list),
            *self._paper_entries(),
            *palette.theme_entries(language, self._host.theme_switcher.labels, self._host.theme_switcher.choose),
        )
        look_up = partial(palette.library_entries, self._listings, find=self._find, open_story=self._open_story)

        def do(entry: palette.Entry | None) -> None:
            if entry is not None:
                entry.do()

        self._push(palette.PaletteScreen(self._renderer, language, entries, look_up), do)

    def changes(self) -> None:
        """Show what the portal changed in the story."""
        self._run(self._changes, group="changes", exclusive=True)

    async def _changes(self) -> None:
        saved, language = self._session.story, self._listings.language
        if saved is None:
            return
        revisions = await to_thread(self._listings.revisions, saved.headline.id)
        if revisions:
            steps = Steps()
            try:
                page = await to_thread(partial(templates.changes_page, saved, revisions, language, steps))
            finally:
                steps.stop()  # where the reader has left, the thread ends soon
            self.page(page, begin=templates.first_change(page))
        else:
            self._say(language.text("This story hasn't changed since it was saved"))

    def page(self, items: tuple[Item, ...], *, begin: int = 0) -> None:
        """Show a page over the story, from an item on."""
        from bpost_tui.ui.dialogs.page import PageScreen

        self._push(PageScreen(self._renderer, items, measure=self._view.measure, begin=begin))
