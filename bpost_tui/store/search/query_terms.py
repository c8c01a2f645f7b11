"""Terms of a query, clauses of terms, and the query, as values (query_parser.py creates them)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from bpost_tui.i18n import INDIA
from bpost_tui.model.search_values import QueryProblem
from bpost_tui.model.story import ListFilter

MarkFilter = Literal["unread", "read", "starred", "later"]


@dataclass(frozen=True, slots=True)
class WordsTerm:
    """Words in the headline, the text or any other searched field."""

    words: tuple[str, ...]
    """Normalised words; several must be in this order."""
    typed: str
    """Words as they were typed."""
    exact: bool = False
    """Whether only this form of the words matches."""
    is_partial: bool = False
    """Whether the last word may be half typed."""


@dataclass(frozen=True, slots=True)
class FieldTerm:
    """Words in one field."""

    column: str
    """Column of the index."""
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MarkTerm:
    """Mark that the reader set."""

    state: MarkFilter


@dataclass(frozen=True, slots=True)
class DateTerm:
    """Time of publication: from `when` on, or before it."""

    when: datetime
    after: bool


@dataclass(frozen=True, slots=True)
class CategoryTerm:
    """Membership in a category's list."""

    slug: str


@dataclass(frozen=True, slots=True)
class PaperTerm:
    """Paper with this key, or with these words in its name."""

    name: str
    """Key or part of the name, normalised."""


@dataclass(frozen=True, slots=True)
class SimilarTerm:
    """Similarity to a story of a day that had these words: finds its follow-ups and earlier stories (similar_stories.py)."""

    day: datetime
    """Day of the story: noon in India."""
    words: tuple[str, ...]
    """Stems, normalised."""

    @property
    def text(self) -> str:
        """Term in the query language. Its words contain only letters, marks and digits, so nothing in it needs quoting."""
        return f'like:"{self.day.astimezone(INDIA):%Y-%m-%d} {" ".join(self.words)}"'


@dataclass(frozen=True, slots=True)
class PassageTerm:
    """Words in a kept passage, or in its note."""

    words: WordsTerm


@dataclass(frozen=True, slots=True)
class ListTerm:
    """Membership in an own list with this key or name."""

    name: str = ""
    """Name of the list, normalised."""
    key: str = ""


Term = WordsTerm | PassageTerm | FieldTerm | MarkTerm | DateTerm | CategoryTerm | PaperTerm | SimilarTerm | ListTerm


@dataclass(frozen=True, slots=True)
class QueryClause:
    """Alternatives: a story must match one of the terms, or, if negated, none."""

    any_of: tuple[Term, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """Clauses that a story must all match; without clauses, every story matches."""

    clauses: tuple[QueryClause, ...] = ()
    problem: QueryProblem | None = None
    """First problem found in the query's text, or None."""

    @property
    def is_timeline(self) -> bool:
        """Whether the query finds similar stories; these are ordered by time, the oldest first."""
        return any(isinstance(term, SimilarTerm) for clause in self.clauses if not clause.negated for term in clause.any_of)

    def with_partial_word(self, text: str) -> Query:
        """Return the query with its last word marked as half typed, if `text` (which was parsed) ends with that word."""
        *before, last = self.clauses or (QueryClause(()),)
        word = last.any_of[-1] if last.any_of else None
        if not isinstance(word, WordsTerm) or last.negated or word.exact or len(word.words) > 1 or not text.endswith(word.typed):
            return self
        return replace(self, clauses=(*before, replace(last, any_of=(*last.any_of[:-1], replace(word, is_partial=True)))))

    def within(self, list_filter: ListFilter) -> Query:
        """Return the query restricted to the stories of a list."""
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
