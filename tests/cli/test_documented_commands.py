"""Tests that run every `bpost` command in README and docs, with values for the words in capitals."""

from __future__ import annotations

import itertools
import json
import re
import shlex
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

import pytest

from bpost_tui.cli.verbs import VERBS
from tests import forked_bpost
from tests.cli.bpost_process import Bpost
from tests.cli.reader_data import edit_read_story, keep_passage
from tests.service.model_server import ModelServer

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix()
    for pattern in ("*.md", "packaging/*.md", "docs/*.md", "docs/bn/*.md")
    for path in ROOT.glob(pattern)
)
COMMAND = re.compile(r"`bpost( [^`]+)?`|^    bpost( .*)?$", re.MULTILINE)
Parts: TypeAlias = list["str | Parts"]
PART = re.compile(r"\[|\]|[^\s\[\]]+")
FEEDS = ROOT / "tests" / "data" / "opml" / "eilmeldung.opml"
ON_A_SCREEN = frozenset({"", "read", "demo"})
"""Verbs that open the reader; without a terminal, it reads lines."""


FILTERS = re.findall(
    "`(.*?)`", (ROOT / "docs/command-line.md").read_text(encoding="utf-8").partition("\nFILTER is ")[2].partition(";")[0]
)
"""Options that a synopsis shortens to `FILTER…`."""


def commands() -> Iterator[str]:
    """Yield each command of each document, without its explanation; a pipe has several."""
    for document in DOCUMENTS:
        for found in COMMAND.finditer((ROOT / document).read_text(encoding="utf-8")):
            line = (found[1] or found[2] or "").replace("\n", " ").replace(r"\|", "|")  # the escape of a bar in a table
            if document != "CHANGELOG.md":
                for command in f"bpost {line.strip()}".split("  ")[0].split(" | "):
                    if command.startswith("bpost"):
                        yield command.removeprefix("bpost").strip().replace("[FILTER…]", " ".join(f"[{each}]" for each in FILTERS))


def variants(command: str) -> Iterator[tuple[str, ...]]:
    """Yield the command lines that a synopsis describes.

    One without its brackets, one for each bracket, and one for each alternative between bars.
    """
    sequence, _ = _sequence(PART.findall(command), 0)
    yield from _either(_words(sequence))
    for at, part in enumerate(sequence):
        if not isinstance(part, str):
            for inner in _options(part):
                yield from _either(
                    [*(each for each in sequence[:at] if isinstance(each, str)), *inner, *_words(sequence[at + 1 :])]
                )


def _words(sequence: Parts) -> list[str]:
    return [part for part in sequence if isinstance(part, str)]


def _sequence(parts: Sequence[str], at: int) -> tuple[Parts, int]:
    found: Parts = []
    while at < len(parts) and parts[at] != "]":
        if parts[at] == "[":
            inner, at = _sequence(parts, at + 1)
            found.append(inner)
        else:
            found.append(parts[at])
        at += 1
    return found, at


def _options(inner: Parts) -> Iterator[list[str]]:
    """Yield the content of a bracket, with and without the brackets in it; words of a verb are alternatives."""
    words = _words(inner)
    heads = [words] if words[0].startswith("-") else [[head] for head in words[0].split("|")]
    if not words[0].startswith("-"):
        heads[-1] += words[1:]
    yield from heads
    for nested in inner:
        if not isinstance(nested, str):
            yield [*heads[-1], *_words(nested)]


def _either(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    yield from itertools.product(*(word.split("|") for word in words))


def is_name(line: tuple[str, ...]) -> bool:
    """Return whether a line only names a verb that needs arguments."""
    return len(line) == 1 and line[0] in VERBS and any(not argument.is_optional for argument in VERBS[line[0]].arguments)


LINES = sorted({line for command in commands() for line in variants(command) if not is_name(line)})


@pytest.fixture(scope="module")
def replacements(reading: Bpost) -> dict[str, str]:
    """Return the value for each word in capitals."""
    exported = reading.home / "exported.json"
    reading.run("export", "-o", str(exported))
    number = str(reading.json("list", "-n", "1")[0]["id"])
    text = " ".join(reading.run("show", number, "--plain").stdout.split("\n\n")[2].split()[:5])
    urls = reading.home / "urls"
    urls.write_text('https://feeds.example.org/news.xml "news"\n', encoding="utf-8")
    words = {
        "TEXT": text,
        "SLUG": "education",
        "QUERY": "নদী",
        "N": "3",
        "WHEN": "30d",
        "NAME": "night",
        "LIST": "Weekend",
        "FILE": str(exported),
        "feeds.opml": str(exported),
        "~/.newsboat/urls": str(urls),
    }
    return {**words, "STORY": number, "STORY…": number, "ID": number, "URL": reading.portal}


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    """Address of a server of feeds."""
    with ModelServer("https://one.example/feed", labels=True, dated=False).on_this_machine() as address:
        yield address


@pytest.mark.parametrize("line", LINES, ids=" ".join)
def test_documented_command_works(saved: Bpost, replacements: dict[str, str], service: str, line: tuple[str, ...]) -> None:
    given = shlex.split(" ".join(line))
    words = [replacements.get(word, word) for word in given]
    if "-o" in given:  # other tests need the file
        words[given.index("-o") + 1] = str(saved.home / "written")
    verb = next((word for word in words if word in VERBS), "")
    plain = ["--plain"] if verb in ON_A_SCREEN else []
    number = replacements["STORY"]
    for mark, option in (("star", "--starred"), ("later", "--later")):
        if option in line:
            saved.run("mark", mark, number)
    if "--changed" in line:
        edit_read_story(saved)
    if verb == "passages":
        keep_passage(saved, replacements["QUERY"])
    if "GROUP" in line:
        saved.config.write_text(f'portals = [{{ address = "{saved.portal}", groups = ["GROUP"] }}]\n')
    if "LIST" in line:
        saved.run("lists", "put", replacements["LIST"], number)
    if "portals" in line:
        words = [str(shutil.copy(FEEDS, saved.home)) if word == replacements["FILE"] else word for word in words]
    if "move" in line:
        # Without NEW the paper itself is asked, and nobody answers at its address here: tests/cli/test_moved_papers.py tries that.
        words[words.index("move") + 1 :] = ["https://thebengalpost.net", saved.portal]
    if {"remove", "rename", "move"} & {*line}:
        saved.config.write_text(f'portals = ["https://thebengalpost.net", "{saved.portal}"]\n')
    if words[:2] == ["config", "set"]:
        words[2:] = ["theme", "night"]
    if verb == "service":
        account = f'address = "{service}"\nuser = "reader"\npassword = "secret"'
        saved.config.write_text(f'portals = ["https://thebengalpost.net"]\n[service]\n{account}\n')
    if verb == "listen":  # with a voice that exists everywhere, and takes no time for a sentence
        program = [sys.executable, "-c", "import sys; sys.stdout.buffer.write(bytes(640)); sys.stdin.read()"]
        groups = saved.config.read_text() if "GROUP" in line else ""
        saved.config.write_text(f"{groups}[listen]\nprogram = {json.dumps(program)}\nsound_hz = 16000\nplayer = 'cat'\n")
        words += [] if "-n" in words else ["-n", "2"]
    only = None if "GROUP" in line else saved.portal  # a paper that is read alone has no groups
    env = saved.environment(BROWSER="true", EDITOR="true", BPOST_PORTAL=only)
    ended = forked_bpost.run((*words, *plain), env, f"{number}\n", errors="replace")  # a picture is no text
    assert ended.returncode == 0, ended.stderr


def test_commands_are_found_in_synopses_and_sentences() -> None:
    assert {("library", "prune", "--older-than", "2y", "--dry-run"), ("library", "stats"), ("config", "check")} <= {*LINES}
    assert {("fetch", "--since", "7d", "--images", "--full"), ("mark", "read", "-"), ("refresh", "--pages", "all")} <= {*LINES}
    assert {"docs/command-line.md", "docs/bn/README.md", "README.md"} <= {*DOCUMENTS}
    assert {verb for verb in VERBS if not any(verb in line for line in LINES)} == set()
