"""The step of reader.db for kept passages (schema.py has the order)."""

from __future__ import annotations

from bpost_tui.store.files.steps.machine_steps import noting

PASSAGES_STEP = """
CREATE TABLE passages (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    guid TEXT NOT NULL,
    paper TEXT NOT NULL,
    paper_name TEXT NOT NULL,
    link TEXT,
    link_key TEXT,
    title TEXT NOT NULL,
    published_us INTEGER NOT NULL,
    exact TEXT NOT NULL,
    prefix TEXT NOT NULL,
    suffix TEXT NOT NULL,
    is_repeated INTEGER NOT NULL,
    note TEXT NOT NULL,
    kept_us INTEGER NOT NULL,
    changed_us INTEGER NOT NULL
) STRICT;
CREATE INDEX passages_by_story ON passages (guid, paper);
CREATE INDEX passages_by_link ON passages (link_key) WHERE link_key IS NOT NULL;
CREATE TABLE deleted_passages (
    key TEXT PRIMARY KEY,
    deleted_us INTEGER NOT NULL
) STRICT;
""" + "".join(
    (
        noting("passage_kept", "INSERT", "passages", "passage", "''", "NEW.key"),
        noting("passage_deleted", "INSERT", "deleted_passages", "passage", "''", "NEW.key"),
    )
)
