"""Tests of a parser process controlled by an attacker: it can't read files or connect, and the reader keeps working."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from errno import EACCES, EPERM
from pathlib import Path

import pytest

from bpost_tui.portal.worker.parser_process import query_sandbox
from tests.faults.fault import Stage, between
from tests.faults.fault_portal import RSS, FaultPortal, answer
from tests.faults.fault_trial import CONTROL
from tests.faults.screen_trial import stream_wrong
from tests.pty.reader_internals import everywhere
from tests.pty.test_reader import Open
from tests.sandbox_attacker import ATTEMPTS, PRISONER, REFUSES

pytestmark = pytest.mark.pty
_IN_PLACE = "from bpost_tui.portal.worker import parser_process\nparser_process._PROGRAM = {program!r}\n"
_EVIL_TITLE = "মন্দ\x1b]52;c;aGk=\x07\u202eখবর"
_LIES = """
import sys
sys.path[:] = sys.argv[1:]
from bpost_tui.portal.worker import parser_worker
from bpost_tui.model.blocks import Paragraph, Span
from bpost_tui.model.story import Story
from bpost_tui.portal.parse_results import ParsedFeed
text = (Paragraph((Span("<script>x()</script> \\x1b[2J", link="javascript:x"),)),)
lie = Story("urn:lie", {title!r}, "javascript:x", {title!r}, published=None, tags=({title!r},), blocks=text, full=True)
parser_worker._TASKS = {{**parser_worker._TASKS, "feed": lambda task, body: ParsedFeed((lie,))}}
parser_worker.main()
"""


@pytest.mark.parametrize("tries", [REFUSES])
def test_hostile_parser_is_refused_everything(open_reader: Open, tmp_path: Path, tries: dict[str, str]) -> None:
    (tmp_path / ".ssh").mkdir()
    key = tmp_path / ".ssh" / "id_ed25519"
    key.write_text("secret")
    key.chmod(0o600)
    refused = asyncio.run(query_sandbox()).refused
    kept = sum(what in refused for what in tries.values())
    with FaultPortal() as portal, FaultPortal() as sentinel:
        portal.set_reply("/feed", answer(Stage(portal, sentinel, sentinel).fill(between()), "200 OK", RSS))
        program = PRISONER.format(attempts=ATTEMPTS, home=str(tmp_path), port=sentinel.port)
        terminal = open_reader("--portal", portal.address, patch=everywhere(_IN_PLACE.format(program=program)), size=(160, 40))
        terminal.wait_for(f"{kept} of {len(tries)} refused")
        terminal.type("r")
        terminal.wait_until(lambda: portal.count("/feed") > 1, "the portal was never asked again")
        terminal.leave()
        if "tcp" in refused:
            assert not sentinel.connections
    assert key.read_text() == "secret" and key.stat().st_mode & 0o777 == 0o600
    assert not {"written", "made", "link"}.intersection(path.name for path in tmp_path.iterdir())
    assert (EACCES, EPERM) == (13, 1)  # errors that the hostile program counts as refusals


def test_lying_parser_yields_only_clean_text(open_reader: Open, tmp_path: Path) -> None:
    with FaultPortal() as portal, FaultPortal() as sentinel:
        portal.set_reply("/feed", answer(Stage(portal, sentinel, sentinel).fill(between()), "200 OK", RSS))
        patch = everywhere(_IN_PLACE.format(program=_LIES.format(title=_EVIL_TITLE)))
        terminal = open_reader("--portal", portal.address, patch=patch, size=(100, 30))
        terminal.wait_for("1 new")
        terminal.type("\r")
        terminal.wait_for("<script>x()</script>")
        terminal.type("q")
        terminal.leave()
        assert list(stream_wrong(terminal.raw)) == []
        assert not sentinel.connections
    (stories,) = tmp_path.rglob("stories.db")
    with closing(sqlite3.connect(stories)) as db:
        saved = db.execute("SELECT title, author, tags FROM stories").fetchone()
    assert all("মন্দ" in text and not CONTROL.search(text) for text in saved)
