"""Tests of the window's title and of desktop notifications."""

from __future__ import annotations

import pytest

from bpost_tui.config import SAMPLE_NAME, Settings
from bpost_tui.core.lists.mutes import Mutes
from bpost_tui.core.new_story_notices import notable
from bpost_tui.core.wording import paper_name
from bpost_tui.i18n import Language
from bpost_tui.model.blocks import Paragraph, Span
from bpost_tui.model.story import Category, ListFilter, Story
from bpost_tui.store.library import Library
from tests.conftest import NOW
from tests.sample_portal.server import SamplePortal
from tests.tui.conftest import ReaderFactory
from tests.tui.reader_facade import Reader, ask_nothing_at_start, heard

PAPER = Language("bn").text(SAMPLE_NAME)


async def test_title_has_the_unread_stories_in_the_readers_digits(bpost: Reader, library: Library) -> None:
    unread = bpost.number(library.count(ListFilter(unread=True)))
    assert "১" in unread
    assert bpost.app.desktop.title == f"bpost ({unread}) · {PAPER}"
    await bpost.press("A", "enter")
    assert bpost.app.desktop.title == f"bpost · {PAPER}"


async def test_masthead_and_story_use_the_feeds_name(bpost: Reader, library: Library) -> None:
    assert bpost.screen_text().strip().startswith(PAPER)
    assert PAPER in "".join(run.text for item in bpost.items for run in getattr(item, "runs", ()))
    assert library.fetch_log.feed_title() == SAMPLE_NAME


def test_paper_name_is_its_host_before_the_first_feed() -> None:
    assert paper_name("http://news.example:8080/x", Language("en")) == "news.example"
    assert paper_name("https://www.thebengalpost.net/", Language("bn"), own_name="Home") == "দ্য বেঙ্গল পোস্ট"


def save(library: Library, *guids: str, slug: str) -> tuple[int, ...]:
    stories = [
        Story(guid, f"{guid} নদী", published=NOW, categories=(Category(slug, slug),), blocks=(Paragraph((Span("x"),)),), full=True)
        for guid in guids
    ]
    return library.save(stories, now=NOW).new


def test_notable_stories_match_wanted_categories_and_searches(reader: ReaderFactory, library: Library) -> None:
    from bpost_tui.core.lists.listings import Listings

    first, second = save(library, "এক", "দুই", slug="education")
    (third,) = save(library, "তিন", slug="sport")
    library.saved_searches.save("rivers", "nodi", now=NOW)
    library.set_mark("read", [second], True, now=NOW)
    listings = Listings(library, Language("en"), lambda: NOW)

    def noted(*wanted: str, ids: tuple[int, ...] = (first, second, third), mutes: Mutes | None = None) -> list[int]:
        return sorted(notable(listings, mutes or Mutes(), ids, wanted))

    assert noted("education") == [first]
    assert noted("search:rivers") == sorted([first, third])
    assert noted("search:rivers", ids=(third,)) == [third]
    assert noted("search:unknown", "nothing") == []
    sport = Mutes.load({"categories": ("sport",)}, library)
    assert noted("search:rivers", mutes=sport) == [first]
    assert noted("search:rivers", "sport", mutes=sport._replace(are_suspended=True)) == [first]


@pytest.fixture
def notifications(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    return heard(monkeypatch)


async def test_automatic_refresh_notifies_of_wanted_stories(
    reader: ReaderFactory, sample_portal: SamplePortal, library: Library, notifications: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ask_nothing_at_start(monkeypatch)  # so that nothing is there before
    async with reader(sample_portal.address, settings=Settings(notify=("education",))) as bpost:
        for _ in range(2):
            bpost.refresh_by_itself()
            await bpost.settle()
        education = library.headlines(ListFilter(category="education"), limit=100)
        assert len(notifications) == 1
        assert education[0].title in notifications[0]
        assert bpost.number(len(education) - 1) in notifications[0]


@pytest.mark.given(settings=Settings(notify=("education",)))
async def test_refresh_by_key_sends_no_notification(library: Library, notifications: list[str], bpost: Reader) -> None:
    await bpost.press("r")
    assert library.count(ListFilter(category="education"))
    assert notifications == []


@pytest.mark.given(terminal="foot")
async def test_notification_is_skipped_while_the_window_has_focus(bpost: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    monkeypatch.setattr(bpost.driver, "write", written.append)

    def notified() -> bool:
        found = any(stream.startswith("\x1b]9;") for stream in written)
        written.clear()
        return found

    async def notify() -> bool:
        bpost.note("পোস্ট", "খবর")
        await bpost.settle()
        return notified()

    assert await notify()  # the terminal never reported whether its window has the focus
    bpost.app.app_focus = False
    bpost.app.on_app_blur()
    assert await notify()
    bpost.app.app_focus = True
    assert not await notify()
