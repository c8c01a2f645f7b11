"""How alike two stories are: a few weights on the words they share, by how rare those are in the stories of the days around. Pure.

The weights are fitted to real news that was read and labelled (docs/same-news.md says which, and how well they do).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from itertools import chain
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

_LISTED = 300
"""So many stories with the shares of the list (common_words.py) are counted along: a new library has few of its own."""
_LEAST_TOLD = 2.0
"""Nats that a word must tell for stories to be compared because of it: one story in seven has a word that tells less."""
_LEAST_OF_BOTH = 5
"""Of the headlines' words that tell so much, two stories must have so many of each other's; so one of them has half."""
_LEAST_OF_ONE = math.ceil(_LEAST_OF_BOTH / 2)
_LEAST_OF_TEXT = 0.05
"""Two texts must share so much of what the lesser one tells: a headline alone is soon copied."""
_COUNTED_AGAIN = 4
"""Words of a day are counted again when it has a story more for each so many that were counted."""
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


ACROSS = Weights(1.58, 7.22, 1.90, -1.11, -7.75)
"""Of two papers."""
ONE_PAPER = Weights(1.23, 2.71, 5.87, -3.09, -9.1)
"""Within one paper: near copies alone, such as a video's page beside its text."""


class _OfWords(dict[int, int]):
    """What each word has, and what a word has that isn't there."""

    def __init__(self, words: Mapping[int, int], other: int) -> None:
        super().__init__(words)
        self._other = other

    def __missing__(self, word: int) -> int:
        return self._other


class Counts:
    """How much words tell, by how many of a day's stories have them.

    They are whole numbers of micronats, so that sums are exact: in which order words come doesn't count.

    Args:
        stories: Of one script and day: the words of two stories are counted in the day of the earlier one.
        shares: What share of stories has a word, by the list.
    """

    def __init__(self, stories: Collection[Traits], shares: Mapping[int, float] | None = None) -> None:
        listed, until_us = _listed() if shares is None else shares, counted_until_us(stories)
        words = [story.words for story in stories if story.published_us <= until_us]
        counted = Counter(chain.from_iterable(words))

        def tells(share: float, count: int) -> int:
            return max(0, round(_NAT * math.log((len(words) + _LISTED) / (_LISTED * share + count))))

        rare = [tells(RARE_SHARE, count) for count in range(max(counted.values(), default=0) + 1)]
        told = {word: rare[count] for word, count in counted.items()}
        told |= {word: tells(share, counted[word]) for word, share in listed.items()}
        self._common = frozenset(word for word, each in told.items() if each < _LEAST_TOLD * _NAT)
        self._told = _OfWords(told, rare[0])
        self._squares = _OfWords({word: each * each for word, each in told.items()}, rare[0] ** 2)
        self._lengths: dict[int, tuple[float, Traits]] = {}

    def telling(self, words: frozenset[int]) -> frozenset[int]:
        """Return the words that tell enough for stories to be compared because of them."""
        return words - self._common

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


def counted_until_us(stories: Iterable[Traits]) -> int:
    """Return until when stories of a day are published whose words are counted, -1 where there are none.

    Those are all, or all but the last fifth: the next story changes what words tell only where that has grown by a quarter.
    """
    published, counted = sorted(story.published_us for story in stories), 0
    while (more := counted + max(1, counted // _COUNTED_AGAIN)) <= len(published):
        counted = more
    return published[counted - 1] if published else -1


class Score(NamedTuple):
    """How alike two stories are."""

    total: float
    """Below UNLIKE where the two share their headlines alone."""
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
    total = math.fsum((*parts, weights.start))
    return Score(2 * UNLIKE if total >= UNLIKE and share_headlines_alone(a, b, counts) else total, *parts)


def share_headlines_alone(a: Traits, b: Traits, counts: Counts) -> bool:
    """Whether the texts of two stories have next to nothing in common, nor either with the other's headline."""
    one, other = a.words - a.heading, b.words - b.heading
    shared = counts.tell(one & b.words | other & a.words)
    return shared < _LEAST_OF_TEXT * min(counts.tell(one), counts.tell(other))


def comparable(ones: Mapping[int, Traits], others: Mapping[int, Traits], counts: Counts) -> Iterator[tuple[int, int]]:
    """Yield each pair of one story and another that are worth a score: one has much of what tells in the other's headline.

    Args:
        ones: Stories, by number.
        others: Stories to be compared with those; they may be the same.
        counts: Of the day of the earlier story of each pair.
    """
    found = _having_headings(ones, others, counts)
    if others is not ones:
        found |= _having_headings(others, ones, counts)
    for pair in found:
        a, b = (ones.get(number) or others[number] for number in pair)
        shared = len(counts.telling(a.heading & b.words)) + len(counts.telling(b.heading & a.words))
        if shared >= _LEAST_OF_BOTH and abs(a.published_us - b.published_us) <= WITHIN_US:
            yield pair


def _having_headings(ones: Mapping[int, Traits], others: Mapping[int, Traits], counts: Counts) -> set[tuple[int, int]]:
    """Return the pairs, the lower number first, of which the other story has enough of the one's headline."""
    words, headed = frozenset().union(*(story.words for story in others.values())), defaultdict[int, list[int]](list)
    for number, story in ones.items() if others else ():
        for word in words & counts.telling(story.heading):
            headed[word].append(number)
    words, found = frozenset(headed), set[tuple[int, int]]()
    for other, story in others.items():
        shared = Counter(chain.from_iterable(map(headed.__getitem__, words & story.words)))
        enough = [one for one, count in shared.items() if count >= _LEAST_OF_ONE]
        found.update((one, other) if one < other else (other, one) for one in enough if one != other)
    return found


@cache
def _listed() -> Mapping[int, float]:
    return shares(mark_of)
