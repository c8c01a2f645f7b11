"""Trimming of an article's blocks: leaves out what isn't the story's text. Pure.

`article_finder` removes elements by their names and links. Lines without such signs stay: the headline, bylines and dates above the
text, links to other stories between its paragraphs, labels of advertisements, headings without content. Here they are
recognised by their position and form, never by phrases of one language.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise, takewhile
from typing import Literal

from bpost_tui.model.blocks import Block, Blocks, Embed, Heading, Image, ListBlock, Paragraph, text_of, texts_of
from bpost_tui.portal.html.article_finder import MIN_PARAGRAPH_CHARS, letters, text_size
from bpost_tui.typesetting.text.named_tuple import NamedTuple

_MIN_REPEATED_CHARS = 50
"""Number of letters above which a text that repeats an earlier text on the page is left out.

Of a short line with fewer letters that occurs several times, such as a label, no occurrence is kept, not even the first. With 25 or
100, F1 (agreement of the text found with the story's text) changes by less than 0.001 on 218 pages.
"""
_MIN_STANDFIRST_CHARS = 60
"""Minimum size in characters of a sub-heading that counts as the story's standfirst (introduction) if it precedes the text."""
_MAX_LINK_LINE_CHARS = 150
"""Size in characters below which a paragraph is a link to another story if more than half of it is a link.

With 75 or 300, F1 (agreement of the text found with the story's text) changes by less than 0.001 on 218 pages.
"""
_END_OF_SENTENCE = re.compile(r"[.!?।॥…。」』)\]\"”»]\s*$")
_TIME = re.compile(r"\d{1,2}[:.]\d\d")
_YEAR = re.compile(r"\b(?:19|20)\d\d")
_ADDRESS = re.compile(r"\S{30,}")
_MIN_DATE_CHARS, _MAX_DATE_CHARS = 6, 120
"""Minimum and maximum length in characters of a line that may be only a date.

The shortest is like `1.1.26`, the longest has the times of publication and of update with labels (“Published:”, “Updated:”).
"""
_MIN_HEADLINE_CHARS = 13
"""Minimum number of letters of a heading that counts as the headline if it ends with the page's headline, or the reverse."""
_MAX_THUMBNAIL_PX = 256
"""Maximum width and height in pixels of a picture that counts as the thumbnail of the link below it, not as the story's."""
_MAX_BYLINE_CHARS = 20
"""Maximum number of letters that a byline has besides the author's name, for example for the name of a broadcaster."""
_MIN_PORTRAIT_CHARS = 8
"""Minimum number of letters of an author's name, for a picture with that name to count as a portrait.

Agencies, which are named in credits, have shorter names.
"""
_MIN_CHANGES = 3
"""Minimum number of changes of speaker for a page to count as an interview."""
_DATE_CHARS = re.compile(r"[\d\s.,:/|–-]")

_Kind = Literal["media", "heading", "link", "list", "paragraph", "short", "turn"]


class _Line(NamedTuple):
    """Block of an article's page, with the kind of line that it is (`_Kind`)."""

    block: Block
    kind: _Kind
    key: str = ""
    """Letters and digits of the block's text in lower case, to compare it with other lines; empty for pictures and embeds."""


def trim_article(blocks: Blocks, titles: Collection[str], author: str = "") -> Blocks:
    """Return the blocks of a page's article without headline, bylines, dates, and links to other stories.

    Args:
        blocks: Blocks of the article's elements.
        titles: Headlines that the page states; a line that repeats any of them is left out.
        author: Name that is shown above the text; empty if the page states none.
    """
    lines = _lines(_with_captions(blocks))
    headlines = set(filter(None, map(letters, titles)))
    counts = Counter(line.key for line in lines)
    start = next((at + 1 for at, line in enumerate(lines) if _is_headline(line, headlines)), 0)
    if sum(line.kind == "paragraph" for line in lines[:start]) > 1:
        start = 0
    seen: set[str] = set()
    kept: list[_Line] = []
    shown = {(line.block.level, line.key) for line in lines[:start] if isinstance(line.block, Heading)}
    for line in lines[start:]:
        if isinstance(line.block, Heading) and line.key in headlines:
            if (line.block.level, line.key) in shown and sum(each.kind == "paragraph" for each in kept) >= 3:
                break  # the page goes on with the same story, or with excerpts of it; a section may be named like the story
            shown.add((line.block.level, line.key))
        repeats = line.key in seen if len(line.key) > _MIN_REPEATED_CHARS else counts[line.key] > 1 and line.kind == "short"
        if _is_byline(line, author):
            continue
        if line.kind != "media" and (not line.key or repeats or line.key in headlines or _is_data(line)):
            continue
        seen.add(line.key)
        if line.kind == "link":
            if kept and _is_thumbnail(kept[-1].block):
                kept.pop()
            while kept and _introduces(kept[-1]):
                kept.pop()
        else:
            kept.append(line)
    return tuple(line.block for line in _without_edges(kept))


def _with_captions(blocks: Blocks) -> Iterator[Block]:
    """Yield blocks; a paragraph that repeats the description of the picture above it becomes the picture's caption."""
    above: Image | None = None
    for block in blocks:
        if above and isinstance(block, Paragraph) and letters(text_of(block.spans)) == letters(above.alt):
            yield above._replace(caption=block.spans)
            above = None
            continue
        if above:
            yield above
        above = block if isinstance(block, Image) and block.alt and not block.caption else None
        if above is None:
            yield block
    if above:
        yield above


def _is_thumbnail(block: Block) -> bool:
    """Whether a block is a small picture without a caption: above a link, it belongs to the linked story."""
    return isinstance(block, Image) and not block.caption and 0 < max(block.width_px, block.height_px) <= _MAX_THUMBNAIL_PX


def _introduces(line: _Line) -> bool:
    """Whether a line above a link to another story is this link's heading or label."""
    return line.kind == "heading" or (line.kind == "short" and isinstance(line.block, Paragraph) and not _ends_sentence(line.block))


def _lines(blocks: Iterable[Block]) -> list[_Line]:
    """Return each block with the kind of line that it is. A linked heading above a paragraph counts as a heading."""
    lines = [_line(block) for block in blocks]
    for at, (line, below) in enumerate(pairwise(lines)):
        if line.kind == "link" and isinstance(line.block, Heading) and below.kind == "paragraph":
            lines[at] = line._replace(kind="heading")
    for at in _turns(lines):
        lines[at] = lines[at]._replace(kind="turn")
    return lines


def _turns(lines: Sequence[_Line]) -> Iterator[int]:
    """Yield the indices of the short lines of an interview: the speakers' names, and short answers such as “Yes.” below them.

    A page counts as an interview if different short lines, each of them repeated, alternate often above a paragraph or short
    sentence. More than half of the repeated lines must do so. Otherwise dates and labels of teasers would count as speakers on 2 of
    425 pages.
    """
    counts = Counter(line.key for line in lines if line.kind == "short")
    repeated = [at for at, line in enumerate(lines[:-1]) if line.key and counts[line.key] > 1 and not _ends_sentence(line.block)]
    named = [at for at in repeated if lines[at + 1].kind == "paragraph" or _is_short_sentence(lines[at + 1])]
    changes = sum(lines[at].key != lines[before].key for before, at in pairwise(named))
    if changes >= _MIN_CHANGES and 2 * changes > len(repeated):
        for at in named:
            yield at
            if lines[at + 1].kind == "short":
                yield at + 1


def _is_short_sentence(line: _Line) -> bool:
    """Whether a line has the length of a label, but ends as a sentence does."""
    return line.kind == "short" and _ends_sentence(line.block)


def _line(block: Block) -> _Line:
    if isinstance(block, Image | Embed):
        return _Line(block, "media")
    spans = [span for spans in texts_of(block) for span in spans]
    chars = sum(text_size(span.text) for span in spans)
    link_chars = sum(text_size(span.text) for span in spans if span.link)
    key = letters("".join(span.text for span in spans))
    match block:
        case Heading():
            return _Line(block, "link" if 2 * link_chars > chars else "heading", key)
        case ListBlock():
            return _Line(block, "link" if 5 * link_chars > 3 * chars else "list", key)
        case Paragraph() if 5 * link_chars > 4 * chars or (2 * link_chars > chars and chars < _MAX_LINK_LINE_CHARS):
            return _Line(block, "link", key)
        case _:
            return _Line(block, "paragraph" if chars >= MIN_PARAGRAPH_CHARS else "short", key)


def _is_headline(line: _Line, headlines: set[str]) -> bool:
    """Whether a line is a heading that repeats one of `headlines` (their letters), with or without the kicker (words before it).

    An `h1` always counts as a headline.
    """
    if not isinstance(line.block, Heading):
        return False
    is_like = any(line.key.endswith(each) or each.endswith(line.key) for each in headlines)
    return line.block.level == 1 or (is_like and len(line.key) >= _MIN_HEADLINE_CHARS)


def _is_data(line: _Line) -> bool:
    """Whether a line is only a date or a web address, whatever the language."""
    if not isinstance(line.block, Paragraph):
        return False
    text = text_of(line.block.spans).strip()
    if text.isascii() and _ADDRESS.fullmatch(text):
        return True
    if not _MIN_DATE_CHARS <= len(text) <= _MAX_DATE_CHARS or _END_OF_SENTENCE.search(text):
        return False
    has_time = _TIME.search(text) is not None and _YEAR.search(text) is not None
    return has_time or 2 * len(_DATE_CHARS.findall(text)) >= len(text)


def _is_byline(line: _Line, author: str) -> bool:
    """Whether a line is hardly more than the author's name, or is a picture (portrait) whose description is hardly more."""
    name = letters(author)
    if isinstance(line.block, Image):
        key = letters(text_of(line.block.words))
        return len(name) >= _MIN_PORTRAIT_CHARS and key.startswith(name) and len(key) <= len(name) + _MAX_BYLINE_CHARS
    is_short = line.kind == "short" and len(line.key) <= len(name) + _MAX_BYLINE_CHARS
    return is_short and name != "" and name in line.key and not _ends_sentence(line.block)


def _without_edges(lines: list[_Line]) -> list[_Line]:
    """Return lines without bylines above the first paragraph, and without headings and short lines below the last."""
    before = list(takewhile(lambda line: line.kind != "paragraph", lines))
    kept = [line for at, line in enumerate(before) if line.kind in ("media", "list", "turn") or _is_story_heading(at, before)]
    kept += lines[len(before) :]
    while kept and (kept[-1].kind == "heading" or (kept[-1].kind == "short" and not _ends_sentence(kept[-1].block))):
        kept.pop()
    return kept if any(line.kind == "paragraph" for line in kept) else lines


def _is_story_heading(at: int, before: list[_Line]) -> bool:
    """Whether the line with index `at` in `before` is a heading that belongs to the story.

    `before` are the lines above the first paragraph. A heading belongs to the story if no other line is above the paragraph, or if
    the heading is long enough to be the introduction (standfirst).
    """
    block = before[at].block
    return isinstance(block, Heading) and (len(before) == 1 or text_size(text_of(block.spans)) > _MIN_STANDFIRST_CHARS)


def _ends_sentence(block: Block) -> bool:
    *_, last = texts_of(block)
    return bool(_END_OF_SENTENCE.search(text_of(last)))
