"""Limits of promise P7 without another test: each gets more than it allows. The numbers are repeated here on purpose."""

from __future__ import annotations

import io
import json
import os
from contextlib import nullcontext
from itertools import islice, repeat
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest

from bpost_tui.cli import import_ as import_verb
from bpost_tui.cli import import_validation
from bpost_tui.config.value_types import as_names
from bpost_tui.core.state.state_file import StateFile
from bpost_tui.errors import ContentError, PortalError
from bpost_tui.model.blocks import Blocks, Image, ListBlock, Quote, Span
from bpost_tui.model.exported_story import ImportedStory
from bpost_tui.model.paper import paper_at
from bpost_tui.model.sanitize import clean_blocks
from bpost_tui.model.story import Story
from bpost_tui.model.story_fields import clean_story
from bpost_tui.portal.feed.opml_parser import parse_opml
from bpost_tui.portal.feed.sanitize_xml import sanitize_xml
from bpost_tui.portal.html.sanitize_html import sanitize_html
from bpost_tui.portal.http import client as client_module
from bpost_tui.portal.http.client import HttpClient
from tests.conftest import NOW
from tests.marks_lines import read_lines

SPANS = (Span("ক"),)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ((Quote((SPANS,) * 1001),), (Quote((SPANS,) * 1000),)),
        ((ListBlock(((0, SPANS),) * 1001),), (ListBlock(((0, SPANS),) * 1000),)),
        ((ListBlock(((9, SPANS),)),), (ListBlock(((8, SPANS),)),)),
    ],
    ids=["paragraphs of a quote", "items of a list", "levels of a list"],
)
def test_too_long_block_is_cut(given: Blocks, kept: Blocks) -> None:
    assert clean_blocks(given) == kept


def test_too_long_texts_beside_a_story_are_cut() -> None:
    story = clean_story(Story("1", "ক", excerpt="x" * 601, blocks=(Image("https://one.example/a.png", "x" * 4001),)))
    (picture,) = story.blocks
    assert isinstance(picture, Image)
    assert (len(story.excerpt), len(picture.alt)) == (600, 4000)


@pytest.mark.parametrize(
    ("inside", "counted", "most"),
    [
        ("<b/>" * 400_001, "<b/>", 400_000),
        ("<item>" + "<category>x</category>" * 201, "<category>", 200),
        ("".join(f'<a xmlns:n="http://{number}.example/"/>' for number in range(101)), "<a xmlns", 100),
        ("<title>" + "ক" * 4097 + "</title>", "ক", 4096),
        ("<text>" + "ক" * 2_000_001 + "</text>", "ক", 2_000_000),
    ],
    ids=["tokens", "elements of one name in an item", "namespaces", "a title", "any other text"],
)
def test_too_long_feed_is_cut(inside: str, counted: str, most: int) -> None:
    begun = "<rss><channel>"
    ended = "</item></channel></rss>" if "<item>" in inside else "</channel></rss>"
    xml, _ = sanitize_xml(begun + inside + ended)
    assert 0 < xml.count(counted) <= most


def test_page_with_too_many_tags_is_cut() -> None:
    assert 0 < sanitize_html("x<br>" * 100_001).count("<br>") <= 100_000


def test_too_long_attribute_is_cut_or_dropped() -> None:
    for quote in ('"', ""):
        assert len(sanitize_html(f"<a href={quote}https://one.example/{'x' * 5000}{quote}>ক</a>")) < 4096 + 100


def test_too_large_state_file_is_ignored(tmp_path: Path) -> None:
    (tmp_path / "state.json").write_text('{"a": 1}' + " " * (16 << 20), encoding="utf-8")
    assert StateFile(tmp_path / "state.json").read() == {}


# ── files of the reader or of others ────────────────────────────────────────


def exported(**members: object) -> io.BytesIO:
    """Return a file as `export` writes it."""
    return io.BytesIO(json.dumps({"format": "bpost-library", "version": 1, **members}).encode())


def file_to_import(file: io.BytesIO) -> import_verb._File:
    subscriptions = SimpleNamespace(papers=(), first=paper_at("https://one.example"))
    return import_verb._File(file, SimpleNamespace(subscriptions=subscriptions))  # type: ignore[arg-type]


def test_passages_beyond_the_limit_are_not_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_verb, "_passage", lambda _: None)  # reading them takes eight seconds
    found = file_to_import(exported(passages=[0] * 100_001))
    assert not [*found.stories()]
    assert len(found.passages) == 100_000


def test_file_with_more_than_a_million_stories_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    story = import_validation.imported_story({"guid": "1", "title": "ক"})
    monkeypatch.setattr(import_verb, "_parse_or_refuse", lambda *_: (story, None))  # reading them takes minutes
    stories = file_to_import(exported())._stories(SimpleNamespace(elements=lambda: repeat(0, 1_000_001)))  # type: ignore[arg-type]
    assert sum(1 for _ in islice(stories, 1_000_000)) == 1_000_000
    with pytest.raises(ContentError, match="million"):
        next(stories)


def test_revisions_beyond_the_limit_are_not_imported() -> None:
    revision = {"replaced": "2026-11-24T06:30:00Z", "title": "ক", "blocks": []}
    story: ImportedStory = import_validation.imported_story({"guid": "1", "title": "ক", "revisions": [revision] * 1001})
    assert len(story.revisions) == 1000


def test_pipe_with_more_than_a_gigabyte_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class Pipe:
        """Endless pipe."""

        def fileno(self) -> int:
            return near

        def read(self, size: int) -> bytes:
            return bytes(size)

    class Copy:
        """Temporary file that counts bytes, and keeps none."""

        count = 0

        def write(self, data: bytes) -> None:
            self.count += len(data)

        def tell(self) -> int:
            return self.count

    copy, (near, far) = Copy(), os.pipe()
    monkeypatch.setattr(import_verb, "stdin_bytes", lambda: nullcontext(Pipe()))
    monkeypatch.setattr("tempfile.TemporaryFile", lambda: nullcontext(copy))
    with pytest.raises(ContentError, match="more than"), import_verb._opened("-"):
        pass
    assert 1 << 30 < copy.count <= (1 << 30) + (1 << 16)
    os.close(near)
    os.close(far)


def test_paper_has_at_most_twenty_groups() -> None:
    names = [f"{number}" for number in range(21)]
    with pytest.raises(ValueError, match="20"):
        as_names(names)
    outline = '<outline xmlUrl="https://one.example/feed" category="{}"/>'.format(",".join(f"/{name}" for name in names))
    (feed,) = parse_opml(f"<opml><body>{outline}</body></opml>".encode()).feeds
    assert feed.groups == tuple(names[:20])


def test_marks_file_is_read_up_to_two_million_lines() -> None:
    _, reading = read_lines(b"x\n" * 3, start_lines=1_999_998)
    assert reading.fault_count == 2


# ── a portal's addresses ────────────────────────────────────────────────────


async def test_at_most_four_addresses_of_a_host_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    class Refusing(httpx.AsyncBaseTransport):
        """Transport whose connections are all refused."""

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            tried.append(request.url.host)
            raise httpx.ConnectError("refused")

    async def resolved(*_: object) -> tuple[str, ...]:
        return tuple(f"93.184.215.{number}" for number in range(9))

    monkeypatch.setattr(client_module, "_resolve", resolved)
    monkeypatch.setattr(client_module, "RETRY_PAUSE_S", 0.0)
    client = HttpClient("https://one.example", clock=lambda: NOW)
    monkeypatch.setattr(client, "_transport", lambda *_: Refusing())
    with pytest.raises(PortalError):
        await client.fetch("https://one.example/feed", "feed")
    await client.aclose()
    assert sorted(set(tried)) == [f"93.184.215.{number}" for number in range(4)]
