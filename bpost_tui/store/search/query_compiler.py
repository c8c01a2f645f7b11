"""Query compiler: FTS5 expressions and SQL conditions for a parsed query.

Expressions: https://sqlite.org/fts5.html#full_text_query_syntax

Each word is quoted, and words contain only letters, combining marks and digits, so nothing that a reader types can become syntax.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from bpost_tui.bengali.normalise import normalised
from bpost_tui.bengali.stemmer import TRUSTED_STEM_LETTERS, VOWEL_ENDS, letters
from bpost_tui.bengali.synonyms import MAX_PHRASE_WORDS as MOST_TOGETHER
from bpost_tui.clock import to_us
from bpost_tui.store.papers import paper_condition, papers_by_name
from bpost_tui.store.row_mapping import IS_UNREAD, sqlite_text
from bpost_tui.store.schema.migrations import CHANGED_LIST, MAX_OWN_LIST_ID
from bpost_tui.store.search.highlight import SearchTerms
from bpost_tui.store.search.query_expansion import expand_phrase, expand_word
from bpost_tui.store.search.query_terms import (
    CategoryTerm,
    DateTerm,
    FieldTerm,
    ListTerm,
    MarkTerm,
    PaperTerm,
    PassageTerm,
    Query,
    QueryClause,
    SimilarTerm,
    WordsTerm,
)
from bpost_tui.store.search.search_index import INDEX_COLUMNS, STEMS
from bpost_tui.typesetting.text.named_tuple import NamedTuple

_WORD_COLUMNS = f"{{{' '.join(column for column in INDEX_COLUMNS if column not in ('traits', *STEMS))}}}"
_IN_CATEGORY = """EXISTS (SELECT 1 FROM list_entries AS p JOIN lists AS c ON c.id = p.list
    WHERE p.story = s.id AND p.place >= 0 AND c.slug = :{name})"""
_ENDINGS = (("", "ের", "ে", "কে"), ("", "র", "তে", "য\u09bc", "কে"))
"""Endings that a short word may have: after a consonant, and after a vowel."""
_AMONG = "s.entry IN (SELECT value FROM json_each(:{name}))"
_IN_LIST = "EXISTS (SELECT 1 FROM list_entries AS p WHERE p.story = s.id AND p.list IN ({lists}))"
_STATES = {
    "unread": IS_UNREAD,
    "read": f"NOT {IS_UNREAD}",
    "starred": "s.starred = 1",
    "later": "s.later = 1",
    "changed": _IN_LIST.format(lists=CHANGED_LIST),
}


@dataclass(slots=True)
class CompiledQuery:
    """Query compiled to FTS5 expressions and SQL conditions, ready to run."""

    exact: str = ""
    """FTS5 expression of the words as they were typed; "" if the query has no words."""
    expanded: tuple[str, ...] = ()
    """Expressions that also contain other meanings of the words (query_expansion.py), the nearest meanings first.

    Each expression also finds all hits of the previous expressions.
    """
    excluded: str = ""
    """FTS5 expression of words that no hit may contain."""
    conditions: list[str] = field(default_factory=list)
    """SQL conditions that each hit has to meet, on `s` (the table `stories`) and `f` (the search index)."""
    values: dict[str, object] = field(default_factory=dict)
    """Values bound in the conditions, by the name of the SQL parameter."""
    needs_stories: bool = False
    """Whether a condition uses the table `stories`."""
    is_timeline: bool = False
    """Whether hits are ordered by time, the oldest first."""
    interpretation: str = ""
    """Query as bpost interpreted it, to show to the reader; "" if all words were taken literally."""
    completion: tuple[str, str] | None = None
    """Beginning of a half-typed word, as typed, and the likeliest whole word; None if no word is half typed."""
    terms: SearchTerms = field(default_factory=SearchTerms)

    def add_condition(self, condition: str) -> None:
        """Add an SQL condition on `s`, the stories, and record that the query needs the table `stories`."""
        self.needs_stories = True
        self.conditions.append(condition)

    @property
    def any_match(self) -> str:
        """FTS5 expression that finds all hits: of the words as they were typed, and of their other meanings."""
        return self.expanded[-1] if self.expanded else self.exact


@dataclass(frozen=True, slots=True)
class _WordClause:
    """Compiled clause that contains words (not conditions such as is:unread)."""

    steps: tuple[str, ...]
    """FTS5 expressions: first the exact words, then other meanings. Each expression includes the previous expression."""
    interpretation: str
    """Interpretation to show to the reader: the likeliest Bengali word for Roman letters, other words as they were typed."""
    is_interpreted: bool = False
    """Whether the interpretation differs from the typed text."""
    completion: tuple[str, str] | None = None
    """Beginning of a half-typed word, as typed, and the likeliest whole word; None if no word is half typed."""

    def step(self, number: int) -> str:
        """Return the FTS5 expression at the index `number` of `steps`, or the last expression if there are fewer.

        The expression at 0 contains only the exact words, and each further expression contains more meanings of the words.
        """
        return self.steps[min(number, len(self.steps) - 1)]


def compile_query(db: sqlite3.Connection, query: Query) -> CompiledQuery:
    """Compile a query for the index of this library.

    If the library has হাইকোর্ট, `haikort -ভোট is:unread` becomes

        exact           "haikort"
        expanded        "haikort" OR "হাইকোর্ট"
        excluded        "ভোট"
        conditions      (EXISTS …)
        interpretation  হাইকোর্ট
        terms           haikort, হাইকোর্ট
    """
    compiled = CompiledQuery(is_timeline=query.is_timeline)
    word_clauses: list[QueryClause] = []
    excluded: list[str] = []
    highlights = _Highlights()
    for clause in query.clauses:
        if not isinstance(clause.any_of[0], WordsTerm | FieldTerm):
            _add_condition(db, compiled, clause)
            highlights.add(
                word for term in clause.any_of if isinstance(term, SimilarTerm) and not clause.negated for word in term.words
            )
        elif clause.negated:
            excluded.append(_compile_clause(db, clause, _Highlights()).steps[-1])
        else:
            word_clauses.append(clause)
    parts = [_compile_clause(db, clause, highlights, among_others=len(word_clauses) > 1) for clause in word_clauses]
    if parts:
        runs = _word_runs(db, word_clauses, highlights)
        chains = [parts, *(_with_run(parts, run) for run in runs)]
        most = max(1 + bool(runs), *(len(part.steps) for chain in chains for part in chain))
        compiled.exact = _all(part.steps[0] for part in parts)
        steps = [_any(_all(part.step(number) for part in chain) for chain in chains) for number in range(1, most)]
        compiled.expanded = tuple(step for step in dict.fromkeys(steps) if step != compiled.exact)
        compiled.interpretation = _interpretation(parts, runs)
        compiled.completion = parts[-1].completion
    compiled.excluded = _any(excluded)
    compiled.terms = SearchTerms(frozenset(highlights.words), tuple(highlights.phrases), frozenset(highlights.runs))
    return compiled


@dataclass(slots=True)
class _Highlights:
    """Words and phrases to highlight in hits."""

    words: set[str] = field(default_factory=set)
    phrases: list[tuple[str, ...]] = field(default_factory=list)
    runs: set[tuple[str, ...]] = field(default_factory=set)

    def add(self, forms: Iterable[str]) -> None:
        """Add inflected or other forms of words; a form with spaces is added as a phrase."""
        for form in forms:
            if " " in form:
                self.runs.add(tuple(form.split()))
            else:
                self.words.add(form)


def _compile_clause(
    db: sqlite3.Connection, clause: QueryClause, highlighted: _Highlights, *, among_others: bool = False
) -> _WordClause:
    """Compile a clause that contains words, and add its words and phrases to `highlighted`.

    `among_others` means that the query has further clauses with words. Roman words are then also read as Bengali words that sound
    less like them.
    """
    meanings: list[tuple[str, ...]] = []
    interpretation: list[str] = []
    is_interpreted = False
    completion: tuple[str, str] | None = None
    for term in clause.any_of:
        if isinstance(term, FieldTerm):
            meanings.append((f"{term.column} : {_phrase(term.words)}",))
            interpretation.append(f"{term.column}:{' '.join(term.words)}")
        elif isinstance(term, WordsTerm) and (term.exact or len(term.words) > 1):
            meanings.append((f"{_WORD_COLUMNS} : {_phrase(term.words)}",))
            interpretation.append(f'"{term.typed}"')
            highlighted.phrases.append(term.words)
        elif isinstance(term, WordsTerm):
            found = expand_word(db, term, among_others=among_others)
            steps = list(accumulate((found.exact, *found.steps), lambda before, step: tuple(dict.fromkeys((*before, *step)))))
            meanings.append(tuple(_any(map(_expression, step)) for step in steps))
            interpretation.append(found.readings[0] if found.readings else term.typed)
            is_interpreted |= bool(found.readings)
            completion = (term.typed, found.readings[0]) if found.is_prefix else None
            highlighted.add(steps[-1])
    most = max(map(len, meanings))
    steps_of_all = tuple(_any(each[min(number, len(each) - 1)] for each in meanings) for number in range(most))
    return _WordClause(tuple(dict.fromkeys(steps_of_all)), " or ".join(interpretation), is_interpreted, completion)


class _WordRun(NamedTuple):
    """Neighbouring words of a query that together have another meaning, for example high court."""

    start: int
    end: int
    clause: _WordClause


def _word_runs(db: sqlite3.Connection, clauses: Sequence[QueryClause], highlighted: _Highlights) -> list[_WordRun]:
    """Return the neighbouring words in `clauses` that have a meaning together, the longest run first: high court means হাইকোর্ট.

    The Bengali words that they mean are added to `highlighted`.
    """
    words = [
        term if len(clause.any_of) == 1 and isinstance(term, WordsTerm) and len(term.words) == 1 and not term.exact else None
        for clause in clauses
        for term in clause.any_of[:1]
    ]
    found: list[_WordRun] = []
    for length in range(min(MOST_TOGETHER, len(words)), 1, -1):
        for start in range(len(words) - length + 1):
            run = [word for word in words[start : start + length] if word is not None]
            if len(run) == length and (meanings := expand_phrase(db, run)):
                highlighted.add(meanings)
                expression = _any(map(_expression, meanings))
                is_interpreted = all(term.words[0].isascii() and not term.words[0].isdigit() for term in run)
                found.append(
                    _WordRun(start, start + length, _WordClause((expression,), meanings[0], is_interpreted=is_interpreted))
                )
    return found


def _with_run(parts: Sequence[_WordClause], run: _WordRun) -> list[_WordClause]:
    return [*parts[: run.start], run.clause, *parts[run.end :]]


def _interpretation(parts: Sequence[_WordClause], runs: Sequence[_WordRun]) -> str:
    """Return the interpretation of the whole query, to show to the reader, or "" if all words were taken literally.

    `parts` are the compiled clauses of the query. `runs` are neighbouring words with a meaning together: in high court news, high
    court is shown as হাইকোর্ট. If several runs were interpreted, only the first is shown so.
    """
    for run in runs:
        if run.clause.is_interpreted:
            return " ".join(part.interpretation for part in _with_run(parts, run))
    return " ".join(part.interpretation for part in parts) if any(part.is_interpreted for part in parts) else ""


def _add_condition(db: sqlite3.Connection, compiled: CompiledQuery, clause: QueryClause) -> None:
    conditions: list[str] = []
    for term in clause.any_of:
        if isinstance(term, MarkTerm):
            conditions.append(_STATES[term.state])
        elif isinstance(term, DateTerm):
            name = f"t{len(compiled.values)}"
            compiled.values[name] = to_us(term.when)
            conditions.append(f"s.published_us {'>=' if term.after else '<'} :{name}")
        elif isinstance(term, PassageTerm):
            from bpost_tui.store.passage_rows import select_passages  # rarely used
            from bpost_tui.store.search.passage_search import PassageQuery

            passage_query = PassageQuery((QueryClause((term.words,)),))
            found = {
                passage.story for passage in select_passages(db, "") if passage.story is not None and passage_query.matches(passage)
            }
            conditions.append(f"s.id IN ({', '.join(map(str, sorted(found)))})")
        elif isinstance(term, PaperTerm):
            conditions.append(paper_condition(papers_by_name(db, term.name)))
        elif isinstance(term, SimilarTerm):
            from bpost_tui.store.search.similar_stories import similar_entries  # 2 ms, and few searches are like:

            name = f"l{len(compiled.values)}"
            compiled.values[name] = json.dumps(similar_entries(db, term))
            conditions.append(_AMONG.format(name=name))
        elif isinstance(term, CategoryTerm):
            name = f"c{len(compiled.values)}"
            compiled.values[name] = sqlite_text(term.slug)
            conditions.append(_IN_CATEGORY.format(name=name))
        elif isinstance(term, ListTerm):
            lists = ", ".join(map(str, _own_list_ids(db, term)))
            conditions.append(_IN_LIST.format(lists=lists))
    compiled.add_condition(f"{'NOT ' if clause.negated else ''}({' OR '.join(conditions)})")


def _own_list_ids(db: sqlite3.Connection, term: ListTerm) -> tuple[int, ...]:
    """Return the ids of the lists that `term` names.

    There may be several, because two machines may have made lists with the same name.
    """
    rows = db.execute("SELECT id, slug, name FROM lists WHERE id <= ?", (MAX_OWN_LIST_ID,))
    return tuple(number for number, key, name in rows if key == term.key or (term.name and normalised(name) == term.name))


def _expression(meaning: str) -> str:
    """Return the FTS5 expression of `meaning`, a word or a phrase; the last word of the phrase may have an ending."""
    if " " not in meaning:
        return _quoted(meaning)
    *first, last = meaning.split()
    if letters(last) >= TRUSTED_STEM_LETTERS and not last.isascii():
        return f"{_quoted(meaning)} *"
    endings = ("",) if last.isascii() else _ENDINGS[last[-1] in VOWEL_ENDS]
    return " OR ".join(_quoted(" ".join((*first, last + ending))) for ending in endings)


def _phrase(words: Sequence[str]) -> str:
    return _quoted(" ".join(words))


def _quoted(words: str) -> str:
    return f'"{words}"'


def _all(expressions: Iterable[str]) -> str:
    return _chained(" AND ", expressions)


def _any(expressions: Iterable[str]) -> str:
    return _chained(" OR ", expressions)


def _chained(link: str, expressions: Iterable[str]) -> str:
    """Join expressions by the operator `link`, without duplicates. Compound expressions are put into parentheses.

    A single expression is returned unchanged.
    """
    parts = list(dict.fromkeys(expressions))
    return parts[0] if len(parts) == 1 else link.join(f"({part})" if " " in part.replace('"', "") else part for part in parts)
