"""A story printed in real type, in a terminal that keeps what it was shown before."""

from __future__ import annotations

import re

import pytest

from bpost_tui.portal.sample.server import SamplePortal
from tests.pty.terminal import Terminal
from tests.pty.test_reader import KITTY, Open

pytestmark = pytest.mark.pty


def numbers(terminal: Terminal) -> set[str]:
    """Return the numbers of the pictures that the terminal was sent."""
    return set(re.findall(r"\x1b_Ga=T[^;\x1b]*?,i=(\d+)", terminal.raw))


def test_story_shown_in_kitty_leaves_the_pictures_of_the_one_above_alone(open_reader: Open, edition: SamplePortal) -> None:
    portal = ("--portal", edition.address)
    assert open_reader(*portal, "refresh").end() == 0
    shown = []
    for story in ("1", "2"):
        shown.append(open_reader(*portal, "show", story, text="auto", answer=KITTY))
        assert shown[-1].end() == 0
    first, second = map(numbers, shown)
    assert len(first) > 3 and len(second) > 3
    assert not first & second
    assert not re.search(r"\x1b_Ga=d", shown[1].raw)
    for terminal in shown:
        terminal.assert_given_back(said=True)
