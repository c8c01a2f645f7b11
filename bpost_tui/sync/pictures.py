"""Portal → picture store: a kept picture is never fetched again, and a missing one isn't asked for at every key."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bpost_tui.errors import ContentError, StoreError
from bpost_tui.i18n import message
from bpost_tui.model.picture import Photo, Picture
from bpost_tui.store.pictures import Missing, PictureStore
from bpost_tui.sync.refresh_job import save_contacts

if TYPE_CHECKING:
    from bpost_tui.portal.portal import Portal
    from bpost_tui.store.library import Library

NOT_THERE = message("there is no picture to be had")


@dataclass(frozen=True, slots=True)
class Had:
    """A picture, and how it was obtained."""

    picture: Picture
    fetched: bool
    trouble: StoreError | None = None
    """Why it could not be kept."""


async def obtain(portal: Portal, library: Library, store: PictureStore, address: str, *, clock: Callable[[], datetime]) -> Had:
    """Return a picture: the one that is kept, else the portal's, which is then kept.

    Raises:
        PortalError: It can't be fetched just now.
        ContentError: There is none that can be shown, as far as is known.
    """
    found = await asyncio.to_thread(store.find, address)
    if isinstance(found, Picture):
        return Had(found, fetched=False)
    if isinstance(found, Missing):
        raise ContentError(f"{address}: {NOT_THERE}", address=address)
    try:
        picture = await portal.picture(address)
    except ContentError as error:
        await _keep(store.note_missing, address)
        raise error
    finally:
        await save_contacts(portal, library, clock())
    return Had(picture, fetched=True, trouble=await _keep(store.save, address, picture))


async def printed(portal: Portal, store: PictureStore, address: str, width_px: int, height_px: int, colours: int) -> Photo:
    """Return a kept picture in a size, in so many colours (0 is any).

    Raises:
        ContentError: It isn't kept any more, or can't be decoded.
    """
    found = await asyncio.to_thread(store.find, address)
    if not isinstance(found, Picture):
        raise ContentError(f"{address}: {NOT_THERE}", address=address)
    return await portal.printed(found, width_px, height_px, colours)


async def _keep(keep: Callable[..., None], *what: object) -> StoreError | None:
    try:
        await asyncio.to_thread(keep, *what)
    except StoreError as error:
        return error
    return None
