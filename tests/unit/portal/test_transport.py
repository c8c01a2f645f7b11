from __future__ import annotations

import gzip
import os
import sys
import tempfile
from mmap import mmap
from pathlib import Path
from typing import IO

import httpx
import pytest

from bpost_tui.portal.http import transport
from bpost_tui.portal.http.transport import SMALL_READ_BYTES, BodyError, StepTransport, read_body
from tests.scripted_portal import PortalServer

PLENTY = 1 << 18
MEMORY_BYTES = 1 << 20


async def test_transport_returns_buffered_data_in_small_pieces(portal_server: PortalServer) -> None:
    portal_server.serve("/feed", b"x" * PLENTY)
    transport = StepTransport(httpx.create_ssl_context(trust_env=False), SMALL_READ_BYTES)
    response = await transport.handle_async_request(httpx.Request("GET", f"{portal_server.address}/feed"))
    line = response.extensions["network_stream"]
    pieces = [len(await line.read(1 << 16)) for _ in range(20)]
    await response.aclose()
    await transport.aclose()
    assert max(pieces) <= 4096


def test_transport_lets_httpcore_look_for_sniffio_only_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "sniffio", raising=False)
    StepTransport(httpx.create_ssl_context(trust_env=False), SMALL_READ_BYTES)
    assert sys.modules["sniffio"] is None


def answered(body: bytes, *, compressed: bool, announced: bool) -> httpx.Response:
    """Return an answer whose body is still to be read, with a Content-Length if its length is `announced`."""
    content = gzip.compress(body) if compressed else body
    headers = {"Content-Encoding": "gzip"} if compressed else {}
    headers |= {"Content-Length": str(len(content))} if announced else {}
    return httpx.Response(200, headers=headers, stream=httpx.ByteStream(content))


@pytest.mark.parametrize("announced", [True, False])
@pytest.mark.parametrize("compressed", [True, False])
@pytest.mark.parametrize("size", [0, 1, 5000, MEMORY_BYTES, MEMORY_BYTES + 1])
async def test_body_of_the_largest_size_is_whole_and_one_byte_more_is_refused(size: int, compressed: bool, announced: bool) -> None:
    body = bytes(at % 251 for at in range(size % 5000)) + b"x" * (size - size % 5000)
    limit = max(size, len(gzip.compress(body))) if compressed else size
    found = await read_body(answered(body, compressed=compressed, announced=announced), limit)
    assert found[:] == body and isinstance(found, mmap) is (size > MEMORY_BYTES)
    if size == limit:
        with pytest.raises(BodyError) as caught:
            await read_body(answered(body + b"y", compressed=compressed, announced=announced), limit)
        assert caught.value.is_too_big


@pytest.mark.parametrize(
    "content",
    [gzip.compress(b"x" * 9)[:-1], gzip.compress(b"x") + b"more", b"no gzip"],
    ids=["cut", "more", "no gzip"],  # gzip data contains the time of compression
)
async def test_damaged_compressed_body_is_refused(content: bytes) -> None:
    answer = httpx.Response(200, headers={"Content-Encoding": "x-gzip"}, stream=httpx.ByteStream(content))
    with pytest.raises(BodyError, match="damaged") as caught:
        await read_body(answer, PLENTY)
    assert not caught.value.is_too_big


@pytest.mark.parametrize(
    ("chosen", "usual", "wanted"),
    [("chosen", "usual", "chosen"), ("chosen", "missing", "chosen"), ("", "usual", "usual"), ("", "missing", None)],
)
async def test_large_body_is_in_the_readers_temporary_folder_or_on_the_disk_if_possible(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chosen: str, usual: str, wanted: str | None
) -> None:
    for name in ("chosen", "usual"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("TMPDIR", f"{tmp_path}/{chosen}" if chosen else "")
    monkeypatch.setattr(transport, "_TEMPORARY_FOLDER", f"{tmp_path}/{usual}")
    folders, temporary_file = list[str | None](), tempfile.TemporaryFile

    def opened(dir: str | None) -> IO[bytes]:
        folders.append(dir)
        return temporary_file(dir=dir)

    def is_writable(folder: str, mode: int) -> bool:
        return Path(folder).is_dir() and mode == os.W_OK | os.X_OK  # a superuser may write everywhere

    monkeypatch.setattr(os, "access", is_writable)
    monkeypatch.setattr(tempfile, "TemporaryFile", opened)
    await read_body(answered(b"x" * (MEMORY_BYTES + 1), compressed=False, announced=False), PLENTY << 8)
    assert folders == [wanted and f"{tmp_path}/{wanted}"]
