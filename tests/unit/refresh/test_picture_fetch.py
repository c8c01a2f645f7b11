"""Portal → picture store, against a real portal and real files."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from bpost_tui.errors import BPostError, ContentError, PortalError
from bpost_tui.model.stored_picture import StoredPicture
from bpost_tui.picture_store import FOLDER, MissingPicture, PictureStore
from bpost_tui.portal.portal import Portal
from bpost_tui.refresh.picture_fetch import fetch_picture
from bpost_tui.refresh.portal_access import StoredRequestHistory
from bpost_tui.store.library import Library
from tests.scripted_portal import PortalServer, portal_server, sentinel

__all__ = ["portal_server", "sentinel"]

NOW = datetime(2026, 11, 25, tzinfo=UTC)
PATH = "/wp-content/uploads/nodi.png"


def png(width: int = 40, height: int = 30) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, "PNG")
    return out.getvalue()


@pytest.fixture
async def portal(portal_server: PortalServer, library: Library) -> AsyncIterator[Portal]:
    async with Portal(portal_server.address, deadline_s=5, notes=StoredRequestHistory(library.first_paper, lambda: NOW)) as portal:
        yield portal


@pytest.fixture
def store(tmp_path: Path, library: Library) -> PictureStore:
    return PictureStore(tmp_path, max_bytes=1 << 20, marked=library.maintenance.marked_pictures)


async def failed(portal: Portal, store: PictureStore, address: str) -> BPostError:
    with pytest.raises(BPostError) as caught:
        await fetch_picture(portal, store, address)
    return caught.value


async def test_picture_is_fetched_once_and_stored(
    portal: Portal, portal_server: PortalServer, library: Library, store: PictureStore
) -> None:
    body = png()
    portal_server.serve(PATH, body, content_type="image/png", content_disposition='attachment; filename="../../../x.png"')
    first, second = [await fetch_picture(portal, store, portal_server.address + PATH) for _ in range(2)]
    assert first == second
    assert (first.picture.width_px, first.picture.height_px, first.picture.sent_bytes) == (40, 30, len(body))
    assert first.store_error is None
    assert portal_server.count(PATH) == 1
    sent = portal_server.requests[0].headers
    assert not {"cookie", "referer", "authorization"} & set(sent)
    assert [(contact.host, contact.requests) for contact in library.fetch_log.contacts()] == [("127.0.0.1", 1)]


async def test_picture_is_rendered_in_the_requested_size(
    portal: Portal, portal_server: PortalServer, library: Library, store: PictureStore
) -> None:
    portal_server.serve(PATH, png(), content_type="image/png")
    picture = (await fetch_picture(portal, store, portal_server.address + PATH)).picture
    photo = await portal.render_picture(picture, 20, 15, 0)
    assert (photo.width_px, photo.height_px, photo.pixels) == (20, 15, bytes((0, 128, 128)) * 300)


@pytest.mark.parametrize(
    ("status", "body"), [(404, b""), (410, b"gone"), (403, b""), (200, b""), (200, b"<svg/>"), (200, png()[:-30])]
)
async def test_missing_picture_is_not_requested_again(
    portal: Portal, portal_server: PortalServer, library: Library, store: PictureStore, status: int, body: bytes
) -> None:
    portal_server.serve(PATH, body, status=status, content_type="image/png")
    address = portal_server.address + PATH
    for _ in range(3):
        assert isinstance(await failed(portal, store, address), ContentError)
    assert portal_server.count(PATH) == 1
    assert store.find(address) == MissingPicture()


async def test_endless_picture_is_cut_and_not_requested_again(
    portal: Portal, portal_server: PortalServer, library: Library, store: PictureStore
) -> None:
    portal_server.serve(PATH, bytes((8 << 20) + 1), content_type="image/png")
    for _ in range(2):
        error = await failed(portal, store, portal_server.address + PATH)
        assert isinstance(error, ContentError)
    assert portal_server.count(PATH) == 1


async def test_picture_is_requested_again_after_a_portal_error(
    portal: Portal, portal_server: PortalServer, library: Library, store: PictureStore
) -> None:
    portal_server.serve(PATH, b"", status=429)
    portal_server.serve(PATH, png(), content_type="image/png")
    address = portal_server.address + PATH
    assert isinstance(await failed(portal, store, address), PortalError)
    assert await fetch_picture(portal, store, address)
    assert portal_server.count(PATH) == 2


async def test_picture_of_another_private_server_is_refused(
    portal: Portal, sentinel: PortalServer, library: Library, store: PictureStore
) -> None:
    for address in (sentinel.address + PATH, "http://169.254.169.254/latest", "http://[::1]:80/x.png"):
        assert isinstance(await failed(portal, store, address), ContentError)
        assert store.find(address) == MissingPicture()


async def test_offline_picture_comes_from_the_store_without_a_request(
    portal_server: PortalServer, library: Library, store: PictureStore
) -> None:
    portal_server.serve(PATH, png(), content_type="image/png")
    address = portal_server.address + PATH
    async with Portal(portal_server.address) as online:
        kept = await fetch_picture(online, store, address)
    portal_server.forget()
    async with Portal(portal_server.address, offline=True) as offline:
        assert (await fetch_picture(offline, store, address)).picture == kept.picture
        assert (await offline.render_picture(kept.picture, 4, 3, 0)).width_px == 4
        assert isinstance(await failed(offline, store, address + "?2"), PortalError)
    assert portal_server.count() == 0


async def test_picture_is_returned_when_it_cannot_be_stored(portal: Portal, portal_server: PortalServer, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / FOLDER).write_text("no folder")
    portal_server.serve(PATH, png(), content_type="image/png")
    found = await fetch_picture(portal, PictureStore(tmp_path / "full", max_bytes=1), portal_server.address + PATH)
    assert isinstance(found.picture, StoredPicture) and found.store_error is not None
