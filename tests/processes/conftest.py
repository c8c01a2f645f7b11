from tests.pty.conftest import edition, open_reader

__all__ = ["edition", "open_reader"]
