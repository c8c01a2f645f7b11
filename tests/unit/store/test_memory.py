"""A library without enough memory raises one StoreError, and loses nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from bpost_tui.model.story import Story
from bpost_tui.store.library import Library

_LIMITED = """
import sqlite3, sys
from datetime import datetime
from pathlib import Path
from bpost_tui.errors import NotFoundError, StoreError
from bpost_tui.model.story import ListFilter, Story
from bpost_tui.store import maintenance
from bpost_tui.store.library import Library
from bpost_tui.store.search import mute_rules, story_search
folder, now = Path(sys.argv[2]), datetime.fromisoformat(sys.argv[3])
def use(library):
    yield lambda: library.save([Story(f"new-{n}", f"মেদিনীপুর {n}", None, published=now) for n in range(200)], now=now)
    yield lambda: library.set_mark("read", [2], True, now=now)
    yield lambda: library.headlines(ListFilter(), limit=200)
    yield lambda: library.search.find("medinipur", limit=50, now=now)
    yield lambda: library.maintenance.check_if_due(now)
    yield lambda: library.maintenance.verify()
sqlite3.connect(":memory:").execute(f"PRAGMA hard_heap_limit={sys.argv[1]}")
refused = 0
try:
    with Library(folder) as library:
        for each in use(library):
            try:
                each()
            except StoreError as error:
                assert "memory" in str(error), error
                refused += 1
except StoreError as error:
    assert "memory" in str(error), error
    refused += 100
print(refused)
"""


@pytest.mark.parametrize("kilobytes", [20, 200, 500, 700, 800, 900, 1000, 1200])
def test_library_short_of_memory_raises_an_error_and_loses_nothing(tmp_path: Path, now: datetime, kilobytes: int) -> None:
    _make(tmp_path, now)
    command = [sys.executable, "-c", _LIMITED, str(kilobytes << 10), str(tmp_path), now.isoformat()]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr[-2000:]
    with Library(tmp_path) as library:
        assert library.notices == ()
        assert library.maintenance.verify() == ()
        assert library.headline(1).starred
    assert json.loads(ended.stdout) > 0 or kilobytes > 700
    assert not list(tmp_path.glob("*.damaged-*"))


def _make(folder: Path, now: datetime) -> None:
    with Library(folder) as library:
        library.save([Story(f"old-{n}", f"খড়গপুর {n}", None, published=now) for n in range(50)], now=now)
        library.set_mark("starred", [1], True, now=now)
