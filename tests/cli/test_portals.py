"""Tests of `bpost portals`: the list of papers in the config file."""

from __future__ import annotations

import json
import os
import pty
import termios
import tomllib
from pathlib import Path

import pytest

from bpost_tui.clock import utc_now
from bpost_tui.model.paper import paper_at
from bpost_tui.refresh.portal_access import StoredRequestHistory, require_public
from bpost_tui.store.library import Library
from bpost_tui.urls import portal_key
from tests.cli.bpost_process import NOBODY, Bpost
from tests.sample_portal.server import SamplePortal
from tests.scripted_portal import PortalServer, item, rss

OURS = "https://thebengalpost.net"
OPML = Path(__file__).parents[1] / "data" / "opml"
FEED = rss(item("এক", guid="1"))
NEXT_START = "A bpost that is open uses it from its next start.\n"


@pytest.fixture
def alone(bpost: Bpost) -> Bpost:
    """Bpost with no portal in its environment, so that it reads the config's."""
    return Bpost(bpost.home, "")


def configured(bpost: Bpost) -> object:
    return tomllib.loads(bpost.config.read_text(encoding="utf-8"))


def test_portals_without_a_config_lists_the_default_paper(alone: Bpost) -> None:
    assert alone.run("portals").stdout.split() == ["The", "Bengal", "Post", "WordPress", OURS]
    assert alone.json("portals") == [
        {
            "key": "thebengalpost.net",
            "address": OURS,
            "name": "",
            "categories": [],
            "refresh_minutes": None,
            "kind": "wordpress",
            "groups": [],
            "text": "",
            "called": "The Bengal Post",
            "per_day": 0.0,
            "newest": None,
            "is_silent": False,
            "failing_since": None,
            "failures": 0,
            "moved_to": "",
            "moved_since": None,
            "redirects": 0,
            "recent": 0,
            "recent_whole": 0,
        }
    ]
    assert not alone.config.exists()


@pytest.mark.parametrize("cells", [80, 200])
def test_portals_in_a_narrow_terminal_puts_addresses_on_lines_of_their_own(alone: Bpost, cells: int) -> None:
    address = f"{NOBODY}/a/feed/with/a/long/address/that/many/papers/have/news.xml"
    paper = f'{{ address = "{address}", name = "আমার কাগজ", groups = ["জেলা"], feed = true }}'
    alone.config.write_text(f'portals = ["{NOBODY}", {paper}]\n')
    parent, child = pty.openpty()
    termios.tcsetwinsize(child, (24, cells))
    with alone.start("portals", "--language", "en", stdout=child) as process:
        assert process.wait(60) == 0
    os.close(child)
    lines = os.read(parent, 1 << 16).decode().splitlines()
    os.close(parent)
    if cells == 80:
        assert lines[1::2] == [f"    {NOBODY}", f"    {address}"] and lines[2].endswith("  [জেলা]")
    else:
        assert [NOBODY in lines[0], address in lines[1], len(lines)] == [True, True, 2]


def test_add_finds_a_sites_feed_and_keeps_the_config(alone: Bpost, portal_server: PortalServer) -> None:
    alone.config.write_text(f'# mine\nportal = "{NOBODY}"  # first\ntheme = "night"\n')
    alone.config.chmod(0o600)
    links = '<link rel="alternate" type="application/atom+xml" title="খেলা" href="/sport.xml">'
    page = f'<!doctype html><html><head><link rel="alternate" type="application/rss+xml" href="/news.xml">{links}</head></html>'
    portal_server.serve("/", page.encode(), content_type="text/html")
    portal_server.serve("/news.xml", FEED)
    added = alone.run("portals", "add", portal_server.address, "আমার\x1b[31m কাগজ")
    news = f"{portal_server.address}/news.xml"
    assert added.stdout == f"আমার[31m কাগজ added (feed): {news}\n"
    assert added.stderr == f"There is another feed: {portal_server.address}/sport.xml খেলা\n{NEXT_START}"
    assert alone.config.read_text().startswith("# mine\nportals = [") and "# first\ntheme" in alone.config.read_text()
    assert configured(alone) == {
        "portals": [NOBODY, {"address": news, "name": "আমার[31m কাগজ", "kind": "feed"}],
        "theme": "night",
    }
    assert alone.config.stat().st_mode & 0o777 == 0o600
    assert [paper["kind"] for paper in alone.json("portals")] == ["wordpress", "feed"]
    assert alone.run("config", "check").stdout.endswith("no problems found\n")
    assert alone.run("config", "show").stdout.splitlines()[1:5] == [
        "portals = [",
        f'    "{NOBODY}",',
        f'    {{ address = "{news}", name = "আমার[31m কাগজ", kind = "feed" }},',
        "]  # file",
    ]


def test_add_of_a_wordpress_is_its_front_page(alone: Bpost, bpost: Bpost) -> None:
    assert alone.run("portals", "add", f"{bpost.portal}/feed").stdout.endswith(f"(WordPress): {bpost.portal}\n")
    assert configured(alone) == {"portals": [OURS, bpost.portal]}
    assert [paper["called"] for paper in alone.json("portals")][1] == "The Bengal Post: sample edition"  # before any refresh


def test_add_of_a_present_paper_changes_nothing(alone: Bpost, bpost: Bpost) -> None:
    alone.run("portals", "add", bpost.portal)
    before = alone.config.read_bytes()
    for address in (bpost.portal, f"{bpost.portal}/", f"{bpost.portal}/feed", f"{bpost.portal}/category/education"):
        assert "is among the papers already" in alone.run("portals", "add", address).stderr
    assert alone.config.read_bytes() == before


@pytest.mark.parametrize(
    "variant",
    [
        "http://paper.example/rss.php/?id=5&utm_source=mail",
        "https://www.paper.example:443/rss.php?fbclid=x&id=5#top",
        "<feed:https://paper.example/rss.php?id=5>.",
        "“feed://Paper.example/rss.php?id=5&UTM_MEDIUM=a”।",
        "https://paper.example//rss.php?mc_cid=1&amp;id=5&amp;at_medium=RSS",
    ],
)
def test_add_names_the_paper_that_an_address_is_a_variant_of(alone: Bpost, variant: str) -> None:
    text = 'portals = [{ address = "https://paper.example/rss.php?id=5&utm_source=rss", name = "কাগজ", kind = "feed" }]\n'
    alone.config.write_text(text)
    assert alone.run("portals", "add", variant).stderr == "কাগজ is among the papers already\n"
    assert alone.config.read_text() == text


@pytest.mark.parametrize("feed", ["?feed=rss2", "feed/atom/", "index.php/feed", "index.php", "feed/rss2/?utm_source=mail"])
def test_add_names_the_wordpress_portal_that_has_a_feed(alone: Bpost, feed: str) -> None:
    assert alone.run("portals", "add", f"http://www.{OURS.removeprefix('https://')}/{feed}").stderr.endswith(
        "among the papers already\n"
    )


def test_add_of_a_query_in_another_order_names_the_paper(alone: Bpost) -> None:
    alone.config.write_text('portals = [{ address = "https://paper.example/rss?lang=bn&id=5", name = "কাগজ", kind = "feed" }]\n')
    assert alone.run("portals", "add", "paper.example/rss/?id=5&lang=bn").stderr == "কাগজ is among the papers already\n"


def test_add_of_a_feed_that_redirects_keeps_its_address(alone: Bpost, portal_server: PortalServer) -> None:
    portal_server.redirect("/rss", f"{portal_server.address}/news.xml")
    portal_server.serve("/news.xml", FEED)
    at = portal_server.address
    assert alone.run("portals", "add", f"{at}/rss", "কাগজ").stdout == f"কাগজ added (feed): {at}/rss\n"


def test_add_of_a_page_whose_feed_is_there_names_the_paper(alone: Bpost, portal_server: PortalServer) -> None:
    portal_server.serve("/news", b'<!doctype html><link rel="alternate" type="application/rss+xml" href="/news.xml">')
    portal_server.serve("/news.xml", FEED)
    alone.config.write_text(f'portals = [{{ address = "{portal_server.address}/news.xml", name = "কাগজ", kind = "feed" }}]\n')
    assert alone.run("portals", "add", f"{portal_server.address}/news").stderr == "কাগজ is among the papers already\n"


def test_add_of_a_blog_in_another_format_names_the_paper(alone: Bpost) -> None:
    alone.config.write_text(
        'portals = [{ address = "https://blog.blogspot.com/feeds/posts/default", name = "ব্লগ", kind = "feed" }]\n'
    )
    assert alone.run("portals", "add", "http://blog.blogspot.com/rss.xml").stderr == "ব্লগ is among the papers already\n"


def test_add_of_another_query_is_another_paper(alone: Bpost, portal_server: PortalServer) -> None:
    portal_server.serve("/rss?id=6", FEED)
    alone.config.write_text(f'portals = [{{ address = "{portal_server.address}/rss?id=5", kind = "feed" }}]\n')
    assert "added" in alone.run("portals", "add", f"{portal_server.address}/rss?utm_source=x&id=6").stdout
    assert [seen.path for seen in portal_server.requests] == ["/rss?id=6"]


def test_import_takes_our_list_of_bengali_papers(alone: Bpost) -> None:
    alone.config.write_text('portals = ["https://a.example"]\n')
    listed = Path(__file__).parents[2] / "docs" / "papers.opml"
    count = listed.read_text(encoding="utf-8").count("xmlUrl")
    assert alone.run("portals", "import", str(listed)).stdout == f"{count} papers added\n"
    papers = alone.json("portals")[1:]
    assert {paper["kind"] for paper in papers} == {"feed", "sitemap"} and all(len(paper["groups"]) == 1 for paper in papers)
    assert alone.run("portals", "import", str(listed)).stdout == f"0 papers added, {count} already present\n"


def test_add_of_a_file_names_import(alone: Bpost, tmp_path: Path) -> None:
    file = tmp_path / "feeds.opml"
    file.write_text("<opml/>")
    ended = alone.run("portals", "add", str(file), code=2)
    assert ended.stderr.endswith(f"If it is a list of feeds: `bpost portals import {file}`.\n")


@pytest.mark.parametrize(
    ("address", "code", "message"),
    [
        ("", 2, "is missing"),
        ("news", 2, "isn't a portal's address"),
        ("খ" * 2000, 2, "isn't a portal's address"),  # longer than the name of a file may be
        (NOBODY, 3, "can't connect"),
        ("@/none", 3, "404"),
    ],
)
def test_add_of_no_paper_is_refused_in_one_line(
    alone: Bpost, portal_server: PortalServer, address: str, code: int, message: str
) -> None:
    ended = alone.run("portals", "add", address.replace("@", portal_server.address), code=code)
    assert message in ended.stderr.splitlines()[0] and ended.stdout == "" and not alone.config.exists()


def test_add_of_a_page_without_a_feed_is_refused(alone: Bpost, portal_server: PortalServer) -> None:
    portal_server.serve("/", b"<!doctype html><p>no", content_type="text/html")
    ended = alone.run("portals", "add", portal_server.address, code=4)
    assert ended.stderr.splitlines() == [
        f"bpost: {portal_server.address}: no feed was found there",
        "Give the address of its feed: RSS, Atom or JSON Feed.",
    ]
    assert not alone.config.exists()


def test_remove_and_rename_take_address_or_name(alone: Bpost) -> None:
    alone.config.write_text(
        'portals = [\n  "https://a.example",  # one\n  { address = "https://b.example/rss?x=1", feed = true },\n]\n'
    )
    assert alone.run("portals", "rename", "b.example/rss?x=1", "বি").stdout == "b.example is called বি now\n"
    assert alone.run("portals", "rename", "বি", "বি ২").stdout == "বি is called বি ২ now\n"
    assert alone.run("portals", "remove", "https://www.a.example/").stdout == "a.example removed; its stories stay in the library\n"
    assert configured(alone) == {"portals": [{"address": "https://b.example/rss?x=1", "name": "বি ২", "feed": True}]}
    assert "the last paper" in alone.run("portals", "remove", "বি ২", code=2).stderr
    assert "Did you mean বি ২?" in alone.run("portals", "remove", "বী ২", code=1).stderr
    assert "Did you mean" not in alone.run("portals", "remove", "বি ৩", code=1).stderr
    assert "is missing" in alone.run("portals", "rename", "বি ২", code=2).stderr


def test_a_paper_gets_no_name_of_another_paper(alone: Bpost) -> None:
    before = 'portals = [\n  { address = "https://a.example", name = "Day" },\n  "https://b.example",\n]\n'
    alone.config.write_text(before)
    assert alone.run("portals", "rename", "b.example", "day", code=2).stderr == (
        "bpost: another paper is called “day”\n`bpost portals` lists them.\n"
    )
    assert alone.config.read_text() == before
    assert alone.run("portals", "rename", "Day", "DAY").stderr == NEXT_START


def test_remove_of_the_last_paper_is_refused(alone: Bpost) -> None:
    assert "the last paper" in alone.run("portals", "remove", "The Bengal Post", code=2).stderr
    assert not alone.config.exists()


def test_change_follows_a_config_that_is_a_link(alone: Bpost, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles.toml"
    real.write_text("# kept\n")
    alone.config.symlink_to(real)
    alone.run("portals", "rename", OURS, "পোস্ট")
    assert alone.config.is_symlink() and real.read_text().startswith("# kept\n") and real.stat().st_mode & 0o777 == 0o644


def test_change_of_an_unexpected_config_is_refused(alone: Bpost) -> None:
    alone.config.write_text("portals = 3\n")
    assert "can't change this without altering" in alone.run("portals", "rename", OURS, "ক", code=2).stderr
    assert alone.config.read_text() == "portals = 3\n"


def test_refresh_reads_a_configured_feed(alone: Bpost, portal_server: PortalServer) -> None:
    portal_server.serve("/news.xml", rss(item("এক", guid="1", more="<category>খেলা</category>"), item("দুই", guid="2")))
    alone.config.write_text(f'portals = [{{ address = "{portal_server.address}/news.xml", feed = true }}]\n')
    assert alone.run("refresh").stdout == "2 new stories\n"
    assert {row["title"] for row in alone.json("list")} == {"এক", "দুই"}
    assert {seen.path for seen in portal_server.requests} == {"/news.xml"}
    # only the named portal is read, with its settings from the config
    assert alone.run("refresh", "--portal", f"{portal_server.address}/news.xml").stdout == "Nothing new\n"


# ── several papers ──────────────────────────────────────────────────────────


@pytest.fixture
def three(alone: Bpost, edition: SamplePortal, portal_server: PortalServer) -> Bpost:
    """Bpost whose config names the sample portal, a feed, and a portal that is down."""
    portal_server.serve("/news.xml", rss(item("এক", guid="1", more="<category>খেলা</category>"), item("দুই", guid="2")))
    feed = f'{{ address = "{portal_server.address}/news.xml", name = "ফিড", feed = true }}'
    alone.config.write_text(f'portals = ["{edition.address}", {feed}, {{ address = "{NOBODY}/rss", feed = true }}]\n')
    return alone


def test_refresh_fetches_all_papers_and_reports_a_failing_one(three: Bpost, portal_server: PortalServer) -> None:
    refreshed = three.run("refresh", code=3)
    assert refreshed.stdout == "12 new stories\n"
    assert refreshed.stderr.splitlines()[0].startswith(f"{NOBODY}/rss: can't connect")
    titles = [row["title"] for row in three.json("list", "-n", "100")]
    assert len(titles) == 12 and {"এক", "দুই"} <= {*titles}
    again = json.loads(three.run("refresh", "--json", code=3).stdout)
    assert (again["new"], [error["paper"] for error in again["errors"]]) == (0, [portal_key(f"{NOBODY}/rss")])


def test_refresh_of_one_paper_fetches_only_it(three: Bpost, portal_server: PortalServer) -> None:
    assert three.run("refresh", "--portal", f"{portal_server.address}/news.xml").stdout == "2 new stories\n"
    assert portal_server.count() == 1


def test_refresh_takes_categories_from_config_and_options(three: Bpost, edition: SamplePortal, portal_server: PortalServer) -> None:
    feed = f'{{ address = "{portal_server.address}/news.xml", categories = "খেলা", feed = true }}'
    three.config.write_text(f'portals = [{feed}, "{edition.address}"]\n')
    assert three.run("refresh").stdout == "11 new stories\n"
    three.run("refresh", "-c", "education")  # of the paper with this story
    assert portal_server.count() == 1


def test_portals_shows_frequency_and_problems_of_papers(alone: Bpost, portal_server: PortalServer) -> None:
    items = [item(f"ক{at}", guid=str(at), more=f"<pubDate>{at + 1:02} Jan 2024 08:00:00 +0000</pubDate>") for at in range(8)]
    portal_server.serve("/old.xml", rss(*items))
    portal_server.serve("/gone.xml", b"", status=404)
    portal_server.redirect("/moved.xml", f"{portal_server.address}/new.xml", status=308)
    portal_server.redirect("/new.xml", f"{portal_server.address}/today.xml", status=302)
    portal_server.serve("/today.xml", FEED)
    names = ("old", "gone", "moved", "new")
    feeds = ", ".join(f'{{ address = "{portal_server.address}/{name}.xml", kind = "feed" }}' for name in names)
    alone.config.write_text(f"portals = [{feeds}]\n")
    alone.run("refresh", code=None)
    ended = alone.run("portals")
    old, gone, moved, new = ended.stdout.splitlines()
    assert moved.endswith(f"  moved to {portal_server.address}/new.xml")
    assert new.endswith("/new.xml  100% whole texts")  # 302 is temporary
    assert "  1 a day  nothing new since 8 January 2024" in old
    assert "  failing since " in gone
    assert [line[: line.index(",")] for line in ended.stderr.splitlines()] == [
        "If the paper has moved",
        "If a paper fails",
        "If a paper has nothing new but its site does",
    ]
    old, gone, moved, _ = alone.json("portals")
    assert (old["per_day"], old["newest"], old["is_silent"]) == (1.0, "2024-01-08T08:00:00Z", True)
    assert gone["failing_since"]
    assert moved["moved_to"] == f"{portal_server.address}/new.xml"
    assert (gone["failures"], moved["redirects"], moved["failures"], gone["redirects"]) == (1, 1, 0, 0)
    alone.run("refresh", code=None)
    _, gone, moved, _ = alone.run("portals").stdout.splitlines()
    assert "  failed 2 times since " in gone
    assert f"  moved to {portal_server.address}/new.xml: 2 times since " in moved
    _, gone, moved, _ = alone.json("portals")
    assert (gone["failures"], moved["redirects"]) == (2, 2) and gone["failing_since"] and moved["moved_since"]
    portal_server.serve("/gone.xml", FEED)
    for _ in range(2):  # the first still gets the saved stories
        alone.run("refresh", code=None)
    _, gone, _, _ = alone.json("portals")
    assert (gone["failures"], gone["failing_since"]) == (0, None)


# ── other readers' lists ────────────────────────────────────────────────────


def test_import_adds_new_feeds_without_asking_a_server(alone: Bpost) -> None:
    newsboat, eilmeldung = (str(OPML / f"{name}.opml") for name in ("newsboat", "eilmeldung"))
    first = alone.run("portals", "import", newsboat, code=4)
    assert first.stdout == "3 papers added\n"
    assert first.stderr == f"{newsboat}:9: not an address of a feed: exec:~/bin/fetch-news\n{NEXT_START}"
    b = {"address": "https://b.example/rss.xml?lang=bn&full=1", "name": "B", "kind": "feed"}
    c = {"address": "https://c.example/atom.xml", "kind": "feed"}
    assert configured(alone) == {"portals": [OURS, {"address": "https://a.example", "name": "জেলার খবর & আরও"}, b, c]}
    assert alone.run("portals", "import", eilmeldung).stdout == "2 papers added, 1 already present\n"
    assert [paper["groups"] for paper in alone.json("portals")] == [[]] * 4 + [["পশ্চিমবঙ্গ"], []]
    before = alone.config.read_bytes()
    assert alone.run("portals", "import", eilmeldung).stdout == "0 papers added, 3 already present\n"
    assert alone.config.read_bytes() == before
    with Library(next(alone.data.iterdir())) as library:
        assert library.fetch_log.contacts() == ()


def test_import_of_bad_opml_names_the_line_and_changes_nothing(alone: Bpost, tmp_path: Path) -> None:
    (tmp_path / "bad.opml").write_text('<opml><body>\n<outline xmlUrl="https://a.example/feed"/>\n<')
    ended = alone.run("portals", "import", str(tmp_path / "bad.opml"), code=4)
    assert f"{tmp_path}/bad.opml: line 3: not well-formed" in ended.stderr and not alone.config.exists()
    assert "No such file" in alone.run("portals", "import", "none.opml", code=2).stderr
    missing = "bpost: the OPML file is missing\n`bpost portals --help` lists its options.\n"
    assert alone.run("portals", "import", code=2).stderr == missing


def test_exported_opml_can_be_imported(alone: Bpost, tmp_path: Path) -> None:
    alone.run("portals", "import", str(OPML / "newsboat.opml"), code=4)
    papers, before = alone.json("portals"), configured(alone)
    exported = alone.run("portals", "export").stdout
    assert alone.run("portals", "export", str(tmp_path / "out.opml")).stdout == ""
    assert (tmp_path / "out.opml").read_text(encoding="utf-8") == exported
    alone.config.unlink()
    assert alone.run("portals", "import", str(tmp_path / "out.opml")).stdout == "3 papers added, 1 already present\n"
    assert [paper["address"] for paper in alone.json("portals")] == [paper["address"] for paper in papers]
    assert before != configured(alone)  # in the file, a paper without a name has the name of its site


def test_export_has_the_names_that_bpost_shows(bpost: Bpost) -> None:
    bpost.config.parent.mkdir(parents=True, exist_ok=True)
    bpost.config.write_text(f'portals = ["{bpost.portal}"]\n', encoding="utf-8")
    bpost.run("refresh")
    assert "The Bengal Post: sample edition" in bpost.run("portals").stdout
    assert 'text="The Bengal Post: sample edition"' in bpost.run("portals", "export").stdout
    assert "sample edition is among the papers already" in bpost.run("portals", "add", bpost.portal).stderr


def test_searches_of_newsboat_are_called_searches(alone: Bpost, tmp_path: Path) -> None:
    (tmp_path / "urls").write_text('https://a.example/feed.xml\n"query:Unread:unread = \\"yes\\""\n', encoding="utf-8")
    found = alone.run("portals", "import", str(tmp_path / "urls"), code=4)
    assert "a saved search of newsboat; here `/` searches, and `w` saves the search: query:" in found.stderr


@pytest.mark.parametrize("name", ["categories.opml", "eilmeldung.opml", "newsboat-urls"])
def test_groups_of_other_readers_are_imported_and_exported(alone: Bpost, tmp_path: Path, name: str) -> None:
    alone.run("portals", "import", str(OPML / name), code=4 if name == "newsboat-urls" else 0)
    groups = {paper["key"]: set(paper["groups"]) for paper in alone.json("portals")}
    assert any(groups.values())
    alone.run("portals", "export", str(tmp_path / "out.opml"))
    alone.config.unlink()
    alone.run("portals", "import", str(tmp_path / "out.opml"))
    assert {paper["key"]: set(paper["groups"]) for paper in alone.json("portals")} == groups
    if name == "categories.opml":
        assert {"বিশ্ব / এশিয়া", "ব্যবসা & বাজার"} in groups.values()
        assert "[বিশ্ব / এশিয়া], [ব্যবসা & বাজার]" in alone.run("portals").stdout


def test_papers_added_by_several_processes_are_in_once(alone: Bpost, tmp_path: Path) -> None:
    lists = []
    for number in range(4):
        feeds = "".join(f'<outline text="P" xmlUrl="https://h{each}.example/feed.xml"/>' for each in range(number, number + 40))
        lists.append(tmp_path / f"{number}.opml")
        lists[-1].write_text(f'<opml version="2.0"><body>{feeds}</body></opml>', encoding="utf-8")
    together = [alone.start("portals", "import", str(path)) for path in lists]
    assert [process.wait(60) for process in together] == [0] * 4
    papers = tomllib.loads(alone.config.read_text(encoding="utf-8"))["portals"]
    named = [paper["address"] for paper in papers if isinstance(paper, dict)]
    assert sorted(named) == sorted(f"https://h{each}.example/feed.xml" for each in range(43))


def test_config_keeps_its_line_endings_and_byte_order_mark(alone: Bpost, tmp_path: Path) -> None:
    before = b'\xef\xbb\xbf# mine\r\ntheme = "night"\r\n\r\n[[portals]]\r\naddress = "https://a.example"\r\n'
    alone.config.write_bytes(before)
    (tmp_path / "one.opml").write_text(
        '<opml version="2.0"><body><outline text="B" xmlUrl="https://b.example/rss.xml"/></body></opml>', encoding="utf-8"
    )
    alone.run("portals", "import", str(tmp_path / "one.opml"))
    after = alone.config.read_bytes()
    assert after.startswith(before) and b"https://b.example/rss.xml" in after
    assert after.count(b"\n") == after.count(b"\r\n") > before.count(b"\r\n")


async def test_private_network_name_is_followed_only_if_added_by_hand(
    alone: Bpost, portal_server: PortalServer, tmp_path: Path
) -> None:
    """A friend's list may have a name that has led to a private network from the beginning, without any sign of it."""
    (address, nas) = (f"{portal_server.address}/feed", "https://nas.example/rss")
    (tmp_path / "friend.opml").write_text(f'<opml version="2.0"><body><outline text="P" xmlUrl="{nas}"/></body></opml>')

    async def must_be_public(address: str) -> bool:
        with Library(next(alone.data.iterdir())) as library:
            return await StoredRequestHistory(library.for_paper(paper_at(address)), utc_now).was_public()

    alone.run("portals", "import", str(tmp_path / "friend.opml"))
    assert await must_be_public(nas)  # otherwise it is refused: test_fetch_from_a_portal_turned_private_is_refused
    with Library(next(alone.data.iterdir())) as library:
        require_public(library, [paper_at(address)], utc_now())
    portal_server.serve("/feed", FEED)
    alone.run("portals", "add", address)
    assert not await must_be_public(address)


def test_add_takes_the_option_for_private_addresses(alone: Bpost, portal_server: PortalServer) -> None:
    portal_server.serve("/news.xml", rss(item("Headline", guid="1")))
    alone.run("portals", "add", "--private", f"{portal_server.address}/news.xml")  # the same without it
    assert "/news.xml" in alone.config.read_text(encoding="utf-8")


def test_import_adds_private_addresses_only_on_request(alone: Bpost, tmp_path: Path) -> None:
    addresses = (
        "http://192.168.1.1/apply.cgi?reboot=1",
        "http://[fd00::1]/rss",
        "http://router.local/rss",
        "https://a.example/rss",
    )
    outlines = "".join(f'<outline text="P" xmlUrl="{address}"/>\n' for address in addresses)
    (tmp_path / "friend.opml").write_text(f'<opml version="2.0"><body>\n{outlines}</body></opml>', encoding="utf-8")
    result = alone.run("portals", "import", str(tmp_path / "friend.opml"), code=4)
    assert result.stdout == "1 paper added\n" and result.stderr.count("in your own network") == 3
    assert "192.168" not in alone.config.read_text(encoding="utf-8")
    assert (
        alone.run("portals", "import", str(tmp_path / "friend.opml"), "--private").stdout == "3 papers added, 1 already present\n"
    )
