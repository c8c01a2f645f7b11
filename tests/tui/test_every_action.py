"""Tests that every action works in narrow, usual and wide windows, and in both languages, by the checks in `effects`."""

from __future__ import annotations

import pytest

from bpost_tui.core.keys.actions import ACTIONS
from bpost_tui.typesetting.terminal.capabilities import RenderMode
from tests.sample_portal.server import SamplePortal
from tests.tui import effects
from tests.tui.conftest import ReaderFactory
from tests.tui.reader_facade import Reader

effects.load()
# in a narrow window words meet the edge, so both languages are tested there
WHERE = [((40, 12), "bn"), ((40, 12), "en"), ((80, 24), "en"), ((200, 50), "bn")]
everywhere = pytest.mark.parametrize(("size", "language"), WHERE, ids=str)


def test_every_action_has_an_effect() -> None:
    assert {action.id for action in ACTIONS} == set(effects.EFFECTS) | set(effects.ENDING)


async def has_effect(bpost: Reader, action_id: str, check: effects.Effect) -> None:
    try:
        await effects.begin(bpost)
        await check(bpost)
    except Exception as error:
        raise AssertionError(f"{action_id}: {error}") from error


@everywhere
async def test_every_action_has_its_effect(
    reader: ReaderFactory, sample_portal: SamplePortal, size: tuple[int, int], language: str
) -> None:
    async with reader(sample_portal.address, size=size, language=language, render_mode=RenderMode.MOSAIC) as bpost:
        for action_id, check in effects.EFFECTS.items():
            await has_effect(bpost, action_id, check)


@everywhere
@pytest.mark.parametrize("action_id", list(effects.ENDING))
async def test_every_key_to_leave_ends_the_reader(bpost: Reader, action_id: str) -> None:
    await has_effect(bpost, action_id, effects.ENDING[action_id])


async def test_every_action_of_the_table_has_a_handler(bpost: Reader) -> None:
    assert set(bpost.does) == {action.id for action in ACTIONS}
