"""What a query asks for, as values: terms, clauses of them, and the query of all (query.py reads them from text)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from bpost_tui.i18n import INDIA
from bpost_tui.model.story import ListFilter
from bpost_tui.store.results import QueryProblem

MarkFilter = Literal["unread", "read", "starred", "later"]


@dataclass(frozen=True, slots=True)
class WordsTerm:
    """Words in the headline, the text or anything else a story is found by."""

    words: tuple[str, ...]
    """Normalised; several must be in this order."""
    typed: str
    """As they were typed."""
    exact: bool = False
    """Whether no other form of the words will do."""
    is_partial: bool = False
    """Whether the last word may be half typed."""


@dataclass(frozen=True, slots=True)
class FieldTerm:
    """Words in one field."""

    column: str
    """Of the index."""
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MarkTerm:
    """A mark that the reader set."""

    state: MarkFilter


@dataclass(frozen=True, slots=True)
class DateTerm:
    """A stretch of time: from a moment on, or until before it."""

    when: datetime
    after: bool


@dataclass(frozen=True, slots=True)
class CategoryTerm:
    """On a category's list."""

    slug: str


@dataclass(frozen=True, slots=True)
class PaperTerm:
    """Of the papers with this key, or with these words in their name."""

    name: str
    """Normalised."""


@dataclass(frozen=True, slots=True)
class SimilarTerm:
    """Like a story of a day that had these words: what finds its follow-ups and what came before (alike.py)."""

    day: datetime
    """Noon in India."""
    words: tuple[str, ...]
    """Normalised stems."""

    @property
    def text(self) -> str:
        """The term as it is written; every word is of letters, marks and digits, so nothing in it is syntax."""
        return f'like:"{self.day.astimezone(INDIA):%Y-%m-%d} {" ".join(self.words)}"'


@dataclass(frozen=True, slots=True)
class PassageTerm:
    """Words in a passage that the reader keeps, or in its note."""

    words: WordsTerm


@dataclass(frozen=True, slots=True)
class ListTerm:
    """In a list of the reader's own: the one with this key, or with this name."""

    name: str = ""
    """Normalised."""
    key: str = ""


Term = WordsTerm | PassageTerm | FieldTerm | MarkTerm | DateTerm | CategoryTerm | PaperTerm | SimilarTerm | ListTerm


@dataclass(frozen=True, slots=True)
class QueryClause:
    """A story must have one of these; none of them where it is negated."""

    any_of: tuple[Term, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """Clauses that a story must all satisfy; without any, every story is found."""

    clauses: tuple[QueryClause, ...] = ()
    problem: QueryProblem | None = None
    """The first thing that couldn't be followed."""

    @property
    def is_timeline(self) -> bool:
        """Whether it finds stories like one: they come in the order of time, the oldest first."""
        return any(isinstance(term, SimilarTerm) for clause in self.clauses if not clause.negated for term in clause.any_of)

    def with_partial_word(self, text: str) -> Query:
        """Return it with its last word taken for one that may be half typed, if the text that was parsed ends with that."""
        *before, last = self.clauses or (QueryClause(()),)
        word = last.any_of[-1] if last.any_of else None
        if not isinstance(word, WordsTerm) or last.negated or word.exact or len(word.words) > 1 or not text.endswith(word.typed):
            return self
        return replace(self, clauses=(*before, replace(last, any_of=(*last.any_of[:-1], replace(word, is_partial=True)))))

    def within(self, list_filter: ListFilter) -> Query:
        """Return it narrowed to the stories of a list."""
        marks: tuple[tuple[MarkFilter, bool], ...] = (
            ("unread", list_filter.unread),
            ("starred", list_filter.starred),
            ("later", list_filter.later),
        )
        terms: list[Term] = [MarkTerm(mark) for mark, is_asked in marks if is_asked]
        if list_filter.category is not None:
            terms.append(CategoryTerm(list_filter.category))
        if list_filter.own_list is not None:
            terms.append(ListTerm(key=list_filter.own_list))
        return replace(self, clauses=(*self.clauses, *(QueryClause((term,)) for term in terms)))
