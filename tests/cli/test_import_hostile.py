"""Tests of importing files that are no export, or a hostile one: one clear line, and an unchanged library."""

from __future__ import annotations

import io
import json
import os
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bpost_tui.cli.export.library_json import VERSION
from bpost_tui.cli.import_ import _File
from bpost_tui.cli.shared.command_context import CommandContext
from bpost_tui.config import Settings
from bpost_tui.core.lists.subscriptions import select_papers
from bpost_tui.limits import MAX_PAPERS, MAX_SEARCHES
from bpost_tui.model.sanitize import MAX_NAME_CHARS
from bpost_tui.model.story import ListFilter
from bpost_tui.store.library import Library
from bpost_tui.urls import portal_key
from tests.cli.bpost_process import Bpost

HEAD = {"format": "bpost-library", "version": 1, "stories": []}
GOOD = {"guid": "g", "title": "খবর", "published": "2026-11-20T00:00:00Z"}


def library(story: object, **head: object) -> bytes:
    """Return an exported library with `story` as its second story."""
    return json.dumps({**HEAD, "stories": [GOOD, story], **head}).encode("utf-8", "surrogatepass")


def with_field(name: str, value: object) -> bytes:
    return library({**GOOD, name: value})


BAD: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "text": lambda: b"This is no library.\n" * 500,
    "zeros": lambda: bytes(100_000),
    "not utf-8": lambda: b'{"format": "\xff\xfe"}',
    "utf-16": lambda: json.dumps(HEAD).encode("utf-16"),
    "a list": lambda: b"[]",
    "a number": lambda: b"1" * 5000,
    "broken off": lambda: library(GOOD)[:-20],
    "followed by more": lambda: library(GOOD) + b"{}",
    "another program's": lambda: b'{"stories": []}',
    "newer": lambda: library(GOOD, version=VERSION + 1),
    "version text": lambda: library(GOOD, version="1"),
    "deep": lambda: b'{"stories": [' + b"[" * 200_000,
    "deep story": lambda: library(GOOD)[:-2] + b"," + b'{"a":' * 100_000,
    "long number": lambda: b'{"version": ' + b"9" * 10_000 + b"}",
    "endless fraction": lambda: with_field("marks", {"position": {"item": 1, "fraction": 10**400}}),
    "endless item": lambda: with_field("marks", {"position": {"item": 10**400, "fraction": 0.5}}),
    "infinite fraction": lambda: with_field("marks", {"position": {"item": 1, "fraction": float("inf")}}),
    "nan": lambda: b'{"format": NaN}',
    "huge string": lambda: b'{"format": "' + b"a" * (40 << 20) + b'"}',
    "control in a string": lambda: b'{"format": "bpost\x1b[31m"}',
    "papers an object": lambda: library(GOOD, papers={"key": "a"}),
    "paper a text": lambda: library(GOOD, papers=["https://example.org"]),
    "paper without a key": lambda: library(GOOD, papers=[{"address": "https://example.org"}]),
    "paper at a file": lambda: library(GOOD, papers=[{"key": "a", "address": "file:///etc/passwd"}]),
    "paper with a password": lambda: library(GOOD, papers=[{"key": "a", "address": "https://me:word@example.org"}]),
    "paper of a long name": lambda: library(GOOD, papers=[{"key": "a", "address": f"https://{'a' * 300}.org"}]),
    "many papers": lambda: library(GOOD, papers=[{"key": f"{n}", "address": "example.org"} for n in range(MAX_PAPERS + 1)]),
    "story of no paper": lambda: library({**GOOD, "paper": "b"}, papers=[{"key": "a", "address": "https://example.org"}]),
    "story of a list": lambda: library({**GOOD, "paper": ["a"]}, papers=[{"key": "a", "address": "https://example.org"}]),
    "stories an object": lambda: library(GOOD, stories={"a": 1}),
    "story a list": lambda: library([]),
    "story null": lambda: library(None),
    "no guid": lambda: library({"title": "x"}),
    "empty guid": lambda: with_field("guid", "\x00\u200b"),
    "long guid": lambda: with_field("guid", "g" * 10_000),
    "title a number": lambda: with_field("title", 5),
    "published a number": lambda: with_field("published", 1e300),
    "published nonsense": lambda: with_field("published", "9" * 10_000),
    "published without a zone": lambda: with_field("published", "2026-11-20T00:00:00"),
    "published before the epoch": lambda: with_field("published", "0001-01-01T00:00:00Z"),
    "categories text": lambda: with_field("categories", "health"),
    "category text": lambda: with_field("categories", ["health"]),
    "tag a number": lambda: with_field("tags", [1]),
    "unknown block": lambda: with_field("blocks", [{"kind": "script", "text": "x"}]),
    "spans text": lambda: with_field("blocks", [{"kind": "paragraph", "spans": "x"}]),
    "negative depth": lambda: with_field("blocks", [{"kind": "list", "items": [{"depth": -1, "spans": []}]}]),
    "full text": lambda: with_field("full", "yes"),
    "marks a list": lambda: with_field("marks", [1]),
    "mark without a time": lambda: with_field("marks", {"read": {"on": True}}),
    "mark a number": lambda: with_field("marks", {"read": 1}),
    "position nan": lambda: with_field("marks", {"position": {"item": 1, "fraction": "x"}}),
    "revision without a time": lambda: with_field("revisions", [{"title": "x", "blocks": []}]),
    "search without a query": lambda: library(GOOD, searches=[{"name": "x"}]),
}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Bpost:
    """Bpost whose library has one story, starred."""
    bpost = Bpost(tmp_path_factory.mktemp("kept"), "https://thebengalpost.net")
    file = bpost.home / "good.json"
    file.write_bytes(library({**GOOD, "guid": "own", "marks": {"starred": {"on": True, "at": "2026-11-21T00:00:00Z"}}}))
    bpost.run("import", str(file))
    return bpost


def everything(bpost: Bpost) -> object:
    with Library(next(bpost.data.iterdir())) as library:
        numbers = [row.id for row in library.headlines(ListFilter(), limit=9)]
        return library.import_export.export(numbers), library.saved_searches.all(), library.categories()


@pytest.mark.parametrize("name", BAD)
def test_import_of_a_bad_file_is_refused_in_one_line(kept: Bpost, tmp_path: Path, name: str) -> None:
    before = everything(kept)
    file = tmp_path / "bad.json"
    file.write_bytes(BAD[name]())
    result = kept.run("import", str(file), code=4)
    assert result.stdout == ""
    assert result.stderr.startswith(f"bpost: {file}: ")
    assert len(result.stderr.splitlines()) <= 2 and len(result.stderr) < 600 and "\x1b" not in result.stderr
    assert everything(kept) == before


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("story a list", "একটি খবর: থাকার কথা JSON অবজেক্ট, আছে তালিকা"),
        ("no guid", "'guid' নেই"),
        ("long guid", "guid খালি, কিংবা ২,৫৬১ অক্ষরের বেশি লম্বা"),
        ("title a number", "'title': থাকার কথা লেখা, আছে পূর্ণসংখ্যা"),
        ("published nonsense", "'published' ঠিকঠাক তারিখ ও সময় নয়"),
        ("tag a number", "একটি ট্যাগ: থাকার কথা লেখা, আছে পূর্ণসংখ্যা"),
        ("unknown block", "লেখার অংশটি কী ধরনের, বোঝা গেল না: 'script'"),
        ("negative depth", "তালিকার একটি ধাপ অসম্ভব গভীর (-1)"),
        ("mark without a time", "'read' চিহ্নটির সময় লেখা নেই"),
        ("position nan", "'fraction' সংখ্যা নয়"),
    ],
)
def test_import_error_is_reported_in_bengali(kept: Bpost, tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "in.json").write_bytes(BAD[name]())
    done = kept.run("import", str(tmp_path / "in.json"), code=4, LANG="bn_IN.UTF-8")
    assert done.stderr == f"bpost: {tmp_path / 'in.json'}: খবর ২: {message}\n"


def test_import_of_folder_or_missing_file_is_refused(kept: Bpost, tmp_path: Path) -> None:
    assert "Is a directory" in kept.run("import", str(tmp_path), code=2).stderr
    assert "No such file" in kept.run("import", str(tmp_path / "none"), code=2).stderr
    other = tmp_path / "other.json"
    other.write_bytes(library(GOOD, portal="https://example.org"))
    assert "https://example.org" in kept.run("import", str(other), code=2).stderr
    if os.geteuid():
        other.chmod(0)
        assert "denied" in kept.run("import", str(other), code=2).stderr


def test_import_limits_the_memory_for_saved_searches() -> None:
    many = library(GOOD, searches=[{"name": str(number), "query": f"{number} " * 200} for number in range(20_000)])
    context = cast(CommandContext, SimpleNamespace(subscriptions=select_papers(Settings())))
    file = _File(io.BytesIO(many), context)
    tracemalloc.start()
    assert len(list(file.stories())) == 2
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(file.searches) == MAX_SEARCHES
    assert peak_bytes < 12 << 20 < len(many)


def test_import_sanitizes_every_string(tmp_path: Path) -> None:
    bpost = Bpost(tmp_path, "https://thebengalpost.net")
    evil = "খবর\x1b]0;x\x07\u202e\x00\ud800 [b]x[/b]" + "ক" + "\u09c1" * 50
    spans: list[dict[str, Any]] = [{"text": evil, "bold": True, "link": "javascript:alert(1)"}]
    story = {
        "guid": "h\x1b",
        "title": evil * 50,
        "link": "file:///etc/passwd",
        "author": evil,
        "published": "2999-01-01T00:00:00Z",
        "categories": [{"slug": evil, "name": evil}],
        "tags": [evil],
        "excerpt": evil,
        "image": "data:x",
        "blocks": [
            {"kind": "paragraph", "spans": spans},
            {"kind": "list", "items": [{"depth": 10**12, "spans": spans}]},
            {"kind": "heading", "level": 10**12, "spans": spans},
            {"kind": "table", "rows": [[spans] * 30] * 300},
            {"kind": "image", "src": "javascript:x"},
            {"kind": "preformatted", "text": evil},
        ],
        "full": True,
        "marks": {"starred": {"on": True, "at": "2999-01-01T00:00:00Z"}, "position": {"item": -5, "fraction": 7}},
    }
    file = tmp_path / "evil.json"
    file.write_bytes(library(story))
    bpost.run("import", str(file))
    (imported,) = (each for each in json.loads(bpost.run("export").stdout)["stories"] if each["guid"] == "h")
    assert (imported["link"], imported["image"], imported["starred"]) == (None, None, True)
    assert imported["published"] < "2999" and imported["marks"]["starred"]["at"] < "2999"
    assert imported["marks"]["position"] == {"item": 0, "fraction": 1.0}
    text = json.dumps(imported, ensure_ascii=False)
    assert not any(char in text for char in "\x1b\x07\u202e\x00\ud800") and "\\u00" not in text and "javascript" not in text
    assert "[b]x[/b]" in text and len(imported["title"]) <= 300
    for name in ("markdown", "html", "epub"):
        bpost.run("export", "--format", name, "-o", str(tmp_path / name))


def test_import_identifies_a_paper_by_its_address(kept: Bpost, tmp_path: Path) -> None:
    ours = json.loads(kept.run("export").stdout)["papers"][0]
    # a stranger's stories, in a file that gives their paper the key of our paper
    papers = [
        {"key": ours["key"], "address": "https://elsewhere.example/feed?x=1", "name": "চোর\x1b[31m" + "ক" * 999},
        {"key": "own", "address": ours["address"], "name": "other"},
    ]
    file = tmp_path / "stranger.json"
    file.write_bytes(library({**GOOD, "guid": "theirs", "paper": ours["key"]}, papers=papers, version=2))
    result = kept.run("import", str(file), "--offline").stderr
    assert "1 story saved" in result and "bpost portals add https://elsewhere.example/feed?x=1" in result and "\x1b" not in result
    assert "theirs" not in {row["guid"] for row in kept.json("list", "-n", "99")}
    there = kept.json("list", "--portal", "https://elsewhere.example/feed?x=1")
    assert [(row["guid"], row["paper"]) for row in there] == [("theirs", portal_key("https://elsewhere.example/feed?x=1"))]
    assert len(there[0]["paper_name"]) <= MAX_NAME_CHARS and kept.json("list")[0]["paper_name"] != "other"
