"""bpost's own child processes: the folders that they import from, and their end."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bpost_tui import child_process
from bpost_tui.child_process import own_command, worker_code, worker_command

PACKAGE = Path(child_process.__file__).parent
TRAPS = ("bpost_tui/__init__.py", "bpost_tui/__main__.py", "tomllib.py", "typing.py", "ssl.py", "sqlite3.py", "httpx.py", "json.py")


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """Return a folder with modules that leave a trace when imported."""
    folder = tmp_path / "unpacked"
    for name in TRAPS:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"open({str(tmp_path / 'ran')!r}, 'a').write(__name__ + ' ')\n", encoding="utf-8")
    return folder


def test_own_command_imports_nothing_from_the_current_folder(hostile: Path, tmp_path: Path) -> None:
    (tmp_path / "config.toml").touch()
    done = subprocess.run(
        own_command("portals", "--config", str(tmp_path / "config.toml"), "add", "--", "http://127.0.0.1:9/"),
        cwd=hostile,
        env={**os.environ, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3 and done.stderr.startswith("bpost: "), done
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("module", ["bpost_tui.portal.worker.parser_worker", "bpost_tui.refresh.refresh_worker"])
def test_workers_import_nothing_from_the_current_folder(hostile: Path, tmp_path: Path, module: str) -> None:
    done = subprocess.run(
        worker_command(worker_code(module)), cwd=hostile, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert not (tmp_path / "ran").exists()


def test_python_is_started_only_by_child_process() -> None:
    """Let only `child_process` start Python, without the current folder on the path; `bpost read` re-executes its command."""
    starting = re.compile(r"sys\.executable|[\"']-m[\"'], *[\"']bpost_tui")
    lines = {
        f"{path.relative_to(PACKAGE).as_posix()}: {line.split('#')[0].strip()}"
        for path in PACKAGE.rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if starting.search(line)
    }
    assert {line for line in lines if not line.startswith("child_process.py: ")} == {
        "cli/read.py: os.execv(sys.executable, _without(written, sys.orig_argv))"
    }


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux ends a process with its parent")
def test_parser_process_ends_with_its_parent() -> None:
    program = f"""
import subprocess, sys, time
command = {worker_command(worker_code("bpost_tui.portal.worker.parser_worker"))!r}
parser = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
print(parser.pid, flush=True)
time.sleep(60)
"""
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    with parent.stdout as output:
        parser = int(output.readline())
        status = Path(f"/proc/{parser}/status")
        _until(lambda: "Seccomp:\t2" in status.read_text(), "it was never sandboxed")
        os.kill(parser, signal.SIGSTOP)
        handle = os.pidfd_open(parser)
        parent.kill()
        parent.wait()
    assert select.select([handle], [], [], 90)[0], "it outlived its parent"
    os.close(handle)


def _until(holds: Callable[[], bool], what: str) -> None:
    for _ in range(1800):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError(what)
