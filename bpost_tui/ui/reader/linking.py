"""Following the links of a story: by letters, from their list, by a click. The portal's own stories open in place."""

from __future__ import annotations

from contextlib import suppress

from textual import on, work
from textual.worker import WorkerCancelled, WorkerFailed

from bpost_tui.errors import BPostError
from bpost_tui.model.links import links_of, shown_host
from bpost_tui.reading.fetcher import Fetcher
from bpost_tui.reading.keyboards import layouts_of
from bpost_tui.reading.listing import Listings
from bpost_tui.ui.reader.places import PlaceScreen
from bpost_tui.ui.reader.setup import Setup
from bpost_tui.ui.renderer import Renderer
from bpost_tui.ui.widgets.story_view import StoryView
from bpost_tui.urls import category_of, clean_link, is_of_site


class LinkScreen(PlaceScreen):
    """Stories whose links can be followed."""

    def __init__(self, renderer: Renderer, listings: Listings, fetcher: Fetcher, setup: Setup) -> None:
        super().__init__(renderer, listings, setup, offline=fetcher.offline)
        self._fetcher = fetcher
        self._layouts = layouts_of(setup.keyboard)

    @work(group="links", exclusive=True, exit_on_error=False)
    async def action_hints(self) -> None:
        """Put letters on the links in sight, and follow the one whose letters are typed."""
        from bpost_tui.ui.dialogs.link_hints import HintScreen

        self.go("story")
        await self._story_shown()
        addresses = self._story.links_in_sight()
        said = self._said
        if not addresses:
            self._say(self._language.text("There is no link in sight"))
            return

        def chosen(address: str | None) -> None:
            self._say(said)
            if address is not None:
                self.follow(address)

        self._say(self._language.text("Type a link's letters · Esc: leave"))
        self.app.push_screen(HintScreen(addresses, self._story.label, self._layouts), chosen)

    @work(group="links", exclusive=True, exit_on_error=False)
    async def action_links(self) -> None:
        """List the links of the story."""
        from bpost_tui.ui.dialogs.link_list import LinksScreen

        await self._story_shown()
        links = links_of(self._saved.blocks) if self._saved else ()
        if not links:
            self._say(self._language.text("This story has no links"))
            return

        def chosen(choice: tuple[str, str] | None) -> None:
            if choice is not None:
                how, address = choice
                self.follow(address) if how == "follow" else self._browse(address)

        def copy(address: str) -> None:
            self._copy(address, self._language.text("The address is copied"))

        self.app.push_screen(LinksScreen(self._renderer, self._language, links, copy), chosen)

    async def _story_shown(self) -> None:
        """Wait until the story asked for is the one on the screen: the key may follow on another at once."""
        for worker in [worker for worker in self.workers if worker.group == "story" and not worker.is_finished]:
            with suppress(WorkerCancelled, WorkerFailed):
                await worker.wait()

    @on(StoryView.LinkClicked)
    def _link_clicked(self, event: StoryView.LinkClicked) -> None:
        self.follow(event.address)

    # ── following ───────────────────────────────────────────────────────────

    def follow(self, address: str) -> None:
        """Open a link: a story or category of the portal's in place, anything else in the browser."""
        slug = category_of(address) if is_of_site(address, self._fetcher.address) else None
        at = next((at for at, count in enumerate(self._categories.counts) if slug and count.category.slug == slug), None)
        if at is not None:
            self.remember_place()
            self.action_category(at)
        else:
            self._look_up_link(address)

    @work(thread=True, group="follow", exclusive=True, exit_on_error=False)
    def _look_up_link(self, address: str) -> None:
        story = self._listings.find(address)
        self.app.call_from_thread(self._open_link, address, story)

    def _open_link(self, address: str, story: int | None) -> None:
        if story is not None:
            self.remember_place()
            self.action_story(story)
        elif is_of_site(address, self._fetcher.address) and not self._offline:
            self._fetch_link(address)
        else:
            self._browse(address)

    @work(group="follow", exclusive=True, exit_on_error=False)
    async def _fetch_link(self, address: str) -> None:
        """Fetch and save a story of the portal's that isn't saved yet, and open it; what is none goes to the browser."""
        self._say(self._language.text("Asking the portal …"))
        try:
            story = await self._fetcher.fetch_link(address)
        except BPostError as error:
            self.tell_trouble(error)
            return
        self._say("")
        if story is None:
            self._browse(address)
        else:
            self._open_link(address, story)

    def _browse(self, address: str) -> None:
        """Open an address in the browser; it is checked once more, whatever it went through."""
        if clean_link(address) is not None:
            self.app.open_url(address)
            self._say(self._language.text("Opened in the browser: {host}", host=shown_host(address)))
