"""Trial of a command of bpost under one failing call: a single clear line, nothing lost, the right exit status."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import sqlite3
import struct
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from bpost_tui.errors import BPostError
from bpost_tui.mark_sync.folder_peer import FolderPeer
from bpost_tui.mark_sync.peer import sync
from bpost_tui.model.passage_anchoring import PassageText, quotable_text
from bpost_tui.model.story import ListFilter
from bpost_tui.store.library import Library
from bpost_tui.store.schema.migrations import READER, STORIES
from tests.clean_environment import AS_INSTALLED
from tests.kept_passages import keep_passage

_HERE = Path(__file__).parent
_ROOT = _HERE.parents[1]
KINDS = {
    "open": errno.EIO,
    "read": errno.EIO,
    "write": errno.ENOSPC,
    "fsync": errno.EIO,
    "rename": errno.EIO,
    "mmap": errno.ENOMEM,
    "fork": errno.EAGAIN,
    "connect": errno.ENETUNREACH,
}
"""Kind of call, in the order of failing.c → the error that it fails with."""
_ORDER = struct.Struct(f"{4 + len(KINDS)}i")
"""Layout of the order for failing.c: kind, number (0: none fails), error, and the calls counted of each kind."""
STARRED, NEWLY = (1, 2, 5), 3
"""Numbers of the stories starred before, and number of the story that a command stars."""
OTHER = "other.toml"
"""Name of a config with another paper."""
_TRACE = re.compile(r"Traceback|File \"|exception was never|is a bug|core dumped", re.IGNORECASE)
_KILLED = 128 + 9
_THREAD = "Exception ignored in thread started by"
_AGES = re.compile(r"\d+ (?:seconds?|minutes?|hours?) ago|just now|\d{4}-\d\d-\d\dT[\d:.]+\S*|\d\d:\d\d")


class Ran(NamedTuple):
    """Result of a command."""

    code: int
    out: str
    err: str
    calls: dict[str, int]
    """Number of calls of each kind that it made before its end."""


@dataclass(frozen=True)
class Command:
    """Command that is tried, and its expected results."""

    name: str
    arguments: tuple[str, ...]
    is_done: Callable[[Home], bool] = lambda _: True
    """Whether the command's work is done; asked if it reports success."""
    codes: tuple[int, ...] = (0,)
    """Possible exit statuses if no call fails."""
    makes: str = ""
    """Name of the file that the command writes; "" if none."""
    may_differ: bool = False
    """Whether a part of the answer may be missing: the name of a paper, if the library can't be read."""
    damaged: bool = False
    """Whether the library has a wrong byte from the start."""


@dataclass
class Home:
    """Home of a reader, made again for each trial."""

    path: Path
    seed: Path
    portal: str
    guids: dict[int, str] = field(default_factory=dict)

    def lay(self, *, damaged: bool) -> None:
        shutil.rmtree(self.path, ignore_errors=True)
        shutil.copytree(self.seed, self.path)
        for made in ("out.json", "out.html", "out.epub", "card.png"):
            (self.path / made).write_bytes(b"before")
        if damaged:
            with (self.library / "stories.db").open("r+b") as file:
                file.seek(100)
                file.write(b"\xff")

    @property
    def library(self) -> Path:
        return self.path / ".local" / "share" / "bpost" / "library"

    def config(self, name: str = ".config/bpost/config.toml") -> dict[str, Any]:
        return tomllib.loads((self.path / name).read_text(encoding="utf-8"))

    def environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.path),
            "LANG": "en_GB.UTF-8",
            "TERM": "dumb",
            **AS_INSTALLED,
        }

    def papers(self, *name: str) -> int:
        return len(self.config(*name)["portals"])

    def starred(self) -> set[str]:
        return {str(guid) for (guid,) in self._rows(READER.name, "SELECT guid FROM marks WHERE starred_us IS NOT NULL")}

    def count(self) -> int:
        return len(self._rows(STORIES.name, "SELECT 1 FROM stories"))

    def _rows(self, name: str, query: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.library / name)) as db:
            return db.execute(query).fetchall()

    def broken(self, command: Command) -> Iterator[str]:
        """Yield the broken promises once all calls succeed again."""
        with Library(self.library) as library:
            yield from (f"said at the next start: {each}" for each in library.notices if not command.damaged)
            yield from (f"verify: {each}" for each in library.maintenance.verify())
        yield from (f"lost: the star of {self.guids[number]}" for number in STARRED if self.guids[number] not in self.starred())
        try:
            assert self.papers() and self.papers(OTHER)
        except (OSError, ValueError) as error:
            yield f"the config: {error}"
        if command.makes and (made := (self.path / command.makes).read_bytes()) != b"before":
            yield from _half(made, command.makes)
        yield from (f"left over: {path.name}" for path in self.path.rglob("*.part") if path.parent != self.path / "Sync")


def _half(made: bytes, name: str) -> Iterator[str]:
    """Yield the faults of a written file."""
    ends = {"json": b"}\n", "html": b"</html>\n", "png": b"IEND\xaeB`\x82", "epub": b""}
    if not made.endswith(ends[name.rpartition(".")[2]]):
        yield f"half a file: {name}"
    if name.endswith("epub") and b"PK\x05\x06" not in made:
        yield f"half a file: {name}"


COMMANDS = (
    Command("refresh", ("refresh", "--pages", "2"), lambda home: home.count() > 10),
    Command("fetch", ("fetch", "--since", "2d")),
    Command("list", ("list", "--json")),
    Command("show", ("show", "1")),
    Command("search", ("search", "মেদিনীপুর", "--json")),
    Command("export", ("export", "--format", "json", "-o", "out.json"), makes="out.json"),
    Command("export epub", ("export", "--format", "epub", "-o", "out.epub"), makes="out.epub"),
    Command("import", ("import", "friend.json"), lambda home: home.count() > 10),
    Command("mark", ("mark", "star", str(NEWLY)), lambda home: home.guids[NEWLY] in home.starred()),
    Command("sync", ("--config", "sync.toml", "mark", "star", str(NEWLY)), lambda home: home.guids[NEWLY] in home.starred()),
    Command("lists", ("lists", "put", "Trip", "4")),
    Command("digest", ("digest", "--since", "9d")),
    Command("digest html", ("digest", "--since", "9d", "--format", "html", "-o", "out.html"), makes="out.html"),
    Command("passages", ("passages", "--json")),
    Command("verify", ("library", "verify", "--json")),
    Command("repair", ("list", "--json"), damaged=True),
    Command("prune", ("library", "prune", "--older-than", "1d")),
    Command("compact", ("library", "compact")),
    Command("portals add", ("--config", OTHER, "portals", "add", "{portal}/feed"), lambda home: home.papers(OTHER) == 2),
    Command("portals import", ("portals", "import", "papers.opml", "--private"), lambda home: home.papers() == 3),
    Command("portals", ("portals", "--json"), may_differ=True),
    Command("card", ("card", "1", "-o", "card.png"), makes="card.png"),
    Command("config", ("config", "check")),
    Command("demo", ("demo", "--plain")),
    Command("doctor", ("doctor",)),
)


@dataclass
class Torture:
    """Forkable bpost process, and the home that it runs in."""

    home: Home
    folder: Path
    process: subprocess.Popen[bytes]
    baselines: dict[str, Ran] = field(default_factory=dict)
    stuck: int = 0
    """Number of times that Python itself waited forever for a thread that found no memory to start."""

    def run(self, command: Command, kind: str, at: int) -> Ran:
        """Run `command` with the `at`-th call of a kind failing, counted from 1; 0 lets none fail."""
        self.home.lay(damaged=command.damaged)
        self._order(kind, at)
        arguments = [each.format(portal=self.home.portal) for each in command.arguments]
        out, err = self.folder / "out", self.folder / "err"
        preload = {name: os.environ.get(name, "") or value for name, value in self._preload.items()}
        env = {**self.home.environment(), **preload, "TORTURE_ARMED": "1"}
        order = {"arguments": arguments, "env": env, "out": str(out), "err": str(err)}
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(order).encode() + b"\n")
        self.process.stdin.flush()
        code = int(self.process.stdout.readline())
        out_text, err_text = (path.read_bytes().decode("utf-8", "replace") for path in (out, err))
        return Ran(code, out_text, err_text, self._calls())

    @property
    def _preload(self) -> dict[str, str]:
        return {"LD_PRELOAD": str(self.folder / "failing.so"), "TORTURE_ORDER": str(self.folder / "order")}

    def _order(self, kind: str, at: int) -> None:
        """Choose the call that fails from now on."""
        number = [*KINDS].index(kind) + 1 if kind else 0
        with (self.folder / "order").open("r+b") as file:
            file.write(_ORDER.pack(number, at, KINDS.get(kind, 0), *[0] * (1 + len(KINDS))))

    def _calls(self) -> dict[str, int]:
        """Return the number of calls of each kind since the last order."""
        return dict(zip(KINDS, _ORDER.unpack((self.folder / "order").read_bytes())[4:], strict=True))

    def wrong(self, command: Command, kind: str, at: int) -> tuple[bool, list[str]]:
        """Return whether `command` made its `at`-th call of a kind, and the broken promises after that call failed."""
        ran = self.run(command, kind, at)
        return ran.calls[kind] >= at, [*self._said_wrong(command, ran), *self.home.broken(command)]

    def _said_wrong(self, command: Command, ran: Ran) -> Iterator[str]:
        """Yield the faults of a command's exit status and output."""
        lines = [line for line in ran.err.splitlines() if line]
        if ran.code == _KILLED and _THREAD in ran.err:
            self.stuck += 1
            return
        if _TRACE.search(ran.err + ran.out):
            yield f"a trace: {lines[-1] if lines else ran.out[-200:]}"
        if ran.code == BPostError.exit_code or ran.code not in {0, *(kind.exit_code for kind in _errors(BPostError)), 128 + 13}:
            yield f"ended with {ran.code}: {' | '.join(lines)[-300:]}"
        elif ran.code in command.codes and not command.is_done(self.home):
            yield f"said to be done: {ran.out[-200:]!r} {lines}"
        elif ran.code == 0 and not lines and not command.may_differ and _plain(ran.out) != _plain(self.baseline(command).out):
            yield f"another answer, without a word: {ran.out[-200:]!r}"
        elif ran.code and not lines and not ran.out:
            yield f"ended with {ran.code} without a word"
        if len(lines) > 4:
            yield f"{len(lines)} lines: {lines[:6]}"

    def baseline(self, command: Command) -> Ran:
        """Return the result of a command if no call fails."""
        if command.name not in self.baselines:
            ran = self.run(command, "", 0)
            assert ran.code in command.codes and command.is_done(self.home), (command.name, ran)
            assert ran.calls["fsync"] or not command.makes, f"{command.name}: {command.makes} may be empty after a power cut"
            self.baselines[command.name] = ran
        return self.baselines[command.name]

    def every(self, command: Command, kind: str, step: int = 1) -> tuple[int, list[str]]:
        """Let each n-th call fail until the command makes no such call any more; return the number of calls, and the faults."""
        self.baseline(command)
        at, tried, wrong = 1, 0, list[str]()
        while True:
            reached, found = self.wrong(command, kind, at)
            wrong += [f"{command.name}, {kind} {at}: {line}" for line in found]
            if not reached:
                return tried, wrong
            tried += 1
            at += step


def _errors(kind: type[BPostError]) -> Iterator[type[BPostError]]:
    yield kind
    for each in kind.__subclasses__():
        yield from _errors(each)


def _plain(text: str) -> str:
    """Return the output without times, which differ from run to run."""
    return _AGES.sub("", text)


def can_be_built() -> bool:
    """Return whether a C compiler, and a loader that preloads, are installed."""
    return sys.platform.startswith("linux") and shutil.which("cc") is not None


@contextmanager
def torture(folder: Path, portal: str) -> Iterator[Torture]:
    """Build the library that makes calls fail, fill a home, and start the forkable bpost."""
    folder.mkdir(exist_ok=True)
    subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", folder / "failing.so", _HERE / "failing.c", "-ldl"], check=True)
    (folder / "order").write_bytes(bytes(_ORDER.size))
    home = Home(folder / "home", folder / "seed", portal)
    _lay_seed(home)
    env = {**home.environment(), "LD_PRELOAD": str(folder / "failing.so"), "TORTURE_ORDER": str(folder / "order")}
    command = [sys.executable, "-m", "tests.torture.forked_program"]
    with subprocess.Popen(command, cwd=_ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as process:
        assert process.stdin and process.stdout
        assert process.stdout.readline() == b"ready\n"
        yield Torture(home, folder, process)
        process.stdin.close()


def _lay_seed(home: Home) -> None:
    """Fill a home: ten stories saved, some starred, a friend's export, papers, another machine."""
    env = {**home.environment(), "HOME": str(home.seed)}
    home.seed.mkdir(parents=True)

    def bpost(*arguments: str) -> str:
        command = [sys.executable, "-m", "bpost_tui", *arguments]
        return subprocess.run(command, env=env, check=True, capture_output=True, text=True, cwd=_ROOT).stdout

    for name, papers in ((".config/bpost/config.toml", home.portal), (OTHER, "https://thebengalpost.net")):
        (home.seed / name).parent.mkdir(parents=True, exist_ok=True)
        (home.seed / name).write_text(f'# mine\nportals = ["{papers}"]\n', encoding="utf-8")
    (home.seed / "sync.toml").write_text(f'portals = ["{home.portal}"]\nsync_folder = "{home.path}/Sync"\n', encoding="utf-8")
    bpost("refresh", "--pages", "2")
    bpost("export", "--format", "json", "-o", str(home.seed / "friend.json"))
    shutil.rmtree(home.seed / ".local")
    bpost("refresh", "--pages", "1")
    lines = "".join(f'<outline type="rss" text="{n}" xmlUrl="http://127.0.0.{n}/feed"/>' for n in (2, 3))
    (home.seed / "papers.opml").write_text(f'<opml version="2.0"><body>{lines}</body></opml>', encoding="utf-8")
    folder = next((home.seed / ".local" / "share" / "bpost").iterdir())
    with Library(folder) as library:
        now = datetime.now(UTC)
        library.set_mark("starred", STARRED, True, now=now)
        quoted = PassageText(quotable_text(library.story(1).blocks)).quote(0, 60)
        assert quoted is not None
        keep_passage(library, 1, quoted, "a note", now=now)
        home.guids.update((row.id, row.guid) for row in library.headlines(ListFilter(), limit=500))
        sync(FolderPeer(library, home.seed / "Sync"))
