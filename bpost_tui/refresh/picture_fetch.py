"""Portal → picture store: a stored picture isn't fetched again, nor one that was found missing lately."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bpost_tui.errors import ContentError, StoreError
from bpost_tui.i18n import Reason, message, prefix_reason
from bpost_tui.model.stored_picture import StoredPicture
from bpost_tui.picture_store import MissingPicture, PictureStore

if TYPE_CHECKING:
    from bpost_tui.portal.portal import Portal

PICTURE_UNAVAILABLE = message("the picture isn't available")


@dataclass(frozen=True, slots=True)
class FetchedPicture:
    """A picture that is stored, or should be."""

    picture: StoredPicture
    store_error: StoreError | None = None
    """Why it could not be stored."""


async def fetch_picture(portal: Portal, store: PictureStore, address: str) -> FetchedPicture:
    """Return a picture: the one that is stored, else the portal's, which is then stored.

    Raises:
        PortalError: It can't be fetched just now.
        ContentError: There is none that can be shown, as far as is known.
    """
    found = await asyncio.to_thread(store.find, address)
    if isinstance(found, StoredPicture):
        return FetchedPicture(found)
    if isinstance(found, MissingPicture):
        raise ContentError(prefix_reason(address, Reason(PICTURE_UNAVAILABLE)), address=address)
    try:
        picture = await portal.picture(address)
    except ContentError as error:
        await _try_write(store.save_missing, address)
        raise error
    return FetchedPicture(picture, await _try_write(store.save, address, picture))


async def _try_write(write: Callable[..., None], *what: object) -> StoreError | None:
    """Write to the picture store; return the error if it fails."""
    try:
        await asyncio.to_thread(write, *what)
    except StoreError as error:
        return error
    return None
