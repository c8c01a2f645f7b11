"""Keys of the reader, and `bpost mark`, while another process works on all stories of the same library."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.benchmarks.libraries import LIBRARY, PORTAL, copy
from tests.benchmarks.measures import Results, row
from tests.benchmarks.stopwatch_terminal import environment
from tests.pty.pty_terminal import Terminal

GROUP = "Keys while another process works on the library"
LIMIT_MS = 500.0
_STORIES = 100_000
_IMPORTED = 10_000
_OTHER_PORTAL = "example.org"
"""Host of the paper whose stories are imported; stories are only compared if there are several papers."""
_LONGEST_S = 90.0
"""Longest time in seconds to measure during a job. The job is then ended."""
_STILL_S = 0.1
_BAR, _UNREAD, _STAR = "▌", "●", "★"
_REPAIR = (
    "import sys, pathlib; from bpost_tui.store.library import Library; Library(pathlib.Path(sys.argv[1])).maintenance.repair()"
)
_SAVED = "SELECT total(starred_us > coalesce(unstarred_us, 0)) FROM marks"


def measure(results: Results, home: Path) -> None:
    """Press keys in the reader and run `bpost mark` during each job."""
    data = copy(_STORIES, home)
    config = home / ".config" / "bpost" / "config.toml"
    config.parent.mkdir(parents=True)
    papers = f'portals = ["https://{PORTAL}", "https://{_OTHER_PORTAL}"]'
    # with groups of the same news, the import would hide a row that a key has just marked behind another
    config.write_text(f"{papers}\nsame_news_once = false\n", encoding="utf-8")
    jobs: dict[str, list[str]] = {
        "nothing": [sys.executable, "-c", "import time; time.sleep(20)"],
        f"import of {_IMPORTED:,} stories": _bpost(data, "import", str(_exported(home))),
        "a new search index": _bpost(data, "list", "-n", "1"),
        "a check (`library verify`)": _bpost(data, "library", "verify"),
        "a repair with new groups": [sys.executable, "-c", _REPAIR, str(data / LIBRARY)],
        "pruning": _bpost(data, "library", "prune", "--older-than", "6m"),
        "compacting": _bpost(data, "library", "compact"),
    }
    for name, command in jobs.items():
        arguments = ["--data-dir", str(data), "--offline", "--text", "cells", "--language", "en"]
        with Terminal(arguments, home, size=(100, 30)) as terminal:
            terminal.wait_until(lambda: _BAR in terminal.text, "the list never came")
            terminal.wait_until_still()
            number = _story_number(home, data)
            if "index" in name:
                _outdate_index(data / LIBRARY)
            _during(results, name, command, terminal, home, data, number)
            terminal.type("Q")
            terminal.end()


def _during(results: Results, name: str, command: list[str], terminal: Terminal, home: Path, data: Path, number: str) -> None:
    shown, saved, marked = list[float](), list[float](), list[float]()
    with _job(command, home) as job, closing(sqlite3.connect(f"file:{data / LIBRARY / 'reader.db'}?mode=ro", uri=True)) as db:
        began = time.perf_counter()
        while job.poll() is None and time.perf_counter() - began < _LONGEST_S:
            for key in "jmskms":
                while terminal.pump(_STILL_S):  # otherwise a sign from before the key, painted late, counts as its effect
                    pass
                stars = db.execute(_SAVED).fetchone()
                pressed = time.perf_counter()
                terminal.type(key)
                terminal.wait_until(_shows(key, terminal), f"{key} did nothing")
                shown.append((time.perf_counter() - pressed) * 1000)
                if key == "s":
                    terminal.wait_until(lambda stars=stars: db.execute(_SAVED).fetchone() != stars, "never saved")  # type: ignore[misc]
                    saved.append((time.perf_counter() - pressed) * 1000)
            for what in ("star", "unstar"):
                pressed = time.perf_counter()
                done = subprocess.run(_bpost(data, "mark", what, number), env=environment(home), capture_output=True, check=False)
                if done.returncode:
                    raise RuntimeError(f"bpost mark failed during {name}: {done.stderr[-300:]!r}")
                marked.append((time.perf_counter() - pressed) * 1000)
    for what, times_ms in (("key to row", shown), ("s until it is saved", saved), ("bpost mark", marked)):
        results.add(row(GROUP, f"{name}: {what}", "ms", times_ms))
        results.add(row(GROUP, f"{name}: {what}, the longest", "ms", [max(times_ms)], limit=LIMIT_MS))


def _shows(key: str, terminal: Terminal) -> Callable[[], bool]:
    """Return a function that tells whether the effect of `key` is on the cursor's row."""
    at, lines = _cursor(terminal)
    if key in "jk":
        return lambda: _cursor(terminal)[0] != at  # the text of the old row may still change, by the mark set last
    sign = _STAR if key == "s" else _UNREAD
    before = sign in lines
    return lambda: (sign in _cursor(terminal)[1]) != before


def _cursor(terminal: Terminal) -> tuple[int, str]:
    """Return the first line and the text of the row under the cursor."""
    lines = terminal.text.splitlines()
    of_row = [at for at, line in enumerate(lines) if _BAR in line]
    return (of_row[0], "".join(lines[at] for at in of_row)) if of_row else (-1, "")


@contextmanager
def _job(command: list[str], home: Path) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(command, env=environment(home), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as job:
        try:
            yield job
        finally:
            job.kill()


def _bpost(data: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "bpost_tui", *arguments, "--data-dir", str(data), "--offline"]


def _story_number(home: Path, data: Path) -> str:
    """Return the number of a story that isn't in the first rows of the list."""
    done = subprocess.run(
        _bpost(data, "list", "-n", "100", "--json"), env=environment(home), capture_output=True, check=True, text=True
    )
    return str(json.loads(done.stdout)[-1]["id"])


def _exported(home: Path) -> Path:
    """Return a file of stories of another paper."""
    data, file = copy(_IMPORTED, home), home / "export.json"
    subprocess.run(_bpost(data, "export", "--format", "json", "-o", str(file)), env=environment(home), check=True)
    file.write_text(file.read_text(encoding="utf-8").replace(PORTAL, _OTHER_PORTAL), encoding="utf-8")
    shutil.rmtree(data)
    return file


def _outdate_index(folder: Path) -> None:
    """Let the next command rebuild the index, as after an update that indexes other words."""
    with closing(sqlite3.connect(folder / "stories.db")) as db, db:
        db.execute("UPDATE index_version SET version = 1")
