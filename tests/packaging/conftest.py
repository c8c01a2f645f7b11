"""Fixtures of packaging tests: a package index on this machine, and homes that contain nothing of the checkout."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.packaging.package_index import served
from tests.packaging.wheels import packed
from tools.distributions import build
from tools.lock_file import NAME, ROOT, needed


@pytest.fixture(scope="package")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the address of an index with bpost's wheel and the wheels it needs."""
    wheels = tmp_path_factory.mktemp("wheels")
    build(ROOT, wheels)
    for name, (installed, _) in needed([NAME, "hatchling", "babel"]).items():
        if name != NAME:
            packed(installed, wheels)
    with served(wheels) as address:
        yield address


@pytest.fixture
def env(index: str, tmp_path: Path) -> dict[str, str]:
    """Return the environment of a reader with a fresh home; its installers know only that index and no configuration."""
    home = tmp_path / "home"
    home.mkdir()
    return {
        "HOME": str(home),
        "PATH": os.pathsep.join((str(home / ".local/bin"), os.path.dirname(sys.executable), "/usr/bin", "/bin")),
        "LANG": "C.UTF-8",
        "PIP_INDEX_URL": index,
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "UV_DEFAULT_INDEX": index,
        "UV_NO_CONFIG": "1",
        "UV_PYTHON": sys.executable,
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_LINK_MODE": "copy",
    }
