"""Request log in the library: requests are noted when made, and known to every later process."""

from __future__ import annotations

import ast
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bpost_tui.errors import ContentError, PortalError, StoreError
from bpost_tui.picture_store import PictureStore
from bpost_tui.portal.http import transport
from bpost_tui.portal.portal import Portal
from bpost_tui.refresh import BackfillRequest, RefreshPlan, RefreshProgress
from bpost_tui.refresh.article_fetch import fetch_full, fetch_link
from bpost_tui.refresh.paper_refresh import refresh_paper
from bpost_tui.refresh.picture_fetch import fetch_picture
from bpost_tui.refresh.portal_access import RETRY_AT, StoredRequestHistory, find_paper, open_portal
from bpost_tui.store.library import Library
from tests.sample_portal.server import SamplePortal
from tests.scripted_portal import PortalServer, item, portal_server, rss

__all__ = ["portal_server"]

PACKAGE = Path(__file__).parents[3] / "bpost_tui"


@pytest.fixture
async def portal(portal_server: PortalServer, library: Library, now: datetime) -> AsyncIterator[Portal]:
    async with open_portal(portal_server.address, library.first_paper, offline=False, clock=lambda: now) as portal:
        yield portal


def contacts(library: Library) -> dict[str, int]:
    return {contact.host: contact.requests for contact in library.fetch_log.contacts()}


async def test_requests_of_an_interrupted_backfill_are_logged(library: Library, now: datetime) -> None:
    with SamplePortal(now, rest=False) as sample:
        async with open_portal(sample.address, library.first_paper, offline=False, clock=lambda: now) as portal:
            steps = 0
            async with aclosing(
                refresh_paper(portal, library.first_paper, RefreshPlan(backfill=BackfillRequest()), clock=lambda: now)
            ) as events:
                async for event in events:
                    steps += isinstance(event, RefreshProgress)
                    if steps == 2:
                        break
    assert contacts(library).keys() == {"127.0.0.1"}


async def test_requests_of_finding_a_paper_are_logged_without_waits(
    portal_server: PortalServer, library: Library, now: datetime
) -> None:
    portal_server.serve("/a.xml", rss(), status=429, Retry_After="60")
    with pytest.raises(PortalError, match="429"):
        await find_paper(f"{portal_server.address}/a.xml", library.first_paper, offline=False, clock=lambda: now)
    assert contacts(library) == {"127.0.0.1": 1}
    assert library.fetch_log.event_time(RETRY_AT) is None


async def test_requests_of_a_followed_link_are_logged(portal: Portal, library: Library, now: datetime) -> None:
    assert await fetch_link(portal, library.first_paper, f"{portal._site.base}/recent/a.html", clock=lambda: now) is None
    assert contacts(library)["127.0.0.1"] >= 1


async def test_wait_asked_by_a_portal_is_respected_in_the_next_run(
    portal: Portal, portal_server: PortalServer, library: Library, tmp_path: Path, now: datetime
) -> None:
    portal_server.serve("/feed", rss(item("এক", guid="1", link=f"{portal_server.address}/recent/a.html")))
    [_ async for _ in refresh_paper(portal, library.first_paper, RefreshPlan(), clock=lambda: now)]
    portal_server.serve("/a.png", b"", status=503, retry_after="3600")
    store = PictureStore(tmp_path, max_bytes=1 << 20, marked=library.maintenance.marked_pictures)
    with pytest.raises(PortalError):
        await fetch_picture(portal, store, f"{portal_server.address}/a.png")
    assert library.fetch_log.event_time(RETRY_AT) == now + timedelta(hours=1)
    portal_server.requests.clear()
    async with open_portal(portal_server.address, library.first_paper, offline=False, clock=lambda: now) as later:
        for call in (
            fetch_picture(later, store, f"{portal_server.address}/b.png"),
            fetch_link(later, library.first_paper, f"{portal_server.address}/recent/b.html", clock=lambda: now),
            fetch_full(later, library.first_paper, 1, clock=lambda: now),
        ):
            with pytest.raises(PortalError) as caught:
                await call
            assert caught.value.retry_after_s == 3600
        [_ async for _ in refresh_paper(later, library.first_paper, RefreshPlan(), clock=lambda: now)]
    assert portal_server.count() == 0


async def test_wait_asked_of_another_process_is_respected(
    portal: Portal, portal_server: PortalServer, library: Library, now: datetime
) -> None:
    await StoredRequestHistory(library.first_paper, lambda: now).note_retry_at(now + timedelta(minutes=5))
    with pytest.raises(PortalError) as caught:
        await portal.story_at(f"{portal_server.address}/recent/a.html")
    assert caught.value.retry_after_s == 300 and portal_server.count() == 0


async def test_request_notes_stay_in_memory_when_unwritable(tmp_path: Path, now: datetime) -> None:
    Library(tmp_path / "library").close()
    with Library(tmp_path / "library", read_only=True) as library:
        notes = StoredRequestHistory(library.first_paper, lambda: now)
        await notes.note_contact("example.org")
        await notes.note_retry_at(now + timedelta(minutes=5))
        await notes.note_public()
        assert await notes.retry_at() == now + timedelta(minutes=5) and await notes.was_public()
        assert contacts(library) == {}


async def test_unlogged_request_is_logged_with_the_next(library: Library, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    notes = StoredRequestHistory(library.first_paper, lambda: now)

    def refuse(*_: object) -> None:
        raise StoreError("another process is writing")

    with monkeypatch.context() as patch:
        patch.setattr(library.fetch_log, "count_requests", refuse)
        await notes.note_contact("a.example")
    await notes.note_contact("b.example")
    assert contacts(library) == {"a.example": 1, "b.example": 1}


async def test_public_portal_is_remembered_for_the_next_run(library: Library, now: datetime) -> None:
    assert not await StoredRequestHistory(library.first_paper, lambda: now).was_public()
    await StoredRequestHistory(library.first_paper, lambda: now).note_public()
    assert await StoredRequestHistory(library.first_paper, lambda: now).was_public()


def imported_to_run(path: Path) -> set[str]:
    """Return the modules that the module at `path` imports at run time, ignoring imports for types only."""
    found, nodes = set[str](), list(ast.parse(path.read_bytes()).body)
    while nodes:
        match nodes.pop():
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                pass
            case ast.ImportFrom(module=str(module)):
                found.add(module)
            case node:
                nodes += ast.iter_child_nodes(node)  # type: ignore[arg-type]
    return found


def test_portals_are_opened_only_by_portal_access() -> None:
    assert [path.name for path in PACKAGE.rglob("*.py") if "bpost_tui.portal.portal" in imported_to_run(path)] == [
        "portal_access.py"
    ]


async def test_connections_are_read_in_small_steps_only_with_a_screen(
    portal_server: PortalServer, library: Library, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal_server.serve("/a.png", bytes(200_000))
    steps: list[int] = []
    read = transport._StepStream.read

    async def counted(self: transport._StepStream, max_bytes: int, timeout: float | None = None) -> bytes:
        steps.append(len(got := await read(self, max_bytes, timeout)))
        return got

    monkeypatch.setattr(transport._StepStream, "read", counted)
    largest = {}
    for has_screen in (True, False):
        steps.clear()
        async with open_portal(
            portal_server.address, library.first_paper, offline=False, clock=lambda: now, has_screen=has_screen
        ) as portal:
            with pytest.raises(ContentError):  # the bytes are no picture
                await portal.picture(f"{portal_server.address}/a.png")
        largest[has_screen] = max(steps)
    assert largest[True] <= transport.SMALL_READ_BYTES < largest[False]
