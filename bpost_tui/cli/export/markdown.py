"""Format Markdown: one document with a heading for each story (https://spec.commonmark.org/0.31.2/, tables as on GitHub)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from bpost_tui.cli.export.edition import Edition
from bpost_tui.model.blocks import (
    Block,
    Blocks,
    Embed,
    Heading,
    Image,
    ListBlock,
    Paragraph,
    Preformatted,
    Quote,
    Span,
    Spans,
    Table,
    text_of,
)
from bpost_tui.model.story import SavedStory
from bpost_tui.model.story_links import display_host, links_of


def lines(edition: Edition) -> Iterator[str]:
    """Yield the lines of an edition (title and sections of stories) as a Markdown document."""
    yield from [f"# {escape_markdown(edition.title)}", "", escape_markdown(edition.language.long_date(edition.made)), ""]
    for section in edition.sections:
        yield from [f"## {escape_markdown(section.name)}", ""] if section.name else []
        for story in section.stories:
            yield from _story(edition, story.saved, deeper=1 if section.name else 0)


def _story(edition: Edition, saved: SavedStory, *, deeper: int) -> Iterator[str]:
    row = saved.headline
    yield from [f"##{'#' * deeper} {escape_markdown(edition.headline(row))}", "", escape_markdown(edition.byline(row)), ""]
    yield from markdown(saved.blocks, deeper=1 + deeper) if saved.blocks else [escape_markdown(row.excerpt), ""]
    yield from [f"<{row.link}>", ""] if row.link else []


_ACTIVE = re.compile(r"[\\`*_\[\]<>#|~&$]")
_AT_THE_START = re.compile(r"(?m)^([^\S\n]*)([-+=]|\d{1,9}(?=[.)]))")


def escape_markdown(text: str) -> str:
    """Return a text with its special characters escaped, so that Markdown shows it unchanged."""
    return _AT_THE_START.sub(_escaped_start, _ACTIVE.sub(r"\\\g<0>", text))


def markdown(blocks: Blocks, *, deeper: int = 0) -> Iterator[str]:
    """Yield the lines of a story's text as Markdown, with an empty line after each block (paragraph, heading …).

    `deeper` is added to the level of each heading.
    """
    for block in blocks:
        yield from _block(block, deeper)
        yield ""


def _block(block: Block, deeper: int) -> Iterator[str]:
    match block:
        case Paragraph(spans):
            yield _inline(spans)
        case Heading(spans, level):
            yield f"{'#' * min(max(level, 2) + deeper, 6)} {_line(spans)}"
        case Quote(paragraphs):
            for number, spans in enumerate(paragraphs):
                yield from [">"] if number else []
                yield from (f"> {line}" for line in _inline(spans).split("\n"))
        case ListBlock(items, ordered, before):
            number = before[0] + 1 if before else 1  # renderers count on from the first item's number
            # four spaces nest under `1.` and under `-` alike
            for depth, spans in items:
                yield f"{'    ' * depth}{f'{1 if depth else number}.' if ordered else '-'} {_line(spans)}"
                number = number if depth else 1
        case Table(rows, header, caption):
            yield from [_emphasised(text_of(caption), "*"), ""] if caption else []
            yield from _table(rows, header=header)
        case Image(src, alt, caption):
            yield f"[{escape_markdown(alt or text_of(caption) or src)}](<{src}>)"
            yield from ["", _line(tuple(span._replace(italic=True) for span in caption))] if caption and alt else []
        case Embed(address, _, title):
            yield f"▶ [{escape_markdown(title or display_host(address))}](<{address}>)"
        case Preformatted():
            fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", block.text)), 3)
            yield from [fence, block.text, fence]
            yield from (f"- [{escape_markdown(link.text)}](<{link.address}>)" for link in links_of((block,)))


def _line(spans: Spans) -> str:
    return _inline(spans).replace("\\\n", " ").replace("\n", " ")


def _inline(spans: Spans) -> str:
    return "".join(_span(span) for span in spans).replace("\n", "\\\n")


def _span(span: Span) -> str:
    mark = "**" * span.bold + "*" * span.italic
    text = _emphasised(span.text, mark) if mark else escape_markdown(span.text)
    return f"[{text}](<{span.link}>)" if span.link else text


def _emphasised(text: str, mark: str) -> str:
    """Return a text with `mark`, such as `**`, around it; spaces and punctuation at the text's ends stay outside.

    Next to spaces and punctuation, Markdown's marks may have no effect. Example: ` খবর!` becomes ` **খবর**!` (CommonMark 6.2, left-
    and right-flanking delimiter runs).
    """
    start, end = 0, len(text)
    while start < end and _is_outer(text[start]):
        start += 1
    while end > start and _is_outer(text[end - 1]):
        end -= 1
    if start == end:
        return escape_markdown(text)
    return f"{escape_markdown(text[:start])}{mark}{escape_markdown(text[start:end])}{mark[::-1]}{escape_markdown(text[end:])}"


def _is_outer(char: str) -> bool:
    return unicodedata.category(char)[0] in "ZPSC"


def _table(rows: Sequence[Sequence[Spans]], *, header: bool) -> Iterator[str]:
    columns = max(map(len, rows), default=0)
    if not columns:
        return
    cells = [[_line(cell) for cell in row] + [""] * (columns - len(row)) for row in rows]
    lines = [f"| {' | '.join(row)} |" for row in (cells if header else [[""] * columns, *cells])]
    yield from [lines[0], f"|{' --- |' * columns}", *lines[1:]]


def _escaped_start(found: re.Match[str]) -> str:
    # the backslash goes after a number, before its point: `1\.` isn't a list
    return f"{found[1]}{found[2]}\\" if found[2][0].isdigit() else f"{found[1]}\\{found[2]}"
