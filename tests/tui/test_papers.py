"""Tests of several papers: shown together or one at a time, with their categories folded or unfolded."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from bpost_tui.config import PortalSetting, Settings
from bpost_tui.core.external_programs import ExternalProgram, ProgramResult
from bpost_tui.core.lists.list_source import AllNewsSource
from bpost_tui.core.lists.listings import Listings
from bpost_tui.core.lists.subscriptions import select_papers
from bpost_tui.errors import ProgramError
from bpost_tui.model.blocks import Paragraph, Span
from bpost_tui.model.feed_addresses import FeedAddresses
from bpost_tui.model.paper import Paper, paper_at
from bpost_tui.model.story import Category, Story
from bpost_tui.store.library import Library
from bpost_tui.typesetting.terminal.capabilities import RenderMode
from bpost_tui.typesetting.typeset.items import Pair
from bpost_tui.typesetting.typeset.items import Size as TypeSize
from tests.conftest import NOW
from tests.faults.fault_portal import FaultPortal, answer
from tests.sample_portal.server import SamplePortal
from tests.scripted_portal import item, rss
from tests.tui.conftest import ReaderFactory
from tests.tui.held_calls import HeldCalls, watch_nothing
from tests.tui.reader_facade import Reader

pytestmark = pytest.mark.given(language="en")

SPORT, TOWN = Category("sport", "খেলা"), Category("town", "শহর")
DAILY = paper_at("https://daily.example", "Daily")
GAZETTE = paper_at("https://gazette.example", "Gazette")


def save(library: Library, paper: Paper, *titles: str, category: Category = SPORT, age_h: int = 1) -> None:
    stories = [
        Story(
            f"{paper.address}/?p={title}",
            f"{title} শিরোনাম",
            f"{paper.address}/{title}",
            published=NOW - timedelta(hours=age_h + at),
            categories=(category,),
            excerpt=f"{title} প্রথম বাক্য।",
            blocks=(Paragraph((Span(f"{title} লেখা।"),)),),
            full=True,
        )
        for at, title in enumerate(titles)
    ]
    library.for_paper(paper).save(stories, now=NOW)


@pytest.fixture
def papers(library: Library, sample_portal: SamplePortal) -> tuple[Paper, ...]:
    """Save and return three papers: the sample portal's, which is fetched, and two with saved stories in the same category."""
    papers = (paper_at(sample_portal.address), DAILY, GAZETTE)
    library.set_subscriptions(papers)
    save(library, DAILY, "এক", "দুই", "তিন")
    save(library, GAZETTE, "চার", "পাঁচ", age_h=2)
    save(library, GAZETTE, "ছয়", category=TOWN, age_h=5)
    return papers


@pytest.fixture
def address(papers: tuple[Paper, ...]) -> str:
    return papers[0].address


def rows(bpost: Reader) -> list[tuple[str, str]]:
    """Return the rows of the category pane, except the reader's own lists, as (name, key of the paper)."""
    return [(count.name, count.paper) for count in bpost.categories.rows]


def masthead(bpost: Reader) -> str:
    return bpost.screen_text().strip().splitlines()[0].strip()  # in a high window, the first row is blank


def category_bar(bpost: Reader) -> str:
    return bpost.screen_text().splitlines()[bpost.main.query_one("#category_bar").region.y].strip()


@pytest.mark.given(size=(80, 24))
async def test_masthead_names_the_list_and_the_bar_shows_where_it_is(bpost: Reader, papers: tuple[Paper, ...]) -> None:
    assert masthead(bpost).startswith("All papers") and category_bar(bpost).startswith("All papers")
    for key, name in ("j", papers[0].key), ("j", "Daily"), ("j", "Gazette"):
        await bpost.press("h", key, "enter")
        assert masthead(bpost).startswith(bpost.categories.rows[bpost.categories.cursor].name)
        assert bpost.categories.rows[bpost.categories.cursor].name in category_bar(bpost), name
    await bpost.press("slash", *"teen", "enter")
    assert masthead(bpost).startswith("“teen”")
    await bpost.press("escape", "enter", "escape", "h", "G", "enter")
    assert masthead(bpost).startswith("Recently opened")
    assert category_bar(bpost).startswith("‹") and "Recently opened" in category_bar(bpost)


@pytest.mark.given(size=(80, 24))
async def test_click_in_the_bar_shows_the_list_of_a_category(bpost: Reader, papers: tuple[Paper, ...]) -> None:
    async def click(column: int) -> None:
        await bpost.pilot.click("#category_bar", offset=(column, 0))
        await bpost.settle()

    await click(category_bar(bpost).index("Daily") + 1)
    assert masthead(bpost).startswith("Daily") and bpost.pane == "posts"
    await bpost.press("enter")
    await click(category_bar(bpost).index("The Bengal Post") + 1)  # unfolds its categories, more than fit
    assert masthead(bpost).startswith("The Bengal Post") and bpost.pane == "posts"
    end = bpost.categories.row_count() - int(category_bar(bpost).removesuffix("›").split()[-1])
    await click(bpost.app.size.width - 2)  # the number of categories left out at the right
    assert bpost.categories.cursor == end
    first = int(category_bar(bpost).removeprefix("‹").split()[0])
    await click(1)
    assert bpost.categories.cursor == first - 1


@pytest.mark.parametrize("size", [(80, 24), (90, 30), (100, 30), (176, 54)])
async def test_categories_move_no_row_and_break_no_line_of_the_story(bpost: Reader, papers: tuple[Paper, ...]) -> None:
    before, regions = bpost.galley, [widget.region for widget in (bpost.story, bpost.posts)]
    await bpost.press("h")
    assert bpost.categories.region.area and bpost.story.region == regions[0]
    assert bpost.galley is before
    if bpost.app.size.width >= 100:
        assert bpost.posts.region == regions[1]
    else:
        assert bpost.categories.region == regions[1]


async def test_all_papers_come_first_then_each_folded(bpost: Reader, papers: tuple[Paper, ...]) -> None:
    assert [key for _, key in rows(bpost)[:4]] == ["", *(paper.key for paper in papers)]
    assert [name for name, _ in rows(bpost)[:4]][2:] == ["Daily", "Gazette"]
    assert masthead(bpost).startswith("All papers")
    assert {row.paper for row in bpost.posts.stories} == {paper.key for paper in papers}
    everything, *each = [count.unread for count in bpost.categories.rows[:4]]
    assert everything == sum(each)


async def test_row_names_its_paper_only_in_a_mixed_list(bpost: Reader) -> None:
    await bpost.press("g")
    assert "Daily" in bpost.screen_text().split("এক শিরোনাম")[0].splitlines()[-2]
    await bpost.press("P", "j", "j", "enter")
    assert masthead(bpost).startswith("Daily") and bpost.pane == "posts"
    assert {row.paper for row in bpost.posts.stories} == {DAILY.key} and len(bpost.posts.stories) == 3
    listed = bpost.screen_text().split("এক শিরোনাম")[0].splitlines()[-2]
    assert "Daily" not in listed


async def test_paper_is_refreshed_when_due(reader: ReaderFactory) -> None:
    with FaultPortal() as portal:
        portal.set_reply("/feed", answer(rss(item("এক", guid="1")), "200 OK", "application/rss+xml"))
        often = PortalSetting(portal.address, refresh_minutes=5)
        async with reader(portal.address, settings=Settings(portals=(often,), refresh_minutes=60)) as bpost:
            for minutes, fetches in ((4, 1), (2, 2), (4, 2), (2, 3)):
                bpost.tick(60 * minutes)
                bpost.refresh_what_is_due()
                await bpost.settle()
                assert portal.count("/feed") == fetches, minutes


async def test_refresh_by_key_asks_all_papers_by_timer_due_ones(reader: ReaderFactory, library: Library) -> None:
    with FaultPortal() as front, FaultPortal() as feed, FaultPortal() as down:
        front.set_reply("/feed", answer(rss(item("সামনে", guid="1")), "200 OK", "application/rss+xml"))
        feed.set_reply("/news.xml", answer(rss(item("ফিড", guid="1")), "200 OK", "application/rss+xml"))
        down.set_reply("/news.xml", answer("", "503 Service Unavailable"))

        def fetches() -> list[int]:
            return [front.count("/feed"), feed.count("/news.xml"), down.count("/news.xml")]

        often, seldom = (
            PortalSetting(f"{feed.address}/news.xml", kind="feed"),
            PortalSetting(f"{down.address}/news.xml", kind="feed"),
        )
        papers = (PortalSetting(front.address), often, seldom._replace(refresh_minutes=60))
        settings = Settings(portals=papers, refresh_minutes=5)
        library.set_subscriptions(select_papers(settings).papers)
        async with reader(front.address, settings=settings, language="en") as bpost:
            before = fetches()
            await bpost.press("r")
            assert all(now > earlier for now, earlier in zip(fetches(), before, strict=True))
            assert {(row.title, row.paper) for row in bpost.posts.stories} == {("সামনে", papers[0].key), ("ফিড", papers[1].key)}
            assert "can't be fetched" in bpost.screen_text()
            before = fetches()
            bpost.tick(60 * 6)
            bpost.refresh_what_is_due()
            await bpost.settle()
            assert fetches() == [before[0] + 1, before[1] + 1, before[2]]


@pytest.fixture
def paper_changes(monkeypatch: pytest.MonkeyPatch) -> list[ProgramResult | ProgramError]:
    """Return the list of results that commands give from now on, the first result first."""
    results: list[ProgramResult | ProgramError] = []

    def give_result(_: ExternalProgram, *, timeout_s: float) -> ProgramResult:
        result = results.pop(0)
        if isinstance(result, ProgramError):
            raise result
        return result

    monkeypatch.setattr(ExternalProgram, "wait_result", give_result)
    return results


async def test_reader_restarts_for_a_change_though_the_next_takes_too_long(
    reader: ReaderFactory,
    sample_portal: SamplePortal,
    paper_changes: list[ProgramResult | ProgramError],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    paper_changes += [ProgramResult(0, "moved", ""), ProgramError("it took longer than 60 s")]
    async with reader(sample_portal.address, portals=("bpost", "portals")) as bpost:
        with HeldCalls(monkeypatch, ExternalProgram, "wait_result", first_only=True) as held:
            for _ in range(2):
                await bpost.pilot.press("@", "x", "enter")
            assert await bpost.until(lambda: held.calls == 1)
        assert await bpost.until(lambda: not bpost.app.is_running)
    assert (bpost.app.return_value, paper_changes) == ("again", [])


@pytest.mark.parametrize(
    ("result", "message"),
    [(ProgramError("it took longer than 60 s"), "it took longer than 60 s"), (ProgramResult(-9, "", ""), "exited with status -9")],
)
async def test_failed_change_of_a_paper_is_reported(
    reader: ReaderFactory,
    sample_portal: SamplePortal,
    paper_changes: list[ProgramResult | ProgramError],
    result: ProgramResult | ProgramError,
    message: str,
) -> None:
    paper_changes.append(result)
    async with reader(sample_portal.address, portals=("bpost", "portals"), language="en") as bpost:
        await bpost.press("@", "x", "enter")
        assert message in bpost.message


async def test_choosing_no_paper_changes_nothing(bpost: Reader) -> None:
    before = bpost.list_filter
    await bpost.press("P")
    assert bpost.dialog == "choice"
    await bpost.press("j", "escape")
    assert bpost.list_filter == before and bpost.app.screen is bpost.main


async def test_unfolded_categories_are_remembered(bpost: Reader) -> None:
    await bpost.press("P", "G", "enter", "h", "f")
    assert rows(bpost)[4:6] == [("খেলা", GAZETTE.key), ("শহর", GAZETTE.key)]
    assert bpost.choices.unfolded == (GAZETTE.key,)
    await bpost.press("down", "down")
    assert bpost.slug == "town"
    assert [row.title for row in bpost.posts.stories] == ["ছয় শিরোনাম"]
    await bpost.press("f")
    assert bpost.categories.source == AllNewsSource(GAZETTE.key)
    assert ("শহর", GAZETTE.key) not in rows(bpost) and len(bpost.posts.stories) == 3
    assert not bpost.choices.unfolded


async def test_paper_stays_unfolded_when_a_reload_begun_before_ends(bpost: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    await bpost.press("P", "G", "enter", "h")
    watch_nothing(monkeypatch)
    with HeldCalls(monkeypatch, Listings, "read", first_only=True) as held:
        bpost.reload()
        assert await bpost.until(lambda: held.calls == 1)
        await bpost.pilot.press("f")
        assert await bpost.until(lambda: ("শহর", GAZETTE.key) in rows(bpost))
    await bpost.settle()
    assert ("শহর", GAZETTE.key) in rows(bpost) and bpost.choices.unfolded == (GAZETTE.key,)


async def test_fold_in_all_papers_shows_the_categories_of_all_papers_or_none(bpost: Reader) -> None:
    folded = rows(bpost)
    await bpost.press("f")
    assert {("খেলা", GAZETTE.key), ("শহর", GAZETTE.key)} < set(rows(bpost))
    await bpost.press("f")
    assert rows(bpost) == folded


async def test_reader_reopens_the_category_of_its_paper(reader: ReaderFactory, papers: tuple[Paper, ...]) -> None:
    async with reader(papers[0].address, language="en") as bpost:
        await bpost.press("P", "G", "enter", "h", "f", "down", "enter", "down")
        assert bpost.slug == "sport"
        left = bpost.categories.source, bpost.shown
        await bpost.press_last("Q")
    async with reader(papers[0].address, language="en") as bpost:
        assert (bpost.categories.source, bpost.shown) == left
        assert masthead(bpost).startswith("খেলা · Gazette")


async def test_story_names_its_own_paper(bpost: Reader) -> None:
    await bpost.press("g", "P", "G", "enter", "enter")
    assert "Gazette" in "".join(run.text for item in bpost.items[:3] for run in getattr(item, "runs", ()))


async def test_palette_goes_to_a_paper(bpost: Reader) -> None:
    await bpost.press("colon", *"gazette", "enter")
    assert bpost.list_filter.paper == GAZETTE.key


async def test_announced_move_is_beside_the_paper_and_in_its_message(
    reader: ReaderFactory, library: Library, papers: tuple[Paper, ...]
) -> None:
    save(library, GAZETTE, *(f"আরও {at}" for at in range(10)))  # enough stories that the portal isn't asked now
    log = library.for_paper(GAZETTE).fetch_log
    for addresses in (FeedAddresses(), FeedAddresses("https://new.example/feed")):
        log.record_refresh(NOW, addresses=addresses)
    async with reader(papers[0].address, language="en") as bpost:
        assert [row.has_fault for row in bpost.categories.rows if row.name == "Gazette"] == [True]
        await bpost.press("P", "G", "enter")
        assert "its feed announces a new address, https://new.example/feed, since 24 November 2026" in bpost.message
        assert bpost.message.endswith(" · @: move the paper there")


# ── groups of papers ────────────────────────────────────────────────────────


async def test_a_group_is_folded_counted_listed_and_marked_read(
    reader: ReaderFactory, library: Library, sample_portal: SamplePortal, papers: tuple[Paper, ...]
) -> None:
    settings = Settings(
        portals=(
            PortalSetting(papers[0].address),
            PortalSetting(DAILY.address, "Daily", groups=("District", "Sport")),
            PortalSetting(GAZETTE.address, "Gazette", groups=("District",)),
        )
    )
    library.for_paper(GAZETTE).fetch_log.record_failure(NOW)
    async with reader(papers[0].address, language="en", settings=settings) as bpost:
        heads = [row for row in bpost.categories.rows if row.is_paper_or_group]
        assert [(row.name, row.unread, row.depth) for row in heads[1:]] == [("District", 6, 0), ("Sport", 3, 0)]
        assert heads[1].has_fault
        await bpost.press("P", "j", "j", "enter")  # past the portal to the group
        await bpost.settle()
        assert masthead(bpost).startswith("District")
        assert {row.paper for row in bpost.posts.stories} == {DAILY.key, GAZETTE.key}
        await bpost.press("f")
        below = [(row.name, row.depth) for row in bpost.categories.rows if row.is_paper_or_group]
        assert below[1:] == [("District", 0), ("Daily", 1), ("Gazette", 1), ("Sport", 0)]
        await bpost.press("f")
        assert [row.name for row in bpost.categories.rows if row.is_paper_or_group][1:] == ["District", "Sport"]
        await bpost.press("A", "A")
        assert library.for_paper(DAILY).categories()[0].unread == 0
        assert library.unread_count() > 0
        await bpost.press("h", "g", "f")  # of All papers: every group
        assert [row.name for row in bpost.categories.rows if row.is_paper_or_group][1:] == ["District", "Daily", "Gazette", "Sport"]
        await bpost.press("f")
        assert [row.name for row in bpost.categories.rows if row.is_paper_or_group][1:] == ["District", "Sport"]


async def test_failing_paper_shows_its_failures_when_chosen(
    reader: ReaderFactory, library: Library, papers: tuple[Paper, ...]
) -> None:
    save(library, GAZETTE, *(f"আরও {at}" for at in range(10)))  # enough stories that the portal isn't asked now
    for _ in range(3):
        library.for_paper(GAZETTE).fetch_log.record_failure(NOW)
    async with reader(papers[0].address, language="en", size=(90, 24)) as bpost:  # the categories are a bar
        assert "Gazette ! 13" in bpost.screen_text()
    async with reader(papers[0].address, language="en") as bpost:
        await bpost.press("P", "G", "enter")
        assert bpost.message == "Gazette: failed 3 times since 24 November 2026 · bpost portals"
        await bpost.press("P", "k", "enter")
        assert masthead(bpost).startswith("Daily") and "failed" not in bpost.message


@pytest.mark.parametrize(("render_mode", "how"), [(RenderMode.MOSAIC, "mosaic"), (RenderMode.CELLS, "cells")])
@pytest.mark.parametrize("size", [(176, 54), (120, 30), (100, 30)])
async def test_line_of_a_story_has_its_paper_but_room_for_its_headline(
    reader: ReaderFactory, library: Library, sample_portal: SamplePortal, render_mode: RenderMode, how: str, size: tuple[int, int]
) -> None:
    """Paper and place were as many letters in a mosaic as in cells, where a letter is a third as wide: one word was left."""
    long = paper_at(sample_portal.address, "দ্য বেঙ্গল পোস্ট: নমুনা সংস্করণ")
    library.set_subscriptions([long, DAILY])
    title = "কাগজে কংসাবতী, মুখে কাঁসাই; ঝালদার পাহাড় থেকে হলদি নদীর ঘাট পর্যন্ত"
    save(library, long, f"{title} মেদিনীপুর", category=TOWN)
    async with reader(sample_portal.address, language="bn", render_mode=render_mode, how=how, size=size) as bpost:
        await bpost.press("C", "g")
        posts, typesetter = bpost.posts, bpost.app.renderer.typesetter
        (pair,) = posts.row_items(posts.cursor)
        assert isinstance(pair, Pair) and title in "".join(run.text for run in pair.left)
        columns = posts.scrollable_content_region.width
        room = columns - typesetter.advance(pair.right, TypeSize.ROW)
        assert room >= min(12 * typesetter.row_em_cells, columns * 0.45)
        assert ("দ্য বে" in "".join(run.text for run in pair.right)) == (columns >= 24 * typesetter.row_em_cells)


async def test_line_of_a_story_drops_a_bengali_place_that_would_be_drawn_in_a_mosaic(
    reader: ReaderFactory, library: Library, sample_portal: SamplePortal
) -> None:
    """Beside a place drawn as dots, the paper was as wide as the headline; without it, both names of papers fit in cells."""
    post = paper_at(sample_portal.address, "The Bengal Post: sample edition")
    library.set_subscriptions([post, DAILY])
    save(library, post, "পিংলা: নয়া গ্রামের পটে অপরাজিতার নীল, হলুদের হলুদ")
    in_mosaic = partial(reader, language="en", render_mode=RenderMode.MOSAIC, how="mosaic", size=(176, 54))
    async with in_mosaic(sample_portal.address) as bpost:
        await bpost.press("C", "g")
        (pair,) = bpost.posts.row_items(bpost.posts.cursor)
        assert isinstance(pair, Pair) and "পিংলা" not in "".join(run.text for run in pair.left)
        assert "".join(run.text for run in pair.right) == f"{post.name}  1 hour ago"
