"""Machine of the year: a home with bpost of some version, its clock, and the sites of the papers that it follows."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bpost_tui.urls import portal_key
from tests import forked_bpost
from tests.clean_environment import AS_INSTALLED, OTHER_VERSION
from tests.year.year_papers import TOKEN, YearPaper

_ROOT = Path(__file__).parents[2]
_LIBRARY = Path(".local", "share", "bpost", "library")


def shifted_clock(folder: Path) -> Path:
    """Compile the library that moves a process's clock, and return its path."""
    made = folder / "shifted_clock.so"
    subprocess.run(
        ["cc", "-shared", "-fPIC", "-O1", "-o", str(made), str(Path(__file__).with_name("shifted_clock.c"))],
        check=True,
    )
    return made


def interpreter(version: str, folder: Path) -> str:
    """Return the interpreter of another version: of the checkout at the path `version`, or of a commit, extracted into `folder`."""
    checkout = Path(version)
    if not checkout.is_dir():
        checkout = folder / "checkout"
        checkout.mkdir()
        archive = subprocess.run(["git", "archive", version], cwd=_ROOT, check=True, capture_output=True).stdout
        subprocess.run(["tar", "-x", "-C", str(checkout)], input=archive, check=True)
    python = checkout / ".venv" / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(checkout / ".venv")], check=True)
        (packages,) = (checkout / ".venv" / "lib").glob("python*/site-packages")
        ours = next(path for path in sys.path if path.endswith("site-packages"))
        (packages / "checkout.pth").write_text(f"{checkout}\n{ours}\n")  # its .pth files aren't read, so ours isn't on the path
    return str(python)


@dataclass
class Version:
    """Version of bpost on a machine."""

    python: str
    clock: Path
    """Preloaded library that moves the clock."""
    forks: socket.socket = field(init=False)

    def __post_init__(self) -> None:
        self.forks = forked_bpost.start(self.python, LD_PRELOAD=str(self.clock))


@dataclass
class YearMachine:
    """Machine of the reader."""

    name: str
    home: Path
    version: Version
    follows: dict[str, YearPaper] = field(default_factory=dict)
    """Site of each paper in the config, by the paper's name."""
    addresses: dict[str, str] = field(default_factory=dict)
    """Address of each paper in the config, now or until it was removed."""
    ahead: timedelta = timedelta(0)
    """Time between the trial's clock and this machine's clock; positive if this machine's clock is ahead."""
    shift_s: int = 0
    """Seconds between the real clock and the trial's clock; positive if the trial's clock is ahead."""
    commands: int = 0
    kills: int = 0

    def begin(self, papers: Mapping[str, YearPaper]) -> None:
        """Write a config that follows papers."""
        for name, paper in papers.items():
            self.follow(name, paper)
        portals = "".join(
            f'  {{ address = "{paper.paper_address}", name = "{name}", kind = "{_kind(paper)}" }},\n'
            for name, paper in papers.items()
        )
        self.config.parent.mkdir(parents=True)
        self.config.write_text(f'portals = [\n{portals}]\nsync_folder = "{self.folder}"\n', encoding="utf-8")
        self.folder.mkdir(parents=True)

    def follow(self, name: str, paper: YearPaper) -> None:
        """Record that the config has the paper `name` at its present address."""
        self.follows[name], self.addresses[name] = paper, paper.paper_address

    @property
    def config(self) -> Path:
        return self.home / ".config" / "bpost" / "config.toml"

    @property
    def folder(self) -> Path:
        """Folder of marks, which a synchroniser copies to the other machine."""
        return self.home / "Sync" / "bpost"

    @property
    def library(self) -> Path:
        return self.home / _LIBRARY

    @property
    def now(self) -> datetime:
        """Time by the machine's clock."""
        return datetime.now(UTC) + timedelta(seconds=self.shift_s) + self.ahead

    def environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "LANG": "en_GB.UTF-8",
            "TERM": "dumb",
            "YEAR_SHIFT_S": str(self.shift_s + round(self.ahead.total_seconds())),
            **(AS_INSTALLED if self.version.python == sys.executable else OTHER_VERSION),
        }

    def run(self, *arguments: str, code: int | None = 0) -> subprocess.CompletedProcess[str]:
        """Run a command to its end; raise AssertionError if it ends with another status than `code`, unless that is None."""
        ended = forked_bpost.run(arguments, self.environment(), forks=self.version.forks)
        self.commands += 1
        if "Traceback" in ended.stderr or code not in (None, ended.returncode):
            raise AssertionError(f"{self.name}: bpost {' '.join(arguments)}: {ended.returncode}: {ended.stderr[-2000:]}")
        return ended

    def json(self, *arguments: str) -> Any:
        return json.loads(self.run(*arguments, "--json").stdout)

    def kill(self, dice: random.Random, *arguments: str) -> None:
        """Start a command and kill it after a part of its time."""
        env = {**self.environment(), "LD_PRELOAD": str(self.version.clock)}
        quiet = subprocess.DEVNULL
        process = subprocess.Popen(
            [self.version.python, "-m", "bpost_tui", *arguments],
            env=env,
            stdin=quiet,
            stdout=quiet,
            stderr=quiet,
            cwd=self.home,
            start_new_session=True,
        )
        time.sleep(0.2 + dice.random())
        self.kills += process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.wait()

    def paper_of(self, key: str) -> str | None:
        """Return the name of the paper with the key `key`, even if it was removed; None if there is no such paper."""
        return next((name for name, address in self.addresses.items() if portal_key(address) == key), None)

    def story_of(self, row: Mapping[str, Any]) -> tuple[str, int] | None:
        """Return the paper's name and the post's number of a story as `--json` prints it."""
        paper, found = self.paper_of(row["paper"]), TOKEN.search(row["title"])
        return (paper, int(found[0][2:])) if paper and found else None

    def sizes(self) -> dict[str, int]:
        """Return the size in bytes of each file of the library, of the backups and of the sync folder."""
        files = {
            "stories.db": [self.library / "stories.db"],
            "reader.db": [self.library / "reader.db"],
            "backups": [*self.library.glob("backups/*")],
            "sync": [*self.folder.glob("*")],
            "state": [path for path in (self.home / ".local" / "state").rglob("*") if path.is_file()],
        }
        return {name: sum(path.stat().st_size for path in paths if path.exists()) for name, paths in files.items()}


def _kind(paper: YearPaper) -> str:
    return paper.shape if paper.shape in ("wordpress", "sitemap") else "feed"
