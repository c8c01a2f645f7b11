from __future__ import annotations

from pathlib import Path

import pytest

from bpost_tui.cli.shared.argument_parser import parse
from bpost_tui.cli.shared.command_context import LoadedConfig, command_context
from bpost_tui.config import Settings
from bpost_tui.core.session_config import SessionConfig
from bpost_tui.i18n import Language
from bpost_tui.plain.plain_session import BackgroundRefresh
from tests.scripted_portal import PortalServer, item, portal_server, rss

__all__ = ["portal_server"]

WAIT_S = 60.0


@pytest.fixture
def config(tmp_path: Path) -> SessionConfig:
    return _config(tmp_path, "http://127.0.0.1:9", Settings())


def _config(folder: Path, portal: str, settings: Settings) -> SessionConfig:
    english = Language("en")
    options = parse(["--plain", "--data-dir", str(folder), "--portal", portal], english)
    return command_context(options, LoadedConfig(settings), english).session_config()


def test_background_refresh_reports_damaged_files(config: SessionConfig) -> None:
    (config.folder / "stories.db").write_bytes(b"not a database " * 500)
    fetching = BackgroundRefresh(config)
    assert fetching.start()
    news = fetching.result_message(WAIT_S)
    assert "stories.db was damaged" in news
    assert "127.0.0.1" in news
    assert fetching.result_message(0) == ""


def test_background_refresh_with_a_bug_ends_the_reader(config: SessionConfig) -> None:
    fetching = BackgroundRefresh(config._replace(settings=None))  # type: ignore[arg-type]
    fetching.start()
    with pytest.raises(AttributeError):
        fetching.result_message(WAIT_S)


def test_background_refresh_reports_a_failed_sync(tmp_path: Path, portal_server: PortalServer) -> None:
    portal_server.serve("/feed", rss(item("এক", guid="1")))
    settings = Settings(service={"address": "http://127.0.0.1:9", "user": "me", "password": "secret"})
    config = _config(tmp_path, portal_server.address, settings)
    fetching = BackgroundRefresh(config)
    assert fetching.start()
    assert fetching.result_message(WAIT_S) == "1 new story · service: 127.0.0.1: it can't be reached"
