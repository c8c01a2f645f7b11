"""Similarity score of two stories: a weighted sum over the words and letters that both stories have. Pure.

The weights were fitted to real news, read and labelled by hand. docs/same-news.md gives the data, the precision and the recall.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from itertools import chain
from operator import mul

from bpost_tui.clock import DAY_US
from bpost_tui.grouping.common_words import RARE_SHARE, word_shares
from bpost_tui.grouping.fingerprint import LATIN, Fingerprint, cross_script_hashes, unpack_letter_grams, word_hash
from bpost_tui.grouping.word_keys import word_key
from bpost_tui.typesetting.text.named_tuple import NamedTuple

SAME_NEWS_SCORE = 0.0
"""Minimum score of two stories that report the same news."""
FOLLOW_UP_SCORE = -1.25
"""Minimum score of a story and its follow-up, a later report on the same event."""
UNRELATED_SCORE = -3.0
"""Score below which two stories are never in one group, even if a third story is similar to both."""
FOLLOW_UP_AT_MOST = SAME_NEWS_SCORE - 0.25
"""Maximum score of two stories if one of them can only be a follow-up (later report) of the other.

The score is then below SAME_NEWS_SCORE. Most similar stories of one paper are follow-ups.
"""
MAX_GAP_US = DAY_US
"""Maximum time in microseconds between two stories that are compared.

Without this limit, for example, a report of the next accident on the same road would be similar to the report of the last accident.
"""

_PRIOR_STORIES = 300
"""Number of stories that the list of common words (common_words.py) counts as in estimates of the share of stories with a word.

The list is needed because a new library has too few stories to estimate these shares.
"""
_MIN_IDF = 2.0
"""Minimum IDF (inverse document frequency, in nats) of a word that is rare enough to be informative.

Such a word occurs in fewer than one story in seven.
"""
_MIN_TEXT_OVERLAP = 0.05
"""Minimum total IDF (rarity) of the words that two texts share, divided by the total IDF of the smaller text (0 to 1).

Shared headlines are not enough, because headlines alone are easily copied.
"""
_RECOUNT_DIVISOR = 2
"""Divisor that decides when the words of a day's stories are tallied again.

With 2, they are tallied again when the number of the day's stories has grown by a half.
"""
_NEAR_COPY_US = DAY_US // 2
"""Maximum time in microseconds between near copies: two stories of one paper that are almost the same, such as video and text."""
_COPIED_SHARE = 0.75
"""Minimum share (0 to 1) of the shorter headline's total IDF that two near copies must have in common.

It applies to two stories published at the same time. The longer the gap between them, the higher the share must be: 1 at a gap of
`_NEAR_COPY_US`.
"""
_LATER_US, _LATER_SCORE = DAY_US // 4, 0.75
"""Gap in microseconds above which two papers' stories need a higher score to be the same news, and this higher score."""
_MIN_HEADLINE_IDF = 15.0
"""Minimum total IDF (rarity of words), in nats, of each headline if two papers' stories in Latin letters are to be the same news.

Shorter headlines, such as a name alone, are the same for all news about the person.
"""
_HEADLINE_UNIT = 10.0
_NAT = 1_000_000

# Why IDFs are counted by day. The obvious way is a fixed table of word frequencies, or one count of the whole library. Both make an
# election's name strong evidence on the day when every paper writes about it, and put unrelated stories into one group. So words
# are counted among the stories of one script and one day (UTC), the day of the earlier story of a pair. Counting three days instead
# finds no more pairs: recall 0.47 against 0.49 in Bengali, 0.65 against 0.63 in English, at equal precision. A new library has few
# stories to count, so a list of 1,100 common words counts like _PRIOR_STORIES more. With n stories, c of them with the word, and
# the list's share p, the IDF is −ln((c + 300·p) / (n + 300)).
#
# Every new story would change every IDF of its day, and so every score. Therefore up to the latest third of a day isn't counted;
# most new stories are the latest of their day and change nothing (`counted_until_us`).
#
# The thresholds prefer precision: a story that is hidden by mistake is lost to the reader. At 0, weights fitted to other events
# find 0.47 of the pairs of two Bengali papers with a precision of 0.98; at −1 they would find 0.60 with 0.95.
#
# Left out because they gained nothing on other events: words of both headlines alone, the share of a headline that the other story
# has (but in English), the lead alone, the rarest word of both headlines, and words that only one of the headlines has. Rules on
# days, places, figures, names, stages, speakers and verbs of reaction kept more right pairs apart than wrong ones.


class ScoreWeights(NamedTuple):
    """Weights of the parts of a similarity score."""

    headline: float
    """Weight of the headline words that the other story also has, for each 10 nats of the words' total IDF (rarity)."""
    headline_share: float
    """Weight of the total IDF of the words counted in `headline`, divided by the total IDF of both headlines (0 to 1)."""
    words: float
    """Weight of the cosine similarity of the two stories. Each story is a vector with the IDF (rarity) of each of its words."""
    letters: float
    """Weight of the cosine similarity of the two headlines, by their four-letter sequences."""
    days: float
    """Weight of each day between the publication of the two stories."""
    start: float
    """Constant that is added to every score, so that the threshold for the same news (SAME_NEWS_SCORE) is 0."""


TWO_PAPERS = ScoreWeights(1.07, 0.0, 9.34, 3.71, -3.71, -6.5)
"""Weights for two stories of different papers."""
TWO_LATIN_PAPERS = ScoreWeights(0.0, 7.13, 6.61, 4.48, -3.09, -5.25)
"""Weights for two stories of different papers with headlines in Latin letters.

The weights differ from `TWO_PAPERS` because English headlines differ more in length than Bengali ones, and a long headline has more
words of any story.
"""
ONE_PAPER = ScoreWeights(1.23, 0.0, 2.71, 5.87, -3.09, -9.1)
"""Weights for two stories of one paper. They give high scores only to near copies, such as a video's page and its text."""
TWO_SCRIPTS = ScoreWeights(1.6, 0.0, 12.0, 0.0, -5.0, -6.4)
"""Weights for a story in Bengali and a story in Latin letters, compared by the word keys that both scripts share."""


class _IdfByWord(dict[int, int]):
    """IDF (rarity) of each word, in micronats (millionths of a nat)."""

    default = 0
    """IDF, in millionths of a nat, of every word that isn't in the table."""

    def __missing__(self, word: int) -> int:
        return self.default


class _StoryMeasures(NamedTuple):
    """Measures of a story, computed once and used for every pair that the story is in."""

    story: Fingerprint
    """Fingerprint of the story. The measures are stored by its `id()`, which no other object gets while it is held here."""
    length: float
    """Length of the story's vector, which has the IDF (rarity) of each of the story's words."""
    headline_idf: float
    lead_idf: float


class IdfTable:
    """IDF of words, which measures how rare a word is among a day's stories.

    IDFs are whole numbers of micronats (millionths of a nat), so that sums are exact and don't depend on the order of the words.

    Args:
        stories: Stories of one script and one day. Two stories are compared by the table for the day of the earlier one.
        shares: Maps listed words to the share of stories (0 to 1) that have the word; by default, the list in common_words.py.
    """

    def __init__(self, stories: Collection[Fingerprint], shares: Mapping[int, float] | None = None) -> None:
        listed, until_us = _prior_shares() if shares is None else shares, counted_until_us(stories)
        words = [story.all_words for story in stories if story.published_us <= until_us]
        counted = Counter(chain.from_iterable(words))

        @cache  # most words have one of the list's three shares, and a low count
        def idf(share: float, count: int) -> int:
            return max(0, round(_NAT * math.log((len(words) + _PRIOR_STORIES) / (_PRIOR_STORIES * share + count))))

        rare = [idf(RARE_SHARE, count) for count in range(max(counted.values(), default=0) + 1)]
        self._idf = _IdfByWord({word: rare[count] for word, count in counted.items()})
        self._idf.update((word, idf(share, counted.get(word, 0))) for word, share in listed.items())
        self._idf.default = rare[0]
        self._measures_by_id: dict[int, _StoryMeasures] = {}

    @classmethod
    def for_two_scripts(cls, ones: Collection[Fingerprint], others: Collection[Fingerprint]) -> IdfTable:
        """Return the table of IDFs (rarities of words) for comparing the stories `ones` with `others`, which are in another script.

        Each word has the lower of its IDFs among the stories of the two scripts.
        """
        both, other = cls(ones, _cross_script_prior_shares()), cls(others, _cross_script_prior_shares())
        idfs = _IdfByWord({word: min(both._idf[word], other._idf[word]) for word in both._idf.keys() | other._idf.keys()})
        idfs.default = min(both._idf.default, other._idf.default)
        both._idf = idfs
        return both

    def informative_words(self, words: Iterable[int]) -> frozenset[int]:
        """Return the `words` that are rare enough to be informative."""
        return frozenset(word for word in words if self._idf[word] >= _MIN_IDF * _NAT)

    def total_idf(self, words: Iterable[int]) -> float:
        """Return the sum of the IDFs (rarities) of `words`, in nats.

        It is −ln of a share: the share of stories that would have all the words if the words were independent.
        """
        return sum(map(self._idf.__getitem__, words)) / _NAT

    def cosine(self, a: Fingerprint, b: Fingerprint) -> float:
        """Return the cosine (0 to 1) between the words of two stories, as vectors of IDFs (rarities).

        It is 1 if both stories have the same words.
        """
        lengths = self._measures(a).length * self._measures(b).length
        return self._squared_idf(a.word_set & b.word_set) / lengths if lengths else 0.0

    def headline_idf(self, story: Fingerprint) -> float:
        """Return the sum of the IDFs (rarities), in nats, of the words of the story's headline."""
        return self._measures(story).headline_idf

    def lead_idf(self, story: Fingerprint) -> float:
        """Return the sum of the IDFs (rarities), in nats, of the story's words that aren't in its headline."""
        return self._measures(story).lead_idf

    def _measures(self, story: Fingerprint) -> _StoryMeasures:
        found = self._measures_by_id.get(id(story))
        if found is None:
            length = math.sqrt(self._squared_idf(story.all_words))
            found = self._measures_by_id[id(story)] = _StoryMeasures(
                story, length, self.total_idf(story.headline_words), self.total_idf(story.lead_set)
            )
        return found

    def _squared_idf(self, words: Iterable[int]) -> int:
        idfs = list(map(self._idf.__getitem__, words))
        return sum(map(mul, idfs, idfs))


def counted_until_us(stories: Iterable[Fingerprint]) -> int:
    """Return the publication time, in microseconds since 1970, of the last story that counts for a day's IDFs (rarities of words).

    `stories` are all stories of the day; the result is -1 if there are none. At least the first two thirds of them count. The
    others count only after the number of the day's stories has grown by a half since the IDFs last changed, because until then
    the IDFs are to stay the same.
    """
    published, counted = sorted(story.published_us for story in stories), 0
    while (more := counted + max(1, counted // _RECOUNT_DIVISOR)) <= len(published):
        counted = more
    return published[counted - 1] if published else -1


class PairFeatures(NamedTuple):
    """Numbers that the score of two stories is computed from, in the order of their weights in `ScoreWeights`."""

    headline: float
    headline_share: float
    words: float
    letters: float
    days: float


class ScoreExplanation(NamedTuple):
    """Similarity score of two stories, with the words that explain the score."""

    total: float
    words: tuple[tuple[str, float], ...]
    """Words that both stories have, each with its IDF in nats, the word with the highest IDF first."""


def similarity(a: Fingerprint, b: Fingerprint, idf_table: IdfTable) -> float:
    """Return the similarity score of two stories, by the rarity of words in `idf_table`. Their order makes no difference.

    It is below UNRELATED_SCORE if the two stories share only their headlines.
    """
    weights = weights_for(a, b)
    total = math.fsum((*map(mul, weights, pair_features(a, b, idf_table)), weights.start))
    if total > FOLLOW_UP_AT_MOST and _has_news_of_its_own(a, b, total, idf_table):
        total = FOLLOW_UP_AT_MOST
    return 2 * UNRELATED_SCORE if total >= UNRELATED_SCORE and share_only_headlines(a, b, idf_table) else total


def weights_for(a: Fingerprint, b: Fingerprint) -> ScoreWeights:
    """Return the weights for the score of two stories. They depend on whether both are of one paper, and on their scripts."""
    if a.paper == b.paper:
        return ONE_PAPER
    if a.script != b.script:
        return TWO_SCRIPTS
    return TWO_LATIN_PAPERS if a.script == LATIN else TWO_PAPERS


def pair_features(a: Fingerprint, b: Fingerprint, idf_table: IdfTable) -> PairFeatures:
    """Return the numbers that the score of two stories is computed from; `idf_table` has the rarity of words."""
    shared = idf_table.total_idf(a.headline_set & b.word_set) + idf_table.total_idf(b.headline_set & a.word_set)
    headlines = idf_table.headline_idf(a) + idf_table.headline_idf(b)
    ours, theirs = unpack_letter_grams(a.letter_grams), unpack_letter_grams(b.letter_grams)
    return PairFeatures(
        shared / _HEADLINE_UNIT,
        shared / headlines if headlines else 0.0,
        idf_table.cosine(a, b),
        len(ours & theirs) / math.sqrt(len(ours) * len(theirs) or 1),
        abs(a.published_us - b.published_us) / DAY_US,
    )


def _has_news_of_its_own(a: Fingerprint, b: Fingerprint, total: float, idf_table: IdfTable) -> bool:
    """Whether one of two stories may report later news than the other, although the two have the high score `total`.

    For two stories of one paper, the result is True unless they are near copies. For stories of two papers, it is True if they are
    hours apart and their score isn't very high: meanwhile the event has gone on, and both papers use the same words for it. It is
    also True if a Latin headline is too short to name the event. `idf_table` has the rarity of the words.
    """
    if a.paper == b.paper:
        return not is_near_copy(a, b, idf_table)
    if a.script == b.script == LATIN and min(idf_table.headline_idf(a), idf_table.headline_idf(b)) < _MIN_HEADLINE_IDF:
        return True
    return a.script == b.script and total < _LATER_SCORE and abs(a.published_us - b.published_us) > _LATER_US


def is_near_copy(a: Fingerprint, b: Fingerprint, idf_table: IdfTable) -> bool:
    """Whether two stories of one paper can be copies of each other, such as a video's page and its text.

    Copies are published within half a day, and share most of the shorter headline's information (IDF). The more hours lie between
    them, the more they must share. Names and figures weigh most, so the same sentence about a second person is no copy. The score
    alone isn't enough: of 94 pairs of one paper that it grouped, 41 were a report and a later report with further news.
    `idf_table` has the rarity of the words.
    """
    gap = abs(a.published_us - b.published_us) / _NEAR_COPY_US
    shorter = min(idf_table.headline_idf(a), idf_table.headline_idf(b))
    share = _COPIED_SHARE + (1 - _COPIED_SHARE) * gap
    return gap < 1 and idf_table.total_idf(a.headline_set & b.headline_set) >= share * shorter


def share_only_headlines(a: Fingerprint, b: Fingerprint, idf_table: IdfTable) -> bool:
    """Whether two stories share little besides their headlines: neither text has much in common with the other story.

    `idf_table` has the rarity of the words.
    """
    shared = idf_table.total_idf(a.lead_set & b.word_set | b.lead_set & a.word_set)
    return shared < _MIN_TEXT_OVERLAP * min(idf_table.lead_idf(a), idf_table.lead_idf(b))


@cache
def _prior_shares() -> Mapping[int, float]:
    return word_shares(lambda word: (word_hash(word_key(word)),))


@cache
def _cross_script_prior_shares() -> Mapping[int, float]:
    return word_shares(cross_script_hashes)
