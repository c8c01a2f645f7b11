"""The pictures of a story: the text is there at once, they come in behind it, and only where the reader wants them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from bpost_tui.errors import BPostError
from bpost_tui.i18n import Language
from bpost_tui.model.blocks import Image
from bpost_tui.model.story import SavedStory, images
from bpost_tui.reading import templates
from bpost_tui.reading.actions import Keys
from bpost_tui.reading.image_cache import MAX_PICTURES, Coming, ImageCache, Lost, Ready
from bpost_tui.reading.session import Session
from bpost_tui.typeset.items import Item
from bpost_tui.ui.reader.host import Run, Say
from bpost_tui.ui.reader.settings import PictureMode
from bpost_tui.ui.reader.story import StoryReader
from bpost_tui.ui.renderer import Renderer

_RESTS_S = 0.4
"""How long a story must be open before its pictures are fetched without being asked for."""


class Images:
    """Shows the pictures of stories: those that are saved, and those that were asked for.

    Args:
        mode: When they are fetched.
        offline: Whether no request is ever made.
        tell_trouble: Says what went wrong.
    """

    def __init__(
        self,
        cache: ImageCache,
        session: Session,
        story: StoryReader,
        renderer: Renderer,
        language: Language,
        keys: Keys,
        run: Run,
        say: Say,
        *,
        mode: PictureMode,
        offline: bool,
        tell_trouble: Callable[[BPostError], None],
    ) -> None:
        self._cache = cache
        self._session = session
        self._story = story
        self._renderer = renderer
        self._language = language
        self._keys = keys
        self._run = run
        self._say = say
        self._mode = mode
        self._offline = offline
        self._tell_trouble = tell_trouble
        self._asked: set[int] = set()
        self._hidden: set[int] = set()
        self._laid_out: object = None
        self._is_decoding = False
        cache.on_request = self._requested
        cache.colours = renderer.photo_colours or 0

    # ── what is shown ───────────────────────────────────────────────────────

    def figure(self, image: Image) -> Item:
        """Return a picture as far as it is there, else a line that says so."""
        text, label = self._language.text, partial(templates.label, image, self._language)
        if not self._can_show:
            return label()
        match self._cache.state(image.src) if self._is_showing else None:
            case Ready(width_px, height_px):
                return templates.figure(image, (width_px, height_px), partial(self._cache.scaled, image.src))
            case Coming() if image.width_px:
                return templates.figure(image, (image.width_px, image.height_px), templates.nothing_yet)
            case Coming():
                return label(said=text("loading …"))
            case Lost():
                return label(said=text("not available"))
            case None:
                return label(said=text("{key}: show it", key=self._keys.shown("pictures")))

    def type_changed(self) -> None:
        """Take the pictures that the terminal shows now; another way of drawing may take others, or none."""
        self._cache.colours = self._renderer.photo_colours or 0
        self._laid_out = None
        self._lay_out()

    @property
    def _can_show(self) -> bool:
        return self._mode != "never" and self._renderer.photo_colours is not None

    @property
    def _addresses(self) -> list[str]:
        saved = self._session.story
        return [image.src for image in images(saved)[:MAX_PICTURES]] if saved is not None else []

    @property
    def _is_showing(self) -> bool:
        saved = self._session.story
        return saved is not None and saved.headline.id not in self._hidden

    @property
    def _states(self) -> object:
        """What the story's pictures are set by."""
        saved = self._session.story
        return saved and saved.headline.id, self._is_showing, [self._cache.state(address) for address in self._addresses]

    def _lay_out(self) -> None:
        """Set the story again if anything has become of its pictures; the place in it stays."""
        if self._session.story is not None and self._states != self._laid_out:
            self._laid_out = self._states
            self._story.set_again()

    # ── having them ─────────────────────────────────────────────────────────

    def look_for(self, saved: SavedStory) -> None:
        """Look for a story's pictures among those that are saved."""
        self._laid_out = self._states
        if self._can_show and (addresses := self._addresses):
            asked = saved.headline.id in self._asked
            self._gather(addresses, ask=asked or self._mode == "always", at_once=asked)

    def toggle(self) -> None:
        """Show the pictures of this story, or hide them again."""
        text, addresses, saved = self._language.text, self._addresses, self._session.story
        if saved is None or not addresses:
            self._say(text("This story has no pictures"))
            return
        if not self._can_show:
            is_off = self._mode == "never"
            self._say(
                text("Pictures are off in the config") if is_off else text("Cells can't show pictures; T draws type another way")
            )
            return
        story = saved.headline.id
        are_there = all(isinstance(self._cache.state(address), Ready) for address in addresses)
        if self._is_showing and (are_there or story in self._asked):
            self._hidden.add(story)
            self._asked.discard(story)
            self._lay_out()
            return
        self._hidden.discard(story)
        self._asked.add(story)
        self._gather(addresses, ask=True, at_once=True)

    def _gather(self, addresses: list[str], *, ask: bool, at_once: bool) -> None:
        self._run(partial(self._gather_all, addresses, ask, at_once), group="pictures", exclusive=True)

    async def _gather_all(self, addresses: list[str], ask: bool, at_once: bool) -> None:
        """Show the pictures that are saved, then those the portal has, one after the other."""
        await self._cache.look_up(addresses)
        self._lay_out()
        if not ask:
            return
        if not at_once:
            await asyncio.sleep(_RESTS_S)
        await self._cache.fetch(addresses, self._lay_out)
        self._lay_out()
        if self._cache.trouble is not None:
            self._tell_trouble(self._cache.trouble)
        elif self._offline and any(isinstance(self._cache.state(address), Lost) for address in addresses):
            self._say(self._language.text("Offline: only saved pictures can be shown"))

    def _requested(self) -> None:
        if not self._is_decoding:
            self._is_decoding = True
            self._run(self._decode, group="decoding")

    async def _decode(self) -> None:
        """Decode all pictures that were asked for; each is on the screen as soon as it is."""
        try:
            while await self._cache.decode_next():
                self._lay_out()
                self._story.view.refresh()
        finally:
            self._is_decoding = False
