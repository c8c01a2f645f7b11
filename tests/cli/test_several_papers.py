"""Tests of several papers on the command line: each story's paper in lists, JSON, files and refreshes."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import tomllib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from bpost_tui.urls import portal_key
from tests.cli.bpost_process import NOBODY, Bpost
from tests.cli.test_fetch import png
from tests.sample_portal.server import SamplePortal
from tests.scripted_portal import PortalServer, atom, item, rss
from tools.grouping_quality import rows

SPORT = "<category>খেলা</category>"


@pytest.fixture
def three(bpost: Bpost, edition: SamplePortal, portal_server: PortalServer) -> Bpost:
    """Bpost with the sample portal, a feed named by the reader, and a feed with its own name; both feeds have a category খেলা."""
    portal_server.serve("/news.xml", rss(item("এক", guid="1", more=SPORT), item("দুই", guid="2")))
    portal_server.serve("/atom.xml", atom("আনন্দ সংবাদ", ("তিন", "খেলা"), ("চার", "")), content_type="application/atom+xml")
    feed = f'{{ address = "{portal_server.address}/news.xml", name = "ফিড", feed = true }}'
    other = f'{{ address = "{portal_server.address}/atom.xml", feed = true }}'
    alone = Bpost(bpost.home, "")
    alone.config.write_text(f'portals = ["{edition.address}", {feed}, {other}]\n')
    assert alone.run("refresh").stdout == "14 new stories\n"
    return alone


# ── in lists ────────────────────────────────────────────────────────────────


def test_stories_and_categories_name_their_paper(three: Bpost, portal_server: PortalServer) -> None:
    rows = {row["title"]: (row["paper"], row["paper_name"]) for row in three.json("list", "-n", "99")}
    feed, other = (portal_key(f"{portal_server.address}/{name}.xml") for name in ("news", "atom"))
    assert (rows["এক"], rows["তিন"]) == ((feed, "ফিড"), (other, "আনন্দ সংবাদ"))
    (found,) = [hit for hit in three.json("search", "চার") if hit["title"] == "চার"]
    assert (found["paper"], three.json("show", str(found["id"]))["paper_name"]) == (other, "আনন্দ সংবাদ")
    sport = [each for each in three.json("categories") if each["slug"] == "খেলা"]
    assert [(each["paper"], each["paper_name"], each["saved"]) for each in sport] == [(feed, "ফিড", 1), (other, "আনন্দ সংবাদ", 1)]


def test_a_groups_stories_are_listed_and_searched_by_its_name(three: Bpost) -> None:
    three.config.write_text(three.config.read_text().replace("feed = true", 'feed = true, groups = ["জেলা"]'))
    assert sorted(row["title"] for row in three.json("list", "-g", "জেলা")) == ["এক", "চার", "তিন", "দুই"]
    assert [row["title"] for row in three.json("list", "-g", "জেলা", "-q", "চার")] == ["চার"]
    assert [row["title"] for row in three.json("list", "-g", "জেলা", "-c", "খেলা", "-n", "1")] != []
    assert "there is no group" in three.run("list", "-g", "জেলাা", code=1).stderr


def test_lines_name_the_paper_in_mixed_lists(three: Bpost) -> None:
    lines = three.run("list", "-n", "99").stdout.splitlines()
    assert [line.split()[-2:] for line in lines if line.endswith("এক")] == [["ফিড", "এক"]]
    assert all(line.split()[3:] != ["ফিড", "এক"] for line in three.run("list", "--portal", "ফিড").stdout.splitlines())
    assert ["খেলা", "খেলা", "ফিড"] in [line.split()[3:] for line in three.run("categories").stdout.splitlines()]
    assert [line.split(maxsplit=1)[0] for line in three.run("unread").stdout.splitlines()] == ["14", "10", "2", "2"]
    assert three.run("unread", "--count").stdout == "14\n"
    number = str(three.json("search", "তিন", "-n", "1")[0]["id"])
    assert three.run("show", number).stdout.splitlines()[1].startswith("আনন্দ সংবাদ · খেলা · ")


def test_lines_in_a_pipe_have_whole_names_of_papers(three: Bpost) -> None:
    name = "দৈনিক কংসাবতী ও মেদিনীপুর দর্পণ"
    three.config.write_text(three.config.read_text().replace("ফিড", name))
    assert f" {name} " in three.run("list", "-n", "99").stdout and f" {name} " in three.run("search", "এক").stdout


def test_config_show_lists_papers_on_a_line_each(three: Bpost) -> None:
    shown = three.run("config", "show", BPOST_PORTAL=None).stdout
    assert [line.strip().count("http") for line in shown.splitlines() if "http" in line] == [1, 1, 1]
    assert [paper["name"] for paper in tomllib.loads(shown)["portals"][1:2]] == ["ফিড"]


def test_shared_category_is_listed_for_all_papers_or_one(three: Bpost, portal_server: PortalServer) -> None:
    def titles(*arguments: str) -> set[str]:
        return {row["title"] for row in three.json("list", "-c", "খেলা", *arguments)}

    assert titles() == {"এক", "তিন"} and len(titles("-n", "1")) == 1
    assert titles("-q", "এক") == {"এক"}
    for name in ("আনন্দ সংবাদ", f"{portal_server.address}/atom.xml", portal_key(f"{portal_server.address}/atom.xml")):
        assert titles("--portal", name) == {"তিন"}
    assert "খেলা" in three.run("export", "-c", "খেলা", "--format", "markdown").stdout
    stderr = three.run("list", "--portal", "ফীড", code=2).stderr
    assert "--portal" in stderr and "Did you mean ফিড?" in stderr


def test_portals_finds_a_paper_by_its_own_name(three: Bpost) -> None:
    assert "আনন্দ সংবাদ" in three.run("portals").stdout
    assert [(paper["name"], paper["called"]) for paper in three.json("portals")][1:] == [("ফিড", "ফিড"), ("", "আনন্দ সংবাদ")]
    assert three.run("portals", "remove", "আনন্দ সংবাদ").stdout == "আনন্দ সংবাদ removed; its stories stay in the library\n"
    assert len(three.json("portals")) == 2


def test_library_shows_the_last_answer_of_any_paper(bpost: Bpost, portal_server: PortalServer) -> None:
    portal_server.serve("/news.xml", rss(item("এক", guid="1")))
    papers = ", ".join(f'{{ address = "{address}", feed = true }}' for address in (NOBODY, f"{portal_server.address}/news.xml"))
    alone = Bpost(bpost.home, "")
    alone.config.write_text(f"portals = [{papers}]\n")
    assert alone.json("library")["refreshed"] is None
    alone.run("refresh", code=3)
    assert "Last fetched: just now\n" in alone.run("library").stdout
    assert alone.json("library")["refreshed"].endswith("Z")


# ── in files ────────────────────────────────────────────────────────────────


def test_export_keeps_each_storys_paper_in_another_home(three: Bpost, edition: SamplePortal, tmp_path: Path) -> None:
    (first,) = three.json("search", "এক", "-n", "1")
    three.run("mark", "star", str(first["id"]))
    file = tmp_path / "library.json"
    three.run("export", "-o", str(file))
    exported = json.loads(file.read_text(encoding="utf-8"))
    assert exported["version"] == 2 and len(exported["papers"]) == 3
    other = Bpost(tmp_path / "other", "")
    papers = three.config.read_text().replace(', name = "ফিড"', "")
    other.config.write_text(papers)
    assert other.run("import", str(file), "--offline").stdout == "14 new stories, 0 updated, 1 marked\n"

    def whose(home: Bpost) -> dict[str, tuple[str, str, bool]]:
        return {row["guid"]: (row["paper"], row["paper_name"], row["starred"]) for row in home.json("list", "-n", "99")}

    assert whose(other) == whose(three)
    assert other.run("import", str(file)).stdout == "0 new stories, 0 updated, 0 marked\n"
    # a reader of only the first paper sees its stories; the others' appear once those papers are added
    single = Bpost(tmp_path / "single", edition.address)
    stderr = single.run("import", str(file)).stderr
    assert "আনন্দ সংবাদ: 2 stories saved" in stderr and stderr.count("bpost portals add") == 2
    assert len(single.json("list", "-n", "99")) == 10
    single = Bpost(single.home, "")
    single.config.write_text(papers)
    assert whose(single) == whose(three)


def test_import_of_version_1_assigns_the_right_paper(three: Bpost, portal_server: PortalServer, tmp_path: Path) -> None:
    story = {"guid": "old", "title": "পুরোনো", "published": "2026-01-01T00:00:00Z"}
    head = {"format": "bpost-library", "version": 1, "stories": [story]}
    file = tmp_path / "old.json"
    for number, (portal, name) in enumerate((({}, ""), ({"portal": f"{portal_server.address}/news.xml"}, "ফিড"))):
        file.write_text(json.dumps({**head, **portal, "stories": [{**story, "guid": f"old-{number}"}]}))
        assert three.run("import", str(file)).stdout.startswith("1 new story")
        (row,) = [row for row in three.json("search", "পুরোনো") if row["guid"] == f"old-{number}"]
        assert row["paper_name"] == (name or three.json("portals")[0]["called"])
    file.write_text(json.dumps({**head, "portal": "https://example.org"}))
    assert "exported from another portal" in three.run("import", str(file), code=2).stderr


def test_digest_has_the_same_news_once_and_papers_apart(bpost: Bpost, portal_server: PortalServer) -> None:
    """Two papers report one accident, and one of them other news."""
    accounts = [row for row in rows() if (row["cluster"], row["event"]) == ("debra-lorry", "a")]
    when = format_datetime(datetime.now(UTC) - timedelta(hours=2))
    items = [
        item(row["title"], guid=str(at), text=f"<p>{row['text']}</p>", more=f"<pubDate>{when}</pubDate><category>জেলা</category>")
        for at, row in enumerate(accounts[:2])
    ]
    other = item("অন্য খবর", guid="9", more=f"<pubDate>{when}</pubDate><category>জেলা</category>")
    portal_server.serve("/one.xml", rss(items[0]))
    portal_server.serve("/two.xml", rss(items[1], other))
    papers = [f'{{ address = "{portal_server.address}/{name}.xml", name = "{name}", feed = true }}' for name in ("one", "two")]
    home = Bpost(bpost.home, "")
    home.config.write_text(f"portals = [{', '.join(papers)}]\n")
    home.run("refresh")
    text = home.run("digest").stdout
    heads = [part.partition("\n")[0] for part in text.split("\n\n")[1:]]
    assert heads == ["one · জেলা (1)", "two · জেলা (1)"] and text.count("Also in two") == 1
    assert accounts[0]["title"] in text and accounts[1]["title"] not in text
    assert (
        accounts[0]["title"] in home.run("digest", "-q", accounts[1]["title"].split()[1]).stdout
    )  # found by words of the other account
    assert "Also in two" in home.run("digest", "--format", "markdown").stdout
    home.config.write_text(f"{home.config.read_text()}same_news_once = false\n")
    assert accounts[1]["title"] in home.run("digest").stdout


@pytest.mark.parametrize("kind", ["markdown", "html"])
def test_files_for_people_name_the_paper_of_each_story(three: Bpost, kind: str) -> None:
    page = three.run("export", "--format", kind).stdout
    assert "আনন্দ সংবাদ · খেলা · " in page and "ফিড · " in page and "All papers" in page
    assert "আনন্দ সংবাদ · " not in three.run("export", "--format", kind, "--portal", "আনন্দ সংবাদ").stdout
    digest = three.run("digest", "--since", "9d").stdout
    assert "আনন্দ সংবাদ  তিন" in digest


# ── refreshes ───────────────────────────────────────────────────────────────


def test_fetch_asks_each_storys_paper_despite_one_being_down(
    bpost: Bpost, edition: SamplePortal, portal_server: PortalServer
) -> None:
    here = portal_server.address
    for number in (1, 2):
        fields = f"<title>খবর {number}</title><guid>{number}</guid><link>{here}/{number}</link>"
        cut = f"<item>{fields}<description>সারাংশ […]</description></item>"
        portal_server.serve(f"/{number}.xml", rss(cut))
        page = f'<!doctype html><article><h1>খবর {number}</h1><p>{"পুরো লেখা। " * 40}</p><img src="{here}/{number}.png"></article>'
        portal_server.serve(f"/{number}", page.encode(), content_type="text/html; charset=utf-8")
        portal_server.serve(f"/{number}.png", png(number), content_type="image/png")
    feeds = [f"{here}/1.xml", f"{NOBODY}/rss", f"{here}/2.xml"]
    alone = Bpost(bpost.home, "")
    named = ", ".join(f'{{ address = "{feed}", feed = true }}' for feed in feeds)
    alone.config.write_text(f'portals = ["{edition.address}", {named}]\n')
    assert alone.run("refresh", code=3).stdout == "12 new stories\n"
    assert {row["title"] for row in alone.json("list", "-n", "99") if not row["full"]} == {"খবর 1", "খবর 2"}
    done = alone.run("fetch", "--images", "--full", "--json", "-q", "খবর", code=3)
    packed = json.loads(done.stdout)
    assert (packed["new"], packed["complete"]) == (0, False) and f"{NOBODY}/rss: can't connect" in done.stderr
    assert portal_server.count("/1.png") == portal_server.count("/2.png") == 1
    rows = alone.json("list", "-n", "99")
    assert all(row["full"] for row in rows) and len({row["paper"] for row in rows}) == 3


def test_plain_refreshes_all_papers_and_names_them(three: Bpost, portal_server: PortalServer) -> None:
    portal_server.forget()
    portal_server.serve("/news.xml", rss())
    portal_server.serve("/atom.xml", atom("আনন্দ সংবাদ", ("নতুন", "খেলা")), content_type="application/atom+xml")
    config = three.config.read_text()
    three.config.write_text(config.replace("]\n", f', {{ address = "{NOBODY}/rss", name = "নেই", feed = true }}]\n'))
    command = [sys.executable, "-m", "bpost_tui", "--plain"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "env": three.environment(), "encoding": "utf-8", "bufsize": 1}
    with subprocess.Popen(command, **pipes) as session:  # type: ignore[call-overload]
        lines: list[str] = []
        end = time.monotonic() + 60
        while not any("নেই: " in line for line in lines):  # the answer comes before the next line is read
            assert time.monotonic() < end, lines
            session.stdin.write("?\n")
            lines.append(session.stdout.readline())
        session.stdin.write("q\n")
        lines += session.communicate()[0].splitlines()
    assert lines[0] == "All papers\n"
    assert next(line for line in lines if "নেই: " in line).startswith("1 new story · নেই: ")
    assert any(". ফিড. " in line for line in lines)
