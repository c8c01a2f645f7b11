"""Search for the pairs of stories that are worth scoring: each headline with the few stories that have most of its words. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from itertools import chain

from bpost_tui.grouping.fingerprint import Fingerprint
from bpost_tui.grouping.score import MAX_GAP_US, IdfTable
from bpost_tui.typesetting.text.named_tuple import NamedTuple

MAX_PARTNERS = 20
"""Maximum number of a headline's partners in other papers: stories that have enough of its words to be worth a score."""
MAX_OWN_PARTNERS = 5
"""Maximum number of a headline's partners (stories worth a score) in its own paper; only near copies are the same news there."""
_MIN_SHARED_WORDS = 5
"""Minimum number of shared words that makes it worthwhile to compute the score of two stories.

The number is the sum of two counts: for each story, the informative words of its headline that the other story also has. So one of
the counts is at least half of the sum.
"""
_MIN_SHARED_ONE_WAY = -(-_MIN_SHARED_WORDS // 2)

# Why the number of partners of a headline is limited. The obvious way is to score all stories that share three words of the
# headline. A paper can then send 3,000 stories in eight groups, each written with 14 words of its own. Each group has 375
# stories, all pairs of a group share three words, and one refresh scores half a million pairs: 180 s. Words that many stories
# share can't simply be left out, because on the day of a great event they are all that its accounts share.
#
# So each headline has at most MAX_PARTNERS partners in other papers. If more stories share enough of its words, one word more is
# required, until few enough are left. If too many stories have all of its words, it has no partners. Of 5,761 real stories in 35
# papers, no grouped pair differs.
#
# In its own paper a headline has at most MAX_OWN_PARTNERS partners. A flood comes from one paper, and near copies share most words,
# so they are the first to be found. With this bound, 3,000 stories in 30 groups take 0.8 s instead of 1.7 s. Of 24,416 real
# stories, no grouped pair differs, and 2 of 3,443 pairs of a story and its follow-up are lost; with a bound of 3, it would be 12.
#
# The partners of a headline depend on all stories of both days. So a new story can take partners from headlines that share words
# with it (`touched`), and a deleted story can give some back; then all headlines are searched.


class HeadlineSearch(NamedTuple):
    """Headlines, and the stories to search for partners of each headline.

    A partner of a headline is a story that has enough of the headline's words for the two stories to be scored.
    """

    headlines: Mapping[int, Fingerprint]
    stories: Mapping[int, Fingerprint]


class PartnerSearch:
    """Search for pairs of stories that share enough headline words to be worth scoring, among stories of a day and the next day.

    Args:
        searches: Headlines, with the stories to compare them with. A headline may be in only one of the searches.
        idf_table: Table with the IDF (rarity) of each word among the stories of the earlier day.
    """

    def __init__(self, searches: Collection[HeadlineSearch], idf_table: IdfTable) -> None:
        self._searches = searches
        self._stories = {story_id: story for search in searches for each in search for story_id, story in each.items()}
        informative = idf_table.informative_words(chain.from_iterable(story.headline_words for story in self._stories.values()))
        self._words = {story_id: informative.intersection(story.headline_words) for story_id, story in self._stories.items()}

    def touched(self, changed: Set[int]) -> frozenset[int]:
        """Return the ids of all stories that need a new search for partners after the stories `changed` have changed.

        These are `changed`, and all stories whose headlines share enough words with one of them to be compared with it.
        """
        found = changed & self._stories.keys()
        for search in self._searches:
            new = {story_id: search.stories[story_id] for story_id in changed & search.stories.keys()}
            masks = _WordMasks(new, self._wanted(search.headlines))
            found |= {
                story_id
                for story_id, story in search.headlines.items()
                if masks.has_partner(story_id, story, self._words[story_id])
            }
        return frozenset(found)

    def pairs(self, headlines: Set[int]) -> set[tuple[int, int]]:
        """Return the pairs of stories that are worth scoring and contain a story of `headlines`, each as (lower id, higher id).

        `headlines` are ids of stories whose headlines were given to this search. The stories of a pair share enough words of their
        headlines.
        """
        found = set[tuple[int, int]]()
        for search in self._searches:
            if not (searched := headlines & search.headlines.keys()):
                continue  # often nothing is published on the second day yet
            masks = _WordMasks(search.stories, self._wanted(searched))
            for story_id in searched:
                story, words = search.headlines[story_id], self._words[story_id]
                for other in masks.partners(story_id, story, words):
                    shared = len(words & self._stories[other].word_set) + len(self._words[other] & story.word_set)
                    if shared >= _MIN_SHARED_WORDS:
                        found.add((story_id, other) if story_id < other else (other, story_id))
        return found

    def _wanted(self, headlines: Iterable[int]) -> frozenset[int]:
        return frozenset(chain.from_iterable(map(self._words.__getitem__, headlines)))


class _WordMasks:
    """Bit mask of each word: bit n is set if story n, in the order of time, has the word.

    Args:
        stories: Stories, by id.
        wanted: Words that get a mask.
    """

    def __init__(self, stories: Mapping[int, Fingerprint], wanted: frozenset[int]) -> None:
        ordered = sorted(stories.items(), key=lambda item: item[1].published_us)
        self._story_ids = [story_id for story_id, _ in ordered]
        self._positions = {story_id: at for at, story_id in enumerate(self._story_ids)}
        self._published_us = [story.published_us for _, story in ordered]
        self._masks, self._paper_masks = dict[int, int](), dict[int, int]()
        for at, (_, story) in enumerate(ordered):
            bit = 1 << at
            self._paper_masks[story.paper] = self._paper_masks.get(story.paper, 0) | bit
            for word in wanted.intersection(story.all_words):
                self._masks[word] = self._masks.get(word, 0) | bit

    def has_partner(self, story_id: int, story: Fingerprint, words: Set[int]) -> bool:
        """Whether any other story has enough of `words` to be scored with `story`.

        `words` are the informative words of the headline of `story`, whose id is `story_id`.
        """
        return _at_least(_MIN_SHARED_ONE_WAY, self._word_counts(story_id, story, words)) > 0

    def partners(self, story_id: int, story: Fingerprint, words: Set[int]) -> Iterator[int]:
        """Yield the ids of the stories that have enough of `words` to be scored with `story`.

        `words` are the informative words of the headline of `story`, whose id is `story_id`. The result has at most MAX_PARTNERS
        stories of other papers, and MAX_OWN_PARTNERS of the story's paper: the stories that have the most of these words.
        """
        counts = self._word_counts(story_id, story, words)
        found = _at_least(_MIN_SHARED_ONE_WAY, counts)
        if found.bit_count() > min(MAX_PARTNERS, MAX_OWN_PARTNERS):
            own = self._paper_masks.get(story.paper, 0)
            found = _most(counts, ~own, MAX_PARTNERS) | _most(counts, own, MAX_OWN_PARTNERS)
        while found:
            at = found.bit_length() - 1
            found ^= 1 << at
            yield self._story_ids[at]

    def _word_counts(self, story_id: int, story: Fingerprint, words: Set[int]) -> Sequence[int]:
        """Return for each story how many of `words` it has, in bit masks: mask n has bit n of each story's count.

        In each mask, a story's bit is at the story's position in the order of time. The count is 0 for `story` itself, and for
        stories published more than MAX_GAP_US before or after it. The result is empty if too few of `words` occur in any story.
        """
        shared = self._masks.keys() & words
        if len(shared) < _MIN_SHARED_ONE_WAY:
            return ()
        digits: list[int] = []
        for carry in map(self._masks.__getitem__, shared):
            for at, digit in enumerate(digits):
                digits[at], carry = digit ^ carry, digit & carry
                if not carry:
                    break
            else:
                digits.append(carry)
        first = bisect_left(self._published_us, story.published_us - MAX_GAP_US)
        allowed = (1 << bisect_right(self._published_us, story.published_us + MAX_GAP_US)) - (1 << first)
        if story_id in self._positions:
            allowed &= ~(1 << self._positions[story_id])
        return [digit & allowed for digit in digits]


def _most(digits: Sequence[int], allowed: int, limit: int) -> int:
    """Return a bit mask of the stories with the highest counts of shared words: at most `limit` of the stories in `allowed`.

    Return 0 if more than `limit` stories have the highest count. `allowed` is a bit mask. `digits` has the counts as bit masks:
    mask n has bit n of each story's count.
    """
    least = _MIN_SHARED_ONE_WAY
    while (found := _at_least(least, digits) & allowed).bit_count() > limit:
        least += 1
    return found


def _at_least(least: int, digits: Sequence[int]) -> int:
    """Return a bit mask of the stories with a count (of shared words) of `least` or more.

    `digits` has the counts as bit masks: mask n has bit n of each story's count.
    """
    if least >> len(digits):
        return 0
    more, equal = 0, -1
    for at, digit in reversed([*enumerate(digits)]):
        if least >> at & 1:
            equal &= digit
        else:
            more |= equal & digit
            equal &= ~digit
    return more | equal
