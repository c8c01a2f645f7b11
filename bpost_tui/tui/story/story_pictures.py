"""Pictures of a story: the text is shown at once; pictures follow if the reader wants them."""

from __future__ import annotations

import asyncio
from functools import partial

from bpost_tui.core.picture_cache import MAX_PICTURES, PictureReady, PictureUnavailable
from bpost_tui.model.story import SavedStory, images
from bpost_tui.tui.shared.screen_context import ScreenContext
from bpost_tui.tui.story.picture_items import PictureItems
from bpost_tui.tui.story.story_controller import StoryController

_RESTS_S = 0.4
"""Time in seconds that a story must be open before its pictures are fetched automatically."""


class StoryPictures:
    """Shows the pictures of a story: saved pictures, and pictures that the reader has requested."""

    def __init__(self, context: ScreenContext, figures: PictureItems, story: StoryController) -> None:
        self._context = context
        self._figures = figures
        self._cache = cache = figures.cache
        self._story = story
        self._requested_addresses: set[int] = set()
        self._laid_out: object = None
        self._is_decoding = False
        cache.on_request = self._requested
        cache.colours = context.renderer.photo_colours or 0

    def type_changed(self) -> None:
        """Update the story's pictures after a change of the theme, the size of letters or the way of drawing them.

        A new way of drawing may need pictures in other colours, or be unable to show pictures.
        """
        self._cache.colours = self._context.renderer.photo_colours or 0
        self._laid_out = None
        self._lay_out()
        saved = self._context.session.story
        if saved is not None and any(self._cache.state(address) is None for address in self._addresses):
            self.load_saved(saved)

    @property
    def _addresses(self) -> list[str]:
        saved = self._context.session.story
        return [image.src for image in images(saved)[:MAX_PICTURES]] if saved is not None else []

    @property
    def _states(self) -> object:
        """Value that changes whenever a picture of the story is loaded, shown or hidden, so that the page is then typeset again."""
        saved = self._context.session.story
        return saved and saved.headline.id, self._figures.is_showing, [self._cache.state(address) for address in self._addresses]

    def _lay_out(self) -> None:
        """Typeset the story again if the state of its pictures has changed; the reader's place in the story stays."""
        if self._context.session.story is not None and self._states != self._laid_out:
            self._laid_out = self._states
            self._story.redraw()

    # ── loading ─────────────────────────────────────────────────────────────

    def load_saved(self, saved: SavedStory) -> None:
        """Show the story's saved pictures. Fetch the missing pictures if the reader requests them, by a key or in the config."""
        self._laid_out = self._states
        if self._figures.can_show and (addresses := self._addresses):
            is_requested = saved.headline.id in self._requested_addresses
            self._load(addresses, ask=is_requested or self._context.settings.pictures == "always", at_once=is_requested)

    def toggle(self) -> None:
        """Show the pictures of the story on the screen, or hide them if they are shown.

        If there are none, or pictures can't be shown, show a message.
        """
        text, addresses, saved = self._context.text, self._addresses, self._context.session.story
        if saved is None:
            self._context.show_no_story()
            return
        if not addresses:
            self._context.show_answer(text("This story has no pictures"))
            return
        if not self._figures.can_show:
            is_off = self._context.settings.pictures == "never"
            key = self._context.keys.key_label("draw_type")
            self._context.show_answer(
                text("Pictures are off in the config")
                if is_off
                else text("Cells can't show pictures; {key} draws type another way", key=key)
            )
            return
        direction = self._context.view.direction_to_pictures()
        self._context.show_answer(("", text("The pictures are further down"), text("The pictures are further up"))[direction])
        story = saved.headline.id
        all_ready = all(isinstance(self._cache.state(address), PictureReady) for address in addresses)
        if self._figures.is_showing and (all_ready or story in self._requested_addresses):
            self._figures.hidden.add(story)
            self._requested_addresses.discard(story)
            self._lay_out()
            return
        self._figures.hidden.discard(story)
        self._requested_addresses.add(story)
        self._load(addresses, ask=True, at_once=True)

    def _load(self, addresses: list[str], *, ask: bool, at_once: bool) -> None:
        self._context.run_worker(partial(self._load_all, addresses, ask, at_once), group="pictures", exclusive=True)

    async def _load_all(self, addresses: list[str], ask: bool, at_once: bool) -> None:
        """Show the saved pictures among `addresses`. If `ask`, also fetch the missing pictures one by one.

        With `at_once`, fetching begins immediately, otherwise after the story has been open for 0.4 s.
        """
        await self._cache.look_up(addresses)
        self._lay_out()
        if not ask:
            return
        if not at_once:
            await asyncio.sleep(_RESTS_S)
        await self._cache.fetch(addresses, self._lay_out)
        self._lay_out()
        if self._cache.error is not None:
            self._context.status.show_error(self._cache.error)
        elif self._context.fetcher.offline and any(
            isinstance(self._cache.state(address), PictureUnavailable) for address in addresses
        ):
            self._context.show_answer(self._context.text("Offline: only saved pictures can be shown"))

    def _requested(self) -> None:
        if not self._is_decoding:
            self._is_decoding = True
            self._context.run_worker(self._decode, group="decoding")

    async def _decode(self) -> None:
        """Decode all requested pictures; each is shown as soon as it is decoded."""
        try:
            while await self._cache.decode_next():
                self._lay_out()
                self._context.view.refresh()
        finally:
            self._is_decoding = False
