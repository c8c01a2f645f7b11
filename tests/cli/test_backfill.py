"""Tests of backfilling by the command line: all stories of a portal of forty pages, despite errors on the way."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta, timezone
from pathlib import Path

import pytest

from bpost_tui.model.backfill_cursor import BackfillState
from bpost_tui.model.story import Headline, ListFilter
from bpost_tui.store.library import Library
from tests.changing_portal import POSTS, ChangingPortal
from tests.cli.bpost_process import Bpost
from tests.scripted_portal import Seen

EVERYTHING = ("refresh", "--pages", "all")
INDIA = timezone(timedelta(hours=5, minutes=30))


@pytest.fixture
def portal() -> Iterator[ChangingPortal]:
    with ChangingPortal() as server:
        yield server


@pytest.fixture
def reader(tmp_path: Path, portal: ChangingPortal) -> Bpost:
    return Bpost(tmp_path, portal.address)


def saved(reader: Bpost) -> list[Headline]:
    """Return the saved stories, newest first."""
    with Library(reader.data / "library") as library:
        return list(library.headlines(ListFilter(), limit=9999))


def numbers(rows: list[Headline]) -> list[int]:
    return [int(row.guid.rpartition("=")[2]) for row in rows]


def kill_at(reader: Bpost, portal: ChangingPortal, is_there: Callable[[Seen], bool]) -> None:
    """Run the backfill, and kill it during a request that is never answered."""
    portal.on_request = lambda seen: (
        portal.misbehave(seen.path, lambda _: portal.closing.wait(30) and None) if is_there(seen) else None
    )
    with reader.start(*EVERYTHING, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        until = time.monotonic() + 60
        while not any(map(is_there, portal.requests)) and process.poll() is None and time.monotonic() < until:
            time.sleep(0.01)
        assert process.poll() is None
        process.kill()
    portal.on_request = lambda seen: None
    portal._answers.clear()


def test_backfill_of_a_feed_is_whole_after_shift_error_and_kill(reader: Bpost, portal: ChangingPortal) -> None:
    portal.rest = False
    portal.on_request = lambda seen: portal.publish(3) if seen.path == "/feed?paged=9" else None
    portal.serve("/feed?paged=17", b"<h1>Error</h1>", status=500, content_type="text/html")
    failed = reader.run(*EVERYTHING, code=3)
    assert "500" in failed.stderr and "paged=17" in failed.stderr
    assert portal.feeds == [*map(str, range(1, 17)), "17", "17"]
    assert len(saved(reader)) == 157  # three of the sixteen pages' stories came twice

    portal.forget()
    kill_at(reader, portal, lambda seen: seen.path == "/feed?paged=25")
    assert portal.feeds == ["1", *map(str, range(16, 26))]  # new stories, then on from the last page

    portal.requests.clear()
    portal.withdraw(200)
    portal.withdraw(390)
    result = reader.run(*EVERYTHING)
    assert result.stderr == ""
    assert portal.feeds == ["1", "24", *map(str, range(25, 43))]
    rows = saved(reader)
    assert numbers(rows) == list(range(POSTS + 3, 0, -1))
    assert len({row.link for row in rows}) == POSTS + 3
    assert not any(row.withdrawn for row in rows)  # a feed can't show a withdrawal


def test_backfill_by_wp_json_resumes_whole_after_a_kill(reader: Bpost, portal: ChangingPortal) -> None:
    kill_at(reader, portal, lambda seen: "before=" in seen.path and len(portal.lists) == 3)
    assert numbers(saved(reader)) == list(range(POSTS, 200, -1))
    first = [query.get("before") for query in portal.lists]

    portal.requests.clear()
    portal.publish(3)
    result = reader.run(*EVERYTHING)
    assert (result.stdout, result.stderr) == ("203 new stories\n", "")
    top, *rest = portal.lists
    assert "after" in top and "before" not in top  # stories newer than the first backfill
    assert rest[0]["before"] == first[2]  # the request without an answer
    assert len(rest) == 2
    rows = saved(reader)
    assert numbers(rows) == list(range(POSTS + 3, 0, -1))
    assert len({row.link for row in rows}) == POSTS + 3


def test_backfill_asks_for_fewer_when_a_hundred_fail(reader: Bpost, portal: ChangingPortal) -> None:
    def refuse(seen: Seen) -> None:
        if "per_page=100" in seen.path and "before=" in seen.path:
            portal.serve(seen.path, b"", status=500)

    portal.on_request = refuse
    assert reader.run(*EVERYTHING).stdout == "400 new stories\n"
    assert [query["per_page"] for query in portal.lists] == ["100", "100", "100", *["20"] * 15]


def test_second_backfill_reports_withdrawn_and_edited_stories(reader: Bpost, portal: ChangingPortal) -> None:
    reader.run(*EVERYTHING)
    portal.edit(350, "<p>দ্য বেঙ্গল পোস্ট প্রতিবেদন: খবর 350-এর সংশোধিত লেখা।</p>")
    for number in (399, 120, 1):
        portal.withdraw(number)
    assert reader.run(*EVERYTHING).stdout == "Nothing new, 1 updated, 3 withdrawn by the portal\n"
    assert "withdrawn · " in reader.run("list", "-q", "399").stdout and "withdrawn" not in reader.run("list", "-q", "350").stdout
    rows = saved(reader)
    assert len(rows) == POSTS
    assert [number for row, number in zip(rows, numbers(rows), strict=True) if row.withdrawn] == [399, 120, 1]
    (edited,) = [row for row in rows if row.updated]
    with Library(reader.data / "library") as library:
        (revision,) = library.revisions(edited.id)
    assert "350-এর লেখা" in str(revision.blocks)
    assert reader.run(*EVERYTHING).stdout == "Nothing new\n"


def test_withdrawal_needs_proof_beyond_an_empty_answer(reader: Bpost, portal: ChangingPortal) -> None:
    reader.run(*EVERYTHING)
    portal.withdraw(390)
    portal.on_request = lambda seen: (
        portal.serve(seen.path, b"[]", content_type="application/json") if "include=" in seen.path or "slug=" in seen.path else None
    )
    assert reader.run(*EVERYTHING).stdout == "Nothing new\n"
    assert not any(row.withdrawn for row in saved(reader))


def test_edit_of_an_old_story_is_noticed_by_a_plain_refresh(reader: Bpost, portal: ChangingPortal) -> None:
    reader.run(*EVERYTHING)
    portal.edit(7, "<p>সংশোধিত।</p>")
    portal.publish(1)
    assert reader.run("refresh").stdout == "1 new story, 1 updated\n"
    (row,) = [row for row in saved(reader) if row.updated]
    assert row.title == "Midnapore: খবর 7"
    assert reader.json("refresh") == {"fetched": 0, "new": 0, "updated": 0, "withdrawn": 0, "errors": []}


def test_backfill_since_a_day_or_age_goes_no_further(reader: Bpost, portal: ChangingPortal) -> None:
    result = reader.json("refresh", "--since", "30d")
    assert result["new"] == 119  # four a day, the first seven hours old
    assert all("after" in query for query in portal.lists)
    begins = (portal.now - timedelta(days=40)).astimezone(INDIA).replace(hour=0, minute=0, second=0)
    since = sum(begins < post.published for post in portal.posts.values())
    assert reader.json("refresh", "--since", f"{begins:%Y-%m-%d}")["new"] == since - result["new"]
    for ancient in ("0001", "1500y"):
        assert reader.json("refresh", "--since", ancient)["errors"] == []
        assert all(re.fullmatch(r"\d{4}-.*", query["after"]) for query in portal.lists if "after" in query)
    for wrong in ("yesterday", "30", "2024-13-01"):
        assert "isn't a date or an age" in reader.run("refresh", "--since", wrong, code=2).stderr
        assert "তারিখ বা সময়কাল নয়" in reader.run("refresh", "--since", wrong, "--language", "bn", code=2).stderr


def test_backfill_of_recent_days_keeps_the_older_cursor(reader: Bpost, portal: ChangingPortal) -> None:
    reader.run(*EVERYTHING)
    portal.withdraw(395)
    assert reader.run("refresh", "--since", "30d").stdout == "Nothing new, 1 withdrawn by the portal\n"
    with Library(reader.data / "library") as library:
        cursor = library.fetch_log.backfill_cursor("")
    assert cursor is not None and cursor.state is BackfillState.EXHAUSTED
    assert cursor.oldest == portal.posts[1].published and cursor.newest == portal.posts[400].published


def test_backfill_of_a_category_reads_only_it(reader: Bpost, portal: ChangingPortal) -> None:
    assert reader.run(*EVERYTHING, "-c", "health").stdout == "100 new stories\n"
    assert {query["categories"] for query in portal.lists} == {"2"}
    assert numbers(saved(reader)) == list(range(POSTS, 0, -4))


def test_retry_after_holds_in_the_next_run(reader: Bpost, portal: ChangingPortal) -> None:
    portal.on_request = lambda seen: portal.serve(seen.path, b"", status=429, Retry_After="600") if "before=" in seen.path else None
    failed = reader.run(*EVERYTHING, code=3)
    assert "429" in failed.stderr and "10 min" in failed.stderr
    portal.forget()
    portal.on_request = lambda seen: None
    for call in (("refresh",), EVERYTHING, ("refresh", "-c", "health", "-c", "recent")):
        result = reader.run(*call, code=3)
        assert "asked bpost to wait" in result.stderr and result.stderr.count("\n") == 1
    assert portal.requests == []
    with Library(reader.data / "library") as library:
        library.fetch_log.set_event_time("closed until", portal.now - timedelta(seconds=1))
    assert reader.run(*EVERYTHING).stdout == "300 new stories\n"


@pytest.mark.skipif(sys.platform != "linux", reason="needs a pty")
def test_backfill_shows_its_progress_on_a_terminal(reader: Bpost, portal: ChangingPortal) -> None:
    import pty  # Unix only

    parent, child = pty.openpty()
    with reader.start(*EVERYTHING, stdout=subprocess.DEVNULL, stderr=child) as process:
        process.wait(60)
    import os

    os.close(child)
    shown = os.read(parent, 1 << 16).decode()
    os.close(parent)
    assert "100 of 400 stories" in shown and "less than a minute left" in shown
