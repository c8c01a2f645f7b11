"""TLS for servers of tests: a certificate for this machine only, valid for a hundred years, with a public private key."""

from __future__ import annotations

import socket
import ssl
from functools import cache
from pathlib import Path

_DATA = Path(__file__).parent / "data" / "tls"
_HANDSHAKE = b"\x16"
"""The first byte of TLS (RFC 8446 §5.1)."""


@cache
def served() -> ssl.SSLContext:
    """Return the TLS context of a test's server."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_DATA / "certificate.pem", _DATA / "key.pem")
    return context


def trusted(**_: object) -> ssl.SSLContext:
    """Return a TLS context that trusts such servers, as a replacement for `httpx.create_ssl_context`."""
    return ssl.create_default_context(cafile=_DATA / "certificate.pem")


def wrapped(line: socket.socket) -> socket.socket:
    """Return a connection over TLS or in clear, as the client opened it: the same port serves both."""
    return served().wrap_socket(line, server_side=True) if line.recv(1, socket.MSG_PEEK) == _HANDSHAKE else line
