"""Tests of bad responses from a portal: one clear line with the address, the right exit status, and no saved story lost."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cli.bpost_process import Bpost
from tests.scripted_portal import PortalServer, item, rss

RSS = "application/rss+xml; charset=UTF-8"
GOOD = rss(*(item(f"Midnapore: খবর {number}", guid=f"g{number}", link=f"https://example.org/{number}.html") for number in range(3)))
HTML = b"<!doctype html><html><head><title>Log in</title></head><body><p>Wi-Fi</p></body></html>"


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Bpost, PortalServer]]:
    """Bpost with three saved stories of a portal that can misbehave from now on."""
    with PortalServer() as portal:
        portal.serve("/feed", GOOD, content_type=RSS)
        paper = Bpost(tmp_path_factory.mktemp("paper"), portal.address)
        assert paper.json("refresh")["new"] == 3
        yield paper, portal


@pytest.fixture
def portal_server(before: tuple[Bpost, PortalServer]) -> PortalServer:
    """Portal without any answer yet."""
    before[1].forget()
    return before[1]


@pytest.fixture
def paper(before: tuple[Bpost, PortalServer], tmp_path: Path) -> Bpost:
    """Copy of that home for each test."""
    paper = replace(before[0], home=tmp_path)
    shutil.copytree(before[0].data, paper.data)
    return paper


@pytest.mark.parametrize(
    ("body", "status", "kind", "code"),
    [
        (b"", 200, RSS, 4),
        (HTML, 200, "text/html", 4),
        (b"<rss><channel><title>x", 200, RSS, 4),
        (b"\x00\xff\x1f\x8b nonsense", 200, RSS, 4),
        (b"no", 500, "text/plain", 3),
        (b"no", 403, "text/plain", 3),
        (HTML, 404, "text/html", 3),
        (HTML, 503, "text/html", 3),
    ],
)
def test_refresh_without_a_feed_names_the_address_and_keeps_data(
    paper: Bpost, portal_server: PortalServer, body: bytes, status: int, kind: str, code: int
) -> None:
    before = paper.json("list")
    portal_server.serve("/feed", body, status=status, content_type=kind)
    result = paper.run("refresh", code=code)
    assert result.stdout == ""
    assert result.stderr.startswith(f"{portal_server.address}/feed: ")
    assert paper.json("list") == before
    portal_server.forget()
    portal_server.serve("/feed", GOOD, content_type=RSS)
    paper.run("refresh")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (GOOD[:-40], "ফিডটি মাঝপথে শেষ"),
        (GOOD.replace(b"</item>", b"</b></item>"), "ফিডটি ঠিকঠাক লেখা নয়"),
        (GOOD.replace("খবর 1".encode(), b"\xff"), "ফিডে এমন বাইট আছে যা লেখা নয়; তার জায়গায় \ufffd দেখানো হচ্ছে"),
        (rss(*(item(str(number), guid=str(number)) for number in range(3001))), "ফিডের শুধু প্রথম ৩,০০০টি খবর পড়া হল"),
        (HTML, "ফিড নয়, ওয়েব পাতা এসেছে"),
    ],
)
def test_feed_error_is_reported_in_bengali(paper: Bpost, portal_server: PortalServer, body: bytes, message: str) -> None:
    portal_server.serve("/feed", body, content_type=RSS)
    done = paper.run("refresh", code=4, LANG="bn_IN.UTF-8")
    assert done.stderr.splitlines()[0] == f"{paper.portal}/feed: {message}"


def test_refresh_keeps_the_neighbours_of_a_bad_item(paper: Bpost, portal_server: PortalServer) -> None:
    feed = rss(item("ভাল", guid="a"), "<item></item>", item("আরও ভাল", guid="b"))
    portal_server.serve("/feed", feed, content_type=RSS)
    paper.run("refresh")
    assert {"ভাল", "আরও ভাল"} <= {row["title"] for row in paper.json("list")}


@pytest.mark.parametrize("verb", ["list", "list --json", "show {}", "show {} --json", "show {} --plain"])
def test_print_when_a_headline_carries_commands_prints_none(paper: Bpost, portal_server: PortalServer, verb: str) -> None:
    nasty = "A\x1b]0;owned\x07B\x9b31mC [bold]D[/] \u202eE &lt;b&gt; %s :smile: র\u200d্য"
    feed = rss(item(nasty, guid="nasty", text="<p>\x1b[2J\x9bলেখা\u2066</p>"))
    portal_server.serve("/feed", feed, content_type=RSS)
    paper.run("refresh")
    number = next(row["id"] for row in paper.json("list") if row["guid"] == "nasty")
    printed = paper.run(*verb.format(number).split()).stdout
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", printed)
    for kept in ("[bold]D[/]", "%s :smile: র\u200d্য"):
        assert kept in printed
