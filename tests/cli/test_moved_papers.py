"""Tests of `bpost portals move`: a paper is followed to another address, with its stories, marks, lists and settings."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import tomllib
from collections.abc import Iterator
from typing import NamedTuple

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
    assert f"`bpost portals move {portal_server.address}/old.xml`" in shown.stderr
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
    assert f"its feed announces a new address, {new}, since" in listed.stdout
    assert f"`bpost portals move {portal_server.address}/old.xml`" in listed.stderr
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


READ_ONLY = (
    "from bpost_tui.config import edit_config\ndef replace_file(*_, **__):\n    raise OSError(30, 'Read-only file system')\n"
)
READ_ONLY += "edit_config.replace_file = replace_file\n"
KILLED = (
    "import os\nfrom bpost_tui import atomic\natomic._sync = lambda part: '.config.toml' in part.name and os.kill(os.getpid(), 9)\n"
)
RUN = "import sys\nfrom bpost_tui.cli.main import run\nsys.exit(run(sys.argv[1:]))\n"


def papers_of_stories(bpost: Bpost) -> list[str]:
    return [story["paper"] for story in json.loads(bpost.run("export").stdout)["stories"]]


@pytest.mark.parametrize("is_removed", [False, True])
def test_move_whose_config_cannot_be_written_leaves_the_library_too(
    two: Bpost, portal_server: PortalServer, is_removed: bool
) -> None:
    old, new = f"{portal_server.address}/old.xml", f"{portal_server.address}/new.xml"
    portal_server.serve("/new.xml", feed("new", *WORDS))
    if is_removed:
        two.run("portals", "remove", "পুরনো")
    config, papers = two.config.read_bytes(), papers_of_stories(two)
    refused = two.python(READ_ONLY + RUN, "portals", "move", old, new)
    assert (refused.returncode, refused.stdout) == (5, "") and "config.toml: Read-only file system" in refused.stderr
    assert papers_of_stories(two) == papers
    assert two.config.read_bytes() == config and two.run("portals", "move", old, new).stdout.endswith(
        "its stories, marks and lists\n"
    )


@pytest.mark.parametrize("is_refreshed", [False, True])
def test_move_that_is_killed_before_the_config_is_written_can_be_repeated(
    two: Bpost, portal_server: PortalServer, is_refreshed: bool
) -> None:
    new = f"{portal_server.address}/new.xml"
    portal_server.serve("/new.xml", feed("new", *WORDS))
    config = two.config.read_bytes()
    assert two.python(KILLED + RUN, "portals", "move", "পুরনো", new).returncode == -9
    assert two.config.read_bytes() == config
    if is_refreshed:
        two.run("refresh")
    two.run("portals", "move", "পুরনো", new)
    require_followed(two, new)


def test_move_to_an_address_without_a_paper_changes_nothing(two: Bpost, portal_server: PortalServer) -> None:
    before = two.config.read_text(encoding="utf-8")
    portal_server.serve("/page", b"<html></html>", content_type="text/html")
    two.run("portals", "move", "পুরনো", f"{portal_server.address}/page", code=4)
    two.run("portals", "move", "পুরনো", f"{portal_server.address}/nothing", code=3)
    two.run("portals", "move", "nobody", f"{portal_server.address}/page", code=1)
    assert two.config.read_text(encoding="utf-8") == before
    assert words(two.json("list", "--starred")) == ["এক"]


# ── advice about papers that have moved, beside others ──────────────────────


class Movers(NamedTuple):
    """Bpost that reads three papers with one name; two of them have moved to another host."""

    bpost: Bpost
    here: PortalServer
    there: PortalServer

    def addresses(self, path: str) -> tuple[str, str]:
        """Return the old and the new address of a paper."""
        return f"{self.here.address}{path}", f"{self.there.address}{path}"

    def configured(self) -> list[str]:
        papers = tomllib.loads(self.bpost.config.read_text(encoding="utf-8"))["portals"]
        return [paper["address"] for paper in papers]

    def run_advice(self, advice: str, path: str) -> None:
        """Run the command in `advice` that moves the paper `path` as a shell would, and check that it moves this paper alone."""
        commands = [shlex.split(found) for found in re.findall("`(bpost portals move [^`]+)`", advice)]
        (command,) = [each for each in commands if each[3] == self.addresses(path)[0]]
        before = self.configured()
        self.bpost.run(*command[1:])
        assert self.configured() == [self.addresses(path)[1] if each == command[3] else each for each in before]


REDIRECTED, ANNOUNCED, STAYS = "/?feed=rss2&lang=bn", "/two.xml", "/three.xml"


@pytest.fixture
def movers(bpost: Bpost, portal_server: PortalServer) -> Iterator[Movers]:
    alone = Bpost(bpost.home, "")
    with PortalServer(host="127.0.0.2") as there:
        three = Movers(alone, portal_server, there)
        papers = {ANNOUNCED: "চার", REDIRECTED: "এক", STAYS: "পাঁচ"}
        rows = ", ".join(f'{{ address = "{portal_server.address}{path}", kind = "feed" }}' for path in papers)
        alone.config.write_text(f"portals = [{rows}]\n")
        for path, word in papers.items():
            portal_server.serve(path, feed(path[1:4], word))
        alone.run("refresh")
        portal_server.forget()
        portal_server.redirect(REDIRECTED, there.address + REDIRECTED)
        announcement = f"<itunes:new-feed-url>{there.address}{ANNOUNCED}</itunes:new-feed-url><item>"
        portal_server.serve(ANNOUNCED, feed("two", "চার").replace(b"<item>", announcement.encode(), 1))
        portal_server.serve(STAYS, feed("thr", "পাঁচ"))
        for path in (REDIRECTED, ANNOUNCED):
            there.serve(path, feed(path[1:4], papers[path]))
        yield three


def test_refresh_names_the_command_that_moves_the_redirected_paper(movers: Movers) -> None:
    movers.run_advice(movers.bpost.run("refresh", code=3).stderr, REDIRECTED)
    assert movers.bpost.run("refresh").stderr == ""


def test_portals_names_a_command_for_each_paper_that_has_moved_and_none_removes_it(movers: Movers) -> None:
    movers.bpost.run("refresh", code=3)
    advice = movers.bpost.run("portals").stderr
    assert "remove" not in advice and movers.addresses(STAYS)[0] not in advice
    movers.run_advice(advice, REDIRECTED)
    movers.run_advice(advice, ANNOUNCED)
    assert movers.bpost.run("refresh").stdout == "Nothing new\n" and movers.bpost.run("portals").stderr == ""


def test_reader_in_lines_names_the_command_after_a_refresh_and_beside_the_paper(movers: Movers) -> None:
    with movers.bpost.start("--plain", stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=1) as session:
        lines: list[str] = []
        while not any("portals move" in line for line in lines):  # the result comes before the next line is read
            session.stdin.write("?\n")  # type: ignore[union-attr]
            lines.append(session.stdout.readline())  # type: ignore[union-attr]
        session.communicate("q\n")
    listed = movers.bpost.run("--plain", "--offline", typed="h\n2\nh\n3\nh\n4\nq\n").stdout
    assert "its feed announces a new address" in listed and listed.count("portals move") == 2
    movers.run_advice(listed, ANNOUNCED)
    movers.run_advice(lines[-1], REDIRECTED)


def test_name_of_several_papers_moves_none_and_names_their_addresses(movers: Movers) -> None:
    movers.bpost.run("refresh", code=3)
    before = movers.configured()
    for task in (["move"], ["remove"], ["rename", "নতুন"]):
        refused = movers.bpost.run("portals", task[0], "পরীক্ষা", *task[1:], code=2).stderr
        assert all(movers.addresses(path)[0] in refused for path in (REDIRECTED, ANNOUNCED, STAYS))
    assert movers.configured() == before


def test_redirect_of_an_added_or_new_address_names_the_command_again_with_its_target(movers: Movers) -> None:
    gone, new = movers.addresses("/gone.xml")
    movers.here.redirect("/gone.xml", new)
    assert f"`bpost portals add {new}`" in movers.bpost.run("portals", "add", gone, code=3).stderr
    old = movers.addresses(STAYS)[0]
    assert f"`bpost portals move {old} {new}`" in movers.bpost.run("portals", "move", old, gone, code=3).stderr


def test_site_whose_feeds_are_redirected_is_advised_once_to_move_to_the_new_site(bpost: Bpost, portal_server: PortalServer) -> None:
    alone, new = Bpost(bpost.home, ""), "https://new.example/blog/"
    site = f"{portal_server.address}/site"
    alone.config.write_text(f'portals = [{{ address = "{site}", categories = ["sport", "news"] }}]\n')
    for category in ("sport", "news"):
        portal_server.redirect(f"/site/category/{category}/feed", f"{new}category/{category}/feed/")
    advice = [line for line in alone.run("refresh", code=3).stderr.splitlines() if "portals move" in line]
    assert len(advice) == 1 and f"`bpost portals move {site} {new}`" in advice[0]
    assert alone.json("portals")[0]["moved_to"] == new
