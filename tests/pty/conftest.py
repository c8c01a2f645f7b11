from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.cli.bpost_process import Bpost
from tests.pty.pty_terminal import Terminal
from tests.sample_portal.server import SamplePortal
from tests.scripted_portal import portal_server

__all__ = ["edition", "open_reader", "portal_server"]


@pytest.fixture(scope="package")
def edition() -> Iterator[SamplePortal]:
    with SamplePortal(datetime.now(UTC)) as portal:
        yield portal


@pytest.fixture(scope="package")
def library(edition: SamplePortal, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data folder of a reader that has refreshed the sample edition."""
    bpost = Bpost(tmp_path_factory.mktemp("saved"), edition.address)
    bpost.run("refresh")
    return bpost.data


@pytest.fixture
def saved(library: Path, edition: SamplePortal, tmp_path: Path) -> tuple[str, str]:
    """Copy the saved sample edition into the data folder of `open_reader`. Return the command-line options for its portal."""
    shutil.copytree(library, tmp_path / "data")
    return "--portal", edition.address


@pytest.fixture
def open_reader(tmp_path: Path, edition: SamplePortal) -> Iterator[Callable[..., Terminal]]:
    """Return a function that opens the reader with the sample edition, by default in English and in the render mode `cells`.

    With `text=""`, the reader chooses the render mode (pixels, mosaic or cells) itself.
    """
    with ExitStack() as stack:

        def start(*arguments: str, text: str = "cells", **terminal: Any) -> Terminal:
            common = ["--language", "en", *(("--text", text) if text else ()), "--data-dir", str(tmp_path / "data")]
            return stack.enter_context(Terminal([*(arguments or ("--portal", edition.address)), *common], tmp_path, **terminal))

        yield start
