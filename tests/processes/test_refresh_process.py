"""Tests of refreshes in a process of their own: the same events and stories, and no remains, whichever process ends first."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bpost_tui import log
from bpost_tui.child_process import encode_frame
from bpost_tui.errors import BPostError, PortalError
from bpost_tui.i18n import Language, Reason
from bpost_tui.model.paper import paper_at
from bpost_tui.refresh import (
    FetchFailure,
    PaperPlan,
    RefreshEvent,
    RefreshPlan,
    RefreshProgress,
    RefreshResult,
    SavedBatch,
    refresh_process,
)
from bpost_tui.refresh.library_refresh import refresh_papers
from bpost_tui.refresh.refresh_process import RefreshProcess
from bpost_tui.store.library import Library
from tests.changing_portal import ChangingPortal
from tests.child_processes import children, wait_until_gone
from tests.faults.fault_portal import FaultPortal, answer
from tests.processes.test_killed_refresh import held
from tests.sample_portal.server import SamplePortal

MARK = "BPOST_TEST_REFRESH"


@pytest.fixture
def portal() -> Iterator[SamplePortal]:
    with SamplePortal(datetime.now(UTC), page_size=4) as portal:
        yield portal


@pytest.fixture
def mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Environment variable that only a refresh process has."""
    monkeypatch.setenv(MARK, tmp_path.name)
    return f"{MARK}={tmp_path.name}"


FEED = "<rss><channel><title>ক</title><item><guid>1</guid><title>এক</title></item></channel></rss>"


def elsewhere(folder: Path, odd: list[str] | None = None) -> RefreshProcess:
    return RefreshProcess(folder, most_bytes=None, report_problems=list[str]().extend if odd is None else odd.extend)


def of(portal: SamplePortal | FaultPortal | ChangingPortal, plan: RefreshPlan | None = None) -> list[PaperPlan]:
    return [PaperPlan(paper_at(portal.address), plan or RefreshPlan())]


async def events_of(events: AsyncGenerator[RefreshEvent]) -> list[RefreshEvent]:
    return [event async for event in events]


def running() -> datetime:
    return datetime.now(UTC)


async def test_refresh_process_gives_the_same_events_and_stories(portal: SamplePortal, tmp_path: Path) -> None:
    plan = RefreshPlan(pages=3)
    with Library(tmp_path / "here") as library:
        here = await events_of(refresh_papers([PaperPlan(paper_at(portal.address), plan)], library, offline=False, clock=running))
    assert await events_of(elsewhere(tmp_path / "elsewhere").refresh(of(portal, plan))) == here
    assert held(tmp_path / "elsewhere") == held(tmp_path / "here") != {}


async def test_failure_in_the_refresh_process_is_translatable(tmp_path: Path) -> None:
    with FaultPortal() as portal:
        portal.set_reply("/feed", answer("", "503 Service Unavailable", "text/html", "Retry-After: 600"))
        received = await events_of(elsewhere(tmp_path).refresh(of(portal)))
        again = await events_of(elsewhere(tmp_path).refresh(of(portal)))
        assert portal.count("/feed") == 1, again  # the next process knows the portal's answer
    failed = next(event for event in received if isinstance(event, FetchFailure))
    assert isinstance(failed.error, PortalError) and failed.error.retry_after_s == 600
    assert isinstance(failed.reason, Reason) and Language("bn").reason(failed.reason) != failed.reason
    assert isinstance(received[-1], RefreshResult) and received[-1].errors


async def test_refresh_process_names_the_paper_of_each_event(portal: SamplePortal, tmp_path: Path) -> None:
    with FaultPortal() as other, FaultPortal() as down:
        other.set_reply("/rss.xml", answer(FEED, "200 OK", "application/rss+xml"))
        down.set_reply("/rss.xml", answer("", "503 Service Unavailable"))
        feeds = [PaperPlan(paper_at(f"{each.address}/rss.xml"), RefreshPlan(), "feed") for each in (other, down)]
        papers = [PaperPlan(paper_at(portal.address), RefreshPlan()), *feeds]
        received = await events_of(elsewhere(tmp_path).refresh(papers))
        finished = received[-1]
        assert isinstance(finished, RefreshResult) and finished.new == 5  # a page of the sample has four
        assert [failed.paper for failed in finished.errors] == [papers[2].paper.key]
        assert {event.paper for event in received[:-1] if not isinstance(event, RefreshResult)} == {
            each.paper.key for each in papers
        }


async def test_killed_refresh_process_is_one_error_and_keeps_stories(tmp_path: Path) -> None:
    found = elsewhere(tmp_path)
    with ChangingPortal(rest=False) as changing:
        changing.misbehave("/feed?paged=2", lambda _: changing.closing.wait(60) and None)  # the kill comes during this wait
        with pytest.raises(BPostError, match="stopped unexpectedly") as raised:
            async for event in found.refresh(of(changing, RefreshPlan(pages=4))):
                if isinstance(event, SavedBatch):
                    os.killpg(_child_of(os.getpid()), signal.SIGKILL)
        assert raised.value.hint
        saved = held(tmp_path)
        assert saved
        changing.forget()
        assert isinstance((await events_of(found.refresh(of(changing, RefreshPlan(pages=4)))))[-1], RefreshResult)
    assert held(tmp_path).items() >= saved.items()


@pytest.mark.parametrize(
    "output",
    [
        encode_frame(b"cbpost_tui.refresh.refresh_events\nRefreshResult\n(tR."),  # a call without arguments
        encode_frame(b"cbpost_tui.refresh.refresh_events\nNoSuchEvent\n."),
        encode_frame(b"no pickle"),
        b"a line that a library prints\n",
    ],
)
async def test_incomprehensible_refresh_process_is_one_error(
    portal: SamplePortal, tmp_path: Path, mark: str, monkeypatch: pytest.MonkeyPatch, output: bytes
) -> None:
    program = f"import sys; sys.stdout.buffer.write({output!r}); sys.stdout.flush(); sys.stdin.read()"
    monkeypatch.setattr(refresh_process, "_PROGRAM", program)
    async with asyncio.timeout(60):
        with pytest.raises(BPostError, match="stopped unexpectedly") as raised:
            await events_of(elsewhere(tmp_path).refresh(of(portal)))
    assert "start it again" in raised.value.hint  # as after an upgrade
    wait_until_gone(mark)


def _child_of(process: int) -> int:
    """Return the refresh process that another process has started."""
    (refreshing,) = (each for each in children(process) if b"refresh_worker" in Path(f"/proc/{each}/cmdline").read_bytes())
    return refreshing


async def test_abandoned_refresh_ends_its_process_and_keeps_stories(portal: SamplePortal, tmp_path: Path, mark: str) -> None:
    async with aclosing(elsewhere(tmp_path).refresh(of(portal, RefreshPlan(pages=4)))) as events:
        async for event in events:
            if isinstance(event, SavedBatch):
                break
    wait_until_gone(mark)
    assert held(tmp_path)


_READER = """
import asyncio, sys
from pathlib import Path
from bpost_tui.model.paper import paper_at
from bpost_tui.refresh import PaperPlan, RefreshPlan
from bpost_tui.refresh.refresh_process import RefreshProcess
async def follow():
    papers = [PaperPlan(paper_at(sys.argv[1]), RefreshPlan())]
    async for event in RefreshProcess(Path(sys.argv[2]), most_bytes=None, report_problems=print).refresh(papers):
        print("event", flush=True)
asyncio.run(follow())
"""


def test_refresh_process_ends_when_its_reader_is_killed(tmp_path: Path, mark: str) -> None:
    with FaultPortal() as portal:
        portal.set_reply("/feed", lambda line: line.hang())
        command = [sys.executable, "-c", _READER, portal.address, str(tmp_path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as reader:
            assert reader.stdout is not None
            reader.stdout.readline()
            reader.kill()
        wait_until_gone(mark)


async def test_unopenable_library_in_the_process_is_an_error_here(portal: SamplePortal, tmp_path: Path) -> None:
    (tmp_path / "library").write_text("a file where a folder should be")
    with pytest.raises(BPostError):
        await events_of(elsewhere(tmp_path / "library").refresh(of(portal)))


async def test_library_problems_are_passed_from_the_process(portal: SamplePortal, tmp_path: Path) -> None:
    odd: list[str] = []
    found = elsewhere(tmp_path, odd)
    await events_of(found.refresh(of(portal)))
    assert odd == []
    (tmp_path / "stories.db").write_bytes(b"no database at all" * 300)
    await events_of(found.refresh(of(portal)))
    assert any("stories.db" in line for line in odd)


async def test_log_has_events_of_both_processes(portal: SamplePortal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "_log", log._Log())
    log.start(tmp_path / "log")
    await events_of(elsewhere(tmp_path / "library").refresh(of(portal)))
    lines = (tmp_path / "log").read_text().splitlines()
    writers = {line.split()[2]: line.split()[1] for line in lines}
    assert {"refresh-start", "request", "save", "refresh-end"} <= writers.keys()
    assert writers["refresh-start"] == str(os.getpid()) != writers["request"]


async def test_two_refresh_processes_at_once_both_finish(portal: SamplePortal, tmp_path: Path) -> None:
    found = elsewhere(tmp_path)
    front, category = await asyncio.gather(
        events_of(found.refresh(of(portal))), events_of(found.refresh(of(portal, RefreshPlan(categories=("festival",)))))
    )
    assert isinstance(front[-1], RefreshResult) and isinstance(category[-1], RefreshResult)
    assert any(isinstance(event, RefreshProgress) for event in category)
    assert not front[-1].errors and not category[-1].errors
