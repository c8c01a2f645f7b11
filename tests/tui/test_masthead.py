"""Tests of the title bar: the date in both calendars, in one or not at all, and the current message always whole."""

from __future__ import annotations

import pytest

from bpost_tui.config import Settings
from bpost_tui.core.templates import bangla_calendar
from bpost_tui.i18n import INDIA, Language
from tests.sample_portal.server import SamplePortal
from tests.tui.conftest import ReaderFactory
from tests.tui.reader_facade import Reader


def days(bpost: Reader, code: str) -> tuple[str, str]:
    """Return today's date in the civil and in the Bangla calendar, in the language `code`."""
    language = Language(code)
    return language.long_date(bpost.clock()), language.bangla_date(bpost.clock().astimezone(INDIA).date())


@pytest.mark.parametrize(
    ("chosen", "address", "in_bangladesh", "calendar"),
    [
        ("auto", "https://thebengalpost.net", False, "west-bengal"),
        ("auto", "https://www.dailynews.com.bd", False, "bangladesh"),
        ("auto", "https://thebengalpost.net", True, "bangladesh"),
        ("west-bengal", "https://www.dailynews.com.bd", True, "west-bengal"),
        ("off", "https://www.dailynews.com.bd", True, "off"),
    ],
)
def test_bangla_calendar_is_that_of_the_papers_or_the_systems_country(
    chosen: str, address: str, in_bangladesh: bool, calendar: str
) -> None:
    settings = Settings(bangla_date=chosen, portal=address)
    assert bangla_calendar(settings, Language("en", in_bangladesh=in_bangladesh)) == calendar


@pytest.mark.parametrize("language", ["bn", "en"])
async def test_day_is_in_both_calendars_by_default(reader: ReaderFactory, sample_portal: SamplePortal, language: str) -> None:
    async with reader(sample_portal.address, language=language) as bpost:
        assert " · ".join(days(bpost, language)) in bpost.screen_text()
    async with reader(sample_portal.address, language=language, settings=Settings(bangla_date="off")) as bpost:
        civil, bangla = days(bpost, language)
        assert civil in bpost.screen_text()
        assert bangla not in bpost.screen_text()


@pytest.mark.parametrize("language", ["bn", "en"])
@pytest.mark.given(size=(90, 24))
async def test_day_makes_room_for_a_message(bpost: Reader, language: str) -> None:
    civil, bangla = days(bpost, language)
    for message, named in (("12", (True, True)), ("a" * 24, (True, False)), ("a" * 50, (False, False))):
        bpost.show_refresh_message(message)
        await bpost.settle()
        text = bpost.screen_text()
        assert message in text
        assert (civil in text, bangla in text) == named


@pytest.mark.parametrize(("rows", "spare", "named"), [(4, 0, True), (3, 0, False), (5, 1, True), (4, 1, False), (3, 1, False)])
async def test_masthead_is_hidden_when_no_story_line_would_fit(
    reader: ReaderFactory, sample_portal: SamplePortal, rows: int, spare: int, named: bool
) -> None:
    async with reader(sample_portal.address, size=(24, rows)) as bpost:
        bpost.app.renderer.change(spare_rows=spare)
        bpost.app.reset_type()
        await bpost.settle()
        assert bpost.main.query_one("#masthead").display is named
        assert bpost.main.max_scroll_y == 0
        assert bpost.main.query_one("#footer").region.bottom == rows - spare


@pytest.mark.parametrize("days_later", [2, -400], ids=["later", "put back"])
async def test_date_and_ages_follow_the_clock_while_nothing_else_happens(
    reader: ReaderFactory, sample_portal: SamplePortal, days_later: int
) -> None:
    async with reader(sample_portal.address, language="en", settings=Settings(refresh_minutes=0)) as bpost:
        assert await bpost.until(lambda: bool(bpost.posts.stories))
        newest = bpost.posts.stories[0].published
        bpost.tick(days_later * 24 * 3600)
        assert await bpost.until(lambda: days(bpost, "en")[0] in bpost.screen_text())
        assert bpost.language.age(newest, bpost.now) in bpost.screen_text()
