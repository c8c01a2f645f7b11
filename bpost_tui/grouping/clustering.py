"""Which accounts of the same news are together, and which of them leads, by how alike they are. Pure, in any order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product
from typing import NamedTuple

from bpost_tui.grouping.score import SAME_NEWS_SCORE, UNRELATED_SCORE

MAX_GROUP_SIZE = 30
"""Of one event."""


class GroupCandidate(NamedTuple):
    """A story, as far as its group is concerned."""

    paper: str
    guid: str
    published_us: int
    paper_position: int
    """The place of its paper in the reader's order."""
    is_read_representative: bool
    """Whether it leads already and was read: then it goes on leading."""
    script: int = 0
    """Which alphabet it is in."""

    @property
    def key(self) -> tuple[str, str]:
        """What names the story in every library."""
        return self.paper, self.guid

    @property
    def rank(self) -> tuple[bool, int, int, str, str]:
        """What the accounts of an event are in order by; the first that may lead does."""
        return not self.is_read_representative, self.paper_position, self.published_us, self.paper, self.guid


def group_stories(accounts: Mapping[int, GroupCandidate], scores: Mapping[tuple[int, int], float]) -> dict[int, int]:
    """Return who leads each account that isn't alone, itself included.

    Pairs are taken in the order of their scores, the most alike first, those in two scripts last. What they bring together must
    have an account that is like all others, which then leads; none that is unlike another; and of one paper only near copies: of
    two stories of a paper, one at most is the same news, the other goes on with it.

    Args:
        accounts: Stories, by number.
        scores: (lower number, higher number) → how alike; pairs that aren't there are unlike.
    """
    together: dict[int, tuple[int, ...]] = {number: (number,) for number in accounts}
    alike = [pair for pair, score in scores.items() if score >= SAME_NEWS_SCORE]

    def place(pair: tuple[int, int]) -> tuple[bool, float, list[tuple[str, str]]]:
        one, other = (accounts[number] for number in pair)
        return one.script != other.script, -scores[pair], sorted((one.key, other.key))

    for a, b in sorted(alike, key=place):
        one, other = together[a], together[b]
        if one is not other and len(one) + len(other) <= MAX_GROUP_SIZE and _can_merge(one, other, accounts, scores):
            for number in (*one, *other):
                together[number] = (*one, *other)
    return {number: _representative(every, accounts, scores) for number, every in together.items() if len(every) > 1}


def _can_merge(
    one: Iterable[int], other: Iterable[int], accounts: Mapping[int, GroupCandidate], scores: Mapping[tuple[int, int], float]
) -> bool:
    for a, b in product(one, other):
        least = SAME_NEWS_SCORE if accounts[a].paper == accounts[b].paper else UNRELATED_SCORE
        if _score(a, b, scores) < least:
            return False
    every = (*one, *other)
    return any(_is_similar_to_all(number, every, scores) for number in every)


def _representative(every: Iterable[int], accounts: Mapping[int, GroupCandidate], scores: Mapping[tuple[int, int], float]) -> int:
    return min((number for number in every if _is_similar_to_all(number, every, scores)), key=lambda number: accounts[number].rank)


def _is_similar_to_all(number: int, every: Iterable[int], scores: Mapping[tuple[int, int], float]) -> bool:
    return all(other == number or _score(number, other, scores) >= SAME_NEWS_SCORE for other in every)


def _score(a: int, b: int, scores: Mapping[tuple[int, int], float]) -> float:
    return scores.get((a, b) if a < b else (b, a), 2 * UNRELATED_SCORE)
