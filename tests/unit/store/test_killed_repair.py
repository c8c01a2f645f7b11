"""Repair of reader.db, killed before each commit and each change of a file's name: the next opening restores everything."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bpost_tui.model.passage import QuoteSelector
from bpost_tui.model.story import ListFilter, Story
from bpost_tui.store.library import Library
from tests.kept_passages import keep_passage
from tests.unit.store.damage import spoil

MakeStory = Callable[..., Story]
QUOTED = QuoteSelector("মেদিনীপুর", "নভেম্বর: ", "")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, make_story: MakeStory, now: datetime) -> Path:
    """Return the folder of a closed library with a backup of a passage, a search and marks, and with marks set after it."""
    folder = tmp_path_factory.mktemp("filled") / "library"
    with Library(folder, clock=lambda: now - timedelta(days=1)) as library:
        new = library.save([make_story(n) for n in range(6)], now=now).new
        library.set_mark("starred", new[:2], True, now=now)
        keep_passage(library, new[0], QUOTED, "a note", now=now)
        library.saved_searches.save("rain", "বৃষ্টি", now=now)
    with Library(folder, clock=lambda: now) as library:  # the first write makes the day's backup
        library.set_mark("starred", new[2:4], True, now=now)
    return folder


def found(folder: Path, now: datetime) -> tuple[int, int, int]:
    """Open the library, and return the numbers of its stars, passages and searches."""
    with Library(folder, clock=lambda: now) as library:
        assert library.maintenance.verify() == ()
        return library.count(ListFilter(starred=True)), library.count_passages(), len(library.saved_searches.all())


@pytest.mark.parametrize(("how", "has_backup"), [("missing", True), ("text", True), ("text", False)])
def test_killed_repair_of_reader_db_is_completed_by_the_next_opening(
    tmp_path: Path, filled: Path, now: datetime, how: str, has_backup: bool
) -> None:
    damaged, folder = tmp_path / "damaged", tmp_path / "library"
    shutil.copytree(filled, damaged)
    if how == "missing":
        (damaged / "reader.db").unlink()
    else:
        spoil(damaged / "reader.db", how)
    if not has_backup:
        shutil.rmtree(damaged / "backups")
    shutil.copytree(damaged, folder)
    wanted = found(folder, now)
    assert wanted == (4, 1, 1) if has_backup else (4, 0, 0)
    number, lost = 1, dict[int, object]()
    while True:
        shutil.rmtree(folder)
        shutil.copytree(damaged, folder)
        child = os.fork()
        if not child:
            _open_and_die(folder, now, number)
        _, status = os.waitpid(child, 0)
        if (after := found(folder, now)) != wanted:
            lost[number] = after
        if not os.WIFSIGNALED(status):
            assert os.waitstatus_to_exitcode(status) == 0
            break
        number += 1
    assert lost == {} and number > 10


def _open_and_die(folder: Path, now: datetime, number: int) -> None:
    """Open the library in this process, which is killed before its `number`-th change on the disk."""
    seen = 0

    def count(is_change: bool) -> None:
        nonlocal seen
        seen += is_change
        if is_change and seen == number:
            os.kill(os.getpid(), signal.SIGKILL)

    class Traced(sqlite3.Connection):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            # a step of the schema begins " COMMIT" and isn't counted: test_plain_names.py kills in steps
            self.set_trace_callback(lambda statement: count(statement.startswith("COMMIT")))

    connect = sqlite3.connect
    sqlite3.connect = lambda *args, **kwargs: connect(*args, **{"factory": Traced, **kwargs})
    sys.addaudithook(lambda event, _: count(event in {"os.rename", "os.remove"}))
    try:
        Library(folder, clock=lambda: now).close()
    except BaseException:  # noqa: BLE001
        os._exit(1)
    os._exit(0)
