"""Limits for the disk space of a library: the reader's limit, and the free space of the disk."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from bpost_tui.errors import StoreError
from bpost_tui.i18n import Reason, message, prefix_reason

_FREE_SHARE, _FREE_MOST_BYTES = 0.02, 200 << 20
"""Space to leave free on the disk: 2 % of its size, at most 200 MB. The reader's marks are saved even if less space is free."""


def require_space(db: sqlite3.Connection, folder: Path, most_bytes: int | None) -> None:
    """Raise StoreError if no more stories may be saved: the library is larger than `most_bytes`, or its disk is nearly full.

    `most_bytes` is the reader's limit, None if there is no limit. `folder` is the library's folder.
    """
    if most_bytes is not None and used_bytes(db) > most_bytes:
        raise StoreError(
            prefix_reason(str(folder), Reason("the library takes more than {n} MB (library_mb)", n=most_bytes >> 20)),
            hint=message("Raise library_mb in the config, or remove old stories: `bpost library prune --older-than 1y`."),
        )
    disk = shutil.disk_usage(folder)
    if is_nearly_full(disk.total, disk.free):
        raise StoreError(
            prefix_reason(str(folder), Reason("the disk is nearly full: no more stories are saved")),
            hint=message("Free some space. Reading still works, and marks are saved."),
        )


def is_nearly_full(total_bytes: int, free_bytes: int) -> bool:
    """Whether a disk of `total_bytes` has too little free space (`free_bytes`) for more stories to be saved."""
    return free_bytes < min(total_bytes * _FREE_SHARE, _FREE_MOST_BYTES)


def used_bytes(db: sqlite3.Connection) -> int:
    """Return the size in bytes of stories.db and reader.db together, without their unused pages."""
    return sum(_used_bytes(db, schema) for schema in ("main", "reader"))


def _used_bytes(db: sqlite3.Connection, schema: str) -> int:
    names = ("page_count", "freelist_count", "page_size")
    pages, free, page_bytes = (db.execute(f"PRAGMA {schema}.{name}").fetchone()[0] for name in names)
    return int((pages - free) * page_bytes)
