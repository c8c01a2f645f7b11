"""What is set on each page: news values to galley items, in the reader's language. Pure: no Textual, no clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from enum import Enum

from bpost_tui.i18n import INDIA, Language
from bpost_tui.news.codec import plain_text
from bpost_tui.news.dateline import dateline
from bpost_tui.news.model import (
    Block,
    CategoryCount,
    Heading,
    Headline,
    Image,
    ListBlock,
    Paragraph,
    Preformatted,
    Quote,
    SavedStory,
    Spans,
    Table,
)
from bpost_tui.news.tag import without_tag
from bpost_tui.store.values import Hit
from bpost_tui.typeset.galley import Item, Pair, Para, Rule, Run, Runs, Size

UNREAD_DOT = "●"
STAR = "★"
END_MARK = "∎"
HEADLINE_LINES = 2
"""How many lines a headline gets in the list."""


class Detail(Enum):
    """How much of a story a row of the list shows: which of its parts."""

    ALL = slice(0, 3)
    NO_EXCERPT = slice(0, 2)
    HEADLINE = slice(1, 2)


_LIST_INDENT_EM = 1.4
_LIST_TO_SMALL = 0.80 / 0.66
"""Em of the list's type to em of small type: so that both begin at the same pixel."""


def nameplate(language: Language, *, large: bool) -> tuple[Item, ...]:
    """The paper's name; where there is height for it, two rows high."""
    name = (Run(language.text("The Bengal Post"), "headline", bold=True),)
    return (Para(name, Size.MASTHEAD if large else Size.ROW, max_lines=1),)


def folio(language: Language, now: datetime, status: str, *, rows: int, dated: bool, news: bool) -> tuple[Item, ...]:
    """The day, and what is true just now: on two rows, on one, or without the day where there is no width for it."""
    state = Run(status, "accent" if news else "meta")
    if not dated:
        return (Para((state,), Size.ROW, align="end", max_lines=1),)
    day = Run(language.long_date(now) + " · " + language.bangla_date(now.astimezone(INDIA).date()), "meta")
    if rows > 1:
        return (Para((day,), Size.ROW, align="end", max_lines=1), Para((state,), Size.ROW, align="end", max_lines=1))
    return (Para((day, Run("   "), state), Size.ROW, align="end", max_lines=1),)


def category(count: CategoryCount, language: Language, *, current: bool) -> tuple[Item, ...]:
    """One row of the category pane: the name, and how much of it is unread."""
    unread = language.number(count.unread) if count.unread else ""
    ink = "accent" if current else "text" if count.unread else "faded"
    return (Pair((Run(count.category.name, ink, bold=current),), (Run(unread, "meta"),), Size.ROW),)


def category_strip(counts: Sequence[CategoryCount], language: Language, current: int) -> tuple[Item, ...]:
    """The categories in one line, the current one first in weight."""
    runs: list[Run] = []
    for index, count in enumerate(counts):
        unread = f" {language.number(count.unread)}" if count.unread else ""
        here = index == current
        runs += [Run(count.category.name, "accent" if here else "text", bold=here, underline=here), Run(unread + "   ", "meta")]
    return (Pair(tuple(runs), (), Size.ROW),)


def headline_row(row: Headline, language: Language, now: datetime, detail: Detail, *, hit: Hit | None = None) -> tuple[Item, ...]:
    """A story in the list: tag and age, the headline on up to two lines, a line of the excerpt; what a query found is marked."""
    dot = (Run(UNREAD_DOT, "accent"),) if not row.read else ()
    star = f"{STAR} " if row.starred else ""
    by = " · ".join(part for part in (row.tag, row.author) if part)
    words = without_tag(row.title) or language.text("(no headline)")
    title = Run(words, "faded" if row.read else "headline", bold=not row.read)
    opening = Run(row.excerpt[len(dateline(row.excerpt)) :].strip() or " ", "meta")
    titles: Runs = (title,)
    excerpt: Runs = (opening,)
    if hit is not None:
        cut = len(row.title) - len(words)
        titles = _with_marks(title, [(start - cut, end - cut) for start, end in hit.title_marks])
        excerpt = _with_marks(Run(hit.snippet, "meta"), hit.marks) if hit.snippet else excerpt
    left = (Run(by, "meta" if row.read else "accent"),)
    right = (Run(star, "mark"), Run(language.age(row.published, now), "meta"))
    return _row(left, right, titles, excerpt, dot, detail)


def _with_marks(run: Run, marks: Sequence[tuple[int, int]]) -> Runs:
    """Return a run in parts, those that were searched in the ink of marks."""
    parts: list[Run] = []
    done = 0
    for start, end in marks:
        start, end = max(start, done), min(end, len(run.text))
        if start < end:
            parts += [replace(run, text=run.text[done:start]), replace(run, text=run.text[start:end], ink="mark", bold=True)]
            done = end
    return tuple(part for part in (*parts, replace(run, text=run.text[done:])) if part.text) or (run,)


def tallest_headline_row(detail: Detail) -> tuple[Item, ...]:
    """A row as tall as a row in the list can be."""
    letter = (Run("ক"),)
    return _row(letter, letter, (Run("\n".join("ক" * HEADLINE_LINES), bold=True),), letter, (), detail)


def _row(left: Runs, right: Runs, title: Runs, excerpt: Runs, marker: Runs, detail: Detail) -> tuple[Item, ...]:
    small_indent = _LIST_INDENT_EM * _LIST_TO_SMALL
    items: tuple[Item, ...] = (
        Pair(left, right, indent=small_indent),
        Para(title, Size.LIST, indent=_LIST_INDENT_EM, marker=marker, max_lines=HEADLINE_LINES, before=0.15),
        Para(excerpt, Size.SMALL, indent=small_indent, max_lines=1, before=0.25),
    )
    return items[detail.value]


def story(saved: SavedStory, language: Language, *, following: Headline | None = None) -> tuple[Item, ...]:
    """A whole story, from its category to what to read next."""
    row = saved.headline
    minutes = language.reading_minutes(_words(saved))
    line = " · ".join(
        part for part in (language.text("The Bengal Post"), row.author, language.date(row.published), minutes) if part
    )
    where = " · ".join(category.name for category in row.categories[:3])
    head: list[Item] = [
        Para((Run(where or row.tag or " ", "accent"),), Size.SMALL, max_lines=1),
        Para((Run(row.title or language.text("(no headline)"), "headline", bold=True),), Size.HEADLINE, before=0.2),
        Para((Run(line, "meta"),), Size.SMALL, before=0.5),
        Rule(before=0.6),
    ]
    body = [item for index, block in enumerate(saved.blocks) for item in _block(block, language, first=index == 0)]
    if not body:
        body = [Para((Run(row.excerpt or language.text("There is no text."), "text"),), before=0.6)]
    tail: list[Item] = [Para((Run(END_MARK, "accent"),), Size.SMALL, align="center", before=1.0)]
    if not row.full:
        tail.insert(
            0,
            Para(
                (Run(language.text("Only the beginning is saved; the rest comes when the portal can be reached."), "meta"),),
                Size.SMALL,
                before=1.0,
            ),
        )
    if following is not None:
        tail += [
            Para(
                (Run(language.text("Next"), "meta"), Run("  "), Run(without_tag(following.title), "text", bold=True)),
                Size.SMALL,
                before=1.0,
                max_lines=2,
            ),
        ]
    return (*head, *body, *tail)


def as_text(saved: SavedStory, language: Language) -> str:
    """A story as clean text: headline, who and when, the text, the address."""
    row = saved.headline
    line = " · ".join(part for part in (row.author, language.date(row.published)) if part)
    return "\n\n".join(part for part in (row.title, line, plain_text(saved.blocks) or row.excerpt, row.link) if part) + "\n"


def notice(*lines: str) -> tuple[Item, ...]:
    """An empty place speaks: one sentence, and below it the key that helps."""
    first, *rest = lines
    return (
        Para((Run(first, "text"),), Size.LIST, align="center", before=1.0),
        *(Para((Run(line, "meta"),), Size.SMALL, align="center", before=0.6) for line in rest),
    )


def banner(question: str) -> tuple[Item, ...]:
    """A question of one sentence, never in the way."""
    return (Para((Run(question, "headline", bold=True),), Size.ROW, max_lines=1),)


def footer(keys: Sequence[tuple[str, str]], right: str) -> tuple[Pair, ...]:
    """The last line: keys with what they do, and how far one is."""
    runs = [run for key, label in keys for run in (Run(key, "accent"), Run(f" {label}   ", "meta"))]
    return (Pair(tuple(runs), (Run(right, "meta"),), Size.ROW),)


def help_page(title: str, sections: Sequence[tuple[str, Sequence[tuple[str, str]]]]) -> tuple[Item, ...]:
    """The keys of a place, section by section."""
    items: list[Item] = [Para((Run(title, "headline", bold=True),), Size.SUBHEAD)]
    for name, rows in sections:
        items.append(Para((Run(name, "accent"),), Size.SMALL, before=0.8))
        items += [Pair((Run(text, "text"),), (Run(keys, "accent"),), Size.ROW) for keys, text in rows]
    return tuple(items)


def _block(block: Block, language: Language, *, first: bool) -> list[Item]:
    match block:
        case Paragraph(spans):
            runs = _runs(spans)
            return [Para(_with_dateline(spans, runs) if first else runs, before=0.6)]
        case Heading(spans):
            return [Para(_runs(spans, "headline", bold=True), Size.SUBHEAD, before=1.0)]
        case Quote(paragraphs):
            return [
                Para(_runs(spans, "quote"), indent=1.4, bar="accent", before=0.6 if at == 0 else 0.0)
                for at, spans in enumerate(paragraphs)
            ]
        case ListBlock(entries, ordered):
            return [_entry(number, depth, spans, language, ordered) for number, (depth, spans) in enumerate(entries, 1)]
        case Table(rows, header):
            return [_table_row(cells, head=header and at == 0, first=at == 0) for at, cells in enumerate(rows)]
        case Image(_, alt, caption):
            words = caption or alt
            label = language.text("Picture")
            return [Para((Run(f"▣ {label}" + (f": {words}" if words else ""), "meta"),), Size.SMALL, before=0.8)]
        case Preformatted(text):
            return [
                Para((Run(line or " ", "text"),), Size.SMALL, indent=1.0, before=0.6 if at == 0 else 0.0)
                for at, line in enumerate(text.split("\n"))
            ]


def _entry(number: int, depth: int, spans: Spans, language: Language, ordered: bool) -> Para:
    marker = f"{language.number(number)}." if ordered else "•"
    return Para(_runs(spans), indent=1.4 * (depth + 1), marker=(Run(marker, "accent"),), before=0.4 if number == 1 else 0.15)


def _table_row(cells: Sequence[Spans], *, head: bool, first: bool) -> Para:
    runs: list[Run] = []
    for at, cell in enumerate(cells):
        if at:
            runs.append(Run("  │  ", "rule"))
        runs += _runs(cell, "headline" if head else "text", bold=head)
    return Para(tuple(runs) or (Run(" "),), Size.SMALL, before=0.6 if first else 0.2)


def _runs(spans: Spans, ink: str = "text", *, bold: bool = False) -> Runs:
    return tuple(Run(span.text, "link" if span.link else ink, bold=bold or span.bold, underline=bool(span.link)) for span in spans)


def _with_dateline(spans: Spans, runs: Runs) -> Runs:
    """Put the dateline into the meta ink, whatever spans it runs through."""
    left = len(dateline("".join(span.text for span in spans)))
    told: list[Run] = []
    for run in runs:
        if left:
            told.append(Run(run.text[:left], "meta", run.bold))
        if run.text[left:]:
            told.append(Run(run.text[left:], run.ink, run.bold, run.underline))
        left = max(0, left - len(run.text))
    return tuple(told)


def _words(saved: SavedStory) -> int:
    return len(plain_text(saved.blocks).split())
