"""Templates of the rows of lists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import Enum

from bpost_tui.core.lists.list_source import PaneRow
from bpost_tui.core.page_matches import PageMatch, restyle_runs
from bpost_tui.core.wording import age_line, same_news_line
from bpost_tui.i18n import Language
from bpost_tui.model.datelines import dateline, dateline_place, is_nobody, without_tag
from bpost_tui.model.search_values import Hit
from bpost_tui.model.story import Headline
from bpost_tui.typesetting.text.curly_quotes import curl_quotes
from bpost_tui.typesetting.text.text_direction import join_with_dots
from bpost_tui.typesetting.typeset.items import Item, Pair, Para, Run, Runs, Size

UNREAD_DOT = "●"
STAR = "★"
FLAG = "»"
FAULT = "!"
"""Sign of a paper that doesn't answer, is silent or has moved."""
HEADLINE_LINES = 2
"""Most lines of a headline in the list."""
_LEAD_CHARACTERS = 15
"""Most characters of a snippet that a row shows before the match."""
_LIST_INDENT_EM = 1.4
_CATEGORY_INDENT_EM = 0.9


class RowDetail(Enum):
    """Detail of a story's row in the list."""

    ALL = "all"
    """Tag and age, the headline on two lines, a line of the excerpt."""
    COMPACT = "compact"
    """One line: the headline, cut, and the age."""
    HEADLINE = "headline"
    """Headline on two lines, in lists that are too narrow for COMPACT."""


def category(row: PaneRow, language: Language, *, current: bool) -> tuple[Item, ...]:
    """Return a row of the category pane: name, sign of a fault, number of unread stories."""
    ink = "accent" if current else "text" if row.unread else "faded"
    name = Run(row.name, ink, bold=current or row.is_paper_or_group)
    return (Pair((name,), (Run(unread_of(row, language), "meta"),), Size.NAME, indent=_CATEGORY_INDENT_EM * row.depth),)


def unread_of(row: PaneRow, language: Language) -> str:
    """Return a row's sign of a fault and its number of unread stories, as shown."""
    return " ".join(filter(None, (FAULT if row.has_fault else "", language.number(row.unread) if row.unread else "")))


def headline_row(
    row: Headline,
    language: Language,
    now: datetime,
    detail: RowDetail,
    *,
    hit: Hit | None = None,
    is_flagged: bool = False,
    paper: str = "",
) -> tuple[Item, ...]:
    """Return a story's row: tag and age, headline on up to two lines, a line of the excerpt; matches of a query are marked.

    A row with further accounts shows the number of papers before the excerpt; rows without an excerpt show a number only. `paper`
    is the name of the story's paper, if the list has several papers.
    """
    dot = (Run(FLAG, "mark", bold=True),) if is_flagged else (Run(UNREAD_DOT, "accent"),) if not row.read else ()
    kept = " ".join([STAR] * row.starred + [language.text("later")] * row.later)
    elsewhere, others = same_news_line(row, language)
    by_ink = "meta" if row.read else "accent"
    place = curl_quotes(row.tag or dateline_place(row.excerpt))
    somebody = "" if is_nobody(row.author) else row.author
    by = join_with_dots(place, paper or somebody)
    by = by or (row.author and next((category.name for category in row.categories), row.author))
    words = curl_quotes(without_tag(row.title)) or language.text("(no headline)")
    title = Run(words, "faded" if row.read else "headline", bold=not row.read)
    opening = curl_quotes(row.excerpt[len(dateline(row.excerpt)) :].strip())
    titles: Runs = (title,)
    left: Runs = (Run(by, by_ink),)
    excerpt: Runs = (Run(opening, "meta"),) if opening else ()
    if hit is not None and hit.passage:
        titles = _with_marks(Run(f"“{hit.passage}”", "quote"), [(start + 1, end + 1) for start, end in hit.title_ranges])
        excerpt = _from_match(hit)
    elif hit is not None:
        cut = len(row.title) - len(words)
        titles = _with_marks(title, [(start - cut, end - cut) for start, end in hit.title_ranges])
        tag = max(0, row.title.find(row.tag))
        left = _with_marks(left[0], [(start - tag, min(end - tag, len(row.tag))) for start, end in hit.title_ranges])
        excerpt = _from_match(hit) if hit.snippet else excerpt
    plus = f"+{language.number(others)}" if others else ""
    right = (Run(f"{kept}  " if kept else "", "mark"), Run(age_line(row, language, now), "meta"))
    if detail is RowDetail.COMPACT:
        return (Pair(titles, (Run(f"{plus}  " if plus else "", by_ink), *right), Size.ROW, indent=_LIST_INDENT_EM, marker=dot),)
    if detail is RowDetail.HEADLINE and plus:
        titles = (Run(f"{plus} ", by_ink), *titles)
    if elsewhere:
        excerpt = (Run(elsewhere, by_ink), *((Run(" · ", "meta"), *excerpt) if excerpt else ()))
    return _row(left, right, titles, excerpt, dot, detail)


def tallest_headline_row(detail: RowDetail) -> tuple[Item, ...]:
    """Return a sample row that is as high as any row of `detail` can be."""
    letter = (Run("ক"),)
    if detail is RowDetail.COMPACT:
        return (Pair(letter, letter, Size.ROW, indent=_LIST_INDENT_EM),)
    return _row(letter, letter, (Run("\n".join("ক" * HEADLINE_LINES), bold=True),), letter, (), detail)


def _row(left: Runs, right: Runs, title: Runs, excerpt: Runs, marker: Runs, detail: RowDetail) -> tuple[Item, ...]:
    headline = Para(title, Size.LIST, indent=_LIST_INDENT_EM, marker=marker, max_lines=HEADLINE_LINES, before=0.15)
    if detail is RowDetail.HEADLINE:
        return (headline,)
    excerpted = (
        (Para(excerpt, Size.SMALL, indent=_LIST_INDENT_EM, indent_of=Size.LIST, max_lines=1, before=0.25),) if excerpt else ()
    )
    return (Pair(left, right, indent=_LIST_INDENT_EM, indent_of=Size.LIST), headline, *excerpted)


def _from_match(hit: Hit) -> Runs:
    """Return the snippet from a word or two before its first match, so that the match is within the single line of a row."""
    text = curl_quotes(hit.snippet)
    first = hit.snippet_ranges[0][0] if hit.snippet_ranges else 0
    if first <= _LEAD_CHARACTERS:
        return _with_marks(Run(text, "meta"), hit.snippet_ranges)
    space = text.find(" ", first - _LEAD_CHARACTERS, first)
    begin = first if space < 0 else space + 1
    shift = begin - 1
    return _with_marks(Run(f"…{text[begin:]}", "meta"), [(start - shift, end - shift) for start, end in hit.snippet_ranges])


def _with_marks(run: Run, marks: Sequence[tuple[int, int]]) -> Runs:
    """Return a run split so that the matches are in the ink of marks."""
    found = [PageMatch(0, start, end) for start, end in marks]
    return restyle_runs((run,), found, lambda part, _: part._replace(ink="mark", bold=True)) or (run,)


def last_visit(language: Language) -> Para:
    """Return the text in the rule between new stories and the stories of the last visit."""
    return Para((Run(language.text("Here on your last visit"), "accent"),), Size.ROW, max_lines=1)


def searches_head(language: Language) -> Para:
    """Return the text in the rule above the saved searches."""
    return Para((Run(language.text("Saved searches"), "meta"),), Size.ROW, max_lines=1)


def followed_head(language: Language) -> Para:
    """Return the text in the rule above the followed stories."""
    return Para((Run(language.text("Followed"), "meta"),), Size.ROW, max_lines=1)
