from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpost_tui.errors import ContentError
from bpost_tui.model.blocks import (
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
    plain_text,
)
from bpost_tui.model.blocks_json import blocks_from_json, blocks_to_json


def words(text: str) -> Spans:
    return (Span(text),)


BLOCKS: Blocks = (
    Heading(words("কাজ করছেনা WhatsApp"), 3),
    Paragraph((Span("র‍্যাঙ্কিং, "), Span("উদ্‌যাপন", bold=True, italic=True), Span(" Meta", link="https://a.net/"))),
    Quote((words("প্রথম"), words("দ্বিতীয়"))),
    ListBlock(((0, words("ক")), (1, words("খ")), (1, words("গ")), (0, words("ঘ"))), ordered=True),
    ListBlock(((0, words("ক")), (1, words("খ")))),
    Table(((words("দল"), words("গোল")), (words("মোহনবাগান"),)), header=True, caption=words("লিগ"), merged=(MergedCell(1, 0, 1, 2),)),
    Image("https://a.net/a.jpg", "ছবি", (Span("ছবির কথা"),)),
    Image("https://a.net/b.jpg"),
    Preformatted((Span("এক\n  দুই"),)),
    Preformatted((Span("এক\n "), Span("দুই", link="https://a.net/"))),
    Embed("https://a.net/v", "video", "ভিডিও"),
)


def test_blocks_survive_a_round_trip_through_json() -> None:
    assert blocks_from_json(json.loads(json.dumps(blocks_to_json(BLOCKS)))) == BLOCKS


def test_blocks_to_json_leaves_out_defaults() -> None:
    assert blocks_to_json(BLOCKS[1:2]) == [
        {
            "kind": "paragraph",
            "spans": [
                {"text": "র‍্যাঙ্কিং, "},
                {"text": "উদ্‌যাপন", "bold": True, "italic": True},
                {"text": " Meta", "link": "https://a.net/"},
            ],
        }
    ]
    assert blocks_to_json(BLOCKS[7:8]) == [{"kind": "image", "src": "https://a.net/b.jpg"}]


def test_plain_text_has_a_blank_line_between_blocks() -> None:
    assert plain_text(BLOCKS) == "\n\n".join(
        [
            "কাজ করছেনা WhatsApp",
            "র‍্যাঙ্কিং, উদ্‌যাপন Meta",
            "প্রথম",
            "দ্বিতীয়",
            "1. ক\n  1. খ\n  2. গ\n2. ঘ",
            "• ক\n  • খ",
            "লিগ\nদল | গোল\nমোহনবাগান",
            "ছবির কথা",
            "এক\n  দুই",
            "এক\n দুই",
            "▶ ভিডিও",
        ]
    )


def test_blocks_from_json_ignores_unknown_fields() -> None:
    assert blocks_from_json([{"kind": "preformatted", "text": "ক", "language": "bn"}]) == (Preformatted((Span("ক"),)),)


@pytest.mark.parametrize(
    "value",
    [
        None,
        {},
        "text",
        [None],
        [{}],
        [{"kind": "video"}],
        [{"kind": 1}],
        [{"kind": "paragraph"}],
        [{"kind": "paragraph", "spans": [{"text": None}]}],
        [{"kind": "paragraph", "spans": [{"text": "ক", "bold": 1}]}],
        [{"kind": "paragraph", "spans": [{"text": "ক", "link": 1}]}],
        [{"kind": "paragraph", "spans": ["ক"]}],
        [{"kind": "heading", "spans": [], "level": True}],
        [{"kind": "list", "items": [{"depth": "0", "spans": []}]}],
        [{"kind": "list", "items": [{"depth": -1, "spans": []}]}],
        [{"kind": "table", "rows": [[{}]]}],
        [{"kind": "image"}],
    ],
)
def test_blocks_from_json_when_malformed_raises_content_error(value: object) -> None:
    with pytest.raises(ContentError):
        blocks_from_json(value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 9) | st.sampled_from(["paragraph", "list", "table", "quote", "ক"]),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["kind", "spans", "items", "rows", "text", "depth"]), inner),
    max_leaves=20,
)


@given(JSON)
def test_blocks_from_json_returns_blocks_or_raises_content_error(value: object) -> None:
    try:
        blocks = blocks_from_json(value)
    except ContentError:
        return
    assert blocks_from_json(blocks_to_json(blocks)) == blocks
    plain_text(blocks)


def test_table_saved_by_an_older_version_is_read() -> None:
    saved = [{"kind": "table", "header": True, "rows": [[[{"text": "ক"}], [{"text": "খ"}]], [[{"text": "১"}]]]}]
    assert blocks_from_json(saved) == (Table(((words("ক"), words("খ")), (words("১"),)), header=True),)


@pytest.mark.parametrize("cell", [(0, 0, 0, 2), (-1, 0, 1, 2), (0, 0, 1, "2")])
def test_invalid_merged_cell_is_refused(cell: tuple[object, ...]) -> None:
    merged = [dict(zip(("row", "column", "rows", "columns"), cell, strict=True))]
    with pytest.raises(ContentError):
        blocks_from_json([{"kind": "table", "rows": [[[{"text": "ক"}], [{"text": "খ"}]]], "merged": merged}])
