"""Generator of libraries of any size with invented but plausible Bengali news: the same seed gives the same library.

    python tests/benchmarks/generate_library.py FOLDER [-n STORIES] [--seed N] [--measure]

Words follow Zipf's law: real function words, nouns, names and places first, then invented words of Bengali syllables, so that the
vocabulary grows with the library as a newspaper's does. Nouns take case endings, stories the lengths, datelines, tags and
categories of the portal's. `--measure` searches the library afterwards, and prints medians and the size of the file.

A library with more than 100,000 stories repeats its 100,000 texts with earlier years: each word is as frequent as new texts would
make it, and the vocabulary covers four years.
"""

from __future__ import annotations

import argparse
import itertools
import random
import statistics
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from unittest.mock import patch

from bpost_tui.model.blocks import Paragraph, Span, plain_text
from bpost_tui.model.story import Category, Story
from bpost_tui.store import story_saver
from bpost_tui.store.library import Library
from bpost_tui.store.schema.migrations import FIRST_PAPER
from bpost_tui.store.search import search_index
from bpost_tui.store.sqlite_files import OpenMode, connect, transaction

NOW = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
PAGE = 4000
"""Number of stories in a transaction."""
TEXTS = 100_000
"""Largest number of different texts."""
_CACHE_KB, _HASH_BYTES = 500_000, 1 << 26

WORDS = {kind: words.split() for kind, words in tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8")).items()}
FUNCTION_WORDS, NOUNS, NAMES, PLACES, LATIN, ONSETS = WORDS.values()
TAGS = (
    "Midnapore",
    "Paschim Medinipur",
    "Kharagpur",
    "IIT Kharagpur",
    "Jhargram",
    "Ghatal",
    "Kolkata",
    "WhatsApp",
    "HS Results",
    "Weather",
    "Election",
    "",
)
CATEGORIES = (
    ("recent", "Recent"),
    ("midnapore-2", "Midnapore"),
    ("education", "Education"),
    ("politics-2", "Politics"),
    ("health", "Health"),
    ("sports", "Sports"),
    ("railway", "Railway"),
    ("accident", "Accident"),
    ("arrested", "Arrested"),
    ("weather-update", "Weather Update"),
    ("kolkata-high-court", "Kolkata High Court"),
    ("festival", "Festival"),
)
SLUG_WORDS = ("midnapore", "police", "school", "arrested", "river", "results", "town", "rain")
RHYMES = ["", "", "", "া", "া", "ি", "ী", "ু", "ে", "ো", "ার", "ান", "িক", "িত", "ন", "ল", "র", "ক"]
ENDINGS = ("", "", "", "", "", "", "", "ের", "ের", "ে", "কে", "ও", "ই", "গুলি", "টি")
VOWEL_ENDINGS = ("", "", "", "", "", "", "", "র", "র", "তে", "কে", "ও", "ই", "গুলি", "টি")
INVENTED = 45_000


def lexicon(rng: random.Random) -> tuple[list[str], list[float]]:
    """Return words and their cumulative weights: first the real words mixed, then the invented words."""
    content = NOUNS + NAMES + PLACES
    rng.shuffle(content)
    real = [*FUNCTION_WORDS, "মেদিনীপুর", "জেলা", "পশ্চিম", *content, *LATIN]
    invented = {
        "".join(rng.choice(ONSETS) + rng.choice(RHYMES) for _ in range(rng.choice((2, 2, 3, 3, 4)))) for _ in range(INVENTED)
    }
    words = list(dict.fromkeys([*real, *sorted(invented, key=lambda _: rng.random())]))
    weights = [1 / (rank + 2.7) ** 1.12 for rank in range(len(words))]
    return words, list(itertools.accumulate(weights))


def categories(count: int) -> tuple[tuple[str, str], ...]:
    """Return slugs and names of `count` categories: first the portal's, then invented categories."""
    return (*CATEGORIES, *((f"town-{number}", f"Town {number}") for number in range(len(CATEGORIES), count)))[:count]


def stories(
    count: int, seed: int, shelves: tuple[tuple[str, str], ...] = CATEGORIES, *, language: int | None = None
) -> Iterator[Story]:
    """Yield `count` invented stories, the newest first, about seventy a day, in the categories `shelves` (slug, name).

    `seed` decides the stories. `language` is the seed of the words, which several papers may share; None uses `seed` for them too.
    """
    rng = random.Random(seed)
    words, weights = lexicon(rng if language is None else random.Random(language))
    plain = set(FUNCTION_WORDS) | set(LATIN)

    def some(number: int) -> list[str]:
        return [
            word if word in plain else word + rng.choice(VOWEL_ENDINGS if word[-1] in "ািীুূেোই" else ENDINGS)
            for word in rng.choices(words, cum_weights=weights, k=number)
        ]

    def paragraph(number: int) -> str:
        made: list[str] = []
        while number > 0:
            sentence = some(rng.randint(7, 20))
            number -= len(sentence)
            made.append(" ".join(sentence) + "।")
        return " ".join(made)

    for number in range(count):
        published = NOW - timedelta(minutes=number * 20 + rng.randint(0, 19))
        tag = rng.choice(TAGS)
        title = (f"{tag}: " if tag else "") + " ".join(some(rng.randint(7, 13))) + rng.choice(("", "!", "?"))
        dateline = f"দ্য বেঙ্গল পোস্ট প্রতিবেদন, পশ্চিম মেদিনীপুর, {published.day} নভেম্বর: "
        texts = [paragraph(rng.randint(50, 120)) for _ in range(rng.choice((2, 2, 2, 3, 4)))]
        texts[0] = dateline + texts[0]
        slug = f"{'-'.join(rng.choices(SLUG_WORDS, k=8))}-{number}"
        yield Story(
            guid=f"https://thebengalpost.net/?p={900_000 - number}",
            title=title,
            link=f"https://thebengalpost.net/recent/{slug}.html",
            author=rng.choice(("News Desk", "News Desk", "Mani Raj Ghosh", "Sports Desk")),
            published=published,
            categories=tuple(Category(*pair) for pair in rng.sample(shelves, rng.choice((1, 1, 2)))),
            tags=tuple(rng.sample(PLACES, rng.choice((0, 1, 2)))),
            excerpt=" ".join(texts[0].split()[:30]) + "…",
            blocks=tuple(Paragraph((Span(text),)) for text in texts),
            image="https://thebengalpost.net/wp-content/uploads/picture.jpg" if rng.random() < 0.8 else None,
            full=True,
        )


def generate(folder: Path, count: int, seed: int, shelves: tuple[tuple[str, str], ...] = CATEGORIES) -> int:
    """Save `count` invented stories into the library in `folder`, and return the number of bytes of their headlines and texts.

    `seed` decides the stories, and `shelves` are the categories (slug, name). bpost's own code saves the stories, on a connection
    with enough memory that doesn't wait for the disk.
    """
    Library(folder).close()
    held, texts = 0, min(count, TEXTS)
    made = stories(texts, seed, shelves)
    with (
        closing(connect(folder, OpenMode.WRITE)) as db,
        patch.object(search_index, "entry_columns", _remembering(search_index.entry_columns)),
    ):
        for pragma in (f"cache_size = -{_CACHE_KB}", "main.synchronous = OFF", "reader.synchronous = OFF"):
            db.execute(f"PRAGMA {pragma}")
        for hash_bytes in (_HASH_BYTES, 1 << 20):  # memory that FTS5 fills before it writes; the second value is FTS5's default
            db.execute("INSERT INTO search (search, rank) VALUES ('hashsize', ?)", (hash_bytes,))
            while page := list(itertools.islice(made, PAGE * texts // count or 1)):
                page = [_again(story, time) for time in range(-(-count // texts)) for story in page]
                held += sum(len((story.title + plain_text(story.blocks)).encode()) for story in page)
                with transaction(db):
                    story_saver.save_stories(db, page, NOW, paper=FIRST_PAPER)
    return held


def _again(story: Story, time: int) -> Story:
    """Return a story with its numbers and date moved `time` times as many years back; the same story for 0."""
    if not time or story.published is None or story.link is None:
        return story
    published = story.published - time * TEXTS * timedelta(minutes=20)
    return story._replace(guid=f"{story.guid}-{time}", link=f"{story.link}?{time}", published=published)


def _remembering(entry_columns: Callable[[Story, str], tuple[str, ...]]) -> Callable[[Story, str], tuple[str, ...]]:
    """Return `entry_columns` with a cache: the same text at another time isn't split into words a second time."""
    remembered = lru_cache(maxsize=PAGE)(entry_columns)
    return lambda story, categories: remembered(story._replace(guid="", link=None, published=None), categories)


QUERIES = {
    "one word": ["হাসপাতাল", "কলকাতা", "নির্বাচন", "খড়্গপুর", "হাতি", "বিদ্যাসাগর", "অধ্যাপক"],
    "two words": ["কলকাতা হাইকোর্ট", "জেলা হাসপাতাল", "মমতা বন্দ্যোপাধ্যায়", "খড়্গপুর স্টেশন", "ধান চাষি"],
    "roman": ["medinipur", "kharagpur", "mamata", "kolkata high court", "hospital", "khorogpur", "bidyasagar", "jhargram hati"],
    "commonest": ["ও", "মেদিনীপুর", "পশ্চিম মেদিনীপুর", "midnapore"],
    "language": ['"পশ্চিম মেদিনীপুর" -পুলিশ', "category:education পরীক্ষা", "হাসপাতাল after:30d", "is:unread জেলা", "ভোট or নির্বাচন"],
}


def measure(folder: Path, held: int, repeats: int = 7) -> None:
    """Print the median of each kind of query in ms, and the size of the file against the text in it, `held` bytes."""
    size = sum(path.stat().st_size for path in folder.glob("stories.db*") if not path.name.endswith("-shm"))
    print(f"file {size / 1e6:.0f} MB, text {held / 1e6:.0f} MB, ratio {size / held:.2f}")
    with Library(folder) as library:
        for kind, queries in QUERIES.items():
            medians = {query: statistics.median(_times_ms(library, query, repeats)) for query in queries}
            single = ", ".join(f"{query} {ms:.1f}" for query, ms in medians.items())
            print(f"{kind:10} {statistics.median(medians.values()):6.1f} ms   ({single})")
        pages = list(itertools.islice(stories(400, 99), 400))
        times: list[float] = []
        for at in range(0, 400, 10):
            page = pages[at : at + 10]
            began = time.perf_counter()
            library.save([_as_new(story) for story in page], now=NOW)
            times.append((time.perf_counter() - began) * 1000)
        print(f"saving ten  {statistics.median(times):5.1f} ms   (worst {max(times):.1f})")


def _times_ms(library: Library, query: str, repeats: int) -> Iterator[float]:
    for _ in range(repeats):
        began = time.perf_counter()
        library.search.find(query, limit=50, now=NOW)
        yield (time.perf_counter() - began) * 1000


def _as_new(story: Story) -> Story:
    return story._replace(guid=f"{time.time_ns()} {story.guid}", link=None)


def main() -> None:
    """Generate and measure the library that the command line describes."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("-n", dest="count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--measure", action="store_true")
    options = parser.parse_args()
    began = time.perf_counter()
    held = generate(options.folder, options.count, options.seed)
    print(f"{options.count} stories in {time.perf_counter() - began:.0f} s")
    if options.measure:
        measure(options.folder, held)


if __name__ == "__main__":
    main()
