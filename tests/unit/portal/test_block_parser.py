"""Blocks from WordPress's HTML: all of its text, and only text."""

from __future__ import annotations

import pytest

from bpost_tui.limits import MAX_BLOCKS, MAX_CHARS, MAX_COLUMNS, MAX_EMBEDS, MAX_IMAGES, MAX_ROWS, MAX_STYLED
from bpost_tui.model.blocks import (
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
from bpost_tui.portal.derived_fields import first_words
from bpost_tui.portal.html.block_parser import html_to_line, parse_blocks

BASE = "https://thebengalpost.net/recent/x.html"


def paragraph(text: str) -> Paragraph:
    return Paragraph((Span(text),))


def spans(text: str) -> tuple[Span, ...]:
    return (Span(text),)


def test_blocks_of_inline_markup_are_merged_spans() -> None:
    html = '<p>ক <b>খ <i>গ</i></b><strong> ঘ</strong> <a href="/y">ঙ</a></p>'
    (block,) = parse_blocks(html, BASE)
    assert isinstance(block, Paragraph)
    assert block.spans == (
        *(Span("ক "), Span("খ ", bold=True), Span("গ", bold=True, italic=True), Span(" ঘ", bold=True), Span(" ")),
        Span("ঙ", link="https://thebengalpost.net/y"),
    )


def test_blocks_at_line_breaks_are_paragraphs() -> None:
    assert parse_blocks("এক<br/>দুই<br><br>তিন", BASE) == (paragraph("এক"), paragraph("দুই"), paragraph("তিন"))


def test_preformatted_text_keeps_lines_and_links_and_moves_media_after() -> None:
    html = (
        '<pre>\n\nক  <a href="/x"><b>খ</b>গ</a>\n<img src="/a.png" alt="ছবি"><br>'
        '<iframe src="https://v.example/1"></iframe><a href="#n">ঘ</a>\n</pre>পরে'
    )
    code, picture, film, after = parse_blocks(html, BASE)
    assert code == Preformatted((Span("ক  "), Span("খগ", link="https://thebengalpost.net/x"), Span("\n\nঘ")))
    assert (picture, film, after) == (
        Image("https://thebengalpost.net/a.png", "ছবি"),
        Embed("https://v.example/1"),
        paragraph("পরে"),
    )


def test_code_in_a_list_item_splits_the_list_and_its_count() -> None:
    html = "<ol start=3><li>এক<ul><li>দুই</li></ul></li><li><p>তিন</p><p>চার</p><pre>ক\nখ</pre>আরও</li><li>পাঁচ</ol>"
    before, code, rest, after = parse_blocks(html, BASE)
    assert before == ListBlock(((0, spans("এক")), (1, spans("দুই")), (0, spans("তিন\nচার"))), ordered=True, before=(2,))
    assert (code, rest) == (Preformatted((Span("ক\nখ"),)), paragraph("আরও"))
    assert after == ListBlock(((0, spans("পাঁচ")),), ordered=True, before=(4,))
    assert [plain_text((part,)) for part in (before, after)] == ["3. এক\n  1. দুই\n4. তিন\nচার", "5. পাঁচ"]


def test_list_items_without_a_list_form_one() -> None:
    assert parse_blocks("ক<li>এক<li>দুই", BASE) == (paragraph("ক"), ListBlock(((0, spans("এক")), (0, spans("দুই")))))


def test_layout_table_is_unwrapped_and_data_table_is_kept() -> None:
    picture, code = "<img src=/a.jpg>", "<pre>ক\nখ</pre>"
    shown = Image("https://thebengalpost.net/a.jpg")
    box = f"<table><tr><td>{picture}<p>এক</p></td><td><p>দুই</p></td></tr></table>"
    assert parse_blocks(box, BASE) == (shown, paragraph("এক"), paragraph("দুই"))
    captioned = f"<table><tr><td>{picture}</td></tr><tr><td class=tr-caption>এক</td></tr></table>"
    assert parse_blocks(captioned, BASE) == (shown._replace(caption=spans("এক")),)
    facts = f"<table><tr><th>নাম<th>ফল<tr><td>{picture}<p>এক</p><td>{code}</table>"
    rows = ((spans("নাম"), spans("ফল")), (spans("এক"), spans("ক\nখ")))
    assert parse_blocks(facts, BASE) == (Table(rows, header=True), shown)


def test_form_keeps_its_words_and_dl_terms_are_bold() -> None:
    html = "<form>এক<input><button>দুই</button></form><dl><dt>তিন<dd>চার</dl>"
    assert parse_blocks(html, BASE) == (paragraph("এক"), Paragraph((Span("তিন", bold=True),)), paragraph("চার"))


def test_self_closed_script_hides_no_text_and_frame_is_a_link() -> None:
    frame = '<iframe src="//p.example/f" width="0" height="0"><a href="https://a.example/x">A &amp; b</a></iframe>'
    assert parse_blocks(f'<script src="x"/><p>এক</p><script>y</script>{frame}', BASE) == (
        paragraph("এক"),
        Embed("https://a.example/x", "page", "A & b"),
    )


def test_picture_with_only_a_srcset_is_read() -> None:
    assert parse_blocks('<img srcset="/a.jpg 1x, /b.jpg 2x">', BASE) == (Image("https://thebengalpost.net/a.jpg"),)


def test_blocks_of_a_table_are_rows_with_a_size_limit() -> None:
    html = "<table><thead><tr><th>নাম<th>ফল</thead><tr><td colspan=99999999>রাম<td><ul><li>১<li>২</ul></table>"
    rows = ((spans("নাম"), spans("ফল")), (spans("রাম"), (), spans("১\n২")))
    assert parse_blocks(html, BASE) == (Table(rows, header=True, merged=(MergedCell(1, 0, 1, 2),)),)
    (table,) = parse_blocks("<table>" + ("<tr>" + "<td>x" * 200) * 1000 + "</table>", BASE)
    assert isinstance(table, Table) and len(table.rows) == MAX_ROWS and {len(row) for row in table.rows} == {MAX_COLUMNS}


def test_merged_cells_keep_later_cells_under_their_heads() -> None:
    html = (
        "<table><caption>তাপমাত্রা <b>(ডিগ্রি)</b></caption><tfoot><tr><td colspan=100>সূত্র</tfoot>"
        "<thead><tr><th rowspan=2>জেলা<th colspan=2>তাপমাত্রা<tr><th>সর্বোচ্চ<th>সর্বনিম্ন</thead>"
        "<tr><td rowspan=0>পুরুলিয়া<td>৩৪<td>২১<tr><td>৩২<td>১৫</table>"
    )
    caption = (Span("তাপমাত্রা "), Span("(ডিগ্রি)", bold=True))
    rows = (
        (spans("জেলা"), spans("তাপমাত্রা")),
        ((), spans("সর্বোচ্চ"), spans("সর্বনিম্ন")),
        (spans("পুরুলিয়া"), spans("৩৪"), spans("২১")),
        ((), spans("৩২"), spans("১৫")),
        (spans("সূত্র"),),
    )
    merged = (MergedCell(0, 0, 2, 1), MergedCell(0, 1, 1, 2), MergedCell(2, 0, 2, 1), MergedCell(4, 0, 1, 3))
    (table,) = parse_blocks(html, BASE)
    assert table == Table(rows, True, caption, merged)
    assert isinstance(table, Table) and table.head_rows == 2
    assert plain_text((table,)).split("\n")[3:5] == ["পুরুলিয়া | ৩৪ | ২১", "পুরুলিয়া | ৩২ | ১৫"]


def test_caption_of_a_figure_belongs_to_its_table() -> None:
    html = '<figure class="wp-block-table"><table><tr><td>ক<td>খ</table><figcaption>ফল</figcaption></figure>'
    assert parse_blocks(html, BASE) == (Table(((spans("ক"), spans("খ")),), caption=spans("ফল")),)


def test_table_rows_covered_by_cells_above_are_dropped() -> None:
    html = "<table><tbody><tr><td rowspan=65534>ক<td rowspan=3>খ<tr></tr><tr></tr></tbody><tbody><tr><td>গ<td>ঘ</tbody></table>"
    assert parse_blocks(html, BASE) == (Table(((spans("ক"), spans("খ")), (spans("গ"), spans("ঘ")))),)


def test_blocks_of_a_table_of_one_column_are_its_text() -> None:
    assert parse_blocks("<table><tr><td>এক<tr><td>দুই</table>", BASE) == (paragraph("এক"), paragraph("দুই"))


def test_blocks_of_figures_are_pictures_with_their_captions() -> None:
    html = (
        '<figure class="wp-caption"><img src="/a.jpg" alt="thebengalpost.net"><figcaption>ছবি <b>এক</b></figcaption></figure>'
        '<div class="wp-caption"><img data-src="/b.jpg" src="data:image/gif;base64,AA" alt="বিকল্প">'
        '<p class="wp-caption-text">দুই</p></div>'
    )
    assert parse_blocks(html, BASE) == (
        Image("https://thebengalpost.net/a.jpg", "", (Span("ছবি "), Span("এক", bold=True))),
        Image("https://thebengalpost.net/b.jpg", "বিকল্প", (Span("দুই"),)),
    )


def test_blocks_of_quotes_headings_and_preformatted_text() -> None:
    html = "<blockquote><p>এক</p><p>দুই</p></blockquote><h4>শিরোনাম</h4><pre>ক\n  খ</pre>"
    quote, heading = Quote((spans("এক"), spans("দুই"))), Heading(spans("শিরোনাম"), 4)
    assert parse_blocks(html, BASE) == (quote, heading, Preformatted((Span("ক\n  খ"),)))


def test_blocks_of_a_short_bold_line_with_a_colon_are_a_sub_heading() -> None:
    assert parse_blocks("<p><strong>কাজ করছেনা WhatsApp:</strong></p>", BASE) == (Heading(spans("কাজ করছেনা WhatsApp:"), 3),)
    assert parse_blocks("<p><strong>কাজ</strong> করছেনা:</p>", BASE) != (Heading(spans("কাজ করছেনা:"), 3),)


@pytest.mark.parametrize(
    "html",
    [
        "<script>x</script><style>x</style><iframe>x</iframe><button>x</button><!-- x --><svg><text>x</text></svg>",
        '<div class="ad-slot">x</div><ins class="adsbygoogle">x</ins>',
        "<p>[td_block_ad_box spot_id=&#8221;custom_ad_1&#8243;]</p><p>[adinserter block=&#8221;3&#8243;]</p>",
        "<p>Advertisement:</p><p style='text-align:center'><strong>Advertisement:</strong></p><p>বিজ্ঞাপন</p>",
        "<p>thebengalpost.net</p><p>&nbsp;</p><p> </p>",
        '<img src="javascript:x"><img src="file:///etc/passwd">',
    ],
)
def test_blocks_of_invisible_markup_are_empty(html: str) -> None:
    assert parse_blocks(html, BASE) == ()


def test_blocks_keep_brackets_in_text() -> None:
    assert parse_blocks("<p>[sic] [১] [ভিডিও] [/b]</p>", BASE) == (paragraph("[sic] [১] [ভিডিও] [/b]"),)


def test_blocks_turn_unsafe_links_into_text() -> None:
    for href in ("javascript:x", "file:///x", "--opt", "#top", "&#27;]8;;"):
        assert parse_blocks(f'<a href="{href}">ক</a>', BASE) == (paragraph("ক"),)


def test_blocks_ignore_a_base_element() -> None:
    (block,) = parse_blocks('<base href="http://evil.example/"><a href="/y">ক</a>', BASE)
    assert block == Paragraph((Span("ক", link="https://thebengalpost.net/y"),))


def test_blocks_of_double_escaped_controls_have_no_controls() -> None:
    (block,) = parse_blocks('<p>ক&#27;[31m&#x9b;খ&#xD800;</p><img src="/a" alt="&#27;x">'.replace("<img", "<br><img"), BASE)[:1]
    assert block == paragraph("ক[31m›খ\ufffd")


def test_blocks_show_smileys_as_emoji() -> None:
    assert parse_blocks('<p>শুভ <img src="https://s.w.org/x.png" alt="🎉" class="wp-smiley"></p>', BASE) == (paragraph("শুভ 🎉"),)


def test_blocks_are_bounded() -> None:
    assert len(parse_blocks("<p>x" * 20_000, BASE)) == MAX_BLOCKS
    assert sum(isinstance(block, Image) for block in parse_blocks("<img src=/a.jpg>x" * 10_000, BASE)) == MAX_IMAGES


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("5 < 7, <b>খ</b> &#8220;গ&#8221;", "5 < 7, খ “গ”"),
        ("Football &amp; Cricket", "Football & Cricket"),
        ("<p>ক</p><p>খ<br>গ</p>\n", "ক খ গ"),
        ("[caption id=&#8221;x&#8221;]ক[/caption] [&hellip;]", "ক […]"),
        ("<script>x</script>", ""),
    ],
)
def test_html_to_line_is_one_line_of_text(html: str, expected: str) -> None:
    assert html_to_line(html, 300) == expected


# ── limits ──────────────────────────────────────────────────────────────────


def test_preformatted_text_counts_towards_the_limit_of_a_story() -> None:
    found = parse_blocks(("<pre>" + "x " * 200_000 + "</pre>") * 15 + "<p>নেই</p>", None)
    assert 0.9 * MAX_CHARS < sum(len(block.text) for block in found if isinstance(block, Preformatted)) <= MAX_CHARS
    assert "নেই" not in plain_text(found)


def test_styles_beyond_the_limit_are_dropped_but_not_their_text() -> None:
    count = 3 * MAX_STYLED
    (paragraph,) = parse_blocks("<b>x</b>y" * count, None)
    assert isinstance(paragraph, Paragraph) and text_of(paragraph.spans) == "xy" * count
    assert len(paragraph.spans) == 2 * MAX_STYLED
    assert sum(span.bold for span in paragraph.spans) == MAX_STYLED


@pytest.mark.parametrize(
    ("html", "embed"),
    [
        (
            '<iframe src="https://www.youtube.com/embed/abcDEF123-_?x=1" title="নদী">no</iframe>',
            Embed("https://www.youtube.com/watch?v=abcDEF123-_", "video", "নদী"),
        ),
        ('<iframe data-src="https://a.example/map" src="about:blank"></iframe>', Embed("https://a.example/map", "page")),
        (
            '<iframe src="https://www.facebook.com/plugins/video.php?w=1&href=https%3A%2F%2Fwww.facebook.com%2Fv%2F1"></iframe>',
            Embed("https://www.facebook.com/v/1", "video"),
        ),
        ('<video controls><source src="/a.mp4"></video>', Embed("https://thebengalpost.net/a.mp4", "video")),
        ('<audio src="/b.mp3"></audio>', Embed("https://thebengalpost.net/b.mp3", "audio")),
        ('<object data="/c.pdf"></object>', Embed("https://thebengalpost.net/c.pdf", "document")),
        (
            '<div class="wp-block-embed__wrapper">\nhttps://youtu.be/xyz12345\n</div>',
            Embed("https://youtu.be/xyz12345", "video"),
        ),
        (
            '<div class="wp-block-file"><object data="/c.pdf"></object><a href="/c.pdf">নোটিস</a>'
            '<a href="/c.pdf">Download</a></div>',
            Embed("https://thebengalpost.net/c.pdf", "document", "নোটিস"),
        ),
    ],
)
def test_embedded_media_become_addresses_to_open(html: str, embed: Embed) -> None:
    assert parse_blocks(f"<p>আগে</p>{html}<p>পরে</p>", BASE) == (paragraph("আগে"), embed, paragraph("পরে"))


def test_embedded_post_is_a_quote_and_its_address() -> None:
    words = '<p>কথা <a href="https://t.co/x">x</a></p><a href="https://x.com/a/status/1">১ জুন</a>'
    html = f'<blockquote class="twitter-tweet">{words}</blockquote>'
    quote, post = parse_blocks(html, BASE)
    assert isinstance(quote, Quote) and plain_text((quote,)).startswith("কথা x")
    assert post == Embed("https://x.com/a/status/1", "post")


@pytest.mark.parametrize(
    "html",
    [
        '<iframe src="https://ad.doubleclick.net/x"></iframe>',
        '<iframe src="https://a.example/pixel" width="1" height="1"></iframe>',
        '<iframe src="https://www.facebook.com/plugins/like.php?href=x"></iframe>',
        '<iframe src="javascript:alert(1)"></iframe>',
        "<video></video>",
    ],
)
def test_advertisements_counters_and_buttons_are_not_embedded(html: str) -> None:
    assert parse_blocks(f"<p>আগে</p>{html}", BASE) == (paragraph("আগে"),)


def test_embeds_are_bounded() -> None:
    assert len(parse_blocks('<iframe src="https://a.example/1"></iframe>' * 500, BASE)) == MAX_EMBEDS


def test_excerpt_has_code_only_when_there_is_no_other_text() -> None:
    assert first_words(parse_blocks("<p>আগে</p><pre>ls -l</pre><p>পরে</p>", BASE)) == "আগে পরে"
    assert first_words(parse_blocks("<pre>ls -l</pre>", BASE)) == "ls -l"
