"""Assembly of blocks from a stream of spans (pieces of styled text), breaks and finished blocks. Pure, linear in the tokens.

Text between two breaks becomes a paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from itertools import chain, groupby

from bpost_tui import limits
from bpost_tui.model.blocks import Block, Heading, Image, Paragraph, Preformatted, Span, Spans, Table, text_of, texts_of

_MAX_SUBHEADING_CHARS = 80
BLANKS = re.compile(r"[ \t\n\r\f](?:(?<=[\t\n\r\f])|(?=[ \t\n\r\f]))[ \t\n\r\f]*")
"""Pattern of white space to be replaced by one space. It doesn't match single spaces, which needn't be replaced.

Replacing these as well took 50 MB more for a text of 600,000 words.
"""
_AD_LINE = re.compile(r"(?:advertisements?|বিজ্ঞাপন)\s*:?", re.IGNORECASE)
SITE_NAME = re.compile(r"(?:www\.)?thebengalpost\.net", re.IGNORECASE)


class Separator(Enum):
    """Break between two paragraphs in a stream of tokens."""

    BREAK = "a paragraph ends here"


@dataclass(frozen=True, slots=True)
class Caption:
    """Caption of the picture or table that precedes it in a stream of text, breaks and blocks."""

    spans: Spans
    is_remark: bool = False
    """Whether the text is only a substitute for a caption, such as a tooltip; a real caption that follows replaces it."""


Token = Span | Block | Caption | Separator


def assemble(tokens: Iterable[Token]) -> list[Block]:
    """Return the blocks that `tokens` (pieces of text, breaks and whole blocks) make, at most `limits.MAX_BLOCKS`.

    Text between breaks becomes a paragraph, and each caption is joined to its picture or table.
    """
    out: list[Block] = []
    run: list[Span] = []
    remark: Image | None = None
    for token in chain(tokens, (Separator.BREAK,)):
        if isinstance(token, Span):
            run.append(token)
            continue
        paragraph = _paragraph(join_spans(run))
        run = []
        if paragraph is not None:
            out.append(paragraph)
        if isinstance(token, Caption):
            if out and isinstance(out[-1], Image) and (not out[-1].caption or out[-1] is remark):
                out[-1] = out[-1]._replace(caption=token.spans or out[-1].caption)
                remark = out[-1] if token.is_remark else None
            elif out and isinstance(out[-1], Table) and not out[-1].caption and token.spans:
                out[-1] = out[-1]._replace(caption=token.spans)
            elif token.spans:
                out.append(Paragraph(token.spans))
        elif not isinstance(token, Separator) and _has_content(token):
            out.append(token)
        if len(out) >= limits.MAX_BLOCKS:
            break
    return out


def inline_tokens(tokens: Iterable[Token]) -> tuple[Spans, list[Block]]:
    """Return `tokens` as a single line of text, for a heading or caption, and the blocks that don't fit in a line.

    The tokens are pieces of text, breaks, and whole blocks such as pictures.
    """
    lines: list[list[Span]] = [[]]
    others: list[Block] = []
    for token in tokens:
        match token:
            case Span():
                lines[-1].append(token)
            case Separator():
                lines.append([])
            case Caption(spans, is_remark) if is_remark and others and isinstance(others[-1], Image):
                others[-1] = others[-1]._replace(caption=spans)
            case Caption(spans):
                lines += [[*spans], []]
            case Image() | Preformatted():
                others.append(token)
            case _ if texts := list(texts_of(token)):
                lines += [*map(list, texts), []]
            case _:
                others.append(token)
    return join_spans([span for line in lines for span in (*join_spans(line), Span(" "))]), others


def join_spans(run: Iterable[Span]) -> Spans:
    """Return spans (pieces of text in one style) with white space collapsed as in HTML, and without empty spans.

    Neighbours of the same style become one span.
    """
    styles: list[tuple[bool, bool, str | None]] = []
    texts: list[list[str]] = []
    after_blank = True
    for span in run:
        text = BLANKS.sub(" ", span.text)
        text = text[1:] if after_blank and text.startswith(" ") else text
        if not text:
            continue
        after_blank = text.endswith(" ")
        style = span[1:]
        if styles and styles[-1] == style:
            texts[-1].append(text)
        else:
            styles.append(style)
            texts.append([text])
    merged = [Span("".join(pieces), *style) for style, pieces in zip(styles, texts, strict=True)]
    if merged and (last := merged.pop()).text.rstrip(" "):
        merged.append(last._replace(text=last.text.rstrip(" ")))
    return tuple(merged)


def join_lines(lines: Iterable[Spans]) -> Spans:
    """Return lines of text as one text with line breaks between them; empty lines are left out."""
    spans = [span for line in lines if line for span in (Span("\n"), *line)][1:]
    return tuple(Span("".join(span.text for span in alike), *style) for style, alike in groupby(spans, key=lambda span: span[1:]))


def is_ad_label(text: str) -> bool:
    """Whether a line of text is the label of an advertisement, such as `Advertisement`."""
    return _AD_LINE.fullmatch(text.strip()) is not None


def _has_content(block: Block) -> bool:
    match block:
        case Heading(spans):
            return bool(spans)
        case Preformatted():
            return bool(block.text.strip())
        case _:
            return True


def _paragraph(spans: Spans) -> Paragraph | Heading | None:
    """Return spans (pieces of text) as a paragraph or a sub-heading; None if they are blank or only the site's name.

    A short bold line that ends in a colon becomes a sub-heading, because writers of The Bengal Post mark sub-headings so.
    """
    text = text_of(spans).strip()
    if not text or SITE_NAME.fullmatch(text):
        return None
    if text.endswith(":") and len(text) <= _MAX_SUBHEADING_CHARS and all(span.bold for span in spans) and not is_ad_label(text):
        return Heading(tuple(span._replace(bold=False) for span in spans), level=3)
    return Paragraph(spans)
