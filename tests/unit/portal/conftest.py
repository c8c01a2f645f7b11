"""The portal's tests talk to a server that can be told to misbehave."""

from tests.scripted_portal import foreign_server, portal_server, sentinel, tls_server

__all__ = ["foreign_server", "portal_server", "sentinel", "tls_server"]
