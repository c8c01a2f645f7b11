"""Files as earlier versions of bpost left them."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from bpost_tui.store.files import make, open_one
from bpost_tui.store.rescue import rescue
from bpost_tui.store.schema import Spec, migrate


def as_of(path: Path, spec: Spec, steps: int) -> None:
    """Put in a file's place one that has taken only the first steps and holds the same rows."""
    earlier = path.with_name("earlier")
    make(earlier)
    with closing(open_one(earlier)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        migrate(db, spec._replace(steps=spec.steps[:steps]))
        known = {table: [row[1] for row in db.execute(f"PRAGMA table_info({table})")] for table in spec.rescued}
    columns = {
        table: ", ".join(column for column in columns.split(", ") if column in known[table])
        for table, columns in spec.rescued.items()
        if known[table]
    }
    rescue(path, earlier, spec._replace(name="earlier", rescued=columns))  # rows alone: what else is done is for the newest schema
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    earlier.rename(path)
