"""Limits of refreshes and backfills: each ends for any answers of the portal, and loses nothing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from threading import Event
from urllib.parse import parse_qs, urlsplit

import pytest

from bpost_tui.errors import PortalError, StoreError
from bpost_tui.model.backfill_cursor import BackfillCursor, BackfillState
from bpost_tui.model.durations import parse_age
from bpost_tui.model.story import ListFilter, Story, Validators
from bpost_tui.refresh import (
    BackfillRequest,
    RefreshEvent,
    RefreshPlan,
    RefreshResult,
    SavedBatch,
    backfill_api,
    backfill_pass,
    edited_stories,
    refresh_job,
)
from bpost_tui.refresh.paper_refresh import refresh_paper
from bpost_tui.refresh.portal_access import open_portal
from bpost_tui.store.library import Library
from tests.changing_portal import POSTS, ChangingPortal
from tests.scripted_portal import Answer, PortalServer, Seen, item, portal_server, rss

pytestmark = pytest.mark.waits

__all__ = ["portal_server"]

ALL = RefreshPlan(backfill=BackfillRequest())


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backfill_pass, "_LONGEST_PAUSE_S", 0.0)


@pytest.fixture
def changing() -> Iterator[ChangingPortal]:
    with ChangingPortal(rest=False) as server:
        yield server


async def events_of(server: PortalServer, library: Library, plan: RefreshPlan, now: datetime) -> list[RefreshEvent]:
    async with open_portal(server.address, library.first_paper, offline=False, clock=lambda: now) as portal:
        return [event async for event in refresh_paper(portal, library.first_paper, plan, clock=lambda: now)]


async def outcome(server: PortalServer, library: Library, plan: RefreshPlan, now: datetime) -> RefreshResult:
    finished = (await events_of(server, library, plan, now))[-1]
    assert isinstance(finished, RefreshResult)
    return finished


def dated(number: int, when: datetime) -> str:
    return item(f"খবর {number}", guid=f"http://x.invalid/?p={number}", more=f"<pubDate>{format_datetime(when)}</pubDate>")


def serve_feeds(server: PortalServer, items: Callable[[int], list[str]]) -> None:
    """Answer each page of the feed with the `items` of its number."""

    def answer(seen: Seen) -> Answer:
        if not seen.path.startswith("/feed"):
            return usual_answer(seen)
        number = int(parse_qs(urlsplit(seen.path).query).get("paged", ["1"])[0])
        return Answer(200, {"Content-Type": "application/rss+xml"}, rss(*items(number)))

    usual_answer = server.answer
    server.answer = answer  # type: ignore[method-assign]


def feeds(server: PortalServer) -> list[str]:
    return [seen.path for seen in server.requests if seen.path.startswith("/feed")]


# ── endless pages ───────────────────────────────────────────────────────────


@pytest.mark.parametrize("since", [None, timedelta(days=30)])
async def test_backfill_ends_at_the_second_identical_page(
    portal_server: PortalServer, library: Library, now: datetime, since: timedelta | None
) -> None:
    serve_feeds(portal_server, lambda number: [dated(at, now - timedelta(hours=at)) for at in range(1, 4)])
    plan = RefreshPlan(backfill=BackfillRequest(now - since if since else None))
    for _ in range(2):
        finished = await outcome(portal_server, library, plan, now)
        assert finished.errors == () and library.count(ListFilter()) == 3
    assert len(feeds(portal_server)) <= 6  # the second run first reads the newest page


async def test_backfill_of_endless_pages_continues_in_the_next_run(
    portal_server: PortalServer, library: Library, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backfill_pass, "MAX_PAGES", 5)
    serve_feeds(portal_server, lambda number: [dated(number, now - timedelta(hours=number))])
    for run in (1, 2):
        portal_server.requests.clear()
        finished = await outcome(portal_server, library, ALL, now)
        assert [failure.error for failure in finished.errors] == [None] and "from here" in finished.errors[0].reason
        assert len(feeds(portal_server)) <= 5 + run  # the second run first reads the newest page
    assert library.count(ListFilter()) >= 9
    cursor = library.fetch_log.backfill_cursor("")
    assert cursor is not None and cursor.state is BackfillState.IN_PROGRESS


async def test_backfill_steps_back_within_its_page_budget(
    portal_server: PortalServer, library: Library, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backfill_pass, "MAX_PAGES", 5)
    read_to = now - timedelta(days=1)
    library.fetch_log.save_backfill_cursor("", BackfillCursor(read_to, read_to, page=12))
    serve_feeds(portal_server, lambda number: [dated(1, now - timedelta(days=400))])  # each page is older than the cursor
    pages: list[list[str]] = []
    for _ in range(3):
        portal_server.requests.clear()
        finished = await outcome(portal_server, library, ALL, now)
        pages.append([path.partition("=")[2] for path in feeds(portal_server)][1:])  # the first request reads the newest page
        assert all("from here" in failure.reason for failure in finished.errors)
    assert pages == [["12", "11", "10", "9", "8"], ["7", "6", "5", "4", "3"], ["2", "", "2"]]


async def test_backfill_by_wp_json_ends_in_a_second_run(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backfill_pass, "MAX_PAGES", 2)
    with ChangingPortal() as server:
        first = await outcome(server, library, ALL, server.now)
        assert (first.new, len(first.errors), first.reached_first_story) == (200, 1, False)
        monkeypatch.setattr(backfill_pass, "MAX_PAGES", 9)
        second = await outcome(server, library, ALL, server.now)
        assert (second.new, second.errors, second.reached_first_story) == (200, (), True)


async def test_missing_stories_are_checked_within_a_budget(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backfill_api, "MAX_WITHDRAWAL_CHECKS", 20)
    with ChangingPortal() as server:
        await outcome(server, library, ALL, server.now)
        for number in range(1, POSTS - 50):
            server.withdraw(number)
        server.requests.clear()
        for run in (1, 2):  # the next run continues
            assert (await outcome(server, library, ALL, server.now)).withdrawn == 20
            assert len(server.requests) < 20 * run


async def test_backfill_stops_at_its_time_limit(
    changing: ChangingPortal, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refresh_job, "LONG_LIMIT_S", 0.0)
    finished = await outcome(changing, library, ALL, changing.now)
    assert len(finished.errors) == 1 and changing.feeds == ["1"] and library.count(ListFilter()) == 10


async def test_backfill_gives_up_a_hanging_page_after_its_time_limit(
    portal_server: PortalServer, library: Library, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refresh_job, "LONG_LIMIT_S", 0.0)
    monkeypatch.setattr("bpost_tui.refresh.paper_refresh.LAST_PAGE_LIMIT_S", 0.5)
    portal_server.misbehave("/feed", lambda line: portal_server.closing.wait(60) and None)
    finished = await asyncio.wait_for(outcome(portal_server, library, ALL, now), 50)
    assert [failure.reason for failure in finished.errors] == [refresh_job.LIMIT_REACHED]


async def test_backfill_at_its_time_limit_leaves_the_category_list_to_the_next_refresh(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ChangingPortal() as server:
        with monkeypatch.context() as patch:
            patch.setattr(refresh_job, "LONG_LIMIT_S", 0.0)
            assert (await outcome(server, library, ALL, server.now)).new
        assert library.fetch_log.event_time("categories") is None
        await outcome(server, library, RefreshPlan(), server.now)
        assert library.fetch_log.event_time("categories") == server.now
        assert any(count.category.portal_count is not None for count in library.categories())


async def test_gap_stays_open_when_closing_it_exceeds_the_budget(
    changing: ChangingPortal, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backfill_pass, "MAX_PAGES", 2)
    await outcome(changing, library, ALL, changing.now)
    before = library.fetch_log.backfill_cursor("")
    changing.publish(30)
    await outcome(changing, library, ALL, changing.now)
    assert library.fetch_log.backfill_cursor("") == before
    monkeypatch.setattr(backfill_pass, "MAX_PAGES", 99)
    await outcome(changing, library, ALL, changing.now)
    assert library.count(ListFilter()) == POSTS + 30


async def test_backfill_is_refused_while_another_runs(changing: ChangingPortal, library: Library) -> None:
    with library.fetch_log.backfill_lock() as is_alone:
        assert is_alone
        finished = await outcome(changing, library, ALL, changing.now)
        assert [type(failure.error) for failure in finished.errors] == [StoreError] and changing.requests == []
        assert (await outcome(changing, library, RefreshPlan(), changing.now)).new == 10  # new stories are fetched nevertheless
    assert (await outcome(changing, library, RefreshPlan(backfill=BackfillRequest(stories=20)), changing.now)).errors == ()


# ── time limit of a whole refresh ───────────────────────────────────────────


async def test_refresh_of_a_hanging_feed_ends_at_its_limit(
    portal_server: PortalServer, library: Library, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refresh_job, "REFRESH_LIMIT_S", 0.3)
    portal_server.misbehave("/feed", lambda line: portal_server.closing.wait(60) and None)
    finished = await outcome(portal_server, library, RefreshPlan(), now)
    assert [type(failure.error) for failure in finished.errors] == [PortalError]
    assert "0.3" in finished.errors[0].reason


async def test_refresh_succeeds_when_only_extra_requests_hang(
    portal_server: PortalServer, library: Library, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refresh_job, "REFRESH_LIMIT_S", 3.0)
    library.fetch_log.set_event_time("edits", now - timedelta(hours=1))

    def answer(seen: Seen) -> Answer:
        hangs = "categories" in seen.path or "modified_after" in seen.path
        return Answer(0, {}, b"", lambda line: portal_server.closing.wait(60) and None) if hangs else usual_answer(seen)

    usual_answer = portal_server.answer
    portal_server.answer = answer  # type: ignore[method-assign]
    portal_server.serve("/feed", rss(dated(1, now)))
    finished = await outcome(portal_server, library, RefreshPlan(), now)
    assert (finished.new, finished.errors) == (1, ())
    assert library.fetch_log.event_time("categories") == now  # next due tomorrow, so that time remains for edits
    assert library.fetch_log.event_time("edits") == now - timedelta(hours=1)


async def test_stories_being_saved_at_the_time_limit_are_reported(
    portal_server: PortalServer, library: Library, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refresh_job, "REFRESH_LIMIT_S", 2.0)
    portal_server.serve("/feed", rss(dated(1, now)))
    save, late = library.first_paper.save, Event()
    monkeypatch.setattr(library.first_paper, "save", lambda *given, **named: (late.wait(60), save(*given, **named))[1])
    asyncio.get_running_loop().call_later(2.5, late.set)
    events = await events_of(portal_server, library, RefreshPlan(), now)
    assert [event.new for event in events if isinstance(event, SavedBatch)] == [(1,)]
    assert isinstance(events[-1], RefreshResult) and events[-1].new == 1 and len(events[-1].errors) == 1


# ── wrong clock ─────────────────────────────────────────────────────────────


async def test_notes_from_the_future_are_ignored(library: Library) -> None:
    with ChangingPortal() as server:
        await outcome(server, library, RefreshPlan(), server.now + timedelta(days=3650))
        await outcome(server, library, RefreshPlan(), server.now)
        server.requests.clear()
        server.publish(1)
        await outcome(server, library, RefreshPlan(), server.now + timedelta(days=2))
        paths = [seen.path for seen in server.requests]
        assert any("/categories" in path for path in paths)
        (edited,) = (parse_qs(urlsplit(path).query)["modified_after"][0] for path in paths if "modified_after" in path)
        assert edited < server.now.isoformat()


async def test_backfill_cursor_from_the_future_is_ignored(changing: ChangingPortal, library: Library) -> None:
    ahead = changing.now + timedelta(days=3650)
    library.fetch_log.save_backfill_cursor("", BackfillCursor(ahead, ahead, page=1))
    assert (await outcome(changing, library, ALL, changing.now)).new == POSTS


# ── old stories and edits ───────────────────────────────────────────────────


async def test_stories_beyond_the_age_limit_are_not_saved(portal_server: PortalServer, library: Library, now: datetime) -> None:
    portal_server.serve("/feed", rss(*(dated(day, now - timedelta(days=day)) for day in range(3))))
    events = await events_of(portal_server, library, RefreshPlan(max_age=timedelta(days=1, hours=1)), now)
    new = [story for event in events if isinstance(event, SavedBatch) for story in event.new]
    assert [library.headline(story).title for story in new] == ["খবর 0", "খবর 1"]
    assert isinstance(events[-1], RefreshResult) and events[-1].new == library.count(ListFilter()) == 2


@pytest.mark.parametrize("backfill", [None, BackfillRequest()])
async def test_age_limit_before_the_calendar_keeps_everything(
    portal_server: PortalServer, library: Library, now: datetime, backfill: BackfillRequest | None
) -> None:
    portal_server.serve("/feed", rss(*(dated(day, now - timedelta(days=1000 * day)) for day in range(3))))
    plan = RefreshPlan(backfill=backfill, max_age=parse_age("9999y"))
    assert (await outcome(portal_server, library, plan, now)).new == library.count(ListFilter()) == 3


async def test_old_starred_story_is_still_updated(portal_server: PortalServer, library: Library, now: datetime) -> None:
    old = now - timedelta(days=9)
    library.save([Story("http://x.invalid/?p=1", "আগের শিরোনাম", None, published=old)], now=now)
    library.set_mark("starred", [1], True, now=now)
    portal_server.serve("/feed", rss(dated(1, old)))
    await outcome(portal_server, library, RefreshPlan(max_age=timedelta(days=1)), now)
    assert library.headline(1).title == "খবর 1"


@pytest.mark.parametrize("heeds", [True, False])
async def test_too_many_edits_are_continued_in_the_next_refresh(
    library: Library, monkeypatch: pytest.MonkeyPatch, *, heeds: bool
) -> None:
    monkeypatch.setattr(edited_stories, "MAX_PAGES", 2)
    monkeypatch.setattr(edited_stories, "PAGE_STORIES", 5)
    with ChangingPortal() as server:
        begun = server.now - timedelta(hours=1)
        await outcome(server, library, RefreshPlan(backfill=BackfillRequest(stories=100)), begun)
        library.fetch_log.set_event_time("edits", begun)
        for at, number in enumerate(range(POSTS - 20, POSTS - 45, -1)):
            changed = begun + timedelta(minutes=1 + at)
            server.posts[number] = replace(server.posts[number], body="<p>বদলানো লেখা।</p>", modified=changed)
        if not heeds:  # WordPress before 5.7 ignores modified_after

            def answer(seen: Seen) -> Answer:
                return usual_answer(replace(seen, path=seen.path.replace("modified_after", "x")))

            usual_answer = server.answer
            server.answer = answer  # type: ignore[method-assign]
        for _ in range(3):
            library.fetch_log.save_validators(f"{server.address}/feed", Validators(), now=begun)
            await outcome(server, library, RefreshPlan(), server.now)
        rows = library.headlines(ListFilter(), limit=999)
        edited = [row for row in rows if "বদলানো" in json.dumps(library.story(row.id).blocks, default=str, ensure_ascii=False)]
        assert len(edited) == (25 if heeds else 10)


async def test_refresh_stops_at_the_write_limit_and_continues_next_time(
    changing: ChangingPortal, library: Library, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refresh_job, "MAX_WRITTEN_BYTES", 3000)
    counts: list[int] = []
    for _ in range(3):
        finished = await outcome(changing, library, ALL, now)
        assert any("reached this run's limit" in failure.reason for failure in finished.errors)
        counts.append(library.count(ListFilter()))
    assert 0 < counts[0] < counts[1] < counts[2] < POSTS
