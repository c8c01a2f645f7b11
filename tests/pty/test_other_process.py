"""Tests that changes by another process show in the open reader within two seconds, and move nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.bpost_process import Bpost
from tests.pty.pty_terminal import Terminal
from tests.pty.reader_internals import POLL_S
from tests.pty.test_reader import wait_for_first_screen, word
from tests.sample_portal.server import SamplePortal

pytestmark = pytest.mark.pty


def test_reader_checks_the_library_every_two_seconds() -> None:
    assert POLL_S <= 2


def test_reader_shows_marks_and_stories_of_another_process(
    open_reader: Callable[..., Terminal], edition: SamplePortal, tmp_path: Path
) -> None:
    terminal = open_reader(size=(140, 40))
    wait_for_first_screen(terminal)
    other = Bpost(tmp_path, edition.address)
    data = ("--data-dir", str(tmp_path / "data"))

    terminal.type("j")
    terminal.wait_for(word(1))
    terminal.wait_for_unread("All news", 10)
    numbers = [str(row["id"]) for row in other.json("list", *data)[:2]]
    other.run("mark", "read", *numbers, *data)
    terminal.wait_for_unread("All news", 8)
    other.run("mark", "star", numbers[0], *data)
    terminal.wait_for("Starred")
    other.run("refresh", "--pages", "all", *data)
    terminal.wait_for_unread("All news", 14)
    terminal.wait_for(word(0))  # the list hasn't moved
    terminal.type("m")  # nor has the cursor: this marks the story at the top again
    terminal.wait_for_unread("All news", 15)
    terminal.leave()
