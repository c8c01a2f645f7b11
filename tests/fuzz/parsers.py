"""Functions that read foreign text, and pieces of text that made such functions slow when repeated."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from random import Random

from bpost_tui.bengali.bengali_script import BENGALI
from bpost_tui.bengali.letters import composed, decomposed
from bpost_tui.bengali.normalise import normalised, words
from bpost_tui.bengali.sentences import sentences
from bpost_tui.bengali.verbalise import verbalise
from bpost_tui.cli.export import html_page, markdown
from bpost_tui.errors import BPostError
from bpost_tui.grouping.fingerprint import cross_script_fingerprint, fingerprint_of
from bpost_tui.i18n import Reason
from bpost_tui.mark_changes.field_changes import FieldChange, Subject, SubjectKind
from bpost_tui.model.blocks import Blocks, Paragraph, Preformatted, Quote, Span, plain_text
from bpost_tui.model.blocks_json import blocks_from_json, blocks_to_json
from bpost_tui.model.datelines import dateline, place_tag
from bpost_tui.model.passage import QuoteSelector
from bpost_tui.model.passage_anchoring import PassageText
from bpost_tui.model.sanitize import clean_blocks, clean_line, clean_text
from bpost_tui.model.story import Story
from bpost_tui.model.story_links import links_of
from bpost_tui.model.text_diff import DiffBudget, paragraph_changes, word_changes
from bpost_tui.model.truncation import says_truncated
from bpost_tui.portal.derived_fields import first_words
from bpost_tui.portal.feed.feed_parser import parse_feed
from bpost_tui.portal.feed.item_reader import ItemReader, feed_name, text_as_html
from bpost_tui.portal.feed.json_feed_parser import parse_json_feed
from bpost_tui.portal.feed.opml_parser import parse_opml
from bpost_tui.portal.feed.sanitize_xml import item_spans, sanitize_xml
from bpost_tui.portal.feed.seen_items import FeedItems
from bpost_tui.portal.feed.sitemap_parser import parse_sitemap
from bpost_tui.portal.html.article_page import read_page
from bpost_tui.portal.html.block_parser import html_to_line, parse_blocks
from bpost_tui.portal.html.feed_links import read_site
from bpost_tui.portal.html.sanitize_html import sanitize_html
from bpost_tui.portal.html.text_encoding import decode
from bpost_tui.portal.http.transport import retry_after_s
from bpost_tui.portal.image_header import read_header
from bpost_tui.portal.paper_addresses import paper_variants_key, pasted_address, service_feed
from bpost_tui.portal.parse_results import ParsedFeed, ParserTask
from bpost_tui.portal.wordpress.wp_json_parser import read_categories, read_posts
from bpost_tui.portal.worker.validation import validate_answer
from bpost_tui.portal.worker.wire import dump_answer
from bpost_tui.store.search.query_parser import parse_query as parse_query
from bpost_tui.store.search.search_index import entry_columns
from bpost_tui.typesetting.terminal.replies import parse as parse_replies
from bpost_tui.typesetting.text.graphemes import cell_width, clusters, truncate
from bpost_tui.typesetting.typeset.cell_typesetter import CellTypesetter
from bpost_tui.typesetting.typeset.items import Para, Run
from bpost_tui.typesetting.typeset.linebreak import boxes
from bpost_tui.typesetting.typeset.paragraph_setter import prepare_text
from bpost_tui.untrusted import JsonStream
from bpost_tui.urls import clean_link, link_key, page_key
from tests.fuzz.mutator import TOKENS
from tests.fuzz.time_growth import growth
from tests.marks_lines import dump_changes, read_lines

Reader = Callable[[str], object]

_NOW = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
_URL = "https://portal.example/feed"
_CHARS = 2000
"""Size of the smaller text at first; it grows if a reader's own limit, reached later, makes its time linear."""
_MOST_CHARS = 32_000
_NO_LIMIT = 1 << 30
_STEPS = 4000
"""Steps of a comparison: few, so that both sizes use them up; until then it may take more than linear time."""


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _feed(inside: str) -> Reader:
    return lambda text: parse_feed(_bytes(inside.replace("@", text)), "", _URL, now=_NOW)


def _sitemap(inside: str) -> Reader:
    return lambda text: parse_sitemap(_bytes(f"<urlset>{inside.replace('@', text)}</urlset>"), "", _URL, now=_NOW)


def _text(text: str) -> Blocks:
    return (Paragraph((Span(text), Span(text, bold=True, link=_URL))), Quote(((Span(text),),)), Preformatted((Span(text),)))


def _answer(text: str) -> object:
    story = Story(text[:3000] or "1", text, text, text, tags=(text,), excerpt=text, blocks=_text(text))
    return validate_answer(
        ParserTask("feed", "", _URL, _NOW, "feed"),
        dump_answer(("ok", ParsedFeed((story, story), (Reason("{said}", said=text[:900]),)))),
    )


def _posts(text: str) -> object:
    rendered = {"rendered": text}
    row = {"id": 1, "link": _URL, "guid": rendered, "title": rendered, "content": rendered, "excerpt": rendered}
    return read_posts(json.dumps([row]).encode(), _URL, _NOW)


def _json_feed(text: str) -> object:
    row = {
        "id": text,
        "url": text,
        "title": text,
        "content_text": text,
        "summary": text,
        "tags": [text],
        "authors": [{"name": text}],
    }
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": text, "items": [row, {**row, "content_html": text}]}
    return parse_json_feed(json.dumps(feed).encode(), _URL, _NOW)


def _stream(text: str) -> list[object]:
    return list(JsonStream(io.StringIO(json.dumps([text, {text: text}]))).elements())


def _set(text: str) -> object:
    return CellTypesetter(BENGALI.language_rules).galley((Para((Run(text),)),), 40)


_CDATA = (
    "<rss><channel><item><guid>1</guid><description><![CDATA[@]]></description></item><item><guid>2</guid></item></channel></rss>"
)
_BARE = "<rss><channel><item><title>@</title><author>@</author></item><item><guid>2</guid></item>@</channel></rss>"


def _line(text: str) -> bytes:
    """Return a line of a sync folder's file that contains `text`."""
    return b"".join(dump_changes({Subject(SubjectKind.SEARCH, text[:100]): {"query": FieldChange(1, text)}})) or _bytes(text)


READERS: dict[str, Reader] = {
    "clean_line": lambda text: clean_line(text, _NO_LIMIT),
    "clean_text": lambda text: clean_text(text, _NO_LIMIT),
    "clean_text, cut": lambda text: clean_text(text, len(text) // 2),
    "clean_blocks": lambda text: clean_blocks(_text(text)),
    "clean_link": lambda text: clean_link(f"https://portal.example/{text}", _URL),
    "link_key": link_key,
    "page_key": lambda text: page_key(f"https://portal.example/{text}"),
    "retry_after_s": lambda text: retry_after_s(text, _NOW),
    "decode": lambda text: decode(_bytes(text)),
    "tame": sanitize_html,
    "blocks": lambda text: parse_blocks(text, _URL),
    "plain": lambda text: html_to_line(text, _NO_LIMIT),
    "prepare": sanitize_xml,
    "prepare, in a feed": lambda text: sanitize_xml(f"<rss><channel>{text}</channel></rss>"),
    "items": lambda text: item_spans(f"<rss>{text}<item></item>{text}</rss>"),
    "FeedItems": lambda text: FeedItems(f"<rss>{text}<item></item>{text}</rss>", "").are_distinct,
    "FeedItems, in one": lambda text: FeedItems(f"<rss><item>{text}</item></rss>", "").are_distinct,
    "parse_feed, CDATA": _feed(_CDATA),
    "parse_feed, bare": _feed(_BARE),
    "html_of_written": text_as_html,
    "html_of_written, plain": lambda text: text_as_html(text, is_plain=True),
    "ItemReader": lambda text: ItemReader(f"<rss {text}><channel>{text}", _URL).read(f"<item><title>{text}</title></item>"),
    "feed_name": lambda text: feed_name(sanitize_xml(f"<rss><channel>{text}<title>{text}</title></channel></rss>")[0]),
    "first_words": lambda text: (first_words(_text(text)), says_truncated(_text(text), title=text[:300], is_called_whole=False)),
    "parse_json_feed": _json_feed,
    "read_page": lambda text: read_page(_bytes(f"<article><h1>a</h1>{text}</article>"), "", _URL, _NOW),
    "read_site": lambda text: read_site(_bytes(f"<head><link rel='alternate' href='/'>{text}"), "", _URL),
    "parse_opml": lambda text: parse_opml(_bytes(f"<opml><outline xmlUrl='x'/>{text}</opml>")),
    "parse_opml, in a name": lambda text: parse_opml(_bytes(f"<opml><outline xmlUrl='https://a.example/' title='{text}'/></opml>")),
    "parse_sitemap": _sitemap("@<url><loc>/a</loc>@<news:news><news:title>@</news:title></news:news></url>@"),
    "parse_sitemap, in an address": _sitemap("<url><loc>/@</loc><lastmod>@</lastmod><news:news></news:news></url>"),
    "read_site, robots.txt": lambda text: read_site(_bytes(text), "", "https://portal.example/robots.txt"),
    "pasted_address": pasted_address,
    "paper_variants_key": lambda text: paper_variants_key(f"https://portal.example/{text}"),
    "service_feed": lambda text: service_feed(f"https://{text}"),
    "read_posts": _posts,
    "read_categories": lambda text: read_categories(json.dumps([{"id": 1, "slug": text, "name": text}]).encode()),
    "read_json": lambda text: read_posts(_bytes(f"[{text}]"), _URL, _NOW),
    "read_header": lambda text: read_header(b"\xff\xd8\xff" + _bytes(text)),
    "read_answer": _answer,
    "traits": lambda text: fingerprint_of(Story("", text, excerpt=text), 0, 0),
    "traits across": lambda text: cross_script_fingerprint(Story("", text, excerpt=text), 0, 0),
    "read_entries": lambda text: read_lines(_bytes(text)),
    "read_entries, in a line": lambda text: read_lines(_line(text)),
    "read_entries, many": lambda text: read_lines(_line(text[:64]) * len(text)),
    "PassageText, find": lambda text: PassageText(text).find(QuoteSelector("জেলা শহর নদী", text, text, True)),
    "PassageText, quote": lambda text: PassageText(text).quote(len(text) // 2, len(text) // 2 + 40),
    "normalised": normalised,
    "words": words,
    "composed": composed,
    "decomposed": decomposed,
    "sentences": sentences,
    "spoken": lambda text: verbalise(f"ক{text}"),
    "clusters": clusters,
    "cell_width": cell_width,
    "truncate": lambda text: truncate(text, 40),
    "boxes": lambda text: boxes(text, BENGALI.language_rules),
    "prepare_text": lambda text: prepare_text(text, BENGALI.language_rules),
    "lines": _set,
    "place_tag": place_tag,
    "dateline": dateline,
    "word_changes": lambda text: word_changes(text, text[::-1], DiffBudget(_STEPS)),
    "paragraph_changes": lambda text: paragraph_changes(text, f"ক\n\n{text[1:]}", DiffBudget(_STEPS)),
    "plain_text": lambda text: plain_text(_text(text)),
    "blocks_json": lambda text: blocks_from_json(blocks_to_json(_text(text))),
    "links_of": lambda text: links_of(_text(text)),
    "markdown": lambda text: list(markdown.markdown(_text(text))),
    "xhtml": lambda text: list(html_page.xhtml(_text(text), lambda _: "")),
    "entry_columns": lambda text: entry_columns(Story("1", text, author=text, tags=(text,), blocks=_text(text)), ""),
    "parse_query": lambda text: parse_query(text, _NOW),
    "parse_replies": lambda text: parse_replies(_bytes(text)),
    "JsonStream": _stream,
}
"""Name of a reader → the function, called with foreign text; limits set by callers are lifted."""

_MARKUP = (
    *("<b>x</b>y", "<entry >", "<item>", "<item></entry>", "</item>", "<id><![CDATA[", "<id>", "<guid ", "<![CDATA[]]>", "]]>"),
    *("<li>", "<ul><li>", "<td>", "<table>", "<p>", "<url>", "<url><loc>", "<publication><name>", "<a href='", "<a b=c ", "<pre>"),
    *("<br>", "<!-- ", "<!-- -->", "<script>", "</p>", "<a b ", "<a/", "&", "&#", "&amp;", "&lt;b", "[caption ", "[ad ", "{", "["),
    *("[[", '{"a":', '"', "\\", "`", "*", "_", "|", "#", "1."),
)
_LETTERS = (
    *("ক", "ক্", "ক্\u200d", "ক়", "ে", "\u200d", "\u200c", "\u0301", "a\u0301", "👨\u200d", "🇧", "র‍্য", "ড\u09bc", "ñ", "\u1100"),
    *("a", "a ", " ", "  a", "\n", "\n\n", "\n\na\n\n", "\t", "\xa0", "\u3000", "\u2028", "\r", "\r\n", "-", "a-", "—", "। ", "।"),
    *("।।", ".", "a.", "...", "!?", "“", "”", "(", ")", "(a", "'", "’", "/", "a/", "1", "1,", "১", "%", "%0", ":", "ক: ", "="),
    *("?a=", "a:", "OR ", "@", "http://a ", "\x1b[", "\x1b]", "\x1b_G", "\x1b[?", "\x9b", "\x07", "\xff\xd8", "\xc3\xbf\xc3\x98"),
    *("\ufffd", "\U000f0000"),
)


def pieces() -> tuple[str, ...]:
    """Return all pieces, each once."""
    return tuple(dict.fromkeys((*_MARKUP, *_LETTERS, *_tokens())))


def _tokens() -> Iterator[str]:
    """Yield the mutator's tokens that are text, except the long ones, which repeat themselves."""
    for token in TOKENS:
        with suppress(UnicodeDecodeError):
            text = token.decode("utf-8", "surrogatepass")
            if len(text) <= 200:
                yield text


def some_pieces(name: str, most: int) -> list[str]:
    """Return a few pieces for the reader `name`, always the same."""
    return Random(name).sample(pieces(), most)


def grows(name: str, piece: str) -> float:
    """Return how many times longer the reader `name` takes for four times as many copies of `piece`; 1 if both take no time."""
    read = READERS[name]

    def tried(text: str) -> None:
        with suppress(BPostError, ValueError, RecursionError):  # a refusal must take linear time as well
            read(text)

    return growth(tried, lambda chars: piece * max(1, chars // len(piece)), _CHARS, most=_MOST_CHARS)
