"""How alike two stories are: a few weights on the words they share, by how rare those are in the stories of the days around. Pure.

The weights are fitted to real news that was read and labelled (docs/same-news.md says which, and how well they do).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from bpost_tui.same_news.common_words import RARE_SHARE, shares
from bpost_tui.same_news.traits import DAY_US, Traits, fours, mark_of

ENOUGH = 0.0
"""From this score on two stories are the same news."""
FOLLOWS = -1.5
"""From this score on one story goes on with what the other tells, or tells the same."""
UNLIKE = -3.0
"""Below this score two stories aren't accounts of one event, whatever third story is like both."""
WITHIN_US = DAY_US
"""How far apart two stories may be published that are compared: the next accident on the same road reads like the last one."""
NEARBY_DAYS = 1
"""Words are counted in the stories of the day of the earlier of two stories, and of so many days before and after it."""

_LISTED = 300
"""So many stories with the shares of the list (common_words.py) are counted along: a new library has few of its own."""
_LEAST_TOLD = 33.0
"""What of the headlines the two stories have in common must tell, by the list alone, for them to be compared."""
_COMMON = 0.05
"""Words that more stories have, by the list, tell nothing there."""
_HEADING_UNIT = 10.0


class Weights(NamedTuple):
    """What each part of a score counts."""

    heading: float
    """Of the words of either headline that the other story has, a tenth of what they tell."""
    words: float
    """Of the cosine of all words, by the squares of what they tell."""
    letters: float
    """Of the cosine of the headlines' letters, four by four."""
    day: float
    """Of each day between the two."""
    start: float
    """Where the score begins, so that ENOUGH is 0."""


ACROSS = Weights(1.58, 7.22, 1.90, -1.11, -7.75)
"""Of two papers."""
ONE_PAPER = Weights(1.23, 2.71, 5.87, -3.09, -8.6)
"""Within one paper: near copies alone, such as a video's page beside its text."""


class Counts:
    """How much words tell, by how many stories of some days have them.

    Args:
        words: For each day, word → stories that have it.
        stories: How many stories these days have.
        shares: What share of stories has a word, by the list.
    """

    def __init__(self, words: Sequence[Mapping[int, int]], stories: int, shares: Mapping[int, float] | None = None) -> None:
        self._words = words
        self._all = stories + _LISTED
        self._shares = _listed() if shares is None else shares
        self._told: dict[int, float] = {}
        self._lengths: dict[int, tuple[float, Traits]] = {}

    def tells(self, word: int) -> float:
        """Return how much a word tells, in nats: −log of the share of stories that have it."""
        told = self._told.get(word)
        if told is None:
            having = _LISTED * self._shares.get(word, RARE_SHARE)
            for day in self._words:
                having += day.get(word, 0)
            told = self._told[word] = max(0.0, math.log(self._all / having))
        return told

    def length(self, story: Traits) -> float:
        """Return the length of a story's words as a vector of what each tells."""
        found = self._lengths.get(id(story))
        if found is None:
            known = self._told
            told = [known[word] if word in known else self.tells(word) for word in story.words]  # of 60 calls, few are needed
            length = math.sqrt(math.fsum([tells * tells for tells in told]))
            found = self._lengths[id(story)] = length, story
        return found[0]


class Score(NamedTuple):
    """How alike two stories are, and which words made it so."""

    total: float
    words: Mapping[int, float]
    """What each word tells that both have."""
    heading: float
    """How much of the total is of the headlines' words; the parts are those of `Weights`."""
    all_words: float
    letters: float
    days: float

    @classmethod
    def nothing(cls) -> Score:
        """Return the score of stories that aren't compared."""
        return cls(2 * UNLIKE, {}, 0.0, 0.0, 0.0, 0.0)


class Why(NamedTuple):
    """How alike two stories are, as it may be shown."""

    total: float
    words: tuple[tuple[str, float], ...]
    """The words that both have, and what each tells, the most telling first."""


def score(a: Traits, b: Traits, counts: Counts) -> Score:
    """Return how alike two stories of one script are; the same whichever comes first."""
    weights = ONE_PAPER if a.paper == b.paper else ACROSS
    words = {word: counts.tells(word) for word in a.words & b.words}
    heading = math.fsum(tells * ((word in a.heading) + (word in b.heading)) for word, tells in words.items()) / _HEADING_UNIT
    shared = math.fsum(tells**2 for tells in words.values())
    length = counts.length(a) * counts.length(b)
    ours, theirs = fours(a.letters), fours(b.letters)
    letters = len(ours & theirs) / math.sqrt(len(ours) * len(theirs) or 1)
    days = abs(a.published_us - b.published_us) / DAY_US
    parts = (
        weights.heading * heading,
        weights.words * (shared / length if length else 0.0),
        weights.letters * letters,
        weights.day * days,
    )
    return Score(math.fsum((*parts, weights.start)), words, *parts)


def comparable(
    some: Iterable[int], stories: Mapping[int, Traits], shares: Mapping[int, float] | None = None
) -> Iterator[tuple[int, int]]:
    """Yield pairs of numbers, the lower first, of which one is of `some`, and whose headlines the other story has much of.

    How much they tell goes by the list alone: whether a pair is compared doesn't depend on what else is there.
    """
    listed = _listed() if shares is None else shares
    new = {number: stories[number] for number in some}
    common = {word for word, share in listed.items() if share >= _COMMON}
    all_heading = frozenset().union(*(story.heading for story in new.values())) - common
    every = frozenset().union(*(story.words for story in new.values())) - common
    having, heading = defaultdict[int, list[int]](list), defaultdict[int, list[int]](list)
    for number, story in stories.items():
        for word in all_heading & story.words:
            having[word].append(number)
        for word in every & story.heading:
            heading[word].append(number)
    for number, story in new.items():
        shared = defaultdict[float, Counter[int]](Counter)  # by the words' share, of which there are few
        for words, among in ((story.heading, having), (story.words, heading)):
            for word in words & among.keys():
                shared[listed.get(word, RARE_SHARE)].update(among[word])
        told = defaultdict[int, float](float)
        for share, counted in shared.items():
            tells = -math.log(share)
            for other, count in counted.items():
                told[other] += tells * count
        for other, enough in told.items():
            is_near = abs(stories[other].published_us - story.published_us) <= WITHIN_US
            if enough >= _LEAST_TOLD and is_near and other != number and not (other in new and other < number):
                yield min(number, other), max(number, other)


@cache
def _listed() -> Mapping[int, float]:
    return shares(mark_of)
