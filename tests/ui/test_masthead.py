"""Beside the paper's name: the day, by both calendars, by one or not at all, and always whole what is true just now."""

from __future__ import annotations

import pytest

from bpost_tui.config import Settings
from bpost_tui.i18n import INDIA, Language
from bpost_tui.portal.sample.server import SamplePortal
from tests.ui.conftest import Reader, ReaderFactory


def days(bpost: Reader, code: str) -> tuple[str, str]:
    """The day by the civil and by the Bangla calendar."""
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
async def test_day_gives_way_to_what_is_said(reader: ReaderFactory, sample_portal: SamplePortal, language: str) -> None:
    async with reader(sample_portal.address, language=language, size=(80, 24)) as bpost:
        civil, bangla = days(bpost, language)
        for said, named in (("12", (True, True)), ("a" * 24, (True, False)), ("a" * 50, (False, False))):
            bpost.main._say(said)
            await bpost.settle()
            text = bpost.screen_text()
            assert said in text
            assert (civil in text, bangla in text) == named
