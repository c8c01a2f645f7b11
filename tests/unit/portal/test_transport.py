from __future__ import annotations

import asyncio
import ssl

import pytest
from h11 import LocalProtocolError

from bpost_tui.portal.transport import SMALL_READ_BYTES, Connections, Server, _Line
from tests.scripted_portal import PortalServer

PLENTY = 1 << 18


def server_of(portal: PortalServer, tls: ssl.SSLContext | None = None) -> Server:
    return Server("127.0.0.1", int(portal.address.rpartition(":")[2]), "127.0.0.1", tls)


async def test_line_when_plenty_has_come_gives_it_in_small_pieces_and_others_their_turn(portal_server: PortalServer) -> None:
    portal_server.serve("/feed", b"x" * PLENTY)
    connections, turns = Connections(SMALL_READ_BYTES), 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    other = asyncio.create_task(others())
    async with connections.answer(server_of(portal_server), "/feed", [("Host", "127.0.0.1")]) as answer:
        pieces = [len(chunk) async for chunk in answer.chunks()]
    other.cancel()
    await connections.aclose()
    assert sum(pieces) == PLENTY == answer.num_bytes_downloaded
    assert max(pieces) <= SMALL_READ_BYTES and turns >= len(pieces)


async def test_line_takes_no_more_than_there_is_room_for_and_gives_all_before_it_says_that_it_broke() -> None:
    line, paused = _Line(), list[bool]()

    class Transport(asyncio.Transport):
        def pause_reading(self) -> None:
            paused.append(True)

        def resume_reading(self) -> None:
            paused.append(False)

    line.connection_made(Transport())
    line.data_received(b"a" * 100_000)
    assert paused == [True]
    assert [len(await line.read(60_000)) for _ in range(2)] == [60_000, 40_000]
    assert paused == [True, False]
    line.data_received(b"b")
    line.connection_lost(ConnectionResetError("reset"))
    assert await line.read(10) == b"b"
    with pytest.raises(ConnectionResetError):
        await line.read(10)
    assert not line.is_quiet


async def test_target_that_would_be_more_than_one_is_never_sent(portal_server: PortalServer) -> None:
    connections = Connections(SMALL_READ_BYTES)
    for target, headers in (("/a b", []), ("/a\r\nX: y", []), ("/", [("X", "a\r\nb")])):
        with pytest.raises(LocalProtocolError):
            async with connections.answer(server_of(portal_server), target, [("Host", "127.0.0.1"), *headers]):
                pass
    assert portal_server.count() == 0
