"""Tests of `bpost portals move`: a paper is followed to another address, with its stories, marks, lists and settings."""

from __future__ import annotations

import json
import tomllib

import pytest

from tests.cli.bpost_process import Bpost
from tests.cli.test_removed_papers import words
from tests.scripted_portal import PortalServer, item, rss

WORDS = ("এক", "দুই", "তিন")


def feed(host: str, *names: str) -> bytes:
    """Return a feed whose guids and links differ by host."""
    items = [
        item(
            f"{word} খবর",
            guid=f"{host}-{word}",
            link=f"https://{host}.example/{at}",
            text=f"<p>{word} লেখা।</p>",
            more=f"<pubDate>Mon, 23 Nov 2026 0{at}:00:00 +0000</pubDate>",
        )
        for at, word in enumerate(names)
    ]
    return rss(*items)


@pytest.fixture
def two(bpost: Bpost, portal_server: PortalServer) -> Bpost:
    """Bpost that reads the feeds /old.xml, named and in a group, and /other.xml, with marks in the first."""
    alone = Bpost(bpost.home, "")
    portal_server.serve("/old.xml", feed("old", *WORDS))
    portal_server.serve("/other.xml", feed("other", "চার"))
    old = f'{{ address = "{portal_server.address}/old.xml", name = "পুরনো", groups = ["ক"], kind = "feed" }}'
    other = f'{{ address = "{portal_server.address}/other.xml", kind = "feed" }}'
    alone.config.write_text(f"portals = [\n  {old},  # a comment\n  {other},\n]\n")
    alone.run("refresh")
    numbers = {row["title"].split()[0]: str(row["id"]) for row in alone.json("list", "-n", "0")}
    alone.run("mark", "star", numbers["এক"])
    alone.run("mark", "read", numbers["দুই"])
    alone.run("lists", "put", "Weekend", numbers["তিন"])
    return alone


def require_followed(bpost: Bpost, address: str) -> None:
    first, _ = tomllib.loads(bpost.config.read_text(encoding="utf-8"))["portals"]
    assert first == {"address": address, "name": "পুরনো", "groups": ["ক"], "kind": "feed"}
    assert "# a comment" in bpost.config.read_text(encoding="utf-8")
    assert bpost.run("refresh").stdout.startswith("Nothing new")
    rows = bpost.json("list", "-n", "0")
    assert words(rows) == sorted((*WORDS, "চার")) and {row["paper_name"] for row in rows} == {"পুরনো", "পরীক্ষা"}
    assert words(bpost.json("list", "--starred")) == ["এক"] and words(bpost.json("list", "-l", "Weekend")) == ["তিন"]
    assert words([row for row in rows if row["read"]]) == ["দুই"]
    assert bpost.json("library", "verify")["sound"]
    assert len(json.loads(bpost.run("export").stdout)["stories"]) == 4


def test_moved_paper_is_named_and_followed_where_it_redirects(two: Bpost, portal_server: PortalServer) -> None:
    portal_server.forget()
    new = f"{portal_server.address}/new.xml"
    portal_server.redirect("/old.xml", new)
    portal_server.serve("/new.xml", feed("new", *WORDS))  # other guids and links
    portal_server.serve("/other.xml", feed("other", "চার"))
    assert two.run("refresh").stdout == "Nothing new, 3 updated\n"
    shown = two.run("portals")
    assert f"moved to {new}" in shown.stdout
    assert "`bpost portals move PAPER`" in shown.stderr
    assert two.run("portals", "move", "পুরনো").stdout == f"পুরনো moved to {new}, with its stories, marks and lists\n"
    require_followed(two, new)
    assert "has this address already" in two.run("portals", "move", "পুরনো", new).stderr
    assert "new address" in two.run("portals", "move", "পুরনো", code=2).stderr


def test_redirect_to_another_host_is_named_and_never_followed(two: Bpost, portal_server: PortalServer) -> None:
    portal_server.forget()
    new = "https://new.example/feed.xml"
    portal_server.redirect("/old.xml", new)
    portal_server.serve("/other.xml", feed("other", "চার"))
    for _ in range(2):
        failed = two.run("refresh", code=3)
        assert f"bpost portals move {portal_server.address}/old.xml {new}" in failed.stderr
    shown = two.json("portals")[0]
    assert (shown["moved_to"], shown["redirects"], shown["failures"]) == (new, 2, 2)
    assert f"moved to {new}: 2 times since" in two.run("portals").stdout


@pytest.mark.parametrize("announcement", ['<atom:link rel="self" href="{}"/>', "<itunes:new-feed-url>{}</itunes:new-feed-url>"])
def test_move_that_the_feed_announces_is_named_and_followed_on_command(
    two: Bpost, portal_server: PortalServer, announcement: str
) -> None:
    portal_server.forget()
    new = f"{portal_server.address}/new.xml"
    portal_server.serve("/old.xml", feed("old", *WORDS).replace(b"<item>", announcement.format(new).encode() + b"<item>", 1))
    portal_server.serve("/new.xml", feed("new", *WORDS))
    portal_server.serve("/other.xml", feed("other", "চার"))
    for _ in range(2):
        two.run("refresh")
    assert portal_server.count("/new.xml") == 0
    shown = two.json("portals")[0]
    assert (shown["moved_to"], shown["redirects"], shown["failures"]) == (new, 0, 0)
    listed = two.run("portals")
    assert f"its feed announces a new address, {new}, since" in listed.stdout and "`bpost portals move PAPER`" in listed.stderr
    assert two.run("portals", "move", "পুরনো").stdout == f"পুরনো moved to {new}, with its stories, marks and lists\n"
    require_followed(two, new)
    assert two.run("portals").stderr == ""


def test_move_joins_the_paper_that_was_added_at_the_new_address(two: Bpost, portal_server: PortalServer) -> None:
    portal_server.serve("/new.xml", feed("new", *WORDS))
    new = f"{portal_server.address}/new.xml"
    two.run("portals", "add", new)
    assert two.run("refresh").stdout == "3 new stories\n"
    two.run("portals", "move", "পুরনো", new)
    require_followed(two, new)


def test_paper_that_was_removed_can_be_moved_afterwards(two: Bpost, portal_server: PortalServer) -> None:
    portal_server.serve("/new.xml", feed("new", *WORDS))
    new = f"{portal_server.address}/new.xml"
    two.run("portals", "add", new)
    two.run("refresh")
    two.run("portals", "remove", "পুরনো")
    two.run("portals", "move", f"{portal_server.address}/old.xml", new)
    assert two.run("refresh").stdout == "Nothing new\n"
    assert words(two.json("list", "-n", "0")) == sorted((*WORDS, "চার"))
    assert words(two.json("list", "--starred")) == ["এক"] and two.run("list", "--starred").stderr == ""


def test_move_to_an_address_without_a_paper_changes_nothing(two: Bpost, portal_server: PortalServer) -> None:
    before = two.config.read_text(encoding="utf-8")
    portal_server.serve("/page", b"<html></html>", content_type="text/html")
    two.run("portals", "move", "পুরনো", f"{portal_server.address}/page", code=4)
    two.run("portals", "move", "পুরনো", f"{portal_server.address}/nothing", code=3)
    two.run("portals", "move", "nobody", f"{portal_server.address}/page", code=1)
    assert two.config.read_text(encoding="utf-8") == before
    assert words(two.json("list", "--starred")) == ["এক"]
