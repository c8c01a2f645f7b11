"""Tests of long tasks: in a terminal they show their progress, and can be stopped."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bpost_tui.model.blocks import Paragraph, Span
from bpost_tui.model.story import Story
from bpost_tui.store.library import Library
from tests.cli.bpost_process import Bpost
from tests.cli.test_read import Session

pytestmark = pytest.mark.waits

COUNT = 1000
NOW = datetime(2026, 11, 24, tzinfo=UTC)
pytestmark = pytest.mark.pty


def folder(bpost: Bpost) -> Path:
    return next(path for path in bpost.data.iterdir() if path.is_dir())


@pytest.fixture
def full(saved: Bpost) -> Bpost:
    """Bpost whose library has a thousand old stories."""
    text = (Paragraph((Span("জেলার নানা প্রান্তের খবর নিয়ে আজকের এই প্রতিবেদন"),)),)
    old = [
        Story(guid=str(n), title="খবর", author="", published=NOW - timedelta(days=400, minutes=n), blocks=text)
        for n in range(COUNT)
    ]
    with Library(folder(saved)) as library:
        library.save(old, now=NOW)
    return saved


def stopped(bpost: Bpost, *arguments: str) -> bytes:
    """Press Ctrl+C as soon as a bar counts finished stories, and return the output."""
    session = Session(bpost, *arguments)
    session.read_until(lambda output: re.search(rb"[1-9][0-9]* of 1,0\d\d stories", output) is not None)
    os.write(session.terminal, b"\x03")
    assert session.ended() == 130
    return session.output


def stories_left(bpost: Bpost) -> int:
    with Library(folder(bpost)) as library:
        assert (library.notices, library.maintenance.verify()) == ((), ())
        return library.maintenance.stats().stories


def test_stopped_prune_has_deleted_only_old_stories(full: Bpost) -> None:
    before = stories_left(full)
    output = stopped(full, "library", "prune", "--older-than", "1y")
    assert output.endswith(b"^C\r\n") and b"Traceback" not in output
    assert before - COUNT < stories_left(full) < before
    assert full.run("library", "prune", "--older-than", "1y").stderr == ""  # no bar if stderr is no terminal
    assert stories_left(full) == before - COUNT


def test_stopped_import_resumes_by_the_same_command(full: Bpost, tmp_path: Path) -> None:
    exported = tmp_path / "exported.json"
    full.run("export", "-o", str(exported))
    count = stories_left(full)
    full.run("library", "prune", "--older-than", "1y")
    fewer = stories_left(full)
    output = stopped(full, "import", str(exported))
    assert output.endswith(b"^C\r\n") and b"Traceback" not in output
    assert fewer < stories_left(full) < count
    assert full.run("import", str(exported)).stderr == ""
    assert stories_left(full) == count


def test_compact_names_the_current_file(full: Bpost) -> None:
    session = Session(full, "library", "compact")
    assert session.ended() == 0
    assert all(
        f"─ {name}".encode() in session.output or f"━ {name}".encode() in session.output for name in ("stories.db", "reader.db")
    )
    assert re.search(rb"\r\x1b\[K[\d,]+ [kM]B", session.output)  # in place of the bar
