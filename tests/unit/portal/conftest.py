"""The portal's tests talk to a server that can be told to misbehave."""

from tests.scripted_portal import portal_server, sentinel

__all__ = ["portal_server", "sentinel"]
