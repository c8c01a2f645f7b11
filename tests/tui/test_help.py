"""Tests of the help: each of its lines is whole, at every width of the window."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest

from bpost_tui.core.keys.actions import ACTIONS, ALOUD_HELP, FOOTERS, Scope, help_actions
from bpost_tui.tui.widgets.story_view import StoryView
from bpost_tui.typesetting.terminal.capabilities import RenderMode
from bpost_tui.typesetting.typeset.protocols import Galley
from tests.sample_portal.server import SamplePortal
from tests.tui.conftest import ReaderFactory
from tests.tui.reader_facade import Reader, galley_of


@pytest.mark.parametrize(("place", "footer"), [(Scope.LISTS, "posts"), (Scope.STORY, "story")])
def test_help_lists_each_key_once_with_the_footers_first(place: Scope, footer: str) -> None:
    here, anywhere = help_actions(place).values()
    named = [action.id for action in (*here, *anywhere)]
    assert sorted(named) == sorted({action.id for action in ACTIONS if action.scope in (place, Scope.ANYWHERE)})
    assert set(FOOTERS[footer]) - {"help"} <= set(named[:13])


@pytest.mark.parametrize("how", ["cells", "mosaic"])
@pytest.mark.parametrize("language", ["bn", "en"])
async def test_help_is_never_clipped(reader: ReaderFactory, sample_portal: SamplePortal, language: str, how: str) -> None:
    async with reader(sample_portal.address, size=(80, 24), language=language, render_mode=RenderMode.MOSAIC, how=how) as bpost:
        texts = [bpost.text(action.help) for action in ACTIONS if action.scope in (Scope.LISTS, Scope.ANYWHERE)]
        texts += map(bpost.text, ALOUD_HELP.values())
        for cols in (80, 60, 40):
            await bpost.pilot.resize_terminal(cols, 24)
            await bpost.press("question_mark")
            galley = galley_of(bpost.app.screen.query_one(StoryView))
            assert galley is not None
            words = (word for row in range(galley.rows) for word in painted(galley, row, bpost))
            whole = "".join("".join(words).split())
            assert "…" not in whole
            assert [text for text in texts if "".join(text.split()) not in whole] == [], cols
            await bpost.press("escape")


@pytest.mark.given(size=(100, 20))
async def test_help_keeps_its_position_until_filtered(bpost: Reader) -> None:
    await bpost.press("question_mark", "pagedown")
    page = bpost.app.screen.query_one(StoryView)
    top = page.item
    assert top > 0
    bpost.app.redraw()
    await bpost.settle()
    assert page.item == top
    await bpost.pilot.resize_terminal(90, 22)
    await bpost.settle()
    assert page.item == top
    await bpost.press("s")
    assert page.item == 0


@pytest.mark.given(size=(100, 30), render_mode=RenderMode.MOSAIC, how="mosaic", language="en")
async def test_help_in_terminal_letters_has_a_column_of_keys(bpost: Reader) -> None:
    await bpost.press("question_mark")
    galley = galley_of(bpost.app.screen.query_one(StoryView))
    assert galley is not None
    columns = set()
    for row in range(galley.rows):
        band = galley.band(row, bpost.app.renderer.palette)
        words = band.surface.words[row - band.first_row]
        apart = [word.column for before, word in pairwise(words) if word.column - before.column - before.cells > 1]
        columns |= set(apart[-1:])  # keys are apart from one another as well
    assert len(columns) == 1


def painted(galley: Galley, row: int, bpost: Reader) -> Iterator[str]:
    """Yield the words drawn in row `row` of a galley (column of typeset lines)."""
    band = galley.band(row, bpost.app.renderer.palette)
    yield from (word.text for word in band.surface.words[row - band.first_row])
