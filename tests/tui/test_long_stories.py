"""Tests with a story of half a million characters: the screen keeps working while it is typeset."""

from __future__ import annotations

import asyncio
import threading
from datetime import datetime, timedelta

import pytest

from bpost_tui.model.blocks import Blocks, Paragraph, Preformatted, Span
from bpost_tui.model.story import Story
from bpost_tui.store.library import Library
from bpost_tui.tui.widgets.story_view import StoryView
from bpost_tui.typesetting.typeset.cell_typesetter import CellTypesetter
from tests.tui.conftest import ReaderFactory
from tests.tui.reader_facade import Reader

LONG: dict[str, Blocks] = {
    "one preformatted line": (Preformatted((Span("x " * 60_000),)),),
    "preformatted lines": (Preformatted((Span("x\n" * 60_000),)),),
    "a paragraph": (Paragraph((Span("লেখা " * 30_000),)),),
}


def save_both(library: Library, text: Blocks, now: datetime) -> None:
    """Save a short story, and an older story with `text`, which is listed below it."""
    short = Story("1", "ছোট খবর", published=now, blocks=(Paragraph((Span("শেষ"),)),), full=True)
    library.save((short, short._replace(guid="2", title="বড় খবর", published=now - timedelta(hours=1), blocks=text)), now=now)


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
async def test_long_story_is_typeset_in_a_thread(
    text: Blocks, reader: ReaderFactory, library: Library, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    save_both(library, text, now)
    where: list[threading.Thread] = []
    galley = CellTypesetter.galley

    def noted(self: CellTypesetter, items: tuple[object, ...], cols: int, *, rows: int | None = None) -> object:
        if sum(len(run.text) for item in items for run in getattr(item, "runs", ())) > 100_000:
            where.append(threading.current_thread())
        return galley(self, items, cols, rows=rows)  # type: ignore[arg-type]

    monkeypatch.setattr(CellTypesetter, "galley", noted)
    async with reader("http://127.0.0.1:9", offline=True) as bpost:
        assert "শেষ" in bpost.screen_text()
        await bpost.press("down", "enter")
        await asyncio.wait_for(bpost.settle(), 60)
        assert bpost.galley is not None and bpost.galley.rows > 1000
        assert len(where) == 1 and where[0] is not threading.main_thread()


AGAIN: dict[str, tuple[str, ...]] = {
    "a column of another width": ("less_than_sign",),
    "nothing but the story": ("z",),
    "the usual width": ("less_than_sign", "equals_sign"),
    "a match": ("slash", *"quux", "enter"),
    "another window": (),
}


@pytest.mark.parametrize("keys", AGAIN.values(), ids=AGAIN)
async def test_shown_long_story_is_typeset_again_in_a_thread(
    keys: tuple[str, ...], reader: ReaderFactory, library: Library, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    save_both(library, (*LONG["a paragraph"], Paragraph((Span("quux"),)), *LONG["a paragraph"]), now)
    where: list[threading.Thread] = []
    galley = CellTypesetter.galley

    def noted(self: CellTypesetter, items: tuple[object, ...], cols: int, *, rows: int | None = None) -> object:
        if sum(len(run.text) for item in items for run in getattr(item, "runs", ())) > 100_000:
            where.append(threading.current_thread())
        return galley(self, items, cols, rows=rows)  # type: ignore[arg-type]

    monkeypatch.setattr(CellTypesetter, "galley", noted)
    async with reader("http://127.0.0.1:9", offline=True, size=(140, 40)) as bpost:
        await bpost.press("down", "enter", "space")
        where.clear()
        await bpost.press(*keys)
        if not keys:
            await bpost.pilot.resize_terminal(60, 40)
        await bpost.settle()
        assert threading.main_thread() not in where
        assert where
        assert bpost.galley is not None and bpost.galley.rows > 1000
        in_sight = [line for _, line in bpost.main.query_one(StoryView).lines_in_sight()]
        assert in_sight and ("quux" in in_sight) is ("slash" in keys)


async def test_find_marks_the_shown_story_while_a_long_one_is_set(
    reader: ReaderFactory, library: Library, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    save_both(library, LONG["a paragraph"], now)
    begun, may_end = threading.Event(), threading.Event()
    galley = CellTypesetter.galley

    def held(self: CellTypesetter, items: tuple[object, ...], cols: int, *, rows: int | None = None) -> object:
        if threading.current_thread() is not threading.main_thread():
            begun.set()
            may_end.wait()
        return galley(self, items, cols, rows=rows)  # type: ignore[arg-type]

    monkeypatch.setattr(CellTypesetter, "galley", held)
    async with reader("http://127.0.0.1:9", offline=True) as bpost:
        await bpost.press("enter", "slash")
        bpost.line.insert_text_at_cursor("শেষ")
        await bpost.settle()
        await bpost.press("enter")
        matches = bpost.matches
        assert matches
        await bpost.pilot.press("J")
        assert await bpost.until(begun.is_set)
        try:
            assert bpost.matches == matches
            await bpost.pilot.press("n")
            assert "ছোট খবর" in title(bpost)
        finally:
            may_end.set()
        await bpost.settle()
        assert "বড় খবর" in title(bpost) and not bpost.matches


def title(bpost: Reader) -> str:
    """Return the headline of the story in the story's pane."""
    return " ".join(run.text for item in bpost.items[:2] for run in getattr(item, "runs", ()))
