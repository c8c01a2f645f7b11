"""Command line of bpost as a process of its own, with a home of its own.

A process is forked from a loaded one if a test changes no variable of the environment.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import forked_bpost
from tests.clean_environment import AS_INSTALLED

NOBODY = "http://127.0.0.1:9"
"""Address without a server."""


@dataclass(frozen=True)
class Bpost:
    """Command line of bpost with a home folder and a portal."""

    home: Path
    portal: str

    def environment(self, **changes: str | None) -> dict[str, str]:
        base: dict[str, str | None] = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "LANG": "en_GB.UTF-8",
            "BPOST_PORTAL": self.portal,
            "TERM": "xterm",
            **AS_INSTALLED,
        }
        return {name: value for name, value in {**base, **changes}.items() if value is not None}

    def start(self, *arguments: str, env: dict[str, str] | None = None, **pipes: Any) -> subprocess.Popen[str]:
        return subprocess.Popen([sys.executable, "-m", "bpost_tui", *arguments], env=env or self.environment(), text=True, **pipes)

    def run(
        self, *arguments: str, code: int | None = 0, typed: str = "", **changes: str | None
    ) -> subprocess.CompletedProcess[str]:
        """Run to the end; check the exit status, unless `code` is None, and that no traceback was printed."""
        if changes:
            command = [sys.executable, "-m", "bpost_tui", *arguments]
            env = self.environment(**changes)
            ended = subprocess.run(command, env=env, capture_output=True, encoding="utf-8", input=typed)
        else:
            ended = forked_bpost.run(arguments, self.environment(), typed)
        assert code is None or ended.returncode == code, ended.stderr
        assert "Traceback" not in ended.stdout + ended.stderr
        return ended

    def json(self, *arguments: str) -> Any:
        return json.loads(self.run(*arguments, "--json").stdout)

    def python(self, code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", code, *arguments],
            env=self.environment(),
            capture_output=True,
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
        )

    @property
    def data(self) -> Path:
        return self.home / ".local" / "share" / "bpost"

    @property
    def config(self) -> Path:
        folder = self.home / ".config" / "bpost"
        folder.mkdir(parents=True, exist_ok=True)
        return folder / "config.toml"
