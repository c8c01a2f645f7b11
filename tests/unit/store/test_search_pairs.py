"""Table of queries with the stories that they must and must not find, over a fixed set of short stories."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bpost_tui.bengali.normalise import words
from bpost_tui.model.blocks import Paragraph, Span
from bpost_tui.model.story import Category, Story
from bpost_tui.store.library import Library

DATA = Path(__file__).parents[2] / "data" / "search"
NOW = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)


def pairs() -> Iterator[tuple[str, set[str], set[str]]]:
    for line in (DATA / "pairs.txt").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            query, found, not_found = line.split("|")
            unescaped = re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), query.strip())
            yield unescaped, set(found.split()), set(not_found.split())


def stories() -> Iterator[Story]:
    entries = tomllib.loads((DATA / "stories.toml").read_text(encoding="utf-8"))["story"]
    for number, entry in enumerate(entries):
        yield Story(
            guid=entry["id"],
            title=entry["title"],
            author=entry.get("author", "News Desk"),
            published=NOW - timedelta(hours=number),
            categories=tuple(Category(slug, slug.replace("-", " ").title()) for slug in entry["categories"]),
            tags=tuple(entry.get("tags", ())),
            blocks=(Paragraph((Span(entry["text"]),)),),
            image="https://thebengalpost.net/picture.jpg" if entry.get("image") else None,
            full=True,
        )


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with Library(tmp_path_factory.mktemp("search")) as library:
        library.save(list(stories()), now=NOW)
        yield library


def test_search_table_is_large_and_names_only_known_stories() -> None:
    known = {story.guid for story in stories()}
    assert len(known) >= 40
    assert sum(len(found) + len(not_found) for _, found, not_found in pairs()) >= 150
    assert set().union(*(found | not_found for _, found, not_found in pairs())) <= known


@pytest.mark.parametrize(("query", "found", "not_found"), list(pairs()), ids=lambda value: value if isinstance(value, str) else "")
def test_query_finds_exactly_its_expected_stories(read: Library, query: str, found: set[str], not_found: set[str]) -> None:
    result = read.search.find(query, limit=100, now=NOW)
    guids = {hit.headline.guid for hit in result.hits}
    assert result.problem is None
    assert found <= guids, (found - guids, result.interpretation)
    assert not not_found & guids, (not_found & guids, result.interpretation)
    assert read.search.count(query, now=NOW) == len(guids) == len(result.hits)


@pytest.mark.parametrize(
    ("query", "reading"),
    [
        ("medinipur hospital", "মেদিনীপুর হাসপাতাল"),
        ("kolkata high court", "কলকাতা হাইকোর্ট"),
        ("kharagpur -train", "খড়\u09cdগপুর"),
        ("mamata banerjee", "মমতা বন্দ\u09cdযোপাধ্যায়"),
        ("calcutta বৃষ্টি", "কলকাতা বৃষ্টি"),
        ("mamata or abhishek", "মমতা or অভিষেক"),
        ('mamata "School" category:health', 'মমতা "School" category:health'),
        ("শালবনী", "শালবনি"),
        ("কলকাতা", ""),
        ('"kolkata"', ""),
        ("is:unread", ""),
    ],
)
def test_interpretation_names_the_read_words(read: Library, query: str, reading: str) -> None:
    assert words(read.search.find(query, limit=1, now=NOW).interpretation) == words(reading)
    assert bool(read.search.find(query, limit=1, now=NOW).interpretation) == bool(reading)


# ── typical queries among headlines ──


def lines(name: str) -> list[str]:
    text = (DATA / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


@pytest.fixture(scope="module")
def headlines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with Library(tmp_path_factory.mktemp("headlines")) as library:
        stories = [
            Story(guid=title, title=title, published=NOW - timedelta(hours=at), blocks=(Paragraph((Span(title),)),), full=True)
            for at, title in enumerate(lines("headlines.txt"))
        ]
        library.save(stories, now=NOW)
        yield library


@pytest.mark.parametrize("line", lines("typed.txt"))
def test_found_headlines_match_the_meaning(headlines: Library, line: str) -> None:
    typed, wanted = (unicodedata.normalize("NFC", part) for part in line.split(" | "))
    meant, *others = wanted.split(" & ")
    found = [unicodedata.normalize("NFC", hit.headline.title) for hit in headlines.search.find(typed, limit=100, now=NOW).hits]
    for pattern in (meant, *others):
        if pattern.startswith("!"):
            assert not [title for title in found if re.search(pattern[1:], title) and not re.search(meant, title)]
        else:
            assert any(re.search(pattern, title) for title in found), found
