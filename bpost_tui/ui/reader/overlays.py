"""What stands over the panes: help, the palette, what the portal changed, what a program wrote."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from bpost_tui.reading import templates
from bpost_tui.reading.actions import Keys, Scope
from bpost_tui.reading.listing import Listings
from bpost_tui.reading.session import Session
from bpost_tui.typeset.items import Item
from bpost_tui.ui.reader.host import Push, Run, Say
from bpost_tui.ui.reader.panes import Panes
from bpost_tui.ui.renderer import Renderer
from bpost_tui.ui.widgets.story_view import StoryView

if TYPE_CHECKING:
    from bpost_tui.ui.dialogs.palette import Entry


class Overlays:
    """Opens dialogs; each is imported when it is first opened.

    Args:
        entries: Returns what the palette offers at once.
        look_up: Returns what the library has for what was typed into the palette; blocks.
    """

    def __init__(
        self,
        session: Session,
        listings: Listings,
        view: StoryView,
        panes: Panes,
        renderer: Renderer,
        keys: Keys,
        run: Run,
        say: Say,
        push: Push,
        *,
        entries: Callable[[], Iterable[Entry]],
        look_up: Callable[[str], Sequence[Entry]],
    ) -> None:
        self._session = session
        self._listings = listings
        self._view = view
        self._panes = panes
        self._renderer = renderer
        self._keys = keys
        self._run = run
        self._say = say
        self._push = push
        self._entries = entries
        self._look_up = look_up

    def help(self) -> None:
        """Show the keys of this place."""
        from bpost_tui.ui.dialogs.help import HelpScreen

        scope = Scope.STORY if self._panes.current == "story" else Scope.LISTS
        self._push(HelpScreen(self._renderer, self._listings.language, scope, self._keys))

    def palette(self) -> None:
        """Offer everything that can be done or gone to."""
        from bpost_tui.ui.dialogs.palette import PaletteScreen

        def do(entry: Entry | None) -> None:
            if entry is not None:
                entry.do()

        self._push(PaletteScreen(self._renderer, self._listings.language, tuple(self._entries()), self._look_up), do)

    def changes(self) -> None:
        """Show what the portal changed in the story."""
        self._run(self._changes, group="changes", exclusive=True)

    async def _changes(self) -> None:
        saved, language = self._session.story, self._listings.language
        if saved is None:
            return
        revisions = await to_thread(self._listings.revisions, saved.headline.id)
        if revisions:
            self.page(await to_thread(partial(templates.changes_page, saved, revisions, language)))
        else:
            self._say(language.text("This story hasn't changed since it was saved"))

    def page(self, items: tuple[Item, ...]) -> None:
        """Show a page over the story."""
        from bpost_tui.ui.dialogs.page import PageScreen

        self._push(PageScreen(self._renderer, items, measure=self._view.measure))
