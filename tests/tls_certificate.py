"""TLS for servers of tests: a certificate for this machine alone, valid for a hundred years, whose key is no secret."""

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
    """Return what a server of a test presents."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_DATA / "certificate.pem", _DATA / "key.pem")
    return context


def trusted(**_: object) -> ssl.SSLContext:
    """Return what trusts such servers: to be put in the place of `httpx.create_ssl_context`."""
    return ssl.create_default_context(cafile=_DATA / "certificate.pem")


def wrapped(line: socket.socket) -> socket.socket:
    """Return a connection as the client opened it: over TLS, or in clear; both are spoken on one port."""
    return served().wrap_socket(line, server_side=True) if line.recv(1, socket.MSG_PEEK) == _HANDSHAKE else line
