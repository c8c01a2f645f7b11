"""Codec between a story's text and JSON, as stored in the library and printed by `show --json`. Pure.

A block is an object with its kind; fields with their default value are left out.

    {"kind": "paragraph", "spans": [span, …]}
    {"kind": "heading", "level": 2, "spans": [span, …]}
    {"kind": "quote", "paragraphs": [[span, …], …]}
    {"kind": "list", "ordered": true, "before": [2], "items": [{"depth": 0, "spans": [span, …]}, …]}
    {"kind": "table", "header": true, "rows": [[[span, …], …], …], "caption": [span, …],
     "merged": [{"row": 0, "column": 1, "rows": 1, "columns": 2}, …]}
    {"kind": "image", "src": "https://…", "alt": "…", "caption": "…" or [span, …], "width_px": 800,
     "height_px": 450, "link": "https://…"}
    {"kind": "preformatted", "text": "…"}
    {"kind": "embed", "address": "https://…", "shows": "video", "title": "…", "length_s": 2640, "size_bytes": 41000000}

A span is {"text": "…", "bold": true, "italic": true, "link": "https://…"}.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from bpost_tui.errors import ContentError
from bpost_tui.i18n import Reason
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
from bpost_tui.untrusted import Fields, require_field, require_type

Json = dict[str, object]
T = TypeVar("T")
_MAX_QUOTED = 40
"""Maximum number of characters of a wrong value that an error message quotes."""


def blocks_to_json(blocks: Blocks) -> list[Json]:
    """Return a story's text as JSON values: lists, dicts, strings, numbers and booleans."""
    return [_block_to_json(block) for block in blocks]


def blocks_from_json(value: object) -> Blocks:
    """Return the blocks of a text from the JSON values that `blocks_to_json` made; unknown fields are ignored.

    Raises:
        ContentError: A block's kind or a field's type isn't one that this module's docstring shows.
    """
    return _each(value, _block_from_json)


# ── to JSON ─────────────────────────────────────────────────────────────────


def _block_to_json(block: Block) -> Json:
    match block:
        case Paragraph(spans):
            return {"kind": "paragraph", "spans": _spans_to_json(spans)}
        case Heading(spans, level):
            return {"kind": "heading", "level": level, "spans": _spans_to_json(spans)}
        case Quote(paragraphs):
            return {"kind": "quote", "paragraphs": [_spans_to_json(spans) for spans in paragraphs]}
        case ListBlock(items, ordered, before):
            entries = [{"depth": depth, "spans": _spans_to_json(spans)} for depth, spans in items]
            return {"kind": "list", **_non_default(ordered=ordered), **({"before": [*before]} if before else {}), "items": entries}
        case Table():
            return _table_to_json(block)
        case Image(src, alt, caption, width_px, height_px, link):
            captioned: Json = {"caption": _caption_to_json(caption)} if caption else {}
            sides = _non_default(width_px=width_px, height_px=height_px)
            return {"kind": "image", "src": src, **_non_default(alt=alt), **captioned, **sides, **_link(link)}
        case Preformatted(spans):
            linked: Json = {} if spans == _plain(block.text) else {"spans": _spans_to_json(spans)}
            return {"kind": "preformatted", "text": block.text, **linked}
        case Embed(address, kind, title, length_s, size_bytes):
            details = _non_default(title=title, length_s=length_s, size_bytes=size_bytes)
            return {"kind": "embed", "address": address, "shows": kind, **details}


def _table_to_json(table: Table) -> Json:
    rows = [[_spans_to_json(cell) for cell in row] for row in table.rows]
    caption: Json = {"caption": _spans_to_json(table.caption)} if table.caption else {}
    merged: Json = {"merged": [cell._asdict() for cell in table.merged]} if table.merged else {}
    return {"kind": "table", **_non_default(header=table.header), "rows": rows, **caption, **merged}


def _spans_to_json(spans: Spans) -> list[Json]:
    return [{"text": span.text, **_non_default(bold=span.bold, italic=span.italic), **_link(span.link)} for span in spans]


def _caption_to_json(caption: Spans) -> str | list[Json]:
    """Return a caption as a string if it is plain text, else as a list of spans.

    Earlier versions of bpost stored every caption as a string, because captions had no links then.
    """
    is_text = len(caption) == 1 and caption[0].text and caption[0] == Span(caption[0].text)
    return caption[0].text if is_text else _spans_to_json(caption)


def _link(link: str | None) -> Json:
    return {} if link is None else {"link": link}


def _non_default(**fields: bool | str | int) -> Json:
    return {name: value for name, value in fields.items() if value}


# ── from JSON ───────────────────────────────────────────────────────────────


def _block_from_json(value: object) -> Block:
    block = _object(value)
    match require_field(block, "kind", str):
        case "paragraph":
            return Paragraph(_spans(block.get("spans")))
        case "heading":
            return Heading(_spans(block.get("spans")), require_field(block, "level", int, 2))
        case "quote":
            return Quote(_each(block.get("paragraphs"), _spans))
        case "list":
            before = _each(block.get("before") or [], lambda count: require_type(count, int, "a number of list items"))
            return ListBlock(_each(block.get("items"), _list_item), require_field(block, "ordered", bool, False), before)
        case "table":
            caption, merged = _each(block.get("caption") or [], _span), _each(block.get("merged") or [], _merged_cell)
            rows = _each(block.get("rows"), lambda row: _each(row, _spans))
            return Table(rows, require_field(block, "header", bool, False), caption, merged)
        case "image":
            width_px, height_px = (require_field(block, name, int, 0) for name in ("width_px", "height_px"))
            written = block.get("caption") or ""
            caption = _plain(written) if isinstance(written, str) else _spans(written)
            return Image(
                require_field(block, "src", str),
                require_field(block, "alt", str, ""),
                caption,
                width_px,
                height_px,
                _link_from_json(block),
            )
        case "preformatted":
            text = _plain(require_field(block, "text", str))
            return Preformatted(_spans(block["spans"]) if "spans" in block else text)
        case "embed":
            shows = require_field(block, "shows", str, "page")
            kind = next((kind for kind in EMBED_KINDS if kind == shows), None)
            counts = (require_field(block, name, int, 0) for name in ("length_s", "size_bytes"))
            return Embed(require_field(block, "address", str), kind or "page", require_field(block, "title", str, ""), *counts)
        case kind:
            raise ContentError(Reason("unknown kind of text: {kind}", kind=repr(kind)[:_MAX_QUOTED]))


def _plain(text: str) -> Spans:
    return (Span(text),) if text else ()


def _link_from_json(fields: Fields) -> str | None:
    return None if fields.get("link") is None else require_field(fields, "link", str)


def _spans(value: object) -> Spans:
    return _each(value, _span)


def _merged_cell(value: object) -> MergedCell:
    cell = MergedCell(*(require_field(_object(value), name, int) for name in MergedCell._fields))
    if min(cell.row, cell.column) < 0 or min(cell.rows, cell.columns) < 1:
        raise ContentError(
            Reason("a table has a cell of impossible place or size ({cell})", cell=str(tuple(cell))[1:_MAX_QUOTED].rstrip(")"))
        )
    return cell


def _list_item(value: object) -> tuple[int, Spans]:
    item = _object(value)
    depth = require_field(item, "depth", int)
    if depth < 0:
        raise ContentError(Reason("the text has a list item at depth {depth}", depth=str(depth)[:_MAX_QUOTED]))
    return depth, _spans(item.get("spans"))


def _span(value: object) -> Span:
    span = _object(value)
    style = (require_field(span, "bold", bool, False), require_field(span, "italic", bool, False))
    return Span(require_field(span, "text", str), *style, _link_from_json(span))


def _each(value: object, read: Callable[[object], T]) -> tuple[T, ...]:
    return tuple(read(element) for element in require_type(value, list, "a list in the text"))


def _object(value: object) -> Fields:
    return require_type(value, dict, "a part of the text")
