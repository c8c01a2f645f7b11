"""Fixtures of the command line's tests: one sample portal, and homes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.bpost_process import Bpost
from tests.sample_portal.server import SamplePortal
from tests.scripted_portal import portal_server

__all__ = ["bpost", "edition", "machines", "portal_server", "reading", "saved"]


@pytest.fixture(scope="package")
def edition() -> Iterator[SamplePortal]:
    with SamplePortal(datetime.now(UTC)) as portal:
        yield portal


@pytest.fixture
def bpost(tmp_path: Path, edition: SamplePortal) -> Bpost:
    """Bpost with nothing saved yet."""
    return Bpost(tmp_path, edition.address)


@pytest.fixture
def saved(bpost: Bpost, reading: Bpost) -> Bpost:
    """Bpost with the sample edition saved; a copy of what `reading` fetched, to be changed."""
    shutil.copytree(reading.data, bpost.data)
    return bpost


@pytest.fixture
def machines(saved: Bpost, tmp_path: Path) -> tuple[Bpost, Bpost]:
    """Two homes that share a sync folder."""
    (tmp_path / "Sync").mkdir()
    desktop = replace(saved, home=tmp_path / "desk")
    for each in (saved, desktop):
        each.config.write_text(f'sync_folder = "{tmp_path}/Sync/bpost"\n')
    desktop.run("refresh")
    return saved, desktop


@pytest.fixture(scope="package")
def reading(tmp_path_factory: pytest.TempPathFactory, edition: SamplePortal) -> Bpost:
    """Bpost with the sample edition saved; for tests that change nothing."""
    bpost = Bpost(tmp_path_factory.mktemp("reading"), edition.address)
    bpost.run("refresh", "--pages", "all")
    return bpost
