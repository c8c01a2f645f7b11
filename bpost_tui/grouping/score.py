"""How alike two stories are: a few weights on the words they share, by how rare those are in the stories of the days around. Pure.

The weights are fitted to real news that was read and labelled (docs/same-news.md says which, and how well they do).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from itertools import chain
from operator import mul
from typing import NamedTuple

from bpost_tui.grouping.common_words import RARE_SHARE, word_shares
from bpost_tui.grouping.fingerprint import DAY_US, Fingerprint, cross_script_hashes, unpack_letter_grams, word_hash
from bpost_tui.grouping.word_keys import word_key

SAME_NEWS_SCORE = 0.0
"""From this score on two stories are the same news."""
FOLLOW_UP_SCORE = -1.25
"""From this score on one story goes on with what the other tells, or tells the same."""
UNRELATED_SCORE = -3.0
"""Below this score two stories aren't accounts of one event, whatever third story is like both."""
MAX_GAP_US = DAY_US
"""How far apart two stories may be published that are compared: the next accident on the same road reads like the last one."""

_PRIOR_STORIES = 300
"""So many stories with the shares of the list (common_words.py) are counted along: a new library has few of its own."""
_MIN_IDF = 2.0
"""Nats that a word must tell for stories to be compared because of it: one story in seven has a word that tells less."""
_MIN_SHARED_WORDS = 5
"""Of the headlines' words that tell so much, two stories must have so many of each other's; so one of them has half."""
_MIN_SHARED_ONE_WAY = math.ceil(_MIN_SHARED_WORDS / 2)
_MIN_TEXT_OVERLAP = 0.05
"""Two texts must share so much of what the lesser one tells: a headline alone is soon copied."""
_RECOUNT_DIVISOR = 2
"""Words of a day are counted again when it has a story more for each so many that were counted."""
_HEADLINE_UNIT = 10.0
_NAT = 1_000_000


class ScoreWeights(NamedTuple):
    """What each part of a score counts."""

    headline: float
    """Of the words of either headline that the other story has, a tenth of what they tell."""
    words: float
    """Of the cosine of all words, by the squares of what they tell."""
    letters: float
    """Of the cosine of the headlines' letters, four by four."""
    day: float
    """Of each day between the two."""
    start: float
    """Where the score begins, so that ENOUGH is 0."""


TWO_PAPERS = ScoreWeights(1.58, 7.22, 1.90, -1.11, -7.75)
"""Of two papers."""
ONE_PAPER = ScoreWeights(1.23, 2.71, 5.87, -3.09, -9.1)
"""Within one paper: near copies alone, such as a video's page beside its text."""
TWO_SCRIPTS = ScoreWeights(1.6, 12.0, 0.0, -5.0, -6.4)
"""Of two papers, of which one is in Bengali and one in Latin letters: by what is the same in both (`traits_across`)."""


class _IdfByWord(dict[int, int]):
    """What each word tells."""

    default = 0
    """What a word tells that isn't there."""

    def __missing__(self, word: int) -> int:
        return self.default


class IdfTable:
    """How much words tell, by how many of a day's stories have them.

    They are whole numbers of micronats, so that sums are exact: in which order words come doesn't count.

    Args:
        stories: Of one script and day: the words of two stories are counted in the day of the earlier one.
        shares: What share of stories has a word, by the list.
    """

    def __init__(self, stories: Collection[Fingerprint], shares: Mapping[int, float] | None = None) -> None:
        listed, until_us = _prior_shares() if shares is None else shares, counted_until_us(stories)
        words = [story.all_words for story in stories if story.published_us <= until_us]
        counted = Counter(chain.from_iterable(words))

        def tells(share: float, count: int) -> int:
            return max(0, round(_NAT * math.log((len(words) + _PRIOR_STORIES) / (_PRIOR_STORIES * share + count))))

        rare = [tells(RARE_SHARE, count) for count in range(max(counted.values(), default=0) + 1)]
        self._idf = _IdfByWord({word: rare[count] for word, count in counted.items()})
        self._idf.update((word, tells(share, counted.get(word, 0))) for word, share in listed.items())
        self._idf.default = rare[0]
        self._lengths: dict[int, tuple[float, Fingerprint]] = {}

    @classmethod
    def for_two_scripts(cls, ones: Collection[Fingerprint], others: Collection[Fingerprint]) -> IdfTable:
        """Return how much it tells what words of two scripts have in common: as much as in the script where more have it."""
        both, other = cls(ones, _cross_script_prior_shares()), cls(others, _cross_script_prior_shares())
        told = _IdfByWord({word: min(both._idf[word], other._idf[word]) for word in both._idf.keys() | other._idf.keys()})
        told.default = min(both._idf.default, other._idf.default)
        both._idf = told
        return both

    def informative_words(self, words: Iterable[int]) -> frozenset[int]:
        """Return the words that tell enough for stories to be compared because of them."""
        return frozenset(word for word in words if self._idf[word] >= _MIN_IDF * _NAT)

    def total_idf(self, words: Iterable[int]) -> float:
        """Return how much words tell together, in nats: −log of the share of stories that have each."""
        return sum(map(self._idf.__getitem__, words)) / _NAT

    def cosine(self, a: Fingerprint, b: Fingerprint) -> float:
        """Return the cosine of the angle between the words of two stories, as vectors of what each tells."""
        lengths = self._length(a) * self._length(b)
        return self._squared_idf(a.word_set & b.word_set) / lengths if lengths else 0.0

    def _length(self, story: Fingerprint) -> float:
        found = self._lengths.get(id(story))
        if found is None:
            found = self._lengths[id(story)] = math.sqrt(self._squared_idf(story.all_words)), story
        return found[0]

    def _squared_idf(self, words: Iterable[int]) -> int:
        told = list(map(self._idf.__getitem__, words))
        return sum(map(mul, told, told))


def counted_until_us(stories: Iterable[Fingerprint]) -> int:
    """Return until when stories of a day are published whose words are counted, -1 where there are none.

    Those are all, or all but the last third: the next story changes what words tell only where that has grown by half.
    """
    published, counted = sorted(story.published_us for story in stories), 0
    while (more := counted + max(1, counted // _RECOUNT_DIVISOR)) <= len(published):
        counted = more
    return published[counted - 1] if published else -1


class SimilarityScore(NamedTuple):
    """How alike two stories are."""

    total: float
    """Below UNLIKE where the two share their headlines alone."""
    headline: float
    """How much of the total is of the headlines' words; the parts are those of `ScoreWeights`."""
    all_words: float
    letters: float
    days: float


class ScoreExplanation(NamedTuple):
    """How alike two stories are, as it may be shown."""

    total: float
    words: tuple[tuple[str, float], ...]
    """The words that both have, and what each tells, the most telling first."""


def similarity(a: Fingerprint, b: Fingerprint, counts: IdfTable) -> SimilarityScore:
    """Return how alike two stories are; the same whichever comes first."""
    weights = ONE_PAPER if a.paper == b.paper else TWO_PAPERS if a.script == b.script else TWO_SCRIPTS
    ours, theirs = unpack_letter_grams(a.letter_grams), unpack_letter_grams(b.letter_grams)
    parts = (
        weights.headline
        * (counts.total_idf(a.headline_set & b.word_set) + counts.total_idf(b.headline_set & a.word_set))
        / _HEADLINE_UNIT,
        weights.words * counts.cosine(a, b),
        weights.letters * (len(ours & theirs) / math.sqrt(len(ours) * len(theirs) or 1)),
        weights.day * (abs(a.published_us - b.published_us) / DAY_US),
    )
    total = math.fsum((*parts, weights.start))
    return SimilarityScore(
        2 * UNRELATED_SCORE if total >= UNRELATED_SCORE and share_only_headlines(a, b, counts) else total, *parts
    )


def share_only_headlines(a: Fingerprint, b: Fingerprint, counts: IdfTable) -> bool:
    """Whether the texts of two stories have next to nothing in common, nor either with the other's headline."""
    one, other = a.word_set - a.headline_set, b.word_set - b.headline_set
    shared = counts.total_idf(one & b.word_set | other & a.word_set)
    return shared < _MIN_TEXT_OVERLAP * min(counts.total_idf(one), counts.total_idf(other))


def candidate_pairs(
    ones: Mapping[int, Fingerprint], others: Mapping[int, Fingerprint], counts: IdfTable
) -> Iterator[tuple[int, int]]:
    """Yield each pair of one story and another that are worth a score: one has much of what tells in the other's headline.

    Args:
        ones: Stories, by number.
        others: Stories to be compared with those; they may be the same.
        counts: Of the day of the earlier story of each pair.
    """
    is_within = ones is others
    if not is_within:
        others = _within_gap(others, ones)
        ones = _within_gap(ones, others)
    every = {**ones, **others}
    telling = counts.informative_words(frozenset(chain.from_iterable(story.headline_words for story in every.values())))
    headings = {number: telling.intersection(story.headline_words) for number, story in every.items()}
    found = _pairs_by_headline({number: headings[number] for number in ones}, others)
    if not is_within:
        found |= _pairs_by_headline({number: headings[number] for number in others}, ones)
    for one, other in found:
        a, b = every[one], every[other]
        shared = len(headings[one] & b.word_set) + len(headings[other] & a.word_set)
        if shared >= _MIN_SHARED_WORDS and abs(a.published_us - b.published_us) <= MAX_GAP_US:
            yield one, other


def _within_gap(stories: Mapping[int, Fingerprint], others: Mapping[int, Fingerprint]) -> Mapping[int, Fingerprint]:
    """Return the stories that aren't too far from all others to be compared with one."""
    published = [story.published_us for story in others.values()]
    first_us, last_us = min(published, default=0) - MAX_GAP_US, max(published, default=0) + MAX_GAP_US
    return {number: story for number, story in stories.items() if first_us <= story.published_us <= last_us}


def _pairs_by_headline(headings: Mapping[int, frozenset[int]], others: Mapping[int, Fingerprint]) -> set[tuple[int, int]]:
    """Return the pairs, the lower number first, of which the other story has enough of the one's headline's telling words."""
    wanted = frozenset(chain.from_iterable(headings.values()))
    having, numbers = dict[int, int](), tuple(others)  # word → the others that have it, a bit each
    for at, story in enumerate(others.values()):
        bit = 1 << at
        for word in wanted.intersection(story.all_words):
            having[word] = having.get(word, 0) | bit
    words, found = frozenset(having), set[tuple[int, int]]()
    for one, heading in headings.items():
        shared = words & heading
        enough = (
            _bits_in_at_least(_MIN_SHARED_ONE_WAY, map(having.__getitem__, shared)) if len(shared) >= _MIN_SHARED_ONE_WAY else 0
        )
        while enough:
            at = enough.bit_length() - 1
            enough ^= 1 << at
            if (other := numbers[at]) != one:
                found.add((one, other) if one < other else (other, one))
    return found


def _bits_in_at_least(least: int, masks: Iterable[int]) -> int:
    """Return the bits that are set in so many of some masks."""
    in_more = [0] * least  # the bits that are set in one, in two …
    for mask in masks:
        for at, bits in enumerate(in_more):
            in_more[at] = bits | mask
            mask &= bits
            if not mask:
                break
    return in_more[-1]


@cache
def _prior_shares() -> Mapping[int, float]:
    return word_shares(lambda word: (word_hash(word_key(word)),))


@cache
def _cross_script_prior_shares() -> Mapping[int, float]:
    return word_shares(cross_script_hashes)
