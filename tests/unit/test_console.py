from __future__ import annotations

import io

import pytest

from bpost_tui.console import Console


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("ends", "end"), [("end_progress_line", "\n"), ("clear_progress", "\r\x1b[K")])
def test_progress_bar_ends_before_the_next_output(ends: str, end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    stderr = Terminal()
    console = Console(None, stderr)
    console.end_progress_line()
    assert stderr.getvalue() == ""
    console.progress(1, 2, "stories")
    getattr(console, ends)()
    assert stderr.getvalue().endswith(end)
    console.end_progress_line()
    assert stderr.getvalue().endswith(end)
