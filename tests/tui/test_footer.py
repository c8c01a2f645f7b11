"""Tests of the footer: it names the keys of the current pane; in a narrow window, the most needed keys are left."""

from __future__ import annotations

import pytest

from bpost_tui.core.keys.actions import ACTIONS, FOOTERS, Keys, drop_least_important
from tests.tui.conftest import NOWHERE
from tests.tui.reader_facade import Reader

pytestmark = pytest.mark.given(language="en")


def footer(bpost: Reader) -> str:
    return bpost.screen_text().splitlines()[-1]


def test_footers_name_known_actions_and_help() -> None:
    ids = {action.id for action in ACTIONS}
    assert all(set(names) <= ids and "help" in names for names in FOOTERS.values())


@pytest.mark.parametrize("place", FOOTERS)
def test_narrow_footer_drops_quit_and_help_last(place: str) -> None:
    names, gone = FOOTERS[place], []
    while names:
        left = drop_least_important(names)
        gone += [name for name in names if name not in left]
        names = left
    assert gone[-2:] == ["leave", "help"]
    assert sorted(gone) == sorted(FOOTERS[place])


async def test_footer_names_the_keys_of_the_focused_pane(bpost: Reader) -> None:
    assert "⏎ Read" in footer(bpost) and "; Links" not in footer(bpost)
    await bpost.press("l", "l")
    assert bpost.pane == "story"
    assert "; Links" in footer(bpost) and "⏎ Read" not in footer(bpost)
    await bpost.press("h", "h")
    assert bpost.pane == "categories"
    assert "r Refresh" in footer(bpost)


@pytest.mark.given(size=(14, 16))
async def test_narrow_footer_names_help(bpost: Reader) -> None:
    for columns in (14, 20, 40, 60):
        await bpost.pilot.resize_terminal(columns, 16)
        await bpost.settle()
        assert "? Help" in footer(bpost), columns


async def test_footer_names_the_effect_of_q(bpost: Reader) -> None:
    assert "q Quit" in footer(bpost)
    await bpost.press("enter")
    assert "q Back" in footer(bpost)
    await bpost.press("q", "slash", *"nodi", "enter")
    assert "w Save search" in footer(bpost) and "q Back" in footer(bpost)


def test_footer_names_quit_for_q_when_configured() -> None:
    keys = Keys({"quit": ("q", "ctrl+q")})
    assert all(("q", "Quit") in next(keys.footers(place)) for place in FOOTERS)
    assert keys.action_of("q") == "quit"


@pytest.mark.given(address=NOWHERE)
async def test_footer_of_an_empty_library_names_the_next_keys(bpost: Reader) -> None:
    assert all(key in footer(bpost) for key in ("S Sample", "r Refresh", "? Help", "q Quit"))


@pytest.mark.given(size=(120, 32))
async def test_footer_names_keys_for_matches_and_selecting(bpost: Reader) -> None:
    await bpost.press("slash", *"nodi", "enter")
    assert "n Next unread" in footer(bpost)
    await bpost.press("enter")
    assert "n Next match" in footer(bpost) and "N Previous match" in footer(bpost)
    await bpost.press("H")
    assert "← → Words" in footer(bpost) and "y Copy" in footer(bpost) and "Next page" not in footer(bpost)
    await bpost.press("escape")
    assert "n Next match" in footer(bpost)
