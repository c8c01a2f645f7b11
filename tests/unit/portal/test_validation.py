"""Answers of a parser process are untrusted: hostile answers as bytes and from real processes."""

from __future__ import annotations

import base64
import json
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from bpost_tui.errors import ContentError
from bpost_tui.i18n import Reason
from bpost_tui.limits import MAX_BLOCKS, MAX_CHARS, MAX_SITEMAP_FILES, MAX_STYLED, MAX_TERMS
from bpost_tui.model.blocks import Heading, Image, ListBlock, Paragraph, Preformatted, Quote, Span, Table
from bpost_tui.model.sanitize import MAX_TITLE_CHARS
from bpost_tui.model.stored_picture import StoredPicture
from bpost_tui.model.story import Category, Story
from bpost_tui.portal.parse_results import OutlineFeed, ParsedApi, ParsedFeed, ParsedOpml, ParsedPage, ParsedSite, ParserTask
from bpost_tui.portal.worker import parser_process, wire
from bpost_tui.portal.worker.parser_process import ParserProcess
from bpost_tui.portal.worker.validation import validate_answer
from bpost_tui.typesetting.typeset.photo import Photo
from tests.sanitized import FORBIDDEN, strings

NOW = datetime(2026, 11, 25, tzinfo=UTC)
URL = "https://portal.example/feed"
EVIL = "\x1b]52;c;aGk=\x07<script>x()</script>\u202e\U000f0000\ud800"
JS = "javascript:alert(1)"
STORY = Story("1", "খবর", "https://portal.example/1", published=NOW, blocks=(Paragraph((Span("লেখা"),)),), full=True)


def task(name: str = "feed") -> ParserTask:
    return ParserTask(name, "application/xml", URL, NOW, "feed", size=(2, 2, 0))


def read(name: str, value: object) -> object:
    return validate_answer(task(name), wire.dump_answer(("ok", value)))


def evil_story() -> Story:
    spans = (Span(f"ক{EVIL}", True, False, JS), Span("খ", link=f"https://portal.example/{EVIL}"))
    blocks = (
        *(Paragraph(spans), Heading(spans, 99), Quote((spans,)), ListBlock(((-5, spans),)), Table(((spans,),))),
        *(
            Image(JS),
            Image("https://portal.example/a.png", EVIL, (Span(EVIL, link=JS),), -1, 10**9, JS),
            Preformatted((Span(EVIL),)),
        ),
    )
    categories, impossible = (Category(EVIL + "x", EVIL + "y", EVIL, -3),), datetime(9999, 1, 1, tzinfo=UTC)
    return Story(
        EVIL + "1", EVIL + "শিরোনাম", JS, EVIL, impossible, impossible, categories, (EVIL + "t", ""), EVIL, blocks, JS, True
    )


def sent(story: Story) -> bytes:
    """Return a hostile answer as bytes, built without `dump`: JSON can hold surrogates that `dump` couldn't encode."""
    return json.dumps(json.loads(json.dumps(wire._pack(story)))).encode()


def test_strings_of_an_answer_are_sanitized() -> None:
    evil = EVIL.encode("utf-8", "ignore").decode()
    head = wire.dump(("ok", ParsedFeed((), (Reason("the feed is not well-formed ({said})", said=evil),), "", 0, evil)))
    feed = validate_answer(task(), head + b"\n" + sent(evil_story()))
    assert isinstance(feed, ParsedFeed)
    (story,) = feed.stories
    assert [text for text in strings(json.loads(wire.dump(feed))) if FORBIDDEN.search(text)] == []
    assert (story.link, story.image, story.published, story.modified) == (None, None, None, None)
    assert [span.link for block in story.blocks if isinstance(block, Paragraph) for span in block.spans] == [None, None]
    assert [block.src for block in story.blocks if isinstance(block, Image)] == ["https://portal.example/a.png"]
    assert [depth for block in story.blocks if isinstance(block, ListBlock) for depth, _ in block.items] == [0]
    assert story.categories[0].portal_count == 0
    assert feed.warnings[0].message == "the feed is not well-formed ({said})"  # kept, so that it can be translated
    assert not FORBIDDEN.search(feed.warnings[0]) and not FORBIDDEN.search(feed.name)


def test_huge_fields_of_an_answer_are_cut() -> None:
    styled = tuple(Span("ক", bold=at % 2 == 0) for at in range(5 * MAX_STYLED))
    story = STORY._replace(
        title="ক" * 10**6, blocks=(Paragraph(styled), *(Preformatted((Span("খ" * 10**6),)),) * 3), tags=("t",) * 10**4
    )
    feed = read("feed", ParsedFeed((story, story._replace(guid="2", blocks=(Preformatted((Span("x"),)),) * (2 * MAX_BLOCKS)))))
    assert isinstance(feed, ParsedFeed)
    first, second = feed.stories
    assert len(first.title) == MAX_TITLE_CHARS and len(first.tags) == MAX_TERMS
    paragraph = first.blocks[0]
    assert isinstance(paragraph, Paragraph) and len(paragraph.spans) <= 2 * MAX_STYLED + 1
    assert "".join(span.text for span in paragraph.spans) == "ক" * 5 * MAX_STYLED
    assert sum(len(block.text) for block in first.blocks if isinstance(block, Preformatted)) <= MAX_CHARS
    assert len(second.blocks) == MAX_BLOCKS


HONEST = ParsedFeed((STORY,))._replace(digests="0123456789abcdef fedcba9876543210", skipped=2)
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFklEQVR4nGP8z8DAwMDAxMDAwMDAAAANHQEDasKb6QAAAABJRU5ErkJggg=="
)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("feed", HONEST),
        ("page", ParsedPage(STORY, lacks_selected=True)),
        ("markdown", STORY),
        ("posts", ParsedApi((STORY,), numbers=(7,), rows=1)),
        ("categories", ParsedApi(categories=(Category("a", "ক", None, 3),), numbers=(7,))),
        ("picture", StoredPicture(2, 2, PNG)),
        ("render", Photo(2, 2, bytes(12))),
        ("render", Photo(2, 2, b"\0\1\0\1", ((0, 0, 0), (255, 255, 255)))),
    ],
)
def test_valid_answer_is_read_unchanged(name: str, value: object) -> None:
    assert read(name, value) == value


def repr_of(data: bytes) -> str:
    return repr(data[:40])


WRONG: dict[str, tuple[str, object]] = {
    "another thing than was asked for": ("feed", STORY),
    "a feed for a page": ("page", HONEST),
    "no value at all": ("feed", None),
    "an index of no addresses": ("feed", ParsedFeed((), files=(JS,))),
    "an index of too many": ("feed", ParsedFeed((), files=(URL,) * (MAX_SITEMAP_FILES + 1))),
    "sitemaps without addresses": ("site", ParsedSite(sitemaps=(JS,))),
    "too many sitemaps": ("site", ParsedSite(sitemaps=(URL,) * (MAX_SITEMAP_FILES + 1))),
    "no guid": ("feed", ParsedFeed((STORY._replace(guid=" "),))),
    "a guid without end": ("feed", ParsedFeed((STORY._replace(guid="x" * 10_000),))),
    "digests that are none": ("feed", HONEST._replace(digests="' OR 1=1")),
    "one more digest than there is": ("feed", HONEST._replace(digests="0123456789abcdef ")),
    "a negative count": ("feed", HONEST._replace(skipped=-1)),
    "more stories than can be": ("posts", ParsedApi((STORY,) * 101, numbers=(0,) * 101)),
    "numbers of nothing": ("categories", ParsedApi(numbers=(1, 2))),
    "a number too large": ("posts", ParsedApi((STORY,), numbers=(1 << 63,))),
    "a picture of another size": ("picture", StoredPicture(3, 2, PNG)),
    "a picture that is none": ("picture", StoredPicture(2, 2, b"<svg onload=x>")),
    "a message with controls in it": ("feed", ParsedFeed((STORY,), (Reason("\x1b]0;x\x07"),))),
    "too few pixels": ("render", Photo(2, 2, bytes(11))),
    "pixels of another size": ("render", Photo(3, 3, bytes(27))),
    "a colour beyond the palette": ("render", Photo(2, 2, b"\0\1\0\2", ((0, 0, 0), (9, 9, 9)))),
    "a shade that is none": ("render", Photo(2, 2, bytes(4), ((0, 0, 256),))),
}


@pytest.mark.parametrize(("name", "value"), WRONG.values(), ids=WRONG)
def test_invalid_answer_is_refused(name: str, value: object) -> None:
    with pytest.raises(ValueError):
        read(name, value)


@pytest.mark.parametrize(
    "change",
    [
        *({"title": 7}, {"title": None}, {"link": 7}, {"link": b"x"}, {"full": 1}, {"published": "2026"}),
        *({"tags": (1,)}, {"categories": (STORY,)}, {"categories": ("a",)}, {"blocks": (Span("x"),)}, {"blocks": STORY}),
        *({"blocks": (Paragraph(("x",)),)}, {"blocks": (Paragraph((Span(1),)),)}, {"blocks": (Heading((), "1"),)}),  # type: ignore[arg-type]  # of another type on purpose
        *({"blocks": (ListBlock(((0,),)),)}, {"blocks": (ListBlock((("0", ()),)),)}, {"blocks": (Image("a", width_px=1.5),)}),  # type: ignore[arg-type]  # of another type on purpose
        {"blocks": (Table(((Span("x"),),)),)},  # type: ignore[arg-type]  # of another type on purpose
    ],
)
def test_answer_field_of_a_wrong_type_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="another type"):
        read("feed", ParsedFeed((STORY._replace(**change),)))


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"\n\n", b"null", b'[null,"ok"]', b'[null,"error",1,2]', b'[null,"error"]', b'["Task"]', b"[" * 10**5, b"\xff\xfe"),
        *(b'[null,"ok",["ParsedFeed",[null],[null],"",0]]\n{}', b'[null,"ok",["ParsedFeed",[null],[null],"",0,0]]'),
        b'[null,"ok",["ParsedFeed",[null],[null],"",%s]]' % (b"9" * 5000),
    ],
    ids=repr_of,
)
def test_other_bytes_than_an_answer_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        validate_answer(task(), data)


def test_error_in_an_answer_is_sanitized_to_one_line() -> None:
    data = wire.dump(("error", "x\n" + EVIL.encode("utf-8", "ignore").decode() * 1000, "y\r" + JS))
    with pytest.raises(ContentError) as caught:
        validate_answer(task(), data)
    for line in (caught.value.message, caught.value.hint):
        assert not FORBIDDEN.search(line) and "\n" not in line and len(line) < 400


# ── hostile processes ───────────────────────────────────────────────────────

HOSTILE = """
import sys
sys.path[:] = sys.argv[1:]
from bpost_tui.child_process import encode_frame, read_frame
while read_frame(sys.stdin.buffer) is not None:
    read_frame(sys.stdin.buffer)
    {answer}
    sys.stdout.buffer.flush()
"""
PUT = "sys.stdout.buffer.write({})"
FRAME = PUT.format("encode_frame({0!r})")
PROCESSES: dict[str, Callable[[], str]] = {
    "wrong types": lambda: FRAME.format(b'[null,"ok",["ParsedFeed",1,2,3,4]]'),
    "a frame without end": lambda: PUT.format("b'\\x80' + bytes(3)"),
    "half a frame": lambda: PUT.format("encode_frame(b'[12345678')[:5]; sys.exit()"),
    "another answer than was asked for": lambda: FRAME.format(wire.dump(("ok", ("x",)))),
    "nothing": lambda: "sys.exit()",
}


@pytest.mark.parametrize("how", PROCESSES)
async def test_hostile_process_loses_its_document_and_is_ended(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parser_process, "_PROGRAM", HOSTILE.format(answer=PROCESSES[how]()))
    reader = ParserProcess()
    try:
        with pytest.raises(ContentError, match="crashed the parser"):
            await reader.parse(task(), b"<rss/>")
        assert reader._process is None
        monkeypatch.undo()
        feed = await reader.parse(task(), b"<rss><channel><item><title>x</title></item></channel></rss>")
        assert isinstance(feed, ParsedFeed) and feed.stories[0].title == "x"
    finally:
        await reader.aclose()


async def test_hostile_process_within_the_protocol_yields_sanitized_text(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = wire.dump(("ok", ParsedFeed(()))) + b"\n" + sent(evil_story())
    monkeypatch.setattr(parser_process, "_PROGRAM", HOSTILE.format(answer=FRAME.format(answer)))
    reader = ParserProcess()
    try:
        feed = await reader.parse(task(), b"<rss/>")
    finally:
        await reader.aclose()
    assert isinstance(feed, ParsedFeed) and len(feed.stories) == 1
    assert not [text for text in strings(json.loads(wire.dump(feed))) if FORBIDDEN.search(text) or JS in text]


@pytest.mark.parametrize("filler", [b"[]", b"{}", b"\n", b"[", b'""', b"0"])
def test_answer_of_64_mb_of_empty_values_takes_little_memory(filler: bytes) -> None:
    separator = b"," if filler not in (b"\n", b"[") else b""
    data = b"[" + ((filler + separator) * ((32 << 20) // len(filler + separator))).removesuffix(separator)
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match=r"."):
            validate_answer(task(), data)
        assert tracemalloc.get_traced_memory()[1] < len(data) + (100 << 20)
    finally:
        tracemalloc.stop()


def test_type_of_an_outline_is_sanitized() -> None:
    opml = read("opml", ParsedOpml((OutlineFeed(URL, "ক", "", 1, type=f"rss{EVIL[:-1]}"),)))
    assert isinstance(opml, ParsedOpml) and not FORBIDDEN.search(opml.feeds[0].type)
