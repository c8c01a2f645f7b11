"""Texts that the screen and the command line share: about a story's age, marks, queries, errors, and a paper's faults."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from bpost_tui.bengali.place_names import bengali_name
from bpost_tui.config import DEFAULT_PORTAL, SAMPLE_NAMES
from bpost_tui.errors import BPostError, ContentError, NotFoundError, PortalError, ProgramError, StoreError, UsageError
from bpost_tui.i18n import Language, message
from bpost_tui.model.datelines import untagged_headline
from bpost_tui.model.search_values import MAX_COUNTED_HITS
from bpost_tui.model.story import Headline, SavedStory
from bpost_tui.typesetting.text.curly_quotes import curl_quotes
from bpost_tui.typesetting.text.lazy_pattern import lazy_pattern
from bpost_tui.urls import site_of

if TYPE_CHECKING:
    from bpost_tui.model.paper_health import PaperHealth
    from bpost_tui.model.search_values import QueryProblem


ONE_PAPER: Final = message("There is one paper; `bpost portals add` adds another")
"""Message for actions that need several papers, if there is only one."""


def shown_title(title: str, language: Language) -> str:
    """Return a story's headline, or the words "(no headline)" if it is empty."""
    return title or language.text("(no headline)")


def paper_name(address: str, language: Language, *, configured_name: str = "", own_name: str = "") -> str:
    """Return a paper's name for the reader.

    The first of these names that isn't empty is used: the name in the config (`configured_name`); for The Bengal Post and for the
    sample edition, the name in the reader's language; the title of the paper's feed (`own_name`); the host of the address.
    """
    if configured_name:
        return configured_name
    if site_of(address) == site_of(DEFAULT_PORTAL):
        return language.text("The Bengal Post")
    return language.text(own_name) if own_name in SAMPLE_NAMES else own_name or site_of(address)


def unfollowed_name(name: str, language: Language) -> str:
    """Return the name of a paper with the remark "(no longer followed)"."""
    return language.text("{name} (no longer followed)", name=name)


def found_line(total: int, language: Language) -> str:
    """Return a text with `total`, the number of stories that a search found.

    Above `MAX_COUNTED_HITS`, where counting stops, the text says "more than" this number.
    """
    if total > MAX_COUNTED_HITS:
        return language.text("more than {n} found", n=MAX_COUNTED_HITS)
    return language.text("{n} found", n=total)


def note_line(note: str, language: Language) -> str:
    """Return the note on a passage, after the label "Note"; empty if `note` is empty."""
    return language.text("Note: {note}", note=note) if note else ""


_LONGEST_QUOTED = 40
_LONGEST_CHANGED = 20
"""Maximum length in characters of the old words, and of the new words, of a change that a list shows."""
_NUMBER, _YEAR = lazy_pattern(r"[0-9]+(?:\.[0-9]+)?"), lazy_pattern("(?:19|20)[0-9]{2}")
_COUNTED_PEOPLE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "dead": message("dead"),
        "hurt": message("injured"),
        "held": message("arrested"),
        "detained": message("detained"),
        "missing": message("missing"),
        "ill": message("ill"),
    }
)
"""Maps the key of each counted group of people, such as "hurt", to the word that follows the number ("3 injured")."""
_ERROR_PREFIXES: Final[Mapping[type[BPostError], str]] = MappingProxyType(
    {
        NotFoundError: message("Not found"),
        UsageError: message("Not understood"),
        ProgramError: message("A program failed"),
        PortalError: message("Can't reach the portal, or it refused"),
        ContentError: message("What the portal sent can't be read"),
        StoreError: message("The files can't be used"),
    }
)
"""Maps kinds of errors to a translated prefix, for errors whose text exists only in English."""


MARK_LINES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "read": (message("Marked unread"), message("Marked read")),
        "starred": (message("Star removed"), message("Star added")),
        "later": (message("Removed from Read later"), message("Added to Read later")),
    }
)
"""Maps each mark to two messages: after the mark was removed from a story, and after it was set."""
UNDO_LINES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "read": (message("Undone: read again"), message("Undone: unread again")),
        "starred": (message("Undone: starred again"), message("Undone: no longer starred")),
        "later": (message("Undone: in Read later again"), message("Undone: no longer in Read later")),
    }
)
"""Maps each mark to two messages: after undoing the removal of the mark from a story, and after undoing the setting."""


def many_marked(mark: str, on: bool, n: int, language: Language) -> str:
    """Return the message to show after the mark `mark` (read, starred, later) of `n` stories was set (`on`), or removed."""
    plural = language.plural
    lines = {
        "read": (plural("{n} marked unread", "{n} marked unread", n), plural("{n} marked read", "{n} marked read", n)),
        "starred": (
            plural("Star removed from {n} story", "Stars removed from {n} stories", n),
            plural("{n} story starred", "{n} stories starred", n),
        ),
        "later": (
            plural("{n} story removed from Read later", "{n} stories removed from Read later", n),
            plural("{n} story added to Read later", "{n} stories added to Read later", n),
        ),
    }
    return lines[mark][on]


def many_unmarked(mark: str, on: bool, n: int, language: Language) -> str:
    """Return the message to show after undoing a change of the mark `mark` (read, starred, later) on `n` stories.

    `on` is whether the undone change had set the mark; if not, it had removed it.
    """
    plural = language.plural
    lines = {
        "read": (
            plural("Undone: {n} story read again", "Undone: {n} stories read again", n),
            plural("Undone: {n} story unread again", "Undone: {n} stories unread again", n),
        ),
        "starred": (
            plural("Undone: {n} story starred again", "Undone: {n} stories starred again", n),
            plural("Undone: {n} story no longer starred", "Undone: {n} stories no longer starred", n),
        ),
        "later": (
            plural("Undone: {n} story in Read later again", "Undone: {n} stories in Read later again", n),
            plural("Undone: {n} story no longer in Read later", "Undone: {n} stories no longer in Read later", n),
        ),
    }
    return lines[mark][on]


def same_news_line(row: Headline, language: Language) -> tuple[str, int]:
    """Return a text about the other papers that report the same news as `row`, and the number of these papers.

    If no other paper reports the news, return a text about further stories of the same paper, and their number. Without any such
    story, the text is empty and the number 0.
    """
    others = {other.paper for other in row.others} - {row.paper}
    n = len(others or row.others)
    if others:
        where = language.plural("in {n} more paper", "in {n} more papers", n)
        differs = any(other.differs for other in row.others)
        return (f"{where} · {language.text('figures differ')}" if differs else where), n
    return language.plural("{n} more story in this paper", "{n} more stories in this paper", n) if n else "", n


def also_in(saved: SavedStory, language: Language, papers: Mapping[str, str]) -> str:
    """Return a text that names the other papers with the same news as a story; empty if there are none.

    `papers` maps papers' keys to their names.
    """
    others = dict.fromkeys(papers.get(other.paper, other.paper) for other in saved.same_news if other.paper != saved.headline.paper)
    return language.text("also in {papers}", papers=", ".join(others)) if others else ""


def hidden_headline(row: Headline, papers: Mapping[str, str]) -> str:
    """Return the headline of one of the stories about the same news that the row `row` hides; empty if it hides none.

    If the hidden story is in another paper, the paper's name comes first. A story that gives other figures than `row` is preferred,
    then a story of another paper. `papers` maps papers' keys to names.
    """
    if not row.others:
        return ""
    first = min(row.others, key=lambda other: (not other.differs, other.paper == row.paper))
    title = curl_quotes(untagged_headline(first.title))
    return title if first.paper == row.paper else f"{papers.get(first.paper, first.paper)}: {title}"


def tag_in_bengali(row: Headline) -> str:
    """Return the tag of a story's headline in Bengali; empty if it has none, or a tag in Latin letters that isn't a known place."""
    return bengali_name(row.tag) if row.tag.isascii() else row.tag


def age_line(row: Headline, language: Language, now: datetime) -> str:
    """Return a story's age as text. If the portal no longer has the story, the word "withdrawn" comes first."""
    age = language.age(row.published, now)
    return f"{language.text('withdrawn')} · {age}" if row.withdrawn else age


def change_line(row: Headline, language: Language) -> str:
    """Return a text about the change since the reader read a story, such as "changed: 3 dead, was 2"; empty if there is none."""
    if row.changed is None:
        return ""
    if values := changed_values(row, language):
        return language.text("changed: {values}", values=values)
    match row.changed.kind:
        case "figure":
            return language.text("changed: a figure")
        case "headline":
            return language.text("changed: the headline")
        case "name":
            return language.text("changed: a name")
        case "correction":
            return language.text("corrected by the paper")
        case "withdrawal":
            return language.text("retracted by the paper")
        case _:
            return language.text("changed: the text")


def changed_values(row: Headline, language: Language) -> str:
    """Return the figure, name or words that changed since the reader read a story, such as "3 dead, was 2".

    Return an empty text if nothing changed, if the text changed as a whole, or if the words are too long for a row.
    """
    kind, old, new, unit = row.changed or ("", "", "", "")
    if kind not in ("figure", "headline", "name") or not 0 < len(old) <= _LONGEST_CHANGED or not 0 < len(new) <= _LONGEST_CHANGED:
        return ""
    old, new = _with_numerals(old, language), _with_numerals(new, language)
    if kind == "figure" and unit in _COUNTED_PEOPLE:
        return language.text("{n} {people}, was {old}", n=new, people=language.text(_COUNTED_PEOPLE[unit]), old=old)
    return language.text("{new}, was {old}", new=new, old=old)


def _with_numerals(words: str, language: Language) -> str:
    """Return `words`, text from a story, with each number in the digits and digit groups of `language`.

    A number that may be a year isn't grouped.
    """
    return " ".join(
        language.numeral(word, groups=not _YEAR.fullmatch(word)) if _NUMBER.fullmatch(word) else word for word in words.split()
    )


def portal_status(row: Headline, language: Language) -> tuple[str, ...]:
    """Return texts about a story's changes on the portal since it was saved: updated, withdrawn."""
    updated = (language.text("updated {when}", when=language.date(row.updated)),) if row.updated else ()
    return updated + ((language.text("withdrawn by the portal"),) if row.withdrawn else ())


def problem_line(problem: QueryProblem, language: Language) -> str:
    """Return a sentence about the problem of a query, with its position and the query that was run instead."""
    complaint = language.text(problem.message, what=problem.text[:_LONGEST_QUOTED])
    instead = language.text(problem.fallback)
    return language.text("{complaint} (at character {n}). {instead}", complaint=complaint, n=problem.offset + 1, instead=instead)


def error_line(error: BPostError, language: Language) -> str:
    """Return an error as one line in the reader's language. A text that isn't translated gets a translated prefix."""
    line = language.reason(error.message)
    prefix = next((prefix for kind, prefix in _ERROR_PREFIXES.items() if isinstance(error, kind)), "")
    if prefix and language.code != "en" and line == error.message:
        return f"{language.text(prefix)}: {line}"
    return line


def paper_faults(health: PaperHealth, now: datetime, language: Language) -> Iterator[str]:
    """Yield a sentence for each fault of a paper: no new story for a long time, failed requests, a new address."""
    if health.newest is not None and health.is_silent(now):
        yield language.text("nothing new since {date}", date=language.date(health.newest))
    if health.failing_since is not None:
        since, n = language.date(health.failing_since), health.failures
        once = language.text("failing since {date}", date=since)
        yield once if n == 1 else language.text("failed {n} times since {date}", n=n, date=since)
    if health.moved_since is not None:
        since, n, address = language.date(health.moved_since), health.redirects, health.moved_to
        once = language.text("moved to {address}", address=address)
        if not n:
            yield language.text("its feed announces a new address, {address}, since {date}", address=address, date=since)
        else:
            yield once if n == 1 else language.text("{moved}: {n} times since {date}", moved=once, n=n, date=since)


def fault_advice(papers: Mapping[str, PaperHealth], now: datetime) -> Iterator[str]:
    """Yield advice about the faults of papers: one text for each paper that has moved, one if any fails, and one if any is silent.

    `papers` maps the papers' addresses to their health.
    """
    from bpost_tui.model.paper_health import move_advice  # loaded with the papers' health

    yield from (move_advice(address) for address, health in papers.items() if health.moved_to)
    if any(health.failing_since is not None and not health.moved_to for health in papers.values()):
        yield message("If a paper fails, `bpost refresh` says why; if its site is gone, `bpost portals remove PAPER` removes it.")
    if any(health.is_silent(now) and not health.moved_to for health in papers.values()):
        yield message("If a paper has nothing new but its site does, `bpost portals add SITE` finds its new feed.")
