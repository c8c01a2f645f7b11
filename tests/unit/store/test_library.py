from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bpost_tui.errors import NotFoundError, StoreError
from bpost_tui.model.blocks import Image
from bpost_tui.model.library_results import SaveResult
from bpost_tui.model.list_position import row_key
from bpost_tui.model.marks import ReadingPosition
from bpost_tui.model.story import Category, Headline, ListFilter, Story, Validators
from bpost_tui.store.library import Library

MakeStory = Callable[..., Story]


def titles(rows: tuple[Headline, ...]) -> list[str]:
    return [row.title.split()[-1] for row in rows]


def test_new_library_is_empty_and_private(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "library"
    with Library(folder) as library:
        assert library.count(ListFilter()) == 0
        assert library.notices == ()
        assert library.headlines(ListFilter(), limit=10) == ()
        assert library.categories() == ()
        assert library.fetch_log.last_refresh() is None
        assert folder.stat().st_mode & 0o777 == 0o700
        assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_library_file_readable_by_others_is_made_private(tmp_path: Path) -> None:
    Library(tmp_path).close()
    (tmp_path / "reader.db").chmod(0o644)
    Library(tmp_path).close()
    assert (tmp_path / "reader.db").stat().st_mode & 0o777 == 0o600


def test_headlines_are_newest_first_across_pages(library: Library, make_story: MakeStory, now: datetime) -> None:
    same = datetime(2026, 11, 1, tzinfo=UTC)
    library.save([make_story(n, published=same if n > 5 else now - timedelta(hours=n)) for n in range(12)], now=now)
    everything = library.headlines(ListFilter(), limit=50)
    assert titles(everything) == [str(n) for n in range(12)]
    pages: list[Headline] = []
    while page := library.headlines(ListFilter(), limit=5, after=row_key(pages[-1]) if pages else None):
        pages += page
    assert tuple(pages) == everything


def test_list_filters_combine(library: Library, make_story: MakeStory, now: datetime) -> None:
    saved = library.save([make_story(n) for n in range(6)], now=now)
    ids = dict(zip(range(6), saved.new, strict=True))
    library.set_mark("read", [ids[0], ids[1]], True, now=now)
    library.set_mark("starred", [ids[1], ids[3]], True, now=now)
    wanted = {
        ListFilter(): "012345",
        ListFilter(unread=True): "2345",
        ListFilter(starred=True): "13",
        ListFilter(unread=True, starred=True): "3",
        ListFilter("health"): "135",
        ListFilter("health", unread=True): "35",
        ListFilter("health", starred=True): "13",
        ListFilter("health", unread=True, starred=True): "3",
        ListFilter("no-such"): "",
        ListFilter("\udcff"): "",
    }
    assert {list_filter: "".join(titles(library.headlines(list_filter, limit=9))) for list_filter in wanted} == wanted
    assert {list_filter: library.count(list_filter) for list_filter in wanted} == {
        list_filter: len(rows) for list_filter, rows in wanted.items()
    }
    assert library.unread_count() == 4


def test_categories_are_sorted_by_name(library: Library, make_story: MakeStory, now: datetime) -> None:
    library.first_paper.save_categories([Category("sports", "Sports"), Category("agriculture", "Agriculture")], complete=False)
    saved = library.save([make_story(n) for n in range(5)], now=now)
    library.set_mark("read", saved.new[:2], True, now=now)
    counts = [(count.category.slug, count.total, count.unread) for count in library.categories()]
    assert counts == [("agriculture", 0, 0), ("health", 2, 1), ("midnapore-2", 5, 3), ("sports", 0, 0)]


def test_complete_category_list_replaces_the_saved_one(library: Library, make_story: MakeStory, now: datetime) -> None:
    library.save([make_story(1)], now=now)
    library.first_paper.save_categories([Category("gone", "Gone"), Category("health", "স্বাস্থ্য", "news", 7)], complete=True)
    library.first_paper.save_categories([Category("health", "স্বাস্থ্য", "news", 7)], complete=True)
    library.save([make_story(3)], now=now)
    assert [count.category for count in library.categories()] == [
        Category("midnapore-2", "Midnapore"),
        Category("health", "স্বাস্থ্য", "news", 7),
    ]


def test_part_of_a_category_list_changes_no_other_category(library: Library, make_story: MakeStory, now: datetime) -> None:
    rest = [Category("empty", "Empty", None, 1), Category("health", "স্বাস্থ্য", "news", 7)]
    library.first_paper.save_categories([Category("agriculture", "Agriculture", None, 3), *rest], complete=True)
    library.first_paper.save_categories([Category("agriculture", "Farming", None, 4)], complete=False)
    library.save([make_story(3)], now=now)  # its category doesn't replace the portal's
    found = {count.category for count in library.categories()}
    assert found == {Category("agriculture", "Farming", None, 4), Category("midnapore-2", "Midnapore"), *rest}


def test_find_accepts_number_guid_and_any_link(library: Library, make_story: MakeStory, now: datetime) -> None:
    (story,) = library.save([make_story(7)], now=now).new
    for wanted in (
        str(story),
        "১" if story == 1 else str(story),
        "https://thebengalpost.net/?p=7",
        "http://www.thebengalpost.net/midnapore-2/story-7.html/amp?utm_source=x",
    ):
        assert library.find(wanted) == story


@pytest.mark.parametrize(
    "wanted", ["99", "9" * 40, "", "nothing", "https://thebengalpost.net/", "'; DROP TABLE stories; --", "\udcff"]
)
def test_find_raises_not_found_for_unknown_text(library: Library, make_story: MakeStory, now: datetime, wanted: str) -> None:
    library.save([make_story(7, link=None)], now=now)
    with pytest.raises(NotFoundError):
        library.find(wanted)


def test_story_raises_not_found_for_an_unknown_number(library: Library) -> None:
    for ask in (
        library.story,
        library.headline,
        lambda story: library.reading_log.save_position(story, 1, 0.5, now=datetime.now(UTC)),
    ):
        with pytest.raises(NotFoundError):
            ask(1)


def test_set_mark_returns_only_changed_stories(library: Library, make_story: MakeStory, now: datetime) -> None:
    new = library.save([make_story(n) for n in range(3)], now=now).new
    assert library.set_mark("read", new[:1], True, now=now) == new[:1]
    assert set(library.set_mark("read", [*new, 999], True, now=now)) == set(new[1:])
    assert library.set_mark("read", new, True, now=now) == ()
    assert set(library.set_mark("read", new, False, now=now)) == set(new)
    assert library.unread_count() == 3


def test_reading_position_is_saved(library: Library, make_story: MakeStory, now: datetime) -> None:
    (story,) = library.save([make_story(1)], now=now).new
    assert library.reading_log.position(story) is None
    library.set_mark("starred", [story], True, now=now)
    assert library.reading_log.position(story) is None
    library.reading_log.save_position(story, 4, 0.25, now=now)
    library.reading_log.save_position(story, 5, 0.5, now=now)
    assert library.reading_log.position(story) == ReadingPosition(5, 0.5)
    assert library.headline(story).starred


def test_validators_are_saved_for_each_address(library: Library, now: datetime) -> None:
    feed = "https://thebengalpost.net/feed"
    library.fetch_log.save_validators(feed, Validators('"a"', "Mon, 23 Nov 2026 10:00:00 GMT"), now=now)
    library.fetch_log.save_validators(feed, Validators('"b"'), now=now)
    assert library.fetch_log.cached_validators(feed)[0] == Validators('"b"')
    assert library.fetch_log.cached_validators(feed + "?paged=2")[0] is None
    library.fetch_log.save_validators(feed, Validators(), now=now)
    assert library.fetch_log.cached_validators(feed)[0] is None


def test_event_times_keep_the_last_time(library: Library, now: datetime) -> None:
    library.fetch_log.record_refresh(now)
    library.fetch_log.record_refresh(now + timedelta(hours=1))
    library.fetch_log.set_event_time("categories", now)
    assert library.fetch_log.last_refresh() == now + timedelta(hours=1)
    assert library.fetch_log.event_time("categories") == now
    assert library.fetch_log.event_time("other") is None


def test_revision_changes_only_after_a_commit(library: Library, tmp_path: Path, make_story: MakeStory, now: datetime) -> None:
    seen = {library.revision()}
    (story,) = library.save([make_story(1)], now=now).new
    seen.add(library.revision())
    library.set_mark("read", [story], True, now=now)
    seen.add(library.revision())
    with Library(tmp_path / "library") as other:
        other.fetch_log.record_refresh(now)
    before = library.revision()
    assert len({*seen, before}) == 4
    assert library.save([make_story(1)], now=now) == SaveResult()
    assert library.set_mark("read", [story], True, now=now) == ()
    library.headlines(ListFilter(), limit=5)
    assert library.revision() == before


def test_library_used_from_many_threads_loses_nothing(library: Library, make_story: MakeStory, now: datetime) -> None:
    failures: list[StoreError] = []

    def work(first: int) -> None:
        try:
            for number in range(first, first + 10):
                (story,) = library.save([make_story(number)], now=now).new
                library.set_mark("read", [story], True, now=now)
                library.headlines(ListFilter(), limit=5)
        except StoreError as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(first,)) for first in range(0, 80, 10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert (library.count(ListFilter()), library.unread_count()) == (80, 0)


def test_requests_are_counted_by_host_latest_first(library: Library, now: datetime) -> None:
    library.fetch_log.count_requests({"thebengalpost.net": 2, "i0.wp.com": 1}, now)
    library.fetch_log.count_requests({"thebengalpost.net": 3}, now + timedelta(hours=1))
    library.fetch_log.count_requests({}, now)
    assert [(contact.host, contact.requests) for contact in library.fetch_log.contacts()] == [
        ("thebengalpost.net", 5),
        ("i0.wp.com", 1),
    ]
    assert library.fetch_log.contacts()[0].last == now + timedelta(hours=1)


def test_marked_pictures_belong_to_starred_and_later_stories(library: Library, make_story: MakeStory, now: datetime) -> None:
    site = "https://x.example"
    stories = [make_story(n, blocks=(Image(f"{site}/{n}.jpg"),), image=f"{site}/lead-{n}.jpg") for n in range(3)]
    ids = library.save(stories, now=now).new
    library.set_mark("starred", ids[:1], True, now=now)
    library.set_mark("later", ids[1:2], True, now=now)
    assert library.maintenance.marked_pictures() == {f"{site}/{name}.jpg" for name in ("0", "1", "lead-0", "lead-1")}
