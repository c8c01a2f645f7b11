from __future__ import annotations

import httpx

from bpost_tui.portal.http.transport import SMALL_READ_BYTES, StepTransport
from tests.scripted_portal import PortalServer

PLENTY = 1 << 18


async def test_transport_returns_buffered_data_in_small_pieces(portal_server: PortalServer) -> None:
    portal_server.serve("/feed", b"x" * PLENTY)
    transport = StepTransport(httpx.create_ssl_context(trust_env=False), SMALL_READ_BYTES)
    response = await transport.handle_async_request(httpx.Request("GET", f"{portal_server.address}/feed"))
    line = response.extensions["network_stream"]
    pieces = [len(await line.read(1 << 16)) for _ in range(20)]
    await response.aclose()
    await transport.aclose()
    assert max(pieces) <= 4096
