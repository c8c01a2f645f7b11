"""Tests of the same news from several papers on the screen: listed once, read in turn, marked together, separated."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bpost_tui.config import Settings
from bpost_tui.core.lists.listings import Listings
from bpost_tui.errors import StoreError
from bpost_tui.model.blocks import Paragraph, Span
from bpost_tui.model.paper import Paper, paper_at
from bpost_tui.model.story import ListFilter, RowKey, SavedStory, Story, StoryKey
from bpost_tui.store.grouping.group_builder import GroupBuilder
from bpost_tui.store.grouping.story_groups import StoryGroups
from bpost_tui.store.library import Library
from tests.conftest import NOW
from tests.sample_portal.server import SamplePortal
from tests.tui.conftest import ReaderFactory
from tests.tui.held_calls import HeldCalls, story_on_its_way, watch_nothing
from tests.tui.reader_facade import Reader
from tools.grouping_quality import rows

pytestmark = pytest.mark.given(language="en")

DAILY = paper_at("https://daily.example", "Daily")
GAZETTE = paper_at("https://gazette.example", "Gazette")
TIMES = paper_at("https://times.example", "Times")
ACCOUNTS = [row for row in rows() if row["cluster"] == "debra-lorry"]


def account(at: int, hours: float) -> Story:
    """Return story number `at`, `hours` old. Stories 0 to 2 report the same accident in Debra, story 3 another one."""
    text = Paragraph((Span(ACCOUNTS[at]["text"]),))
    published = NOW - timedelta(hours=hours)
    return Story(f"guid {at}", ACCOUNTS[at]["title"], f"https://a.example/{at}", published=published, blocks=(text,), full=True)


def unlike(paper: Paper, word: str, hours: float) -> Story:
    """Return a story of `paper`, `hours` old, with `word` in headline and excerpt, that is unlike all others."""
    return Story(
        f"guid {word}", f"{word} শিরোনাম", f"{paper.address}/{word}", published=NOW - timedelta(hours=hours), excerpt=f"{word} বাক্য।"
    )


@pytest.fixture
def papers(library: Library, sample_portal: SamplePortal) -> tuple[Paper, ...]:
    """Save and return four papers: the sample portal's with other news, and three that report the accident in Debra."""
    papers = (paper_at(sample_portal.address), DAILY, GAZETTE, TIMES)
    library.set_subscriptions(papers)
    library.for_paper(GAZETTE).save([unlike(GAZETTE, "একলা", 0.5), account(1, 2)], now=NOW)
    library.for_paper(DAILY).save([account(0, 3), unlike(DAILY, "দোসর", 4)], now=NOW)
    library.for_paper(TIMES).save([account(2, 1)], now=NOW)
    return papers


@pytest.fixture
def address(papers: tuple[Paper, ...]) -> str:
    return papers[0].address


def number(bpost: Reader, at: int) -> int:
    return next(row.id for row in bpost.library.headlines(ListFilter(), limit=200) if row.guid == f"guid {at}")


def listed(bpost: Reader) -> list[str]:
    """Return the guids of the listed stories that these tests have saved."""
    return [row.guid for row in bpost.posts.stories if row.guid.startswith("guid ")]


def is_read(bpost: Reader, at: int) -> bool:
    return bpost.library.headline(number(bpost, at)).read


def unread(bpost: Reader) -> int:
    """Return the number of unread stories that the category pane shows for all papers together."""
    return bpost.categories.rows[0].unread


async def at_the_news(bpost: Reader, account: int = 0) -> None:
    """Put the cursor on the row that shows story number `account` about the accident, alone or in its group."""
    bpost.go("posts")
    at = bpost.posts.slice.row_of(StoryKey(number(bpost, account)))
    assert at is not None
    bpost.posts.cursor = at
    await bpost.settle()


# ── the story's page ────────────────────────────────────────────────────────


@pytest.mark.given(size=(140, 60))
async def test_story_opened_from_a_search_leads_to_its_other_accounts(bpost: Reader) -> None:
    await bpost.press("slash", *"debra", "enter")
    await at_the_news(bpost, 2)
    await bpost.press("enter")
    shown = bpost.screen_text()
    assert "also in Daily, Gazette" in shown and shown.count("The same news") == 2
    assert "& Other papers" in shown and "N Previous match" in shown
    bpost.follow(str(number(bpost, 1)))
    await bpost.settle()
    assert bpost.shown == number(bpost, 1) and "also in Daily, Times" in bpost.screen_text()


# ── the list ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("language", "line"), [("en", "+2 Gazette: "), ("bn", "+২ Gazette: ")])
async def test_all_papers_shows_the_same_news_once(bpost: Reader, line: str) -> None:
    assert listed(bpost) == ["guid একলা", "guid 0", "guid দোসর"]
    await at_the_news(bpost)
    assert bpost.screen_text().count(line) == 1
    assert unread(bpost) == len(bpost.posts.stories) + 2 == sum(row.unread for row in bpost.categories.rows[1:])


async def test_only_an_edit_of_the_account_that_was_read_is_a_change(bpost: Reader) -> None:
    await at_the_news(bpost)
    await bpost.press("enter", "end", "escape")
    assert is_read(bpost, 0)
    bpost.library.set_mark("read", [number(bpost, 1)], True, now=NOW)
    for paper, at in ((GAZETTE, 1), (DAILY, 0)):
        (block,) = account(at, 0).blocks
        edited = (block, Paragraph((Span("পরে মৃতের সংখ্যা বেড়ে হয়েছে ৭, জানাল পুলিশ। " * 4),)))
        bpost.library.for_paper(paper).save([account(at, 3 - at)._replace(blocks=edited)], now=NOW + timedelta(minutes=1))
        await bpost.reloaded()
        rows = bpost.library.headlines(ListFilter(changed=True), limit=9)
        assert [row.guid for row in rows] == ["guid 0"] * (at == 0)
        assert ("changed" in bpost.screen_text()) is (at == 0)


async def test_papers_added_by_another_process_are_grouped(
    reader: ReaderFactory, papers: tuple[Paper, ...], library: Library
) -> None:
    library.set_subscriptions(papers[2:3])
    async with reader(papers[0].address, language="en") as bpost:
        assert not any(row.others for row in bpost.posts.stories)
        with Library(library.folder) as other:
            other.set_subscriptions(papers)
        await bpost.reloaded()
        assert listed(bpost) == ["guid একলা", "guid 0", "guid দোসর"]


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
@pytest.mark.given(language="bn")
async def test_compact_row_counts_more_papers_by_number(bpost: Reader) -> None:
    await at_the_news(bpost)
    await bpost.press("C")
    assert bpost.screen_text().count("+২") == 1


async def test_unread_and_reversed_lists_group_but_searches_do_not(bpost: Reader) -> None:
    await bpost.press("U")
    assert listed(bpost) == ["guid একলা", "guid 0", "guid দোসর"]
    await bpost.press("R", "G")
    assert listed(bpost) == ["guid দোসর", "guid 0", "guid একলা"]
    await bpost.press("R", "U", "slash", *"debra", "enter")
    assert {"guid 0", "guid 1", "guid 2"} <= set(listed(bpost))
    await bpost.press("escape", "P", "G", "enter")
    assert listed(bpost) == ["guid 2"] and "+2" not in bpost.screen_text()


async def test_key_shows_every_story_and_is_remembered(reader: ReaderFactory, papers: tuple[Paper, ...]) -> None:
    async with reader(papers[0].address, language="en") as bpost:
        await at_the_news(bpost)
        count, line = unread(bpost), bpost.posts.window.heights.top(bpost.posts.cursor) - bpost.posts.scroll_offset.y
        await bpost.press("%")
        assert listed(bpost) == ["guid একলা", "guid 2", "guid 1", "guid 0", "guid দোসর"]
        assert unread(bpost) == count and bpost.message == "Showing every story, also of the same news"
        assert bpost.posts.story and bpost.posts.story.guid == "guid 0"
        assert bpost.choices.same_news_once is False
        assert line > 0
        await bpost.press_last("Q")
    async with reader(papers[0].address, language="en") as bpost:
        assert len(listed(bpost)) == 5
        await at_the_news(bpost, 2)
        await bpost.press("%")
        assert bpost.posts.story and bpost.posts.story.guid == "guid 0"
        assert len(listed(bpost)) == 3


@pytest.mark.given(settings=Settings(same_news_once=False), language="bn")
async def test_config_turns_grouping_off(bpost: Reader) -> None:
    assert len(listed(bpost)) == 5


async def test_new_account_joins_its_row_and_keeps_the_cursor(
    reader: ReaderFactory, library: Library, sample_portal: SamplePortal
) -> None:
    papers = (paper_at(sample_portal.address), DAILY, GAZETTE, TIMES)
    library.set_subscriptions(papers)
    library.for_paper(GAZETTE).save([account(1, 2), unlike(GAZETTE, "একলা", 0.5)], now=NOW)
    async with reader(sample_portal.address, language="en") as bpost:
        await at_the_news(bpost, 1)
        assert "+ " not in bpost.screen_text()
        library.for_paper(TIMES).save([account(2, 1)], now=NOW)  # from a paper later in the order: it folds below
        await bpost.reloaded()
        assert listed(bpost) == ["guid একলা", "guid 1"] and "+ Times: " in bpost.screen_text()
        assert bpost.posts.story and bpost.posts.story.guid == "guid 1" and bpost.shown == number(bpost, 1)
        library.for_paper(DAILY).save([account(0, 3)], now=NOW)  # from the preferred paper: it leads now
        await bpost.reloaded()
        assert listed(bpost) == ["guid একলা", "guid 0"] and "+2 Gazette: " in bpost.screen_text()
        assert bpost.posts.story and bpost.posts.story.guid == "guid 0" and bpost.shown == number(bpost, 0)


async def test_shown_story_stays_when_another_account_leads(
    reader: ReaderFactory, library: Library, sample_portal: SamplePortal
) -> None:
    library.set_subscriptions((paper_at(sample_portal.address), DAILY, GAZETTE))
    library.for_paper(GAZETTE).save([account(1, 2), unlike(GAZETTE, "একলা", 0.5)], now=NOW)
    async with reader(sample_portal.address, language="en", size=(140, 16)) as bpost:
        await at_the_news(bpost, 1)
        bpost.go("story")
        if not is_read(bpost, 1):
            library.for_paper(DAILY).save([account(0, 3)], now=NOW)
            bpost.reload()
        await bpost.settle()
        assert bpost.shown == number(bpost, 1) and bpost.pane == "story"
        assert bpost.posts.story and bpost.posts.story.represents(StoryKey(number(bpost, 1)))


# ── from account to account ─────────────────────────────────────────────────


async def test_key_opens_accounts_in_turn_and_back_returns(bpost: Reader) -> None:
    await at_the_news(bpost)
    cursor = bpost.posts.cursor
    await bpost.press("&")
    assert (bpost.shown, bpost.pane, bpost.posts.cursor) == (number(bpost, 1), "story", cursor)
    assert bpost.message == "Gazette: 2 of 3"
    await bpost.press("&")
    assert bpost.shown == number(bpost, 2) and bpost.message == "Times: 3 of 3"
    await bpost.press("&")
    assert bpost.shown == number(bpost, 0) and bpost.message == "Daily: 1 of 3"
    await bpost.press("backspace", "backspace")
    assert bpost.shown == number(bpost, 1) and bpost.posts.cursor == cursor
    await bpost.press("backspace")
    assert (bpost.shown, bpost.pane, bpost.posts.cursor) == (number(bpost, 0), "posts", cursor)


@pytest.mark.parametrize(("key", "message"), [("&", "Gazette: 2 of 3"), ("F", "2 of 3, the oldest first")])
@pytest.mark.given(prepares=False)
async def test_account_opens_despite_a_reload_while_loading(
    bpost: Reader, monkeypatch: pytest.MonkeyPatch, key: str, message: str
) -> None:
    await at_the_news(bpost)
    async with story_on_its_way(bpost, monkeypatch, key) as held:
        bpost.reload()
        assert await bpost.until(lambda: held.calls >= 2)
        await bpost.settle()
        assert (bpost.shown, bpost.pane, bpost.message) == (number(bpost, 1), "story", message)


@pytest.mark.parametrize("key", ["&", "F"])
@pytest.mark.given(prepares=False)
async def test_account_does_not_open_when_the_cursor_moved_on(bpost: Reader, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    await at_the_news(bpost)
    async with story_on_its_way(bpost, monkeypatch, key) as held:
        await bpost.pilot.press("j")
        assert await bpost.until(lambda: held.calls >= 2)
        await bpost.settle()
        assert bpost.posts.story is not None
        assert (bpost.shown, bpost.pane) == (bpost.posts.story.id, "posts")
        assert "of 3" not in bpost.message and "failed" not in bpost.message


@pytest.mark.parametrize(("key", "owner", "lookup"), [("&", StoryGroups, "members"), ("F", GroupBuilder, "story_thread")])
@pytest.mark.given(prepares=False)
async def test_account_does_not_open_when_the_cursor_moved_on_before_it_was_found(
    bpost: Reader, monkeypatch: pytest.MonkeyPatch, key: str, owner: type[object], lookup: str
) -> None:
    watch_nothing(monkeypatch)
    await at_the_news(bpost)
    row = bpost.posts.cursor
    with HeldCalls(monkeypatch, owner, lookup, first_only=True) as held:
        await bpost.pilot.press(key)
        assert await bpost.until(lambda: held.calls >= 1)
        await bpost.pilot.press("j")
        assert await bpost.until(lambda: bpost.shown == bpost.posts.stories[row + 1].id)
    await bpost.settle()
    assert (bpost.posts.cursor, bpost.shown, bpost.pane) == (row + 1, bpost.posts.stories[row + 1].id, "posts")


@pytest.mark.parametrize(("others", "account"), [(("F",), 2), (("W",), 1), (("&",), 0)])
@pytest.mark.given(prepares=False)
async def test_key_counts_earlier_presses_only_if_no_other_key_was_pressed(
    bpost: Reader, monkeypatch: pytest.MonkeyPatch, others: tuple[str, ...], account: int
) -> None:
    watch_nothing(monkeypatch)
    await at_the_news(bpost)
    with HeldCalls(monkeypatch, StoryGroups, "members", first_only=True) as held:
        await bpost.pilot.press("&")
        assert await bpost.until(lambda: held.calls >= 1)
        await bpost.pilot.press(*others)
        await bpost.settle()
    if bpost.dialog:
        await bpost.press("escape")
    await bpost.press("&")
    assert bpost.shown == number(bpost, account)


@pytest.mark.given(prepares=False)
async def test_key_counts_no_presses_on_another_row(bpost: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    watch_nothing(monkeypatch)
    await at_the_news(bpost)
    await bpost.press("k")
    with HeldCalls(monkeypatch, StoryGroups, "members", first_only=True) as held:
        await bpost.pilot.press("&")
        assert await bpost.until(lambda: held.calls >= 1)
        await bpost.pilot.press("j", "&")
        await bpost.settle()
    assert (bpost.shown, bpost.message) == (number(bpost, 1), "Gazette: 2 of 3")


async def test_key_goes_one_account_on_after_an_error(bpost: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise StoreError("no room")

    await at_the_news(bpost)
    with monkeypatch.context() as patch:
        patch.setattr(StoryGroups, "members", fail)
        await bpost.press("&")
    await bpost.press("&")
    assert bpost.shown == number(bpost, 1)


@pytest.mark.parametrize("key", ["&", "F"])
async def test_shown_story_stays_when_an_account_cannot_be_read(bpost: Reader, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    await at_the_news(bpost)
    read, shown = Listings.story_and_item, bpost.shown

    def fail(listings: Listings, key: RowKey) -> tuple[SavedStory, int]:
        if key == shown:  # on a slow machine, the list is read again meanwhile, and the shown story with it
            return read(listings, key)
        raise StoreError("no room")

    with monkeypatch.context() as patch:
        patch.setattr(Listings, "story_and_item", fail)
        await bpost.press(key)
        assert (bpost.shown, bpost.pane, bpost.message) == (number(bpost, 0), "posts", "no room")
    await bpost.press(key)
    assert bpost.shown in {number(bpost, 1), number(bpost, 2)} and bpost.pane == "story"


async def test_key_opens_accounts_from_the_hits_of_a_search(bpost: Reader) -> None:
    await bpost.press("slash", *"portal:daily", "enter")
    await at_the_news(bpost)
    await bpost.press("&")
    assert bpost.shown == number(bpost, 1) and bpost.query == "portal:daily"
    await bpost.press("backspace")
    assert bpost.shown == number(bpost, 0) and bpost.query == "portal:daily"


async def test_footer_names_the_keys_of_a_group(bpost: Reader) -> None:
    await at_the_news(bpost)
    assert bpost.footer_place == "group"
    assert "& Other papers" in bpost.screen_text() and "W Why grouped?" in bpost.screen_text()
    await bpost.press("enter")
    assert bpost.footer_place == "account"
    await bpost.press("h", "k")
    assert bpost.footer_place == "posts"


@pytest.mark.given(size=(140, 60))
async def test_enter_opens_the_accounts_at_the_end_of_a_story(bpost: Reader) -> None:
    await at_the_news(bpost)
    await bpost.press("enter", "enter")
    assert "Type a link's letters" in bpost.screen_text()  # two accounts are in the window
    await bpost.press("escape", "h")
    bpost.library.group_builder.separate(number(bpost, 0), now=NOW)  # one other account is left
    bpost.reload()
    await bpost.settle()
    await at_the_news(bpost, 1)
    await bpost.press("enter", "enter")
    assert (bpost.pane, bpost.shown) == ("story", number(bpost, 2))


async def test_story_of_one_paper_has_no_other_accounts(bpost: Reader) -> None:
    await bpost.press("g")
    for key in ("&", "W", "!"):
        await bpost.press(key)
        assert bpost.message.startswith("No other paper has this news") and bpost.dialog == ""


# ── marks ───────────────────────────────────────────────────────────────────


async def test_reading_one_account_marks_all_and_undo_unmarks(bpost: Reader) -> None:
    await at_the_news(bpost)
    counts = [count.unread for count in bpost.categories.rows[:5]]
    await bpost.press("m")
    assert bpost.message.startswith("3 marked read") and "+2 Gazette: " in bpost.screen_text()
    assert all(is_read(bpost, at) for at in range(3))
    everything, _, *three = (before - count.unread for before, count in zip(counts, bpost.categories.rows, strict=False))
    assert (everything, three) == (3, [1, 1, 1])
    await bpost.press("u")
    assert not any(is_read(bpost, at) for at in range(3))
    assert [count.unread for count in bpost.categories.rows[:5]] == counts
    await bpost.press("m", "m")
    assert not any(is_read(bpost, at) for at in range(3))


async def test_undo_keeps_accounts_that_were_read_before(bpost: Reader) -> None:
    bpost.library.set_mark("read", [number(bpost, 2)], True, now=NOW)
    await bpost.reloaded()
    await at_the_news(bpost)
    await bpost.press("m")
    assert bpost.message.startswith("2 marked read")
    await bpost.press("u")
    assert [is_read(bpost, at) for at in range(3)] == [False, False, True]


@pytest.mark.parametrize("settings", [Settings(same_news_read_all=False), Settings(same_news_once=False)])
async def test_other_accounts_stay_unread_when_configured(bpost: Reader) -> None:
    await at_the_news(bpost)
    await bpost.press("m", "s")
    assert [is_read(bpost, at) for at in range(3)] == [True, False, False]
    assert [bpost.library.headline(number(bpost, at)).starred for at in range(3)] == [True, False, False]


async def test_marking_the_list_read_marks_grouped_accounts(bpost: Reader) -> None:
    await bpost.press("U", "A", "enter")
    assert unread(bpost) == 0 and not bpost.posts.stories
    assert bpost.library.unread_count() == 0
    await bpost.press("u")
    assert listed(bpost) == ["guid একলা", "guid 0", "guid দোসর"]


async def test_menu_counts_the_papers_own_stories_apart_from_repeats(bpost: Reader) -> None:
    await bpost.press("P", "G", "enter", "A")
    count = next(row.unread for row in bpost.categories.rows if row.source == bpost.categories.source)
    assert f"{count} + 2 with the same news" in bpost.screen_text()


@pytest.mark.parametrize("settings", [Settings(), Settings(same_news_read_all=False)])
async def test_marking_the_list_read_counts_every_account(bpost: Reader) -> None:
    await at_the_news(bpost)
    await bpost.press("&", "m", "h")  # with a paper open alone, an account is read alone
    before = bpost.library.unread_count()
    await bpost.press("A")
    dialog = bpost.screen_text()
    await bpost.press("enter")
    marked = before - bpost.library.unread_count()
    row = next(line for line in dialog.splitlines() if "This list" in line)
    assert sum(map(int, re.findall(r"[0-9]+", row.partition("This list")[2].partition("with the same news")[0][:20]))) == marked
    assert f"{marked} marked read · u: undo" in bpost.screen_text()
    await bpost.press("u")
    assert f"Undone: {marked} stories unread again" in bpost.screen_text()


async def test_account_read_to_its_end_marks_all_accounts(bpost: Reader) -> None:
    await at_the_news(bpost)
    await bpost.press("U", "&", "G")
    assert all(is_read(bpost, at) for at in range(3))
    assert bpost.posts.story and bpost.posts.story.guid == "guid 0"  # the story stays until the reader leaves it
    await bpost.press("h", "r")
    assert "guid 0" not in listed(bpost)


async def test_each_muted_account_counts(reader: ReaderFactory, papers: tuple[Paper, ...]) -> None:
    async with reader(papers[0].address, language="en") as bpost:
        every = unread(bpost)
    async with reader(papers[0].address, language="en", settings=Settings(mute={"words": ("ডেবরা",)})) as bpost:
        assert listed(bpost) == ["guid একলা", "guid দোসর"]
        assert unread(bpost) == every - 3 == len(bpost.posts.stories)
        assert "3 muted" in bpost.notes


# ── why, and apart ──────────────────────────────────────────────────────────


@pytest.mark.parametrize("size", [(140, 40), (80, 24), (40, 12)])
async def test_why_dialog_explains_the_group_and_opens_an_account(bpost: Reader, size: tuple[int, int]) -> None:
    await at_the_news(bpost)
    await bpost.press("W")
    assert bpost.dialog == "why" and "Why grouped?" in bpost.screen_text()
    if size[1] == 40:
        shown = bpost.screen_text()
        assert all(paper in shown for paper in ("Daily", "Gazette", "Times"))
        assert "rare words are the same: both name" in shown and "বাপন" in shown
    await bpost.press("j", "enter")
    assert (bpost.dialog, bpost.shown, bpost.pane) == ("", number(bpost, 1), "story")
    await bpost.press("W")
    assert bpost.dialog == "why"
    await bpost.press("escape")
    assert bpost.dialog == "" and bpost.shown == number(bpost, 1)


@pytest.mark.given(size=(140, 40))
async def test_why_dialog_shows_differing_and_changed_figures(bpost: Reader) -> None:
    more = account(1, 2)._replace(title=account(1, 2).title.replace("দু’জনের", "তিন জনের"))
    bpost.library.for_paper(GAZETTE).save([more], now=NOW)
    bpost.reload()
    await at_the_news(bpost)
    assert "+2 figures differ · " in bpost.screen_text()
    await bpost.press("W")
    shown = bpost.screen_text()
    assert "Dead: 2 (Daily, Times) · 3 (Gazette)" in shown
    assert "Dead: 2 until" in shown and "then 3" in shown and "Headline until" in shown


async def test_key_opens_follow_ups_of_a_story(bpost: Reader) -> None:
    await at_the_news(bpost)
    await bpost.press("F")
    assert bpost.shown in {number(bpost, 1), number(bpost, 2)} and "the oldest first" in bpost.message
    bpost.go("posts")
    bpost.posts.cursor = next(at for at, row in enumerate(bpost.posts.stories) if row.guid == "guid একলা")
    await bpost.settle()
    await bpost.press("F")
    assert bpost.message == "This story has no follow-ups"


async def test_group_keys_act_on_the_cursor_while_its_story_loads(bpost: Reader) -> None:
    await bpost.press("g")
    bpost.go("posts")
    bpost.posts.select(bpost.posts.slice.index_of(StoryKey(number(bpost, 0))) or 0)  # the story before it is still shown
    await bpost.press("W")
    assert bpost.dialog == "why"
    await bpost.press("escape", "&")
    assert bpost.shown == number(bpost, 1)


async def test_ungrouped_account_has_its_own_row_until_undone(bpost: Reader) -> None:
    await at_the_news(bpost)
    await bpost.press("W", "j", "!")
    assert bpost.dialog == "" and bpost.message.startswith("Ungrouped")
    assert listed(bpost) == ["guid একলা", "guid 1", "guid 0", "guid দোসর"]
    assert bpost.posts.story and bpost.posts.story.guid == "guid 0"
    await bpost.press("u")
    assert listed(bpost) == ["guid একলা", "guid 0", "guid দোসর"]
    assert bpost.message == "Undone: grouped again"


async def test_next_key_does_not_cancel_an_ungrouping(bpost: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    await at_the_news(bpost)
    await bpost.press("&")
    with HeldCalls(monkeypatch, StoryGroups, "members", first_only=True) as held:
        await bpost.pilot.press("!")
        assert await bpost.until(lambda: held.calls == 1)
        await bpost.pilot.press("&")
    await bpost.settle()
    assert "guid 1" in listed(bpost)


async def test_ungrouped_account_stays_so_after_a_restart(reader: ReaderFactory, papers: tuple[Paper, ...]) -> None:
    async with reader(papers[0].address, language="en") as bpost:
        await at_the_news(bpost)
        await bpost.press("&", "!")
        assert bpost.shown == number(bpost, 1)
        assert "guid 1" in listed(bpost)
        await bpost.press_last("Q")
    async with reader(papers[0].address, language="en") as bpost:
        assert listed(bpost) == ["guid একলা", "guid 1", "guid 0", "guid দোসর"]
        changed = account(1, 2)._replace(title=ACCOUNTS[1]["title"] + " গভীর রাতে")
        bpost.library.for_paper(GAZETTE).save([changed], now=NOW)
        await bpost.reloaded()
        assert listed(bpost) == ["guid একলা", "guid 1", "guid 0", "guid দোসর"]
