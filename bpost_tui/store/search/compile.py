"""From a query to what the index takes: expressions of FTS5, and conditions of SQL.

Expressions: https://sqlite.org/fts5.html#full_text_query_syntax

Every word is quoted, and words hold only letters, marks and digits: no text of a reader's can be taken for syntax.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from bpost_tui.bengali.normalise import normalised
from bpost_tui.store.papers import is_of, named
from bpost_tui.store.rows import UNREAD, bindable, to_us
from bpost_tui.store.search.expansion import expand, expand_compound
from bpost_tui.store.search.highlight import SearchTerms
from bpost_tui.store.search.index import COLUMNS, STEMS
from bpost_tui.store.search.query_terms import (
    Clause,
    Field,
    InList,
    InPassage,
    Like,
    Listed,
    Marked,
    OfPaper,
    Published,
    Query,
    Words,
)
from bpost_tui.store.steps.list_steps import OWN

_WORD_COLUMNS = f"{{{' '.join(column for column in COLUMNS if column not in ('traits', *STEMS))}}}"
_LISTED = """EXISTS (SELECT 1 FROM shelved AS p JOIN shelves AS c ON c.id = p.shelf
    WHERE p.story = s.id AND p.place >= 0 AND c.slug = :{name})"""
_AMONG = "s.entry IN (SELECT value FROM json_each(:{name}))"
_IN_LIST = "EXISTS (SELECT 1 FROM shelved AS p WHERE p.story = s.id AND p.shelf IN ({shelves}))"
_STATES = {"unread": UNREAD, "read": f"NOT {UNREAD}", "starred": "s.starred = 1", "later": "s.later = 1"}


@dataclass(slots=True)
class CompiledQuery:
    """A query, ready to be run."""

    exact: str = ""
    """The expression of what was asked; empty where the query has no words."""
    expanded: str = ""
    """That of what may be meant besides (see expansion.py), the exact hits among it; empty where there is nothing besides."""
    excluded: str = ""
    """That of what a hit must not have."""
    conditions: list[str] = field(default_factory=list)
    """In SQL, on `s`, the stories, and `f`, the index."""
    values: dict[str, object] = field(default_factory=dict)
    """What is bound in the conditions."""
    of_stories: bool = False
    """Whether a condition is on the stories."""
    is_timeline: bool = False
    """Whether hits come in the order of time, the oldest first."""
    reading: str = ""
    """The query as it was read; empty where it was taken as it stands."""
    begun: tuple[str, str] | None = None
    """What was typed of the word that is half typed, and the likeliest word that begins so; None where there is none."""
    terms: SearchTerms = field(default_factory=SearchTerms)

    def add_condition(self, condition: str) -> None:
        """Narrow it by a condition, in SQL, on `s`, the stories."""
        self.of_stories = True
        self.conditions.append(condition)

    @property
    def any_hit(self) -> str:
        """The expression of all hits, exact or not."""
        return f"({self.exact}) OR ({self.expanded})" if self.expanded else self.exact


@dataclass(frozen=True, slots=True)
class _WordClause:
    """One clause of words, compiled."""

    exact: str
    expanded: str
    reading: str
    """How it reads: Roman letters as the likeliest Bengali word, others as they were typed."""
    is_read: bool = False
    """Whether that differs from what was typed."""
    begun: tuple[str, str] | None = None
    """What was typed of a word that is half typed, and the likeliest one."""


def compile_query(db: sqlite3.Connection, query: Query) -> CompiledQuery:
    """Return a query as the index of this library takes it.

    Where the library has হাইকোর্ট, `haikort -ভোট is:unread` becomes

        exact       "haikort"
        expanded    "haikort" OR "হাইকোর্ট"
        excluded    "ভোট"
        conditions  (EXISTS …)
        reading     হাইকোর্ট
        terms       haikort, হাইকোর্ট
    """
    compiled = CompiledQuery(is_timeline=query.is_timeline)
    asked: list[Clause] = []
    excluded: list[str] = []
    words: set[str] = set()
    phrases: list[tuple[str, ...]] = []
    for clause in query.clauses:
        if not isinstance(clause.any_of[0], Words | Field):
            _add_condition(db, compiled, clause)
            words.update(word for term in clause.any_of if isinstance(term, Like) and not clause.negated for word in term.words)
        elif clause.negated:
            excluded.append(_compile_clause(db, clause, set(), []).expanded)
        else:
            asked.append(clause)
    parts = [_compile_clause(db, clause, words, phrases) for clause in asked]
    if parts:
        compounds = _compounds(db, asked, words)
        chains = [parts, *(_with_compound(parts, at, compound) for at, compound in compounds.items())]
        compiled.exact = _all(part.exact for part in parts)
        expanded = _any(_all(part.expanded for part in chain) for chain in chains)
        compiled.expanded = "" if expanded == compiled.exact else expanded
        compiled.reading = _reading(parts, compounds)
        compiled.begun = parts[-1].begun
    compiled.excluded = _any(excluded)
    compiled.terms = SearchTerms(frozenset(words), tuple(phrases))
    return compiled


def _compile_clause(db: sqlite3.Connection, clause: Clause, words: set[str], phrases: list[tuple[str, ...]]) -> _WordClause:
    """Return a clause's expressions; the words and phrases to highlight are added to those given."""
    exact: list[str] = []
    expanded: list[str] = []
    reading: list[str] = []
    is_read = False
    begun: tuple[str, str] | None = None
    for term in clause.any_of:
        if isinstance(term, Field):
            expression = f"{term.column} : {_phrase(term.words)}"
            exact.append(expression)
            expanded.append(expression)
            reading.append(f"{term.column}:{' '.join(term.words)}")
        elif isinstance(term, Words) and (term.exact or len(term.words) > 1):
            exact.append(f"{_WORD_COLUMNS} : {_phrase(term.words)}")
            expanded.append(exact[-1])
            reading.append(f'"{term.typed}"')
            phrases.append(term.words)
        elif isinstance(term, Words):
            found = expand(db, term)
            exact.append(_any(map(_quoted, found.exact)))
            expanded.append(_any(map(_quoted, found.expanded)))
            reading.append(found.readings[0] if found.readings else term.typed)
            is_read |= bool(found.readings)
            begun = (term.typed, found.readings[0]) if found.is_begun else None
            words |= set(found.expanded)
    return _WordClause(_any(exact), _any(expanded), " or ".join(reading), is_read, begun)


def _compounds(db: sqlite3.Connection, asked: Sequence[Clause], words: set[str]) -> dict[int, _WordClause]:
    """Return what neighbours mean that are written as one word (high court → হাইকোর্ট), by the first one's place in the query."""
    compounds: dict[int, _WordClause] = {}
    for at, (first, second) in enumerate(pairwise(asked)):
        pair = [*first.any_of, *second.any_of]
        if len(pair) > 2 or not all(isinstance(term, Words) and len(term.words) == 1 and not term.exact for term in pair):
            continue
        one, other = (term for term in pair if isinstance(term, Words))
        if meant := expand_compound(db, one, other):
            words |= set(meant)
            expression = _any(map(_quoted, meant))
            compounds[at] = _WordClause(expression, expression, meant[0], is_read=one.words[0].isascii())
    return compounds


def _with_compound(parts: Sequence[_WordClause], at: int, compound: _WordClause) -> list[_WordClause]:
    return [*parts[:at], compound, *parts[at + 2 :]]


def _reading(parts: Sequence[_WordClause], compounds: dict[int, _WordClause]) -> str:
    """Return the query as it was read; empty where it was taken as it stands."""
    for at, compound in compounds.items():
        if compound.is_read:
            return " ".join(part.reading for part in _with_compound(parts, at, compound))
    return " ".join(part.reading for part in parts) if any(part.is_read for part in parts) else ""


def _add_condition(db: sqlite3.Connection, compiled: CompiledQuery, clause: Clause) -> None:
    conditions: list[str] = []
    for term in clause.any_of:
        if isinstance(term, Marked):
            conditions.append(_STATES[term.state])
        elif isinstance(term, Published):
            name = f"t{len(compiled.values)}"
            compiled.values[name] = to_us(term.when)
            conditions.append(f"s.published_us {'>=' if term.after else '<'} :{name}")
        elif isinstance(term, InPassage):
            from bpost_tui.store.passage_rows import passages  # only where it is asked for
            from bpost_tui.store.search.in_passages import PassageQuery

            asked = PassageQuery((Clause((term.words,)),))
            found = {passage.story for passage in passages(db, "") if passage.story is not None and asked.finds(passage)}
            conditions.append(f"s.id IN ({', '.join(map(str, sorted(found)))})")
        elif isinstance(term, OfPaper):
            conditions.append(is_of(named(db, term.name)))
        elif isinstance(term, Like):
            from bpost_tui.store.search.alike import entries_like  # 12 ms, with the words that tell

            name = f"l{len(compiled.values)}"
            compiled.values[name] = json.dumps(entries_like(db, term))
            conditions.append(_AMONG.format(name=name))
        elif isinstance(term, Listed):
            name = f"c{len(compiled.values)}"
            compiled.values[name] = bindable(term.slug)
            conditions.append(_LISTED.format(name=name))
        elif isinstance(term, InList):
            shelves = ", ".join(map(str, _own_shelves(db, term)))
            conditions.append(_IN_LIST.format(shelves=shelves))
    compiled.add_condition(f"{'NOT ' if clause.negated else ''}({' OR '.join(conditions)})")


def _own_shelves(db: sqlite3.Connection, term: InList) -> tuple[int, ...]:
    """Return the shelves of the lists that are meant: several may have one name, made on two machines."""
    rows = db.execute("SELECT id, slug, name FROM shelves WHERE id <= ?", (OWN,))
    return tuple(number for number, key, name in rows if key == term.key or (term.name and normalised(name) == term.name))


def _phrase(words: Sequence[str]) -> str:
    return _quoted(" ".join(words))


def _quoted(words: str) -> str:
    return f'"{words}"'


def _all(expressions: Iterable[str]) -> str:
    return _chained(" AND ", expressions)


def _any(expressions: Iterable[str]) -> str:
    return _chained(" OR ", expressions)


def _chained(link: str, expressions: Iterable[str]) -> str:
    """Return expressions linked, each once, those with an operator of their own in parentheses."""
    parts = list(dict.fromkeys(expressions))
    return parts[0] if len(parts) == 1 else link.join(f"({part})" if " " in part.replace('"', "") else part for part in parts)
