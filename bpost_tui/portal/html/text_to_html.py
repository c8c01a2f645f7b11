"""Converter from text without markup to HTML: paragraphs, line breaks, links for written addresses. Pure, linear in the text."""

from __future__ import annotations

import re
from itertools import pairwise

_EMPTY_LINE = re.compile(r"\n[ \t]*\n")
_ADDRESS = re.compile(r"\bhttps?://(?:[^\s<>\"'“”‘’«»।&]|&amp;){3,2000}")
_PUNCTUATION = ".,;:!?…"
_MAX_WRAPPED_LINE = 100
"""Maximum line length in characters of a text that a program broke into lines. Mail has 72, some abstracts 96."""


def text_to_html(text: str) -> str:
    r"""Return `text`, with `<` and `&` already escaped, as HTML.

    Lines that a program broke at a maximum length are joined. They are recognised by their length: the first word of each line
    would hardly have fitted at the end of the line before.

    >>> text_to_html("One.\n\nTwo\nat https://a.example/x.")
    '<p>One.</p><p>Two<br>at <a href="https://a.example/x">https://a.example/x</a>.</p>'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    widest = max(map(len, text.split("\n")))
    return "".join(f"<p>{_ADDRESS.sub(_link, _lines(part, widest))}</p>" for part in _EMPTY_LINE.split(text) if part.strip())


def _lines(paragraph: str, widest: int) -> str:
    lines = [line.strip() for line in paragraph.strip().split("\n")]
    if len(lines) < 2:
        return lines[0]
    is_wrapped = widest <= _MAX_WRAPPED_LINE and all(
        len(line) + 1 + len(following.partition(" ")[0]) > 0.8 * widest for line, following in pairwise(lines)
    )
    return (" " if is_wrapped else "<br>").join(lines)


def _link(found: re.Match[str]) -> str:
    address = found[0].rstrip(_PUNCTUATION)
    rest = found[0][len(address) :]
    if address.endswith(")") and "(" not in address:
        address, rest = address[:-1], f"){rest}"
    return f'<a href="{address}">{address}</a>{rest}'
