"""Protocol of `database.Database`. The parts of a library use it for their reads and writes, without importing `database`."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]


class DatabaseAccess(Protocol):
    """Access to the files of a library, for any number of threads at once."""

    folder: Path
    """Folder of the files."""

    @property
    def reads_together(self) -> bool:
        """Whether this thread is within `read_together` or `write_together`, so that its reads don't see commits made meanwhile."""

    def read(self, work: Work[T]) -> T:
        """Run work that only reads, and return the result. Raises StoreError if the files can't be read."""

    def write(self, work: Work[T]) -> T:
        """Run work in one transaction, and return the result. Raises StoreError if nothing could be written."""
