"""Fuzz targets: a function for each entrance of foreign bytes, with checks on the results."""

from __future__ import annotations

import gzip
import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite
from pathlib import Path
from random import Random
from zlib import crc32

from bpost_tui.cli.import_validation import imported_passage, imported_story
from bpost_tui.cli.shared.command_context import default_keys
from bpost_tui.console import without_controls
from bpost_tui.core.state.input_history import InputHistory
from bpost_tui.core.state.last_place import LastPlace
from bpost_tui.core.state.preferences import Preferences
from bpost_tui.core.themes import bundled_folder, read_theme
from bpost_tui.errors import BPostError, ContentError, UsageError
from bpost_tui.i18n import choose_language
from bpost_tui.mark_changes.field_changes import QUERY, FieldChange, Subject, SubjectKind
from bpost_tui.mark_changes.marks_file import MarksFileHeader, dump_header, parse_header
from bpost_tui.model.blocks import plain_text
from bpost_tui.model.blocks_json import blocks_from_json
from bpost_tui.model.sanitize import clean_line, clean_text
from bpost_tui.model.story import Story
from bpost_tui.portal.html.block_parser import html_to_line, parse_blocks
from bpost_tui.portal.html.sanitize_html import MAX_DEPTH, children, parse, sanitize_html
from bpost_tui.portal.http.transport import retry_after_s
from bpost_tui.portal.parse_results import ParsedApi, ParsedFeed, ParserTask
from bpost_tui.portal.worker import parser_worker, wire
from bpost_tui.portal.worker.validation import validate_answer
from bpost_tui.store.library import Library
from bpost_tui.tui.theme_switcher import textual_theme
from bpost_tui.typesetting.terminal.encoders.kitty import KittyEncoder
from bpost_tui.typesetting.terminal.output_boundary import OutputBoundary
from bpost_tui.typesetting.terminal.replies import LateReplies
from bpost_tui.typesetting.terminal.replies import parse as parse_replies
from bpost_tui.typesetting.terminal.width_boxes import WidthBoxes
from bpost_tui.typesetting.text.graphemes import cell_width
from bpost_tui.typesetting.typeset.surface import SurfaceTable
from bpost_tui.untrusted import JsonStream, read_json, read_toml
from bpost_tui.urls import clean_link
from tests.config_files import load
from tests.marks_lines import dump_changes, read_lines
from tests.sanitized import FORBIDDEN, strings
from tests.sitemaps import entry, news_sitemap, picture, sitemap_index
from tests.unit.typesetting.terminal.recorded_replies import DIALOGUES

DATA = Path(__file__).parents[1] / "data"
_LINK = re.compile(r"https?://[!-~]{1,2100}")
_ADDRESS = "https://portal.example/feed"
_FRAME_BYTES = 4096
"""Longest stretch of a frame without an escape: a line of the screen."""
_NOW = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
_ESCAPES = re.compile(
    r"\x1b(?:[78]|\[[0-9;:?<>=]*[a-zA-Z$]p?|\]8;[^\x00-\x1f\x7f-\x9f]*(?:\x07|\x1b\\)|\](?:0|2|22|52);[^\x00-\x1f\x7f-\x9f]*(?:\x07|\x1b\\))|\x07"
)

Run = Callable[[bytes], None]


@dataclass(frozen=True)
class Target:
    """Function under fuzzing, with its seeds."""

    name: str
    seeds: tuple[bytes, ...]
    run: Run
    """Function that reads the bytes; it raises only if a check fails."""


def _clean(value: object) -> None:
    """Check all strings of a value that the worker would send, and that the value can be encoded."""
    sent = wire.dump(value)
    assert wire.load(sent) == value
    for text in strings(json.loads(sent)):
        found = FORBIDDEN.search(text)
        assert found is None, f"{found[0]!r} in {text[max(0, found.start() - 20) : found.end() + 20]!r}"
    for story in value.stories if isinstance(value, ParsedFeed | ParsedApi) else (value,):
        if isinstance(story, Story):
            assert all(_LINK.fullmatch(link) for link in (story.link, story.image) if link)
            assert story.guid


def _work(name: str, kind: str = "feed", content_type: str = "application/xml") -> Run:
    """Return a function that reads as the worker does, but lets every exception except ContentError pass."""

    def run(data: bytes) -> None:
        task = ParserTask(name, content_type, _ADDRESS, _NOW, kind)
        try:
            value = parser_worker._TASKS[name](task, data)
        except ContentError as error:
            assert not FORBIDDEN.search(error.message) and "\n" not in error.message
        else:
            _clean(value)

    return run


def _html(data: bytes) -> None:
    try:
        text = data.decode("utf-8", "surrogatepass" if b"\xed" in data else "replace")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    _clean(parse_blocks(text, _ADDRESS))
    assert not FORBIDDEN.search(html_to_line(text, 200)) and "\n" not in html_to_line(text, 200)
    root = parse(sanitize_html(text))
    level = [root] if root is not None else []
    for _ in range(2 * MAX_DEPTH + 8):  # Lexbor adds html, head, body, and in a table tbody and tr
        level = [child for node in level for child in children(node)]
    assert not level


def _gate(data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape")
    for cleaned in (clean_line(text, 80), clean_text(text, 500)):
        cleaned.encode()
        assert not FORBIDDEN.search(cleaned)
    assert clean_line(clean_line(text, 80), 80) == clean_line(text, 80)
    link = clean_link(text, _ADDRESS)
    assert link is None or _LINK.fullmatch(link)
    seconds = retry_after_s(text, _NOW)
    assert seconds is None or 0 <= seconds <= 86400
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", without_controls(text))


def _wire(data: bytes) -> None:
    for read in (wire.load, lambda given: plain_text(blocks_from_json(json.loads(given)))):
        try:
            read(data)
        except (ValueError, RecursionError, BPostError):  # a damaged answer ends the worker; damaged blocks are reported
            continue


def _door(data: bytes) -> None:
    """Read `data` with every reader of numbers: it may raise only the documented errors, and accepted numbers are bounded."""
    text = data.decode("utf-8", "replace")
    values: list[object] = []
    for read in (lambda _: read_json(data), read_json, read_toml, lambda given: [*JsonStream(io.StringIO(given)).elements()]):
        with suppress(ContentError):
            values.append(read(text))
    for value in _within(values):
        assert not isinstance(value, int | float) or (isfinite(value) and abs(value) <= 1 << 53)
        assert not isinstance(value, str) or value.encode() is not None
    for value in values:
        for checked in (imported_story, imported_passage, blocks_from_json):
            with suppress(ContentError):
                checked(value)
    plain = data.partition(b"\n")[0]
    line = b'{"sum":"%08x",%b\n' % (crc32(plain), plain[1:])
    with suppress(ContentError):
        parse_header(line)
    whole = b"".join(dump_changes({Subject(SubjectKind.SEARCH, "rivers"): {QUERY: FieldChange(1, "নদী")}}))
    assert Subject(SubjectKind.SEARCH, "rivers") in read_lines(line + whole, start_lines=1)[0]
    for name in ("feed", "posts", "site", "opml"):
        with suppress(ContentError, ValueError):
            validate_answer(ParserTask(name, "", _ADDRESS, _NOW, "feed"), data)


def _within(value: object) -> Iterator[object]:
    yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _within(each)


def _replies(data: bytes) -> None:
    found = parse_replies(data)
    assert len(found.typed) + len(found.incomplete) <= len(data)
    dice, late, at, out = Random(len(data)), LateReplies(), 0, b""
    while at < len(data):
        step = dice.randint(1, 40)
        out += late.feed(data[at : at + step])
        at += step
    assert len(out + late.release()) <= len(data)


def _boundary(data: bytes) -> None:
    edge = OutputBoundary(SurfaceTable(), KittyEncoder(), WidthBoxes(cell_width))
    sent = edge.translate(data[:_FRAME_BYTES].decode("utf-8", "surrogateescape"))
    sent.encode()
    left = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", "!", _ESCAPES.sub("", sent))
    assert "!" not in left.replace("!", "", data.count(b"!")) and "\x1b" not in left


def _config(folder: Path) -> Run:
    path, language = folder / "config.toml", choose_language("bn", {})

    def run(data: bytes) -> None:
        path.write_bytes(data)
        _, problems = load(path, actions=default_keys())
        assert all(problem.format(language) for problem in problems)

    return run


def _theme(folder: Path) -> Run:
    path = folder / "theme.toml"

    def run(data: bytes) -> None:
        path.write_bytes(data)
        try:
            textual_theme(read_theme(path))
        except UsageError as error:
            assert error.message

    return run


def _choices(folder: Path) -> Run:
    def run(data: bytes) -> None:
        (folder / "choices.json").write_bytes(data)
        Preferences(folder).save(zoom_px=1)
        assert Preferences(folder).values.zoom_px == 1
        for name in ("places.json", "lines.json"):
            (folder / name).write_bytes(data)
        LastPlace(folder, "portal").read()
        InputHistory(folder).add("search", "নদী")
        assert InputHistory(folder).read("search")[-1] == "নদী"

    return run


def _query(library: Library) -> Run:
    feed = parser_worker._TASKS["feed"](ParserTask("feed", "", _ADDRESS, _NOW, "feed"), _recorded("feed-full-p1.body"))
    assert isinstance(feed, ParsedFeed)
    library.save(feed.stories, now=_NOW)

    def run(data: bytes) -> None:
        try:
            library.search.find(data.decode("utf-8", "surrogateescape"), limit=5, now=_NOW)
        except BPostError as error:
            raise AssertionError(error.message) from error

    return run


def _numbered(sent: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """Return texts with numbers in every possible place: lines of a sync folder, an export, a config, the worker's answers."""
    at_us = 1_790_000_000_000_000
    changes = {
        Subject(SubjectKind.STORY, "g", "p"): {"read": FieldChange(at_us, True), "position": FieldChange(at_us, (7, 0.25))},
        Subject(SubjectKind.SEARCH, "s"): {QUERY: FieldChange(at_us, "ক")},
    }
    story = {
        "guid": "g", "title": "খবর", "published": "2026-11-20T00:00:00Z", "tags": ["ক"], "full": True,
        "marks": {"position": {"item": 3, "fraction": 0.5}, "read": {"on": True, "at": "2026-11-20T00:00:00Z"}},
        "blocks": [
            {"kind": "image", "src": "https://a.example/b", "width_px": 8, "height_px": 4},
            {"kind": "heading", "level": 2, "spans": []},
            {"kind": "table", "rows": [[[]]], "merged": [{"row": 0, "column": 0, "rows": 1, "columns": 2}]},
        ],
    }  # fmt: skip
    exported = (json.dumps(story).encode(), json.dumps([story, 1, 2.5]).encode())
    return (
        dump_header(MarksFileHeader("0" * 16, "laptop", "1", 3)),
        *dump_changes(changes),
        *exported,
        b"a = 2\nb = [1, 0x1f, 2.5]",
        *sent,
    )


def _recorded(name: str) -> bytes:
    return (DATA / "portal" / name).read_bytes()


def _short(body: bytes, parts: bytes, most: int) -> bytes:
    """Return a recorded feed with only its first items: ten items of a kind cost time and find nothing new."""
    pieces = body.split(parts)
    return parts.join((*pieces[: most + 1], *pieces[-1:])) if len(pieces) > most + 2 else body


_QUERIES = (
    'tag:Midnapore -"খড়গপুর শহর" or is:unread',
    "medinipur after:7d before:2025-01-01",
    "category:education has:image NEAR(a b)",
    "খড়্গপুর*",
)


@contextmanager
def targets(folder: Path) -> Iterator[dict[str, Target]]:
    """Yield all targets by name; `folder` holds their files, and the searched library is closed at the end."""
    with Library(folder / "library") as library:
        yield {target.name: target for target in _targets(folder, library)}


def _sitemaps() -> tuple[bytes, ...]:
    home = _ADDRESS.removesuffix("/feed")
    entries = (entry(f"{home}/{n}", f"খবর &amp; {n}", more=picture(f"{home}/{n}.png")) for n in range(3))
    index = sitemap_index((f"{home}/news-1.xml", "2026-11-24"), (f"{home}/news-2.xml", ""))
    return news_sitemap(*entries), index, gzip.compress(news_sitemap(entry(f"{home}/1", "<![CDATA[ক]]>")))


def _articles() -> tuple[bytes, ...]:
    """Return pages of articles whose metadata is in JSON-LD, alone and in a graph, with content of all kinds around the text."""
    author = {"@type": "Person", "@id": "#rita", "name": "রিতা সেন"}
    article = {
        "@type": ["NewsArticle", "Thing"],
        "headline": "পাঠাগার",
        "datePublished": "2026-11-24T10:00:00+05:30",
        "author": [{"@id": "#rita"}, "By Amal"],
        "image": [{"@type": "ImageObject", "url": "/1.jpg", "caption": "<b>ঘাট</b>"}],
        "articleSection": "জেলা",
        "keywords": ["ক", "খ"],
        "isAccessibleForFree": "False",
    }
    text = "".join(f"<p>{number} শহরের পুরনো ঘাটের কাছে নতুন পাঠাগার খুলল, জানাল পুরসভা।</p>" for number in range(4))
    body = (
        '<meta property="og:title" content="পাঠাগার | Paper"><meta property="og:site_name" content="Paper"><nav><a href=/>ক</a></nav>'
        f'<h1>জেলা: পাঠাগার</h1><p class="standfirst">{"সারাংশ " * 9}</p><article class="post">{text}<figure><img src=/2.jpg>'
        f"<figcaption>ঘাট</figcaption></figure><ul><li>এক</ul><table><tr><td>১<td>২</table><blockquote>উদ্ধৃতি</blockquote>{text}"
        '<h1>জেলা: পাঠাগার</h1></article><div class="related"><h3><a href=/3>অন্য</a></h3></div>'
    )
    written = (json.dumps(value, ensure_ascii=False) for value in (article, {"@graph": [author, article]}))
    return tuple(f'<script type="application/ld+json">{each}</script>{body}'.encode() for each in written)


def _targets(folder: Path, library: Library) -> Iterator[Target]:
    bodies = {path.name: path.read_bytes() for path in sorted((DATA / "portal").glob("*.body"))}
    feeds = tuple(_short(body, b"<item>", 2) for name, body in bodies.items() if name.startswith("feed"))
    posts = json.dumps(json.loads(bodies["json-posts-10-embed.body"])[:2], ensure_ascii=False).encode()
    json_bodies = (posts, *(body for name, body in bodies.items() if name.startswith("json") and "embed" not in name))
    pages = tuple(body for name, body in bodies.items() if name.startswith(("page", "error")))
    configs = tuple(path.read_bytes() for path in sorted((DATA / "configs").glob("*.toml")))
    themes = tuple(path.read_bytes() for path in sorted(bundled_folder().glob("*.toml")))
    answers = tuple(dialogue.answer for dialogue in DIALOGUES)
    queries = tuple(query.encode() for query in _QUERIES)
    frames = (*answers, b"\x1b[1;1H\x1b[1;38;2;9;9;9mab\x1b[0m\r\n", b"\x1b[?1049h", "\x1b[2;3Hজানিয়েছে│".encode(), *queries)
    sent = tuple(
        wire.dump(("ok", parser_worker._TASKS["feed"](ParserTask("feed", "", _ADDRESS, _NOW, "feed"), body))) for body in feeds[:2]
    )
    choices = (b'{"theme": "night", "zoom_px": 3, "text": {"kitty": "mosaic"}}',)
    yield from (
        Target("feed", feeds, _work("feed")),
        Target("sitemap", _sitemaps(), _work("feed", kind="sitemap")),
        Target("page", (*pages, *_articles()), _work("page", content_type="text/html")),
        Target("posts", json_bodies, _work("posts")),
        Target("categories", json_bodies, _work("categories")),
        Target("html", pages, _html),
        Target("gate", (*queries, *frames, *choices, b"https://portal.example:80/a?b#c"), _gate),
        Target("wire", (*sent, b'[{"kind":"paragraph","spans":[{"text":"a"}]}]'), _wire),
        Target("door", _numbered(sent), _door),
        Target("replies", answers, _replies),
        Target("boundary", frames, _boundary),
        Target("config", configs, _config(folder)),
        Target("theme", themes, _theme(folder)),
        Target("choices", choices, _choices(folder)),
        Target("query", queries, _query(library)),
    )
