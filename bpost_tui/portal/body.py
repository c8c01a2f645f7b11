"""An answer's body, decompressed under a limit that counts while decompressing: 265 bytes of nested gzip can hold a gigabyte."""

from __future__ import annotations

import re
import zlib
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from bpost_tui.i18n import Reason

if TYPE_CHECKING:
    import httpx

_GZIP = 16 + zlib.MAX_WBITS


class BodyError(Exception):
    """A body that can't be had whole; one line says why."""

    def __init__(self, why: Reason) -> None:
        super().__init__(why)
        self.why = why


async def read_body(response: httpx.Response, max_bytes: int) -> bytes:
    """Return a body of at most `max_bytes`; identity and gzip only, since that is all we ask for.

    Raises:
        BodyError: It is too big, damaged, or encoded in a way we didn't ask for.
        httpx.TransportError: The connection fails, or ends too early.
    """
    encodings = [name.strip().lower() for name in response.headers.get("content-encoding", "").split(",")]
    encodings = [name for name in encodings if name not in ("", "identity")]
    announced = response.headers.get("content-length", "")
    if re.fullmatch("[0-9]{1,19}", announced) and int(announced) > max_bytes:
        raise BodyError(Reason("the answer is too big ({n} bytes)", n=int(announced)))
    chunks = response.aiter_raw()
    if encodings in (["gzip"], ["x-gzip"]):
        return await _gunzip(chunks, max_bytes)
    if encodings:
        raise BodyError(Reason("the answer has an encoding that wasn't asked for"))
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        _check_size(body, max_bytes)
    return bytes(body)


async def _gunzip(chunks: AsyncIterator[bytes], max_bytes: int) -> bytes:
    body = bytearray()
    stream = zlib.decompressobj(_GZIP)
    try:
        async for chunk in chunks:
            while chunk and not stream.eof:
                body += stream.decompress(chunk, max_bytes + 1 - len(body))
                chunk = stream.unconsumed_tail
                _check_size(body, max_bytes)
    except zlib.error as error:
        raise BodyError(Reason("the compressed answer is damaged")) from error
    if not stream.eof or stream.unused_data:
        raise BodyError(Reason("the compressed answer is damaged"))
    return bytes(body)


def _check_size(body: bytearray, max_bytes: int) -> None:
    if len(body) > max_bytes:
        raise BodyError(Reason("the answer is too big (more than {n} MiB)", n=max_bytes >> 20))
