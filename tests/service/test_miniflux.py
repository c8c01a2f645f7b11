"""Marks in both directions between a library and a real Miniflux (miniflux_server.py)."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import formatdate
from pathlib import Path

import httpx
import pytest

from bpost_tui.errors import PortalError
from bpost_tui.mark_sync.greader_account import GreaderAccount
from bpost_tui.mark_sync.greader_api import GreaderApi
from bpost_tui.mark_sync.greader_peer import GreaderPeer
from bpost_tui.model.marks import MarkName
from bpost_tui.model.paper import paper_at
from bpost_tui.model.story import ListFilter, Story
from bpost_tui.store.library import Library
from tests.cli.bpost_process import Bpost
from tests.counted_sync import SyncCounts, counted_sync
from tests.service.feed_server import API_PASSWORD, USER, FeedServer, Paper
from tests.service.miniflux_server import Miniflux, missing

TITLES = ("এক", "দুই", "তিন", "চার")
pytestmark = pytest.mark.skipif(bool(missing()), reason=f"not installed: {missing()}")


@pytest.fixture(scope="module")
def server() -> Iterator[Miniflux]:
    """Yield a server for all tests: it takes seconds to start."""
    with Miniflux() as server:
        yield server


class Reader:
    """Machine with bpost."""

    def __init__(self, folder: Path, paper: Paper, server: FeedServer) -> None:
        self.paper, self.server = paper, server
        self.library = Library(folder)
        self.library.set_subscriptions([paper_at(paper.feed)])
        self.password = API_PASSWORD
        self.requests = 0
        self.stops_at = -1
        """Index of the request before which the server is stopped; -1 for none."""
        self.date_lead_s: Callable[[], float] = lambda: 0.0
        """Lead in seconds of an answer's header Date over the server's clock."""

    def fetch(self) -> None:
        """Save the stories that the paper has printed."""
        now = datetime.now(UTC)
        stories = [
            Story(f"guid {path}", title, f"{self.paper.site}{path}", published=now) for path, title in self.paper.stories.items()
        ]
        self.library.for_paper(paper_at(self.paper.feed)).save(stories, now=now)

    def sync(self) -> SyncCounts:
        account = GreaderAccount(self.server.address, USER, inline_password=self.password)
        self.requests = 0

        def api(account: GreaderAccount, token: str) -> GreaderApi:
            return GreaderApi(account, token, _Stopping(self))

        result = counted_sync(GreaderPeer(self.library, account, lambda: datetime.now(UTC), api))
        if result.error is not None:
            raise result.error
        return result

    def mark(self, mark: MarkName, *titles: str, on: bool = True) -> None:
        numbers = [each.id for each in self.library.headlines(ListFilter(), limit=99) if each.title in titles]
        self.library.set_mark(mark, numbers, on, now=datetime.now(UTC))

    def read(self) -> set[str]:
        return {each.title for each in self.library.headlines(ListFilter(), limit=99) if each.read}

    def stars(self) -> set[str]:
        return {each.title for each in self.library.headlines(ListFilter(), limit=99) if each.starred}

    def later(self) -> set[str]:
        return {each.title for each in self.library.headlines(ListFilter(), limit=99) if each.later}


class _Stopping(httpx.AsyncHTTPTransport):
    """Transport to a server that may be stopped in the midst of a sync."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self._reader = reader

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self._reader.requests == self._reader.stops_at:
            self._reader.server.stop()
        self._reader.requests += 1
        response = await super().handle_async_request(request)
        response.headers["Date"] = formatdate(time.time() + self._reader.date_lead_s(), usegmt=True)
        return response


@pytest.fixture
def reader(server: Miniflux, tmp_path: Path) -> Iterator[Reader]:
    """Yield a machine whose paper was just fetched by it and by the server."""
    server.sql("TRUNCATE feeds CASCADE")
    server.switch_api(on=True)
    paper = Paper()
    paper.stories = {f"/{number}": title for number, title in enumerate(TITLES)}
    server.feed = server.subscribe(paper.feed)
    reader = Reader(tmp_path / "library", paper, server)
    reader.fetch()
    yield reader
    reader.library.close()
    paper.close()


def test_marks_go_both_ways_and_nothing_new_takes_two_requests(reader: Reader, server: Miniflux) -> None:
    reader.mark("read", "এক", "দুই")
    reader.mark("starred", "তিন")
    server.mark(["চার"], "read")
    server.star("এক")
    assert reader.sync() == SyncCounts(received=2, sent=3)
    assert reader.read() == server.read() == {"এক", "দুই", "চার"}
    assert reader.stars() == server.stars() == {"এক", "তিন"}
    assert (reader.sync(), reader.requests) == (SyncCounts(), 2)
    server.mark(["দুই"], "unread")
    server.star("তিন")
    reader.mark("read", "এক", on=False)
    assert reader.sync() == SyncCounts(received=2, sent=1)
    assert reader.read() == server.read() == {"চার"}
    assert reader.stars() == server.stars() == {"এক"}
    assert (reader.sync(), reader.requests) == (SyncCounts(), 2)


def test_marks_reach_late_removed_and_edited_stories(reader: Reader, server: Miniflux) -> None:
    reader.paper.stories["/4"] = "পাঁচ"
    reader.fetch()
    reader.mark("read", "পাঁচ")
    reader.sync()  # the server doesn't know it, so the mark waits
    server.mark(["এক"], "removed")
    reader.paper.stories = {"/1": "দুই, নতুন", **{path: title for path, title in reader.paper.stories.items() if path != "/1"}}
    server.refresh(server.feed)
    assert reader.sync() == SyncCounts(sent=1)
    assert (reader.read(), server.read()) == ({"পাঁচ"}, {"পাঁচ"})  # a removed entry isn't marked read there
    reader.paper.stories["/5"] = "ছয়"
    server.refresh(server.feed)
    server.mark(["ছয়"], "read")
    assert reader.sync() == SyncCounts()  # the story isn't in the library
    reader.fetch()
    assert reader.sync() == SyncCounts(received=1)
    assert reader.read() == {"পাঁচ", "ছয়"}


@pytest.mark.parametrize("wrong", ["password", "off", "stopped"])
def test_failure_is_one_line_and_the_mark_is_sent_later(reader: Reader, server: Miniflux, wrong: str) -> None:
    reader.mark("read", "এক")
    if wrong == "password":
        reader.password = "wrong"
    elif wrong == "off":
        server.switch_api(on=False)
    else:
        server.stop()
    with pytest.raises(PortalError) as raised:
        reader.sync()
    assert "\n" not in raised.value.message and "secret" not in str(raised.value)
    expected = "can't be reached" if wrong == "stopped" else "password isn't right, or the API is off"
    assert expected in raised.value.message
    if wrong == "stopped":
        server.start()
    server.switch_api(on=True)
    reader.password = API_PASSWORD
    assert reader.sync() == SyncCounts(sent=1)
    assert server.read() == {"এক"}


def test_server_has_every_mark_in_the_end_when_stopped_at_any_request(reader: Reader, server: Miniflux) -> None:
    reader.sync()
    stars = set[str]()
    for at, title in enumerate(TITLES[:4]):
        reader.mark("starred", title)
        stars.add(title)
        server.mark([title], "read")
        reader.stops_at = at
        with pytest.raises(PortalError, match="can't be reached"):
            reader.sync()
        reader.stops_at = -1
        server.start()
        reader.sync()
        assert (server.stars(), reader.stars(), reader.read()) == (stars, stars, server.read())


def test_marks_survive_an_hour_old_database_of_the_server(reader: Reader, server: Miniflux) -> None:
    reader.mark("read", "এক")
    reader.sync()
    server.sql("UPDATE entries SET changed_at = changed_at - interval '1 hour', created_at = created_at - interval '1 hour'")
    server.back_up()
    reader.library.greader_items.forget(reader.library.greader_items.all())
    reader.sync()
    server.mark(["দুই"], "read")  # on the phone
    server.star("তিন")
    reader.mark("read", "এক", on=False)
    reader.mark("starred", "চার")
    reader.sync()
    server.restore()
    assert (server.read(), server.stars()) == ({"এক"}, set())
    reader.sync()
    assert reader.read() == server.read() == {"দুই"}
    assert reader.stars() == server.stars() == {"তিন", "চার"}


def test_marks_survive_reused_numbers_of_a_restored_server(reader: Reader, server: Miniflux) -> None:
    reader.sync()
    server.back_up()
    reader.paper.stories["/4"] = "পাঁচ"
    server.refresh(server.feed)
    reader.fetch()
    reader.mark("read", "পাঁচ")
    reader.sync()
    server.restore()
    del reader.paper.stories["/4"]
    reader.paper.stories["/5"] = "ছয়"
    server.refresh(server.feed)
    reader.fetch()
    reader.sync()
    assert (server.read(), reader.read()) == (set(), {"পাঁচ"})


# ── by the command line ─────────────────────────────────────────────────────


@pytest.fixture
def bpost(reader: Reader, server: Miniflux, tmp_path: Path) -> Bpost:
    """Return bpost with the paper and the service in its config; its portal is the paper."""
    bpost = Bpost(tmp_path, "")
    service = f'address = "{server.address}"\nuser = "{USER}"\npassword_command = ["printf", "{API_PASSWORD}"]\n'
    bpost.config.write_text(f'portals = [{{ address = "{reader.paper.feed}", kind = "feed" }}]\n[service]\n{service}')
    return bpost


def test_refresh_syncs_marks_and_reports_failures(bpost: Bpost, server: Miniflux) -> None:
    server.mark(["এক"], "read")
    assert bpost.run("refresh").stderr == ""
    stories = {row["title"]: row for row in bpost.json("list")}
    assert {title for title, row in stories.items() if row["read"]} == {"এক"}
    bpost.run("mark", "star", stories["দুই"]["guid"])
    assert bpost.run("service").stdout.endswith(
        "Stories with marks not yet synced: 1\nStories with marks that the server lacks: 0\n"
        "Read later stays on this machine: the server has no labels\n"
    )
    server.switch_api(on=False)
    stderr = bpost.run("refresh", code=4).stderr
    assert stderr == "service: 127.0.0.1: the user or the password isn't right, or the API is off\n"
    server.switch_api(on=True)
    assert bpost.run("service", "sync").stderr == ""
    assert server.stars() == {"দুই"}
    assert API_PASSWORD not in "".join(path.read_text(errors="replace") for path in bpost.data.rglob("*") if path.is_file())


def test_check_reports_the_state_in_one_line(bpost: Bpost, server: Miniflux) -> None:
    assert bpost.run("service", "check").stdout == "127.0.0.1 answers: 1 feeds, 1 of them papers here\n"
    config = bpost.config.read_text()
    for old, new, wanted in (
        (API_PASSWORD, "wrong", "the user or the password isn't right, or the API is off"),
        ("printf", "no-such-program", "service.password_command: No such file or directory"),
        (server.address, "http://127.0.0.1:9", "127.0.0.1: it can't be reached"),
    ):
        bpost.config.write_text(config.replace(old, new))
        result = bpost.run("service", "check", code=None)
        assert result.returncode and wanted in result.stderr.splitlines()[0], result.stderr
    bpost.config.write_text(
        config.replace("password_command", "password").replace(f'["printf", "{API_PASSWORD}"]', f'"{API_PASSWORD}"')
    )
    result = bpost.run("service", "check")
    assert "a password is safer outside this file" in result.stderr and API_PASSWORD not in result.stderr
    assert API_PASSWORD not in bpost.run("config", "show").stdout


def test_feeds_of_the_server_become_papers_and_papers_its_feeds(bpost: Bpost, server: Miniflux, reader: Reader) -> None:
    other = Paper()
    other.stories = {"/9": "নয়"}
    server.phone.post("/categories", json={"title": "বাংলা"}).raise_for_status()
    text = bpost.config.read_text()
    bpost.config.write_text(
        text.replace("portals = [", f'portals = [{{ address = "{other.feed}", kind = "feed", groups = ["বাংলা"] }}, ')
    )
    line = f"127.0.0.1  {other.feed}  [বাংলা]\n"
    assert bpost.run("service", "export", code=4).stdout == ""  # the service is in a private network
    assert bpost.run("service", "export", "--private", "--dry-run").stdout == line
    assert bpost.run("service", "export", "--private").stdout == line
    assert bpost.run("service", "export", "--private").stdout == ""
    bpost.config.write_text(text.replace(f'{{ address = "{reader.paper.feed}", kind = "feed" }}', '"https://thebengalpost.net"'))
    stdout = bpost.run("service", "import", "--private", "--dry-run").stdout
    assert stdout.splitlines() == [f"পরীক্ষা  {reader.paper.feed}  [All]", f"পরীক্ষা  {other.feed}  [বাংলা]"]
    assert bpost.run("service", "import", "--private").stdout == "2 papers added\n"
    assert 'groups = ["বাংলা"]' in bpost.config.read_text()
    other.close()


def test_starred_stories_of_the_server_are_fetched(bpost: Bpost, server: Miniflux, reader: Reader) -> None:
    server.star("এক")
    server.star("দুই")
    server.mark(["দুই"], "read")
    reader.paper.stories = {path: title for path, title in reader.paper.stories.items() if title != "এক"}  # its feed has dropped it
    assert bpost.run("refresh").stderr == ""
    assert bpost.json("service")["starred_elsewhere"] == 1
    assert bpost.run("service", "fetch-starred").stdout == "1 new story\n"
    assert {(row["title"], row["read"]) for row in bpost.json("list", "--starred")} == {("এক", False), ("দুই", True)}
    assert bpost.json("service")["starred_elsewhere"] == 0


def test_migration_of_a_site_keeps_marks_here_and_there_and_brings_nothing_new(
    bpost: Bpost, server: Miniflux, reader: Reader
) -> None:
    reader.paper.more = "<pubDate>Mon, 23 Nov 2026 01:00:00 +0000</pubDate>"
    bpost.run("refresh")
    guids = {row["title"]: row["guid"] for row in bpost.json("list")}
    bpost.run("mark", "star", guids["এক"])
    bpost.run("mark", "read", guids["দুই"])
    server.star("তিন")
    bpost.run("refresh")
    reader.paper.stories = {f"/new{path}": title for path, title in reader.paper.stories.items()}
    server.refresh(server.feed)
    assert bpost.run("refresh").stdout == "Nothing new, 4 updated\n"
    bpost.run("refresh")
    rows = bpost.json("list")
    assert len(rows) == 4 and {row["title"] for row in rows if row["starred"]} == {"এক", "তিন"}
    assert {row["title"] for row in rows if row["read"]} == {"দুই"}
    marked = server.sql("SELECT DISTINCT title, status, starred, count(*) FROM entries GROUP BY 1, 2, 3 ORDER BY title")
    assert sorted(marked.splitlines()) == sorted(["এক|unread|t|2", "দুই|read|f|2", "তিন|unread|t|2", "চার|unread|f|2"])


def test_many_marks_are_sent_in_batches(reader: Reader, server: Miniflux) -> None:
    number = int(os.environ.get("BPOST_SERVICE_MARKS", "1000"))
    now = datetime.now(UTC)
    feed = paper_at(reader.paper.feed)
    many = [Story(f"guid m{n}", f"title {n}", f"{reader.paper.site}/m{n}", published=now) for n in range(number)]
    reader.library.for_paper(feed).save(many, now=now)
    server.sql(
        "INSERT INTO entries (user_id, feed_id, hash, published_at, title, url, author, content, changed_at) "
        f"SELECT user_id, id, 'm' || n, now(), 'title', '{reader.paper.site}/m' || n, '', repeat('লেখা ', 200), now() "
        f"FROM feeds, generate_series(0, {number - 1}) AS n"
    )
    reader.sync()
    found = reader.library.find_all([f"{reader.paper.site}/m{n}" for n in range(number)])
    reader.library.set_mark("read", found.values(), True, now=now)
    began = time.process_time(), time.monotonic()
    assert reader.sync() == SyncCounts(sent=number)
    print(f"{number} marks sent: {time.process_time() - began[0]:.1f} s of ours, {time.monotonic() - began[1]:.1f} s in all")
    assert server.sql("SELECT count(*) FROM entries WHERE status = 'read'") == str(number)
