"""Export of stories as Markdown and XHTML: well-formed and complete for any text."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from html import escape

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bpost_tui.cli.export.html_page import xhtml
from bpost_tui.cli.export.markdown import escape_markdown, markdown
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
    Table,
    plain_text,
    text_of,
)
from bpost_tui.model.blocks_json import blocks_from_json, blocks_to_json
from bpost_tui.model.sanitize import clean_blocks

TEXTS = st.text(st.sampled_from("কখ্াি র\u200dab1 *_`#<>&|[]()!~-+.\\\n\"'$=\x1b\ufffe"), max_size=12)
LINKS = st.sampled_from([None, "https://a.b/c?d=1&e"])
SPANS = st.lists(st.builds(Span, TEXTS, st.booleans(), st.booleans(), LINKS), max_size=3).map(tuple)
MERGED = st.lists(st.builds(MergedCell, *[st.integers(0, 3)] * 2, *[st.integers(1, 3)] * 2), max_size=2).map(tuple)
BLOCKS = st.lists(
    st.one_of(
        st.builds(Paragraph, SPANS),
        st.builds(Heading, SPANS, st.integers(-3, 99)),
        st.builds(Quote, st.lists(SPANS, max_size=3).map(tuple)),
        st.builds(ListBlock, st.lists(st.tuples(st.integers(0, 5), SPANS), max_size=6).map(tuple), st.booleans()),
        st.builds(Table, st.lists(st.lists(SPANS, max_size=3).map(tuple), max_size=3).map(tuple), st.booleans(), SPANS, MERGED),
        st.builds(Image, st.sampled_from(["https://a.b/c.jpg"]), TEXTS, SPANS),
        st.builds(Preformatted, SPANS),
        st.builds(Embed, st.just("https://a.b/v"), st.sampled_from(EMBED_KINDS), TEXTS),
    ),
    max_size=5,
).map(tuple)


def nowhere(address: str) -> str:
    """Return no picture for any address."""
    return ""


def letters(text: str) -> str:
    return "".join(re.findall(r"[কখরab]", text))


def with_sanitized_cells(block: Block) -> Block:
    """Return a table with only the merged cells that sanitizing keeps; return other blocks unchanged."""
    (cleaned,) = clean_blocks((block,)) if isinstance(block, Table) else (block,)
    return block._replace(merged=cleaned.merged) if isinstance(block, Table) and isinstance(cleaned, Table) else block


def without_merged_cells(block: Block) -> Block:
    """Return a table without merged cells, so that their text is repeated in each row that they cover."""
    return block._replace(merged=()) if isinstance(block, Table) else block


@given(BLOCKS)
@settings(max_examples=150, deadline=None)
def test_xhtml_of_any_text_is_well_formed_and_complete(blocks: Blocks) -> None:
    root = ET.fromstring(f"<body>{''.join(xhtml(tuple(map(with_sanitized_cells, blocks)), nowhere))}</body>")
    words = plain_text(tuple(without_merged_cells(block) for block in blocks if not isinstance(block, Image)))
    pictures = "".join((image.alt or image.src) + text_of(image.caption) for image in blocks if isinstance(image, Image))
    assert sorted(letters("".join(root.itertext()))) == sorted(letters(words + pictures))
    assert not root.findall(".//ul/ul") and not root.findall(".//script")


@given(BLOCKS)
@example((Paragraph((Span("\u200d"), Span("\u200d"))),))
@example((Paragraph(tuple(Span("\u09be\u09be", bold=True) for _ in range(4))),))
@settings(max_examples=100, deadline=None)
def test_sanitizing_blocks_is_idempotent_and_survives_json(blocks: Blocks) -> None:
    cleaned = clean_blocks(blocks)
    assert clean_blocks(cleaned) == cleaned == blocks_from_json(blocks_to_json(cleaned))
    assert "\x1b" not in plain_text(cleaned)


@given(TEXTS.map(lambda text: re.sub(r"[\x1b\ufffe]", "", text)))
@settings(max_examples=150, deadline=None)
def test_escaped_markdown_renders_as_the_plain_text(text: str) -> None:
    line = " ".join(text.split())
    html = MarkdownIt("commonmark").render(escape_markdown(line))
    shown = escape(line).replace("&#x27;", "'")
    assert html == (f"<p>{shown}</p>\n" if line else "")


@pytest.mark.parametrize(
    ("block", "shown"),
    [
        (Paragraph((Span("মেদিনীপুর: ", bold=True), Span("খবর"))), "<p><strong>মেদিনীপুর</strong>: খবর</p>"),
        (Paragraph((Span("ঢাকা।", bold=True, italic=True), Span("পরে"))), "<p><em><strong>ঢাকা</strong></em>।পরে</p>"),
        (Paragraph((Span("a"), Span("খবরে", bold=True), Span("b"))), "<p>a<strong>খবরে</strong>b</p>"),
        (Paragraph((Span("এখানে", link="https://a.b/(c)"),)), '<p><a href="https://a.b/(c)">এখানে</a></p>'),
        (Paragraph((Span("এক\nদুই"),)), "<p>এক<br />\nদুই</p>"),
        (Heading((Span("শিরোনাম"),), 3), "<h3>শিরোনাম</h3>"),
        (Quote(((Span("এক"),), (Span("দুই"),))), "<blockquote>\n<p>এক</p>\n<p>দুই</p>\n</blockquote>"),
        (ListBlock(((0, (Span("ক"),)), (1, (Span("খ"),)))), "<ul>\n<li>ক\n<ul>\n<li>খ</li>\n</ul>\n</li>\n</ul>"),
        (Embed("https://v.example/1", "video", "ভিডিও"), '<p>▶ <a href="https://v.example/1">ভিডিও</a></p>'),
        (Preformatted((Span("```\n<x>"),)), "<pre><code>```\n&lt;x&gt;\n</code></pre>"),
        (
            Preformatted((Span("ক "), Span("খ", link="https://a.b/"))),
            '<pre><code>ক খ\n</code></pre>\n<ul>\n<li><a href="https://a.b/">খ</a></li>\n</ul>',
        ),
    ],
)
def test_markdown_of_a_block_renders_as_that_block(block: Block, shown: str) -> None:
    assert MarkdownIt("commonmark").render("\n".join(markdown((block,)))).strip() == shown


def test_markdown_of_a_table_is_a_table() -> None:
    table = Table((((Span("নাম"),), (Span("a|b"),)), ((Span("এক"),),)), header=True)
    html = MarkdownIt("commonmark").enable("table").render("\n".join(markdown((table,))))
    assert re.findall(r"<t[hd]>(.*?)</t[hd]>", html) == ["নাম", "a|b", "এক", ""]


def test_html_of_a_table_keeps_caption_and_merged_cells() -> None:
    rows = (((Span("ক"),), (Span("খ"),)), ((), (Span("গ"),), (Span("ঘ"),)))
    table = Table(rows, True, (Span("লিগ"),), (MergedCell(0, 0, 2, 1), MergedCell(0, 1, 1, 2)))
    assert list(xhtml((table,), nowhere))[1:-1] == [
        "<caption>লিগ</caption>",
        '<tr><th rowspan="2">ক</th><th colspan="2">খ</th></tr>',
        "<tr><th>গ</th><th>ঘ</th></tr>",
    ]
    assert list(markdown((table,)))[:4] == ["*লিগ*", "", "| ক | খ |  |", "| --- | --- | --- |"]
