"""The portal's tests talk to a server that can be told to misbehave."""

from tests.portal_fixture import portal_server, sentinel

__all__ = ["portal_server", "sentinel"]
