"""Fixtures for tests of portals: servers that can be scripted to misbehave."""

from tests.scripted_portal import foreign_server, portal_server, sentinel, tls_server

__all__ = ["foreign_server", "portal_server", "sentinel", "tls_server"]
