"""The version of SQLite, for `doctor`."""

from __future__ import annotations

import sqlite3


def sqlite_version() -> str:
    """Return the version of the SQLite library."""
    return sqlite3.sqlite_version
