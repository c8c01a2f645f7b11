"""Tests of the digest: the stories published since yesterday, by category."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bpost_tui.cli.export.digest import _by_category
from bpost_tui.cli.export.markdown import escape_markdown
from bpost_tui.i18n import Language
from bpost_tui.model.story import ListFilter
from bpost_tui.store.library import Library
from tests.cli.bpost_process import Bpost

NUMBER = re.compile(r"(?m)^ *([0-9]+) [ ●]")


def published_since(bpost: Bpost, age: timedelta) -> list[dict[str, Any]]:
    return [row for row in bpost.json("list", "-n", "100") if datetime.fromisoformat(row["published"]) > datetime.now(UTC) - age]


def test_digest_lists_each_story_of_the_last_day_once(reading: Bpost) -> None:
    rows = published_since(reading, timedelta(days=1))
    title, *parts = reading.run("digest").stdout.split("\n\n")
    assert re.fullmatch(r".+\n\w+ \d+ \w+ \d{4} · \d+ new since yesterday \d\d:\d\d IST", title)
    assert sorted(int(number) for part in parts for number in NUMBER.findall(part)) == sorted(row["id"] for row in rows)
    heads = [re.sub(r" \(\d+\)$", "", part.partition("\n")[0]) for part in parts]
    assert len(set(heads)) == len(heads)
    for head, part in zip(heads, parts, strict=True):
        for number in NUMBER.findall(part):
            (row,) = (row for row in rows if row["id"] == int(number))
            assert head == row["categories"][0]["name"]
    order = [line.split("  ")[-1] for line in reading.run("categories").stdout.splitlines()]
    assert heads == sorted(heads, key=order.index)


def test_digest_takes_since_and_query(reading: Bpost) -> None:
    week = published_since(reading, timedelta(days=7))
    assert (
        len(NUMBER.findall(reading.run("digest", "--since", "7d").stdout))
        == len(week)
        > len(published_since(reading, timedelta(days=1)))
    )
    found = {row["id"] for row in reading.json("search", "কলকাতা", "-n", "100")} & {row["id"] for row in week}
    assert {int(number) for number in NUMBER.findall(reading.run("digest", "--since", "7d", "-q", "কলকাতা").stdout)} == found
    assert reading.run("digest", "-q", "xyzzyxyzzy", code=1).stderr == "bpost: Nothing found\n"
    assert "after:xyz" in reading.run("digest", "--since", "60d", "-q", "নদী after:xyz").stderr


def test_digest_puts_unread_first_and_omits_muted(saved: Bpost) -> None:
    rows = saved.json("list", "-n", "100")
    first = next(row for row in rows if sum(row["categories"][:1] == other["categories"][:1] for other in rows) > 1)
    saved.run("mark", "read", str(first["id"]))
    text = saved.run("digest", "--since", "60d").stdout
    (part,) = (part for part in text.split("\n\n")[1:] if str(first["id"]) in NUMBER.findall(part))
    assert NUMBER.findall(part)[-1] == str(first["id"])
    saved.config.write_text('[mute]\ncategories = "festival"\n', encoding="utf-8")
    kept = [row for row in rows if all(place["slug"] != "festival" for place in row["categories"])]
    assert len(NUMBER.findall(saved.run("digest", "--since", "60d").stdout)) == len(kept) < len(rows)
    assert len(NUMBER.findall(saved.run("digest", "--since", "60d", "--muted").stdout)) == len(rows)


def test_digest_as_html_and_epub_has_a_table_of_contents(reading: Bpost, tmp_path: Path) -> None:
    heads = [re.sub(r" \(\d+\)$", "", part.partition("\n")[0]) for part in reading.run("digest").stdout.split("\n\n")[1:]]
    page = reading.run("digest", "--format", "html").stdout
    root = ET.fromstring(re.sub(r"<meta[^>]*>|<!DOCTYPE html>", "", page))
    assert [part.findtext("h2") for part in root.iter("section")] == heads
    assert all(part.findall("article/h3") for part in root.iter("section"))
    linked = {link.get("href") for link in root.iter("a")}
    assert {f"#{part.get('id')}" for kind in ("section", "article") for part in root.iter(kind)} <= linked
    book = tmp_path / "news.epub"
    reading.run("digest", "--format", "epub", "-o", str(book))
    with zipfile.ZipFile(book) as archive:
        contents = ET.fromstring(archive.read("EPUB/nav.xhtml"))
        inside = "{http://www.w3.org/1999/xhtml}"
        assert [part.text for part in contents.iter(f"{inside}span")] == heads
        linked = {link.get("href") for link in contents.iter(f"{inside}a")}
        assert {name.removeprefix("EPUB/") for name in archive.namelist() if "story-" in name} == linked
    reading.run("digest", "--format", "markdown", "-o", str(tmp_path / "news.md"))
    assert re.findall("(?m)^## (.*)", (tmp_path / "news.md").read_text("utf-8")) == list(map(escape_markdown, heads))


@pytest.mark.parametrize("language", ["en", "bn"])
def test_stories_without_a_category_come_last(reading: Bpost, language: str) -> None:
    with Library(next(reading.data.iterdir()), read_only=True) as library:
        rows = library.headlines(ListFilter(), limit=4)
    bare = rows[0]._replace(categories=())
    parts = _by_category([bare, *rows[1:]], [place.slug for row in rows for place in row.categories], Language(language))
    assert parts[-1] == ({"en": "Other stories", "bn": "অন্যান্য খবর"}[language], [bare])
