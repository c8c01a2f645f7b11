"""Tests of the command line while the reader is open on the same library: it works, and the reader notices."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.processes.shared_folder_command import run
from tests.pty.pty_terminal import Terminal
from tests.sample_portal.server import SamplePortal

pytestmark = pytest.mark.pty


def test_command_line_works_while_the_reader_is_open(
    open_reader: Callable[..., Terminal], edition: SamplePortal, tmp_path: Path
) -> None:
    terminal = open_reader(size=(100, 40))
    terminal.wait_for("10 new")
    terminal.wait_for_unread("All news", 10)
    terminal.type("j")
    terminal.wait_until(lambda: _cursor(terminal) > 8, "the cursor never moved")
    at = _cursor(terminal)
    stories = run(tmp_path, edition.address, "list", "-n", "50").splitlines()
    assert len(stories) == 10
    assert run(tmp_path, edition.address, "unread", "--count") == "10\n"
    assert run(tmp_path, edition.address, "refresh", "--pages", "all").startswith("6 new stories")
    terminal.wait_for_unread("All news", 16)
    assert _cursor(terminal) == at
    assert run(tmp_path, edition.address, "unread", "--count") == "16\n"
    terminal.type("m")  # and the other way
    terminal.wait_for_unread("All news", 15)
    assert run(tmp_path, edition.address, "unread", "--count") == "15\n"
    terminal.type("q")
    assert terminal.end() == 0
    terminal.assert_restored()


def _cursor(terminal: Terminal) -> int:
    """First row of the list's bar."""
    rows = terminal.text.splitlines()
    return next((number for number, row in enumerate(rows) if "▌" in row), -1)
