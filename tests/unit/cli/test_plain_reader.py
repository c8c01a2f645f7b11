"""A session in lines over a library: its counts are the reader's, and its lists go on to their end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

import pytest

from bpost_tui.cli.plain.aloud import PlainAloud
from bpost_tui.cli.plain.keys import LineKeys
from bpost_tui.cli.plain.portal import Portal
from bpost_tui.cli.plain.reader import ACTIONS, PlainReader
from bpost_tui.cli.plain.speech import story_line
from bpost_tui.i18n import Language
from bpost_tui.model.blocks import Paragraph, Span
from bpost_tui.model.paper import paper_at
from bpost_tui.model.story import Story
from bpost_tui.reading.listing import Listings
from bpost_tui.reading.preferences import Preferences
from bpost_tui.store.library import Library
from tests.conftest import NOW
from tools.same_news import rows

STORIES = 230


class Lines:
    """What is typed, and what was said."""

    def __init__(self, typed: Iterable[str]) -> None:
        self._typed = iter(typed)
        self.said: list[str] = []

    def say(self, line: str) -> None:
        self.said.append(line)

    def hear(self, prompt: str) -> str | None:
        return next(self._typed, None)

    def overhear(self) -> str | None:
        return None


@pytest.fixture
def full(library: Library) -> Iterator[Library]:
    text = (Paragraph((Span("নদীর জল"),)),)
    library.save([Story(f"{at}", f"Salboni: খবর {at}!", published=NOW, blocks=text, full=True) for at in range(STORIES)], now=NOW)
    yield library


def read(library: Library, *typed: str) -> list[str]:
    return read_typed(library, typed)


def read_typed(library: Library, typed: Iterable[str]) -> list[str]:
    lines = Lines(typed)
    portal = Portal(lambda: False, lambda seconds: "", lambda row: "")
    listings = Listings(library, Language("en"), lambda: NOW)
    keys = LineKeys({}, "auto", ACTIONS)
    aloud = PlainAloud((), lines, keys, listings.language, Preferences(library.folder), 1.0)
    PlainReader(listings, lines, portal, keys, aloud).run()
    return lines.said


def test_list_goes_on_to_its_last_story(full: Library) -> None:
    said = read(full, *[""] * 40)
    numbers = [int(line.partition(".")[0]) for line in said if ". Salboni" in line]
    assert numbers == list(range(1, STORIES + 1))
    assert said.index("End of the list.") > said.index(next(line for line in said if line.startswith(f"{STORIES}. ")))


def test_stories_that_come_while_a_list_is_said_repeat_none_and_leave_none_out(full: Library) -> None:
    def typed() -> Iterator[str]:
        yield from [""] * 4
        full.save([Story(f"new {at}", "Kolkata: নতুন", published=NOW + timedelta(hours=1), full=True) for at in range(5)], now=NOW)
        yield from [""] * 36

    said = [line for line in read_typed(full, typed()) if ". Salboni" in line]
    assert len({line.partition("খবর")[2] for line in said}) == len(said) == STORIES


def test_search_says_how_many_it_found_and_goes_on_to_the_last(full: Library) -> None:
    assert f"{STORIES} found" in read(full, "/নদী")
    assert f"{STORIES}. " in "".join(read(full, "/নদী", *[""] * 40))


def test_saved_search_has_its_unread_stories_counted(full: Library) -> None:
    full.saved_searches.save("rivers", "নদী", now=NOW)
    assert any(line.endswith(f"rivers. {STORIES} unread") for line in read(full, "h"))


def test_all_of_a_list_is_marked_read(full: Library) -> None:
    assert f"{STORIES} marked read" in read(full, "A")


def test_a_place_is_said_once_and_a_sentence_ends_once(full: Library) -> None:
    line = story_line(full.headline(1), Language("en"), NOW)
    assert line.count("Salboni") == 1
    assert "!." not in line and "! " in line


def test_more_like_the_story_opened_last_is_listed(full: Library) -> None:
    assert "No story is open: a number opens one" in read(full, "*")
    said = read(full, "1", "*")
    assert any(line.endswith(" found") for line in said[said.index("নদীর জল") :])


def test_same_news_of_several_papers_is_said_once_and_read_in_turn(library: Library) -> None:
    papers = [paper_at(f"https://{name}.example", name) for name in ("daily", "gazette", "times")]
    library.lay_out(papers)
    accounts = [row for row in rows() if row["cluster"] == "debra-lorry"][:3]
    for at, (paper, row) in enumerate(zip(papers, accounts, strict=True)):
        text = (Paragraph((Span(row["text"]),)),)
        story = Story(f"{at}", row["title"], published=NOW - timedelta(hours=at), blocks=text, full=True)
        library.of(paper).save([story], now=NOW)
    said = read(library, "1", "&", "&", "&", "m", "u")
    listed = [line for line in said if line.startswith(("1. ", "2. "))]
    assert len(listed) == 1 and listed[0].endswith("unread. in 2 more papers")
    opened = [line for line in said if line in [row["title"] for row in accounts]]
    assert opened == [accounts[at]["title"] for at in (0, 1, 2, 0)]
    assert said.index("gazette") < said.index("times") < said.index("Undone: 3 stories unread again")
    assert "No story is open: a number opens one" in read(library, "&")


def test_news_of_one_paper_has_no_other_account(full: Library) -> None:
    assert read(full, "1", "&")[-1] == "No other paper has this news"
