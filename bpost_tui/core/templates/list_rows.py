"""Templates of the rows in lists of stories, and of the entries in the category pane."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import Enum
from types import MappingProxyType

from bpost_tui.core.lists.list_source import PaneRow
from bpost_tui.core.wording import (
    age_line,
    change_line,
    changed_values,
    hidden_headline,
    same_news_line,
    shown_title,
    tag_in_bengali,
)
from bpost_tui.i18n import Language
from bpost_tui.model.datelines import dateline, dateline_place, is_nobody, untagged_headline
from bpost_tui.model.search_values import Hit
from bpost_tui.model.story import Headline
from bpost_tui.typesetting.text.curly_quotes import curl_quotes
from bpost_tui.typesetting.text.text_direction import join_with_dots
from bpost_tui.typesetting.typeset.items import Item, Pair, Para, Run, Runs, Size

UNREAD_DOT = "●"
STAR = "★"
FLAG = "»"
FAULT = "!"
"""Sign shown beside a paper that doesn't answer, has moved, or has published nothing for long."""
HEADLINE_LINES = 2
"""Maximum number of lines of a headline in a list."""
_MOST_BEFORE_MATCH = 15
"""Maximum number of a snippet's characters that a row shows before the first match."""
_LEAST_ORIGIN = 0.5
"""Minimum part, from 0 to 1, of the paper's or place's name that stays visible beside the details of a story's change."""
_LIST_INDENT_EM = 1.4
_CATEGORY_INDENT_EM = 0.9


class RowDetail(Enum):
    """Amount of detail in a story's row of a list."""

    ALL = "all"
    """Rows with tag and age, the headline on up to two lines, and one line of the excerpt."""
    COMPACT = "compact"
    """Rows of one line: the headline (cut off if too long), place, paper if the list has several papers, and age."""
    LINE = "line"
    """Rows of one line with only the headline and its marks, for lists that are too narrow for COMPACT."""
    HEADLINE = "headline"
    """Rows with only the headline, on up to two lines, for lists that are too narrow for LINE."""


def category(row: PaneRow, language: Language, *, current: bool) -> tuple[Item, ...]:
    """Return an entry of the category pane: name, sign of a fault, number of unread stories. If `current`, the name is bold."""
    ink = "headline" if current else "text" if row.unread else "faded"
    name = Run(row.name, ink, bold=current or row.is_paper_or_group)
    return (Pair((name,), (Run(unread_of(row, language), "meta"),), Size.NAME, indent=_CATEGORY_INDENT_EM * row.depth),)


def unread_of(row: PaneRow, language: Language) -> str:
    """Return the text at the right of an entry in the category pane: the sign of a fault and the number of unread stories, if any.

    A plus after the number shows that there may be more.
    """
    more = "+" if row.is_too_few else ""
    return " ".join(
        filter(None, (FAULT if row.has_fault else "", f"{language.number(row.unread)}{more}" if row.unread or more else ""))
    )


def headline_row(
    row: Headline,
    language: Language,
    now: datetime,
    detail: RowDetail,
    *,
    hit: Hit | None = None,
    is_flagged: bool = False,
    paper: str = "",
    fit: Callable[[Sequence[str], str], str] | None = None,
    sign_chars: int = 0,
    papers: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Item, ...]:
    """Return a story's row, with the given amount of `detail`. With all details: tag and age, headline, a line of the excerpt.

    If the row hides stories about the same news, one of them is shown in place of the excerpt, by its paper and headline. With less
    detail, the row shows only the number of further papers with the news (or else of further stories), such as “+2”. If there is
    little room, the row shows that the story has changed since it was read, but not how.

    Args:
        row: Story of the row.
        language: Language of the interface.
        now: Current time.
        detail: Amount of detail to show.
        hit: Search hit of the row, whose matches are marked; None outside of a search.
        is_flagged: Whether the row begins with a flag, the sign that the next key acts on the story.
        paper: Name of the story's paper; empty if the list has only one paper.
        fit: Function that chooses the text for paper and place in a row of one line, so that the headline has enough room; None to
            leave them out. Its arguments are the texts, best first, and the other text to the right of the headline.
        sign_chars: Maximum length in characters of the text about a story's change, in a row with only the headline.
        papers: Names of papers by their keys.
    """
    dot: Runs = ((Run(FLAG, "mark", bold=True),) if is_flagged else ()) + (() if row.read else (Run(UNREAD_DOT, "accent"),))
    kept = " ".join([STAR] * row.starred + [language.text("later")] * row.later)
    _, others = same_news_line(row, language)
    hidden = hidden_headline(row, papers)
    headline = untagged_headline(row.title)
    tag = tag_in_bengali(row) or ("" if headline.startswith(row.tag) else row.tag)
    place = curl_quotes(tag or dateline_place(row.excerpt))
    somebody = "" if is_nobody(row.author) else row.author
    by = join_with_dots(place, paper or somebody)
    by = by or (row.author and next((category.name for category in row.categories), row.author))
    words = shown_title(curl_quotes(headline), language)
    title = Run(words, "faded" if row.read else "headline", bold=not row.read)
    opening = curl_quotes(row.excerpt[len(dateline(row.excerpt)) :].strip())
    titles: Runs = (title,)
    left: Runs = (Run(by, "meta"),)
    excerpt: Runs = (Run(opening, "meta"),) if opening else ()
    if hit is not None and hit.passage:
        titles = _with_marks(Run(f"“{hit.passage}”", "quote"), [(start + 1, end + 1) for start, end in hit.title_ranges])
        excerpt = _from_match(hit)
    elif hit is not None:
        cut = len(row.title) - len(words)
        titles = _with_marks(title, [(start - cut, end - cut) for start, end in hit.title_ranges])
        at = max(0, row.title.find(row.tag))
        marks = [(start - at, min(end - at, len(row.tag))) for start, end in hit.title_ranges if start < at + len(row.tag)]
        left = _with_marks(left[0], marks if tag == row.tag else [(0, len(place))] if tag and marks else [])
        excerpt = _from_match(hit) if hit.snippet else excerpt
    plus = f"+{language.number(others)}" if others else ""
    lines = (change_line(row, language), changed_values(row, language), language.text("changed")) if row.changed else ()
    changes = [*filter(None, lines)] or [""]
    age, signs = Run(age_line(row, language, now), "meta"), [(kept, "mark")]
    if detail is RowDetail.LINE:
        alone = [(plus, "meta"), *signs, (changes[-1], "accent")]
        right = tuple(Run(f"  {sign}", ink) for sign, ink in alone if sign)
        return (Pair(titles, right, Size.ROW, indent=_LIST_INDENT_EM, marker=dot),)
    if detail is RowDetail.COMPACT:
        beside = "  ".join(filter(None, (plus, kept, changes[-1], age.text)))
        origin = fit((join_with_dots(paper, place), paper), beside) if paper and fit else ""
        signs = [(plus, "meta"), (origin, "meta"), *signs]
    before = tuple(Run(f"{sign}  ", ink) for sign, ink in signs if sign)
    right, *shorter = ((*before, Run(f"{each} · " if each else "", "accent"), age) for each in changes)
    if detail is RowDetail.COMPACT:
        return (Pair(titles, right, Size.ROW, indent=_LIST_INDENT_EM, marker=dot, shorter_rights=tuple(shorter)),)
    if detail is RowDetail.HEADLINE and plus:
        titles = (Run(f"{plus} ", "meta"), *titles)
    if detail is RowDetail.HEADLINE and row.changed:
        change = next((each for each in changes if len(each) <= sign_chars), changes[-1])
        titles = (Run(f"{change} · ", "accent"), *titles)
    if hidden and hit is None:
        differs = f"{language.text('figures differ')} · " if any(other.differs for other in row.others) else ""
        excerpt = (Run(f"{plus if others > 1 else '+'} {differs}{hidden}", "meta"),)
    pair = Pair(left, right, shorter_rights=tuple(shorter), least_left=_LEAST_ORIGIN)
    return _row(pair, titles, excerpt, dot, detail)


def tallest_headline_row(detail: RowDetail) -> tuple[Item, ...]:
    """Return a sample row with the maximum height of a row with this `detail`, for measuring."""
    letter = (Run("ক"),)
    if detail in (RowDetail.COMPACT, RowDetail.LINE):
        return (Pair(letter, letter, Size.ROW, indent=_LIST_INDENT_EM),)
    return _row(Pair(letter, letter), (Run("\n".join("ক" * HEADLINE_LINES), bold=True),), letter, (), detail)


def _row(origin: Pair, title: Runs, excerpt: Runs, marker: Runs, detail: RowDetail) -> tuple[Item, ...]:
    headline = Para(title, Size.LIST, indent=_LIST_INDENT_EM, marker=marker, max_lines=HEADLINE_LINES, before=0.15)
    if detail is RowDetail.HEADLINE:
        return (headline,)
    is_plain = len(excerpt) == 1  # a match of a search may follow the first sentence
    below = Para(excerpt, Size.SMALL, indent=_LIST_INDENT_EM, indent_of=Size.LIST, max_lines=1, may_end_early=is_plain, before=0.25)
    return (origin._replace(indent=_LIST_INDENT_EM, indent_of=Size.LIST), headline, *((below,) if excerpt else ()))


def _from_match(hit: Hit) -> Runs:
    """Return the snippet of a search result (`hit`), beginning a word or two before the first match.

    A row shows only one line of the snippet, and that line must contain the match.
    """
    text = curl_quotes(hit.snippet)
    first = hit.snippet_ranges[0][0] if hit.snippet_ranges else 0
    if first <= _MOST_BEFORE_MATCH:
        return _with_marks(Run(text, "meta"), hit.snippet_ranges)
    space = text.find(" ", first - _MOST_BEFORE_MATCH, first)
    begin = first if space < 0 else space + 1
    shift = begin - 1
    return _with_marks(Run(f"…{text[begin:]}", "meta"), [(start - shift, end - shift) for start, end in hit.snippet_ranges])


def _with_marks(run: Run, marks: Sequence[tuple[int, int]]) -> Runs:
    """Return `run`, a piece of text, split so that the parts in `marks` are bold and in the highlight colour.

    `marks` are pairs of character offsets: start and end.
    """
    from bpost_tui.core.page_matches import PageMatch, restyle_runs  # only for hits of a search

    found = [PageMatch(0, start, end) for start, end in marks]
    return restyle_runs((run,), found, lambda part, _: part._replace(ink="mark", bold=True)) or (run,)


def last_visit(language: Language) -> Para:
    """Return the text for the line that separates new stories from the stories that the list had at the last visit."""
    return Para((Run(language.text("Seen last time"), "accent"),), Size.ROW, max_lines=1)


def searches_head(language: Language) -> Para:
    """Return the heading above the saved searches in the category pane."""
    return Para((Run(language.text("Saved searches"), "meta"),), Size.ROW, max_lines=1)


def followed_head(language: Language) -> Para:
    """Return the heading above the followed stories in the category pane."""
    return Para((Run(language.text("Followed"), "meta"),), Size.ROW, max_lines=1)
