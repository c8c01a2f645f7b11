"""A package index on this machine, and homes in which nothing of the checkout is."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from packaging.utils import parse_wheel_filename

from tests.packaging.wheels import packed
from tools.distributions import build
from tools.locked import NAME, ROOT, needed


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass

    def copyfile(self, source: Any, outputfile: Any) -> None:
        with suppress(ConnectionError):  # uv asks for a part, and leaves when it gets the whole
            super().copyfile(source, outputfile)


@pytest.fixture(scope="package")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an index (PEP 503) with bpost's wheel, all that it needs."""
    wheels, served = tmp_path_factory.mktemp("wheels"), tmp_path_factory.mktemp("index")
    build(ROOT, wheels)
    for name, (installed, _) in needed([NAME, "hatchling"]).items():
        if name != NAME:
            packed(installed, wheels)
    for wheel in wheels.glob("*.whl"):
        project = served / "simple" / parse_wheel_filename(wheel.name)[0]
        project.mkdir(parents=True, exist_ok=True)
        wheel.rename(project / wheel.name)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(served))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/simple/"
        server.shutdown()


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
