"""Share of the trials of `make crash`: killed processes, full disks, three processes at once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.changing_portal import ChangingPortal
from tests.conftest import NOW
from tests.crash import corrupted_byte
from tests.crash.concurrent_processes import together
from tests.crash.crash_trial import WORKS, Trial, kill_at_random
from tests.crash.failing_syscall import FailingCall, can_fail_calls, fail_one
from tests.crash.full_disk import fill_at_random, small_disk
from tests.crash.killed_refresh import KilledRefreshes
from tests.crash.two_machines import Machines
from tests.sample_portal.server import SamplePortal


@pytest.fixture(scope="module")
def portal() -> Iterator[SamplePortal]:
    with SamplePortal(NOW, rest=False, page_size=1) as portal:
        yield portal


def test_library_is_sound_and_keeps_its_marks_when_work_is_killed(tmp_path: Path, portal: SamplePortal) -> None:
    trial, dice = Trial(tmp_path / "data", portal.address), random.Random(7)
    trial.begin()
    for work in WORKS:
        assert kill_at_random(trial, work, dice) == []
    assert any(on is not None for on in trial.promised.values())


def test_library_is_sound_and_keeps_its_marks_when_the_disk_is_full(tmp_path: Path, portal: SamplePortal) -> None:
    with small_disk(tmp_path / "disk") as is_small:
        if not is_small:  # the limit on files' sizes is tried in tests/unit/store/test_database.py
            pytest.skip("no small disk can be mounted here")
        trial, dice = Trial(tmp_path / "disk" / "data", portal.address), random.Random(7)
        trial.begin()
        for work in ("mark", "merge", "migrate"):
            assert fill_at_random(trial, work, dice) == []
        assert trial.refused


def test_small_disk_is_unmounted_when_its_process_is_terminated(tmp_path: Path) -> None:
    program = (
        "import signal, sys, pathlib, tests.crash.full_disk as disk\n"
        "with disk.small_disk(pathlib.Path(sys.argv[1])) as is_small:\n    print(is_small, flush=True)\n    signal.pause()"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "disk")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as process:
        assert process.stdout is not None
        is_small = process.stdout.readline() == "True\n"
        process.terminate()
    if not is_small:
        pytest.skip("no small disk can be mounted here")
    if is_mounted := (tmp_path / "disk").is_mount():
        subprocess.run(["umount", "-l", str(tmp_path / "disk")], check=True)
    assert process.returncode == 128 + signal.SIGTERM and not is_mounted


@pytest.mark.parametrize(
    ("work", "error", "numbers"), [("mark", "EIO", (1, 6, 13)), ("refresh", "ENOSPC", (1, 8)), ("merge", "EIO", (9,))]
)
def test_library_is_sound_and_keeps_its_marks_when_a_file_call_fails(
    tmp_path: Path, portal: SamplePortal, work: str, error: str, numbers: tuple[int, ...]
) -> None:
    if not can_fail_calls():
        pytest.skip("there is no strace")
    trial, dice = Trial(tmp_path / "data", portal.address), random.Random(7)
    trial.begin()
    for number in numbers:
        assert fail_one(trial, work, FailingCall(error, number), dice) == []
    assert trial.refused


def test_library_is_readable_and_keeps_its_stars_when_a_byte_changes(tmp_path: Path) -> None:
    corrupted_byte.make(tmp_path / "sound")
    assert corrupted_byte.try_at_random(tmp_path / "sound", tmp_path / "library", 12, random.Random(7)) == []


def test_library_keeps_stories_and_stars_when_a_header_byte_changes(tmp_path: Path) -> None:
    corrupted_byte.make(tmp_path / "sound")
    for name in corrupted_byte.FILES:
        for at in (
            3,
            16,
            18,
            47,
            60,
            68,
            4096 - 300,
        ):  # magic, page size, format version, our version, application id, and the schema
            assert corrupted_byte.try_at(tmp_path / "sound", tmp_path / "library", name, at, 4) == []


def test_library_is_never_locked_when_three_processes_use_it(tmp_path: Path, portal: SamplePortal) -> None:
    trial = Trial(tmp_path / "data", portal.address)
    trial.begin()
    assert together(trial, float(os.environ.get("BPOST_TOGETHER_S", "6")), random.Random(7)) == []
    assert len(trial.promised) > 10


def test_reader_reports_killed_refreshes_in_one_line_and_goes_on(tmp_path: Path) -> None:
    with ChangingPortal() as changing:
        trial = KilledRefreshes(changing, tmp_path, random.Random(7))
        with trial.open():
            assert list(trial.kill(6)) == []


def test_two_machines_end_equal_through_a_bad_synchroniser(tmp_path: Path) -> None:
    machines = Machines.made(tmp_path, random.Random(7))
    assert machines.run(float(os.environ.get("BPOST_MACHINES_S", "20"))) == []
    assert machines.kills and machines.changes and machines.synchroniser.delivered
