"""Refreshing a paper from portal to library, with local servers, the real parser process and a real library."""

from __future__ import annotations

import asyncio
import errno
import json
import os
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from datetime import datetime, timedelta
from email.utils import format_datetime

import pytest

from bpost_tui.errors import ContentError, NotFoundError, PortalError, StoreError
from bpost_tui.model.story import Category, ListFilter, Story, Validators
from bpost_tui.portal.portal import Portal
from bpost_tui.portal.wordpress.wordpress_addresses import WordPressAddresses
from bpost_tui.refresh import BackfillRequest, FetchFailure, RefreshEvent, RefreshPlan, RefreshProgress, RefreshResult, SavedBatch
from bpost_tui.refresh import feed_refresh as feeds_module
from bpost_tui.refresh.article_fetch import fetch_full, fetch_link
from bpost_tui.refresh.paper_refresh import _NOTHING_SELECTED, refresh_paper
from bpost_tui.refresh.portal_access import open_portal
from bpost_tui.store.library import Library
from tests.sample_portal.server import SamplePortal
from tests.scripted_portal import PortalServer, item, portal_server, rss

__all__ = ["portal_server"]

VALIDATORS = ('"d058ba419a8141120d0368b7e3f874be"', "Tue, 24 Nov 2026 22:34:35 GMT")
Refresh = Callable[..., "asyncio.Future[list[RefreshEvent]]"]


@pytest.fixture
async def recorded(portal_server: PortalServer, now: datetime) -> AsyncIterator[Portal]:
    portal_server.validators = VALIDATORS
    portal_server.compress = True
    async with Portal(portal_server.address, clock=lambda: now) as portal:
        yield portal


async def follow(portal: Portal, library: Library, plan: RefreshPlan, now: datetime) -> list[RefreshEvent]:
    return [event async for event in refresh_paper(portal, library.first_paper, plan, clock=lambda: now)]


async def outcome(portal: Portal, library: Library, plan: RefreshPlan, now: datetime) -> RefreshResult:
    *events, finished = await follow(portal, library, plan, now)
    assert not any(isinstance(event, RefreshResult) for event in events)
    assert isinstance(finished, RefreshResult)
    return finished


def dated(number: int, now: datetime) -> str:
    """Return an item; lower numbers are older, by an hour each."""
    day = format_datetime(now - timedelta(days=9) + timedelta(hours=number))
    return item(f"খবর {number}", guid=f"http://x.invalid/?p={number}", more=f"<pubDate>{day}</pubDate>")


def serve_pages(server: PortalServer, now: datetime, newest: int, *, size: int = 2, down: int = 0) -> None:
    """Serve all stories up to `newest`, `size` a page; the page `down` answers 500."""
    server.forget()
    server.validators = (f'"{newest}"', format_datetime(now - timedelta(days=9) + timedelta(hours=newest), usegmt=False))
    numbers = list(range(newest, 0, -1))
    for at in range(0, newest, size):
        page = at // size + 1
        path = "/feed" if page == 1 else f"/feed?paged={page}"
        status = 500 if page == down else 200
        server.serve(path, rss(*[dated(number, now) for number in numbers[at : at + size]]), status=status)


def serve_summary(server: PortalServer) -> str:
    """Serve a feed of one summary, and return the link to its text, which isn't served."""
    link = f"{server.address}/midnapore/one.html"
    summary = f"<title>এক</title><guid>x</guid><link>{link}</link><description>সারাংশ […]</description>"
    server.serve("/feed", rss(f"<item>{summary}</item>"))
    return link


def feeds(server: PortalServer) -> list[str]:
    return [seen.path for seen in server.requests if "/feed" in seen.path]


def guids(library: Library) -> list[str]:
    return [row.guid.rpartition("=")[2] for row in library.headlines(ListFilter(), limit=1000)]


# ── one page ────────────────────────────────────────────────────────────────


async def test_refresh_of_a_recording_saves_all_ten_stories(
    recorded: Portal, portal_server: PortalServer, library: Library, now: datetime
) -> None:
    portal_server.play("/feed", "feed-full-p1")
    finished = await outcome(recorded, library, RefreshPlan(), now + timedelta(days=2))
    assert finished == RefreshResult(fetched=10, new=10, updated=0)
    rows = library.headlines(ListFilter(), limit=100)
    assert len(rows) == 10
    assert all(row.author and row.categories and row.title and row.full for row in rows)
    assert all(library.story(row.id).blocks for row in rows)


async def test_second_refresh_takes_one_request_answered_304(
    recorded: Portal, portal_server: PortalServer, library: Library, now: datetime
) -> None:
    portal_server.play("/feed", "feed-full-p1")
    await outcome(recorded, library, RefreshPlan(), now)
    portal_server.forget()  # any other request than one answered 304 would now get 404
    assert await outcome(recorded, library, RefreshPlan(), now) == RefreshResult(0, 0, 0)
    assert [seen.path for seen in portal_server.requests] == ["/feed"]
    assert portal_server.requests[0].headers["if-none-match"] == VALIDATORS[0]
    assert library.fetch_log.last_refresh() == now
    assert library.count(ListFilter()) == 10


async def test_refresh_of_the_sample_reports_its_steps_in_order(
    library: Library, sample_portal: SamplePortal, now: datetime
) -> None:
    async with Portal(sample_portal.address, clock=lambda: now) as portal:
        events = await follow(portal, library, RefreshPlan(pages=2), now)
    first, *_, last = events
    assert first == RefreshProgress(0, 2, f"{sample_portal.address}/feed")
    stored = [event for event in events if isinstance(event, SavedBatch)]
    assert [len(event.new) for event in stored] == [10, 6]
    assert last == RefreshResult(16, 16, 0)


async def test_refresh_of_a_damaged_feed_saves_readable_stories(
    recorded: Portal, portal_server: PortalServer, library: Library, now: datetime
) -> None:
    portal_server.serve("/feed", rss(item("ভালো", guid="1"), item("ভাঙা"))[:-60])
    finished = await outcome(recorded, library, RefreshPlan(), now)
    assert [failure.address for failure in finished.errors] == [f"{portal_server.address}/feed"] * len(finished.errors)
    assert finished.errors and all(failure.error is None for failure in finished.errors)
    assert [row.title for row in library.headlines(ListFilter(), limit=9)][:1] == ["ভালো"]
    assert library.fetch_log.cached_validators(f"{portal_server.address}/feed")[0] is None  # so the next one fetches all of it
    assert library.fetch_log.last_refresh() == now  # the portal answered


async def test_refresh_fails_for_its_feed_when_no_process_can_start(
    recorded: Portal, portal_server: PortalServer, library: Library, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_process(*_: object, **__: object) -> None:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    monkeypatch.setattr(asyncio, "create_subprocess_exec", no_process)
    portal_server.play("/feed", "feed-full-p1")
    (failure,) = (await outcome(recorded, library, RefreshPlan(), now)).errors
    assert isinstance(failure.error, ContentError) and "Too many open files" in failure.error.message


# ── summaries ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize("rest", [True, False])
async def test_refresh_in_full_of_a_summary_feed_saves_full_texts(library: Library, now: datetime, *, rest: bool) -> None:
    with SamplePortal(now, summary=True, rest=rest) as sample:
        async with Portal(sample.address, clock=lambda: now) as portal:
            finished = await outcome(portal, library, RefreshPlan(fetches_full_texts=True), now)
    assert (finished.fetched, finished.errors) == (10, ())
    rows = library.headlines(ListFilter(), limit=100)
    assert all(row.full for row in rows)
    assert all(len(library.story(row.id).blocks) > 1 for row in rows)


@pytest.mark.parametrize("rest", [True, False])
async def test_fetch_full_gives_the_text_of_the_full_feed(library: Library, now: datetime, *, rest: bool) -> None:
    with SamplePortal(now, summary=True, rest=False) as sample:
        async with Portal(sample.address, clock=lambda: now) as portal:
            await outcome(portal, library, RefreshPlan(), now)
    rows = library.headlines(ListFilter(), limit=100)
    assert len(rows) == 10 and not any(row.full for row in rows)
    with SamplePortal(now, summary=True, rest=rest) as sample:
        async with Portal(sample.address, clock=lambda: now) as portal:
            saved = library.story(rows[0].id)
            moved = saved.headline.link or ""
            address = sample.address + "/" + moved.split("/", 3)[3]
            library.save([_moved(library, rows[0].id, address)], now=now)  # each sample portal has its own port
            await fetch_full(portal, library.first_paper, rows[0].id, clock=lambda: now)
    complete = library.story(rows[0].id)
    assert complete.headline.full and len(complete.blocks) > 1
    assert (complete.headline.title, complete.headline.guid) == (rows[0].title, rows[0].guid)


def _moved(library: Library, story_id: int, link: str) -> Story:
    row = library.headline(story_id)
    return Story(row.guid, row.title, link, row.author, row.published, categories=row.categories, excerpt=row.excerpt)


async def test_fetch_full_raises_and_keeps_the_summary_without_the_portal(library: Library, now: datetime) -> None:
    with SamplePortal(now, summary=True, rest=False) as sample:
        async with Portal(sample.address, clock=lambda: now) as portal:
            await outcome(portal, library, RefreshPlan(), now)
    row = library.headlines(ListFilter(), limit=1)[0]
    async with Portal(sample.address, clock=lambda: now) as portal:
        with pytest.raises(PortalError):
            await fetch_full(portal, library.first_paper, row.id, clock=lambda: now)
    assert library.headline(row.id) == row


async def test_selector_that_finds_nothing_is_reported_once(portal_server: PortalServer, library: Library, now: datetime) -> None:
    at = portal_server.address
    items = "".join(f"<item><title>{n}</title><link>{at}/{n}.html</link><guid>{n}</guid></item>" for n in "ab")
    portal_server.serve("/news.xml", f"<rss><channel><title>x</title>{items}</channel></rss>".encode())
    for name in "ab":
        portal_server.serve(f"/{name}.html", f"<h1>{name}</h1><p>{name}: লেখা আছে এই পাতায়।</p>".encode(), content_type="text/html")
    async with Portal(f"{at}/news.xml", kind="feed", text_selector="div.story", clock=lambda: now) as portal:
        finished = await outcome(portal, library, RefreshPlan(fetches_full_texts=True), now)
    assert [str(failure.reason) for failure in finished.errors if "selector" in failure.reason] == [str(_NOTHING_SELECTED)]
    assert all(row.full for row in library.headlines(ListFilter(), limit=9))


@pytest.mark.parametrize(("status", "end"), [(402, "subscribers"), (403, "refused: Cloudflare"), (410, "gone"), (500, "")])
async def test_reason_for_a_missing_text_is_saved_with_the_story(
    recorded: Portal, portal_server: PortalServer, library: Library, now: datetime, status: int, end: str
) -> None:
    link = f"{portal_server.address}/a.html"
    portal_server.serve("/a.html", b"<p>no</p>", status=status, content_type="text/html", server="cloudflare")
    (story,) = library.save([Story("g", "ক", link, excerpt="শুরু")], now=now).new
    with pytest.raises(PortalError):
        await fetch_full(recorded, library.first_paper, story, clock=lambda: now)
    assert library.story(story).text_end == end


async def test_refresh_in_full_saves_the_summary_when_a_text_fails(
    recorded: Portal, portal_server: PortalServer, library: Library, now: datetime
) -> None:
    link = serve_summary(portal_server)
    finished = await outcome(recorded, library, RefreshPlan(fetches_full_texts=True), now)
    assert [failure.address for failure in finished.errors] == [link]
    assert (finished.fetched, finished.new) == (1, 1)
    assert library.headlines(ListFilter(), limit=9)[0].title == "এক"


# ── pages ───────────────────────────────────────────────────────────────────


async def test_refresh_closes_the_gap_to_the_saved_stories(
    recorded: Portal, portal_server: PortalServer, library: Library, now: datetime
) -> None:
    serve_pages(portal_server, now, 4)
    await outcome(recorded, library, RefreshPlan(), now)
    assert guids(library) == ["4", "3"]
    serve_pages(portal_server, now, 9)
    finished = await outcome(recorded, library, RefreshPlan(), now)
    assert (finished.fetched, finished.new) == (6, 5)
    assert guids(library) == ["9", "8", "7", "6", "5", "4", "3"]
    assert feeds(portal_server) == ["/feed", "/feed?paged=2", "/feed?paged=3"]


async def test_refresh_closes_a_gap_left_open_by_the_last_one(
    recorded: Portal, portal_server: PortalServer, library: Library, now: datetime
) -> None:
    serve_pages(portal_server, now, 4)
    await outcome(recorded, library, RefreshPlan(), now)
    serve_pages(portal_server, now, 9, down=2)
    broken = await outcome(recorded, library, RefreshPlan(), now)
    assert [failure.address for failure in broken.errors] == [f"{portal_server.address}/feed?paged=2"]
    assert guids(library) == ["9", "8", "4", "3"]
    serve_pages(portal_server, now, 9)
    await outcome(recorded, library, RefreshPlan(), now)
    assert guids(library) == ["9", "8", "7", "6", "5", "4", "3"]


async def test_refresh_gives_up_too_wide_a_gap(
    recorded: Portal, portal_server: PortalServer, library: Library, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds_module, "MAX_CATCH_UP_PAGES", 3)
    serve_pages(portal_server, now, 2)
    await outcome(recorded, library, RefreshPlan(), now)
    serve_pages(portal_server, now, 20)
    await outcome(recorded, library, RefreshPlan(), now)
    assert len(feeds(portal_server)) == 3
    portal_server.requests.clear()
    await outcome(recorded, library, RefreshPlan(), now)
    assert feeds(portal_server) == ["/feed"]


async def test_first_refresh_of_a_category_closes_no_gap(library: Library, now: datetime) -> None:
    with SamplePortal(now, page_size=1) as sample:
        async with Portal(sample.address, clock=lambda: now) as portal:
            await outcome(portal, library, RefreshPlan(), now)
            slugs = [count.category.slug for count in library.categories()][:3]
            finished = await outcome(portal, library, RefreshPlan(categories=tuple(slugs)), now)
    assert finished.fetched == len(slugs)


# ── failures ────────────────────────────────────────────────────────────────


async def test_failing_category_never_stops_the_others(
    recorded: Portal, portal_server: PortalServer, library: Library, now: datetime
) -> None:
    for slug in ("a", "b", "c"):
        portal_server.serve(f"/category/{slug}/feed", rss(item(slug, guid=slug)))
    portal_server.serve("/category/bad/feed", b"<html>", content_type="text/html")
    finished = await outcome(recorded, library, RefreshPlan(categories=("bad", "a", "b", "gone", "c")), now)
    assert (finished.fetched, finished.new) == (3, 3)
    failed = {failure.address.removeprefix(portal_server.address): failure.error for failure in finished.errors}
    assert set(failed) == {"/category/bad/feed", "/category/gone/feed"}
    assert isinstance(failed["/category/bad/feed"], ContentError)
    assert isinstance(failed["/category/gone/feed"], NotFoundError)
    assert library.fetch_log.last_refresh() == now


async def test_refresh_of_an_unreachable_portal_records_no_refresh(library: Library, now: datetime) -> None:
    async with Portal("http://127.0.0.1:9", clock=lambda: now) as portal:
        finished = await outcome(portal, library, RefreshPlan(), now)
    assert [type(failure.error) for failure in finished.errors] == [PortalError]
    assert library.fetch_log.last_refresh() is None


async def test_validators_are_saved_only_after_the_stories(
    recorded: Portal, portal_server: PortalServer, library: Library, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal_server.play("/feed", "feed-full-p1")
    address = f"{portal_server.address}/feed"

    def refuse(*_: object, **__: object) -> None:
        raise StoreError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(library.first_paper, "save", refuse)
        finished = await outcome(recorded, library, RefreshPlan(), now)
    assert [type(failure.error) for failure in finished.errors] == [StoreError]
    assert library.fetch_log.cached_validators(address)[0] is None
    held: list[int] = []
    save = library.fetch_log.save_validators

    def watched(address: str, validators: Validators, *, items: str = "", now: datetime) -> None:
        held.append(library.count(ListFilter()))
        save(address, validators, items=items, now=now)

    monkeypatch.setattr(library.fetch_log, "save_validators", watched)
    await outcome(recorded, library, RefreshPlan(), now)
    assert held == [10]
    assert library.fetch_log.cached_validators(address)[0] == Validators(*VALIDATORS)


@pytest.mark.parametrize("cut", [10, 60, 300])
async def test_truncated_feed_leaves_no_validators(
    recorded: Portal, portal_server: PortalServer, library: Library, now: datetime, cut: int
) -> None:
    whole = rss(*(dated(number, now) for number in (3, 2, 1)))
    portal_server.serve("/feed", whole[:-cut])
    portal_server.serve("/feed", whole)
    assert len((await outcome(recorded, library, RefreshPlan(), now)).errors) == 1
    assert library.fetch_log.cached_validators(f"{portal_server.address}/feed")[0] is None
    assert (await outcome(recorded, library, RefreshPlan(), now)).errors == ()
    assert guids(library) == ["3", "2", "1"]


async def test_refresh_in_full_leaves_no_validators_when_a_text_fails(
    recorded: Portal, portal_server: PortalServer, library: Library, now: datetime
) -> None:
    link = serve_summary(portal_server)
    for _ in range(2):
        finished = await outcome(recorded, library, RefreshPlan(fetches_full_texts=True), now)
        assert [failure.address for failure in finished.errors] == [link]  # reported each time until the text is there


# ── cancelling ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize("after", [1, 2])
async def test_closed_refresh_iterator_keeps_saved_stories_and_leaves_no_task(
    library: Library, sample_portal: SamplePortal, now: datetime, after: int
) -> None:
    before = asyncio.all_tasks()
    async with Portal(sample_portal.address, clock=lambda: now) as portal:
        seen = 0
        async with aclosing(
            refresh_paper(portal, library.first_paper, RefreshPlan(backfill=BackfillRequest()), clock=lambda: now)
        ) as events:
            async for _ in events:
                seen += 1
                if seen == after:
                    break
        assert asyncio.all_tasks() == before
        assert library.count(ListFilter()) in (0, 10, 16)
        assert (await outcome(portal, library, RefreshPlan(backfill=BackfillRequest()), now)).errors == ()
    assert library.count(ListFilter()) == 16


async def test_cancelled_refresh_leaves_no_task(library: Library, portal_server: PortalServer, now: datetime) -> None:
    portal_server.misbehave("/feed", lambda line: portal_server.closing.wait(60) and None)  # never answers
    before = asyncio.all_tasks()
    async with Portal(portal_server.address, clock=lambda: now) as portal:
        follower = asyncio.create_task(follow(portal, library, RefreshPlan(), now))
        async with asyncio.timeout(60):
            while not portal_server.requests:
                await asyncio.sleep(0.01)
        follower.cancel()
        with pytest.raises(asyncio.CancelledError):
            await follower
        assert asyncio.all_tasks() == before


# ── categories ──────────────────────────────────────────────────────────────


async def test_categories_come_from_wp_json_when_available(library: Library, sample_portal: SamplePortal, now: datetime) -> None:
    async with Portal(sample_portal.address, clock=lambda: now) as portal:
        await outcome(portal, library, RefreshPlan(), now)
        listed = await portal.api.categories()
    assert listed
    saved = {count.category.slug: count.category for count in library.categories() if count.category.slug}
    assert {category.slug: category for category in listed.categories}.items() <= saved.items()
    assert library.fetch_log.event_time("categories") == now


async def test_categories_come_from_the_items_when_wp_json_refuses(library: Library, now: datetime) -> None:
    with SamplePortal(now, rest=False) as sample:
        async with Portal(sample.address, clock=lambda: now) as portal:
            finished = await outcome(portal, library, RefreshPlan(), now)
    assert finished.errors == ()
    names = {count.category.name for count in library.categories()}
    assert {category.name for row in library.headlines(ListFilter(), limit=99) for category in row.categories} == names
    assert names


async def test_unreadable_category_list_is_reported_and_stories_are_saved(
    recorded: Portal, portal_server: PortalServer, library: Library, now: datetime
) -> None:
    portal_server.serve("/feed", rss(item("এক", guid="1", more="<category>Health</category>")))
    path = WordPressAddresses(portal_server.address).categories({"page": 1}).removeprefix(portal_server.address)
    portal_server.serve(path, json.dumps({"no": "list"}).encode(), content_type="application/json")
    finished = await outcome(recorded, library, RefreshPlan(), now)
    assert finished.new == 1
    assert [isinstance(failure, FetchFailure) for failure in finished.errors] == [True]
    assert [count.category.name for count in library.categories()] == ["Health"]
    assert library.fetch_log.event_time("categories") is None  # fetched again by the next refresh


async def test_category_of_a_feed_item_is_saved(
    recorded: Portal, portal_server: PortalServer, library: Library, now: datetime
) -> None:
    portal_server.serve("/feed", rss(item("এক", guid="1", more="<category>Health</category>")))
    await outcome(recorded, library, RefreshPlan(), now)
    assert [count.category for count in library.categories()] == [Category("health", "Health")]


# ── one story by its link ───────────────────────────────────────────────────


@pytest.mark.parametrize("rest", [True, False])
async def test_fetch_link_saves_the_full_story_once(library: Library, now: datetime, *, rest: bool) -> None:
    with SamplePortal(now, rest=rest) as sample:
        link = f"{sample.address}/art-and-craft/the-reed-mats-of-sabang.html"
        async with Portal(sample.address, clock=lambda: now) as portal:
            linked = await fetch_link(portal, library.first_paper, link, clock=lambda: now)
            assert linked is not None and linked.is_new
            saved = library.story(linked.id)
            assert saved.headline.full and saved.headline.title and len(saved.blocks) > 1
            assert await fetch_link(portal, library.first_paper, link + "?utm_source=x", clock=lambda: now) == (linked.id, False)
    assert library.count(ListFilter()) == 1


@pytest.mark.parametrize("rest", [True, False])
async def test_fetch_link_to_another_page_saves_nothing(library: Library, now: datetime, *, rest: bool) -> None:
    with SamplePortal(now, rest=rest) as sample:
        async with Portal(sample.address, clock=lambda: now) as portal:
            for path in ("/", "/about-us", "/category/education"):
                assert await fetch_link(portal, library.first_paper, sample.address + path, clock=lambda: now) is None
    assert library.count(ListFilter()) == 0


# ── unchanged items ─────────────────────────────────────────────────────────


async def test_refresh_reads_only_changed_items_again(
    recorded: Portal, portal_server: PortalServer, library: Library, now: datetime
) -> None:
    def serve(*items: str) -> None:
        portal_server.forget()
        portal_server.validators = None
        portal_server.serve("/feed", rss(*items))

    old = [dated(number, now) for number in (5, 4, 3)]
    serve(*old)
    await outcome(recorded, library, RefreshPlan(), now)
    serve(dated(6, now), old[0], old[1].replace("লেখা।", "বদলানো লেখা।"), old[2])
    finished = await outcome(recorded, library, RefreshPlan(), now)
    assert (finished.fetched, finished.new, finished.updated) == (2, 1, 1)
    assert guids(library) == ["6", "5", "4", "3"]
    assert await outcome(recorded, library, RefreshPlan(), now) == RefreshResult(0, 0, 0)
    finished = await outcome(recorded, library, RefreshPlan(fetches_full_texts=True), now)
    assert (finished.fetched, finished.new) == (4, 0)  # full texts were not fetched before, and may be missing


async def test_refresh_reads_one_page_when_it_overlaps_saved_stories(
    recorded: Portal, portal_server: PortalServer, library: Library, now: datetime
) -> None:
    serve_pages(portal_server, now, 4, size=3)
    await outcome(recorded, library, RefreshPlan(), now)
    serve_pages(portal_server, now, 6, size=3)
    await outcome(recorded, library, RefreshPlan(), now)
    assert feeds(portal_server) == ["/feed"]


# ── a slash at the end of feeds' addresses ──────────────────────────────────


async def requested(server: PortalServer, library: Library, now: datetime) -> list[str]:
    """Return the paths that a refresh requests of feeds."""
    server.requests.clear()
    async with open_portal(server.address, library.first_paper, offline=False, clock=lambda: now) as portal:
        await outcome(portal, library, RefreshPlan(), now)
    return feeds(server)


async def test_feed_with_a_slash_takes_one_request_from_the_second_refresh_on(
    portal_server: PortalServer, library: Library, now: datetime
) -> None:
    portal_server.redirect("/feed", "/feed/")
    portal_server.serve("/feed/", rss(dated(1, now)), etag='"a"')
    assert await requested(portal_server, library, now) == ["/feed", "/feed/"]
    assert await requested(portal_server, library, now) == ["/feed/"]
    assert portal_server.requests[0].headers["if-none-match"] == '"a"'
    portal_server.forget()
    portal_server.redirect("/feed/", "/feed")
    portal_server.serve("/feed", rss(dated(1, now)))
    assert await requested(portal_server, library, now) == ["/feed/", "/feed"]
    assert await requested(portal_server, library, now) == ["/feed"]


async def test_feed_whose_address_with_a_slash_is_gone_is_read_without(
    portal_server: PortalServer, library: Library, now: datetime
) -> None:
    portal_server.redirect("/feed", "/feed/")
    portal_server.serve("/feed/", rss(dated(1, now)))
    await requested(portal_server, library, now)
    portal_server.forget()
    portal_server.serve("/feed", rss(dated(2, now), dated(1, now)))
    assert await requested(portal_server, library, now) == ["/feed/", "/feed"]
    assert await requested(portal_server, library, now) == ["/feed"]
    assert guids(library) == ["2", "1"]
