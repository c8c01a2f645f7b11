"""Plain reader over a library: its counts are right, and its lists continue to their end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bpost_tui.config.value_types import VoiceCommand
from bpost_tui.core.keys.line_keys import LineKeys
from bpost_tui.core.lists.listings import Listings
from bpost_tui.core.lists.outlook import Outlook
from bpost_tui.core.lists.paper_list import PaperList
from bpost_tui.core.speech.line_narration import LineNarration
from bpost_tui.core.state.preferences import Preferences
from bpost_tui.i18n import Language
from bpost_tui.model.blocks import Paragraph, Span
from bpost_tui.model.paper import paper_at
from bpost_tui.model.story import ListFilter, Story
from bpost_tui.plain.line_formatting import story_line
from bpost_tui.plain.plain_reader import PlainReader, PortalCalls
from bpost_tui.store.library import Library
from tests.conftest import NOW
from tools.grouping_quality import rows

STORIES = 230


class FakeConsole:
    """A fake console: typed lines in, printed lines out."""

    def __init__(self, typed: Iterable[str], while_speaking: Iterable[str] = ()) -> None:
        self._typed = iter(typed)
        self._while_speaking = iter(while_speaking)
        self.printed: list[str] = []

    def write_line(self, line: str) -> None:
        self.printed.append(line)

    def read_line(self, prompt: str) -> str | None:
        return next(self._typed, None)

    def read_pending_line(self) -> str | None:
        return next(self._while_speaking, None)


@pytest.fixture
def full(library: Library) -> Iterator[Library]:
    text = (Paragraph((Span("নদীর জল"),)),)
    library.save([Story(f"{at}", f"Salboni: খবর {at}!", published=NOW, blocks=text, full=True) for at in range(STORIES)], now=NOW)
    yield library


def read(library: Library, *typed: str) -> list[str]:
    return read_typed(library, typed)


def read_typed(library: Library, typed: Iterable[str], while_speaking: Iterable[str] = (), voice: VoiceCommand = ()) -> list[str]:
    lines = FakeConsole(typed, while_speaking)
    portal = PortalCalls(lambda: False, lambda seconds: "", lambda row: "")
    listings = Listings(library, Language("en"), lambda: NOW)
    keys = LineKeys({}, "auto", PlainReader.ACTIONS)
    aloud = LineNarration(voice, lines, keys, listings.language, Preferences(library.folder), 1.0)
    PlainReader(
        listings, Outlook(PaperList.of(listings.language, ()).with_counts(library.papers())), lines, portal, keys, aloud
    ).run()
    return lines.printed


def test_plain_list_continues_to_its_last_story(full: Library) -> None:
    printed = read(full, *[""] * 40)
    numbers = [int(line.partition(".")[0]) for line in printed if ". Salboni" in line]
    assert numbers == list(range(1, STORIES + 1))
    assert printed.index("End of the list.") > printed.index(next(line for line in printed if line.startswith(f"{STORIES}. ")))


def test_plain_list_is_complete_when_stories_arrive(full: Library) -> None:
    def typed() -> Iterator[str]:
        yield from [""] * 4
        full.save([Story(f"new {at}", "Kolkata: নতুন", published=NOW + timedelta(hours=1), full=True) for at in range(5)], now=NOW)
        yield from [""] * 36

    printed = [line for line in read_typed(full, typed()) if ". Salboni" in line]
    assert len({line.partition("খবর")[2] for line in printed}) == len(printed) == STORIES


def test_plain_search_counts_its_hits_and_continues_to_the_last(full: Library) -> None:
    assert f"{STORIES} found" in read(full, "/নদী")
    assert f"{STORIES}. " in "".join(read(full, "/নদী", *[""] * 40))


def test_saved_search_counts_its_unread_stories(full: Library) -> None:
    full.saved_searches.save("rivers", "নদী", now=NOW)
    assert any(line.endswith(f"rivers. {STORIES} unread") for line in read(full, "h"))


def test_long_list_of_categories_continues_by_enter(full: Library) -> None:
    for at in range(49):
        full.saved_searches.save(f"search {at:02}", f"নদী {at}", now=NOW)
    first = read(full, "h")
    printed = read(full, "h", "", "", "", "20")
    lists = [line for line in printed if ". search " in line]
    assert [line.partition(".")[0] for line in lists] == [str(at) for at in range(2, 51)]
    assert first[-1] == "Enter: more of these 50 lists" and len([line for line in first if ". search " in line]) == 19
    assert printed.index("End of the list.") > printed.index(lists[-1])
    assert printed[-2] == "1 found"  # 20 chose a list, not the story with that number


def test_all_of_a_list_is_marked_read(full: Library) -> None:
    printed = read(full, "A", "A", "u")
    assert f"1. This list: {STORIES}" in printed
    assert printed[-2:] == [f"{STORIES} marked read", f"Undone: {STORIES} stories unread again"]


@pytest.fixture
def dozen(library: Library) -> Library:
    """Return a library of 12 stories, 18 hours apart, the newest an hour old."""
    hours = [1 + 18 * at for at in range(12)]
    library.save([Story(f"{at}", f"খবর {at}", published=NOW - timedelta(hours=each)) for at, each in enumerate(hours)], now=NOW)
    return library


def unread(library: Library) -> set[int]:
    return {int(row.guid) for row in library.headlines(ListFilter(unread=True), limit=99)}


@pytest.mark.parametrize(
    ("choice", "name", "marked"),
    [
        (1, "This list", set(range(12))),
        (2, "Before the story opened last", {0, 1, 2}),
        (3, "After the story opened last", set(range(4, 12))),
        (4, "Older than a day", set(range(2, 12))),
        (5, "Older than a week", {10, 11}),
    ],
)
def test_mark_many_by_number_marks_the_announced_count(dozen: Library, choice: int, name: str, marked: set[int]) -> None:
    printed = read(dozen, "4", "m", "A", str(choice))  # the opened story has no text, so opening it marked it read
    assert f"{choice}. {name}: {len(marked)}" in printed
    assert printed[-1] == f"{len(marked)} marked read"
    assert unread(dozen) == set(range(12)) - marked


def test_mark_many_offers_before_and_after_an_opened_story_only(dozen: Library) -> None:
    printed = read(dozen, "A")
    assert [line.partition(":")[0] for line in printed[-4:-1]] == ["1. This list", "2. Older than a day", "3. Older than a week"]


@pytest.mark.parametrize("typed", [("",), ("h", "1"), ("9",), ("s", "A")])
def test_mark_many_marks_nothing_for_an_invalid_choice(dozen: Library, typed: tuple[str, ...]) -> None:
    printed = read(dozen, "A", *typed)
    assert len(unread(dozen)) == 12
    assert not any(line.endswith("marked read") for line in printed)
    if typed == ("9",):
        assert printed[-1] == "There is no number 9 here"


def test_mark_many_asks_again_after_a_wrong_number(dozen: Library) -> None:
    assert read(dozen, "A", "9", "1")[-1] == "12 marked read"


def test_mark_many_counts_every_account_of_grouped_news(library: Library) -> None:
    gazette, daily = paper_at("https://gazette.example", "Gazette"), paper_at("https://daily.example", "Daily")
    library.set_subscriptions((gazette, daily))
    accounts = [row for row in rows() if row["cluster"] == "debra-lorry"]
    for paper, row in zip((gazette, daily), accounts, strict=False):
        text = (Paragraph((Span(row["text"]),)),)
        library.for_paper(paper).save(
            [Story("one", row["title"], "https://a.example/1", published=NOW, blocks=text, full=True)], now=NOW
        )
    assert "1. This list: 1 + 1 with the same news" in read(library, "A", "A")
    assert library.unread_count() == 0


def test_story_line_has_its_place_and_full_stop_once(full: Library) -> None:
    line = story_line(full.headline(1), Language("en"), NOW)
    assert line.count("Salboni") == 1
    assert "!." not in line and "! " in line


@pytest.mark.parametrize("key", [".", ","])
def test_speed_is_only_changed_while_a_story_is_read_aloud(full: Library, key: str) -> None:
    assert "Nothing is being read aloud; v begins" in read(full, key)


def test_end_of_input_in_a_pause_ends_the_session_and_leaves_the_story_unread(full: Library) -> None:
    printed = read_typed(full, ["1", "v"], while_speaking=[""], voice=("sh", "-c", "cat >/dev/null; sleep 5"))
    assert printed[-1] == "Paused. Enter: resume from this sentence"
    assert full.count(ListFilter(unread=True)) == STORIES


def test_speed_chosen_in_a_pause_is_used_from_the_next_sentence(library: Library, tmp_path: Path) -> None:
    library.save([Story("1", "Salboni: খবর", published=NOW, blocks=(Paragraph((Span("নদীর জল"),)),), full=True)], now=NOW)
    voice = f"cat >/dev/null; echo $BPOST_SPEED >> {tmp_path}/speeds; test $BPOST_SPEED != 1 || sleep 5"
    read_typed(library, ["1", "v", ".", ""], while_speaking=[""], voice=voice)
    assert (tmp_path / "speeds").read_text().split()[-1] == "1.1"


def test_story_deleted_since_it_was_printed_is_reported(full: Library) -> None:
    def typed() -> Iterator[str]:
        yield "2"
        full.maintenance.prune(NOW + timedelta(days=1))
        yield from ["s", "3"]

    printed = read_typed(full, typed())
    assert printed[-1] == "This story is no longer saved"


def test_stories_similar_to_the_last_opened_one_are_listed(full: Library) -> None:
    assert "No story is open: a number opens one" in read(full, "*")
    printed = read(full, "1", "*")
    assert any(line.endswith(" found") for line in printed[printed.index("নদীর জল") :])


def test_same_news_is_listed_once_and_accounts_are_read_in_turn(library: Library) -> None:
    papers = [paper_at(f"https://{name}.example", name) for name in ("daily", "gazette", "times")]
    library.set_subscriptions(papers)
    accounts = [row for row in rows() if row["cluster"] == "debra-lorry"][:3]
    for at, (paper, row) in enumerate(zip(papers, accounts, strict=True)):
        text = (Paragraph((Span(row["text"]),)),)
        story = Story(f"{at}", row["title"], published=NOW - timedelta(hours=at), blocks=text, full=True)
        library.for_paper(paper).save([story], now=NOW)
    printed = read(library, "1", "&", "&", "&", "m", "u")
    listed = [line for line in printed if line.startswith(("1. ", "2. "))]
    assert len(listed) == 1 and f"unread. in 2 more papers. gazette: {accounts[1]['title']}" in listed[0]
    opened = [line for line in printed if line in [row["title"] for row in accounts]]
    assert opened == [accounts[at]["title"] for at in (0, 1, 2, 0)]
    assert printed.index("gazette") < printed.index("times") < printed.index("Undone: 3 stories unread again")
    assert "No story is open: a number opens one" in read(library, "&")
    why = read(library, "1", "W")
    assert any("rare words are the same: both name " in line for line in why)
    assert sum(line.endswith(row["title"]) for line in why for row in accounts) >= 3
    assert "1 of 3, the oldest first" in read(library, "1", "F")


@pytest.mark.parametrize("chosen", ["/ডেবরা", "gazette.", "Read later."])
def test_hidden_story_opened_outside_the_news_list_names_the_other_papers(library: Library, chosen: str) -> None:
    papers = [paper_at(f"https://{name}.example", name) for name in ("daily", "gazette")]
    library.set_subscriptions(papers)
    accounts = [row for row in rows() if row["cluster"] == "debra-lorry"][:2]
    for at, (paper, row) in enumerate(zip(papers, accounts, strict=True)):
        text = (Paragraph((Span(row["text"]),)),)
        story = Story("one", row["title"], published=NOW - timedelta(hours=at), blocks=text, full=True)
        library.for_paper(paper).save([story], now=NOW)
    hidden = next(row for row in library.headlines(ListFilter(), limit=9) if row.paper == papers[1].key)
    library.set_mark("later", [hidden.id], True, now=NOW)
    if chosen.startswith("/"):
        printed = read(library, chosen, "2", "G")
    else:
        lists = read(library, "h")
        printed = read(library, "h", next(line.partition(".")[0] for line in lists if chosen in line), "1", "G")
    opened = printed[printed.index(hidden.title) :]
    assert opened[1].endswith("also in daily")
    assert opened[-3:-1] == ["&: the same news in another story.", f"daily: {accounts[0]['title']}"]


def test_grouped_news_of_one_paper_has_no_other_account(full: Library) -> None:
    assert read(full, "1", "&", "W")[-2:] == ["No other paper has this news"] * 2
    assert read(full, "1", "F")[-1] == "This story has no follow-ups"


def test_changes_since_a_story_was_read_are_read_out_and_undone(library: Library) -> None:
    def version(dead: int) -> Story:
        text = tuple(Paragraph((Span(line),)) for line in (f"The crash left {dead} dead.", "Buses stand still."))
        return Story("1", "Bus and lorry collide", published=NOW, blocks=text, full=True)

    (story,) = library.save([version(2)], now=NOW).new
    library.reading_log.record_opened(story, now=NOW)
    library.set_mark("read", [story], True, now=NOW)
    library.save([version(3)], now=NOW + timedelta(minutes=1))
    printed = read(library, "1", "", "u")
    assert any("changed: 3 dead, was 2" in line for line in printed[:5])
    assert printed.index("New: The crash left 3 dead.") == printed.index("Buses stand still.") - 1
    assert "Undone: listed as changed again" in printed and library.count(ListFilter(changed=True)) == 1
    read(library, "1")
    assert library.count(ListFilter(changed=True)) == 0
