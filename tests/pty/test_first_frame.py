"""Test of the number of modules loaded before the first headlines are on the screen, a limit that needs no clock."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pty.pty_terminal import Terminal

pytestmark = pytest.mark.pty
_MOST = 212
"""Maximum number of bpost's modules loaded by then. When it was set, they were 212 in the render mode `cells`."""
_LATER = {
    "tui.features",
    "tui.keyed_features",
    "tui.commands",
    "tui.story.read_aloud",
    "tui.story.picture_items",
    "tui.lists.search_line",
    "tui.lists.refresh_controller",
    "core.templates.story_page",
    "refresh",
    "store.fetch_log",
    "store.lists.mark_store",
}
"""Modules that only keys, stories, refreshes and changes need."""
_NOTE = """
import sys
from pathlib import Path
from bpost_tui.tui.shared.paced_screen import PacedScreen
refresh = PacedScreen._compositor_refresh
def note_modules(screen):
    refresh(screen)
    note = Path({path!r})
    if screen.is_painting and not note.exists():
        context = screen.context
        state = "list" if context.posts.rows else "", "story" if context.session.story else ""
        note.with_suffix(".new").write_text(" ".join((*state, *sys.modules)))
        note.with_suffix(".new").rename(note)
PacedScreen._compositor_refresh = note_modules
"""


def test_few_modules_are_loaded_before_the_first_headlines(
    open_reader: Callable[..., Terminal], saved: tuple[str, str], tmp_path: Path
) -> None:
    note = tmp_path / "modules"
    terminal = open_reader(*saved, "--offline", patch=_NOTE.format(path=str(note)))
    terminal.wait_until(note.exists, "no first frame")  # written after the frame, perhaps while it is read here
    noted = note.read_text().split()
    assert "list" in noted and "story" not in noted  # the story follows in the second frame
    ours = {name for name in noted if name.startswith("bpost_tui")}
    assert "bpost_tui.tui.lists.list_controller" in ours
    assert not ours & {f"bpost_tui.{name}" for name in _LATER}
    assert len(ours) <= _MOST, len(ours)
    terminal.leave()
