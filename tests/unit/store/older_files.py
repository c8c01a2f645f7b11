"""Files as earlier versions of bpost left them."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from bpost_tui.store.files.opening import make, open_one, transaction
from bpost_tui.store.files.schema import Spec, migrate
from bpost_tui.store.upkeep.rescue import copy_rows


def as_of(path: Path, spec: Spec, steps: int) -> None:
    """Put in a file's place one that has taken only the first steps and holds the same rows."""
    earlier = path.with_name("earlier")
    make(earlier)
    with closing(open_one(earlier)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        migrate(db, spec._replace(version=steps))
        with closing(open_one(path)) as old, transaction(db):
            copy_rows(old, db, spec)
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    earlier.rename(path)
