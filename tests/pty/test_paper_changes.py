"""Tests of adding, renaming, moving and removing papers from the palette: the config changes, and the reader restarts with it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest

from tests.pty.pty_terminal import Terminal
from tests.pty.test_reader import Open, wait_for_first_screen
from tests.sample_portal.server import SamplePortal
from tests.scripted_portal import PortalServer, item, rss

pytestmark = pytest.mark.pty

_ENTERS = "\x1b[?1049h"


@pytest.fixture
def config(tmp_path: Path, edition: SamplePortal) -> Path:
    """Write a config file with the sample portal, and return its path."""
    file = tmp_path / "config.toml"
    file.write_text(f'portals = ["{edition.address}"]  # mine\n', encoding="utf-8")
    return file


def choose(terminal: Terminal, typed: str, offered: str) -> None:
    """Open the palette, type `typed`, wait for the entry `offered`, and choose the first entry."""
    terminal.type(":")
    terminal.wait_for("What to do")
    terminal.type(typed)
    terminal.wait_for(offered)
    terminal.wait_until_still()
    terminal.type("\r")


@contextmanager
def restart(terminal: Terminal) -> Iterator[None]:
    """Wait after the block until bpost has restarted: text that is on the screen before and after doesn't show that."""
    before = terminal.raw.count(_ENTERS)
    yield
    terminal.wait_until(lambda: terminal.raw.count(_ENTERS) > before, "it never restarted")


def test_paper_is_added_renamed_moved_and_removed(open_reader: Open, config: Path, portal_server: PortalServer) -> None:
    portal_server.serve("/news.xml", rss(item("Unheard-of headline", guid="1")))
    terminal = open_reader("--config", str(config))
    wait_for_first_screen(terminal)
    choose(terminal, "add paper", "Add a paper")
    terminal.wait_for("Address of the paper")
    with restart(terminal):
        terminal.type(f"{portal_server.address}/news.xml\r")
    terminal.wait_for("All papers", "1 new")
    assert "/news.xml" in config.read_text() and "# mine" in config.read_text()
    choose(terminal, "rename পরীক্ষা", "Rename “")
    terminal.wait_for("New name of the paper")
    with restart(terminal):
        terminal.type("\x15Nadia Times\r")
    terminal.wait_for("Nadia Times")
    terminal.wait_until_still()
    portal_server.serve("/moved.xml", rss(item("Unheard-of headline", guid="1")))
    choose(terminal, "move nadia", "Move “Nadia")
    terminal.wait_for("New address of the paper")
    with restart(terminal):
        terminal.type(f"\x15{portal_server.address}/moved.xml\r")
        terminal.wait_until(lambda: "/moved.xml" in config.read_text(), "it was never moved")
    assert "Nadia Times" in config.read_text() and "/news.xml" not in config.read_text()
    terminal.wait_for("Nadia Times")
    terminal.wait_until_still()
    with restart(terminal):
        choose(terminal, "remove nadia", "Remove “Nadia")
        terminal.wait_until(lambda: "Nadia" not in config.read_text(), "it was never removed")
    terminal.wait_for("sample edition")
    terminal.wait_until_still()
    terminal.leave("Q")


def test_papers_added_one_after_another_are_both_there(open_reader: Open, config: Path, portal_server: PortalServer) -> None:
    feed, may_answer = rss(item("Slow headline", guid="1")), Event()

    def answer_late(connection: socket.socket) -> None:
        may_answer.wait(20)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nConnection: close\r\n\r\n" + feed)

    portal_server.misbehave("/slow.xml", answer_late)
    portal_server.serve("/fast.xml", rss(item("Fast headline", guid="1")))
    terminal = open_reader("--config", str(config))
    wait_for_first_screen(terminal)
    for name in "slow", "fast":
        choose(terminal, "add paper", "Add a paper")
        terminal.wait_for("Address of the paper")
        terminal.type(f"{portal_server.address}/{name}.xml\r")
        terminal.wait_for("Changing the papers")
    terminal.wait_until_still()
    choose(terminal, "rename", "Rename “")
    terminal.wait_for("New name of the paper")
    terminal.type("\x15Nadia")
    may_answer.set()
    terminal.wait_until(lambda: "/fast.xml" in config.read_text(), "it was never added")
    terminal.type(" Times\r")  # bpost doesn't restart while a line is typed
    terminal.wait_for("Nadia Times", "2 new")
    assert "/slow.xml" in config.read_text() and "/fast.xml" in config.read_text()
    terminal.leave("Q")


def test_adding_no_paper_is_refused_in_one_line(open_reader: Open, config: Path, portal_server: PortalServer) -> None:
    before = config.read_text()
    terminal = open_reader("--config", str(config))
    wait_for_first_screen(terminal)
    choose(terminal, "add paper", "Add a paper")
    terminal.wait_for("Address of the paper")
    terminal.type(f"{portal_server.address}/nothing\r")
    terminal.wait_until(lambda: "Changing" not in terminal.text and "nothing" in terminal.text, "it never said why")
    assert config.read_text() == before
    terminal.leave("Q")


def test_palette_cannot_change_papers_when_one_was_named(open_reader: Open) -> None:
    terminal = open_reader()
    wait_for_first_screen(terminal)
    terminal.type(":")
    terminal.wait_for("What to do")
    terminal.type("Add a paper")
    terminal.wait_for("Nothing matches")
    terminal.type("\x1b")
    terminal.wait_until_still()
    terminal.leave("Q")


def test_palette_checks_the_service(open_reader: Open, config: Path) -> None:
    service = '[service]\naddress = "http://127.0.0.1:9"\nuser = "me"\npassword_command = ["printf", "secret"]\n'
    config.write_text(config.read_text(encoding="utf-8") + service, encoding="utf-8")
    terminal = open_reader("--config", str(config))
    wait_for_first_screen(terminal)
    choose(terminal, "miniflux", "Test the connection to the server")
    terminal.wait_for("127.0.0.1: it can't be reached")
    terminal.type("Q")
    assert terminal.end() == 0
    terminal.assert_restored(printed=True)
