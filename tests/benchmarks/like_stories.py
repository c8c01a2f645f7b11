"""Refreshes of papers whose headlines are alike: every headline has many partners that may be the same news."""

from __future__ import annotations

import json
import random
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from tests.benchmarks.measures import Results, against, row
from tests.benchmarks.served_papers import address, command, environment, served

GROUP = "Stories like many others"
_STORIES = 3000
_WORDS, _GROUP_WORDS = 9, 14
"""Number of words in a headline, and of the words that headlines of a group are drawn from."""
_SYLLABLES = ("ka", "lo", "mi", "ren", "tu", "sha", "po", "vik", "da", "nel", "go", "bri")
_SEED = 7
_ROUNDS = 3
_MARK_LIMIT_MS = 500.0


def measure(results: Results, home: Path) -> None:
    """Refresh papers with headlines in few groups beside papers with different ones, in turn, with `bpost mark` beside each."""
    cases = {
        "all different": (1, 0),
        "in 1 group": (1, 1),
        "in 8 groups": (1, 8),
        "in 30 groups": (1, 30),
        "in groups of 41": (1, _STORIES // 41),
        "of ten papers, all different": (10, 0),
        "of ten papers, in 8 groups": (10, 8),
    }
    took: dict[str, list[float]] = {name: [] for name in cases}
    marked: dict[str, list[float]] = {name: [] for name in cases}
    for at in range(_ROUNDS):
        for name, (papers, groups) in cases.items():
            folder = home / f"{at}-{papers}-{groups}"
            folder.mkdir(parents=True)
            stories = _STORIES if papers == 1 else _STORIES // 2 // papers
            took[name].append(_refreshed_ms(folder, papers, stories, groups, marked[name]))
    for name, (papers, groups) in cases.items():
        count = _STORIES if papers == 1 else _STORIES // 2
        beside = "all different" if papers == 1 else "of ten papers, all different"
        peer = against("all different", took[beside], 1.5) if groups else {}
        results.add(row(GROUP, f"{count:,} {name}", "ms", took[name], **peer))
        longest = [max(marked[name])]
        results.add(row(GROUP, f"{count:,} {name}: `bpost mark`, the longest", "ms", longest, limit=_MARK_LIMIT_MS))


def _refreshed_ms(home: Path, papers: int, stories: int, groups: int, marked: list[float]) -> float:
    """Return the time of a refresh in ms, and append the time of each `bpost mark` meanwhile to `marked`.

    Another paper, with a single story that was there before, lets bpost compare the stories of a single paper.
    """
    urls = [address(number) for number in range(papers + 1)]
    other = {papers: _feed(papers, ["The only headline of this paper"])}
    env = environment(home)
    with served(dict.fromkeys(range(papers), b"<rss version='2.0'><channel></channel></rss>") | other):
        subprocess.run(command(home, urls, "refresh"), env=env, check=False, capture_output=True)
    listed = subprocess.run([*command(home, urls, "list"), "--json"], env=env, check=True, capture_output=True)
    story = str(json.loads(listed.stdout)[0]["id"])
    headlines = _headlines(papers * stories, groups)
    feeds = {number: _feed(number, headlines[number::papers]) for number in range(papers)}
    with served(feeds | other):
        began = time.perf_counter()
        with subprocess.Popen(command(home, urls, "refresh"), env=env, stdout=subprocess.DEVNULL) as refresh:
            ended = ThreadPoolExecutor(1).submit(lambda: (refresh.wait(), time.perf_counter())[1])
            while not ended.done():
                for mark in ("star", "unstar"):
                    pressed = time.perf_counter()
                    subprocess.run([*command(home, urls, "mark"), mark, story], env=env, check=True, capture_output=True)
                    marked.append((time.perf_counter() - pressed) * 1000)
        return (ended.result() - began) * 1000


def _headlines(count: int, groups: int) -> list[str]:
    """Return headlines with words drawn from the words of their group. Without groups, headlines seldom share a word."""
    dice = random.Random(_SEED)
    words = ["".join(dice.choices(_SYLLABLES, k=4)) for _ in range(groups * _GROUP_WORDS or count * _WORDS)]
    if not groups:
        return [" ".join(words[at * _WORDS : (at + 1) * _WORDS]) for at in range(count)]
    own = [words[at * _GROUP_WORDS : (at + 1) * _GROUP_WORDS] for at in range(groups)]
    return [" ".join(dice.sample(own[at % groups], _WORDS)) for at in range(count)]


def _feed(number: int, headlines: list[str]) -> bytes:
    now, items = datetime.now(UTC), []
    for at, headline in enumerate(headlines):
        when = format_datetime(now - timedelta(seconds=20 * at + number))
        link = f"{address(number).removesuffix('feed.xml')}{at}"
        items.append(f"<item><title>{headline}</title><link>{link}</link><guid>{link}</guid><pubDate>{when}</pubDate></item>")
    return f'<rss version="2.0"><channel><title>Paper {number}</title>{"".join(items)}</channel></rss>'.encode()
