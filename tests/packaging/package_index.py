"""Package index (PEP 503) on this machine, made from a folder of wheels.

`python -m tests.packaging.package_index COMMAND…` runs a command with an index of the packages that a fresh Debian needs: the
wheel of the checkout, the versions that the lock file pins for Debian's Python, uv and pip. The command finds its address in
`BPOST_INDEX`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from packaging.utils import parse_wheel_filename

from tools.distributions import build
from tools.lock_file import ROOT

DEBIANS_PYTHON = "3.13"
"""Python version of Debian 13."""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass

    def copyfile(self, source: Any, outputfile: Any) -> None:
        with suppress(ConnectionError):  # uv asks for a range, and disconnects if it gets the whole file
            super().copyfile(source, outputfile)


@contextmanager
def served(wheels: Path) -> Iterator[str]:
    """Serve the wheels of a folder as an index, and yield its address."""
    with tempfile.TemporaryDirectory() as folder:
        for wheel in wheels.glob("*.whl"):
            project = Path(folder, "simple", parse_wheel_filename(wheel.name)[0])
            project.mkdir(parents=True, exist_ok=True)
            (project / wheel.name).symlink_to(wheel)
        with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=folder)) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            yield f"http://127.0.0.1:{server.server_port}/simple/"
            server.shutdown()


def main(command: Sequence[str]) -> int:
    """Run a command while the index is served, and return its exit status."""
    with tempfile.TemporaryDirectory() as folder:
        wheels = Path(folder)
        build(ROOT, wheels)
        _download(wheels, "--require-hashes", "-r", str(ROOT / "requirements.lock"))
        _download(wheels, "--no-deps", "uv", "pip")
        with served(wheels) as address:
            return subprocess.run(command, env={**os.environ, "BPOST_INDEX": address}).returncode


def _download(wheels: Path, *what: str) -> None:
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "download"]
    subprocess.run([*pip, "--only-binary", ":all:", "--python-version", DEBIANS_PYTHON, "--dest", str(wheels), *what], check=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
