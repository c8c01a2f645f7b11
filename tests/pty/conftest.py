from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.pty.terminal import Terminal
from tests.sample_portal.server import SamplePortal
from tests.scripted_portal import portal_server

__all__ = ["edition", "open_reader", "portal_server"]


@pytest.fixture(scope="package")
def edition() -> Iterator[SamplePortal]:
    with SamplePortal(datetime.now(UTC)) as portal:
        yield portal


@pytest.fixture
def open_reader(tmp_path: Path, edition: SamplePortal) -> Iterator[Callable[..., Terminal]]:
    """Opens the reader on the sample edition, in English and in cells unless told otherwise; `text=""` leaves that to it."""
    with ExitStack() as stack:

        def start(*arguments: str, text: str = "cells", **terminal: Any) -> Terminal:
            common = ["--language", "en", *(("--text", text) if text else ()), "--data-dir", str(tmp_path / "data")]
            return stack.enter_context(Terminal([*(arguments or ("--portal", edition.address)), *common], tmp_path, **terminal))

        yield start
