"""Files of earlier schema versions."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from bpost_tui.store.repair.rescue import copy_rows
from bpost_tui.store.schema.migrations import DatabaseFile, migrate
from bpost_tui.store.sqlite_files import create_file, open_file, transaction


def as_of(path: Path, spec: DatabaseFile, steps: int) -> None:
    """Replace the file at `path` with a file of schema version `steps` that has the same rows."""
    with TemporaryDirectory(dir=path.parent) as folder:  # with the lock file that `transaction` makes
        earlier = Path(folder, path.name)
        create_file(earlier)
        with closing(open_file(earlier)) as db:
            db.execute("PRAGMA journal_mode = WAL")
            migrate(db, spec._replace(version=steps))
            with closing(open_file(path)) as old, transaction(db):
                copy_rows(old, db, spec)
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        earlier.rename(path)
