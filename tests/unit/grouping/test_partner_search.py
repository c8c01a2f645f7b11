"""Pairs of stories that are worth scoring: few for each headline, however many stories share its words."""

from __future__ import annotations

from array import array
from itertools import combinations
from random import Random

import pytest

from bpost_tui.clock import DAY_US
from bpost_tui.grouping import partner_search
from bpost_tui.grouping.fingerprint import Fingerprint
from bpost_tui.grouping.partner_search import MAX_PARTNERS, HeadlineSearch, PartnerSearch
from bpost_tui.grouping.score import MAX_GAP_US, IdfTable


def _story(words: list[int], *, at_us: int = 0) -> Fingerprint:
    return Fingerprint(1, 0, at_us, words, [10_000 + word for word in words], array("H").tobytes())


def _groups(count: int, groups: int, random: Random, *, words: int = 14) -> dict[int, Fingerprint]:
    """Return `count` stories in groups, each headline with 9 of the `words` of its group."""
    return {
        number: _story(
            random.sample(range(100 * (number % groups), 100 * (number % groups) + words), 9), at_us=random.randrange(DAY_US)
        )
        for number in range(1, count + 1)
    }


def _search(stories: dict[int, Fingerprint]) -> PartnerSearch:
    return PartnerSearch([HeadlineSearch(stories, stories)], IdfTable(stories.values()))


@pytest.mark.parametrize("groups", [1, 8, 30, 75])
def test_each_headline_has_few_partners_however_alike_all_are(groups: int) -> None:
    stories = _groups(600, groups, Random(5))
    assert len(_search(stories).pairs(stories.keys())) <= MAX_PARTNERS * len(stories)


def test_partners_are_the_stories_that_share_most_words() -> None:
    stories = {number: _story([*range(5), number]) for number in range(100, 100 + 2 * MAX_PARTNERS)}
    stories |= {number: _story(range(number % 2, 9)) for number in (1, 2)}  # type: ignore[arg-type]  # a range of words
    assert _search(stories).pairs({1}) == {(1, 2)}
    assert all(not {1, 2}.isdisjoint(pair) for pair in _search(stories).pairs(stories.keys()))


def test_template_of_too_many_stories_has_no_partners() -> None:
    stories = {number: _story([*range(9)]) for number in range(1, MAX_PARTNERS + 3)}
    assert _search(stories).pairs(stories.keys()) == set()
    del stories[1]
    assert len(_search(stories).pairs(stories.keys())) == (MAX_PARTNERS + 1) * MAX_PARTNERS / 2


def test_stories_more_than_a_day_apart_take_no_partners_from_others() -> None:
    stories = {number: _story([*range(9)], at_us=MAX_GAP_US * (number % 2) * 2) for number in range(1, 2 * MAX_PARTNERS)}
    assert {(one - other) % 2 for one, other in _search(stories).pairs(stories.keys())} == {0}


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("most", [1, 3, 8])
def test_touched_stories_are_all_whose_pairs_change(monkeypatch: pytest.MonkeyPatch, seed: int, most: int) -> None:
    monkeypatch.setattr(partner_search, "MAX_PARTNERS", most)
    stories = _groups(60, 5, Random(seed), words=30)
    new = set(Random(seed).sample(sorted(stories), 5))
    table = IdfTable(())
    before = {number: story for number, story in stories.items() if number not in new}
    earlier, later = (PartnerSearch([HeadlineSearch(each, each)], table) for each in (before, stories))
    changed = earlier.pairs(before.keys()) ^ later.pairs(stories.keys())
    touched = later.touched(new)
    assert changed and all(not touched.isdisjoint(pair) for pair in changed)
    gained = later.pairs(stories.keys()) - earlier.pairs(before.keys())
    assert all(not new.isdisjoint(pair) for pair in gained), "pairs of earlier stories only get fewer"


def test_counting_words_in_bits_equals_counting_them_one_by_one() -> None:
    random = Random(3)
    stories = {number: _story(random.sample(range(40), 12)) for number in range(30)}
    table = IdfTable(())
    found = PartnerSearch([HeadlineSearch(stories, stories)], table).pairs(stories.keys())
    counts = {(a, b): len(stories[a].headline_set & stories[b].headline_set) for a, b in combinations(stories, 2)}

    def least(number: int) -> int:
        own = [count for pair, count in counts.items() if number in pair]
        return next(least for least in range(3, 14) if sum(count >= least for count in own) <= MAX_PARTNERS)

    assert found == {pair for pair, count in counts.items() if count >= min(map(least, pair)) and 2 * count >= 5}
