"""Refreshing several papers at once from three local servers: WordPress, RSS and Atom."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import aclosing
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Lock

import pytest

from bpost_tui.errors import StoreError
from bpost_tui.model.paper import WORDPRESS, Paper, paper_at
from bpost_tui.model.story import ListFilter, Story
from bpost_tui.refresh import (
    BackfillRequest,
    FetchFailure,
    PaperPlan,
    RefreshEvent,
    RefreshPlan,
    RefreshResult,
    SavedBatch,
    refresh_job,
)
from bpost_tui.refresh.library_refresh import refresh_papers
from bpost_tui.refresh.portal_access import RETRY_AT
from bpost_tui.store.library import Library
from bpost_tui.store.paper_library import PaperLibrary
from tests.sample_portal.server import SamplePortal
from tests.scripted_portal import PortalServer, item, rss

pytestmark = pytest.mark.waits

RSS_FEED, ATOM_FEED = "/rss.xml", "/atom.xml"
_ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>সাপ্তাহিক</title>
<entry><id>1</id><title>আ এক</title><link href="/1"/><updated>2026-11-20T06:00:00Z</updated><category term="sport"/></entry>
<entry><id>2</id><title>আ দুই</title><link href="/2"/><updated>2026-11-20T05:00:00Z</updated></entry></feed>"""


class PaperServers:
    """The three servers, and their papers."""

    def __init__(self, sample: SamplePortal, by_rss: PortalServer, by_atom: PortalServer) -> None:
        self.by_rss, self.by_atom = by_rss, by_atom
        self.wordpress = paper_at(sample.address)
        self.rss, self.atom = paper_at(by_rss.address + RSS_FEED), paper_at(by_atom.address + ATOM_FEED)
        self.all = (self.wordpress, self.rss, self.atom)
        by_rss.serve(RSS_FEED, rss(item("র এক", guid="1", link="/1"), item("র দুই", guid="2", link="/2")))
        by_atom.serve(ATOM_FEED, _ATOM.encode(), content_type="application/atom+xml")

    def plans(self, plan: RefreshPlan | None = None) -> list[PaperPlan]:
        return [PaperPlan(paper, plan or RefreshPlan(), WORDPRESS if paper == self.wordpress else "feed") for paper in self.all]


@pytest.fixture
def servers(sample_portal: SamplePortal) -> Iterator[PaperServers]:
    with PortalServer() as by_rss, PortalServer() as by_atom:
        yield PaperServers(sample_portal, by_rss, by_atom)


async def refreshed(plans: list[PaperPlan], library: Library, now: datetime) -> tuple[list[RefreshEvent], RefreshResult]:
    *events, finished = [event async for event in refresh_papers(plans, library, offline=False, clock=lambda: now)]
    assert isinstance(finished, RefreshResult) and not any(isinstance(event, RefreshResult) for event in events)
    return events, finished


def titles(library: Library, paper: Paper) -> set[str]:
    return {row.title for row in library.headlines(ListFilter(paper=paper.key), limit=100)}


_ENTERS_POOL = """
import asyncio, sys
from datetime import UTC, datetime
from pathlib import Path
from bpost_tui.model.paper import paper_at
from bpost_tui.portal.worker.parser_process import ParserPool
from bpost_tui.refresh import PaperPlan, RefreshPlan
from bpost_tui.refresh.portal_pool import PortalPool
from bpost_tui.store.library import Library

async def start(pool):
    print("httpx" in sys.modules)

async def enter(library):
    plans = [PaperPlan(paper_at("http://127.0.0.1:1/feed.xml"), RefreshPlan(), "feed")]
    for _ in range(2):
        async with PortalPool(plans, library, offline=False, clock=lambda: datetime.now(UTC)) as pool:
            print("pool")
            pool.library(plans[0].paper.key).fetch_log.record_refresh(datetime.now(UTC))

ParserPool.start = start
with Library(Path(sys.argv[1])) as library:
    asyncio.run(enter(library))
"""


def test_first_refresh_starts_a_parser_before_httpx_is_loaded_and_the_next_starts_none(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _ENTERS_POOL, str(tmp_path / "library")], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.split() == ["False", "pool", "pool"]


async def test_refresh_of_three_papers_saves_and_reports_each_separately(
    servers: PaperServers, library: Library, now: datetime
) -> None:
    events, finished = await refreshed(servers.plans(), library, now)
    assert finished.errors == () and finished.new == 14
    assert titles(library, servers.rss) == {"র এক", "র দুই"} and titles(library, servers.atom) == {"আ এক", "আ দুই"}
    assert len(titles(library, servers.wordpress)) == 10
    assert {event.paper for event in events if not isinstance(event, RefreshResult)} == {paper.key for paper in servers.all}
    assert sum(len(event.new) for event in events if isinstance(event, SavedBatch)) == 14
    assert [library.for_paper(paper).fetch_log.feed_title() for paper in servers.all[1:]] == ["পরীক্ষা", "সাপ্তাহিক"]
    # the second refresh sends each paper's validators, and nothing is new
    assert (await refreshed(servers.plans(), library, now))[1].new == 0


async def test_stories_are_reported_before_they_are_indexed_and_grouped(
    servers: PaperServers, library: Library, now: datetime
) -> None:
    library.set_subscriptions(servers.all)
    async for event in refresh_papers(servers.plans(), library, offline=False, clock=lambda: now):
        if isinstance(event, RefreshResult):
            assert event.new == 14 and len(library.headlines(ListFilter(), limit=100)) == 14
            assert library.count_unindexed() == 14 and library.story_groups.is_outdated()
            assert library.maintenance.verify() == ()
    assert library.count_unindexed() == 0 and not library.story_groups.is_outdated()
    assert {hit.headline.title for hit in library.search.find("এক", limit=99, now=now).hits} >= {"র এক", "আ এক"}


async def test_refresh_that_stops_after_its_result_is_completed_by_the_next(
    servers: PaperServers, library: Library, now: datetime
) -> None:
    library.set_subscriptions(servers.all)
    async with aclosing(refresh_papers(servers.plans(), library, offline=False, clock=lambda: now)) as events:
        async for event in events:
            if isinstance(event, RefreshResult):
                break
    assert library.count_unindexed() == 14
    _, finished = await refreshed(servers.plans(), library, now)
    assert finished.new == 0 and library.count_unindexed() == 0 and not library.story_groups.is_outdated()


async def test_refresh_follows_each_papers_own_plan(servers: PaperServers, library: Library, now: datetime) -> None:
    plans = [each._replace(plan=RefreshPlan(("sport",))) if each.paper == servers.atom else each for each in servers.plans()]
    _, finished = await refreshed(plans, library, now)
    assert finished.errors == () and titles(library, servers.atom) == {"আ এক"} and len(titles(library, servers.rss)) == 2


def down(server: PortalServer, path: str) -> None:
    server.misbehave(path, lambda line: line.close())


def slow(server: PortalServer, path: str) -> None:
    server.misbehave(path, lambda line: server.closing.wait(60))


def trickling(server: PortalServer, path: str) -> None:
    def trickle(line: socket.socket) -> None:
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 1000000\r\n\r\n")
        while not server.closing.wait(0.05):
            line.sendall(b" ")

    server.misbehave(path, trickle)


def failing(server: PortalServer, path: str) -> None:
    server.serve(path, b"no", status=503)


def waiting(server: PortalServer, path: str) -> None:
    server.serve(path, b"", status=429, Retry_After="3600")


def no_feed(server: PortalServer, path: str) -> None:
    server.serve(path, b"<!doctype html><h1>login", content_type="text/html")


def bomb(server: PortalServer, path: str) -> None:
    server.serve(path, b"<rss><channel><item>" + b"<a>" * 3_000_000)


def elsewhere(server: PortalServer, path: str) -> None:
    server.redirect(path, "http://192.0.2.1/feed")


def stealing(server: PortalServer, path: str) -> None:
    """Serve a feed with the guids and links of other papers' stories."""
    server.serve(path, rss(*(item("চুরি", guid=str(number), link=f"/{number}") for number in (1, 2))))


FAULTS: list[Callable[[PortalServer, str], None]] = [down, slow, trickling, failing, waiting, no_feed, bomb, elsewhere, stealing]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("at", ["rss", "atom"])
async def test_faulty_paper_does_not_affect_the_others(
    servers: PaperServers, library: Library, now: datetime, monkeypatch: pytest.MonkeyPatch, at: str, fault: Callable[..., None]
) -> None:
    monkeypatch.setattr(refresh_job, "REFRESH_LIMIT_S", 6.0)
    await refreshed(servers.plans(), library, now)
    before = {paper: titles(library, paper) for paper in servers.all}
    starred = library.headlines(ListFilter(paper=servers.rss.key), limit=1)[0].id
    library.set_mark("starred", [starred], True, now=now)
    bad, server, path = (servers.rss, servers.by_rss, RSS_FEED) if at == "rss" else (servers.atom, servers.by_atom, ATOM_FEED)
    good = servers.atom if bad == servers.rss else servers.rss
    other, other_path = (servers.by_atom, ATOM_FEED) if bad == servers.rss else (servers.by_rss, RSS_FEED)
    server.forget()
    fault(server, path)
    other.forget()
    other.serve(other_path, rss(item("নতুন", guid="9", link="/9")))
    failures: list[FetchFailure] = []
    is_first = False
    async for event in refresh_papers(servers.plans(), library, offline=False, clock=lambda: now):
        if isinstance(event, SavedBatch) and event.paper == good.key:
            is_first = not failures
        if isinstance(event, FetchFailure):
            failures.append(event)
    assert "নতুন" in titles(library, good)
    assert titles(library, servers.wordpress) == before[servers.wordpress] and titles(library, good) >= before[good]
    assert library.headline(starred).starred
    if fault is stealing:
        assert failures == [] and titles(library, good) == before[good] | {"নতুন"}
    else:
        assert {failure.paper for failure in failures} == {bad.key} and titles(library, bad) == before[bad]
    if fault in (slow, trickling):
        assert is_first  # before the slow paper had finished


async def test_refresh_is_offline_only_if_no_paper_could_be_read(servers: PaperServers, library: Library, now: datetime) -> None:
    plans = servers.plans()[1:]
    assert not (await refreshed(plans, library, now))[1].is_offline
    servers.by_rss.forget()
    down(servers.by_rss, RSS_FEED)
    _, finished = await refreshed(plans, library, now)
    assert finished.fetched == 0 and len(finished.errors) == 1 and not finished.is_offline  # the other paper has no news
    servers.by_atom.forget()
    down(servers.by_atom, ATOM_FEED)
    assert (await refreshed(plans, library, now))[1].is_offline


async def test_refresh_refused_by_the_library_is_not_offline(servers: PaperServers, library: Library, now: datetime) -> None:
    with library.first_paper.fetch_log.backfill_lock() as is_alone:
        assert is_alone
        _, finished = await refreshed(servers.plans(RefreshPlan(backfill=BackfillRequest())), library, now)
    assert finished.errors and not finished.is_offline


async def test_papers_on_one_host_share_its_wait(servers: PaperServers, library: Library, now: datetime) -> None:
    other = paper_at(servers.by_rss.address + "/other.xml")
    servers.by_rss.serve("/other.xml", b"", status=429, Retry_After="3600")
    both = [PaperPlan(other, RefreshPlan(), "feed")]
    _, finished = await refreshed(both, library, now)
    assert [failure.paper for failure in finished.errors] == [other.key]
    servers.by_rss.requests.clear()
    _, finished = await refreshed([*servers.plans(), *both], library, now + timedelta(minutes=5))
    assert {failure.paper for failure in finished.errors} == {servers.rss.key, other.key}
    assert all("wait" in failure.reason for failure in finished.errors)
    assert servers.by_rss.requests == [] and len(titles(library, servers.atom)) == 2
    assert library.for_paper(servers.rss).fetch_log.event_time(RETRY_AT) is None  # noted once, for the paper that received the 429


async def test_papers_on_one_host_share_a_limit_of_two_requests(library: Library, now: datetime) -> None:
    at_once, most, lock, two = 0, 0, Lock(), Event()

    def counted(line: socket.socket) -> None:
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
            if at_once == 2:
                two.set()
        two.wait(60)
        server.closing.wait(0.1)  # so that a third request could arrive
        with lock:
            at_once -= 1
        body = rss(item("ক", guid="1"))
        line.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

    with PortalServer() as server:
        papers = [paper_at(f"{server.address}/{number}.xml") for number in range(5)]
        for number in range(5):
            server.misbehave(f"/{number}.xml", counted)
        _, finished = await refreshed([PaperPlan(paper, RefreshPlan(), "feed") for paper in papers], library, now)
    assert finished.errors == () and finished.new == 5 and most == 2


async def test_paper_failing_to_save_does_not_affect_the_others(
    servers: PaperServers, library: Library, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = PaperLibrary.save

    def full(
        self: PaperLibrary, stories: list[Story], *, now: datetime, groups_now: bool, indexes_now: bool, part: slice
    ) -> object:
        if stories[0].title.startswith("র"):
            raise StoreError("full")
        return save(self, stories, now=now, groups_now=groups_now, indexes_now=indexes_now, part=part)

    monkeypatch.setattr(PaperLibrary, "save", full)
    _, finished = await refreshed(servers.plans(), library, now)
    assert finished.new == 12 and [failure.paper for failure in finished.errors] == [servers.rss.key]


async def test_closed_refresh_leaves_no_task(servers: PaperServers, library: Library, now: datetime) -> None:
    slow(servers.by_rss, RSS_FEED)
    async with aclosing(refresh_papers(servers.plans(), library, offline=False, clock=lambda: now)) as events:
        async for _ in events:
            break
    assert len(asyncio.all_tasks()) == 1


async def test_refresh_offline_makes_no_request(servers: PaperServers, library: Library, now: datetime) -> None:
    events = [event async for event in refresh_papers(servers.plans(), library, offline=True, clock=lambda: now)]
    assert len([event for event in events if isinstance(event, FetchFailure)]) == 3
    assert servers.by_rss.requests == servers.by_atom.requests == []
