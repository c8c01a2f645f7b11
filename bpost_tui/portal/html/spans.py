"""Runs of text as HTML means them: white space collapsed, neighbours of one style joined. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bpost_tui.model.blocks import Span, Spans

BLANKS = re.compile(r"[ \t\n\r\f](?:(?<=[\t\n\r\f])|(?=[ \t\n\r\f]))[ \t\n\r\f]*")
"""White space that isn't a single space: putting one in place of each took 50 MB more of a text of 600,000 words."""


def join_spans(run: Iterable[Span]) -> Spans:
    """Return spans with white space collapsed as in HTML, without empty ones, neighbours of one style joined."""
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
