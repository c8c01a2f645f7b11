from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import groupby, permutations
from pathlib import Path

import pytest

from bpost_tui.grouping import partner_search
from bpost_tui.grouping.fingerprint import Fingerprint, cross_script_fingerprint, fingerprint_of
from bpost_tui.grouping.quantities import quantities_of_story
from bpost_tui.grouping.score import similarity
from bpost_tui.model.blocks import Blocks, Paragraph, Span
from bpost_tui.model.marks import MarkName
from bpost_tui.model.paper import paper_at
from bpost_tui.model.story import ListFilter, Story, StoryKey
from bpost_tui.store import writer_queue
from bpost_tui.store.grouping import comparison, fingerprint_store, group_builder
from bpost_tui.store.library import Library
from bpost_tui.store.sqlite_files import OpenMode, connect
from tools.grouping_quality import rows

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
FIRST, SECOND, THIRD, FOURTH = (paper_at(f"https://{name}.example") for name in ("one", "two", "three", "four"))
ACCOUNTS = [row for row in rows() if row["cluster"] == "debra-lorry"]
ENGLISH = [row for row in rows() if row["cluster"] == "debra-lorry-english"]
EARLIER = datetime.fromisoformat(ACCOUNTS[0]["at"]) - timedelta(hours=5)
FOLDED, UNREAD_FOLDED = ListFilter(groups_same_news=True), ListFilter(groups_same_news=True, unread=True)


def story(number: int, **fields: object) -> Story:
    """Return account `number`, a paper's story about an event.

    Accounts 0 to 2 are of an accident, 3 is of an accident a day later, 4 and 5 are of the first accident, in English.
    """
    row = [*ACCOUNTS, *ENGLISH][number]
    values: dict[str, object] = {
        "guid": f"guid {number}",
        "title": row["title"],
        "published": datetime.fromisoformat(row["at"]).astimezone(UTC),
        "blocks": (Paragraph((Span(row["text"]),)),),
        "full": True,
    }
    return Story(**{**values, **fields})  # type: ignore[arg-type]  # values of several types


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path, clock=lambda: NOW) as opened:
        opened.set_subscriptions((FIRST, SECOND, THIRD, FOURTH))
        yield opened
        assert opened.maintenance.verify() == ()


def titles(library: Library, list_filter: ListFilter = FOLDED) -> list[str]:
    return [row.guid for row in library.headlines(list_filter, limit=100)]


def number(library: Library, guid: str) -> int:
    return next(row.id for row in library.headlines(ListFilter(), limit=100) if row.guid == guid)


def save_three(library: Library) -> None:
    for at, paper in enumerate((FIRST, SECOND, THIRD)):
        library.for_paper(paper).save([story(at)], now=NOW)


def test_accounts_are_listed_once_under_the_first_paper(library: Library) -> None:
    save_three(library)
    library.for_paper(SECOND).save([story(3)], now=NOW)
    assert titles(library) == ["guid 3", "guid 0"]
    assert len(titles(library, ListFilter())) == 4
    assert (library.count(FOLDED), library.count(UNREAD_FOLDED), library.count(ListFilter())) == (2, 2, 4)
    representative, *others = library.story_groups.members(number(library, "guid 1"))
    assert representative == number(library, "guid 0")
    assert set(others) == {number(library, "guid 1"), number(library, "guid 2")}


def test_folded_row_lists_the_other_accounts_of_its_group(library: Library) -> None:
    save_three(library)
    library.for_paper(SECOND).save([story(3)], now=NOW)
    alone, leading = library.headlines(FOLDED, limit=10)
    second = StoryKey(number(library, "guid 2"))
    assert (alone.others, [other.paper for other in leading.others]) == ((), [SECOND.key, THIRD.key])
    assert leading.represents(second) and not alone.represents(second)
    assert all(not row.others for row in library.headlines(ListFilter(), limit=10))


@pytest.mark.parametrize(
    ("fields", "is_repeat"),
    [
        ({}, True),
        ({"published": datetime.fromisoformat(ACCOUNTS[0]["at"]) + timedelta(hours=1)}, True),
        ({"published": datetime.fromisoformat(ACCOUNTS[0]["at"]) + timedelta(hours=3)}, False),
        ({"published": datetime.fromisoformat(ACCOUNTS[0]["at"]) - timedelta(hours=3)}, True),
        ({"title": "ডেবরায় লরির ধাক্কায় বাইক আরোহী মৃত ৫"}, False),
        ({"title": ACCOUNTS[1]["title"], "blocks": (), "excerpt": ACCOUNTS[1]["text"][:200], "published": EARLIER}, False),
    ],
    ids=["copy", "an hour newer", "hours newer", "earlier", "other figures", "other words"],
)
def test_only_stories_that_add_nothing_are_repeats(library: Library, fields: dict[str, object], is_repeat: bool) -> None:
    library.for_paper(FIRST).save([story(0)], now=NOW)
    library.for_paper(SECOND).save([story(0, guid="other", **fields)], now=NOW)
    (row,) = library.headlines(FOLDED, limit=10)
    first, other = number(library, "guid 0"), number(library, "other")
    assert row.represents(StoryKey(first)) and row.represents(StoryKey(other))
    assert row.others[0].title == library.headline(other).title
    assert library.story_groups.with_repeats([first]) == ((first, other) if is_repeat else (first,))
    library.set_mark("read", [other], True, now=NOW)
    assert library.story_groups.with_unread_repeats([first]) == (first,)


def test_accounts_of_an_unsubscribed_paper_are_not_counted(library: Library) -> None:
    save_three(library)
    library.set_subscriptions((FIRST, SECOND))
    (row,) = library.headlines(FOLDED, limit=10)
    assert [other.paper for other in row.others] == [SECOND.key]
    assert library.story_groups.members(row.id) == (row.id, row.others[0].story)
    library.set_subscriptions((FIRST,))
    assert library.story_groups.members(row.id) == (row.id,)


def test_story_changed_while_unsubscribed_is_compared_again(library: Library) -> None:
    save_three(library)
    library.set_subscriptions((FIRST, SECOND))
    library.for_paper(THIRD).save([story(3, guid="guid 2")], now=NOW)
    library.set_subscriptions((FIRST, SECOND, THIRD))
    assert titles(library) == ["guid 2", "guid 0"]


def test_later_account_of_a_preferred_paper_leads(library: Library) -> None:
    library.for_paper(SECOND).save([story(1)], now=NOW)
    library.for_paper(FIRST).save([story(0)], now=NOW)
    assert titles(library) == ["guid 0"]


def test_read_account_stays_the_representative(library: Library) -> None:
    library.for_paper(SECOND).save([story(1)], now=NOW)
    library.for_paper(THIRD).save([story(2)], now=NOW)
    library.set_mark("read", [number(library, "guid 1")], True, now=NOW)
    library.for_paper(FIRST).save([story(0)], now=NOW)
    assert titles(library) == ["guid 1"]
    assert titles(library, UNREAD_FOLDED) == []
    assert library.count(UNREAD_FOLDED) == 0


@pytest.mark.parametrize("mark", ["starred", "later"])
@pytest.mark.parametrize("others", [0, 1])
def test_marked_account_stays_in_lists(library: Library, mark: MarkName, others: int) -> None:
    for paper, at in ((SECOND, 1), (THIRD, 2))[: 1 + others]:
        library.for_paper(paper).save([story(at)], now=NOW)
    library.set_mark(mark, [number(library, "guid 1")], True, now=NOW)
    library.for_paper(FIRST).save([story(0)], now=NOW)
    assert titles(library) == ["guid 1"]


def test_stories_of_one_paper_are_folded_only_as_near_copies(library: Library) -> None:
    library.for_paper(FIRST).save([story(1), story(0)], now=NOW)
    assert len(titles(library)) == 2
    library.for_paper(FIRST).save([story(0, guid="video", title=f"ভিডিও: {ACCOUNTS[0]['title']}")], now=NOW)
    assert len(titles(library)) == 2


@pytest.mark.parametrize("guids", [("a", "z"), ("z", "a")])
def test_newest_copy_of_a_paper_leads(library: Library, guids: tuple[str, str]) -> None:
    newer = story(0, guid=guids[1], published=story(0).published + timedelta(hours=1))  # type: ignore[operator]
    library.for_paper(FIRST).save([newer, story(0, guid=guids[0])], now=NOW)
    assert titles(library) == [guids[1]]


def test_grown_toll_of_a_paper_is_a_follow_up(library: Library) -> None:
    titles_of_tolls = [f"ডেবরায় জাতীয় সড়কে লরির ধাক্কায় বাইক আরোহী মৃত {toll}" for toll in (2, 3)]
    for at, title in enumerate(titles_of_tolls):
        library.for_paper(FIRST).save([story(0, guid=f"toll {at}", title=title)], now=NOW)
    assert sorted(titles(library)) == ["toll 0", "toll 1"]
    first, second = (number(library, f"toll {at}") for at in (0, 1))
    assert set(library.group_builder.story_thread(first)) == {first, second}
    library.for_paper(FIRST).save([story(0, guid="toll 1", title=f"ভিডিও: {titles_of_tolls[0]}")], now=NOW)
    assert len(titles(library)) == 1


def test_story_whose_numbers_change_places_leaves_its_group(library: Library) -> None:
    """Its words stay the same, so their comparison doesn't show the change."""
    rest = "লরিটিকে আটক করেছে ডেবরা থানার পুলিশ, চালক পলাতক।"
    texts = [f"দুর্ঘটনায় {dead} জনের মৃত্যু হয়েছে। আহত {hurt} জন। {rest}" for dead, hurt in ((3, 5), (5, 3))]
    first, other = ((Paragraph((Span(text),)),) for text in texts)
    title = "ডেবরায় জাতীয় সড়কে লরির ধাক্কায় বাইক আরোহীর দুর্ঘটনা"
    library.for_paper(FIRST).save([story(0, guid="report", title=title, blocks=first)], now=NOW)
    video = story(0, guid="video", title=f"ভিডিও: {title}", blocks=first)
    library.for_paper(FIRST).save([video], now=NOW)
    assert len(titles(library)) == 1
    library.for_paper(FIRST).save([video._replace(blocks=other, modified=NOW)], now=NOW)
    assert sorted(titles(library)) == ["report", "video"]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the titles of the stories whose numbers are read during the test."""
    found: list[str] = []

    def quantities(title: str, text: Blocks | str) -> dict[str, int]:
        found.append(title)
        return quantities_of_story(title, text)

    monkeypatch.setattr(comparison, "quantities_of_story", quantities)
    return found


def test_numbers_that_keep_stories_of_a_paper_apart_are_read_once(library: Library, read: list[str]) -> None:
    tolls = [f"ডেবরায় জাতীয় সড়কে লরির ধাক্কায় বাইক আরোহী মৃত {toll}" for toll in (2, 3, 4)]
    for at, title in enumerate(tolls):
        library.for_paper(FIRST).save([story(0, guid=f"toll {at}", title=title)], now=NOW)
    assert sorted(read) == tolls
    assert len(titles(library)) == 3


def test_numbers_of_a_story_are_read_once(library: Library, read: list[str]) -> None:
    save_three(library)
    assert sorted(read) == sorted(account["title"] for account in ACCOUNTS[:3])
    library.for_paper(FOURTH).save([story(0, guid="copy")], now=NOW)
    assert len(read) == 4
    assert sorted(titles(library)) == ["guid 0"]
    library.for_paper(FOURTH).save([story(0, guid="copy", title=ACCOUNTS[0]["title"].replace("দুই", "পাঁচ"))], now=NOW)
    assert len(read) == 5
    assert [other.differs for other in library.headlines(FOLDED, limit=1)[0].others if other.paper == FOURTH.key] == [True]


def test_live_page_is_never_grouped(library: Library) -> None:
    library.for_paper(FIRST).save([story(0)], now=NOW)
    library.for_paper(SECOND).save([story(0, guid="live", title=f"{ACCOUNTS[0]['title']} | লাইভ")], now=NOW)
    assert sorted(titles(library)) == ["guid 0", "live"]
    assert len(library.group_builder.story_thread(number(library, "live"))) == 2


@pytest.mark.parametrize(("title", "is_grouped"), [(ENGLISH[0]["title"], True), (f"Why {ENGLISH[0]['title']}", False)])
def test_explainer_is_a_follow_up_of_a_report(library: Library, title: str, is_grouped: bool) -> None:
    library.for_paper(FIRST).save([story(4)], now=NOW)
    library.for_paper(SECOND).save([story(4, guid="second", title=title)], now=NOW)
    first, second = (number(library, guid) for guid in ("guid 4", "second"))
    assert (len(library.story_groups.members(second)) == 2) is is_grouped
    assert {*library.group_builder.story_thread(second)} == {first, second}


def test_second_story_of_a_paper_continues_the_thread(library: Library) -> None:
    library.for_paper(FIRST).save([story(2)], now=NOW)
    library.for_paper(SECOND).save([story(1), story(0)], now=NOW)
    assert titles(library) == ["guid 2", "guid 0"]
    assert len(library.group_builder.story_thread(number(library, "guid 0"))) == 3


def test_accounts_in_two_scripts_are_grouped_by_names(library: Library) -> None:
    save_three(library)
    library.for_paper(SECOND).save([story(5)], now=NOW)
    library.for_paper(THIRD).save([story(3)], now=NOW)
    library.for_paper(FOURTH).save([story(4)], now=NOW)
    assert titles(library) == ["guid 5", "guid 0"]
    english = number(library, "guid 4")
    assert set(library.story_groups.members(number(library, "guid 0"))) == {number(library, f"guid {at}") for at in (0, 1, 2, 4)}
    assert {"surajit", "bapan", "24"} <= dict(library.group_builder.explain(english, number(library, "guid 0")).words).keys()
    library.for_paper(FOURTH).save([story(5, guid="guid 4")], now=NOW)
    assert library.story_groups.members(number(library, "guid 0")) == tuple(number(library, f"guid {at}") for at in (0, 1, 2))


def test_english_accounts_do_not_change_bengali_groups(library: Library) -> None:
    library.for_paper(FOURTH).save([story(4), story(5)], now=NOW)
    save_three(library)
    library.set_subscriptions((FIRST, SECOND, THIRD))
    assert titles(library) == ["guid 0"]


def test_cross_script_keys_are_computed_only_near_stories_of_that_script(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    computed: set[str] = set()
    usual = cross_script_fingerprint

    def record(each: Story, paper: int, published_us: int) -> Fingerprint:
        computed.add(each.guid)
        return usual(each, paper, published_us)

    monkeypatch.setattr(fingerprint_store, "cross_script_fingerprint", record)
    library.for_paper(FOURTH).save([story(5, published=NOW - timedelta(days=9))], now=NOW)
    save_three(library)
    assert computed == set()
    library.for_paper(FOURTH).save([story(4)], now=NOW)
    assert computed == {"guid 0", "guid 1", "guid 2", "guid 4"}
    assert titles(library) == ["guid 0", "guid 5"]


def test_groups_are_equal_for_any_order_of_batches(tmp_path: Path) -> None:
    every = [(paper, story(at)) for at, paper in enumerate((FIRST, SECOND, THIRD, SECOND, FOURTH))]
    found = set()
    with Library(tmp_path / "empty") as empty:
        empty.set_subscriptions((FIRST, SECOND, THIRD, FOURTH))
    for order in permutations(range(5)):
        folder = shutil.copytree(tmp_path / "empty", tmp_path / "".join(map(str, order)))  # creating one takes 5 × as long
        with Library(folder, clock=lambda: NOW) as library:
            for at in order:
                paper, saved = every[at]
                library.for_paper(paper).save([saved], now=NOW, groups_now=at != order[0])
            found.add(tuple(titles(library)))
            assert library.maintenance.verify() == ()
    assert found == {("guid 3", "guid 0")}


def test_groups_of_hundreds_of_stories_are_equal_in_three_orders(tmp_path: Path) -> None:
    """Save all invented accounts by paper in both orders and by time, grouped now and then, as after refreshes."""
    papers = [paper_at(f"https://{name}.example") for name in "abcdefg"]
    news = [
        (papers[at % 7], story(0, guid=f"guid {at}", title=row["title"], blocks=(), excerpt=row["text"], published=_when(row)))
        for at, row in enumerate(rows()[::2])
    ]
    orders = (
        sorted(news, key=lambda each: each[0]),
        sorted(news, key=lambda each: each[0], reverse=True),
        sorted(news, key=lambda each: (each[1].published, each[1].guid)),
    )
    found = []
    for number, order in enumerate(orders):
        with Library(tmp_path / f"{number}", clock=lambda: NOW) as library:
            library.set_subscriptions(papers)
            for at, (paper, batch) in enumerate(groupby(order, key=lambda each: each[0])):
                library.for_paper(paper).save([saved for _, saved in batch], now=NOW, groups_now=at % 40 == 1)
            library.group_builder.update_groups()
            together = {row.guid: {row.id, *(other.story for other in row.others)} for row in library.headlines(FOLDED, limit=500)}
            guids = {row.id: row.guid for row in library.headlines(ListFilter(), limit=500)}
            found.append({guid: {guids[each] for each in accounts} for guid, accounts in together.items()})
            assert library.maintenance.verify() == ()
    assert found[0] == found[1] == found[2]
    assert len(news) // 2 < len(found[0]) < len(news)


def test_indexing_saves_queued_fingerprints_from_the_same_reading(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    for paper in (FIRST, SECOND):
        library.for_paper(paper).save([story(0, guid=paper.key)], now=NOW, groups_now=False, indexes_now=False)
    while library.index_next():
        pass
    monkeypatch.setattr(fingerprint_store, "as_sent_story", None)  # no story is read for its fingerprint
    library.group_builder.update_groups()
    assert [len(row.others) for row in library.headlines(FOLDED, limit=9)] == [1] and library.maintenance.verify() == ()


def _when(row: dict[str, str]) -> datetime:
    return datetime.fromisoformat(row["at"]).astimezone(UTC)


def test_stories_of_a_refresh_are_grouped_after_its_last_paper(library: Library) -> None:
    library.for_paper(FIRST).save([story(0)], now=NOW, groups_now=False)
    library.for_paper(SECOND).save([story(1)], now=NOW, groups_now=False)
    assert len(titles(library)) == 2
    library.group_builder.update_groups()
    assert titles(library) == ["guid 0"]


@pytest.mark.parametrize("changed", [{"title": "পুজোর বাজারে ছাড়"}, {}], ids=["headline too", "text alone"])
def test_rewritten_copy_hides_no_other_story(library: Library, changed: dict[str, str]) -> None:
    """The first paper copies another's story, and later replaces it with an advertisement."""
    copied = story(1, guid="bait")
    library.for_paper(FIRST).save([copied], now=NOW)
    library.for_paper(SECOND).save([story(1)], now=NOW)
    assert titles(library) == ["bait"]
    other = (Paragraph((Span("আজই কিনুন, সব দোকানে অর্ধেক দাম।"),)),)
    library.for_paper(FIRST).save([copied._replace(blocks=other, **changed)], now=NOW)  # type: ignore[arg-type]  # values of several types
    assert sorted(titles(library)) == ["bait", "guid 1"]
    library.for_paper(THIRD).save([story(1, guid="headline alone", blocks=(), excerpt="")], now=NOW)
    assert "guid 1" in titles(library)  # a third account doesn't group the two again


def test_story_similar_to_two_does_not_group_them(library: Library) -> None:
    other = [row for row in rows() if row["event"] == "a" and row["cluster"] != "debra-lorry"][20]
    text = f"{ACCOUNTS[0]['text']} {other['text']}"
    bridge = story(0, guid="bridge", title=f"{ACCOUNTS[0]['title']}, {other['title']}", blocks=(Paragraph((Span(text),)),))
    library.for_paper(THIRD).save([bridge], now=NOW)
    library.for_paper(FIRST).save([story(0)], now=NOW)
    far = story(0, guid="far", title=other["title"], blocks=(Paragraph((Span(other["text"]),)),))
    library.for_paper(SECOND).save([far], now=NOW)
    assert {"guid 0", "far"} <= set(titles(library))


@pytest.mark.parametrize("broken", ["fingerprint_of", "headline_hash", "cross_script_fingerprint", "_compare_days"])
def test_bug_in_grouping_loses_no_story(library: Library, monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    module = comparison if broken == "_compare_days" else fingerprint_store
    usual = getattr(module, broken)

    def fail(*given: object) -> object:
        if isinstance(given[0], Story) and not given[0].title:
            return usual(*given)
        raise OverflowError("a bug")

    with monkeypatch.context() as patched:
        patched.setattr(module, broken, fail)
        save_three(library)
        library.for_paper(FOURTH).save([story(4)], now=NOW)
        library.group_builder.update_groups()
        together = 2 if broken == "cross_script_fingerprint" else 4  # grouped by the words of their own script
        assert (len(titles(library)), len(titles(library, ListFilter()))) == (together, 4)
    assert not library.maintenance.verify()


def test_rewritten_copy_that_hits_a_bug_hides_no_other_story(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail_for_advertisement(story: Story, *given: int) -> object:
        if story.title == "Buy this":
            raise OverflowError("a bug")
        return fingerprint_of(story, *given)

    monkeypatch.setattr(fingerprint_store, "fingerprint_of", fail_for_advertisement)
    library.for_paper(FIRST).save([story(1, guid="bait")], now=NOW)
    library.for_paper(SECOND).save([story(1)], now=NOW)
    assert titles(library) == ["bait"]
    library.for_paper(FIRST).save([story(1, guid="bait", title="Buy this")], now=NOW)
    assert sorted(titles(library)) == ["bait", "guid 1"]


def test_recurring_headlines_are_never_folded(library: Library) -> None:
    today = story(0, guid="today", title="আজ টিভিতে যা দেখবেন, ২৬ নভেম্বর", published=NOW)
    library.for_paper(FIRST).save([today], now=NOW)
    library.for_paper(SECOND).save([today._replace(guid="theirs")], now=NOW)
    assert len(titles(library)) == 1
    yesterday = today._replace(guid="yesterday", title="আজ টিভিতে যা দেখবেন, ২৫ নভেম্বর", published=NOW - timedelta(days=1))
    library.for_paper(FIRST).save([yesterday], now=NOW)
    assert len(titles(library)) == 3


def test_story_in_a_script_without_spaces_is_never_grouped(library: Library) -> None:
    for paper in (FIRST, SECOND):
        library.for_paper(paper).save([story(0, title="东京今天下大雪，新干线全部停运")], now=NOW)
    assert len(titles(library)) == 2


def test_one_paper_alone_is_never_folded(tmp_path: Path) -> None:
    with Library(tmp_path, clock=lambda: NOW) as library:
        library.set_subscriptions((FIRST,))
        library.for_paper(FIRST).save([story(0), story(1)], now=NOW)
        assert len(titles(library)) == len(titles(library, ListFilter())) == 2
        assert library.story_groups.with_repeats([1, 2]) == (1, 2)


def test_separated_account_stays_separate_until_undone(library: Library) -> None:
    save_three(library)
    second = number(library, "guid 1")
    rest = library.group_builder.separate(second, now=NOW)
    assert len(rest) == 2
    assert titles(library) == ["guid 1", "guid 0"]
    library.for_paper(SECOND).save([story(1, title=ACCOUNTS[1]["title"] + "!")], now=NOW)
    assert titles(library) == ["guid 1", "guid 0"]
    library.group_builder.undo_separation(second, rest, now=NOW)
    assert titles(library) == ["guid 0"]
    assert library.story_groups.members(second)[1:] == (second, number(library, "guid 2"))


def test_stories_are_grouped_again_if_the_file_with_their_separation_is_lost(tmp_path: Path) -> None:
    with Library(tmp_path, clock=lambda: NOW) as library:
        library.set_subscriptions((FIRST, SECOND, THIRD, FOURTH))
        save_three(library)
        library.group_builder.separate(number(library, "guid 1"), now=NOW)
    (tmp_path / "reader.db").unlink()
    shutil.rmtree(tmp_path / "backups", ignore_errors=True)
    with Library(tmp_path, clock=lambda: NOW) as library:
        assert titles(library) == ["guid 0"]
        assert library.maintenance.verify() == ()


def test_figures_of_a_story_still_contradict_after_its_separation_was_undone(library: Library) -> None:
    library.for_paper(FIRST).save([story(0)], now=NOW)
    library.for_paper(SECOND).save([story(0, guid="other", title="ডেবরায় লরির ধাক্কায় বাইক আরোহী মৃত ৫")], now=NOW)
    first, other = number(library, "guid 0"), number(library, "other")
    for _ in range(2):
        assert library.story_groups.members(first) == (first, other)
        assert library.story_groups.with_repeats([first]) == (first,)
        rest = library.group_builder.separate(other, now=NOW)
        library.group_builder.undo_separation(other, rest, now=NOW)


def test_separated_representative_is_replaced_by_the_next(library: Library) -> None:
    save_three(library)
    library.group_builder.separate(number(library, "guid 0"), now=NOW)
    assert set(titles(library)) == {"guid 0", "guid 1"}


def test_explain_lists_shared_words(library: Library) -> None:
    save_three(library)
    found = library.group_builder.explain(number(library, "guid 0"), number(library, "guid 1"))
    assert found.total > 0
    words, idfs = zip(*found.words, strict=True)
    assert "বাপন" in words and min(idfs) > 0
    assert [*idfs] == sorted((round(idf, 1) for idf in idfs), reverse=True)


def test_story_of_an_unsubscribed_paper_leads_no_longer(library: Library) -> None:
    save_three(library)
    library.set_subscriptions((SECOND, THIRD))
    assert titles(library) == ["guid 1"]
    library.set_subscriptions((SECOND,))
    assert titles(library) == ["guid 1"]
    library.set_subscriptions((FIRST, SECOND, THIRD))
    assert len(titles(library)) == 1


def test_pruned_representative_is_replaced_by_the_next(library: Library) -> None:
    save_three(library)
    assert titles(library) == ["guid 0"]
    library.maintenance.prune(before=datetime.fromisoformat(ACCOUNTS[0]["at"]) + timedelta(minutes=1))
    assert titles(library) == ["guid 1"]


def test_groups_of_earlier_rules_are_rebuilt(library: Library) -> None:
    save_three(library)
    with closing(connect(library.folder, OpenMode.WRITE)) as db:
        for table in ("story_groups", "similar_pairs", "fingerprints"):
            db.execute(f"DELETE FROM {table}")
        group_builder.rebuild_all_groups(db)
        group_builder.update_groups(db)
    assert len(library.story_groups.members(number(library, "guid 0"))) == 3


def test_groups_that_an_earlier_version_made_without_fingerprints_end_with_its_rules(library: Library) -> None:
    save_three(library)
    with closing(connect(library.folder, OpenMode.WRITE)) as db:
        for table in ("similar_pairs", "fingerprints"):
            db.execute(f"DELETE FROM {table}")
    assert titles(library) == ["guid 0"]
    library.group_builder.regroup_all()
    assert {*titles(library)} == {"guid 0", "guid 1", "guid 2"}


def test_groups_of_other_rules_are_reported_and_repaired(library: Library) -> None:
    """An update keeps the groups that the version before made: here, a group without its third story."""
    save_three(library)
    library.for_paper(FOURTH).save([story(3)], now=NOW)
    with closing(connect(library.folder, OpenMode.WRITE)) as db:
        db.execute("UPDATE similar_pairs SET score = -1 WHERE (story, other) IN ((1, 3), (2, 3))")
        group_builder.rebuild_all_groups(db)
    assert len(titles(library)) == 3
    (line,) = library.maintenance.verify()
    assert "3 stories are in the wrong group" in line and "0 of 1 pairs aren't the same news, and 1 groups become 1" in line
    library.maintenance.repair()
    assert library.maintenance.verify() == () and titles(library) == ["guid 3", "guid 0"]


def test_verify_counts_the_pairs_that_the_present_rules_part(library: Library) -> None:
    save_three(library)
    library.for_paper(FOURTH).save([story(3)], now=NOW)
    library.group_builder.update_groups()
    one, other = number(library, "guid 0"), number(library, "guid 3")
    with closing(connect(library.folder, OpenMode.WRITE)) as db:
        db.execute("INSERT INTO similar_pairs VALUES (?, ?, 9)", (min(one, other), max(one, other)))
        group_builder.rebuild_all_groups(db)
    assert set(library.story_groups.members(other)) == {one, other}
    (line,) = library.maintenance.verify()
    expected = "4 stories are in the wrong group: by the present rules, 1 of 2 pairs aren't the same news, and 2 groups become 1"
    assert line == f"stories.db: {expected}"
    library.maintenance.repair()


def test_added_papers_stories_are_grouped_with_the_others(library: Library) -> None:
    library.set_subscriptions((FIRST,))
    library.for_paper(FIRST).save([story(0)], now=NOW)
    library.for_paper(SECOND).save([story(1)], now=NOW)
    library.set_subscriptions((FIRST, SECOND))
    assert titles(library) == ["guid 0"]


# ── comparison in parts ─────────────────────────────────────────────────────


def _save_pair(library: Library, at: int, *, days: int) -> None:
    """Save two accounts of one event, `days` before the accident."""
    published = datetime.fromisoformat(ACCOUNTS[0]["at"]).astimezone(UTC) - timedelta(days=days)
    for paper in (0, 1):
        account = story(paper, guid=f"{at} {paper}", title=f"{ACCOUNTS[paper]['title']} {'কখগ'[at] * 3}", published=published)
        library.for_paper((FIRST, SECOND)[paper]).save([account], now=NOW, groups_now=False)


def test_newest_days_are_compared_first_and_the_rest_next_time(library: Library) -> None:
    for at, days in enumerate((40, 20, 0)):
        _save_pair(library, at, days=days)
    library.group_builder.update_groups(0)
    assert titles(library) == ["2 0", "1 1", "1 0", "0 1", "0 0"]
    assert library.story_groups.is_outdated()
    library.group_builder.update_groups()
    assert titles(library) == ["2 0", "1 0", "0 0"]
    assert not library.story_groups.is_outdated()


def test_marks_do_not_wait_while_stories_are_compared(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    save_three(library)
    marked: list[tuple[int, ...]] = []
    usual = similarity

    def mark(*given: object) -> object:
        with Library(library.folder, clock=lambda: NOW) as other:
            marked.append(other.set_mark("starred", [1], not len(marked) % 2, now=NOW + timedelta(seconds=len(marked))))
        return usual(*given)  # type: ignore[arg-type]  # as given

    with monkeypatch.context() as patched:
        patched.setattr(comparison, "similarity", mark)
        library.for_paper(FOURTH).save([story(2, guid="other")], now=NOW)
    assert len(marked) >= 3 and all(marked)


def test_story_that_arrives_while_others_are_compared_is_grouped(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    arriving = [story(1, guid="arriving"), story(1, guid="arriving", title="পুজোর বাজারে ছাড়", blocks=())]
    usual = similarity

    def save(*given: object) -> object:
        if arriving:
            with Library(library.folder, clock=lambda: NOW) as other:
                other.for_paper(FOURTH).save([arriving.pop(0)], now=NOW, groups_now=False)
        return usual(*given)  # type: ignore[arg-type]  # as given

    with monkeypatch.context() as patched:
        patched.setattr(comparison, "similarity", save)
        save_three(library)
    assert set(titles(library)) == {"guid 0", "arriving"}


@pytest.mark.parametrize("most", [1, 2])
def test_bounded_groups_are_equal_in_three_orders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    monkeypatch.setattr(partner_search, "MAX_PARTNERS", most)
    papers = (FIRST, SECOND, THIRD, FOURTH)
    news = [
        (papers[at % 4], story(0, guid=f"guid {at}", title=row["title"], blocks=(), excerpt=row["text"], published=_when(row)))
        for at, row in enumerate(rows()[:80])
    ]
    orders = news, news[::-1], sorted(news, key=lambda each: each[1].guid)
    found = []
    for number_of_order, order in enumerate(orders):
        with Library(tmp_path / f"{number_of_order}", clock=lambda: NOW) as library:
            library.set_subscriptions(papers)
            for paper, saved in order:
                library.for_paper(paper).save([saved], now=NOW, groups_now=saved.guid.endswith("3"))
            library.group_builder.update_groups()
            guids = {row.id: row.guid for row in library.headlines(ListFilter(), limit=500)}
            found.append({frozenset(guids[each] for each in library.story_groups.members(number)) for number in guids})
            library.for_paper(papers[0]).save([story(3, guid=order[0][1].guid)], now=NOW)  # gives partners back
            assert library.maintenance.verify() == ()
    assert found[0] == found[1] == found[2]
    assert any(len(group) > 1 for group in found[0])


def test_late_story_takes_partners_from_earlier_pairs(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """A late copy doesn't change how rare words are, so that only stories that share words with it are compared again."""
    monkeypatch.setattr(partner_search, "MAX_PARTNERS", 1)
    when = datetime.fromisoformat(ACCOUNTS[0]["at"]).astimezone(UTC).replace(hour=2)
    others = [row for row in rows() if row["cluster"] != "debra-lorry"][:30]
    early = [
        story(0, guid=f"early {at}", title=row["title"], blocks=(), excerpt=row["text"], published=when + timedelta(minutes=at))
        for at, row in enumerate(others)
    ]

    def guids_with_copy() -> set[str]:
        return {library.headline(member).guid for member in library.story_groups.members(number(library, "copy"))}

    library.for_paper(FOURTH).save([*early, story(0, guid="copy", published=when)], now=NOW, groups_now=False)
    library.for_paper(SECOND).save([story(1, published=when + timedelta(hours=1))], now=NOW)
    assert guids_with_copy() == {"copy", "guid 1"}
    library.for_paper(THIRD).save([story(0, guid="late", published=when + timedelta(hours=2))], now=NOW)
    assert guids_with_copy() == {"copy", "late"}
    assert library.group_builder.story_thread(number(library, "guid 1")) == (number(library, "guid 1"),)


def test_stories_of_all_days_are_grouped_again_a_day_at_a_time(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    days = {place: timedelta(days=3 * at) for at, place in enumerate(("ঘাটাল", "খড়্গপুর", "দাঁতন", "কেশপুর"))}
    for place, ago in days.items():
        for number_of, paper in enumerate((FIRST, SECOND)):
            own = story(0, guid=f"{place} {number_of}", published=NOW - ago, title=f"{ACCOUNTS[0]['title']} {place}")
            library.for_paper(paper).save([own], now=NOW)
    grouped = titles(library)
    assert len(grouped) == len(days)
    with closing(connect(library.folder, OpenMode.WRITE)) as db:
        db.execute("UPDATE similar_pairs SET score = -1")
        group_builder.rebuild_all_groups(db)
    assert len(titles(library)) == 2 * len(days)
    monkeypatch.setattr(group_builder, "BATCH_S", -1)
    library.group_builder.regroup_all()
    assert titles(library) == grouped


def test_stories_are_grouped_again_in_short_transactions(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    save_three(library)
    begin, begun = writer_queue.begin, list[sqlite3.Connection]()

    def counted(db: sqlite3.Connection) -> None:
        begun.append(db)
        begin(db)

    monkeypatch.setattr(writer_queue, "begin", counted)

    def count_transactions(batch_s: float) -> int:
        for module in (group_builder, fingerprint_store):
            monkeypatch.setattr(module, "BATCH_S", batch_s)
        begun.clear()
        library.group_builder.regroup_all()
        return len(begun)

    assert count_transactions(-1) >= count_transactions(60) + 2  # a transaction for each story's fingerprint
    assert len(library.story_groups.members(number(library, "guid 0"))) == 3
