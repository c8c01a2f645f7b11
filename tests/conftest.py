"""Fixtures of many tests: a portal on the loopback address, a library on disk, no other network."""

from __future__ import annotations

import gc
import os
import re
import shutil
import signal
import socket
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings

from bpost_tui.model.story import Headline
from bpost_tui.store.library import Library
from tests.sample_portal.server import SamplePortal
from tests.scripted_portal import PUBLIC_HOST

NOW = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)


def headline(number: int, **fields: Any) -> Headline:
    """Return a row of a list, unread and without marks; `fields` sets its other fields."""
    row = Headline(number, str(number), "খবর", "", None, "", NOW, None, "", (), False, False, False, full=True, first_seen=NOW)
    return row._replace(**fields)


# no test asserts a time: a busy machine would fail it, and Hypothesis would shrink for minutes
settings.register_profile("bpost", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("quick", settings.get_profile("bpost"), max_examples=20)  # for `make quick`
shown_as_drawn = (Phase.explicit, Phase.generate)  # the first failing run counts, not the shortest
settings.register_profile("planted", settings.get_profile("bpost"), phases=shown_as_drawn)  # for `make planted`
settings.load_profile("bpost")


_MEMORY = Path("/dev/shm")
_ROOM_BYTES = 4 << 30

if "PYTEST_DEBUG_TEMPROOT" not in os.environ and _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM_BYTES:
    os.environ["PYTEST_DEBUG_TEMPROOT"] = str(_MEMORY)  # four thousand small databases need not wait for a disk there

gc.set_threshold(200_000, 5, 5)  # with the default of 700, a third of the CPU time went into collections

for _number in (signal.SIGINT, signal.SIGHUP):
    if signal.getsignal(_number) is signal.SIG_IGN:  # a background job of a shell (`pytest &`), or nohup
        # an ignored signal stays ignored in every process that tests start; a handled signal doesn't (execve(2))
        signal.signal(_number, lambda *_: None)

EVERY_TERMINAL = "BPOST_EVERY_TERMINAL"
"""Variable that is set if every terminal, shell and tool is installed, as by `.ci/run`: tests that would skip then fail."""


def pytest_addoption(parser: pytest.Parser) -> None:
    table_help = (
        "limit of the table of surfaces: a tenth of what the reader's is, 6710886, and 1, so that it holds what one frame needs"
    )
    parser.addoption("--table-bytes", type=int, default=64 << 20, help=table_help)
    parser.addoption("--walk-steps", type=int, default=60, help="how long each walk through the screen is")
    parser.addoption("--pages", type=int, default=70, help="how many pages and rows are gone through in each terminal")
    parser.addoption("--walk-seed", default="2026", help="which walk it is")
    parser.addoption("--walk-fault", default="", help="fault of the replies: late, missing, doubled; by default each in one walk")


WAITING = ("pty", "processes", "terminals", "crash", "torture", "soak", "packaging", "faults", "service", "year")
"""Folders whose tests all wait for processes that they start."""


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Skip the files that `-m waits` or `-m "not waits"` leaves out anyway: each worker would read all files, for seconds."""
    chosen, first = config.option.markexpr, collection_path.relative_to(config.rootpath).parts[1:2]
    is_waiting = bool(first) and first[0] in WAITING
    if chosen == "not waits" and is_waiting:
        return True
    if chosen == "waits" and not is_waiting and collection_path.suffix == ".py":
        return not re.search(r"mark\.(waits|pty)", collection_path.read_text(encoding="utf-8")) or None
    return None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests that wait for processes by their folder, and tests that run in a pseudo-terminal."""
    here = Path(__file__).parent
    for item in items:
        if item.path.relative_to(here).parts[0] in WAITING or item.get_closest_marker("pty"):
            item.add_marker(pytest.mark.waits)
    items.sort(
        key=lambda item: item.path.name != "test_random_walks.py"
    )  # the longest tests first: last, they would keep a single worker busy


def pytest_collection_finish() -> None:
    """Exempt all imported and collected objects from garbage collection: 0.16 s each time, some thousand times."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get(EVERY_TERMINAL):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} may not skip where {EVERY_TERMINAL} is set: {report.longreprtext}"
    return report


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection to another machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1", PUBLIC_HOST):
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture
def forked_parsers() -> Iterator[None]:
    """Run parsers in processes forked after the imports, for tests that start many parsers but test something else."""
    from tests.forked_parsers import forked_parsers

    with forked_parsers():
        yield


@pytest.fixture(scope="session")
def now() -> datetime:
    return NOW


@pytest.fixture
def sample_portal(now: datetime) -> Iterator[SamplePortal]:
    with SamplePortal(now) as portal:
        yield portal


@pytest.fixture(scope="session")
def empty_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an empty library for copies: creating a library takes five times as long."""
    folder = tmp_path_factory.mktemp("empty") / "library"
    Library(folder).close()
    return folder


@pytest.fixture
def library(tmp_path: Path, empty_library: Path) -> Iterator[Library]:
    library = Library(shutil.copytree(empty_library, tmp_path / "library"))
    yield library
    library.close()
