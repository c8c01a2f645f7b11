"""Damage to database files, as by a bad disk or another program."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path


def spoil(path: Path, how: str) -> None:
    """Replace the file at `path` with another content or kind of file."""
    size = path.stat().st_size
    match how:
        case "emptied":
            path.write_bytes(b"")
        case "text":
            path.write_text("this is not a database, but a note of some length\n" * 100)
        case "zeros":
            path.write_bytes(bytes(size))
        case "short":
            path.write_bytes(path.read_bytes()[: size // 2])
        case "directory":
            path.unlink()
            path.mkdir()
            (path / "something").touch()
        case "pipe":
            path.unlink()
            os.mkfifo(path)
        case "foreign":
            path.unlink()
            with closing(sqlite3.connect(path)) as db, db:
                db.execute("CREATE TABLE visits (url TEXT)")


def root_page(path: Path, name: str) -> int:
    """Return the root page of the table or index `name`, after emptying the file's log into it."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return int(db.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).fetchone()[0])


def spoil_page(path: Path, page: int, content: bytes = b"\xff" * 4096) -> None:
    """Overwrite the end of a page."""
    with path.open("r+b") as file:
        file.seek(page * 4096 - len(content))
        file.write(content)
