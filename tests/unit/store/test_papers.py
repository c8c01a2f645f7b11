"""Several papers in one library: each is listed, searched and fetched on its own, and can't change another's stories."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bpost_tui.model.backfill_cursor import BackfillCursor
from bpost_tui.model.list_order import ListOrder
from bpost_tui.model.list_position import row_key
from bpost_tui.model.paper import Paper, PaperCount, paper_at
from bpost_tui.model.story import Category, ListFilter, Story
from bpost_tui.store.library import Library
from tests.conftest import NOW

OURS, THEIRS = paper_at("https://thebengalpost.net"), paper_at("https://example.org", "Example")
OTHERS = paper_at("https://example.com")
MakeStory = Callable[..., Story]
ALL = ListFilter()


def titles(library: Library, list_filter: ListFilter = ALL) -> list[str]:
    return [row.title for row in library.headlines(list_filter, limit=99)]


@pytest.fixture
def two(library: Library) -> Library:
    """Return a library of two papers whose stories have the same guids and links."""
    library.set_subscriptions((OURS, THEIRS))
    for hours, (paper, name) in enumerate(((OURS, "ours"), (THEIRS, "theirs"))):
        stories = [
            Story(
                f"guid-{number}",
                f"{name} {number} হাসপাতাল",
                f"https://thebengalpost.net/recent/story-{number}.html",
                published=NOW - timedelta(hours=2 * number + hours),
                categories=(Category("health", "Health"),),
                full=True,
            )
            for number in range(3)
        ]
        library.for_paper(paper).save(stories, now=NOW)
    return library


def test_lists_cover_all_papers_or_one(two: Library) -> None:
    assert titles(two) == [f"{name} {number} হাসপাতাল" for number in range(3) for name in ("ours", "theirs")]
    assert titles(two, ListFilter(paper=THEIRS.key)) == [f"theirs {number} হাসপাতাল" for number in range(3)]
    assert titles(two, ListFilter(category="health", paper=OURS.key)) == [f"ours {number} হাসপাতাল" for number in range(3)]
    assert [(count.paper, count.category.slug, count.total) for count in two.categories()] == [
        (OURS.key, "health", 3),
        (THEIRS.key, "health", 3),
    ]
    assert two.papers() == (PaperCount(OURS, 3, 3), PaperCount(THEIRS, 3, 3))
    assert {row.paper for row in two.headlines(ListFilter(paper=THEIRS.key), limit=9)} == {THEIRS.key}
    assert two.maintenance.verify() == ()


def test_unsubscribed_paper_keeps_its_stories_for_its_return(two: Library) -> None:
    (number,) = two.story_ids(ListFilter(paper=THEIRS.key), limit=1)
    two.reading_log.record_opened(number, now=NOW)
    two.set_subscriptions((OURS,))
    assert titles(two) == [f"ours {number} হাসপাতাল" for number in range(3)]
    assert two.reading_log.history(limit=9) == ()
    assert len(two.search.find("হাসপাতাল", limit=9, now=NOW).hits) == 3
    assert two.maintenance.verify() == ()
    two.set_subscriptions((THEIRS, OURS))
    assert (len(titles(two)), len(two.reading_log.history(limit=9))) == (6, 1)
    assert [count.paper for count in two.papers()] == [THEIRS, OURS]
    assert two.maintenance.verify() == ()


@pytest.mark.parametrize("followed", [(OURS,), (OURS, OTHERS)], ids=["one", "two"])
def test_marked_stories_of_an_unsubscribed_paper_stay_in_lists_and_searches(two: Library, followed: tuple[Paper, ...]) -> None:
    starred, later, listed = two.story_ids(ListFilter(paper=THEIRS.key))
    own = two.own_lists.create("Weekend", now=NOW)
    two.set_mark("starred", [starred], True, now=NOW)
    two.set_mark("later", [later], True, now=NOW)
    two.own_lists.set_entries(own.key, [listed], True, now=NOW)
    two.set_subscriptions(followed)
    assert titles(two) == [f"ours {number} হাসপাতাল" for number in range(3)]
    filters = {starred: ListFilter(starred=True), later: ListFilter(later=True), listed: ListFilter(own_list=own.key)}
    for number, each in filters.items():
        assert two.story_ids(each) == two.story_ids(each._replace(unread=True)) == (number,)
        assert [row.id for row in two.headlines(each, limit=9)] == [number]
        assert two.count(each) == two.count_between(each, two.headline(number)) == 1
    hits = two.search.find("হাসপাতাল", limit=9, now=NOW).hits
    assert {hit.headline.id for hit in hits} == {starred, later, listed, *two.story_ids(ALL)}
    assert [hit.headline.id for hit in two.search.find("is:starred", limit=9, now=NOW).hits] == [starred]
    assert two.unsubscribed_papers() == (PaperCount(THEIRS, 3, 3),)
    assert two.unread_count() == 3
    with Library(two.folder, alone=OURS) as alone:
        assert (alone.count(ListFilter(starred=True)), alone.unsubscribed_papers()) == (0, ())


def test_stars_of_all_papers_are_read_in_both_orders_from_any_row(two: Library) -> None:
    numbers = two.story_ids(ALL)
    two.set_mark("starred", numbers, True, now=NOW)
    two.set_subscriptions((OURS,))
    for order, expected in ((ListOrder.NEWEST, numbers), (ListOrder.OLDEST, numbers[::-1])):
        stars = ListFilter(starred=True, order=order)
        third = row_key(two.headline(expected[2]))
        assert two.story_ids(stars) == expected
        assert two.story_ids(stars, after=third) == expected[3:]
        assert tuple(row.id for row in two.headlines(stars, limit=2, before=third)) == expected[:2]


def test_library_opened_for_one_paper_shows_it_alone(two: Library) -> None:
    with Library(two.folder, alone=THEIRS) as alone:
        assert titles(alone) == [f"theirs {number} হাসপাতাল" for number in range(3)]
        assert [hit.headline.paper for hit in alone.search.find("হাসপাতাল", limit=9, now=NOW).hits] == [THEIRS.key] * 3
        assert alone.headline(alone.find("guid-1")).paper == THEIRS.key
        assert alone.count(ListFilter(unread=True)) == 3
    assert two.headline(two.find("guid-1")).paper == OURS.key


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("হাসপাতাল portal:example.org", {THEIRS.key}),
        ("portal:Example", {THEIRS.key}),
        ("হাসপাতাল -portal:example", {OURS.key}),
        ("portal:thebengalpost.net or portal:example.org", {OURS.key, THEIRS.key}),
        ("portal:nowhere", set()),
    ],
)
def test_search_within_a_paper_finds_only_its_stories(two: Library, query: str, expected: set[str]) -> None:
    assert {hit.headline.paper for hit in two.search.find(query, limit=9, now=NOW).hits} == expected


def test_hostile_paper_cannot_change_anothers_stories(two: Library) -> None:
    ours = two.story_ids(ListFilter(paper=OURS.key))
    two.set_mark("read", ours[:1], True, now=NOW)
    two.set_mark("starred", ours[1:2], True, now=NOW)
    two.reading_log.save_position(ours[1], 3, 0.5, now=NOW)
    two.for_paper(OURS).fetch_log.record_refresh(NOW)
    two.for_paper(OURS).fetch_log.save_backfill_cursor("", BackfillCursor(NOW, NOW))
    before = [two.story(number) for number in ours]
    hostile = two.for_paper(THEIRS)
    for number in range(3):
        sent = Story(
            f"guid-{number}",
            "বদলে দেওয়া শিরোনাম",
            f"https://thebengalpost.net/recent/story-{number}.html",
            published=NOW - timedelta(hours=1),
            modified=NOW,
            categories=(Category("health", "Their name"), Category("sports", "Sports")),
            full=True,
        )
        hostile.save([sent], now=NOW + timedelta(hours=1))
    hostile.save_categories([Category("politics", "Politics")], complete=True)
    hostile.fetch_log.mark_withdrawn([f"guid-{number}" for number in range(3)], now=NOW)
    hostile.fetch_log.set_feed_title("The Bengal Post")
    hostile.fetch_log.record_refresh(NOW + timedelta(hours=1))
    theirs = two.story_ids(ListFilter(paper=THEIRS.key))
    two.set_mark("read", theirs, True, now=NOW)
    two.set_mark("starred", theirs, True, now=NOW)
    two.set_mark("starred", theirs, False, now=NOW)
    assert [two.story(number) for number in ours] == before
    assert [two.revisions(number) for number in ours] == [(), (), ()]
    assert two.reading_log.position(ours[1]) is not None
    assert (two.for_paper(OURS).fetch_log.last_refresh(), two.for_paper(OURS).fetch_log.feed_title()) == (NOW, "")
    assert two.for_paper(THEIRS).fetch_log.backfill_cursor("") is None
    assert [each.category.name for each in two.for_paper(OURS).categories()] == ["Health"]
    assert two.for_paper(THEIRS).fetch_log.absent_stories((), after=NOW - timedelta(days=9), before=NOW) == ()
    assert two.maintenance.verify() == ()


def test_last_refresh_is_the_latest_of_all_papers(two: Library) -> None:
    assert two.last_refresh() is None
    two.for_paper(THEIRS).fetch_log.record_refresh(NOW)
    assert two.last_refresh() == NOW
    two.for_paper(OURS).fetch_log.record_refresh(NOW - timedelta(hours=1))
    assert two.last_refresh() == NOW


def test_marks_of_a_deleted_story_return_only_to_its_paper(two: Library) -> None:
    (number,) = two.story_ids(ListFilter(paper=OURS.key), limit=1)
    two.set_mark("read", [number], True, now=NOW)
    two.maintenance.prune(NOW + timedelta(days=1))
    for paper in (THEIRS, OURS):
        story = Story("guid-0", "আবার", "https://thebengalpost.net/recent/story-0.html", published=NOW)
        two.for_paper(paper).save([story], now=NOW)
    assert {row.paper: row.read for row in two.headlines(ListFilter(), limit=9)} == {OURS.key: True, THEIRS.key: False}


def test_first_paper_adopts_unnamed_stories_with_their_marks(tmp_path: Path, make_story: MakeStory) -> None:
    with Library(tmp_path) as library:
        (number,) = library.save([make_story(1)], now=NOW).new
        library.set_mark("starred", [number], True, now=NOW)
        library.set_subscriptions((OURS,))
        assert library.headline(number).paper == OURS.key
        assert library.maintenance.verify() == ()
        library.set_subscriptions((THEIRS, OURS))
        assert [count.total for count in library.papers()] == [0, 1]
    with Library(tmp_path) as library:
        assert (library.count(ListFilter(starred=True)), library.headline(number).starred) == (1, True)


def test_paper_with_a_damaged_key_is_identified_by_its_address(two: Library) -> None:
    two._database.write(lambda db: db.execute("UPDATE papers SET key = 'thebengalqost.net' WHERE key = ?", (OURS.key,)))
    two.set_subscriptions((OURS, Paper(THEIRS.key, THEIRS.address, "Another name")))
    assert [(count.paper.key, count.paper.name, count.total) for count in two.papers()] == [
        (OURS.key, "", 3),
        (THEIRS.key, "Another name", 3),
    ]
