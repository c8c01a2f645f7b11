"""Sanitizer: every string from outside passes it once, on its way in (addresses use `urls.clean_link`). Pure, linear in the text.

The obvious way is to remove escape sequences where text is printed. But text is printed in many places, each of them a chance to
forget it. And escape sequences aren't all that leads a terminal or the typesetter astray.

So text is sanitized when it enters, before it reaches the library or the page. The sanitizer removes control characters
(ECMA-48), bidirectional overrides and isolates (UAX 9; CVE-2021-42574), lone surrogates, noncharacters, and piles of combining
marks (CVE-2021-27135). It also removes the private-use planes, because their code points are our own cell tokens
(`typesetting.typeset.surface`). Text with only usual characters takes a fast path: a few regular expressions show that there is
nothing to remove.

Joiners, brackets and emoji stay, since news is written with them. Nothing is normalised and no markup is parsed: other modules do
that.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby, product

from bpost_tui.limits import MAX_BLOCKS, MAX_CHARS, MAX_COLUMNS, MAX_EMBEDS, MAX_IMAGES, MAX_ITEMS, MAX_ROWS, MAX_STYLED
from bpost_tui.model.blocks import (
    EMBED_KINDS,
    Block,
    Blocks,
    Embed,
    Heading,
    Image,
    ListBlock,
    MergedCell,
    Paragraph,
    Preformatted,
    Quote,
    Span,
    Spans,
    Table,
)
from bpost_tui.typesetting.text.lazy_pattern import lazy_pattern
from bpost_tui.urls import MAX_LINK_CHARS, clean_link

# limits on all that comes from outside, whichever way it comes
MAX_GUID_CHARS = 512
MAX_SAVED_GUID_CHARS = MAX_GUID_CHARS + 1 + MAX_LINK_CHARS
"""Maximum length in characters of a guid in a library, greater than `MAX_GUID_CHARS`, the maximum length of new guids.

If several stories shared a guid, earlier versions of bpost saved each story under the guid, a space and the normalised link.
"""
MAX_TITLE_CHARS = 300
MAX_NAME_CHARS = 120
MAX_AUTHOR_CHARS = 1000
"""Maximum length in characters of the names of all authors together; a scientific paper may have fifty authors."""
MAX_EXCERPT_CHARS = 600
MAX_CAPTION_CHARS = 4000
_MAX_SIZE = 1 << 40
"""Maximum length in seconds, or size in bytes, of a sound or video."""
_MAX_SIDE_PX = 100_000
_MAX_DEPTH = 8
"""Maximum depth of nested lists."""
_Style = tuple[bool, bool, str | None]
_PLAIN: _Style = (False, False, None)

MAX_MARKS = 4
"""Maximum number of combining marks on a base character. A Bengali letter has at most a nukta, a two-part vowel sign and a
candrabindu.
"""
MAX_LINKS = 8
"""Maximum number of letters joined by viramas, or emoji joined by joiners, in one cluster. No Bengali conjunct has five consonants.
"""

_NEWLINES = lazy_pattern("\r\n?|[\v\f\x85\u2028\u2029]")
_FORBIDDEN = lazy_pattern(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f"  # C0 (tab and newlines are treated before), DEL, C1
    "\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # invisible: soft hyphen, bidi, annotations
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"  # lone surrogates, noncharacters
    + "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(1, 15))
    + "\U000e0000-\U000e007f\U000f0000-\U0010ffff]"  # tag characters, private-use planes
)
# Fast path: a text of only usual characters has nothing forbidden in it, so only piles of marks and viramas are searched for.
# Without the upper planes, `re` looks each character up in a table; otherwise it goes through the class range by range.
_USUAL = lazy_pattern("[\t\n\x20-\x7e\xa0-\xac\xae-\xff\u0964\u0965\u0981-\u09fe\u200c\u200d\u2010-\u2027\u2030-\u205e\u20b9]*")
_USUAL_PILE = lazy_pattern("[\u0964\u0965\u0981-\u0984\u09ba-\u09cd\u09cf-\u09db\u09e2\u09e3\u09fe\u200c\u200d\u20b9]{5}")
# begins with a literal character, so that `re` skips from virama to virama; with the group first, it takes ten times as long
_USUAL_VIRAMAS = lazy_pattern(rf"\u09cd(?:[\u200c\u200d]?\S\u09bc?\u200d?\u09cd){{{MAX_LINKS}}}")
_JOINERS = lazy_pattern("([\u200c\u200d])[\u200c\u200d]+")
# five characters in a row that may all be marks: neither ASCII and Latin-1 nor Bengali letters, digits or usual punctuation
_MAYBE_PILED = lazy_pattern("[^\x00-\u02ff\u0985-\u09b9\u09ce\u09dc-\u09e1\u09e4-\u09fd\u2010-\u2027\u2030-\u205e]{5,}")
_VIRAMA = "[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0c4d\u0ccd\u0d4d]"
_CONJUNCT = rf"\S[\u093c\u09bc]?\u200d?{_VIRAMA}[\u200c\u200d]?"
_LONG_CONJUNCT = lazy_pattern(rf"((?:{_CONJUNCT}){{{MAX_LINKS}}}\S[\u093c\u09bc]?)\u200d?{_VIRAMA}[\u200c\u200d]?")
_LONG_EMOJI = lazy_pattern(rf"((?:[^\s\u200d]{{1,2}}\u200d){{{MAX_LINKS}}}[^\s\u200d]{{1,2}})\u200d")


def clean_line(text: str, limit: int) -> str:
    """Return `text` as one line of at most `limit` code points, ending in `…` if it was cut.

    White space of every kind becomes single spaces, and so do line breaks.
    """
    return _cut(" ".join(_clean(text[: _scan_limit(limit)]).split()), limit)


def clean_text(text: str, limit: int) -> str:
    """Return `text` of at most `limit` code points, with newlines and tabs kept; it ends in `…` if it was cut."""
    if len(text) <= limit and text.isascii() and text.isprintable():
        return text
    return _cut(_clean(text[: _scan_limit(limit)]), limit)


def _scan_limit(limit: int) -> int:
    """Return how many characters of a text to examine for a result of `limit` characters, so that a huge text isn't read whole."""
    return 4 * limit + 1024


def _clean(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    usual = _USUAL.fullmatch(text)
    if not usual:
        text = _FORBIDDEN.sub("", _NEWLINES.sub("\n", text))
    if not usual or _USUAL_PILE.search(text):
        text = _MAYBE_PILED.sub(_limit_marks, text)
    if "\u200c" in text or "\u200d" in text:
        text = _JOINERS.sub(r"\1", text)  # even joiners that a pile of marks had separated
    if not usual or _USUAL_VIRAMAS.search(text):
        text = _LONG_CONJUNCT.sub(r"\1", text)
    return _LONG_EMOJI.sub(r"\1", text) if "\u200d" in text else text


def _limit_marks(run: re.Match[str]) -> str:
    thinned: list[str] = []
    marks = 0
    for char in run[0]:
        if unicodedata.category(char).startswith("M"):
            marks += 1
            if marks > MAX_MARKS:
                continue
        elif char not in "\u200c\u200d":
            marks = 0
        thinned.append(char)
    return "".join(thinned)


def _cut(text: str, limit: int) -> str:
    """Return a text of at most `limit` code points. A longer text is cut before a cluster (letter with its marks), and gets a `…`.

    Only marks and viramas are used to find where a cluster begins.
    """
    if len(text) <= limit:
        return text
    end = max(limit - 1, 0)
    while end > 0 and (_extends(text[end]) or _ties(text[end - 1])):
        end -= 1
    return text[:end].rstrip() + "…"[:limit]


def _extends(char: str) -> bool:
    return char in "\u200c\u200d" or unicodedata.category(char).startswith("M")


def _ties(char: str) -> bool:
    return char == "\u200d" or re.match(_VIRAMA, char) is not None


# ── parts of a story ───────────────────────────────────────────────────────────


def clean_blocks(blocks: Blocks) -> Blocks:
    """Return a text from a file with every string sanitized; if there are too many blocks, the last ones are dropped."""
    return tuple(_TextCleaner().blocks(blocks))


class _TextCleaner:
    """Sanitizer of one story's text. It counts how many characters, styled pieces, pictures and embeds the text may still have."""

    def __init__(self) -> None:
        self._chars_left = MAX_CHARS
        self._styled_left = MAX_STYLED
        self._images_left = MAX_IMAGES
        self._embeds_left = MAX_EMBEDS

    def blocks(self, blocks: Blocks) -> Iterator[Block]:
        for block in blocks[:MAX_BLOCKS]:
            if self._chars_left <= 0:
                return
            cleaned = self._block(block)
            if cleaned is not None:
                yield cleaned

    def _block(self, block: Block) -> Block | None:
        match block:
            case Paragraph(spans):
                return Paragraph(self._spans(spans))
            case Heading(spans, level):
                return Heading(self._spans(spans), min(max(level, 1), 6))
            case Quote(paragraphs):
                return Quote(tuple(map(self._spans, paragraphs[:MAX_ITEMS])))
            case ListBlock(items, ordered, before):
                before = tuple(min(max(count, 0), MAX_BLOCKS) for count in before[: _MAX_DEPTH + 1])
                items = tuple((min(max(depth, 0), _MAX_DEPTH), self._spans(spans)) for depth, spans in items[:MAX_ITEMS])
                return ListBlock(items, ordered, before)
            case Table(rows, header, caption, merged):
                caption = self._spans(caption)
                rows = tuple(tuple(map(self._spans, row[:MAX_COLUMNS])) for row in rows[:MAX_ROWS])
                return Table(rows, header, caption, tuple(_merged(merged, Table(rows))) if merged else ())
            case Preformatted(spans):
                return Preformatted(self._spans(spans))
            case Embed():
                return self._embed(block)
            case Image():
                return self._image(block)

    def _embed(self, embed: Embed) -> Embed | None:
        address = clean_link(embed.address)
        if address is None or embed.kind not in EMBED_KINDS or self._embeds_left <= 0:
            return None
        self._embeds_left -= 1
        counts = (min(max(count, 0), _MAX_SIZE) for count in (embed.length_s, embed.size_bytes))
        return Embed(address, embed.kind, clean_line(embed.title, MAX_TITLE_CHARS), *counts)

    def _image(self, image: Image) -> Image | None:
        src = clean_link(image.src)
        if src is None or self._images_left <= 0:
            return None
        self._images_left -= 1
        width_px, height_px = (min(max(side_px, 0), _MAX_SIDE_PX) for side_px in (image.width_px, image.height_px))
        alt, link = clean_line(image.alt, MAX_CAPTION_CHARS), clean_link(image.link or "")
        return Image(src, alt, self._spans(image.caption), width_px, height_px, link)

    def _spans(self, spans: Sequence[Span]) -> Spans:
        cleaned = (Span(self._text(span.text), *self._style(span)) for span in spans)
        by_style = groupby((span for span in cleaned if span.text), key=lambda span: span[1:])
        return tuple(Span(_joined([span.text for span in alike]), *style) for style, alike in by_style)

    def _style(self, span: Span) -> _Style:
        style = (span.bold, span.italic, span.link and clean_link(span.link))
        if style != _PLAIN:
            self._styled_left -= 1
        return style if self._styled_left >= 0 else _PLAIN

    def _text(self, text: str) -> str:
        cleaned = clean_text(text, max(self._chars_left, 0))
        self._chars_left -= len(cleaned)
        return cleaned


def _merged(merged: Sequence[MergedCell], table: Table) -> Iterator[MergedCell]:
    """Yield the cells in `merged` that lie within the table, don't hide text of other cells, and don't overlap."""
    height, width = len(table.rows), table.columns
    with_text = {(at, column) for at, row in enumerate(table.rows) for column, spans in enumerate(row) if spans}
    free = set(product(range(height), range(width)))
    left = len(free)  # slots left to check, to bound the work: cells that don't overlap cover no more
    for cell in merged:
        row, column, rows, columns = cell
        is_inside = 0 <= row < row + rows <= height and 0 <= column < column + columns <= width
        if not is_inside or rows * columns < 2:
            continue
        left -= rows * columns
        if left < 0:
            return
        slots = set(product(range(row, row + rows), range(column, column + columns)))
        if slots <= free and with_text & slots <= {(row, column)}:
            free -= slots
            yield cell


def _joined(texts: Sequence[str]) -> str:
    """Return sanitized texts joined to one text, which is sanitized again: at a joint, marks and joiners of both may accumulate."""
    return texts[0] if len(texts) == 1 else _clean("".join(texts))
