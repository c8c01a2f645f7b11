"""Fingerprint of a story, for comparison with other stories.

A fingerprint has the story's words and the letters of its headline, as numbers that fit into a database row. Pure.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence
from functools import cache, cached_property, lru_cache
from itertools import chain
from zlib import crc32

from bpost_tui.bengali.calendar import MONTHS, WEEKDAYS
from bpost_tui.bengali.letters import composed
from bpost_tui.bengali.normalise import words
from bpost_tui.clock import DAY_US
from bpost_tui.grouping.word_keys import cross_script_keys, word_key
from bpost_tui.model.story import Story
from bpost_tui.model.story_words import words_of

_GRAM_LETTERS = 4
_UNSPACED = (range(0x0E00, 0x1000), range(0x1000, 0x10A0), range(0x1780, 0x1800), range(0x3040, 0xA000), range(0x20000, 0x33480))
"""Unicode ranges of scripts without spaces between words: Thai and Lao, Burmese, Khmer, Chinese and Japanese."""
_BLOCK_BITS, _LATIN_BLOCKS = 7, 5
NO_SCRIPT = -1
LATIN, BENGALI = 0, 0x0980 >> _BLOCK_BITS
_BARE_TA, _TA = "ত্", "ৎ"
"""The letter khanda ta at the end of a word: first as normalised words have it (bengali/normalise.py), then as papers write it."""


class Fingerprint:
    """Fingerprint of a story, for comparison with other stories. Each word is a number: the CRC-32 of its key (word_keys.py).

    Args:
        paper: Id of the story's paper.
        script: Number of the headline's script (writing system), as `script_of` returns it.
        published_us: Time of publication, in microseconds since 1970 UTC.
        headline: Words of the headline, without duplicates.
        lead: Words of the lead (the beginning of the text) that aren't in the headline, without duplicates.
        letter_grams: Four-letter sequences of the headline, packed so that `unpack_letter_grams` can read them.
    """

    def __init__(
        self, paper: int, script: int, published_us: int, headline: Sequence[int], lead: Sequence[int], letter_grams: bytes
    ) -> None:
        self.paper = paper
        self.script = script
        self.published_us = published_us
        self.headline_words = headline
        self.all_words = [*headline, *lead]
        """Words of the headline and the lead, as numbers (CRC-32).

        A list is used, not a set, because most stories' words are only tallied, and making a set takes longer than tallying them.
        """
        self.letter_grams = letter_grams

    @cached_property
    def headline_set(self) -> frozenset[int]:
        """Words of the headline, each as a number (CRC-32)."""
        return frozenset(self.headline_words)

    @cached_property
    def word_set(self) -> frozenset[int]:
        """Words of the headline and of the lead, each as a number (CRC-32)."""
        return frozenset(self.all_words)

    @cached_property
    def lead_set(self) -> frozenset[int]:
        """Words of the lead (the beginning of the text) that aren't in the headline, each as a number (CRC-32)."""
        return self.word_set - self.headline_set

    @property
    def day(self) -> int:
        """Day of publication, as the number of days since 1970, UTC."""
        return self.published_us // DAY_US

    def to_row(self) -> tuple[int, bytes, bytes]:
        """Return three database columns: number of headline words, all words, and letter sequences of the headline."""
        return len(self.headline_words), array("I", self.all_words).tobytes(), self.letter_grams

    @classmethod
    def from_row(cls, paper: int, script: int, published_us: int, headline_count: int, words: bytes, letters: bytes) -> Fingerprint:
        """Return the fingerprint of a story from its columns in the database.

        `paper` is the id of the story's paper, `script` the script of the headline, and `published_us` the time of publication in
        microseconds since 1970. The other three are the columns that `to_row` returned: `headline_count` is the number of `words`
        that are in the headline, and `letters` has the letter sequences of the headline, packed.
        """
        unpacked = memoryview(words).cast("I").tolist()
        return cls(paper, script, published_us, unpacked[:headline_count], unpacked[headline_count:], letters)


@lru_cache(maxsize=1 << 12)
def unpack_letter_grams(letters: bytes) -> frozenset[int]:
    """Return the four-letter sequences packed in `letters`, each as a number: the lower 16 bits of the CRC-32 of the sequence."""
    return frozenset(memoryview(letters).cast("H"))


def word_hash(key: str) -> int:
    """Return the number that represents the word with this `key`: its CRC-32."""
    return crc32(key.encode())


@lru_cache(maxsize=1 << 15)
def cross_script_hashes(word: str) -> tuple[int, ...]:
    """Return the numbers (CRC-32) of a normalised word for comparison with the other script, Bengali or Latin.

    The numbers are made from keys that the word has in both scripts. The result is empty if no such key is certain.
    """
    return tuple(map(word_hash, cross_script_keys(word)))


@lru_cache(maxsize=1 << 15)
def _cached_word_hash(word: str) -> int:
    return word_hash(word_key(word))


def fingerprint_of(story: Story, paper: int, published_us: int) -> Fingerprint:
    """Return the fingerprint (words and letter sequences to compare) of a story.

    `paper` is the id of the story's paper, and `published_us` the story's time of publication in microseconds since 1970.
    """
    words = words_of(story)
    headline, line = set(map(_cached_word_hash, words.heading)), " ".join(words.heading).encode("utf-32-le")
    letters = {crc32(line[at : at + 4 * _GRAM_LETTERS]) & 0xFFFF for at in range(0, len(line) - 4 * _GRAM_LETTERS + 1, 4)}
    packed = array("H", sorted(letters)).tobytes()
    lead = set(map(_cached_word_hash, words.lead)) - headline
    return Fingerprint(paper, script_of(story.title), published_us, sorted(headline), sorted(lead), packed)


def cross_script_fingerprint(story: Story, paper: int, published_us: int) -> Fingerprint:
    """Return the fingerprint (words to compare) of a story for comparison with stories in the other script (Bengali or Latin).

    The fingerprint has only word keys that are the same in both scripts. `paper` is the id of the story's paper, and `published_us`
    the story's time of publication in microseconds since 1970.
    """
    words = words_of(story)
    headline, lead = (set(chain.from_iterable(map(cross_script_hashes, part))) for part in (words.heading, words.lead))
    return Fingerprint(paper, script_of(story.title), published_us, sorted(headline), sorted(lead - headline), b"")


def words_by_hash(story: Story, *, across: bool = False) -> dict[int, str]:
    """Map the number (CRC-32) of each word of a story to the word as displayed.

    The numbers are for comparison with stories in the same script, or with stories in the other script if `across` is true.
    """
    words = words_of(story)
    hashes_of = cross_script_hashes if across else lambda word: (_cached_word_hash(word),)
    displayed = {number: composed(word) for word in (*words.lead, *words.heading) for number in hashes_of(word)}
    return {
        number: f"{word.removesuffix(_BARE_TA)}{_TA}" if word.endswith(_BARE_TA) else word for number, word in displayed.items()
    }


def headline_hash(story: Story) -> int:
    """Return a hash of the headline after its numbers and dates are removed.

    Headlines of a recurring column, such as “gold today, 29 December”, have equal hashes.
    """
    named = {word_key(word) for word in words_of(story).heading if not word[0].isdigit()} - _dates()
    return word_hash(" ".join(sorted(named)))


def script_of(text: str) -> int:
    """Return the number that identifies the script (writing system) of most letters in `text`.

    Return NO_SCRIPT if the text has no letters, or if its script puts no spaces between words.
    """
    blocks = Counter[int]()
    for char, count in Counter(text).items():
        if char.isalpha():
            blocks[ord(char) >> _BLOCK_BITS] += count
    if not blocks:
        return NO_SCRIPT
    ((block, _),) = blocks.most_common(1)
    first = block << _BLOCK_BITS
    return NO_SCRIPT if any(first in unspaced for unspaced in _UNSPACED) else LATIN if block < _LATIN_BLOCKS else block


@cache
def _dates() -> frozenset[str]:
    """Return the names of months and weekdays as keys: roots in the spelling used to compare words."""
    english = "january february march april may june july august september october november december"
    days = "monday tuesday wednesday thursday friday saturday sunday"
    return frozenset(map(word_key, words(" ".join((*MONTHS, *WEEKDAYS, english, days)))))
