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
FOLLOWS = -1.25
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
_LEAST_SHARED = math.ceil(_LEAST_TOLD / -math.log(RARE_SHARE))
"""So many words that takes, were all of them rare."""
_COMMON = 0.05
"""Words that more stories have, by the list, tell nothing there."""
_HEADING_UNIT = 10.0
_NAT = 1_000_000


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


ACROSS = Weights(1.58, 7.22, 1.90, -1.11, -7.5)
"""Of two papers."""
ONE_PAPER = Weights(1.23, 2.71, 5.87, -3.09, -8.6)
"""Within one paper: near copies alone, such as a video's page beside its text."""


class _OfWords(dict[int, int]):
    """What each word has, and what a word has that isn't there."""

    def __init__(self, words: Mapping[int, int], other: int) -> None:
        super().__init__(words)
        self._other = other

    def __missing__(self, word: int) -> int:
        return self._other


class Counts:
    """How much words tell, by how many stories of some days have them.

    They are whole numbers of micronats, so that sums are exact: in which order words come doesn't count.

    Args:
        words: For each day, word → stories that have it.
        stories: How many stories these days have.
        shares: What share of stories has a word, by the list.
    """

    def __init__(self, words: Sequence[Mapping[int, int]], stories: int, shares: Mapping[int, float] | None = None) -> None:
        listed = _listed() if shares is None else shares
        counted: dict[int, int] = {}
        for day in words:
            counted = {**counted, **day, **{word: counted[word] + day[word] for word in counted.keys() & day.keys()}}

        def tells(share: float, count: int) -> int:
            return max(0, round(_NAT * math.log((stories + _LISTED) / (_LISTED * share + count))))

        rare = [tells(RARE_SHARE, count) for count in range(max(counted.values(), default=0) + 1)]
        told = {word: rare[count] for word, count in counted.items()}
        told |= {word: tells(share, counted.get(word, 0)) for word, share in listed.items()}
        self._told = _OfWords(told, rare[0])
        self._squares = _OfWords({word: each * each for word, each in told.items()}, rare[0] ** 2)
        self._lengths: dict[int, tuple[float, Traits]] = {}

    def tell(self, words: Iterable[int]) -> float:
        """Return how much words tell together, in nats: −log of the share of stories that have each."""
        return sum(map(self._told.__getitem__, words)) / _NAT

    def cosine(self, a: Traits, b: Traits) -> float:
        """Return the cosine of the angle between the words of two stories, as vectors of what each tells."""
        lengths = self._length(a) * self._length(b)
        return sum(map(self._squares.__getitem__, a.words & b.words)) / lengths if lengths else 0.0

    def _length(self, story: Traits) -> float:
        found = self._lengths.get(id(story))
        if found is None:
            found = self._lengths[id(story)] = math.sqrt(sum(map(self._squares.__getitem__, story.words))), story
        return found[0]


class Score(NamedTuple):
    """How alike two stories are."""

    total: float
    heading: float
    """How much of the total is of the headlines' words; the parts are those of `Weights`."""
    all_words: float
    letters: float
    days: float


class Why(NamedTuple):
    """How alike two stories are, as it may be shown."""

    total: float
    words: tuple[tuple[str, float], ...]
    """The words that both have, and what each tells, the most telling first."""


def score(a: Traits, b: Traits, counts: Counts) -> Score:
    """Return how alike two stories of one script are; the same whichever comes first."""
    weights = ONE_PAPER if a.paper == b.paper else ACROSS
    ours, theirs = fours(a.letters), fours(b.letters)
    parts = (
        weights.heading * (counts.tell(a.heading & b.words) + counts.tell(b.heading & a.words)) / _HEADING_UNIT,
        weights.words * counts.cosine(a, b),
        weights.letters * (len(ours & theirs) / math.sqrt(len(ours) * len(theirs) or 1)),
        weights.day * (abs(a.published_us - b.published_us) / DAY_US),
    )
    return Score(math.fsum((*parts, weights.start)), *parts)


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

    def tells(words: Iterable[int]) -> float:
        return -math.fsum(math.log(listed.get(word, RARE_SHARE)) for word in words if word not in common)

    for number, story in new.items():
        shared = Counter[int]()
        for words, among in ((story.heading, having), (story.words, heading)):
            for word in words & among.keys():
                shared.update(among[word])
        for other in [other for other, count in shared.items() if count >= _LEAST_SHARED]:
            that = stories[other]
            if other == number or (other in new and other < number) or abs(that.published_us - story.published_us) > WITHIN_US:
                continue
            if tells(story.heading & that.words) + tells(that.heading & story.words) >= _LEAST_TOLD:
                yield min(number, other), max(number, other)


@cache
def _listed() -> Mapping[int, float]:
    return shares(mark_of)
