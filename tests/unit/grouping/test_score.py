"""Similarity of stories, and groups of the same news. For the quality on real news, see docs/same-news.md."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest

from bpost_tui.bengali.normalise import words
from bpost_tui.demo.sample_edition import load_edition
from bpost_tui.grouping.clustering import GroupCandidate, group_stories
from bpost_tui.grouping.fingerprint import (
    NO_SCRIPT,
    Fingerprint,
    cross_script_fingerprint,
    fingerprint_of,
    headline_hash,
    script_of,
    words_by_hash,
)
from bpost_tui.grouping.partner_search import HeadlineSearch, PartnerSearch
from bpost_tui.grouping.score import (
    FOLLOW_UP_AT_MOST,
    SAME_NEWS_SCORE,
    UNRELATED_SCORE,
    IdfTable,
    PairFeatures,
    ScoreWeights,
    counted_until_us,
    is_near_copy,
    similarity,
)
from bpost_tui.grouping.word_keys import cross_script_keys
from bpost_tui.model.story import Story
from bpost_tui.portal.html.block_parser import parse_blocks

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
TITLE = "Debra: ডেবরায় জাতীয় সড়কে লরির ধাক্কায় মৃত ২"
TEXT = (
    "দ্য বেঙ্গল পোস্ট প্রতিবেদন, পশ্চিম মেদিনীপুর, ২৪ নভেম্বর: সোমবার রাতে ডেবরার আষাড়িতে জাতীয় সড়কে লরির ধাক্কায় মৃত্যু হল দুই বাইক "
    "আরোহীর। মৃতদের নাম সুরজিৎ মান্না (২৪) ও বাপন দোলই (২২)। দু’জনের বাড়ি রাধামোহনপুরে।"
)
OTHER_TITLE = "জাতীয় সড়কে লরি পিষে দিল বাইক, ডেবরায় মৃত রাধামোহনপুরের দুই বন্ধু"
OTHER_TEXT = "আষাড়ির কাছে সোমবার রাতে দুর্ঘটনা। মারা গেলেন সুরজিৎ মান্না ও বাপন দলুই। রাধামোহনপুরে শোক।"


def _traits(title: str = TITLE, text: str = TEXT, *, paper: int = 1, later: timedelta = timedelta()) -> Fingerprint:
    return fingerprint_of(Story("", title, excerpt=text), paper, round((NOW + later).timestamp() * 1e6))


def _compared(*stories: Fingerprint) -> set[tuple[int, int]]:
    numbered = dict(enumerate(stories, 1))
    return PartnerSearch([HeadlineSearch(numbered, numbered)], IdfTable(stories)).pairs(numbered.keys())


def _alike(one: Fingerprint, other: Fingerprint, *beside: Fingerprint) -> float:
    return similarity(one, other, IdfTable((one, other, *beside)))


def test_account_of_the_same_event_is_the_same_news_with_shared_words() -> None:
    one, other = _traits(), _traits(OTHER_TITLE, OTHER_TEXT, paper=2)
    found = similarity(one, other, IdfTable((one, other)))
    assert found >= SAME_NEWS_SCORE
    shown = words_by_hash(Story("", OTHER_TITLE, excerpt=OTHER_TEXT))
    assert {"সুরজিৎ", "মান্না", "বাপন"} <= {shown[word] for word in one.word_set & other.word_set}
    assert _compared(one, other) == {(1, 2)}


def test_similarity_is_symmetric() -> None:
    one, other = _traits(), _traits(OTHER_TITLE, OTHER_TEXT, paper=2)
    assert _alike(one, other) == _alike(other, one)


def test_word_counts_less_when_more_stories_have_it() -> None:
    one, other = _traits(), _traits(OTHER_TITLE, OTHER_TEXT, paper=2)
    beside = [_traits(text=f"{TEXT} {number}", paper=number) for number in range(3, 60)]
    assert _alike(one, other, *beside) < _alike(one, other)


@pytest.mark.parametrize(("hours", "is_compared"), [(-24, True), (24, True), (24.1, False)])
def test_stories_are_compared_within_one_day_only(hours: float, is_compared: bool) -> None:
    assert bool(_compared(_traits(), _traits(paper=2, later=timedelta(hours=hours)))) is is_compared


def test_late_story_of_a_day_changes_no_earlier_similarity() -> None:
    beside = [_traits(later=timedelta(minutes=at), paper=at) for at in range(3, 60)]
    late = [_traits(later=timedelta(minutes=at), paper=at) for at in range(60, 65)]
    assert counted_until_us(beside) == counted_until_us(beside + late) < late[0].published_us
    assert _alike(*beside) == _alike(*beside, *late)
    assert counted_until_us([]) == -1


def test_stories_of_one_paper_are_grouped_only_as_near_copies() -> None:
    assert _alike(_traits(), _traits("আষাড়িতে জাতীয় সড়কে মৃত সুরজিৎ ও বাপন, শোক রাধামোহনপুরে", OTHER_TEXT)) < SAME_NEWS_SCORE
    assert _alike(_traits(), _traits("আষাড়িতে জাতীয় সড়কে মৃত সুরজিৎ ও বাপন, শোক রাধামোহনপুরে", OTHER_TEXT, paper=2)) >= SAME_NEWS_SCORE
    assert _alike(_traits(), _traits(f"ভিডিও: {TITLE}")) >= SAME_NEWS_SCORE


@pytest.mark.parametrize(
    ("title", "hours", "is_copy"),
    [
        (f"ভিডিও: {TITLE}", 0, True),
        (TITLE, 11, True),
        (TITLE, 13, False),
        ("ডেবরায় জাতীয় সড়কে লরির ধাক্কায় মৃত ২, ধৃত চালক", 1, True),
        ("ডেবরার দুর্ঘটনায় ধৃত লরির চালক, শোক গ্রামে", 1, False),
    ],
)
def test_paper_repeats_only_near_copies(title: str, hours: int, is_copy: bool) -> None:
    assert (_alike(_traits(), _traits(title, later=timedelta(hours=hours))) >= SAME_NEWS_SCORE) is is_copy


def test_each_feature_of_a_pair_has_its_weight() -> None:
    assert ScoreWeights._fields == (*PairFeatures._fields, "start")


def test_near_copy_has_the_names_of_the_headline() -> None:
    beside = [
        fingerprint_of(
            Story("", f"Captain surpasses Kohli, becomes fastest Indian batter ever, day {day}", excerpt="A match."), 9, 0
        )
        for day in range(40)
    ]
    titles = (
        "Gill surpasses Kohli, becomes fastest Indian batter ever",
        "Gill surpasses Kohli, becomes fastest Indian batter ever: video",
        "Iyer surpasses Kohli, becomes fastest Indian batter ever",
    )
    text = "He reached the milestone in the second match of the series in Lucknow, on a slow pitch."
    one, copy, other = (fingerprint_of(Story("", title, excerpt=text), 1, 0) for title in titles)
    table = IdfTable((one, copy, other, *beside))
    assert is_near_copy(one, copy, table) and not is_near_copy(one, other, table)


def test_english_words_count_without_their_endings() -> None:
    first, second = (
        fingerprint_of(Story("", title, excerpt=text), paper, 0)
        for paper, title, text in (
            (
                1,
                "Minister resigns over leaked papers",
                "The minister resigned on Monday after papers leaked, police raided two offices.",
            ),
            (2, "Minister resigned as paper leaks", "Police are raiding offices, and the ministers resign after a leak."),
        )
    )
    assert len(first.headline_set & second.headline_set) == 4


def test_later_story_of_another_paper_needs_a_higher_score() -> None:
    weak = "ডেবরায় লরির ধাক্কা, শোক গ্রামে", "রাতে জাতীয় সড়কে দুর্ঘটনা। এলাকায় শোক। পথ অবরোধ করেন বাসিন্দারা, পরে পুলিশ গিয়ে সামলায়।"
    soon, later = (_alike(_traits(), _traits(*weak, paper=2, later=timedelta(hours=hours))) for hours in (1, 7))
    assert soon >= SAME_NEWS_SCORE
    assert later == FOLLOW_UP_AT_MOST
    assert _alike(_traits(), _traits(paper=2, later=timedelta(hours=7))) > 1
    assert 0.75 <= _alike(_traits(), _traits("ডেবরায় লরির ধাক্কা, মৃত্যু", weak[1], paper=2, later=timedelta(hours=9))) < 1


@pytest.mark.parametrize(("title", "is_same"), [("Truck kills two bikers in Debra", True), ("Debra bikers", False)])
def test_english_headline_of_a_name_alone_is_no_account_of_the_event(title: str, is_same: bool) -> None:
    text = "A truck hit a bike on the national highway in Debra on Monday night. Two bikers died, villagers blocked the road."
    one, other = (_traits(title, text, paper=paper) for paper in (1, 2))
    assert (similarity(one, other, IdfTable(())) >= SAME_NEWS_SCORE) is is_same


def test_stories_without_words_are_never_the_same_news() -> None:
    assert _alike(_traits("", ""), _traits("", "", paper=2)) < SAME_NEWS_SCORE
    assert not _compared(_traits("", ""), _traits("", "", paper=2))


def test_sample_edition_has_no_same_news_even_on_one_day() -> None:
    posts = load_edition(NOW).stories
    stories = [Story(str(post.id), post.title, blocks=parse_blocks(post.content(""), "http://127.0.0.1")) for post in posts]
    traits = [fingerprint_of(story, number, 0) for number, story in enumerate(stories)]
    assert len(traits) >= 16
    assert all(similarity(one, other, IdfTable(traits)) < SAME_NEWS_SCORE for one, other in combinations(traits, 2))


def test_fingerprint_survives_a_round_trip_through_its_row() -> None:
    one = _traits()
    assert vars(Fingerprint.from_row(one.paper, one.script, one.published_us, *one.to_row())) == vars(one)


@pytest.mark.parametrize("other", ["সোনার দাম, ২৯ ডিসেম্বর ২০২৬", "সোনার দাম, মঙ্গলবার ৩ মার্চ"])
def test_headlines_differing_only_in_numbers_share_a_hash(other: str) -> None:
    assert headline_hash(Story("", "সোনার দাম, ২৮ ডিসেম্বর ২০২৬")) == headline_hash(Story("", other))
    assert headline_hash(Story("", "রুপোর দাম, ২৮ ডিসেম্বর ২০২৬")) != headline_hash(Story("", other))


@pytest.mark.parametrize(
    ("text", "is_compared"), [("ডেবরায় 2", True), ("Two die", True), ("東京で大雪", False), ("กรุงเทพ", False), ("12 — 13", False)]
)
def test_headline_in_a_script_without_spaces_is_not_compared(text: str, is_compared: bool) -> None:
    assert (script_of(text) != NO_SCRIPT) is is_compared


# ── two scripts ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("bengali", "english"),
    [
        ("তারেকের", "tarique"),
        ("শুভেন্দু", "suvendu"),
        ("হাসপাতালে", "hospital"),
        ("মেদিনীপুরে", "midnapore"),
        ("বিজেপির", "bjp"),
        ("2450", "2450"),
    ],
)
def test_names_meanings_and_numbers_share_cross_script_keys(bengali: str, english: str) -> None:
    one, other = (words(word)[0] for word in (bengali, english))
    assert {*cross_script_keys(one)} & {*cross_script_keys(other)}


@pytest.mark.parametrize("word", ["2", "মান্না", "manna", "आज", "и"])
def test_common_words_have_no_cross_script_keys(word: str) -> None:
    assert cross_script_keys(words(word)[0]) == ()


def test_word_common_in_either_script_has_a_low_idf() -> None:
    bengali, english = (cross_script_fingerprint(Story("", title), 1, 0) for title in ("তারেক রহমান", "Tarique in Dhaka"))
    (name,) = bengali.word_set & english.word_set
    rare, common = IdfTable.for_two_scripts([bengali], [english]), IdfTable.for_two_scripts([bengali] * 300, [english])
    assert common.total_idf([name]) < rare.total_idf([name]) == IdfTable.for_two_scripts([english], [bengali]).total_idf([name])


def test_pairs_across_scripts_are_grouped_last() -> None:
    accounts = _accounts("a", "b", "c")
    accounts[3] = accounts[3]._replace(script=19)
    assert group_stories(accounts, {(1, 2): 1.0, (1, 3): 5.0}) == {1: 1, 2: 1}
    assert group_stories(accounts, {(1, 2): 1.0, (1, 3): 5.0, (2, 3): -1.0}) == {1: 1, 2: 1, 3: 1}


# ── groups ──────────────────────────────────────────────────────────────────


def _accounts(*papers: str) -> dict[int, GroupCandidate]:
    return {at: GroupCandidate(paper, str(at), at, ord(paper), stays_listed=False) for at, paper in enumerate(papers, 1)}


def test_first_papers_story_leads_when_similar_to_all_others() -> None:
    assert group_stories(_accounts("b", "a", "c"), {(1, 2): 1.0, (2, 3): 1.0, (1, 3): 1.0}) == {1: 2, 2: 2, 3: 2}
    assert group_stories(_accounts("b", "a", "c"), {(1, 2): 1.0, (1, 3): 1.0, (2, 3): -1.0}) == {1: 1, 2: 1, 3: 1}


def test_newest_near_copy_of_a_paper_leads() -> None:
    assert group_stories(_accounts("a", "a", "b"), {(1, 2): 2.0, (1, 3): 1.0, (2, 3): 1.0}) == {1: 2, 2: 2, 3: 2}


def test_read_story_stays_the_representative() -> None:
    accounts = _accounts("a", "b")
    accounts[2] = accounts[2]._replace(stays_listed=True)
    assert group_stories(accounts, {(1, 2): 1.0}) == {1: 2, 2: 2}


def test_unlike_stories_stay_separate_despite_a_story_similar_to_both() -> None:
    assert group_stories(_accounts("a", "b", "c"), {(1, 2): 2.0, (2, 3): 1.0}) == {1: 1, 2: 1}
    assert group_stories(_accounts("a", "b", "c"), {(1, 2): 2.0, (2, 3): 1.0, (1, 3): UNRELATED_SCORE - 1}) == {1: 1, 2: 1}


def test_chain_of_similar_stories_is_never_one_group() -> None:
    chain = {(1, 2): 1.0, (2, 3): 1.0, (3, 4): 1.0, (1, 3): -1.0, (2, 4): -1.0, (1, 4): -1.0}
    groups = group_stories(_accounts("a", "b", "c", "d"), chain)
    assert all(other == number or chain[tuple(sorted((number, other)))] >= SAME_NEWS_SCORE for number, other in groups.items())  # type: ignore[index]


def test_more_similar_of_a_papers_two_stories_joins_the_group() -> None:
    assert group_stories(_accounts("a", "b", "b"), {(1, 2): 1.0, (1, 3): 2.0, (2, 3): -0.5}) == {1: 1, 3: 1}
