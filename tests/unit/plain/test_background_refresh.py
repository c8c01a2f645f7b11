from __future__ import annotations

import io
from pathlib import Path

import pytest

from bpost_tui.cli.shared.argument_parser import parse
from bpost_tui.cli.shared.command_context import CommandContext, LoadedConfig, command_context
from bpost_tui.config import Settings
from bpost_tui.console import Console
from bpost_tui.i18n import Language
from bpost_tui.plain.plain_session import BackgroundRefresh
from tests.scripted_portal import PortalServer, item, portal_server, rss

__all__ = ["portal_server"]

WAIT_S = 60.0


@pytest.fixture
def context(tmp_path: Path) -> CommandContext:
    return _context(tmp_path, "http://127.0.0.1:9", Settings())


def _context(folder: Path, portal: str, settings: Settings) -> CommandContext:
    english = Language("en")
    options = parse(["--plain", "--data-dir", str(folder), "--portal", portal], english)
    return command_context(options, LoadedConfig(settings), english)


def test_fetching_tells_what_is_odd_about_the_files(context: CommandContext) -> None:
    context.folder.mkdir()
    (context.folder / "stories.db").write_bytes(b"not a database " * 500)
    fetching = BackgroundRefresh(context, Console(io.StringIO(), io.StringIO()))
    assert fetching.start()
    news = fetching.result_message(WAIT_S)
    assert "stories.db was damaged" in news
    assert "127.0.0.1" in news
    assert fetching.result_message(0) == ""


def test_fetching_when_it_has_a_bug_ends_the_reader(context: CommandContext) -> None:
    fetching = BackgroundRefresh(context._replace(settings=None), Console(None, None))  # type: ignore[arg-type]
    fetching.start()
    with pytest.raises(AttributeError):
        fetching.result_message(WAIT_S)


def test_fetching_exchanges_marks_with_the_service_and_says_why_it_could_not(tmp_path: Path, portal_server: PortalServer) -> None:
    portal_server.serve("/feed", rss(item("এক", guid="1")))
    settings = Settings(service={"address": "http://127.0.0.1:9", "user": "me", "password": "secret"})
    context = _context(tmp_path, portal_server.address, settings)
    fetching = BackgroundRefresh(context, Console(io.StringIO(), io.StringIO()))
    assert fetching.start()
    assert fetching.result_message(WAIT_S) == "1 new story · service: 127.0.0.1: it can't be reached"
