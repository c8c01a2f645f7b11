"""Random edits of stories as portals make them, with each word's origin, for the tests of passages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from random import Random
from typing import NamedTuple

from bpost_tui.bengali.normalise import words
from bpost_tui.bengali.sentences import sentences
from bpost_tui.demo.sample_edition import load_edition
from bpost_tui.model.passage_anchoring import quotable_text
from bpost_tui.portal.feed.feed_parser import parse_feed
from bpost_tui.portal.html.block_parser import parse_blocks
from bpost_tui.portal.wordpress.wp_json_parser import read_posts
from tests.scripted_portal import recording

_URL = "https://portal.example/feed"
_NOW = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
_WORD = re.compile(r"\S+")


class Word(NamedTuple):
    """A word with its signs; `origin` is its index in the story before the edit, -1 for new words."""

    text: str
    origin: int = -1


Sentence = tuple[Word, ...]
Paragraph = list[Sentence]
Story = list[Paragraph]
Edit = Callable[[Random, Story, "Stock"], Story]


class Stock(NamedTuple):
    """Sources of new text for an edit: sentences of other stories, and the passage that is followed."""

    sentences: tuple[str, ...]
    passage: tuple[str, ...]
    """Words of the passage."""
    first: int
    last: int
    """Index of the passage's last word in the story; the first word's is `first`."""

    def new(self, random: Random) -> Sentence:
        """Return a random sentence of another story."""
        return tuple(Word(word) for word in random.choice(self.sentences).split())

    def other(self, random: Random, word: Word) -> Word:
        """Return a random word that differs from `word`."""
        return next(new for new in iter(lambda: random.choice(self.new(random)), None) if words(new.text) != words(word.text))

    def holds(self, sentence: Sentence) -> bool:
        """Whether `sentence` has a word of the passage."""
        return any(self.first <= word.origin <= self.last for word in sentence)


@cache
def texts() -> tuple[str, ...]:
    """Return the texts of all recorded and sample stories with more than 60 words."""
    recorded = (
        *parse_feed(recording("feed-full-p1")[2], "application/rss+xml", _URL, now=_NOW).stories,
        *read_posts(recording("json-posts-10-embed")[2], _URL, _NOW).stories,
    )
    sample = (parse_blocks(post.content("https://portal.example"), _URL) for post in load_edition(_NOW).stories)
    found = dict.fromkeys(joined(parsed(quotable_text(text)))[0] for text in (*(story.blocks for story in recorded), *sample))
    return tuple(text for text in found if len(text.split()) > 60)


def parsed(text: str) -> Story:
    """Return `text` as paragraphs of sentences, each word with its index."""
    story: Story = []
    at = 0
    for part in text.split("\n\n"):
        paragraph: Paragraph = []
        for start, end in sentences(part) or ((0, len(part)),):
            words = part[start:end].split()
            paragraph.append(tuple(Word(word, at + offset) for offset, word in enumerate(words)))
            at += len(words)
        story.append(paragraph)
    return story


def joined(story: Story) -> tuple[str, list[tuple[int, int, int]]]:
    """Return `story` as text, and for each of its words the start, the end and its index before the edit."""
    text = ""
    placed: list[tuple[int, int, int]] = []
    for paragraph in story:
        for number, word in enumerate(word for sentence in paragraph for word in sentence):
            text += " " if number else "\n\n" if text else ""
            placed.append((len(text), len(text) + len(word.text), word.origin))
            text += word.text
    return text, placed


# ── edits ───────────────────────────────────────────────────────────────────


def _unedited(random: Random, story: Story, stock: Stock) -> Story:
    return story


def _paragraphs_inserted(random: Random, story: Story, stock: Stock) -> Story:
    for _ in range(random.randint(1, 3)):
        story.insert(random.randint(0, len(story)), [stock.new(random) for _ in range(random.randint(1, 3))])
    return story


def _words_corrected(random: Random, story: Story, stock: Stock) -> Story:
    """Replace about every twentieth word of the story."""
    return [
        [tuple(stock.other(random, word) if random.random() < 0.05 else word for word in sentence) for sentence in paragraph]
        for paragraph in story
    ]


def _passage_corrected(random: Random, story: Story, stock: Stock) -> Story:
    """Replace up to three words of the passage."""
    hit = {random.randint(stock.first, stock.last) for _ in range(random.randint(1, 3))}
    return [
        [tuple(stock.other(random, word) if word.origin in hit else word for word in sentence) for sentence in paragraph]
        for paragraph in story
    ]


def _sentences_cut(random: Random, story: Story, stock: Stock) -> Story:
    return [kept for paragraph in story if (kept := [sentence for sentence in paragraph if random.random() > 0.2])]


def _passage_cut(random: Random, story: Story, stock: Stock) -> Story:
    return [kept for paragraph in story if (kept := [sentence for sentence in paragraph if not stock.holds(sentence)])]


def _passage_replaced(random: Random, story: Story, stock: Stock) -> Story:
    return [[stock.new(random) if stock.holds(sentence) else sentence for sentence in paragraph] for paragraph in story]


def _paragraphs_moved(random: Random, story: Story, stock: Stock) -> Story:
    for _ in range(2):
        story.insert(random.randrange(len(story)), story.pop(random.randrange(len(story))))
    return story


def _passage_moved(random: Random, story: Story, stock: Stock) -> Story:
    """Move the paragraphs of the passage to another place."""
    moved = [paragraph for paragraph in story if any(map(stock.holds, paragraph))]
    rest = [paragraph for paragraph in story if paragraph not in moved]
    at = random.randint(0, len(rest))
    return [*rest[:at], *moved, *rest[at:]]


def _phrase_repeated(random: Random, story: Story, stock: Stock) -> Story:
    """Insert a sentence that repeats the passage elsewhere."""
    return _with_passage(random, story, stock, tuple(Word(word) for word in stock.passage))


def _passage_pasted(random: Random, story: Story, stock: Stock) -> Story:
    """Move the passage into another sentence. Under four words, this is no move but a new use of the phrase."""
    is_move = len(stock.passage) >= 4
    words = tuple(Word(word, at if is_move else -1) for at, word in enumerate(stock.passage, stock.first))
    return _with_passage(random, _passage_cut(random, story, stock), stock, words)


def _with_passage(random: Random, story: Story, stock: Stock, words: Sentence) -> Story:
    new = stock.new(random)
    half = len(new) // 2
    at = random.choice([at for at in range(len(story) + 1) if not _is_amid(story, at, stock)])
    return [*story[:at], [(*new[:half], *words, *new[half:])], *story[at:]]


def _is_amid(story: Story, at: int, stock: Stock) -> bool:
    return any(map(stock.holds, [s for p in story[:at] for s in p])) and any(map(stock.holds, [s for p in story[at:] for s in p]))


def _paragraphs_joined(random: Random, story: Story, stock: Stock) -> Story:
    at = random.randrange(len(story))
    return [*story[:at], [sentence for paragraph in story[at : at + 2] for sentence in paragraph], *story[at + 2 :]]


def _rewritten(random: Random, story: Story, stock: Stock) -> Story:
    return [[stock.new(random) for _ in paragraph] for paragraph in story]


def _several(random: Random, story: Story, stock: Stock) -> Story:
    for edit in random.sample([_paragraphs_inserted, _words_corrected, _sentences_cut, _paragraphs_moved, _paragraphs_joined], 3):
        story = edit(random, story, stock)
    return story


EDITS: dict[str, Edit] = {
    edit.__name__.strip("_"): edit
    for edit in (
        _unedited,
        _paragraphs_inserted,
        _words_corrected,
        _passage_corrected,
        _sentences_cut,
        _passage_cut,
        _passage_replaced,
        _paragraphs_moved,
        _passage_moved,
        _phrase_repeated,
        _passage_pasted,
        _paragraphs_joined,
        _rewritten,
        _several,
    )
}


class Case(NamedTuple):
    """A passage of a story, and the story after an edit."""

    name: str
    before: str
    start: int
    end: int
    after: str
    words: tuple[tuple[int, int, int], ...]
    """Start and end of each word of `after`, with its index before the edit."""
    first: int
    last: int
    """Index of the passage's last word in `before`; the first word's is `first`."""

    def origins(self, start: int, end: int) -> list[int]:
        """Return the indices before the edit of the words between `start` and `end` of `after`."""
        return [origin for begins, ends, origin in self.words if begins < end and ends > start]

    @property
    def is_intact(self) -> bool:
        """Whether the text after the edit has the whole passage, word by word."""
        origins = [origin for _, _, origin in self.words]
        wanted = list(range(self.first, self.last + 1))
        return self.first in origins and origins[(at := origins.index(self.first)) : at + len(wanted)] == wanted


def cases(count: int, seed: int) -> Iterator[Case]:
    """Yield `count` passages with their edits, each kind of edit in turn; a fifth have one to three words, the others more."""
    random = Random(seed)
    stories = texts()
    for number in range(count):
        before = random.choice(stories)
        start, end = _stretch(random, before)
        edits = list(EDITS)
        name = edits[number % len(edits)]
        placed = joined(parsed(before))[1]
        first = next(origin for begins, ends, origin in placed if ends > start)
        last = next(origin for begins, ends, origin in reversed(placed) if begins < end)
        stock = Stock(_foreign(before), tuple(before[start:end].split()), first, last)
        after, words = joined(EDITS[name](random, parsed(before), stock))
        yield Case(name, before, start, end, after, tuple(words), first, last)


@cache
def _foreign(text: str) -> tuple[str, ...]:
    """Return the sentences of other stories that share no four consecutive words with `text`."""
    others = (other[start:end] for other in texts() if other != text for start, end in sentences(other))
    return tuple(sentence for sentence in others if not _runs(sentence) & _runs(text))


@cache
def _runs(text: str) -> frozenset[tuple[str, ...]]:
    """Return all runs of four words in `text`; a shorter text is one run."""
    words = text.split()
    return frozenset(tuple(words[at : at + 4]) for at in range(max(1, len(words) - 3)))


def _stretch(random: Random, text: str) -> tuple[int, int]:
    words = [match.span() for match in _WORD.finditer(text)]
    spans = list(sentences(text))
    match random.randrange(5):
        case 0:
            at = random.randrange(len(words) - 2)
            return words[at][0], words[at + random.randint(0, 2)][1]
        case 1:
            at = random.randrange(len(words) - 8)
            return words[at][0], words[min(len(words) - 1, at + random.randint(3, 25))][1]
        case 2 | 3:
            at = random.randrange(len(spans))
            return spans[at][0], spans[min(len(spans) - 1, at + random.randint(0, 2))][1]
        case _:
            at = random.randrange(text.count("\n\n") + 1)
            start = sum(len(part) + 2 for part in text.split("\n\n")[:at])
            return start, start + len(text.split("\n\n")[at])
