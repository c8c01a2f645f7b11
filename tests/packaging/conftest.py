"""A package index on this machine, and homes in which nothing of the checkout is."""

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
    """The address of an index with bpost's wheel, all that it needs."""
    wheels = tmp_path_factory.mktemp("wheels")
    build(ROOT, wheels)
    for name, (installed, _) in needed([NAME, "hatchling", "babel"]).items():
        if name != NAME:
            packed(installed, wheels)
    with served(wheels) as address:
        yield address


@pytest.fixture
def env(index: str, tmp_path: Path) -> dict[str, str]:
    """The environment of a reader with a fresh home whose installers know that index alone, and configure themselves by nothing."""
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
