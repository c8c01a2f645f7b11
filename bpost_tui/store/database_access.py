"""What the parts of a library need of its files: somewhere to run their work (connection.py)."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]


class DatabaseAccess(Protocol):
    """The files of a library, for any number of threads at once."""

    folder: Path
    """Where they are."""

    def read(self, work: Work[T]) -> T:
        """Return what some work returns that changes nothing; raises StoreError where the files can't be read."""

    def write(self, work: Work[T], *, is_internal: bool = False) -> T:
        """Return what some work returns, done in one transaction; raises StoreError where nothing could be written.

        `is_note`: the reader shows nothing of it.
        """
