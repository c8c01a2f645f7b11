"""The pictures of a story: the text is there at once, they come in behind it, and only where the reader wants them."""

from __future__ import annotations

import asyncio
from functools import partial

from textual import on, work
from textual.message import Message

from bpost_tui.model.blocks import Image
from bpost_tui.model.story import SavedStory, images
from bpost_tui.reading import templates
from bpost_tui.reading.actions import action_of, keys_of, shown
from bpost_tui.reading.fetcher import Fetcher
from bpost_tui.reading.image_cache import MAX_PICTURES, Coming, ImageCache, Lost, Ready
from bpost_tui.reading.listing import Listings
from bpost_tui.typeset.items import Item
from bpost_tui.ui.reader.fetching import FetchScreen
from bpost_tui.ui.reader.setup import Setup
from bpost_tui.ui.renderer import Renderer

_RESTS_S = 0.4
"""How long a story must be open before its pictures are fetched without being asked for."""


class PictureScreen(FetchScreen):
    """Shelves whose stories show their pictures: those that are kept, and those that were asked for."""

    def __init__(self, renderer: Renderer, listings: Listings, fetcher: Fetcher, image_cache: ImageCache, setup: Setup) -> None:
        super().__init__(renderer, listings, fetcher, setup)
        self._image_cache = image_cache
        self._pictures_asked: set[int] = set()
        self._pictures_hidden: set[int] = set()
        self._pictures_laid_out: object = None
        self._is_developing = False

    class Wished(Message):
        """There is a print to be made."""

    def on_mount(self) -> None:
        """Listen for wishes."""
        self._image_cache.ring = self._ring
        self._image_cache.colours = self._renderer.photo_colours or 0

    def _ring(self) -> None:
        self.post_message(self.Wished())

    def reset_type(self) -> None:
        """Set everything anew; another rung may take other pictures, or none."""
        self._image_cache.colours = self._renderer.photo_colours or 0
        self._pictures_laid_out = None
        self._lay_out()
        super().reset_type()

    # ── what is shown ───────────────────────────────────────────────────────

    def figure(self, image: Image) -> Item:
        """Return a picture as far as it is there, else a line that says so."""
        if not self._can_show:
            return templates.label(image, self._language)
        text = self._language.text
        match self._image_cache.state(image.src) if self._is_showing else None:
            case Ready(width_px, height_px):
                return templates.figure(image, (width_px, height_px), partial(self._image_cache.print_of, image.src))
            case Coming() if image.width_px:
                return templates.figure(image, (image.width_px, image.height_px), templates.nothing_yet)
            case Coming():
                return templates.label(image, self._language, said=text("coming …"))
            case Lost():
                return templates.label(image, self._language, said=text("not to be had"))
            case None:
                return templates.label(image, self._language, said=shown(keys_of(action_of("pictures"), self._keys)[0]))

    @property
    def _can_show(self) -> bool:
        return self._setup.pictures != "never" and self._renderer.photo_colours is not None

    @property
    def _addresses(self) -> list[str]:
        return [image.src for image in images(self._saved)[:MAX_PICTURES]] if self._saved is not None else []

    @property
    def _is_showing(self) -> bool:
        return self._saved is not None and self._saved.headline.id not in self._pictures_hidden

    @property
    def _picture_states(self) -> object:
        """What the story's pictures are set by."""
        story = self._saved.headline.id if self._saved is not None else None
        return story, self._is_showing, [self._image_cache.state(address) for address in self._addresses]

    def _lay_out(self) -> None:
        """Set the story again if anything has become of its pictures; the place in it stays."""
        saved = self._saved
        if saved is None:
            return
        states = self._picture_states
        if states != self._pictures_laid_out:
            self._pictures_laid_out = states
            self._story.update(self.story_items(saved))

    # ── having them ─────────────────────────────────────────────────────────

    def story_shown(self, saved: SavedStory) -> None:
        """Look for the story's pictures among those that are kept."""
        super().story_shown(saved)
        self._pictures_laid_out = self._picture_states
        if self._can_show and (addresses := self._addresses):
            asked = saved.headline.id in self._pictures_asked
            self._gather(addresses, ask=asked or self._setup.pictures == "always", at_once=asked)

    def action_pictures(self) -> None:
        """Show the pictures of this story, or hide them again."""
        text, addresses = self._language.text, self._addresses
        if self._saved is None or not addresses:
            self._say(text("This story has no pictures"))
            return
        if not self._can_show:
            never = self._setup.pictures == "never"
            self._say(text("Pictures are off in the config") if never else text("Cells show no pictures; T draws another way"))
            return
        story = self._saved.headline.id
        there = all(isinstance(self._image_cache.state(address), Ready) for address in addresses)
        if self._is_showing and (there or story in self._pictures_asked):
            self._pictures_hidden.add(story)
            self._pictures_asked.discard(story)
            self._lay_out()
            return
        self._pictures_hidden.discard(story)
        self._pictures_asked.add(story)
        self._gather(addresses, ask=True, at_once=True)

    @work(group="pictures", exclusive=True, exit_on_error=False)
    async def _gather(self, addresses: list[str], *, ask: bool, at_once: bool) -> None:
        """Show the pictures that are kept, then those the portal has, one after the other."""
        await self._image_cache.look_up(addresses)
        self._lay_out()
        if not ask:
            return
        if not at_once:
            await asyncio.sleep(_RESTS_S)
        await self._image_cache.fetch(addresses, self._lay_out)
        self._lay_out()
        if self._image_cache.trouble is not None:
            self.tell_trouble(self._image_cache.trouble)
        elif self._offline and any(isinstance(self._image_cache.state(address), Lost) for address in addresses):
            self._say(self._language.text("Offline: only pictures that were saved can be shown"))

    @on(Wished)
    def _wished(self) -> None:
        if not self._is_developing:
            self._develop()

    @work(group="prints", exit_on_error=False)
    async def _develop(self) -> None:
        """Make all prints that are wished for; each is on the screen as soon as it is made."""
        self._is_developing = True
        try:
            while await self._image_cache.develop():
                self._lay_out()
                self._story.refresh()
        finally:
            self._is_developing = False
