"""What of a story is compared with others: its words and its headline's letters, as numbers that a row holds. Pure."""

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
from bpost_tui.grouping.word_keys import cross_script_keys, word_key
from bpost_tui.model.story import Story
from bpost_tui.model.story_words import words_of

DAY_US = 24 * 60 * 60 * 1_000_000
_GRAM_LETTERS = 4
_UNSPACED = (range(0x0E00, 0x1000), range(0x1000, 0x10A0), range(0x1780, 0x1800), range(0x3040, 0xA000), range(0x20000, 0x33480))
"""Scripts without spaces between words: Thai and Lao, Burmese, Khmer, Chinese and Japanese."""
_BLOCK_BITS, _LATIN_BLOCKS = 7, 5
NO_SCRIPT = -1
LATIN, BENGALI = 0, 0x0980 >> _BLOCK_BITS
_BARE_TA, _TA = "ত্", "ৎ"
"""How words that end in the second are compared (bengali/normalise.py), and how they are written."""


class Fingerprint:
    """What of a story is compared. Words are CRC-32s of their keys (keys.py).

    Args:
        paper: Whose story it is.
        script: Which alphabet the headline is in (`script_of`).
        published_us: When it was published.
        heading: The words of the headline, each once.
        lead: Those of the lead that the headline hasn't, each once.
        letters: Each four letters that follow one another in the headline, as `unpack_letter_grams` takes them.
    """

    def __init__(
        self, paper: int, script: int, published_us: int, heading: Sequence[int], lead: Sequence[int], letters: bytes
    ) -> None:
        self.paper = paper
        self.script = script
        self.published_us = published_us
        self.headline_words = heading
        self.all_words = [*heading, *lead]
        """All words: of a day's stories most are only counted, and a set of them takes longer to make than to read them."""
        self.letter_grams = letters

    @cached_property
    def headline_set(self) -> frozenset[int]:
        """The words of the headline."""
        return frozenset(self.headline_words)

    @cached_property
    def word_set(self) -> frozenset[int]:
        """Those, and the words of the lead."""
        return frozenset(self.all_words)

    @property
    def day(self) -> int:
        """The day it was published on, since 1970, UTC."""
        return self.published_us // DAY_US

    def to_row(self) -> tuple[int, bytes, bytes]:
        """Return what a row holds of the words and letters: how many words are the headline's, all words, letters."""
        return len(self.headline_words), array("I", self.all_words).tobytes(), self.letter_grams

    @classmethod
    def from_row(cls, paper: int, script: int, published_us: int, heads: int, words: bytes, letters: bytes) -> Fingerprint:
        """Return what `to_row` made a row of."""
        listed = memoryview(words).cast("I").tolist()
        return cls(paper, script, published_us, listed[:heads], listed[heads:], letters)


@lru_cache(maxsize=1 << 12)
def unpack_letter_grams(letters: bytes) -> frozenset[int]:
    """Return what stands for each four letters: the lower 16 bits of their CRC-32."""
    return frozenset(memoryview(letters).cast("H"))


def word_hash(key: str) -> int:
    """Return a word's number, by its key."""
    return crc32(key.encode())


@lru_cache(maxsize=1 << 15)
def cross_script_hashes(word: str) -> tuple[int, ...]:
    """Return the numbers of what a normalised word has in common with words of the other script (keys.py)."""
    return tuple(map(word_hash, cross_script_keys(word)))


@lru_cache(maxsize=1 << 15)
def _cached_word_hash(word: str) -> int:
    return word_hash(word_key(word))


def fingerprint_of(story: Story, paper: int, published_us: int) -> Fingerprint:
    """Return the traits of a paper's story."""
    words = words_of(story)
    heading, line = set(map(_cached_word_hash, words.heading)), " ".join(words.heading).encode("utf-32-le")
    letters = {crc32(line[at : at + 4 * _GRAM_LETTERS]) & 0xFFFF for at in range(0, len(line) - 4 * _GRAM_LETTERS + 1, 4)}
    packed = array("H", sorted(letters)).tobytes()
    lead = set(map(_cached_word_hash, words.lead)) - heading
    return Fingerprint(paper, script_of(story.title), published_us, sorted(heading), sorted(lead), packed)


def cross_script_fingerprint(story: Story, paper: int, published_us: int) -> Fingerprint:
    """Return the traits by which a paper's story is compared with those in the other script, of what words of both share."""
    words = words_of(story)
    heading, lead = (set(chain.from_iterable(map(cross_script_hashes, part))) for part in (words.heading, words.lead))
    return Fingerprint(paper, script_of(story.title), published_us, sorted(heading), sorted(lead - heading), b"")


def words_by_hash(story: Story, *, across: bool = False) -> dict[int, str]:
    """Return the words of a story that count, in its script or `across` both, by their numbers, as they may be shown."""
    words = words_of(story)
    marks = cross_script_hashes if across else lambda word: (_cached_word_hash(word),)
    shown = {mark: composed(word) for word in (*words.lead, *words.heading) for mark in marks(word)}
    return {mark: f"{word.removesuffix(_BARE_TA)}{_TA}" if word.endswith(_BARE_TA) else word for mark, word in shown.items()}


def headline_hash(story: Story) -> int:
    """Return a number that regular headlines have in common, which differ in their numbers alone (gold today, 29 December)."""
    named = {word_key(word) for word in words_of(story).heading if not word[0].isdigit()} - _dates()
    return word_hash(" ".join(sorted(named)))


def script_of(text: str) -> int:
    """Return the alphabet that most letters of a text are in, NO_SCRIPT where there is none, or words aren't parted by spaces."""
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
    """Return the names of months and days of the week, as keys."""
    english = "january february march april may june july august september october november december"
    days = "monday tuesday wednesday thursday friday saturday sunday"
    return frozenset(map(word_key, words(" ".join((*MONTHS, *WEEKDAYS, english, days)))))
