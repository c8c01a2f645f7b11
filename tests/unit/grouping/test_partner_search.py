"""Pairs of stories that are worth scoring: few for each headline, however many stories share its words."""

from __future__ import annotations

from array import array
from itertools import combinations
from random import Random

import pytest

from bpost_tui.clock import DAY_US
from bpost_tui.grouping import partner_search
from bpost_tui.grouping.fingerprint import Fingerprint
from bpost_tui.grouping.partner_search import MAX_OWN_PARTNERS, MAX_PARTNERS, HeadlineSearch, PartnerSearch
from bpost_tui.grouping.score import MAX_GAP_US, IdfTable


def _story(words: list[int], *, at_us: int = 0, paper: int = 1) -> Fingerprint:
    return Fingerprint(paper, 0, at_us, words, [10_000 + word for word in words], array("H").tobytes())


def _groups(count: int, groups: int, random: Random, *, words: int = 14, papers: int = 1) -> dict[int, Fingerprint]:
    """Return `count` stories of `papers` in groups, each headline with 9 of the `words` of its group."""
    return {
        number: _story(
            random.sample(range(100 * (number % groups), 100 * (number % groups) + words), 9),
            at_us=random.randrange(DAY_US),
            paper=random.randrange(papers),
        )
        for number in range(1, count + 1)
    }


def _search(stories: dict[int, Fingerprint]) -> PartnerSearch:
    return PartnerSearch([HeadlineSearch(stories, stories)], IdfTable(stories.values()))


@pytest.mark.parametrize("groups", [1, 8, 30, 75])
@pytest.mark.parametrize(("papers", "most"), [(1, MAX_OWN_PARTNERS), (10, MAX_OWN_PARTNERS + MAX_PARTNERS)])
def test_each_headline_has_few_partners_however_alike_all_are(groups: int, papers: int, most: int) -> None:
    stories = _groups(600, groups, Random(5), papers=papers)
    assert len(_search(stories).pairs(stories.keys())) <= most * len(stories)


def test_partners_are_the_stories_that_share_most_words() -> None:
    stories = {number: _story([*range(5), number]) for number in range(100, 100 + 2 * MAX_PARTNERS)}
    stories |= {number: _story(range(number % 2, 9)) for number in (1, 2)}  # type: ignore[arg-type]  # a range of words
    assert _search(stories).pairs({1}) == {(1, 2)}
    assert all(not {1, 2}.isdisjoint(pair) for pair in _search(stories).pairs(stories.keys()))


@pytest.mark.parametrize(("is_one_paper", "most"), [(True, MAX_OWN_PARTNERS), (False, MAX_PARTNERS)])
def test_template_of_too_many_stories_has_no_partners(is_one_paper: bool, most: int) -> None:
    stories = {number: _story([*range(9)], paper=1 if is_one_paper else number) for number in range(1, most + 3)}
    assert _search(stories).pairs(stories.keys()) == set()
    del stories[1]
    assert len(_search(stories).pairs(stories.keys())) == (most + 1) * most / 2


def test_flood_of_one_paper_leaves_partners_in_other_papers() -> None:
    stories = {number: _story([*range(9)], paper=1 if number > 2 else number) for number in range(1, 3 * MAX_PARTNERS)}
    assert _search(stories).pairs({2}) == set(), "the flood is more than the bound"
    few = {number: stories[number] for number in (1, 2, *range(3, 3 + MAX_OWN_PARTNERS))}
    assert _search(few).pairs({2}) == {(1, 2), *((2, number) for number in few if number > 2)}


def test_stories_more_than_a_day_apart_take_no_partners_from_others() -> None:
    at_us = MAX_GAP_US * 2
    stories = {number: _story([*range(9)], at_us=at_us * (number % 2), paper=number) for number in range(1, 2 * MAX_PARTNERS)}
    assert {(one - other) % 2 for one, other in _search(stories).pairs(stories.keys())} == {0}


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("most", [1, 3, 8])
def test_touched_stories_are_all_whose_pairs_change(monkeypatch: pytest.MonkeyPatch, seed: int, most: int) -> None:
    monkeypatch.setattr(partner_search, "MAX_PARTNERS", most)
    monkeypatch.setattr(partner_search, "MAX_OWN_PARTNERS", 2)
    stories = _groups(60, 5, Random(seed), words=30, papers=3)
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
    stories = {number: _story(random.sample(range(40), 12), paper=number % 2) for number in range(60)}
    table = IdfTable(())
    found = PartnerSearch([HeadlineSearch(stories, stories)], table).pairs(stories.keys())
    counts = {(a, b): len(stories[a].headline_set & stories[b].headline_set) for a, b in combinations(stories, 2)}

    def least(number: int, is_own: bool) -> int:
        beside = [count for pair, count in counts.items() if number in pair and ((pair[0] - pair[1]) % 2 == 0) is is_own]
        most = MAX_OWN_PARTNERS if is_own else MAX_PARTNERS
        return next(least for least in range(3, 14) if sum(count >= least for count in beside) <= most)

    def is_partner(pair: tuple[int, int]) -> bool:
        return counts[pair] >= min(least(number, (pair[0] - pair[1]) % 2 == 0) for number in pair) and 2 * counts[pair] >= 5

    assert found == {pair for pair in counts if is_partner(pair)}
