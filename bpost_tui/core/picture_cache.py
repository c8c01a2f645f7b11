"""Cache of stories' pictures, decoded in the sizes that pages show.

A page asks for a picture in a size (`scaled_picture`). If the picture isn't decoded yet, the request is added to a queue, and
`on_request` is called; the screen then calls `decode_next`. Only pictures that are in view, or soon will be, are decoded.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bpost_tui.errors import BPostError, ContentError, StoreError
from bpost_tui.i18n import message
from bpost_tui.model.stored_picture import StoredPicture
from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.typesetting.typeset.photo import Photo

if TYPE_CHECKING:
    from bpost_tui.core.fetcher import Fetcher
    from bpost_tui.picture_store import PictureStore

MAX_PICTURES = 60
"""Maximum number of pictures shown for a story. Each picture after these is shown only as a line of text."""
_DECODED_BYTES = 32 << 20
_AT_ONCE = 2
_MOST_WAITING = 8
"""Maximum number of requests for pictures that wait to be decoded.

If there are more, the oldest is dropped, so that scrolling past pictures causes little delay. A picture that is still in view is
requested again.
"""
_MOST_UNSAVED = 20
"""Maximum number of pictures held in memory because they can't be saved to the disk."""

Request = tuple[str, int, int, int]
"""Requested picture: address, width and height in pixels, number of colours."""


class PictureReady(NamedTuple):
    """State of a picture that has been fetched or was found on the disk, with its original size in pixels."""

    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True)
class PicturePending:
    """State of a picture that is being fetched."""


@dataclass(frozen=True, slots=True)
class PictureUnavailable:
    """State of a picture that could not be fetched."""


State = PictureReady | PicturePending | PictureUnavailable


class PictureCache:
    """Pictures for the screen.

    All methods except `scaled_picture` and `state` may wait: for the disk, the network, or the process that decodes pictures.
    """

    def __init__(self, fetcher: Fetcher, store: PictureStore) -> None:
        self.colours = 0
        """Maximum number of colours of a picture; 0 means no limit."""
        self.on_request: Callable[[], None] = lambda: None
        """Function that is called after each new request for a picture that isn't decoded yet."""
        self.error: StoreError | None = None
        """Last error in saving a picture to the disk, during the latest `fetch`; None if there was none."""
        self._fetcher = fetcher
        self._store = store
        self._states: dict[str, State] = {}
        self._unsaved: OrderedDict[str, StoredPicture] = OrderedDict()
        self._decoded: OrderedDict[Request, Photo] = OrderedDict()
        self._requests: dict[Request, None] = {}

    def state(self, address: str) -> State | None:
        """Return the state of the picture with the URL `address`; None if it is neither saved nor was fetched yet."""
        return self._states.get(address)

    async def look_up(self, addresses: Iterable[str]) -> None:
        """Record which of the pictures with the given addresses are already saved. Makes no request to the network."""
        unknown = [address for address in addresses if not isinstance(self._states.get(address), PictureReady | PicturePending)]
        found = await asyncio.to_thread(lambda: [self._store.find(address) for address in unknown])
        for address, picture in zip(unknown, found, strict=True):
            if isinstance(picture, StoredPicture):
                self._states[address] = PictureReady(picture.width_px, picture.height_px)

    async def fetch(self, addresses: Iterable[str], changed: Callable[[], None]) -> None:
        """Fetch the pictures at `addresses` that aren't saved yet, two at a time, and call `changed` after each."""
        self.error = None
        missing = [address for address in dict.fromkeys(addresses) if not isinstance(self._states.get(address), PictureReady)]
        waiting = missing[::-1]
        self._states |= dict.fromkeys(missing, PicturePending())

        async def fetch_some() -> None:
            while waiting:
                address = waiting.pop()
                self._states[address] = await self._fetch(address)
                changed()

        changed()
        try:
            async with asyncio.TaskGroup() as tasks:
                for _ in range(_AT_ONCE):
                    tasks.create_task(fetch_some())
        finally:
            for address in missing:
                if isinstance(self._states.get(address), PicturePending):  # the fetch was cancelled
                    del self._states[address]

    async def _fetch(self, address: str) -> State:
        try:
            obtained = await self._fetcher.picture(address, self._store)
        except BPostError:
            return PictureUnavailable()
        if obtained.store_error is not None:
            hint = message("The picture is shown, but couldn't be saved.")
            self.error = StoreError(obtained.store_error.message, hint=hint)
            self._unsaved[address] = obtained.picture
            while len(self._unsaved) > _MOST_UNSAVED:
                self._unsaved.popitem(last=False)
        return PictureReady(obtained.picture.width_px, obtained.picture.height_px)

    def scaled_picture(self, address: str, width_px: int, height_px: int) -> Photo | None:
        """Return a picture decoded to `width_px` by `height_px` pixels. If it isn't decoded yet, return None and request it."""
        request = (address, width_px, height_px, self.colours)
        photo = self._decoded.get(request)
        if photo is not None:
            self._decoded.move_to_end(request)
        elif request not in self._requests:
            self._requests[request] = None
            if len(self._requests) > _MOST_WAITING:
                del self._requests[next(iter(self._requests))]
            self.on_request()
        return photo

    async def decode_next(self) -> bool:
        """Decode the oldest requested picture; return False if no picture is requested."""
        request = next(iter(self._requests), None)
        if request is None:
            return False
        address, width_px, height_px, colours = request
        try:
            saved = await asyncio.to_thread(self._store.find, address)
            picture = self._unsaved.get(address, saved)
            if isinstance(picture, StoredPicture):
                self._cache_decoded(request, await self._fetcher.render_picture(picture, width_px, height_px, colours))
            else:
                self._states[address] = PictureUnavailable()
        except ContentError:
            self._states[address] = PictureUnavailable()
        finally:
            self._requests.pop(request, None)
        return True

    def _cache_decoded(self, request: Request, photo: Photo) -> None:
        self._decoded[request] = photo
        while len(self._decoded) > 1 and sum(len(decoded.pixels) for decoded in self._decoded.values()) > _DECODED_BYTES:
            self._decoded.popitem(last=False)
