"""Sixty papers at once; half of them hang, trickle, redirect, break the parser, aren't feeds or ask for a pause."""

from __future__ import annotations

import os
import signal
from asyncio.subprocess import Process
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import pytest

from bpost_tui.model.paper import paper_at
from bpost_tui.portal.http import client
from bpost_tui.portal.portal import Portal
from bpost_tui.portal.worker import parser_process
from bpost_tui.refresh import refresh_job
from bpost_tui.refresh.library_refresh import refresh_papers
from bpost_tui.refresh.refresh_events import FetchFailure, PaperPlan, RefreshEvent, RefreshPlan, RefreshResult, SavedBatch
from bpost_tui.store.library import Library
from tests.child_processes import children
from tests.faults.fault_portal import FaultPortal, Line, answer, head
from tests.machine_load import load_factor
from tests.scripted_portal import item, rss

pytestmark = pytest.mark.waits
DEADLINE_S = 6.0
BREAKS = "এতে পার্সার ভাঙে"
REASONS = {
    "hang": "no complete answer within",
    "trickle": "no complete answer within",
    "break": "crashed the parser",
    "no feed": "not a feed but a web page",
    "busy": "429",
}
KINDS = ("hang", "trickle", "break", "no feed", "busy", "redirect", "good", "good", "good", "good")


def feed(number: int, title: str = "খবর") -> str:
    return rss(*(item(f"{title} {number}-{at}", guid=f"{number}-{at}") for at in range(3))).decode()


def _script(kind: str, number: int) -> bytes | Callable[[Line], None]:
    def hang(line: Line) -> None:
        line.hang()

    def trickle(line: Line) -> None:
        line.send(head())
        line.drip(feed(number).encode(), 0.4)

    scripts: dict[str, bytes | Callable[[Line], None]] = {
        "hang": hang,
        "trickle": trickle,
        "break": answer(feed(number, BREAKS)),
        "no feed": answer("<html><body>nothing</body></html>"),
        "busy": answer("", "429 Too Many Requests", "text/plain", "Retry-After: 3600"),
        "redirect": answer("", "301 Moved Permanently", "text/plain", "Location: /new.xml"),
    }
    return scripts.get(kind, answer(feed(number)))


async def test_each_of_sixty_papers_is_reported_and_affects_no_other(
    library: Library, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    defaults = Portal.__init__.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "deadline_s", DEADLINE_S * load_factor())
    monkeypatch.setattr(client, "_READ_TIMEOUT_S", 600.0)  # so that the deadline comes first on a busy machine too
    monkeypatch.setattr(refresh_job, "REFRESH_LIMIT_S", 600.0)
    exchange = parser_process._round_trip

    async def broken(process: Process, request: bytes, body: bytes) -> bytes:
        if BREAKS.encode() in body:
            os.kill(process.pid, signal.SIGKILL)
        return await exchange(process, request, body)

    monkeypatch.setattr(parser_process, "_round_trip", broken)
    before, events = set(children(os.getpid())), list[RefreshEvent]()
    with ExitStack() as servers:
        papers = {}
        for number in range(60):
            portal = servers.enter_context(FaultPortal())
            kind = KINDS[number % len(KINDS)]
            portal.set_reply("/feed.xml", _script(kind, number))
            portal.set_reply("/new.xml", answer(feed(number)))
            papers[paper_at(f"{portal.address}/feed.xml")] = kind
        library.set_subscriptions(tuple(papers))
        plans = [PaperPlan(paper, RefreshPlan(), "feed") for paper in papers]
        async for event in refresh_papers(plans, library, offline=False, clock=lambda: now):
            events.append(event)
    kinds = {paper.key: kind for paper, kind in papers.items()}
    addresses = {paper.key: paper.address for paper in papers}
    failed = {event.paper: event for event in events if isinstance(event, FetchFailure)}
    assert {kinds[key] for key in failed} == set(REASONS)
    for key, kind in kinds.items():
        if kind in REASONS:
            assert REASONS[kind] in str(failed[key].reason) and failed[key].address == addresses[key]
    saved = {event.paper for event in events if isinstance(event, SavedBatch)}
    assert saved == {key for key, kind in kinds.items() if kind in ("good", "redirect")}
    first_slow = min(
        at for at, event in enumerate(events) if isinstance(event, FetchFailure) and kinds[event.paper] in ("hang", "trickle")
    )
    assert all(at < first_slow for at, event in enumerate(events) if isinstance(event, SavedBatch))
    assert isinstance(events[-1], RefreshResult) and events[-1].new == 3 * len(saved)
    assert len(events[-1].errors) == len(failed)
    started = set(children(os.getpid())) - before  # the tests' own process that forks parsers
    assert not [child for each in started for child in children(each)]
    assert not list(Path(library.folder).glob("*.part"))
