"""Search against SQLite's LIKE: a story that has a typed word as a whole word is found, whatever the index makes of the word."""

from __future__ import annotations

import random
import re
import sqlite3
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path

from bpost_tui.demo.sample_edition import load_edition
from bpost_tui.model.blocks import Paragraph, Span, plain_text
from bpost_tui.model.story import ListFilter, Story
from bpost_tui.portal.html.block_parser import parse_blocks
from bpost_tui.store.library import Library

DATA = Path(__file__).parents[2] / "data" / "search"
QUERIES = 2000
_LETTER = "[\\w\u0981-\u09e3\u09f0-\u09fe\u200c\u200d]"
_WORD = re.compile(f"{_LETTER}+(?:['’,:]{_LETTER}+)*")
"""Pattern of a word, with apostrophes (দু’দিন), commas in numbers (১,৫০,০০০), and colons in place of a visarga (নি:শব্দে)."""
_OPERATORS = {"or", "অথবা", "বা"}


def missed(library: Library, words: list[str], now: datetime) -> Iterator[tuple[str, set[int]]]:
    """Yield each word with the stories that have it as a whole word, as LIKE finds them, but that the search doesn't find."""
    texts = {row.id: text_of_story(library, row.id) for row in library.headlines(ListFilter(), limit=100_000)}
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("CREATE TABLE texts (id INTEGER PRIMARY KEY, text TEXT)")
        db.executemany("INSERT INTO texts VALUES (?, ?)", texts.items())
        for word in words:
            like = "%" + re.sub(r"([%_\\])", r"\\\1", word) + "%"
            rows = db.execute("SELECT id FROM texts WHERE text LIKE ? ESCAPE '\\'", (like,))
            wanted = {number for (number,) in rows if _has_word(texts[number], word)}
            assert wanted, word
            if lost := wanted - set(library.search.story_ids(word, now=now)):
                yield word, lost


def text_of_story(library: Library, number: int) -> str:
    """Return headline and text of a story, as they are saved."""
    saved = library.story(number)
    return f"{saved.headline.title}\n{plain_text(saved.blocks)}"


def words_of(texts: Mapping[int, str]) -> list[str]:
    """Return all words of some texts, as they are written, without duplicates."""
    found = dict.fromkeys(word for text in texts.values() for word in _WORD.findall(text))
    return [word for word in found if word.casefold() not in _OPERATORS and any(map(str.isalnum, word))]


def _has_word(text: str, word: str) -> bool:
    return word.casefold() in map(str.casefold, _WORD.findall(text))


def _stories(now: datetime) -> Iterator[Story]:
    """Yield the stories of the sample edition, and the invented ones of the search's tests."""
    for post in load_edition(now).stories:
        yield Story(f"edition {post.id}", post.title, blocks=parse_blocks(post.content("https://one.example"), None), full=True)
    for entry in tomllib.loads((DATA / "stories.toml").read_text(encoding="utf-8"))["story"]:
        yield Story(entry["id"], entry["title"], blocks=(Paragraph((Span(entry["text"]),)),), full=True)
    for number, title in enumerate((DATA / "headlines.txt").read_text(encoding="utf-8").splitlines()):
        yield Story(f"headline {number}", title, full=True)


def test_every_whole_word_that_like_finds_is_found(library: Library, now: datetime) -> None:
    library.save(list(_stories(now)), now=now)
    words = words_of({row.id: text_of_story(library, row.id) for row in library.headlines(ListFilter(), limit=100_000)})
    drawn = random.Random(45).sample(words, min(QUERIES, len(words)))
    assert len(drawn) == QUERIES
    lost = list(missed(library, drawn, now))
    assert lost == [], lost[:20]
