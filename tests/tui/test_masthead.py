"""Tests of the masthead: the day in both calendars, in one or not at all, and the current message always whole."""

from __future__ import annotations

import pytest

from bpost_tui.config import Settings
from bpost_tui.i18n import INDIA, Language
from tests.sample_portal.server import SamplePortal
from tests.tui.conftest import ReaderFactory
from tests.tui.reader_facade import Reader


def days(bpost: Reader, code: str) -> tuple[str, str]:
    """Day in the civil and in the Bangla calendar."""
    language = Language(code)
    return language.long_date(bpost.clock()), language.bangla_date(bpost.clock().astimezone(INDIA).date())


@pytest.mark.parametrize("language", ["bn", "en"])
async def test_day_is_named_by_both_calendars_unless_the_config_says_one(
    reader: ReaderFactory, sample_portal: SamplePortal, language: str
) -> None:
    async with reader(sample_portal.address, language=language) as bpost:
        assert " · ".join(days(bpost, language)) in bpost.screen_text()
    async with reader(sample_portal.address, language=language, settings=Settings(bangla_date=False)) as bpost:
        civil, bangla = days(bpost, language)
        assert civil in bpost.screen_text()
        assert bangla not in bpost.screen_text()


@pytest.mark.parametrize("language", ["bn", "en"])
@pytest.mark.given(size=(90, 24))
async def test_day_gives_way_to_what_is_said(bpost: Reader, language: str) -> None:
    civil, bangla = days(bpost, language)
    for said, named in (("12", (True, True)), ("a" * 24, (True, False)), ("a" * 50, (False, False))):
        bpost.say(said)
        await bpost.settle()
        text = bpost.screen_text()
        assert said in text
        assert (civil in text, bangla in text) == named


@pytest.mark.parametrize(("rows", "spare", "named"), [(4, 0, True), (3, 0, False), (5, 1, True), (4, 1, False), (3, 1, False)])
async def test_name_gives_way_where_a_line_of_a_story_would_not_fit(
    reader: ReaderFactory, sample_portal: SamplePortal, rows: int, spare: int, named: bool
) -> None:
    async with reader(sample_portal.address, size=(24, rows)) as bpost:
        bpost.app.renderer.change(spare_rows=spare)
        bpost.app.reset_type()
        await bpost.settle()
        assert bpost.main.query_one("#masthead").display is named
        assert bpost.main.max_scroll_y == 0
        assert bpost.main.query_one("#footer").region.bottom == rows - spare
