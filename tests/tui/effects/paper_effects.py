"""Checks of the actions for papers. If there is only one paper, they explain how to add another.

tests/tui/test_papers.py has several papers.
"""

from __future__ import annotations

from tests.tui.effects import effect, keys
from tests.tui.reader_facade import Reader


async def _tells_how_to_add_one(bpost: Reader, action: str) -> None:
    shown = bpost.shown
    await bpost.press(*keys(action))
    assert bpost.message.startswith(bpost.text("There is one paper; `bpost portals add` adds another"))
    assert bpost.shown == shown and bpost.app.screen is bpost.main


@effect("papers")
async def papers(bpost: Reader) -> None:
    await _tells_how_to_add_one(bpost, "papers")


@effect("fold")
async def fold(bpost: Reader) -> None:
    await _tells_how_to_add_one(bpost, "fold")


@effect("move_paper")
async def move_paper(bpost: Reader) -> None:
    await bpost.press(*keys("move_paper"))  # tests/pty/test_paper_changes.py moves a paper
    assert bpost.message.startswith(bpost.text("Papers can't be changed here"))


@effect("accounts")
async def accounts(bpost: Reader) -> None:
    await _tells_how_to_add_one(bpost, "accounts")


@effect("saga")
async def saga(bpost: Reader) -> None:
    await _tells_how_to_add_one(bpost, "saga")


@effect("why_together")
async def why_together(bpost: Reader) -> None:
    await _tells_how_to_add_one(bpost, "why_together")


@effect("apart")
async def apart(bpost: Reader) -> None:
    await _tells_how_to_add_one(bpost, "apart")


@effect("same_news_once")
async def same_news_once(bpost: Reader) -> None:
    await _tells_how_to_add_one(bpost, "same_news_once")
