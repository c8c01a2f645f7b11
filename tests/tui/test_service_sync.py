"""Tests of syncing marks with a server of feeds while the reader is open."""

from __future__ import annotations

import sys
from pathlib import Path

from bpost_tui.store.library import Library
from tests.sample_portal.server import SamplePortal
from tests.tui.conftest import ReaderFactory

_PROGRAM = """import pathlib, sys, time
log = pathlib.Path(sys.argv[1])
with log.open("a") as file:
    file.write(sys.argv[-1] + "\\n")
time.sleep({sleep_s})
sys.stderr.write({error!r})
sys.exit({status})
"""


def command(folder: Path, *, sleep_s: float = 0.0, error: str = "", status: int = 0) -> tuple[str, ...]:
    """Return a command in place of `bpost service` that appends its task to the file `tasks` in `folder`.

    It runs for `sleep_s` seconds, prints `error`, and ends with the exit status `status`.
    """
    program = folder / "service.py"
    program.write_text(_PROGRAM.format(sleep_s=sleep_s, error=error, status=status), encoding="utf-8")
    return sys.executable, str(program), str(folder / "tasks")


def tasks(folder: Path) -> list[str]:
    path = folder / "tasks"
    return path.read_text(encoding="utf-8").split() if path.exists() else []


async def test_mark_is_sent_to_the_service_soon(
    reader: ReaderFactory, sample_portal: SamplePortal, library: Library, tmp_path: Path
) -> None:
    async with reader(sample_portal.address, service=command(tmp_path)) as bpost:
        sync = bpost._main.features.mark_sync._service._service
        assert sync is not None and await bpost.until(lambda: not sync.is_due())
        before = tasks(tmp_path)
        await bpost.press("s")
        assert await bpost.until(lambda: len(tasks(tmp_path)) > len(before) and not sync.is_due())
        assert {*before, *tasks(tmp_path)} == {"sync"}


async def test_mark_stays_due_when_the_service_is_killed(
    reader: ReaderFactory, sample_portal: SamplePortal, tmp_path: Path
) -> None:
    killed = (sys.executable, "-c", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    async with reader(sample_portal.address, service=killed, language="en") as bpost:
        assert await bpost.until(lambda: "bpost service: exited with status -9" in bpost.screen_text())
        sync = bpost._main.features.mark_sync._service._service
        assert sync is not None and sync.is_due()


async def test_failing_service_is_reported_once_in_the_reader(
    reader: ReaderFactory, sample_portal: SamplePortal, tmp_path: Path
) -> None:
    failing = command(tmp_path, error="bpost: service: reader.example: it can't be reached\n", status=4)
    async with reader(sample_portal.address, service=failing, language="en") as bpost:
        assert await bpost.until(lambda: "reader.example: it can't be reached" in bpost.screen_text())
        await bpost.press("s", "j")
        sync = bpost._main.features.mark_sync._service
        await sync._sync_if_due(only_if_due=True)
        assert len(tasks(tmp_path)) <= 2  # at the start and after the refresh; the next try waits
        assert sync._service is not None and sync._service.is_due()
