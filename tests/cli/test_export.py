"""Tests of export and import: the files keep to their formats, and no data is lost on the way back."""

from __future__ import annotations

import base64
import io
import json
import os
import pty
import re
import shutil
import sqlite3
import subprocess
import sys
import xml.etree.ElementTree as ET
import zipfile
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bpost_tui.cli.verbs import VERBS
from bpost_tui.store.library import Library
from tests.cli.bpost_process import Bpost
from tests.sample_portal.rss import SITE_NAME
from tests.sample_portal.server import SamplePortal

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "schema" / "story.schema.json").read_text("utf-8"))


@cache
def rules_of(kind: str) -> Draft202012Validator:
    Draft202012Validator.check_schema(SCHEMA)
    return Draft202012Validator({**SCHEMA, "$ref": f"#/$defs/{kind}"})


def follows(value: object, kind: str = "headline") -> None:
    rules_of(kind).validate(value)


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory, reading: Bpost) -> Bpost:
    """Bpost with sixteen stories: one starred, one for later, one read and unread again, one left in the middle."""
    bpost = replace(reading, home=tmp_path_factory.mktemp("marked"))
    shutil.copytree(reading.data, bpost.data)
    for mark, story in (("star", "1"), ("later", "2"), ("read", "3"), ("unread", "3"), ("read", "4")):
        bpost.run("mark", mark, story)
    now = datetime.now(UTC)
    with Library(next(bpost.data.iterdir())) as library:
        library.reading_log.record_opened(5, now=now)
        library.reading_log.save_position(5, 3, 0.25, now=now)
        library.saved_searches.save("court", "হাইকোর্ট", now=now)
    return bpost


def test_json_of_every_verb_follows_the_schema(marked: Bpost) -> None:
    for row in marked.json("list", "-n", "99"):
        follows(row)
    for row in marked.json("search", "নদী"):
        follows(row, "hit")
    for number in range(1, 17):
        follows(marked.json("show", str(number)), "whole")
    library = json.loads(marked.run("export").stdout)
    follows(library, "library")
    assert len(library["stories"]) == 16
    marks = {story["id"]: story["marks"] for story in library["stories"] if story["marks"]}
    assert {number: set(marked_by) for number, marked_by in marks.items()} == {
        1: {"starred"},
        2: {"later"},
        3: {"read"},
        4: {"read"},
        5: {"opened", "position"},
    }
    assert (marks[3]["read"]["on"], marks[4]["read"]["on"]) == (False, True)


@pytest.mark.parametrize("broken", [{"later": 1}, {"published": "yesterday"}, {"link": "javascript:x"}, {"id": None}])
def test_json_schema_rejects_a_wrong_story(reading: Bpost, broken: dict[str, Any]) -> None:
    row = {**reading.json("list", "-n", "1")[0], **broken}
    assert not Draft202012Validator(SCHEMA).is_valid(row)


def test_import_of_an_export_restores_the_library_once(marked: Bpost, tmp_path: Path) -> None:
    file = tmp_path / "library.json"
    assert marked.run("export", "-o", str(file)).stdout == ""
    other = ("--data-dir", str(tmp_path / "other"))
    assert marked.run("import", str(file), *other).stdout == "16 new stories, 0 updated, 5 marked\n"
    before, after = (json.loads(marked.run("export", *where).stdout) for where in ((), other))
    for story in (*before["stories"], *after["stories"]):
        del story["id"]
    assert after["stories"] == before["stories"]
    assert after["searches"] == before["searches"] == [{"name": "court", "query": "হাইকোর্ট"}]
    assert marked.run("import", str(file), *other).stdout == "0 new stories, 0 updated, 0 marked\n"
    assert marked.json("search", "নদী", *other)


def test_import_from_a_pipe_and_of_a_pretty_printed_file_works(marked: Bpost, tmp_path: Path) -> None:
    library = json.loads(marked.run("export", "--starred").stdout)
    command = [sys.executable, "-m", "bpost_tui", "import", "-", "--data-dir", str(tmp_path / "other")]
    pretty = json.dumps(library, indent=4, sort_keys=True).encode("ascii")
    ended = subprocess.run(command, env=marked.environment(), input=pretty, capture_output=True, check=True)
    assert ended.stdout == b"1 new story, 0 updated, 1 marked\n"


@pytest.mark.parametrize("size", [100, 200_000])
def test_import_from_a_pipe_reports_a_full_temporary_folder(bpost: Bpost, tmp_path: Path, size: int) -> None:
    code = (  # each file is cut at half the size, as on a full disk; Python would cut its own byte code without notice, so -B
        f"import resource, sys\nfrom bpost_tui.cli.main import run\nresource.setrlimit(resource.RLIMIT_FSIZE, ({size // 2},) * 2)\n"
        "sys.exit(run(['import', '-']))\n"
    )
    command, env = [sys.executable, "-B", "-c", code], bpost.environment(TMPDIR=str(tmp_path))
    ended = subprocess.run(command, env=env, input=b" " * size, capture_output=True)
    lines = ended.stderr.decode().splitlines()
    assert (ended.returncode, lines[0]) == (5, f"bpost: {tmp_path}: File too large")
    assert "that the disk has space" in lines[1] and len(lines) == 2


def test_narrowed_export_writes_only_matching_stories(marked: Bpost) -> None:
    def ids(*options: str) -> set[int]:
        return {story["id"] for story in json.loads(marked.run("export", *options).stdout)["stories"]}

    assert ids("--starred") == {1}
    assert ids("--later") == {2}
    assert ids("--query", "is:later or is:starred") == {1, 2}
    assert ids("--query", "নদী") == {row["id"] for row in marked.json("search", "নদী", "-n", "99")}
    assert ids("-c", "festival") == {row["id"] for row in marked.json("list", "-c", "festival", "-n", "99")}
    assert marked.run("export", "--starred", "--later", code=1).stdout == ""


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.sources: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.sources += [value or "" for name, value in attrs if name == "src" or (tag == "link" and name == "href")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_html_is_balanced_whole_and_asks_no_server(marked: Bpost) -> None:
    page = marked.run("export", "--format", "html").stdout
    assert page.startswith('<!DOCTYPE html>\n<html lang="bn">')
    tags = Tags()
    tags.feed(re.sub(r"<meta[^>]*/>", "", page))
    assert (tags.open, tags.sources) == ([], [])
    rows = marked.json("list", "-n", "99")
    for row in rows:
        assert row["title"].replace("&", "&amp;").replace("'", "&#x27;") in page
    contents = page[page.index('<nav id="contents">') :]
    assert (
        re.findall('href="#s([0-9]+)"', contents) == [str(row["id"]) for row in rows] == re.findall('<article id="s([0-9]+)"', page)
    )
    assert page.index('href="#contents"') < page.index("<article")


def test_html_and_epub_show_decoded_addresses(saved: Bpost, tmp_path: Path) -> None:
    (path,) = saved.data.glob("*/stories.db")
    link = "https://news.example/%E0%A6%A8%E0%A6%A6%E0%A7%80.html"
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE stories SET link = ? WHERE id = 1", (link,))
    shown = f'<a href="{link}">news.example/নদী.html</a>'
    assert shown in saved.run("export", "--format", "html").stdout
    saved.run("export", "--format", "epub", "-o", str(tmp_path / "book.epub"))
    with zipfile.ZipFile(tmp_path / "book.epub") as book:
        assert any(shown in book.read(name).decode() for name in book.namelist() if name.startswith("EPUB/story-"))


def test_html_and_epub_embed_saved_pictures(bpost: Bpost, edition: SamplePortal, tmp_path: Path) -> None:
    bpost.run("fetch", "--since", "60d", "--images")
    pictures = {
        bytes(file.read_bytes()[28:])
        for file in bpost.data.glob("*/pictures/*.picture")  # after its header
    }
    tags = Tags()
    tags.feed(re.sub(r"<meta[^>]*/>", "", bpost.run("export", "--format", "html").stdout))
    assert len(pictures) == 4 and all(source.startswith("data:image/") for source in tags.sources)
    assert {base64.b64decode(source.partition(",")[2]) for source in tags.sources} == pictures
    bpost.run("export", "--format", "epub", "-o", str(tmp_path / "book.epub"))
    with zipfile.ZipFile(tmp_path / "book.epub") as book:
        package = ET.fromstring(book.read("EPUB/package.opf"))
        items = {item.get("href"): item.get("media-type") or "" for item in package.iter("{http://www.idpf.org/2007/opf}item")}
        listed = [name for name, kind in items.items() if kind.startswith("image/")]
        assert {book.read(f"EPUB/{name}") for name in listed} == pictures
        shown = "".join(book.read(name).decode() for name in book.namelist() if name.startswith("EPUB/story-"))
        assert all(f'<img src="{name}"' in shown for name in listed)


@pytest.mark.parametrize(("form", "title"), [("html", "<h1>{}</h1>"), ("markdown", "# {}")])
def test_export_is_headed_by_the_portals_own_name(marked: Bpost, form: str, title: str) -> None:
    assert title.format(SITE_NAME) in marked.run("export", "--format", form).stdout


def test_export_takes_the_filters_of_list_but_three() -> None:
    of_list, of_export = ({flag for option in VERBS[verb].options for flag in option.flags} for verb in ("list", "export"))
    assert of_list - of_export == {"--muted", "--since", "-n", "--json"}


def test_markdown_has_every_headline(marked: Bpost) -> None:
    text = marked.run("export", "--format", "markdown").stdout
    assert text == marked.run("export", "--format", "md").stdout
    assert text.count("\n## ") == 16
    assert "<script" not in text


def test_epub_container_follows_the_standard(marked: Bpost, tmp_path: Path) -> None:
    file = tmp_path / "book.epub"
    marked.run("export", "--format", "epub", "-o", str(file))
    with zipfile.ZipFile(file) as book:
        first = book.infolist()[0]
        assert (first.filename, first.compress_type, first.extra) == ("mimetype", zipfile.ZIP_STORED, b"")
        assert file.read_bytes()[30:58] == b"mimetypeapplication/epub+zip"
        assert book.testzip() is None
        pages = {name: ET.fromstring(book.read(name)) for name in book.namelist() if name.endswith((".xhtml", ".opf", ".xml"))}
    opf = "{http://www.idpf.org/2007/opf}"
    package = pages["EPUB/package.opf"]
    items = {item.get("id"): item.get("href") for item in package.iter(f"{opf}item")}
    spine = [items[ref.get("idref")] for ref in package.iter(f"{opf}itemref")]
    assert len(spine) == 16
    assert {f"EPUB/{name}" for name in items.values()} <= {*pages, "EPUB/style.css"}
    xhtml = "{http://www.w3.org/1999/xhtml}"
    assert [link.get("href") for link in pages["EPUB/nav.xhtml"].iter(f"{xhtml}a")] == spine
    assert all(page.get("lang") == "bn" for name, page in pages.items() if name.endswith(".xhtml"))
    piped = subprocess.run(
        [sys.executable, "-m", "bpost_tui", "export", "--format", "epub"], env=marked.environment(), capture_output=True, check=True
    )
    assert zipfile.is_zipfile(io.BytesIO(piped.stdout))


def test_epub_to_a_terminal_is_refused(reading: Bpost) -> None:
    controller, terminal = pty.openpty()
    command = [sys.executable, "-m", "bpost_tui", "export", "--format", "epub"]
    ended = subprocess.run(command, env=reading.environment(), stdout=terminal, stderr=subprocess.PIPE)
    os.close(terminal)
    os.close(controller)
    assert ended.returncode == 2 and b"-o FILE" in ended.stderr


def test_failed_export_keeps_the_old_file(reading: Bpost, tmp_path: Path) -> None:
    file = tmp_path / "old.json"
    file.write_text("precious")
    file.chmod(0o640)
    reading.run("export", "--query", "xyzzyxyzzy", "-o", str(file), code=1)
    assert file.read_text() == "precious"
    assert "there is no such folder" in reading.run("export", "-o", str(tmp_path / "no" / "such"), code=5).stderr
    reading.run("export", "-o", str(file))
    assert file.stat().st_mode & 0o777 == 0o640 and json.loads(file.read_text("utf-8"))["version"] == 1
    reading.run("export", "-o", "/dev/null")
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []


def test_export_through_another_users_link_is_refused(reading: Bpost, tmp_path: Path) -> None:
    sticky, target = tmp_path / "sticky", tmp_path / "bashrc"
    sticky.mkdir(mode=0o1777)
    target.write_text("mine")
    (sticky / "news.html").symlink_to(target)
    reading.run("export", "--format", "html", "-o", str(sticky / "news.html"))
    assert target.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")  # the reader's own links remain links
    target.write_text("mine")
    if os.geteuid() == 0:  # otherwise no file could be linked there
        os.chown(sticky / "news.html", 1000, 1000, follow_symlinks=False)
        refused = reading.run("export", "--format", "html", "-o", str(sticky / "news.html"), code=5)
        assert "another user made this link" in refused.stderr
        assert target.read_text() == "mine"


@pytest.mark.parametrize("form", ["json", "markdown", "html"])
def test_export_of_tampered_rows_contains_no_active_content(saved: Bpost, form: str) -> None:
    (path,) = saved.data.glob("*/stories.db")
    blocks = [
        {"kind": "paragraph", "spans": [{"text": "\x1b]0;x\x07‮text", "link": "javascript:alert(1)"}]},
        {"kind": "image", "src": "data:text/html,<script>alert(1)</script>"},
    ]
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(
            "UPDATE stories SET link = 'javascript:alert(1)><script>', author = '<b>' || char(8238), title = char(27) || '[2J'"
        )
        db.execute("UPDATE texts SET blocks = ?", (json.dumps(blocks),))
        db.execute("UPDATE stories SET tags = json_array(char(27) || 'x')")
        db.execute("UPDATE lists SET name = char(27) || '[2J' || char(8238)")
    with closing(sqlite3.connect(path.with_name("reader.db"))) as db, db:
        db.execute("INSERT INTO saved_searches (name, query, saved_us) VALUES (char(8238) || 'x', char(27) || 'y', 0)")
    saved.run("export", "--format", form, "-o", f"{saved.home}/out")  # to a file, since output to a terminal is sanitized again
    text = (saved.home / "out").read_text(encoding="utf-8")
    text = json.dumps(json.loads(text), ensure_ascii=False).replace("\\u001b", "\x1b") if form == "json" else text
    assert [part for part in ("javascript:", "data:text", "\x1b", "\u202e", "<script") if part in text] == []
