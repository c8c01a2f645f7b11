"""Test of the number of modules loaded before the first headlines are on the screen, a limit that needs no clock."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pty.pty_terminal import Terminal

pytestmark = pytest.mark.pty
_MOST = 255
"""Maximum number of bpost's modules loaded by then. When it was set, they were 253 in the render mode `cells`."""
_LATER = {"features", "keyed_features", "commands", "story.read_aloud", "lists.search_line", "lists.refresh_controller"}
_NOTE = """
import sys
from pathlib import Path
from bpost_tui.tui.shared.paced_screen import PacedScreen
refresh = PacedScreen._compositor_refresh
def note_modules(screen):
    refresh(screen)
    note = Path({path!r})
    if screen.is_painting and not note.exists():
        note.with_suffix(".new").write_text(" ".join(sys.modules))
        note.with_suffix(".new").rename(note)
PacedScreen._compositor_refresh = note_modules
"""


def test_few_modules_are_loaded_before_the_first_headlines(
    open_reader: Callable[..., Terminal], saved: tuple[str, str], tmp_path: Path
) -> None:
    note = tmp_path / "modules"
    terminal = open_reader(*saved, "--offline", patch=_NOTE.format(path=str(note)))
    terminal.wait_until(note.exists, "no first frame")  # written after the frame, perhaps while it is read here
    ours = {name for name in note.read_text().split() if name.startswith("bpost_tui")}
    assert "bpost_tui.tui.lists.list_controller" in ours
    assert not ours & {f"bpost_tui.tui.{name}" for name in _LATER}
    assert len(ours) <= _MOST, len(ours)
    terminal.leave()
