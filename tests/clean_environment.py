"""Environment of the processes that tests start: all surroundings that a test isn't about."""

from __future__ import annotations

import os
from pathlib import Path

from bpost_tui.core.state.preferences import Preferences

_WITHOUT_CLICK = Path(__file__).parent / "without_click"
OTHER_VERSION = {"PYTHONPATH": str(_WITHOUT_CLICK)}
"""Variable of a process of another version: a path that hides development-only packages.

If click is importable, httpx also imports rich and pygments (150 ms of each start).
"""
AS_INSTALLED = {"PYTHONPATH": f"{_WITHOUT_CLICK}{os.pathsep}{Path(__file__).parents[1]}"}
"""The same variable with this checkout, so that child processes of bpost use it in a copy as well (`tests.planted`)."""


def choose_theme(home: Path, name: str) -> None:
    """Save `name` as the theme of the reader of `home`, whatever the terminal's background."""
    Preferences(home / ".local" / "state" / "bpost").save(theme=name)


def skip_tour(home: Path) -> None:
    """Save that the reader of `home` has seen the tour."""
    preferences = Preferences(home / ".local" / "state" / "bpost")
    if not preferences.values.toured:  # a saved page is true only while the file is unchanged
        preferences.save(toured=True)
