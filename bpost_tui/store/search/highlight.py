"""Highlights of search terms in a text, and the snippet with the most highlights. Nothing here reads the library."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bpost_tui.bengali.letters import decomposed
from bpost_tui.bengali.normalise import WordFinder, words, words_with_offsets
from bpost_tui.bengali.stemmer import stems
from bpost_tui.typesetting.text.graphemes import clusters

Ranges = tuple[tuple[int, int], ...]
"""Ranges of a text, each as (index of its first character, index after its last); sorted and without overlaps."""

SNIPPET_CHARACTERS = 160
_LEAD = 40
"""Number of characters that a snippet shows before its first highlight."""
_LONGEST_WORD = 60
_RESPELT = re.compile("[0-9]|ত\u09cd|[^\u0980-\u09ffa-z]")
"""Characters of a normalised word that may be written differently in a text."""
_LAST_SPACE = re.compile(r"\s(?=\S*\Z)")


@dataclass(frozen=True, slots=True)
class SearchTerms:
    """Search terms to highlight in texts, all normalised.

    Words match in any inflected form. Phrases match only unchanged, except those in `inflected_phrases`.
    """

    words: frozenset[str] = frozenset()
    phrases: tuple[tuple[str, ...], ...] = ()
    inflected_phrases: frozenset[tuple[str, ...]] = frozenset()
    """Phrases whose last word may be inflected."""


class Highlighter:
    """Highlighter of search terms; each distinct word is checked once, however many texts contain it."""

    def __init__(self, terms: SearchTerms) -> None:
        self._phrases = _PhraseFinder(terms)
        self._verdicts = _MatchCache(terms.words)
        self._likely = WordFinder(terms.words)

    def ranges(self, text: str) -> Ranges:
        """Return the ranges of the search terms in `text`, each as (index of its first character, index after its last)."""
        verdicts = self._verdicts
        found = [word.span() for word in self._likely.find(text) if verdicts[word[0]]]
        return merge_ranges(found + list(self._phrases.ranges(text))) if self._phrases.by_first_word else tuple(found)

    def snippet(self, text: str, characters: int = SNIPPET_CHARACTERS) -> tuple[str, Ranges]:
        """Return the part of `text` with the most highlights, and the ranges of these highlights in that part.

        If nothing is highlighted, the part is the beginning of `text`. It has at most `characters` characters, not counting `…` for
        omitted text. It ends between words, or between letters within a very long word. A space replaces a line break.
        """
        places = self.ranges(text)
        start = _start(text, places, characters)
        end = _end(text, start, characters)
        lead = "…" if start else ""
        shift = len(lead) - start
        line = re.sub(r"\s", " ", text[start:end]).rstrip()
        shown = tuple((first + shift, last + shift) for first, last in places if first >= start and last <= start + len(line))
        return f"{lead}{line}{'…' if text[end:].strip() else ''}", shown


class _MatchCache(dict[str, bool]):
    """Cache that maps a word, as written in a text, to whether it is a search term."""

    def __init__(self, searched: frozenset[str]) -> None:
        super().__init__()
        self.searched = searched

    def __missing__(self, raw: str) -> bool:
        verdict = any(not self.searched.isdisjoint((word, *stems(word))) for word in _normalised_words(raw))
        self[raw] = verdict
        return verdict


@lru_cache(maxsize=1 << 14)
def _normalised_words(raw: str) -> tuple[str, ...]:
    """Return the words of `raw` in normal form.

    Cached, since a search runs again with each letter typed and finds mostly the same stories.
    """
    return tuple(words(raw))


class _PhraseFinder:
    """Finder of phrases in texts. It first looks for the first words of phrases, so that texts without them are skipped quickly."""

    def __init__(self, terms: SearchTerms) -> None:
        self.by_first_word: dict[str, list[tuple[str, ...]]] = {}
        """Maps each first word to the phrases that begin with it."""
        for phrase in (*terms.phrases, *terms.inflected_phrases):
            self.by_first_word.setdefault(phrase[0], []).append(phrase)
        self._runs = terms.inflected_phrases
        self._parts = [
            [part for part in phrase if not _RESPELT.search(part)] for phrases in self.by_first_word.values() for phrase in phrases
        ]
        """For each phrase, its words that have only one spelling; a text that lacks any of them can't contain the phrase."""
        self._words: dict[str, str] = {}
        """Cache that maps a word, as written in a text, to the normalised word."""
        self._likely = WordFinder(self.by_first_word)

    def ranges(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield the ranges of the phrases in `text`, each as (index of its first character, index after its last)."""
        plain = decomposed(text.casefold())
        if not any(all(part in plain for part in parts) for parts in self._parts):
            return
        for found in self._likely.find(text):
            word = self._words.get(found[0])
            if word is None:
                word = self._words[found[0]] = " ".join(words(found[0]))
            for phrase in self.by_first_word.get(word, ()):
                start = found.start()
                placed = list(words_with_offsets(text[start : start + _LONGEST_WORD * len(phrase)]))[: len(phrase)]
                if self._is_phrase(tuple(word for word, _, _ in placed), phrase):
                    yield start, start + placed[-1][2]

    def _is_phrase(self, found: tuple[str, ...], phrase: tuple[str, ...]) -> bool:
        """Whether the words `found` are `phrase`. The last word may be inflected if the phrase allows it."""
        if found == phrase or len(found) < len(phrase) or found[:-1] != phrase[:-1]:
            return found == phrase
        return phrase in self._runs and phrase[-1] in stems(found[-1])


def merge_ranges(found: Iterable[tuple[int, int]]) -> Ranges:
    """Return the ranges `found` sorted, with overlapping ranges merged: (5, 9), (0, 3), (8, 12) becomes (0, 3), (5, 12)."""
    whole: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if whole and start < whole[-1][1]:
            whole[-1] = (whole[-1][0], max(end, whole[-1][1]))
        else:
            whole.append((start, end))
    return tuple(whole)


def _start(text: str, places: Sequence[tuple[int, int]], characters: int) -> int:
    """Return the index of the first character of a snippet of at most `characters` characters, shortly before its first highlight.

    `places` are the ranges of all highlights in `text`. The snippet is the part of `text` with the most highlights.
    """
    room = characters - _LEAD
    last = best = first = 0
    for place, (start, _) in enumerate(places):
        while last < len(places) and places[last][1] <= start + room:
            last += 1
        if last - place > best:
            best, first = last - place, start
    if first <= _LEAD:
        return 0
    begin = first - _LEAD
    sentence = max(text.rfind(mark, begin - 1, first) for mark in "।!?\n")
    if sentence >= 0:
        begin = sentence + 1
    elif (space := text.find(" ", begin, first)) >= 0:
        begin = space + 1
    else:
        begin = first
    return begin + len(text[begin:first]) - len(text[begin:first].lstrip())


def _end(text: str, start: int, characters: int) -> int:
    """Return the index of the end of a snippet that begins at `start`: before the first word that would make it too long.

    `characters` is the maximum length of the snippet.
    """
    end = start + characters
    if len(text) <= end:
        return len(text)
    space = _LAST_SPACE.search(text[start : end + 1])
    if space and space.start() >= characters - _LONGEST_WORD:
        return start + space.start()
    whole = 0
    for cluster in clusters(text[start : end + _LONGEST_WORD]):
        if whole + len(cluster) > characters:
            break
        whole += len(cluster)
    return start + (whole or characters)
