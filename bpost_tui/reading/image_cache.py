"""The darkroom: which pictures of stories are there, and prints of them in the sizes they are shown in. No Textual.

What is drawn asks for its print (`print_of`); where there is none yet, the wish is noted, and the screen, which was told by `ring`,
has it made (`develop`). So only what is looked at, or is about to be, is ever decoded.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from bpost_tui.errors import BPostError, ContentError, StoreError
from bpost_tui.model.picture import Photo, Picture

if TYPE_CHECKING:
    from bpost_tui.reading.fetcher import Fetcher
    from bpost_tui.store.pictures import PictureStore

MAX_PICTURES = 60
"""Of one story; what follows stays a line."""
_PRINTS_BYTES = 32 << 20
_AT_ONCE = 2
_UNKEPT = 20
"""Pictures held in memory because the disk can't take them."""

Wish = tuple[str, int, int, int]
"""(address, width, height, colours)."""


class Ready(NamedTuple):
    """A picture that is kept, with its own size."""

    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True)
class Coming:
    """A picture that is being fetched."""


@dataclass(frozen=True, slots=True)
class Lost:
    """A picture that could not be had."""


State = Ready | Coming | Lost


class ImageCache:
    """Pictures for the screens; everything but `print_of` and `state` waits for the disk, the portal or the worker."""

    def __init__(self, fetcher: Fetcher, store: PictureStore) -> None:
        self.colours = 0
        """How many colours a print may have; 0 is any."""
        self.ring: Callable[[], None] = lambda: None
        """Called when there is something to develop."""
        self.trouble: StoreError | None = None
        """Why pictures can't be kept, where they can't."""
        self._fetcher = fetcher
        self._store = store
        self._states: dict[str, State] = {}
        self._unkept: OrderedDict[str, Picture] = OrderedDict()
        self._prints: OrderedDict[Wish, Photo] = OrderedDict()
        self._wishes: dict[Wish, None] = {}

    def state(self, address: str) -> State | None:
        """Return what is known of a picture; None where nobody has asked for it."""
        return self._states.get(address)

    async def look_up(self, addresses: Iterable[str]) -> None:
        """Find out which pictures are kept; asks nobody."""
        unknown = [address for address in addresses if not isinstance(self._states.get(address), Ready | Coming)]
        found = await asyncio.to_thread(lambda: [self._store.find(address) for address in unknown])
        for address, picture in zip(unknown, found, strict=True):
            if isinstance(picture, Picture):
                self._states[address] = Ready(picture.width_px, picture.height_px)

    async def fetch(self, addresses: Iterable[str], told: Callable[[], None]) -> None:
        """Fetch pictures that aren't kept from the portal, two at once, and call `told` after each."""
        asked = [address for address in dict.fromkeys(addresses) if not isinstance(self._states.get(address), Ready)]
        waiting = asked[::-1]
        self._states |= dict.fromkeys(asked, Coming())

        async def fetch_some() -> None:
            while waiting:
                address = waiting.pop()
                self._states[address] = await self._fetch(address)
                told()

        told()
        try:
            async with asyncio.TaskGroup() as tasks:
                for _ in range(_AT_ONCE):
                    tasks.create_task(fetch_some())
        finally:
            for address in asked:
                if isinstance(self._states.get(address), Coming):  # we were stopped
                    del self._states[address]

    async def _fetch(self, address: str) -> State:
        try:
            had = await self._fetcher.picture(address, self._store)
        except BPostError:
            return Lost()
        if had.trouble is not None:
            self.trouble = had.trouble
            self._unkept[address] = had.picture
            while len(self._unkept) > _UNKEPT:
                self._unkept.popitem(last=False)
        return Ready(had.picture.width_px, had.picture.height_px)

    def print_of(self, address: str, width_px: int, height_px: int) -> Photo | None:
        """Return a picture in a size, where it has been printed; else it soon will be."""
        wish = (address, width_px, height_px, self.colours)
        photo = self._prints.get(wish)
        if photo is not None:
            self._prints.move_to_end(wish)
        elif wish not in self._wishes:
            self._wishes[wish] = None
            self.ring()
        return photo

    async def develop(self) -> bool:
        """Make the print that was wished for first; say whether there was one to make."""
        wish = next(iter(self._wishes), None)
        if wish is None:
            return False
        address, width_px, height_px, colours = wish
        try:
            kept = await asyncio.to_thread(self._store.find, address)
            picture = self._unkept.get(address, kept)
            if isinstance(picture, Picture):
                self._keep(wish, await self._fetcher.printed(picture, width_px, height_px, colours))
            else:
                self._states[address] = Lost()
        except ContentError:
            self._states[address] = Lost()
        finally:
            self._wishes.pop(wish, None)
        return True

    def _keep(self, wish: Wish, photo: Photo) -> None:
        self._prints[wish] = photo
        while len(self._prints) > 1 and sum(len(print.pixels) for print in self._prints.values()) > _PRINTS_BYTES:
            self._prints.popitem(last=False)
