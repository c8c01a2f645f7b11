from __future__ import annotations

import pytest

from bpost_tui.portal.http import client


@pytest.fixture(autouse=True)
def _forked_parsers(forked_parsers: None) -> None:
    """Fork parser processes for every test here, because every refresh starts some."""


@pytest.fixture(autouse=True)
def _no_pause_between_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "RETRY_PAUSE_S", 0.0)
