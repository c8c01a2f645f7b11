"""Status of papers: stories per day, silence, and the beginning of failures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from bpost_tui.model.feed_addresses import FeedAddresses
from bpost_tui.model.paper import paper_at
from bpost_tui.model.paper_health import TextCount
from bpost_tui.model.story import Story
from bpost_tui.store.library import Library

PAPER = paper_at("https://daily.example")


@pytest.mark.parametrize(
    ("gap", "count", "age", "per_day", "is_silent"),
    [
        (timedelta(hours=2), 30, timedelta(hours=10), 12, False),  # one night
        (timedelta(hours=2), 30, timedelta(days=3), 12, True),
        (timedelta(days=7), 8, timedelta(days=20), 1 / 7, False),  # a weekly after two missed issues
        (timedelta(days=7), 8, timedelta(days=40), 1 / 7, True),
        (timedelta(hours=2), 4, timedelta(days=300), 0, False),  # too few stories
    ],
)
def test_paper_is_silent_after_an_unusually_long_pause(
    library: Library,
    make_story: Callable[..., Story],
    now: datetime,
    gap: timedelta,
    count: int,
    age: timedelta,
    per_day: float,
    is_silent: bool,
) -> None:
    library.set_subscriptions([PAPER])
    stories = [make_story(at)._replace(published=now - age - at * gap) for at in range(count)]
    library.for_paper(PAPER).save(stories, now=now)
    health = library.paper_health()[PAPER.key]
    assert health.newest == now - age
    assert health.per_day == pytest.approx(per_day)
    assert health.is_silent(now) is is_silent


def test_whole_texts_of_the_last_30_days_are_counted(library: Library, make_story: Callable[[int], Story], now: datetime) -> None:
    library.set_subscriptions([PAPER])
    assert library.text_counts(now) == {}
    stories = [make_story(at)._replace(published=now - at * timedelta(days=8), full=at % 2 == 0) for at in range(6)]
    library.for_paper(PAPER).save(stories, now=now)
    assert library.text_counts(now) == {PAPER.key: TextCount(4, 2)}


def test_paper_is_failing_from_its_first_failure_to_its_next_answer(library: Library, now: datetime) -> None:
    library.set_subscriptions([PAPER])
    log, hour = library.for_paper(PAPER).fetch_log, timedelta(hours=1)
    assert library.paper_health()[PAPER.key].failing_since is None
    for at in range(3):
        log.record_failure(now + at * hour)
        assert library.paper_health()[PAPER.key][2:4] == (now, at + 1)
    log.record_refresh(now + 3 * hour)
    assert library.paper_health()[PAPER.key][2:4] == (None, 0)
    log.record_failure(now + 4 * hour)
    assert library.paper_health()[PAPER.key][2:4] == (now + 4 * hour, 1)


def test_permanent_redirects_are_counted_per_target(library: Library, now: datetime) -> None:
    library.set_subscriptions([PAPER])
    log, hour = library.for_paper(PAPER).fetch_log, timedelta(hours=1)
    known = []
    for at, address in enumerate(["https://a.example/", "https://a.example/", "https://b.example/", "", "https://b.example/"]):
        log.record_refresh(now + at * hour, moved_to=address)
        known.append(library.paper_health()[PAPER.key][4:])
    assert known == [
        ("https://a.example/", now, 1),
        ("https://a.example/", now, 2),
        ("https://b.example/", now + 2 * hour, 1),
        ("", None, 0),
        ("https://b.example/", now + 4 * hour, 1),
    ]


def test_announced_move_lasts_until_the_feed_withdraws_it(library: Library, now: datetime) -> None:
    library.set_subscriptions([PAPER])
    log, hour, new = library.for_paper(PAPER).fetch_log, timedelta(hours=1), "https://new.example/feed"
    known = []
    for at, addresses in enumerate([FeedAddresses(), FeedAddresses(new), None, FeedAddresses("", new), FeedAddresses(), None]):
        log.record_refresh(now + at * hour, addresses=addresses)
        known.append(library.paper_health()[PAPER.key][4:])
    announced = (new, now + hour, 0)
    assert known == [("", None, 0), announced, announced, announced, ("", None, 0), ("", None, 0)]
    log.record_refresh(now, addresses=FeedAddresses(new), moved_to="https://redirect.example/")
    log.record_failure(now + hour)
    assert library.paper_health()[PAPER.key].moved_to == "https://redirect.example/"
    assert library.papers()[0].has_fault


def test_address_that_a_feed_always_gave_announces_nothing(library: Library, now: datetime) -> None:
    """As all feeds of Blogger, which give an address of blogger.com."""
    library.set_subscriptions([PAPER])
    log = library.for_paper(PAPER).fetch_log
    for own in ("https://cms.example/feed", "http://www.cms.example/feed/", "", "https://cms.example/feed"):
        log.record_refresh(now, addresses=FeedAddresses(own))
        assert not library.paper_health()[PAPER.key].moved_to
    log.record_refresh(now, addresses=FeedAddresses("https://new.example/feed"))
    assert library.paper_health()[PAPER.key].moved_to == "https://new.example/feed"


def test_paper_is_faulty_while_failing_silent_or_moved(library: Library, make_story: Callable[..., Story], now: datetime) -> None:
    def has_fault() -> bool:
        (count,) = library.papers()
        return count.has_fault

    library.set_subscriptions([PAPER])
    log = library.for_paper(PAPER).fetch_log
    assert not has_fault()
    log.record_failure(now)
    assert has_fault()
    log.record_refresh(now, moved_to="https://new.example/feed")
    assert has_fault()
    assert library.paper_health()[PAPER.key].moved_to == "https://new.example/feed"
    log.record_refresh(now)
    assert not has_fault()
    assert not library.paper_health()[PAPER.key].moved_to
    stories = [make_story(at)._replace(published=now - timedelta(days=9, hours=2 * at)) for at in range(30)]
    library.for_paper(PAPER).save(stories, now=now)
    log.record_refresh(now)
    assert has_fault()
    library.for_paper(PAPER).save([make_story(99)._replace(published=now)], now=now)
    log.record_refresh(now)
    assert not has_fault()
