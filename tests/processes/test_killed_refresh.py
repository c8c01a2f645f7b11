"""Tests of a refresh killed at any instant: saved stories remain, both files are sound, and the next refresh works."""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import count as count_from
from pathlib import Path

import pytest

from bpost_tui.paths import folders
from tests.processes.shared_folder_command import run, start
from tests.sample_portal.server import SamplePortal

ROUNDS = 10
STORIES = 16


@pytest.fixture
def portal() -> Iterator[SamplePortal]:
    with SamplePortal(
        datetime.now(UTC), page_size=1, rest=False
    ) as portal:  # sixteen transactions, with their validators between them
        yield portal


def held(folder: Path) -> dict[str, str]:
    """Return each saved story's text by its guid, after SQLite's checks of both files."""
    if not (folder / "stories.db").exists():
        return {}
    for name in ("stories.db", "reader.db"):
        if (folder / name).exists():
            with closing(sqlite3.connect(folder / name)) as db:
                assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",), name
    with closing(sqlite3.connect(folder / "stories.db")) as db:
        if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'stories'").fetchone():
            return {}
        return dict(db.execute("SELECT guid, blocks FROM stories JOIN texts ON texts.story = stories.id").fetchall())


def count(folder: Path) -> int:
    try:
        with closing(sqlite3.connect(f"file:{folder / 'stories.db'}?mode=ro", uri=True)) as db:
            return int(db.execute("SELECT count(*) FROM stories").fetchone()[0])
    except sqlite3.Error:  # not made yet
        return 0


def test_killed_refresh_keeps_committed_stories(tmp_path: Path, portal: SamplePortal) -> None:
    dice = random.Random(9)
    folder = folders(tmp_path / "data").library
    before: dict[str, str] = {}
    cut_short = 0
    for round_number in count_from(0):
        if round_number >= ROUNDS and cut_short >= ROUNDS // 2:
            break
        assert round_number < 10 * ROUNDS, "none was killed before its end"
        with start(tmp_path, portal.address, "refresh", "--pages", "all") as process:
            # one more story than before, and some milliseconds later: in the middle of the next step
            wanted = min(STORIES, len(before) + dice.randrange(3)) if round_number else 0
            until = time.monotonic() + 60
            while process.poll() is None and count(folder) < wanted and time.monotonic() < until:
                time.sleep(0.002)
            seen = count(folder)
            time.sleep(dice.random() * (0.05 if round_number else 0.4))
            cut_short += process.poll() is None
            process.kill()
            process.communicate()
        after = held(folder)
        assert len(after) >= seen
        assert before.items() <= after.items()
        before = after
    run(tmp_path, portal.address, "refresh", "--pages", "all")
    assert before.items() <= held(folder).items()
    assert len(held(folder)) == STORIES
    assert run(tmp_path, portal.address, "unread", "--count") == f"{STORIES}\n"
    assert run(tmp_path, portal.address, "refresh").startswith("Nothing new")
