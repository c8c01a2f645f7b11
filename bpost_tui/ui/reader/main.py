"""The reader's screen: what is asked of the portal by itself, and what stands over the panes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from random import uniform
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType

from bpost_tui.model.story import SavedStory, Shelf
from bpost_tui.reading import templates
from bpost_tui.reading.actions import ACTIONS, DIGITS, Scope, digit_id
from bpost_tui.reading.fetcher import Fetcher
from bpost_tui.reading.image_cache import ImageCache
from bpost_tui.reading.listing import ALL_SLUG, Listings, is_own
from bpost_tui.reading.wording import told
from bpost_tui.typeset.items import Item
from bpost_tui.ui.reader.programs import ProgramScreen
from bpost_tui.ui.reader.setup import Setup
from bpost_tui.ui.renderer import Renderer
from bpost_tui.ui.widgets.row_list import RowList

_FEW = 10
"""Fewer saved stories than this in a category, and its own feed is asked for."""


class MainScreen(ProgramScreen):
    """Categories, recent posts and the article."""

    # not at the panes: Textual puts all bindings together anew for each class that is derived from theirs (10 ms)
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(",".join(action.keys), action.call, action.label, id=action.id, show=False) for action in ACTIONS),
        *(Binding(key, f"digit({key})", id=digit_id(key), show=False) for key in DIGITS),
    ]

    def __init__(
        self,
        renderer: Renderer,
        listings: Listings,
        fetcher: Fetcher,
        image_cache: ImageCache,
        setup: Setup,
        *,
        themes: Callable[[], Mapping[str, str]],
    ) -> None:
        super().__init__(renderer, listings, fetcher, image_cache, setup)
        self._themes = themes

    def first_shown(self) -> None:
        """Ask the portal, once what is saved is on the screen."""
        self.action_refresh()
        if (minutes := self._setup.refresh_minutes) and not self._offline:
            # not all readers at the same second
            self.set_interval(60 * minutes * uniform(0.9, 1.1), self.refresh_by_itself)  # noqa: S311

    def action_back(self) -> None:
        """Forget the number that was typed, where there is one; else go back."""
        if self.take_count() is None:
            super().action_back()

    def story_opened(self, saved: SavedStory) -> None:
        """Fetch the whole text of a story that came as a summary."""
        super().story_opened(saved)
        if not saved.headline.full and not self._offline:
            self.complete(saved.headline.id)

    @on(RowList.Moved, "#categories")
    def _category_moved(self, event: RowList.Moved) -> None:
        self.category_chosen(event.index)

    def category_chosen(self, at: int) -> None:
        """Show the category's shelf; where little of it is saved, ask for its own feed."""
        count = self._categories.counts[at]
        slug = count.category.slug
        self.shelf_chosen(slug)
        if slug != ALL_SLUG and not is_own(slug) and count.total < _FEW and self._fetcher.is_due(slug):
            self.fetch_category(slug)

    def notice(self) -> tuple[Item, ...]:
        """What stands in an empty list."""
        if said := super().notice():
            return said
        text = self._language.text
        if self._query:
            return templates.notice(text("Nothing found"), text("Esc: back to the list · try fewer words, or Roman letters"))
        if self._shelf != Shelf():
            return templates.notice(text("Nothing here yet"), text("h: the categories · r: ask the portal"))
        if self._trouble is not None:
            help_line = text("S: read the sample edition, which needs no network · r: try again")
            why = told(self._trouble, self._language)
            return templates.notice(text("Nothing is saved yet, and the portal can't be reached."), why, help_line)
        if self._offline:
            sample = text("S: read the sample edition, which needs no network")
            return templates.notice(text("Nothing is saved yet."), text("Offline: the portal isn't asked"), sample)
        return templates.notice(text("Nothing is saved yet; the portal is being asked."))

    @work(thread=True, group="changes", exclusive=True, exit_on_error=False)
    def action_changes(self) -> None:
        """Show what the portal changed in the story."""
        saved = self._saved
        revisions = self._listings.revisions(saved.headline.id) if saved else ()
        if saved and revisions:
            self.app.call_from_thread(self._show_changes, templates.changes_page(saved, revisions, self._language))
        elif saved:
            self.app.call_from_thread(self._say, self._language.text("This story hasn't changed since it was saved"))

    def _show_changes(self, items: tuple[Item, ...]) -> None:
        from bpost_tui.ui.dialogs.page import ChangesScreen

        self.app.push_screen(ChangesScreen(self._renderer, items, measure=self._story.measure))

    def action_help(self) -> None:
        """Show the keys of this place."""
        from bpost_tui.ui.dialogs.help import HelpScreen

        place = Scope.STORY if self.pane == "story" else Scope.LISTS
        self.app.push_screen(HelpScreen(self._renderer, self._language, place, self._keys))

    def action_palette(self) -> None:
        """Offer everything that can be done or gone to."""
        from bpost_tui.ui.dialogs.palette import PaletteScreen, entries, from_library

        def do(call: str | None) -> None:
            if call is not None:
                self.run_worker(self.run_action(call), group="palette")

        offered = entries(self._language, self._keys, self._categories.counts, self._themes())
        self.app.push_screen(PaletteScreen(self._renderer, self._language, offered, partial(from_library, self._listings)), do)
