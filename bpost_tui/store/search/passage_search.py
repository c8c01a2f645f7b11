"""Search in kept passages. As in a search for stories, words match in any form, in Bengali or Roman letters.

There are few passages, and they are short, so they need no index. A query's words are compared with the passages themselves,
because these words may be in no story of the library.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Self

from bpost_tui.bengali.normalise import words_with_offsets
from bpost_tui.bengali.phonetic import keys, respellings
from bpost_tui.bengali.similarity import are_spelling_variants, distance
from bpost_tui.bengali.stemmer import is_trusted, stems
from bpost_tui.bengali.synonyms import spelled_out, synonyms_of
from bpost_tui.model.passage import Passage
from bpost_tui.store.search.query_parser import parse_query
from bpost_tui.store.search.query_terms import QueryClause, WordsTerm
from bpost_tui.typesetting.text.named_tuple import NamedTuple

_MAX_DISTANCE = 0.6
"""Maximum distance in sound (similarity.py) between Roman letters and a Bengali word that they spell."""
_MIN_RESPELT_LETTERS = 5


class PassageQuery(NamedTuple):
    """Query for passages. Only the words and phrases of the query are used; terms such as `is:unread` are ignored."""

    clauses: tuple[QueryClause, ...]

    @classmethod
    def parse(cls, text: str, now: datetime) -> Self:
        """Parse `text` as a query for passages."""
        return cls(tuple(clause for clause in parse_query(text, now).clauses if isinstance(clause.any_of[0], WordsTerm)))

    def matches(self, passage: Passage) -> bool:
        """Whether each clause of the query matches the passage, the passage's note, or the headline of the passage's story."""
        texts = [
            [word for word, _, _ in words_with_offsets(text)] for text in (passage.selector.exact, passage.note, passage.title)
        ]
        return all(clause.negated is not any(_has(text, clause) for text in texts) for clause in self.clauses)

    def ranges(self, text: str) -> tuple[tuple[int, int], ...]:
        """Return the ranges of the query's words in `text`, as pairs of character indexes (start, end)."""
        terms = [term for clause in self.clauses if not clause.negated for term in clause.any_of if isinstance(term, WordsTerm)]
        return tuple((start, end) for word, start, end in words_with_offsets(text) if any(_is_any(word, term) for term in terms))


def _has(text: Sequence[str], clause: QueryClause) -> bool:
    return any(_has_words(text, term) for term in clause.any_of if isinstance(term, WordsTerm))


def _has_words(text: Sequence[str], term: WordsTerm) -> bool:
    if term.exact or len(term.words) > 1:
        length = len(term.words)
        return any(tuple(text[at : at + length]) == term.words for at in range(len(text) - length + 1))
    return any(_is_form(word, term.words[0]) for word in text)


def _is_any(word: str, term: WordsTerm) -> bool:
    return word in term.words if term.exact else any(_is_form(word, wanted) for wanted in term.words)


def _is_form(word: str, wanted: str) -> bool:
    """Whether `word`, from a text, is an inflected form or another spelling of the query's word `wanted`."""
    forms = {word, *stems(word)}
    if wanted in forms or not forms.isdisjoint(stems(wanted)):
        return True
    if not wanted.isascii():
        return is_trusted(wanted) and any(are_spelling_variants(form, wanted) for form in forms)
    meaning = synonyms_of(wanted)
    names = {*(meaning.all if meaning else ()), spelled_out(wanted)}
    spellings = (wanted, *(respellings(wanted) if len(wanted) >= _MIN_RESPELT_LETTERS else ()))
    return not forms.isdisjoint(names) or any(_sounds_like(form, each) for form in forms for each in spellings)


def _sounds_like(word: str, roman: str) -> bool:
    return not (word.isascii() or set(keys(word)).isdisjoint(keys(roman))) and distance(word, roman) <= _MAX_DISTANCE
