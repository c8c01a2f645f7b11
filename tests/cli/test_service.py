"""Tests of `service` without a server; tests/service has a real one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bpost_tui.mark_sync.greader_api import READ, STARRED
from tests.cli.bpost_process import NOBODY, Bpost
from tests.cli.test_moved_papers import feed
from tests.scripted_portal import PortalServer
from tests.service.model_server import ModelServer

ACCOUNT = f'[service]\naddress = "{NOBODY}"\nuser = "me"\npassword_command = ["printf", "secret"]\n'


def test_service_without_a_config_names_the_settings(bpost: Bpost) -> None:
    stderr = bpost.run("service", code=2).stderr
    assert stderr == "bpost: the config names no service\nName its `address` and `user` under `[service]` in the config.\n"


def test_unreachable_service_is_reported_in_one_line(bpost: Bpost) -> None:
    bpost.config.write_text(ACCOUNT)
    none = "Stories with marks not yet synced: 0\nStories with marks that the server lacks: 0\n"
    assert bpost.run("service").stdout == f"Service: {NOBODY} (me)\nLast sync: never\n{none}"
    counts = {"waiting": 0, "missing": 0, "starred_elsewhere": 0}
    never = {"service": f"{NOBODY} (me)", "exchanged": None, "tried": None, "failure": None, **counts}
    assert bpost.json("service") == never
    assert bpost.run("service", "sync", code=4).stderr == "service: 127.0.0.1: it can't be reached\n"
    assert f"Last try: just now: 127.0.0.1: it can't be reached\n{none}" in bpost.run("service").stdout
    assert bpost.run("service", "--language", "bn").stdout.splitlines()[2].endswith(": 127.0.0.1: তার নাগাল পাওয়া যায় না")
    tried = bpost.json("service")
    assert tried == {**never, "tried": tried["tried"], "failure": "127.0.0.1: it can't be reached"}
    assert bpost.run("service", "check", code=3).stderr == "bpost: 127.0.0.1: it can't be reached\n"
    assert f"Service: {NOBODY}\n" in bpost.run("doctor").stdout


def test_untrusted_certificate_is_reported_and_nothing_is_sent(bpost: Bpost) -> None:
    with PortalServer(tls=True) as server:  # its certificate is self-signed
        bpost.config.write_text(ACCOUNT.replace(NOBODY, server.address))
        assert bpost.run("service", "check", code=3).stderr == "bpost: 127.0.0.1: its certificate isn't valid\n"
        assert server.requests == []


def test_refresh_reports_an_unreachable_service_once(bpost: Bpost) -> None:
    bpost.config.write_text(ACCOUNT)
    for verb in ("refresh", "fetch"):
        assert bpost.run(verb, code=4).stderr.count("service: 127.0.0.1: it can't be reached\n") == 1


def test_wrong_password_is_reported_although_the_only_paper_fails(bpost: Bpost, portal_server: PortalServer) -> None:
    portal_server.serve("/feed", b"", status=503)
    server = ModelServer(FEED, labels=False, dated=True)
    server.password = "another"
    with server.on_this_machine() as address:
        bpost.config.write_text(ACCOUNT.replace(NOBODY, address))
        ended = bpost.run("refresh", "--portal", portal_server.address, code=3)
    assert "service: 127.0.0.1: the user or the password isn't right, or the API is off\n" in ended.stderr


def test_export_leaves_out_a_paper_without_a_feed(bpost: Bpost) -> None:
    server = ModelServer("https://a.example/rss", labels=True, dated=True)
    with server.on_this_machine() as address:
        alone = Bpost(bpost.home, "")
        papers = 'portals = [{ address = "https://kagoj.example/news.xml", name = "কাগজ", kind = "sitemap" }]\n'
        alone.config.write_text(papers + ACCOUNT.replace(NOBODY, address))
        ended = alone.run("service", "export", "--dry-run", code=4)
    assert (ended.stdout, ended.stderr) == ("", "কাগজ: has no feed for another program to read\n")


FEED = "https://a.example/rss"


@pytest.fixture
def server() -> ModelServer:
    return ModelServer(FEED, labels=False, dated=True)


@pytest.fixture
def reader(server: ModelServer, tmp_path: Path) -> Iterator[Bpost]:
    """Yield bpost with one paper that the server reads as well."""
    with server.on_this_machine() as address:
        alone = Bpost(tmp_path, "")
        papers = f'portals = [{{ address = "{FEED}", kind = "feed" }}]\n'
        alone.config.write_text(papers + ACCOUNT.replace(NOBODY, address))
        yield alone


def test_fetch_starred_brings_the_stories_that_only_the_server_has(reader: Bpost, server: ModelServer) -> None:
    server.other_feeds["feed/53"] = "https://b.example/rss"
    for link, stream in (
        ("https://a.example/1", "feed/52"),
        ("https://a.example/2", "feed/52"),
        ("https://b.example/3", "feed/53"),
    ):
        server.tag(server.add(link, stream), STARRED, on=True)
    server.entries[1].title, server.entries[1].text = "এক \x1b\u202e<b>নয়</b>", "<p>লেখা <script>alert(1)</script></p><p>শেষ</p>"
    assert reader.run("service", "sync").stderr == ""
    assert "Starred only on the server, for `bpost service fetch-starred`: 3\n" in reader.run("service").stdout
    fetched = reader.run("service", "fetch-starred")
    note = "1 stars of feeds that you don't read here; `bpost service import` adds these feeds\n"
    assert (fetched.stdout, fetched.stderr) == ("2 new stories\n", note)
    rows = reader.json("list", "--starred")
    assert {(row["title"], row["link"]) for row in rows} == {
        ("এক <b>নয়</b>", "https://a.example/1"),
        ("শিরোনাম", "https://a.example/2"),
    }
    story = reader.run("show", "https://a.example/1").stdout
    assert "শেষ" in story and "alert" not in story and "\x1b" not in story
    assert reader.json("service")["starred_elsewhere"] == 1
    assert reader.run("service", "fetch-starred").stdout == "0 new stories\n"


def test_fetch_starred_and_its_sync_log_in_once(reader: Bpost, server: ModelServer) -> None:
    server.tag(server.add("https://a.example/1"), STARRED, on=True)
    assert reader.run("service", "fetch-starred").stdout == "1 new story\n"
    assert server.requests.count("/accounts/ClientLogin") == 1
    assert [row["link"] for row in reader.json("list", "--starred")] == ["https://a.example/1"]


def test_feed_of_a_removed_paper_is_no_paper_of_the_library(reader: Bpost, server: ModelServer) -> None:
    server.other_feeds["feed/53"] = f"{FEED}/sport"
    for number in range(6):
        server.tag(server.add(f"https://a.example/sport/{number}", "feed/53"), STARRED, on=True)
    config = reader.config.read_text()
    reader.config.write_text(config.replace("portals = [", f'portals = [{{ address = "{FEED}/sport", kind = "feed" }}, '))
    assert reader.run("service", "fetch-starred").stdout == "6 new stories\n"
    assert reader.run("service", "check").stdout == "127.0.0.1 answers: 2 feeds, 2 of them papers here\n"
    reader.config.write_text(config)
    assert reader.run("service", "check").stdout == "127.0.0.1 answers: 2 feeds, 1 of them papers here\n"
    assert reader.run("service", "import", "--dry-run").stdout == f"কাগজ  {FEED}/sport\n"


def test_paper_at_two_addresses_is_known_by_the_links_of_its_stories(reader: Bpost, server: ModelServer) -> None:
    reader.run("service", "sync")
    for number in range(6):
        server.tag(server.add(f"https://a.example/{number}"), STARRED, on=True)
    reader.run("service", "fetch-starred")
    server.feed, server.other_feeds["feed/53"] = f"{FEED}?all=1", f"{FEED}/sport"
    for number in range(2):
        server.add(f"https://a.example/{number}", "feed/53")
        server.add(f"https://a.example/sport/{number}/a", "feed/53")
        server.add(f"https://a.example/sport/{number}/b", "feed/53")
    assert reader.run("service", "check").stdout == "127.0.0.1 answers: 2 feeds, 1 of them papers here\n"
    assert reader.run("service", "import", "--dry-run").stdout == f"কাগজ  {FEED}/sport\n"
    assert reader.run("service", "export", "--dry-run").stdout == ""
    server.now_s += 3
    server.tag(6, STARRED, on=False)
    assert reader.run("service", "sync").stderr == ""
    assert len(reader.json("list", "--starred")) == 5


def test_last_failure_is_shown_with_its_values_in_the_readers_language(reader: Bpost, server: ModelServer) -> None:
    server.refuses = "stream/items/ids"
    assert reader.run("service", "sync", code=4).stderr == "service: 127.0.0.1: stream/items/ids was refused (418)\n"
    assert "stream/items/ids was refused (418)" in reader.run("service").stdout
    in_bengali = reader.run("service", "--language", "bn").stdout
    assert "stream/items/ids" in in_bengali and "৪১৮" in in_bengali and "refused" not in in_bengali


# ── a site that changes the guids and links of all its stories ──────────────

TITLES = ("এক", "দুই", "তিন", "চার", "পাঁচ")


class Migration:
    """Paper of five stories that bpost and a server read, before and after its site gives all stories new guids and links."""

    def __init__(self, bpost: Bpost, portal: PortalServer, server: ModelServer) -> None:
        self.bpost, self.portal, self.server = bpost, portal, server
        self._links = "old"

    def print(self, *, here: bool, there: bool, links: str = "old") -> None:
        """Let bpost find the stories with these links in its next refresh (`here`), or the server fetch them (`there`)."""
        if here:
            self.portal.forget()
            self.portal.serve("/feed.xml", feed(links, *TITLES))
        if there:
            self.server.now_s = time.time() - 1
            for at, title in enumerate(TITLES):
                entry = self.server.entries[self.server.add(self.link(links, at))]
                entry.title, entry.text = f"{title} খবর", f"<p>{title} লেখা।</p>"
                entry.published_s = int(datetime(2026, 11, 23, at, tzinfo=UTC).timestamp())

    def link(self, links: str, at: int) -> str:
        return f"https://{links}.example/{at}"

    def refresh(self) -> str:
        self.server.now_s = time.time()
        return self.bpost.run("refresh").stdout

    def tap(self, links: str, at: int, tag: str, on: bool = True) -> None:
        """Change a mark on the phone."""
        self.server.now_s = time.time()
        number = self.server.number_of(self.link(links, at))
        assert number is not None
        self.server.tag(number, tag, on)

    def here(self, name: str) -> set[str]:
        rows = self.bpost.json("list", "-n", "0")
        assert sorted(row["title"] for row in rows) == sorted(f"{title} খবর" for title in TITLES)
        return {row["title"].split()[0] for row in rows if row[name]}

    def there(self, links: str, tag: str) -> set[str]:
        entries = {entry.link: entry for entry in self.server.entries.values()}
        return {title for at, title in enumerate(TITLES) if tag in entries[self.link(links, at)].tags}


@pytest.fixture
def migration(portal_server: PortalServer, tmp_path: Path) -> Iterator[Migration]:
    """Yield a paper whose stories have marks from here and from the phone, in agreement."""
    address = f"{portal_server.address}/feed.xml"
    server = ModelServer(address, labels=False, dated=True)
    with server.on_this_machine() as service:
        bpost = Bpost(tmp_path, "")
        hook = f'[hooks]\nnew_stories = ["sh", "-c", "echo new >> {tmp_path}/hook"]\n'
        papers = f'portals = [{{ address = "{address}", kind = "feed" }}]\n'
        bpost.config.write_text(papers + hook + ACCOUNT.replace(NOBODY, service))
        paper = Migration(bpost, portal_server, server)
        paper.print(here=True, there=True)
        paper.refresh()
        numbers = {row["title"].split()[0]: str(row["id"]) for row in bpost.json("list", "-n", "0")}
        bpost.run("mark", "star", numbers["এক"])
        bpost.run("mark", "read", numbers["এক"], numbers["দুই"])
        paper.tap("old", 2, STARRED)
        paper.tap("old", 3, READ)
        paper.refresh()
        assert paper.here("starred") == paper.there("old", STARRED) == {"এক", "তিন"}
        assert paper.here("read") == paper.there("old", READ) == {"এক", "দুই", "চার"}
        (tmp_path / "hook").unlink()
        yield paper
        assert not (tmp_path / "hook").exists() and bpost.json("library", "verify")["sound"]


@pytest.mark.parametrize("first", ["here", "there"])
def test_migration_keeps_marks_on_both_sides_and_brings_no_story_twice(migration: Migration, first: str) -> None:
    migration.print(here=first == "here", there=first == "there", links="new")
    assert migration.refresh() == ("Nothing new\n" if first == "there" else "Nothing new, 5 updated\n")
    migration.print(here=first == "there", there=first == "here", links="new")
    assert migration.refresh().startswith("Nothing new")
    migration.refresh()
    assert migration.here("starred") == {"এক", "তিন"} and migration.here("read") == {"এক", "দুই", "চার"}
    for links in ("old", "new"):
        assert migration.there(links, STARRED) == {"এক", "তিন"}
        assert migration.there(links, READ) == {"এক", "দুই", "চার"}
    migration.server.requests.clear()
    migration.refresh()
    assert "/reader/api/0/edit-tag" not in migration.server.requests
    assert migration.bpost.json("service")["waiting"] == 0


def test_stars_fetched_from_the_server_during_a_migration_are_no_new_stories(migration: Migration) -> None:
    migration.print(here=False, there=True, links="new")
    migration.tap("new", 0, STARRED)
    migration.refresh()
    fetched = migration.bpost.run("service", "fetch-starred").stdout
    migration.print(here=True, there=False, links="new")
    migration.refresh()
    assert migration.here("starred") == {"এক", "তিন"} and fetched == "0 new stories\n"
