"""Tests that changes by another process show in the open reader within two seconds, and move nothing."""

from __future__ import annotations

import re
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

    def unread_in_all(count: int) -> Callable[[], bool]:
        return lambda: re.search(rf"All news\s+{count}\b", terminal.text) is not None

    terminal.type("j")
    terminal.wait_for(word(1))
    terminal.wait_until(unread_in_all(10), "the unread were never counted")
    numbers = [str(row["id"]) for row in other.json("list", *data)[:2]]
    other.run("mark", "read", *numbers, *data)
    terminal.wait_until(unread_in_all(8), "the marks never showed")
    other.run("mark", "star", numbers[0], *data)
    terminal.wait_for("Starred")
    other.run("refresh", "--pages", "all", *data)
    terminal.wait_until(unread_in_all(14), "the older stories were never counted")
    terminal.wait_for(word(0))  # the list hasn't moved
    terminal.type("m")  # nor has the cursor: this marks the story at the top again
    terminal.wait_until(unread_in_all(15), "another story was marked")
    terminal.leave()
