"""Fetch of a picture into the picture store.

A picture isn't fetched again if it is stored, or if the portal answered lately that it has no such picture.
"""

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
    """Picture from the store or the portal. If the picture couldn't be stored, `store_error` has the error."""

    picture: StoredPicture
    store_error: StoreError | None = None
    """Error that made storing the picture fail; None if the picture is stored."""


async def fetch_picture(portal: Portal, store: PictureStore, address: str) -> FetchedPicture:
    """Return the picture at an address, from the store or else from the portal. A picture from the portal is then stored.

    Raises:
        PortalError: The picture can't be fetched now.
        ContentError: There is no such picture, or it can't be shown.
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
    """Call `write` with the arguments `what` in a thread, to write to the picture store. Return its error, None if it succeeds."""
    try:
        await asyncio.to_thread(write, *what)
    except StoreError as error:
        return error
    return None
