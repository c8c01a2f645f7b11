"""Parser of the query language, and its handling of text with errors.

    জেলা হাসপাতাল            both words, in any form
    "জেলা হাসপাতাল"          these words in this order, as they are
    -ভোট                    not this word
    ভোট or নির্বাচন জেলা      one of the two, and জেলা: `or` binds its neighbours
    ভোট or কোভিড-১৯          one of the two; words joined by signs are one alternative of `or`, in this order
    tag:Midnapore  category:education  author:"News Desk"
    after:2025-01-01  before:2025-06  after:7d  before:3m     days in India's time; ages in d, w, m, y
    is:unread  is:read  is:starred  is:later  is:changed  has:image
    passage:নিকাশি           in a kept passage of the story, or in its note
    portal:thebengalpost.net  portal:"Example News"           the key of a paper, or a part of its name
    like:"2026-11-23 কংসাবতী ব্যারাজ সেচ"                        enough of these words; more if the story is far from this day
    list:weekend  list:"পরে পড়ব"                              in the reader's own list of this name

A quotation mark that isn't closed holds until the end of its line. No query fails: an error is reported with its offset, and the
rest is searched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import get_args

from bpost_tui.bengali.normalise import normalised, words, words_with_offsets
from bpost_tui.clock import EPOCH
from bpost_tui.i18n import INDIA, message
from bpost_tui.limits import MAX_QUERY_CHARS
from bpost_tui.model.durations import parse_age
from bpost_tui.model.search_values import QueryProblem
from bpost_tui.model.story_fields import SEARCHED
from bpost_tui.store.search.query_terms import (
    DateTerm,
    FieldTerm,
    ListTerm,
    MarkFilter,
    MarkTerm,
    PaperTerm,
    PassageTerm,
    Query,
    QueryClause,
    SimilarTerm,
    Term,
    WordsTerm,
)

MAX_CLAUSES = 24

_IGNORED = message("It was ignored.")
_FIELD_NEEDS = {
    "is": message("It was ignored; is: takes unread, read, starred, later or changed."),
    "has": message("It was ignored; has: takes image."),
    "like": message('It was ignored; like: takes a day and words, like "2024-01-31 river bridge".'),
    "after": message("It was ignored; after: takes a date or an age, like 2024-01-31, 2024, 30d or 6m."),
    "before": message("It was ignored; before: takes a date or an age, like 2024-01-31, 2024, 30d or 6m."),
}
"""Maps fields to the hint that is shown for an invalid value. Fields that take any words aren't listed."""
_AS_WORDS = message("It was searched as words.")
_TO_THE_END = message("Everything after it was searched as one phrase.")
_AS_AND = message("Searched for stories with both.")
_BEGINNING = message("Only its beginning was searched.")
_EVERYTHING = message("All stories are shown.")

_PIECE = re.compile(
    r"""(?P<minus>-)?
        (?:(?P<field>[A-Za-z]+):(?=\S))?
        (?:["“”„](?P<phrase>[^"“”„\n]*)(?P<close>["“”„])? | (?P<word>[^\s"“”„]+))""",
    re.VERBOSE,
)
_AVRO_SIGNS = re.compile("(?<=[A-Za-z])(?:\\^|`+)")
"""Signs in words typed by Avro's rules for Roman letters: ^ for candrabindu (pa^shkuRa), `` for khanda ta (bidyut``)."""
_COLUMNS = ("tag", "category", *SEARCHED)
_FIELDS = (*_COLUMNS, "passage", "portal", "list", "is", "has", "before", "after", "like")
_STATES: dict[str, MarkFilter] = {state: state for state in get_args(MarkFilter)}
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


def parse_query(text: str, now: datetime) -> Query:
    """Parse any text as a query; ages (`after:7d`) are subtracted from `now`.

    `জেলা or শহর -ভোট` has two clauses: a clause of জেলা and শহর, and a negated clause of ভোট.
    """
    clauses: list[QueryClause] = []
    problems: list[QueryProblem] = []
    if len(text) > MAX_QUERY_CHARS:
        problems.append(QueryProblem(MAX_QUERY_CHARS, message("The query is too long"), "", _BEGINNING))
    either: int | None = None  # offset of an `or` without its second alternative yet
    last = 0  # index of the last token's first clause
    for found in _PIECE.finditer(text[:MAX_QUERY_CHARS]):
        if _is_or(found):
            if not clauses or either is not None:
                problems.append(_problem(found, message("There is nothing before “{what}”"), _IGNORED))
            else:
                either = found.start()
            continue
        read = list(_parse_piece(found, now, problems))
        if not read:
            continue
        if len(clauses) + len(read) > MAX_CLAUSES:
            problems.append(_problem(found, message("The query is too long"), _BEGINNING))
            break
        joined = either is not None and _join_alternatives(clauses[last:], read, either, problems)
        if joined:
            clauses[last:] = [joined]
        else:
            last = len(clauses)
            clauses += read
        either = None
    if either is not None:
        problems.append(QueryProblem(either, message("There is nothing after “{what}”"), text[either : either + 2], _IGNORED))
    if not clauses and not problems and text.strip():
        problems.append(QueryProblem(0, message("There is no word in “{what}”"), text.strip(), _EVERYTHING))
    return Query(tuple(clauses), min(problems, key=lambda problem: problem.offset, default=None))


def _is_or(found: re.Match[str]) -> bool:
    return found["word"] in ("or", "OR") and not found["minus"] and not found["field"]


def _parse_piece(found: re.Match[str], now: datetime, problems: list[QueryProblem]) -> Iterator[QueryClause]:
    """Yield the clauses of one word, “phrase” or `field:value` of a query (`found`).

    There is usually one clause; none if the piece is invalid, several for `unknown:word`.

    Errors in the piece are added to `problems`.
    """
    if found["phrase"] is not None and not found["close"]:
        problems.append(_problem(found, message("The quotation mark isn't closed"), _TO_THE_END))
    value = found["word"] or found["phrase"] or ""
    negated = found["minus"] is not None
    exact = found["phrase"] is not None
    if not found["field"]:
        if value.endswith(":") and value[:-1].lower() in _FIELDS:
            problems.append(_problem(found, message("“{what}” needs a value"), _AS_WORDS))
        yield from _word_clauses(value, negated, exact=exact)
        return
    name = found["field"].lower()
    if name not in _FIELDS:
        problems.append(_problem(found, message("“{what}:” isn't a search field"), _AS_WORDS, found["field"]))
        yield from _word_clauses(found["field"], negated)
        yield from _word_clauses(value, negated, exact=exact)
    elif term := _field(name, value, now):
        yield QueryClause((term,), negated)
    else:
        problems.append(_problem(found, message("“{what}”: not understood"), _FIELD_NEEDS.get(name, _IGNORED)))


def _word_clauses(value: str, negated: bool, *, exact: bool = False) -> Iterator[QueryClause]:
    """Yield a clause for each word of `value`, or one clause for all its words if they are a phrase (`exact`) or `negated`."""
    value = _AVRO_SIGNS.sub("", value)
    parts = list(words_with_offsets(value))
    if len(parts) > 1 and (exact or negated):
        yield QueryClause((WordsTerm(tuple(word for word, _, _ in parts), value, exact),), negated)
    else:
        yield from (QueryClause((WordsTerm((word,), value[start:end], exact),), negated) for word, start, end in parts)


def words_term(text: str) -> WordsTerm | None:
    """Return all words of `text` as one term, in the order of `text` and without signs, or None if there is no word."""
    whole = [clause.any_of[0] for clause in _word_clauses(text, negated=True)]
    return next((term for term in whole if isinstance(term, WordsTerm)), None)


def field_term(column: str, text: str) -> FieldTerm | None:
    """Return the words of `text` as a term that searches one column of the index, or None if there is no word."""
    parts = tuple(words(text))
    return FieldTerm(column, parts) if parts else None


def _field(name: str, value: str, now: datetime) -> Term | None:
    normalised_value = normalised(value)
    if name in _COLUMNS:
        return field_term(name, value)
    if name == "passage":
        found = words_term(value)
        return PassageTerm(found) if found is not None else None
    if name == "portal":
        return PaperTerm(normalised_value) if normalised_value.strip() else None
    if name == "list":
        return ListTerm(normalised_value.strip()) if normalised_value.strip() else None
    if name == "like":
        return _like(value)
    if name == "is":
        return MarkTerm(_STATES[normalised_value]) if normalised_value in _STATES else None
    if name == "has":
        return FieldTerm("traits", ("image",)) if normalised_value in ("image", "images") else None
    when = parse_moment(normalised_value, now)
    return DateTerm(when, name == "after") if when else None


def similar_term(day: datetime, of_words: Sequence[str]) -> SimilarTerm:
    """Return the term that finds stories similar to a story of `day`; `of_words` are stems of that story's words."""
    return SimilarTerm(day.astimezone(INDIA).replace(hour=12, minute=0, second=0, microsecond=0), tuple(of_words[:MAX_CLAUSES]))


def _like(value: str) -> SimilarTerm | None:
    """Parse the value of `like:`, which is a day and words; return None if either is missing."""
    day, _, rest = value.strip().partition(" ")
    found = tuple(dict.fromkeys(words(rest)))
    try:
        when = datetime.strptime(normalised(day), "%Y-%m-%d").replace(tzinfo=INDIA)
        return similar_term(when, found) if found else None
    except (ValueError, OverflowError):
        return None


def parse_moment(value: str, now: datetime) -> datetime | None:
    """Return the time that `value` names: the start of a date in India (a day, month or year), or an age such as `7d` before `now`.

    The earliest result is 1970, since no story is older. Returns None if `value` is neither a date nor an age.
    """
    try:
        if (past := parse_age(value)) is not None:
            return max(now - past, EPOCH)
        if date := _DATE.fullmatch(value):
            return max(datetime(int(date[1]), int(date[2] or 1), int(date[3] or 1), tzinfo=INDIA), EPOCH)
    except (ValueError, OverflowError):  # the 31st of April; an age before the year 1
        pass
    return None


def _join_alternatives(
    before: list[QueryClause], after: list[QueryClause], offset: int, problems: list[QueryProblem]
) -> QueryClause | None:
    """Join the clauses before and after an `or` into one clause with alternatives.

    If a clause is negated, or only one of them contains words (the other is `is:unread`, for example), add a problem at `offset`,
    the position of the `or` in the query, and return None.
    """
    one, other = _as_one_clause(before), _as_one_clause(after)
    found_alike = isinstance(one.any_of[0], WordsTerm | FieldTerm) == isinstance(other.any_of[0], WordsTerm | FieldTerm)
    if one.negated or other.negated or not found_alike:
        problems.append(QueryProblem(offset, message("“{what}” can't join these two"), "or", _AS_AND))
        return None
    return replace(one, any_of=(*one.any_of, *other.any_of))


def _as_one_clause(piece: list[QueryClause]) -> QueryClause:
    """Join the clauses `piece`, made from one token of the query, into one clause.

    A token such as `covid-19` has several words; they must occur in this order.
    """
    if len(piece) == 1:
        return piece[0]
    terms = [term for clause in piece for term in clause.any_of if isinstance(term, WordsTerm)]
    words = tuple(word for term in terms for word in term.words)
    return QueryClause((WordsTerm(words, " ".join(term.typed for term in terms)),), piece[0].negated)


def _problem(found: re.Match[str], complaint: str, instead: str, what: str | None = None) -> QueryProblem:
    return QueryProblem(found.start(), complaint, found[0] if what is None else what, instead)
