"""Marks both ways between a library and a real Miniflux (real_server.py)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bpost_tui.errors import PortalError
from bpost_tui.model.paper import paper_at
from bpost_tui.model.story import ListFilter, Story
from bpost_tui.service.account import Account
from bpost_tui.service.api import ReaderApi
from bpost_tui.store.library import Library
from bpost_tui.store.lists.marks import Mark
from bpost_tui.sync.service_marks import Exchanged, ServiceExchange
from tests.service.real_server import API_PASSWORD, USER, Miniflux, Paper, missing

TITLES = ("এক", "দুই", "তিন", "চার")
pytestmark = pytest.mark.skipif(bool(missing()), reason=f"not installed: {missing()}")


@pytest.fixture(scope="module")
def server() -> Iterator[Miniflux]:
    """One for all tests: it takes seconds to start."""
    with Miniflux() as server:
        yield server


class Reader:
    """A machine with bpost."""

    def __init__(self, folder: Path, paper: Paper, server: Miniflux) -> None:
        self.paper, self.server = paper, server
        self.library = Library(folder)
        self.library.lay_out([paper_at(paper.feed)])
        self.password = API_PASSWORD
        self.requests = 0

    def fetch(self) -> None:
        """Save what the paper prints."""
        now = datetime.now(UTC)
        stories = [
            Story(f"guid {path}", title, f"{self.paper.site}{path}", published=now) for path, title in self.paper.stories.items()
        ]
        self.library.of(paper_at(self.paper.feed)).save(stories, now=now)

    def exchange(self) -> Exchanged:
        account = Account(self.server.address, USER, written=self.password)
        apis: list[ReaderApi] = []

        def api(account: Account, token: str) -> ReaderApi:
            apis.append(ReaderApi(account, token))
            return apis[-1]

        try:
            return ServiceExchange(self.library, account, lambda: datetime.now(UTC), api).exchange()
        finally:
            self.requests = apis[-1].requests

    def mark(self, mark: Mark, *titles: str, on: bool = True) -> None:
        numbers = [each.id for each in self.library.headlines(ListFilter(), limit=99) if each.title in titles]
        self.library.mark(mark, numbers, on, now=datetime.now(UTC))

    def read(self) -> set[str]:
        return {each.title for each in self.library.headlines(ListFilter(), limit=99) if each.read}

    def stars(self) -> set[str]:
        return {each.title for each in self.library.headlines(ListFilter(), limit=99) if each.starred}


@pytest.fixture
def reader(server: Miniflux, tmp_path: Path) -> Iterator[Reader]:
    """A machine whose paper both it and the server have just fetched."""
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
    assert reader.exchange() == Exchanged(taken=2, sent=3)
    assert reader.read() == server.read() == {"এক", "দুই", "চার"}
    assert reader.stars() == server.stars() == {"এক", "তিন"}
    assert (reader.exchange(), reader.requests) == (Exchanged(), 2)
    server.mark(["দুই"], "unread")
    server.star("তিন")
    reader.mark("read", "এক", on=False)
    assert reader.exchange() == Exchanged(taken=2, sent=1)
    assert reader.read() == server.read() == {"চার"}
    assert reader.stars() == server.stars() == {"এক"}
    assert (reader.exchange(), reader.requests) == (Exchanged(), 2)


def test_stories_that_one_side_has_later_removed_and_edited_ones(reader: Reader, server: Miniflux) -> None:
    reader.paper.stories["/4"] = "পাঁচ"
    reader.fetch()
    reader.mark("read", "পাঁচ")
    reader.exchange()  # the server doesn't know it, so the mark waits
    server.mark(["এক"], "removed")
    reader.paper.stories = {"/1": "দুই, নতুন", **{path: title for path, title in reader.paper.stories.items() if path != "/1"}}
    server.refresh(server.feed)
    assert reader.exchange() == Exchanged(sent=1)
    assert (reader.read(), server.read()) == ({"পাঁচ"}, {"পাঁচ"})  # what was removed there isn't read
    reader.paper.stories["/5"] = "ছয়"
    server.refresh(server.feed)
    server.mark(["ছয়"], "read")
    assert reader.exchange() == Exchanged()  # here it isn't known
    reader.fetch()
    assert reader.exchange() == Exchanged(taken=1)
    assert reader.read() == {"পাঁচ", "ছয়"}


@pytest.mark.parametrize("wrong", ["password", "off", "stopped"])
def test_what_is_wrong_is_one_line_and_the_mark_is_sent_later(reader: Reader, server: Miniflux, wrong: str) -> None:
    reader.mark("read", "এক")
    if wrong == "password":
        reader.password = "wrong"
    elif wrong == "off":
        server.switch_api(on=False)
    else:
        server.stop()
    with pytest.raises(PortalError) as raised:
        reader.exchange()
    assert "\n" not in raised.value.message and "secret" not in str(raised.value)
    expected = "can't be reached" if wrong == "stopped" else "password isn't right, or the API is off"
    assert expected in raised.value.message
    if wrong == "stopped":
        server.start()
    server.switch_api(on=True)
    reader.password = API_PASSWORD
    assert reader.exchange() == Exchanged(sent=1)
    assert server.read() == {"এক"}


def test_database_that_goes_back_an_hour_loses_no_mark(reader: Reader, server: Miniflux) -> None:
    reader.mark("read", "এক")
    reader.exchange()
    server.sql("UPDATE entries SET changed_at = changed_at - interval '1 hour', created_at = created_at - interval '1 hour'")
    server.back_up()
    reader.library.served.forget(reader.library.served.all())
    reader.exchange()
    server.mark(["দুই"], "read")  # on the phone
    server.star("তিন")
    reader.mark("read", "এক", on=False)
    reader.mark("starred", "চার")
    reader.exchange()
    server.restore()
    assert (server.read(), server.stars()) == ({"এক"}, set())
    reader.exchange()
    assert reader.read() == server.read() == {"দুই"}
    assert reader.stars() == server.stars() == {"তিন", "চার"}


def test_server_that_goes_back_and_gives_its_numbers_to_others(reader: Reader, server: Miniflux) -> None:
    reader.exchange()
    server.back_up()
    reader.paper.stories["/4"] = "পাঁচ"
    server.refresh(server.feed)
    reader.fetch()
    reader.mark("read", "পাঁচ")
    reader.exchange()
    server.restore()
    del reader.paper.stories["/4"]
    reader.paper.stories["/5"] = "ছয়"
    server.refresh(server.feed)
    reader.fetch()
    reader.exchange()
    assert (server.read(), reader.read()) == (set(), {"পাঁচ"})
