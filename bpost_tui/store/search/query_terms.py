"""Parts of a query as values: terms, clauses of terms, and the query itself (query_parser.py creates them)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from bpost_tui.i18n import INDIA
from bpost_tui.model.search_values import QueryProblem
from bpost_tui.model.story import ListFilter

MarkFilter = Literal["unread", "read", "starred", "later", "changed"]


@dataclass(frozen=True, slots=True)
class WordsTerm:
    """Words that may be in the headline, the text or any other searched field."""

    words: tuple[str, ...]
    """Normalised words. If there are several, a text must contain them in this order."""
    typed: str
    """Words as they were typed."""
    exact: bool = False
    """Whether the words match only as they are, not in other forms or spellings."""
    is_partial: bool = False
    """Whether the last word may be half typed, so that it also matches longer words."""


@dataclass(frozen=True, slots=True)
class FieldTerm:
    """Words that must be in one field of a story."""

    column: str
    """Column of the search index for the field."""
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MarkTerm:
    """Condition on the reader's marks of a story, such as `is:starred` or `is:unread`."""

    state: MarkFilter


@dataclass(frozen=True, slots=True)
class DateTerm:
    """Condition on a story's time of publication: at or after `when` if `after`, otherwise before `when`."""

    when: datetime
    after: bool


@dataclass(frozen=True, slots=True)
class CategoryTerm:
    """Condition that a story is in the category with this slug."""

    slug: str


@dataclass(frozen=True, slots=True)
class PaperTerm:
    """Condition that a story is from a paper that has `name` as its key, or as a part of its name."""

    name: str
    """Key of the paper, or part of its name, normalised."""


@dataclass(frozen=True, slots=True)
class SimilarTerm:
    """Condition that a story is similar to the story that was published on `day` and contained `words`.

    The term finds follow-ups of that story, and earlier stories (similar_stories.py).
    """

    day: datetime
    """Day when the story to compare with was published, given as the time of noon in India on that day."""
    words: tuple[str, ...]
    """Normalised stems of the words of the story to compare with."""

    @property
    def text(self) -> str:
        """The term in the query language. Its words contain only letters, combining marks and digits, so they need no quoting."""
        return f'like:"{self.day.astimezone(INDIA):%Y-%m-%d} {" ".join(self.words)}"'


@dataclass(frozen=True, slots=True)
class PassageTerm:
    """Words that must be in a kept passage of the story, or in the passage's note."""

    words: WordsTerm


@dataclass(frozen=True, slots=True)
class ListTerm:
    """Condition that a story is in a list that the reader made, which is given by its `key` or, if that is empty, its `name`."""

    name: str = ""
    """Name of the list, normalised."""
    key: str = ""


Term = WordsTerm | PassageTerm | FieldTerm | MarkTerm | DateTerm | CategoryTerm | PaperTerm | SimilarTerm | ListTerm


@dataclass(frozen=True, slots=True)
class QueryClause:
    """Alternative terms. A story must match at least one term or, if the clause is negated, no term."""

    any_of: tuple[Term, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """Clauses of a query. A story must match every clause; without clauses, every story matches."""

    clauses: tuple[QueryClause, ...] = ()
    problem: QueryProblem | None = None
    """First problem in the query's text; None if it has no problem."""

    @property
    def is_timeline(self) -> bool:
        """Whether the query finds similar stories; such hits are ordered by time, the oldest first."""
        return any(isinstance(term, SimilarTerm) for clause in self.clauses if not clause.negated for term in clause.any_of)

    def with_partial_word(self, text: str) -> Query:
        """Return the query with its last word marked as half typed, if `text`, the text of the query, ends with that word."""
        *before, last = self.clauses or (QueryClause(()),)
        word = last.any_of[-1] if last.any_of else None
        if not isinstance(word, WordsTerm) or last.negated or word.exact or len(word.words) > 1 or not text.endswith(word.typed):
            return self
        return replace(self, clauses=(*before, replace(last, any_of=(*last.any_of[:-1], replace(word, is_partial=True)))))

    def within(self, list_filter: ListFilter) -> Query:
        """Return the query restricted to the stories of the list that `list_filter` selects."""
        marks: tuple[tuple[MarkFilter, bool], ...] = (
            ("unread", list_filter.unread),
            ("starred", list_filter.starred),
            ("later", list_filter.later),
            ("changed", list_filter.changed),
        )
        terms: list[Term] = [MarkTerm(mark) for mark, applies in marks if applies]
        if list_filter.category is not None:
            terms.append(CategoryTerm(list_filter.category))
        if list_filter.own_list is not None:
            terms.append(ListTerm(key=list_filter.own_list))
        return replace(self, clauses=(*self.clauses, *(QueryClause((term,)) for term in terms)))
