"""The step of reader.db for what the reader muted with a key (muted.py)."""

from __future__ import annotations

from bpost_tui.store.files.steps.machine_steps import noting

READER_STEP = """
CREATE TABLE mutes (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    at_us INTEGER NOT NULL,
    is_on INTEGER NOT NULL,
    PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID;
""" + "".join(
    (
        noting("muted", "INSERT", "mutes", "mute", "''", "NEW.name"),
        noting("muted_anew", "UPDATE OF at_us, is_on", "mutes", "mute", "''", "NEW.name"),
    )
)
