"""Lines that the line reader (`--plain`) prints. Words state the facts that the usual screen shows by position and symbols."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType

from bpost_tui.core.lists.list_source import CategorySource, ListSource, PaneRow, query_of
from bpost_tui.core.lists.listings import Listings, ListResult
from bpost_tui.core.lists.paper_list import PaperList
from bpost_tui.core.wording import (
    age_line,
    also_in,
    change_line,
    found_line,
    hidden_headline,
    portal_status,
    problem_line,
    same_news_line,
    shown_title,
)
from bpost_tui.i18n import Language
from bpost_tui.model.blocks import plain_text
from bpost_tui.model.story import Headline, SavedStory

_ENDS = (".", "!", "?", "।", "…")


def story_line(row: Headline, language: Language, now: datetime, papers: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return a story as one line: headline, paper, age, changes since it was read, marks, and other stories of the same news.

    `papers` maps papers' keys to their names; a paper without a name isn't named.
    """
    text = language.text
    marks = ((text("unread"), not row.read), (text("starred"), row.starred), (text("to read later"), row.later))
    mark_words = ", ".join(word for word, is_on in marks if is_on)
    when = age_line(row, language, now).replace(" · ", ", ")
    others = same_news_line(row, language)[0], hidden_headline(row, papers)
    return _sentences(
        language,
        shown_title(row.title, language),
        papers.get(row.paper, ""),
        when,
        change_line(row, language),
        mark_words,
        *others,
    )


def category_line(row: PaneRow, papers: PaperList, language: Language) -> str:
    """Return a category as one line: its paper if there are several papers, its name, and its number of unread stories."""
    paper = papers.name(row.paper) if papers.are_several and row.paper and isinstance(row.source, CategorySource) else ""
    unread = language.text("at least {n} unread", n=row.unread) if row.is_too_few else language.text("{n} unread", n=row.unread)
    return _sentences(language, paper, row.name, unread)


def search_result_lines(listing: ListResult, language: Language) -> Iterator[str]:
    """Yield a line with the number of results of a search (`listing`), and a second line if the query has an error."""
    found = found_line(listing.total, language)
    yield found + (f" · {listing.reading}" if listing.reading else "")
    if listing.problem is not None:
        yield problem_line(listing.problem, language)


def empty_list_line(listings: Listings, source: ListSource) -> str:
    """Return a line that explains why the list of `source` is empty: no search results, no stories in it, or none saved at all."""
    text = listings.language.text
    if query_of(source):
        return text("Nothing found")
    return text("Nothing here yet") if listings.count() else text("Nothing is saved yet.")


def dateline(saved: SavedStory, language: Language, paper: str = "", papers: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return the facts about a story as one line.

    These are the name `paper` if given, categories, credits, date, state on the portal, reading time, and the other papers that
    have the news. `papers` maps papers' keys to their names.
    """
    row = saved.headline
    minutes = language.reading_minutes(plain_text(saved.blocks))
    where = ", ".join(category.name for category in row.categories)
    date, status, others = language.date(row.published), portal_status(row, language), also_in(saved, language, papers)
    return _sentences(language, paper, where, *row.credits, date, *status, minutes, others)


def other_account_lines(others: Iterable[Headline], language: Language, papers: Mapping[str, str], key: str) -> Iterator[str]:
    """Yield a line with `key`, the keyboard key that opens the next story about the same news, then a line for each such story.

    `others` are these stories; if there are none, yield nothing. `papers` maps papers' ids to their names.
    """
    for at, row in enumerate(others):
        if not at:
            yield language.text("{key}: the same news in another story.", key=key)
        yield f"{papers.get(row.paper, row.paper)}: {shown_title(row.title, language)}"


def _sentences(language: Language, *parts: str) -> str:
    """Return `parts` as sentences in one string: each gets the full stop of `language`, unless it ends with a punctuation mark."""
    stop = "।" if language.code == "bn" else "."
    *firsts, last = [part for part in parts if part] or [""]
    return "".join(f"{part} " if part.endswith(_ENDS) else f"{part}{stop} " for part in firsts) + last
