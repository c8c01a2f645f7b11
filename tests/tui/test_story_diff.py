"""Tests of the key `d`: it shows each change that the portal made to a story, with a few unchanged lines around it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bpost_tui.model.blocks import Paragraph, Span
from bpost_tui.model.story import Story
from bpost_tui.store.library import Library
from tests.tui.conftest import NOWHERE, ReaderFactory

COUNT = 40


def story(now: datetime, changed: dict[int, str]) -> Story:
    words = [changed.get(number, f"অনুচ্ছেদ-{number} " + f"কথা-{number} " * 12) for number in range(COUNT)]
    blocks = tuple(Paragraph((Span(text),)) for text in words)
    return Story("1", "Midnapore: খবর", published=now - timedelta(days=2), blocks=blocks, full=True)


@pytest.mark.parametrize("size", [(43, 12), (80, 24), (140, 40)])
async def test_diff_shows_three_unchanged_lines_around_changes(
    reader: ReaderFactory, library: Library, now: datetime, size: tuple[int, int]
) -> None:
    library.save([story(now, {15: "আগের চিকিৎসক এলেন।", 30: "পুরনো সেতু খোলা।"})], now=now)
    library.save([story(now, {15: "নতুন চিকিৎসক এলেন।", 30: "পুরনো সেতু বন্ধ।"})], now=now)
    async with reader(NOWHERE, language="en", offline=True, size=size) as bpost:
        await bpost.press("l", "d")
        assert bpost.dialog == "page"
        assert "নতুন" in bpost.screen_text()
        items = ["".join(run.text for run in getattr(item, "runs", ())) for item in bpost.page_items]
        near = {number for number in range(COUNT) if any(f"অনুচ্ছেদ-{number} " in text for text in items)}
        assert near == {12, 13, 14, 16, 17, 18, 27, 28, 29, 31, 32, 33}
        assert [text for text in items if text.startswith("⋯")] == [f"⋯ {n} unchanged paragraphs" for n in (12, 8, COUNT - 34)]


async def test_diff_of_a_headline_omits_the_text(reader: ReaderFactory, library: Library, now: datetime) -> None:
    before = story(now, {})
    library.save([before], now=now)
    library.save([before._replace(title="Midnapore: নতুন কথা")], now=now)
    async with reader(NOWHERE, language="en", offline=True) as bpost:
        await bpost.press("l", "d")
        assert "নতুন" in bpost.screen_text()
        assert f"⋯ {COUNT} unchanged paragraphs" in bpost.screen_text()
        assert "অনুচ্ছেদ-1 " not in "".join(run.text for item in bpost.page_items for run in getattr(item, "runs", ()))
