"""Command line as a process, on a folder that other processes use at the same time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.clean_environment import AS_INSTALLED


def start(home: Path, portal: str, *arguments: str) -> subprocess.Popen[str]:
    """Start bpost with a data folder of its own, its output in pipes."""
    env = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8", "TERM": "dumb", **AS_INSTALLED}
    common = ["--portal", portal, "--data-dir", str(home / "data"), "--language", "en"]
    return subprocess.Popen(
        [sys.executable, "-m", "bpost_tui", *arguments, *common],
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def run(home: Path, portal: str, *arguments: str) -> str:
    """Run bpost to its end, check that it succeeds without a word on stderr, and return its output."""
    with start(home, portal, *arguments) as process:
        out, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (0, ""), err
    return out
