"""Tests that only visible rows are typeset, so that a long list opens as fast as a short one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from bpost_tui.core.lists.list_slice import FIRST_ROWS
from bpost_tui.model.blocks import Paragraph, Span
from bpost_tui.model.story import Story
from bpost_tui.store.library import Library
from bpost_tui.typesetting.textual.renderer import Renderer
from bpost_tui.typesetting.typeset.items import Item
from bpost_tui.typesetting.typeset.protocols import Galley
from tests.tui.conftest import ReaderFactory

STORIES = 10_000


@pytest.fixture
def full_library(library: Library, now: datetime) -> Library:
    text = (Paragraph((Span("মেদিনীপুর শহরে আজ বৃষ্টি হল। কাল রোদ উঠবে।"),)),)
    stories = [
        Story(
            f"g{n}",
            f"Midnapore: শিরোনাম {n}",
            f"http://a.test/{n}.html",
            published=now - timedelta(minutes=n),
            blocks=text,
            full=True,
        )
        for n in range(STORIES)
    ]
    for start in range(0, STORIES, 1000):
        library.save(stories[start : start + 1000], now=now)
    return library


async def test_ten_thousand_headlines_open_by_window(
    reader: ReaderFactory, full_library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    galleys: list[int] = []
    set_type = Renderer.set

    def counted(self: Renderer, items: Sequence[Item], cols: int, *, rows: int | None = None) -> Galley:
        galleys.append(cols)
        return set_type(self, items, cols, rows=rows)

    monkeypatch.setattr(Renderer, "set", counted)
    async with reader("http://127.0.0.1:9", offline=True) as bpost:
        assert len(bpost.posts.stories) == FIRST_ROWS
        assert len(galleys) < 60
        assert f"শিরোনাম {0}" in bpost.screen_text()
        await bpost.press("pagedown", "pagedown")
        await bpost.press("G")
        assert len(bpost.posts.stories) == FIRST_ROWS
        assert f"শিরোনাম {STORIES - 1}" in bpost.screen_text()
        assert len(galleys) < 200
