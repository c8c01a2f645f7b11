"""What a query means to the index: expressions of FTS5 (https://sqlite.org/fts5.html#full_text_query_syntax) and conditions.

Every word is quoted, and words hold only letters, marks and digits, so no text is ever taken for a part of an expression.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from bpost_tui.bengali.stemmer import stems
from bpost_tui.store.search.expansion import forms, is_seen, latin_names, readings, variants
from bpost_tui.store.search.highlight import SearchTerms
from bpost_tui.store.search.query import Clause, Field, Marked, Published, Query, Words
from bpost_tui.store.stories import to_us

_WORD_COLUMNS = "{headline tag author category text}"
_STATES = {"unread": "s.read = 0", "read": "s.read = 1", "starred": "s.starred = 1", "later": "s.later = 1"}
_MINUTE_US = 60_000_000


@dataclass(slots=True)
class Meaning:
    """A query, ready to be searched."""

    tiers: tuple[str, ...] = ()
    """Expressions, the surest first; none where the query asks for no words."""
    excluded: str = ""
    """An expression of what must not be there."""
    conditions: list[str] = field(default_factory=list)
    """On `s`, the stories, and `f`, the index."""
    values: dict[str, object] = field(default_factory=dict)
    of_stories: bool = False
    """Whether a condition is on the stories."""
    reading: str = ""
    wanted: SearchTerms = field(default_factory=SearchTerms)


@dataclass(frozen=True, slots=True)
class _Read:
    """One clause of words: the expression of what was asked, that of what may be meant, and how it reads."""

    exact: str
    wide: str
    shown: str
    is_read: bool = False


def meaning(db: sqlite3.Connection, query: Query) -> Meaning:
    """Return what a query means in this library."""
    meant = Meaning()
    asked: list[Clause] = []
    excluded: list[str] = []
    words: set[str] = set()
    phrases: list[tuple[str, ...]] = []
    for clause in query.clauses:
        if not isinstance(clause.any_of[0], Words | Field):
            _add_condition(meant, clause)
        elif clause.negated:
            excluded.append(_read(db, clause, set(), []).wide)
        else:
            asked.append(clause)
    reads = [_read(db, clause, words, phrases) for clause in asked]
    if reads:
        joined = _joined(db, asked, words)
        exact = _all(read.exact for read in reads)
        chains = [_all(read.wide for read in reads)]
        chains += [_all(read.wide for read in _with_joined(reads, place, pair)) for place, pair in joined.items()]
        wide = _any(chains)
        meant.tiers = (exact,) if wide == exact else (exact, wide)
        meant.reading = _shown(reads, joined)
    meant.excluded = _any(excluded)
    meant.wanted = SearchTerms(frozenset(words), tuple(phrases))
    return meant


def _read(db: sqlite3.Connection, clause: Clause, words: set[str], phrases: list[tuple[str, ...]]) -> _Read:
    """Return a clause's expressions; the words and phrases that are to be marked are added to those given."""
    exact: list[str] = []
    wide: list[str] = []
    shown: list[str] = []
    is_read = False
    for term in clause.any_of:
        if isinstance(term, Field):
            expression = f"{term.column} : {_phrase(term.words)}"
            exact.append(expression)
            wide.append(expression)
            shown.append(f"{term.column}:{' '.join(term.words)}")
        elif isinstance(term, Words) and (term.exact or len(term.words) > 1):
            exact.append(f"{_WORD_COLUMNS} : {_phrase(term.words)}")
            wide.append(exact[-1])
            shown.append(f'"{term.typed}"')
            phrases.append(term.words)
        elif isinstance(term, Words):
            (word,) = term.words
            own = forms(db, word)
            read = readings(db, word, term.typed)
            meant = read or variants(db, word)
            others = [form for reading in meant for form in forms(db, reading)] + list(latin_names(word))
            exact.append(_any(map(_quoted, own)))
            wide.append(_any(map(_quoted, dict.fromkeys((*own, *others)))))
            shown.append(read[0] if read else term.typed)
            is_read |= bool(read)
            words |= {*own, *others}
    return _Read(_any(exact), _any(wide), " or ".join(shown), is_read)


def _joined(db: sqlite3.Connection, asked: Sequence[Clause], words: set[str]) -> dict[int, _Read]:
    """Return, by the place of the first, what two neighbours written as one word may mean: high court → হাইকোর্ট."""
    joined: dict[int, _Read] = {}
    for place, (first, second) in enumerate(pairwise(asked)):
        pair = [*first.any_of, *second.any_of]
        if len(pair) > 2 or not all(isinstance(term, Words) and len(term.words) == 1 and not term.exact for term in pair):
            continue
        one, other = (term for term in pair if isinstance(term, Words))
        meant = _joined_words(db, one, other)
        if meant:
            words |= set(meant)
            expression = _any(map(_quoted, meant))
            joined[place] = _Read(expression, expression, meant[0], is_read=one.words[0].isascii())
    return joined


def _joined_words(db: sqlite3.Connection, one: Words, other: Words) -> tuple[str, ...]:
    first, word = one.words[0], one.words[0] + other.words[0]
    if not word.isascii():
        return forms(db, word) if is_seen(db, word) else ()
    alone = set(readings(db, first, one.typed))
    # kolkata high isn't কলকাতা with an ending
    return tuple(form for form in readings(db, word, one.typed + other.typed) if alone.isdisjoint((form, *stems(form))))


def _with_joined(reads: Sequence[_Read], place: int, pair: _Read) -> list[_Read]:
    return [*reads[:place], pair, *reads[place + 2 :]]


def _shown(reads: Sequence[_Read], joined: dict[int, _Read]) -> str:
    """Return the query as it was read; empty where it was taken literally."""
    for place, pair in joined.items():
        if pair.is_read:
            return " ".join(read.shown for read in _with_joined(reads, place, pair))
    return " ".join(read.shown for read in reads) if any(read.is_read for read in reads) else ""


def _add_condition(meant: Meaning, clause: Clause) -> None:
    conditions: list[str] = []
    for term in clause.any_of:
        if isinstance(term, Marked):
            conditions.append(_STATES[term.state])
        elif isinstance(term, Published):
            name = f"t{len(meant.values)}"
            meant.values[name] = to_us(term.when)
            conditions.append(f"s.published_us {'>=' if term.after else '<'} :{name}")
    meant.of_stories = True
    meant.conditions.append(f"{'NOT ' if clause.negated else ''}({' OR '.join(conditions)})")


def _phrase(words: Sequence[str]) -> str:
    return _quoted(" ".join(words))


def _quoted(words: str) -> str:
    return f'"{words}"'


def _all(expressions: Iterable[str]) -> str:
    return _chained(" AND ", expressions)


def _any(expressions: Iterable[str]) -> str:
    return _chained(" OR ", expressions)


def _chained(link: str, expressions: Iterable[str]) -> str:
    parts = list(dict.fromkeys(expressions))
    return parts[0] if len(parts) == 1 else link.join(f"({part})" if " " in part.replace('"', "") else part for part in parts)
