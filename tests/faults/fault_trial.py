"""Trial of a fault: runs bpost in a reader's home, and checks the promises that hold whatever the portal sends."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from mmap import mmap
from pathlib import Path
from threading import Event, Thread
from typing import Any
from unittest import mock

import httpx

from bpost_tui.cli.main import run as bpost
from bpost_tui.model.story import ListFilter
from bpost_tui.portal import portal
from bpost_tui.portal.http import client, policy
from bpost_tui.portal.parse_results import ParserTask
from bpost_tui.portal.worker import parser_process, parser_worker
from bpost_tui.portal.worker.parser_process import ParserProcess
from bpost_tui.refresh import backfill_pass
from bpost_tui.refresh.portal_access import RETRY_AT
from bpost_tui.store.library import Library
from bpost_tui.urls import is_public
from tests.child_processes import tree
from tests.clean_environment import AS_INSTALLED
from tests.faults.fault import Fault, Outcome, Stage, bengali
from tests.faults.fault_portal import answer
from tests.forked_parsers import forked_parsers
from tests.machine_load import load_factor
from tests.scripted_portal import PUBLIC_HOST
from tests.tls_certificate import trusted

DEADLINE_S = 1.5
"""Deadline of a fetch inside this process; a separate process has bpost's own."""
MAX_PAGES = 20
"""Largest number of pages of a backfill inside this process."""
_AS_PUBLIC = str(Path(__file__).parent / "public_host_stub")
_MAX_S = 30.0
MARKS = ("read", "starred")
MAX_BYTES = 300 << 20
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_LINK = re.compile(r"https?://[!-~]{1,2100}")
_TRACE = re.compile(r"Traceback|File \"|\bError:|exception was never|is a bug", re.IGNORECASE)


def max_s() -> float:
    """Return the longest time in seconds that a run may take."""
    return _MAX_S * load_factor()


@dataclass(frozen=True)
class Ran:
    """Result of a run of bpost."""

    code: int
    out: str
    err: str
    seconds: float
    peak_bytes: int = 0
    """Peak memory in bytes of the process and all its descendants together; 0 if it wasn't measured."""


@dataclass(frozen=True)
class Verdict:
    """Result of the trial of a fault."""

    fault: Fault
    refresh: Ran
    wrong: tuple[str, ...]
    """Broken promises, a line each."""


@dataclass(frozen=True)
class ReaderHome:
    """Home of a reader, and the portal that it reads."""

    home: Path
    stage: Stage

    def run(self, *arguments: str, as_process: bool = False, parser: bool = True) -> Ran:
        """Run bpost in this process or, with `as_process`, in its own; without `parser`, this process also parses."""
        env = {"PATH": os.environ["PATH"], "HOME": str(self.home), "LANG": "en_GB.UTF-8", "TERM": "dumb"}
        env |= {
            "BPOST_PORTAL": self.stage.portal.address,
            "PYTHONPATH": os.pathsep.join([*AS_INSTALLED.values(), _AS_PUBLIC, *sys.path]),
        }
        if self.stage.is_sitemap:
            del env["BPOST_PORTAL"]
            config = self.home.with_suffix(".toml")
            config.write_text(f'portals = [{{ address = "{self.stage.portal.address}{self.stage.path}", kind = "sitemap" }}]\n')
            arguments = (*arguments, "--config", str(config))
        return (
            _run_process(arguments, env) if as_process else ran_here(arguments, env, ParserProcess if parser else _InProcessParser)
        )

    @property
    def folder(self) -> Path:
        return self.home / ".local" / "share" / "bpost" / "library"

    def stories(self) -> dict[str, dict[str, Any]]:
        """Return what `list` prints, by guid."""
        return {row["guid"]: row for row in json.loads(self.run("list", "-n", "9999", "--json").out)}


class _InProcessParser(ParserProcess):
    """Parser inside this process for input that is known to be good: a parser process takes 150 ms to start."""

    async def start(self) -> None:
        pass

    async def parse(self, task: ParserTask, body: bytes | mmap) -> object:
        return parser_worker._TASKS[task.name](task, body[:])


def ran_here(arguments: tuple[str, ...], env: dict[str, str], reader: type[ParserProcess], deadline_s: float = DEADLINE_S) -> Ran:
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2))
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    quick = partial(portal.Portal, deadline_s=deadline_s)
    begun = time.monotonic()
    try:
        with (
            redirect_stdout(out),
            redirect_stderr(err),
            mock.patch.dict(os.environ, env, clear=True),
            mock.patch.object(portal, "Portal", quick),
            mock.patch.object(parser_process, "ParserProcess", reader),
            forked_parsers(),
            mock.patch.object(policy, "is_public", lambda ip: ip == PUBLIC_HOST or is_public(ip)),
            mock.patch.object(httpx, "create_ssl_context", trusted),
            mock.patch.object(backfill_pass, "MAX_PAGES", MAX_PAGES),
            mock.patch.object(client, "RETRY_PAUSE_S", 0.02),
        ):
            code = bpost(arguments)
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    seconds = time.monotonic() - begun
    return Ran(code, _written(out), _written(err), seconds)


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    written = stream.buffer
    assert isinstance(written, io.BytesIO)
    return written.getvalue().decode("utf-8")  # strict: bpost must write valid UTF-8


def _run_process(arguments: tuple[str, ...], env: dict[str, str]) -> Ran:
    begun = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "-m", "bpost_tui", *arguments],
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        with watched(process.pid) as peaks:
            out, err = process.communicate(timeout=max_s() + 60)
        return Ran(process.returncode, out.decode(), err.decode(), time.monotonic() - begun, sum(peaks.values()))


@contextmanager
def watched(pid: int) -> Iterator[dict[int, int]]:
    """Record the peak resident size of a process and of all its descendants while they run."""
    peaks: dict[int, int] = {}
    over = Event()

    def watch() -> None:
        while not over.wait(0.01):
            for each in tree(pid):
                with suppress(OSError):
                    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{each}/status").read_text())
                    if found:
                        peaks[each] = max(peaks.get(each, 0), int(found[1]) << 10)

    watcher = Thread(target=watch)
    watcher.start()
    try:
        yield peaks
    finally:
        over.set()
        watcher.join()


# ── before ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Seed:
    """Home with posts 1 to 8, the first read, the second starred."""

    home: Path
    stories: dict[str, dict[str, Any]]


def seeded(home: Path, stage: Stage) -> Seed:
    """Fill a home."""
    reader = ReaderHome(home, stage)
    stage.portal.set_reply(stage.path, answer(stage.healthy(range(1, 9))))
    ran = reader.run("refresh")
    assert ran.code == 0, ran.err
    now = datetime.now(UTC)
    with Library(reader.folder) as library:
        rows = {row.guid: row.id for row in library.headlines(ListFilter(), limit=99)}
        library.set_mark("read", [rows[stage.guid(1)]], True, now=now)
        library.set_mark("starred", [rows[stage.guid(2)]], True, now=now)
    stage.portal.forget()
    return Seed(home, reader.stories())


# ── one fault ───────────────────────────────────────────────────────────────


def trial(fault: Fault, seed: Seed, home: Path, stage: Stage, *, as_process: bool = False) -> Verdict:
    """Serve `fault` on the servers `stage` to a copy of the home `seed`, then the good feed again, and return the verdict.

    `home` is the folder of the copy. `as_process` is whether bpost runs in a process of its own.
    """
    shutil.copytree(seed.home, home)
    reader = ReaderHome(home, stage)
    wrong: list[str] = []
    before = seed.stories
    stage.sentinel.forget()
    stage.foreign.forget()
    fault.serve(stage)
    ran = reader.run(fault.verb, *fault.options, as_process=as_process)
    after = reader.stories()
    wrong += _unrequested_wrong(fault, stage)
    if fault.steady:
        again = reader.run(fault.verb, *fault.options)
        wrong += [] if len(reader.stories()) == len(after) else ["a second refresh found more"]
        wrong += spoken_wrong(again, "second refresh")
    wrong += spoken_wrong(ran, "refresh") + limits_wrong(ran)
    if ran.code not in fault.codes:
        wrong.append(f"exit {ran.code}, not {fault.codes}: {ran.err[:300]}")
    if ran.code and not ran.err:
        wrong.append("failed without a word")
    if fault.stderr not in ran.err:
        wrong.append(f"stderr doesn't say {fault.stderr!r}: {ran.err[:300]}")
    text = _shown(reader, before, after, wrong)
    wrong += kept_wrong(before, after)
    wanted = (f"খবর {bengali(9)}", f"খবর {bengali(10)}") if fault.news else ()
    wrong += [f"{title!r} is missing" for title in (*wanted, *fault.shows) if title not in text]
    wrong += [f"{word!r} is there" for word in fault.hides if word in text + ran.err]
    if fault.check is not None and not fault.check(Outcome(ran.code, ran.out, ran.err, text, stage)):
        wrong.append(f"its own check failed ({ran.err[:300]})")
    wrong += files_wrong(reader)
    wrong += others_asked(fault, stage)
    stage.portal.forget()
    wrong += recovery_wrong(reader, before)
    return Verdict(fault, ran, tuple(wrong))


def _unrequested_wrong(fault: Fault, stage: Stage) -> list[str]:
    """Return the replies of a fault that were never requested, except those at paths that bpost must not request.

    A fault without its replies has no effect, so its trial would prove nothing.
    """
    paths = stage.portal.unrequested | stage.foreign.unrequested
    forbidden = {path for path in paths if re.fullmatch(fault.unrequested, path)}
    wrong = [f"{path} was never requested" for path in sorted(paths - forbidden)]
    return wrong + (["no path is unrequested"] if fault.unrequested and not forbidden else [])


def others_asked(fault: Fault, stage: Stage) -> list[str]:
    """Return a line for each kind of forbidden request.

    Nothing may ask the sentinel (a private server) or, except for pictures, the foreign host, nor an https portal in clear.
    """
    wrong = ["the sentinel was asked"] if stage.sentinel.requests or stage.sentinel.connections else []
    if bool(stage.foreign.connections) is not fault.foreign_asked:
        wrong.append("the foreign host wasn't asked" if fault.foreign_asked else "a foreign host was asked")
    in_clear = [request.path for request in stage.portal.requests if request.tls is not stage.portal.tls]
    return wrong + [f"{path} was asked for in clear" for path in in_clear]


def spoken_wrong(ran: Ran, what: str) -> list[str]:
    wrong = [f"a control in the output of {what}: {found!r}" for found in CONTROL.findall(ran.out + ran.err)[:1]]
    return wrong + ([f"a traceback in {what}: {ran.err[:400]}"] if _TRACE.search(ran.err) else [])


def limits_wrong(ran: Ran) -> list[str]:
    wrong = [f"took {ran.seconds:.1f} s"] if ran.seconds > max_s() else []
    return wrong + ([f"took {ran.peak_bytes >> 20} MB"] if ran.peak_bytes > MAX_BYTES else [])


def kept_wrong(before: dict[str, dict[str, Any]], after: dict[str, dict[str, Any]], *, marks: tuple[str, ...] = MARKS) -> list[str]:
    """Return the saved stories that are lost or changed, and the changes of `marks` that no reader made."""
    same = ("id", "title", "link", "published", "full", *marks)
    return [
        f"{guid} was lost or changed"
        for guid, row in before.items()
        if guid not in after or any(after[guid][name] != row[name] for name in same)
    ]


def _shown(reader: ReaderHome, before: dict[str, Any], after: dict[str, dict[str, Any]], wrong: list[str]) -> str:
    """Return the output of the verbs that show news, and append its faults to `wrong`."""
    neighbours = {reader.stage.guid(10), *before}
    new = [str(row["id"]) for guid, row in after.items() if guid not in neighbours][:3]
    calls = [("list", "-n", "9999"), ("categories",), *(("show", story, "--plain") for story in new[:1])]
    calls += [("show", story, *form) for story in new for form in ((), ("--json",))]
    found = [f"a control in {word[:80]!r}" for word in _strings(list(after.values())) if CONTROL.search(word)]
    wrong += found[:1]
    text = json.dumps(list(after.values()), ensure_ascii=False)
    for call in calls:
        ran = reader.run(*call)
        wrong += spoken_wrong(ran, " ".join(call))
        wrong += [f"{call} ended with {ran.code}: {ran.err[:200]}"] if ran.code else []
        text += ran.out
        if "--json" in call:
            wrong += [f"a control in {call}" for word in _strings(json.loads(ran.out)) if CONTROL.search(word)][:1]
    return text


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from (*_strings(key), *_strings(each))


def files_wrong(reader: ReaderHome) -> list[str]:
    """Check the texts and links in both databases, and that bpost wrote files only into its own folders."""
    wrong: list[str] = []
    for name in ("stories.db", "reader.db"):
        with closing(sqlite3.connect(reader.folder / name)) as db:
            wrong += [f"{name}: {line}" for (line,) in db.execute("PRAGMA quick_check") if line != "ok"]
            for table, column in _text_columns(db):
                for (value,) in db.execute(f'SELECT "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL'):
                    texts = [value, *(_strings(json.loads(value)) if column == "blocks" else ())]
                    wrong += [f"a control in {table}.{column}" for text in texts if CONTROL.search(str(text))][:1]
                    if column in ("link", "image") and not _LINK.fullmatch(value):
                        wrong.append(f"no link in {table}.{column}: {value[:80]!r}")
        db.close()
    known = tuple(reader.home / ".local" / kind / "bpost" for kind in ("share", "state"))
    files = [path for path in reader.home.rglob("*") if path.is_file()]
    wrong += [f"a file at {path}" for path in files if not any(path.is_relative_to(folder) for folder in known)]
    return wrong + [f"{path} is open to others" for path in files if path.stat().st_mode & 0o077]


def _text_columns(db: sqlite3.Connection) -> list[tuple[str, str]]:
    tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%STRICT%'")]
    return [(name, row[1]) for name in tables for row in db.execute(f'PRAGMA table_info("{name}")') if row[2] == "TEXT"]


def _wait_out(reader: ReaderHome) -> None:
    """End the waiting time that the portal asked for."""
    with Library(reader.folder) as library:
        if library.fetch_log.event_time(RETRY_AT):
            library.fetch_log.set_event_time(RETRY_AT, datetime(2020, 1, 1, tzinfo=UTC))


def recovery_wrong(reader: ReaderHome, before: dict[str, dict[str, Any]], *, marks: tuple[str, ...] = MARKS) -> list[str]:
    """Return the broken promises after a refresh from the working portal."""
    _wait_out(reader)
    reader.stage.portal.set_reply(reader.stage.path, answer(reader.stage.healthy(range(5, 13))))
    ran = reader.run("refresh", parser=False)
    rows = reader.stories()
    titles = {row["title"] for row in rows.values()}
    wrong = [f"the next refresh ended with {ran.code}: {ran.err[:200]}"] if ran.code or ran.err else []
    wrong += [f"post {number} is missing after it" for number in range(9, 13) if f"খবর {bengali(number)}" not in titles]
    reader.stage.portal.forget()
    return wrong + [f"after it: {line}" for line in kept_wrong(before, rows, marks=marks)]
