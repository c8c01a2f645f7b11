"""What the processes that tests start have around them, beside what a test is about."""

from __future__ import annotations

from pathlib import Path

from bpost_tui.core.state.preferences import Preferences

AS_INSTALLED = {"PYTHONPATH": str(Path(__file__).parent / "as_installed")}
"""Hides what only development needs: with click there, httpx would import rich and pygments, too (150 ms of each start)."""


def choose_theme(home: Path, name: str) -> None:
    """Let the reader of a home have chosen a theme, whatever ground a terminal has."""
    Preferences(home / ".local" / "state" / "bpost").save(theme=name)


def skip_tour(home: Path) -> None:
    """Let the reader of a home have seen the tour."""
    preferences = Preferences(home / ".local" / "state" / "bpost")
    if not preferences.values.toured:  # a saved page is true only while the file is unchanged
        preferences.save(toured=True)
