"""A paper that moves to another address keeps its stories, marks, lists, positions and groups, also in sync with other machines."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import TypeVar, cast

import pytest

from bpost_tui.mark_sync.folder_peer import FolderPeer
from bpost_tui.mark_sync.greader_account import GreaderAccount
from bpost_tui.mark_sync.greader_api import TAGS, GreaderApi, GreaderSubscription
from bpost_tui.mark_sync.greader_peer import GreaderPeer
from bpost_tui.mark_sync.peer import sync
from bpost_tui.model.library_results import SaveResult
from bpost_tui.model.marks import ReadingPosition
from bpost_tui.model.paper import Paper, paper_at
from bpost_tui.model.passage import QuoteSelector
from bpost_tui.model.story import ListFilter, Story
from bpost_tui.store.database_access import Work
from bpost_tui.store.library import Library
from bpost_tui.store.sqlite_files import OpenMode, connect
from tests.conftest import NOW
from tests.kept_passages import keep_passage
from tests.service.model_server import ModelServer

OLD, NEW, OTHER, THIRD = (paper_at(f"https://{name}.example") for name in ("old", "new", "other", "third"))
DATA = Path(__file__).parents[2] / "data"
T = TypeVar("T")
MakeStory = Callable[..., Story]
LATER = NOW + timedelta(hours=1)


def at(host: str, number: int, make_story: MakeStory, **fields: object) -> Story:
    """Return story `number` with a link on `host`; the guid is the same on all hosts."""
    return make_story(number, link=f"https://{host}.example/story-{number}.html", **fields)


def save(library: Library, paper: Paper, host: str, numbers: range, make_story: MakeStory, **fields: object) -> SaveResult:
    return library.for_paper(paper).save([at(host, number, make_story, **fields) for number in numbers], now=NOW)


def titles(library: Library, list_filter: ListFilter) -> list[str]:
    return [row.title.removeprefix("Midnapore: খবর ") for row in library.headlines(list_filter, limit=99)]


def keys_in_reader_db(library: Library) -> set[str]:
    columns = (("marks", "paper"), ("own_list_entries", "paper"), ("passages", "paper"), ("separations", "paper"))
    with closing(connect(library.folder, OpenMode.READ)) as db:
        found = [row[0] for table, column in columns for row in db.execute(f"SELECT DISTINCT {column} FROM reader.{table}")]
        return {*found, *(row[0] for row in db.execute("SELECT other_paper FROM reader.separations"))}


@pytest.fixture
def moved(library: Library, make_story: MakeStory) -> Library:
    """Library of the papers OLD and OTHER, with each kind of mark on stories of OLD."""
    library.set_subscriptions((OTHER, OLD))
    save(library, OTHER, "other", range(3), make_story)
    new = save(library, OLD, "old", range(6), make_story).new
    weekend = library.own_lists.create("Weekend", now=NOW)
    library.set_mark("starred", new[:1], True, now=NOW)
    library.set_mark("later", new[1:2], True, now=NOW)
    library.set_mark("read", new[2:3], True, now=NOW)
    library.own_lists.set_entries(weekend.key, new[3:4], True, now=NOW)
    library.reading_log.save_position(new[4], 2, 0.5, now=NOW)
    library.reading_log.record_opened(new[4], now=NOW)
    keep_passage(library, new[5], QuoteSelector("মেদিনীপুর"), "note", now=NOW)
    return library


def all_marks(library: Library, paper: Paper) -> dict[str, object]:
    return {
        "starred": titles(library, ListFilter(starred=True)),
        "later": titles(library, ListFilter(later=True)),
        "unread": titles(library, ListFilter(unread=True, paper=paper.key)),
        "listed": titles(library, ListFilter(own_list="Weekend")),
        "opened": [entry.headline.title[-1] for entry in library.reading_log.history(limit=9)],
        "positions": [
            (library.headline(number).title[-1], place)
            for number in library.story_ids(ListFilter(paper=paper.key))
            if (place := library.reading_log.position(number))
        ],
        "passages": [(passage.note, passage.story is not None) for passage in library.passages.all()],
    }


EXPECTED = {
    "starred": ["0"],
    "later": ["1"],
    "unread": ["0", "1", "3", "4", "5"],
    "listed": ["3"],
    "opened": ["4"],
    "positions": [("4", ReadingPosition(2, 0.5))],
    "passages": [("note", True)],
}


def test_move_takes_stories_and_everything_marked_along(moved: Library, make_story: MakeStory) -> None:
    assert all_marks(moved, OLD) == EXPECTED
    before = moved.story_ids(ListFilter(paper=OLD.key))
    moved.for_paper(OLD).fetch_log.record_failure(NOW)
    moved.move_paper(OLD, NEW, now=LATER)
    moved.set_subscriptions((OTHER, NEW))
    assert moved.story_ids(ListFilter(paper=NEW.key)) == before
    assert all_marks(moved, NEW) == EXPECTED
    assert OLD.key not in keys_in_reader_db(moved) and moved.unsubscribed_papers() == ()
    assert [count.has_fault for count in moved.papers()] == [False, False]
    assert moved.moved_addresses() == {OLD.address: NEW.key}
    assert save(moved, NEW, "new", range(6), make_story).new == ()  # the guids are the same, the links are on the new host
    assert all_marks(moved, NEW) == EXPECTED
    assert moved.maintenance.verify() == ()


def test_move_joins_a_paper_that_was_added_at_the_new_address(moved: Library, make_story: MakeStory) -> None:
    before = moved.story_ids(ListFilter(paper=OLD.key))
    moved.set_subscriptions((OTHER, OLD, NEW))
    sent = [
        *(at("new", number, make_story) for number in range(2, 4)),
        *(at("new", number, make_story, guid=f"new guid {number}") for number in (*range(4, 6), 8)),
    ]
    new = moved.for_paper(NEW).save(sent, now=LATER).new
    numbers = {moved.headline(number).title[-1]: number for number in new}
    moved.set_mark("read", [numbers["3"]], True, now=LATER)
    moved.set_mark("starred", [numbers["4"], numbers["8"]], True, now=LATER)
    keep_passage(moved, numbers["4"], QuoteSelector("মেদিনীপুর"), "later note", now=LATER)
    moved.move_paper(OLD, NEW, now=LATER)
    moved.set_subscriptions((OTHER, NEW))
    found = moved.story_ids(ListFilter(paper=NEW.key))
    assert found[:-1] == before and titles(moved, ListFilter(paper=NEW.key)) == ["0", "1", "2", "3", "4", "5", "8"]
    expected = {
        **EXPECTED,
        "starred": ["0", "4", "8"],
        "unread": ["0", "1", "4", "5", "8"],
        "passages": [("later note", True), ("note", True)],
    }
    assert all_marks(moved, NEW) == expected
    assert moved.story(moved.find("https://new.example/story-4.html")).passages[0].note == "later note"
    assert moved.maintenance.verify() == ()


def test_move_keeps_the_later_of_two_changes_of_a_mark(moved: Library, make_story: MakeStory) -> None:
    moved.set_subscriptions((OTHER, OLD, NEW))
    numbers = {moved.headline(number).title[-1]: number for number in save(moved, NEW, "new", range(3), make_story).new}
    moved.set_mark("starred", [numbers["0"]], True, now=LATER)
    moved.set_mark("starred", [numbers["0"]], False, now=LATER + timedelta(hours=1))
    moved.set_mark("later", [numbers["1"]], True, now=NOW - timedelta(hours=2))
    moved.set_mark("later", [numbers["1"]], False, now=NOW - timedelta(hours=1))
    moved.move_paper(OLD, NEW, now=LATER)
    moved.set_subscriptions((OTHER, NEW))
    assert (titles(moved, ListFilter(starred=True)), titles(moved, ListFilter(later=True))) == ([], ["1"])


def test_move_copies_marks_that_a_crash_left_in_reader_db_alone(moved: Library) -> None:
    with closing(connect(moved.folder, OpenMode.WRITE)) as db:
        db.execute("UPDATE reader.marks SET starred_us = 1 WHERE later_us IS NOT NULL")
        db.execute("UPDATE reader.marks_stamp SET stamp = 'later'")
    moved.move_paper(OLD, NEW, now=LATER)
    assert titles(moved, ListFilter(starred=True)) == ["0", "1"] and moved.maintenance.verify() == ()


def test_move_to_another_address_with_the_same_key_keeps_the_paper(moved: Library) -> None:
    moved.move_paper(OLD, OLD._replace(address="http://old.example/feed"), now=LATER)
    assert all_marks(moved, OLD) == EXPECTED and moved.maintenance.verify() == ()


def test_move_of_a_paper_without_stories_keeps_the_stories_at_the_new_address(moved: Library) -> None:
    moved.move_paper(THIRD, OLD, now=LATER)
    assert all_marks(moved, OLD) == EXPECTED and moved.maintenance.verify() == ()


def test_papers_can_move_on_and_back(moved: Library) -> None:
    moved.move_paper(OLD, NEW, now=LATER)
    moved.move_paper(NEW, paper_at("https://third.example"), now=LATER)
    assert set(moved.moved_addresses().values()) == {"third.example"}
    moved.move_paper(paper_at("https://third.example"), OLD, now=LATER)
    assert OLD.address not in moved.moved_addresses()
    moved.set_subscriptions((OTHER, OLD))
    assert all_marks(moved, OLD) == EXPECTED


def test_refresh_that_began_before_the_move_saves_into_the_moved_paper(moved: Library, make_story: MakeStory) -> None:
    running = moved.for_paper(OLD)
    moved.move_paper(OLD, NEW, now=LATER)
    assert len(running.save([at("old", number, make_story) for number in range(8)], now=LATER).new) == 2
    moved.set_subscriptions((OTHER, NEW))
    assert len(moved.story_ids(ListFilter(paper=NEW.key))) == 8 and moved.unsubscribed_papers() == ()


def test_story_that_a_refresh_saves_during_the_move_is_joined(
    moved: Library, make_story: MakeStory, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved.set_subscriptions((OTHER, OLD, NEW))
    save(moved, NEW, "new", range(2), make_story)
    arriving, write = [at("new", 8, make_story)], moved._database.write

    def write_then_refresh(work: Work[T]) -> T:
        result = write(work)
        if arriving and not result:  # no stories are left to join
            with Library(moved.folder) as other:
                other.for_paper(NEW).save([arriving.pop()], now=LATER)
        return result

    monkeypatch.setattr(moved._database, "write", write_then_refresh)
    moved.move_paper(OLD, NEW, now=LATER)
    moved.set_subscriptions((OTHER, NEW))
    assert titles(moved, ListFilter(paper=NEW.key)) == ["0", "1", "2", "3", "4", "5", "8"]
    assert moved.unsubscribed_papers() == () and moved.maintenance.verify() == ()


# ── other machines ──────────────────────────────────────────────────────────


@pytest.fixture
def other_machine(moved: Library, make_story: MakeStory, tmp_path: Path) -> Iterator[Library]:
    """Another machine's library, which hasn't heard of the move and has the same stories and marks."""
    with Library(tmp_path / "other machine") as library:
        library.set_subscriptions((OTHER, OLD))
        save(library, OTHER, "other", range(3), make_story)
        save(library, OLD, "old", range(6), make_story)
        library.changes.merge(moved.changes.all_changes())
        yield library


def exchange(*libraries: Library) -> None:
    for one in libraries:
        for other in libraries:
            if one is not other:
                one.changes.merge(other.changes.all_changes())


def test_machine_that_has_not_heard_of_the_move_loses_and_doubles_nothing(moved: Library, other_machine: Library) -> None:
    moved.move_paper(OLD, NEW, now=LATER)
    moved.set_subscriptions((OTHER, NEW))
    weekend = other_machine.own_lists.all()[0]
    numbers = {other_machine.headline(number).title[-1]: number for number in other_machine.story_ids(ListFilter(paper=OLD.key))}
    other_machine.set_mark("starred", [numbers["5"]], True, now=LATER)
    other_machine.set_mark("later", [numbers["1"]], False, now=LATER)
    other_machine.own_lists.set_entries(weekend.key, [numbers["0"]], True, now=LATER)
    keep_passage(other_machine, numbers["2"], QuoteSelector("মেদিনীপুর"), "from there", now=LATER)
    here = {moved.headline(number).title[-1]: number for number in moved.story_ids(ListFilter(paper=NEW.key))}
    moved.set_mark("starred", [here["4"]], True, now=LATER)
    exchange(moved, other_machine)
    assert titles(moved, ListFilter(starred=True)) == ["0", "4", "5"]
    assert (titles(moved, ListFilter(later=True)), titles(moved, ListFilter(own_list=weekend.key))) == ([], ["0", "3"])
    assert {(passage.note, passage.story is not None) for passage in moved.passages.all()} == {("note", True), ("from there", True)}
    assert titles(other_machine, ListFilter(starred=True)) == ["0", "5"]  # the star from here waits for the move
    assert len(other_machine.story_ids(ListFilter(paper=OLD.key))) == 6
    other_machine.move_paper(OLD, NEW, now=LATER + timedelta(hours=1))
    other_machine.set_subscriptions((OTHER, NEW))
    exchange(moved, other_machine)
    assert all_marks(moved, NEW) | {"opened": []} == all_marks(other_machine, NEW) | {"opened": []}
    assert titles(other_machine, ListFilter(starred=True)) == ["0", "4", "5"]
    assert OLD.key not in keys_in_reader_db(moved) | keys_in_reader_db(other_machine)
    assert moved.maintenance.verify() == other_machine.maintenance.verify() == ()


def test_marks_that_arrived_under_the_new_address_are_shown_after_the_move(moved: Library, other_machine: Library) -> None:
    """A mark that this machine knows only under the paper's new key, because another machine moved the paper first."""
    other_machine.move_paper(OLD, NEW, now=LATER)
    there = {other_machine.headline(number).title[-1]: number for number in other_machine.story_ids(ListFilter(paper=NEW.key))}
    for mark, number in (("starred", "3"), ("later", "5"), ("read", "5")):
        other_machine.set_mark(mark, [there[number]], True, now=LATER)  # type: ignore[arg-type]
    weekend = other_machine.own_lists.all()[0]
    other_machine.own_lists.set_entries(weekend.key, [there["5"]], True, now=LATER)
    moved.changes.merge(other_machine.changes.all_changes())
    moved.move_paper(OLD, NEW, now=LATER + timedelta(hours=1))
    moved.set_subscriptions((OTHER, NEW))
    assert titles(moved, ListFilter(starred=True)) == ["0", "3"] and titles(moved, ListFilter(later=True)) == ["1", "5"]
    assert titles(moved, ListFilter(own_list=weekend.key)) == ["3", "5"]
    assert titles(moved, ListFilter(unread=True, paper=NEW.key)) == ["0", "1", "3", "4"]
    assert moved.maintenance.verify() == ()


@pytest.mark.parametrize("moves_first", [True, False])
def test_file_of_an_older_version_that_cannot_move_papers_loses_and_doubles_nothing(
    moved: Library, tmp_path: Path, moves_first: bool
) -> None:
    folder = tmp_path / "Sync"
    shutil.copytree(DATA / "unmoved_machine", folder)
    (folder / "README.md").unlink()
    if not moves_first:
        assert sync(FolderPeer(moved, folder)) is None
    moved.move_paper(OLD, NEW, now=LATER)
    moved.set_subscriptions((OTHER, NEW))
    for _ in range(2):
        assert sync(FolderPeer(moved, folder)) is None
    assert titles(moved, ListFilter(starred=True)) == ["0", "5"] and titles(moved, ListFilter(later=True)) == []
    assert titles(moved, ListFilter(unread=True, paper=NEW.key)) == ["0", "1", "5"]
    assert titles(moved, ListFilter(own_list="Weekend")) == ["0", "3"]
    assert {(passage.note, passage.story is not None) for passage in moved.passages.all()} == {("note", True), ("from there", True)}
    assert len(moved.story_ids(ListFilter(paper=NEW.key))) == 6 and moved.maintenance.verify() == ()
    assert OLD.key not in keys_in_reader_db(moved)


def test_separations_follow_the_move_on_both_machines(moved: Library, other_machine: Library) -> None:
    with closing(connect(moved.folder, OpenMode.WRITE)) as db:
        pair = ("https://thebengalpost.net/?p=0", OLD.key, "https://thebengalpost.net/?p=1", OTHER.key)
        db.execute("INSERT INTO reader.separations VALUES (?, ?, ?, ?, 1, 1)", pair)
        same_guid = ("https://thebengalpost.net/?p=2", OLD.key, "https://thebengalpost.net/?p=2", OTHER.key)
        db.execute(
            "INSERT INTO reader.separations VALUES (?, ?, ?, ?, 1, 1)",
            tuple(sorted((same_guid[:2], same_guid[2:]))[0] + sorted((same_guid[:2], same_guid[2:]))[1]),
        )
    exchange(other_machine, moved)
    moved.move_paper(OLD, NEW, now=LATER)
    with closing(connect(moved.folder, OpenMode.READ)) as db:
        assert db.execute("SELECT count(*) FROM reader.separations").fetchone() == (2,)
    exchange(moved, other_machine)
    assert {OLD.key, NEW.key} & keys_in_reader_db(moved) == {NEW.key}
    with closing(connect(moved.folder, OpenMode.READ)) as db:
        assert db.execute("SELECT count(*) FROM reader.separations").fetchone() == (2,)
        assert db.execute("SELECT count(*) FROM reader.separations WHERE (guid, paper) > (other_guid, other_paper)").fetchone() == (
            0,
        )


def test_subscribing_to_the_earlier_address_again_makes_another_paper(moved: Library, make_story: MakeStory) -> None:
    moved.move_paper(OLD, NEW, now=LATER)
    moved.set_subscriptions((OTHER, NEW, OLD))
    assert moved.moved_addresses() == {}
    assert len(save(moved, OLD, "old", range(2), make_story).new) == 2
    assert [count.total for count in moved.papers()] == [3, 6, 2]


def test_saved_search_for_the_paper_finds_it_after_the_move(moved: Library) -> None:
    moved.move_paper(OLD, NEW, now=LATER)
    moved.move_paper(NEW, THIRD, now=LATER)
    moved.set_subscriptions((OTHER, THIRD))
    for key in (OLD.key, NEW.key, THIRD.key):
        assert {hit.headline.paper for hit in moved.search.find(f"খবর portal:{key}", limit=9, now=LATER).hits} == {THIRD.key}
    assert {hit.headline.paper for hit in moved.search.find(f"খবর -portal:{OLD.key}", limit=9, now=LATER).hits} == {OTHER.key}


@pytest.mark.parametrize("is_joined", [False, True])
def test_marks_of_a_service_reach_stories_whose_links_changed_with_the_move(
    moved: Library, make_story: MakeStory, is_joined: bool
) -> None:
    """The server has the links of the old address for ever."""
    server = ModelServer(OLD.address, labels=False, dated=True)
    items = [server.add(f"https://old.example/story-{number}.html") for number in range(6)]

    def exchange_with_server() -> None:
        account = GreaderAccount("https://service.example", "reader", inline_password="secret")

        def api(account: GreaderAccount, token: str) -> GreaderApi:
            return GreaderApi(account, token, server.transport())

        server.now_s += 5
        assert sync(GreaderPeer(moved, account, lambda: datetime.fromtimestamp(server.now_s, UTC), api)) is None

    exchange_with_server()
    if is_joined:
        save(moved, NEW, "new", range(6), make_story)
    moved.move_paper(OLD, NEW, now=LATER)
    moved.set_subscriptions((OTHER, NEW))
    save(moved, NEW, "new", range(6), make_story)
    for number in (4, 5):
        server.tag(items[number], TAGS["starred"], True)
    exchange_with_server()
    assert titles(moved, ListFilter(starred=True)) == ["0", "4", "5"]
    (five,) = (number for number in moved.story_ids(ListFilter(paper=NEW.key)) if moved.headline(number).title.endswith("5"))
    moved.set_mark("starred", [five], False, now=datetime.fromtimestamp(server.now_s + 1, UTC))
    exchange_with_server()
    assert TAGS["starred"] not in server.entries[items[5]].tags


def test_items_of_a_service_under_the_earlier_address_belong_to_the_moved_paper(moved: Library) -> None:
    account = GreaderAccount("https://service.example", "reader")
    moved.move_paper(OLD, NEW, now=LATER)
    moved.set_subscriptions((OTHER, NEW))
    feeds = [GreaderSubscription("feed/1", each.address, "", "", ()) for each in (OLD, NEW)]
    api = cast(GreaderApi, SimpleNamespace(subscriptions=lambda: feeds))
    assert GreaderPeer(moved, account, lambda: LATER).match_feeds(api) == [(feed, NEW.key) for feed in feeds]
