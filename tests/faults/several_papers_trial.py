"""Trial of three papers (the sample's engine, RSS, Atom) with a fault in one: the others lose nothing.

The RSS and the Atom feed have no wp-json.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

from bpost_tui.model.paper import paper_at
from bpost_tui.portal.worker.parser_process import ParserProcess
from bpost_tui.refresh.portal_access import RETRY_AT
from bpost_tui.store.library import Library
from bpost_tui.urls import portal_key
from tests.clean_environment import AS_INSTALLED
from tests.faults.fault import Fault, Stage, bengali, post, rss
from tests.faults.fault_portal import FaultPortal, Reply, Request, answer
from tests.faults.fault_table import FAULTS
from tests.faults.fault_trial import (
    DEADLINE_S,
    Ran,
    ReaderHome,
    Verdict,
    files_wrong,
    kept_wrong,
    limits_wrong,
    ran_here,
    spoken_wrong,
)
from tests.machine_load import load_factor
from tests.sample_portal.server import SamplePortal
from tests.scripted_portal import PUBLIC_HOST

ENGINE, RSS, ATOM = "engine", "rss", "atom"
ROLES = {ENGINE: "The sample's engine", RSS: "An RSS feed", ATOM: "An Atom feed"}
_IN_ALL = 16
"""Number of stories on the engine's two pages."""
_ATOM = "application/atom+xml; charset=UTF-8"


@dataclass(frozen=True)
class PaperServers:
    """Servers of three papers, and two servers that bpost must not contact."""

    stages: dict[str, Stage]
    sample: SamplePortal

    def serve(self, numbers: range) -> None:
        """Serve all papers in good health; the feeds have the posts in `numbers`."""
        for role, stage in self.stages.items():
            stage.portal.forget()
            if role == ENGINE:
                stage.portal.set_reply("/*", self._relayed(stage))
            else:
                stage.portal.set_reply("/feed", _feed(stage, role, numbers))

    def _relayed(self, stage: Stage) -> Reply:
        """Return a reply like the sample engine's, but with the addresses of another server."""

        def reply(request: Request) -> bytes:
            there, here = (address.encode() for address in (self.sample.address, stage.portal.address))
            try:
                with urlopen(f"{self.sample.address}{request.path}") as found:
                    status, kind, body = found.status, found.headers["Content-Type"], found.read()
            except HTTPError as error:
                status, kind, body = error.code, error.headers["Content-Type"], error.read()
            return answer(body.replace(there, here).replace(there.replace(b"/", b"\\/"), here), f"{status} X", kind)

        return reply


def _feed(stage: Stage, role: str, numbers: range) -> bytes:
    if role == RSS:
        return answer(stage.fill(rss(*map(post, numbers))))
    entries = "".join(
        f"<entry><id>@portal@/?p={n}</id><title>খবর {bengali(n)}</title><link href='@portal@/khobor-{n}/'/>"
        f"<updated>2026-11-24T{n:02}:00:00Z</updated><content type='html'>&lt;p&gt;লেখা।&lt;/p&gt;</content></entry>"
        for n in numbers
    )
    return answer(stage.fill(f'<feed xmlns="http://www.w3.org/2005/Atom"><title>অণু</title>{entries}</feed>'), "200 OK", _ATOM)


@contextmanager
def running_servers() -> Iterator[PaperServers]:
    """Start the servers, and yield them."""
    with ExitStack() as stack:
        sample = stack.enter_context(SamplePortal(datetime.now(UTC)))
        sentinel, foreign = stack.enter_context(FaultPortal()), stack.enter_context(FaultPortal(PUBLIC_HOST))
        portals = {role: stack.enter_context(FaultPortal()) for role in ROLES}
        yield PaperServers({role: Stage(portal, sentinel, foreign) for role, portal in portals.items()}, sample)


# ── faults of one paper ─────────────────────────────────────────────────────

_NAMED = {fault.name: fault for fault in FAULTS}
_KINDS = {
    **dict.fromkeys(("reset-at-once", "http-429-huge"), "is down"),
    "slow-drip": "is slow",
    **dict.fromkeys(("gzip-bomb-rss", "ansi-raw-open"), "is hostile"),
}
"""Faults for the trial of three papers; all other faults are tried with a single paper."""


@dataclass(frozen=True)
class PaperFault:
    """Fault of one of the papers."""

    role: str
    fault: Fault
    serve: Callable[[PaperServers], None]


def _of(role: str, name: str) -> PaperFault:
    known = _NAMED[name]
    rule = f"{ROLES[role]} {_KINDS[name]}: the others lose nothing"
    fault = Fault("papers", f"{role}-{name}", rule, known.serve, known.codes, stderr=known.stderr)
    return PaperFault(role, fault, lambda servers: known.serve(servers.stages[role]))


def _theft(role: str) -> PaperFault:
    """Return a fault that serves stories under the guids and addresses of the other papers' stories."""

    def serve(servers: PaperServers) -> None:
        theirs = [stage.portal.address for other, stage in servers.stages.items() if other not in (role, ENGINE)]
        items = [
            post(20 + n, "চুরি", guid=f"{address}/?p={n}", link=f"{address}/khobor-{n}/") for address in theirs for n in range(1, 5)
        ]
        servers.stages[role].portal.set_reply("/feed", answer(rss(*items)))

    rule = f"{ROLES[role]} sends the others' guids and addresses: their stories stay theirs"
    return PaperFault(role, Fault("papers", f"{role}-theft", rule, lambda stage: None), serve)


PAPER_FAULTS = tuple(each for role in ROLES for each in (*(_of(role, name) for name in _KINDS), _theft(role)))

# ── the trial ───────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class PapersHome:
    """Home whose config names the three papers; the config is next to it."""

    home: Path
    servers: PaperServers

    def run(self, *arguments: str) -> Ran:
        env = {"PATH": os.environ["PATH"], "HOME": str(self.home), "LANG": "en_GB.UTF-8", "TERM": "dumb"}
        env["PYTHONPATH"] = os.pathsep.join([*AS_INSTALLED.values(), *sys.path])
        config = self.home.with_suffix(".toml")
        feeds = [f'{{ address = "{self.address(role)}", feed = true }}' for role in (RSS, ATOM)]
        config.write_text(f'portals = ["{self.address(ENGINE)}", {", ".join(feeds)}]\n')
        # Three parsers start at once, so on a busy machine each takes longer than the deadline of a single parser.
        return ran_here((*arguments, "--config", str(config)), env, ParserProcess, DEADLINE_S * (1 + load_factor()))

    def address(self, role: str) -> str:
        return self.servers.stages[role].portal.address + ("" if role == ENGINE else "/feed")

    def key(self, role: str) -> str:
        return portal_key(self.address(role))

    @property
    def reader(self) -> ReaderHome:
        return ReaderHome(self.home, self.servers.stages[ENGINE])

    def stories(self) -> dict[str, dict[str, Any]]:
        """Return what `list` prints, by paper and guid."""
        return {f"{row['paper']} {row['guid']}": row for row in json.loads(self.run("list", "-n", "9999", "--json").out)}


def seeded_papers(home: Path, servers: PaperServers) -> PapersHome:
    """Fill a home with posts 1 to 8 of both feeds and the engine's first page; one story of each read, one starred."""
    servers.serve(range(1, 9))
    reader = PapersHome(home, servers)
    ran = reader.run("refresh")
    assert ran.code == 0, ran.err
    rows: dict[str, list[str]] = {}
    for row in reader.stories().values():
        rows.setdefault(row["paper"], []).append(str(row["id"]))
    for numbers in rows.values():
        reader.run("mark", "read", numbers[0])
        reader.run("mark", "star", numbers[1])
    return reader


def papers_trial(paper_fault: PaperFault, seed: PapersHome, home: Path) -> Verdict:
    """Refresh all papers under a fault of a single paper, refresh again in good health, and return the verdict."""
    shutil.copytree(seed.home, home)
    servers, reader = seed.servers, PapersHome(home, seed.servers)
    before = seed.stories()
    servers.serve(range(5, 11))
    for stage in servers.stages.values():
        stage.sentinel.forget()
        stage.foreign.forget()
    paper_fault.serve(servers)
    ran = reader.run("refresh", "--pages", "2")
    after = reader.stories()
    wrong = [*spoken_wrong(ran, "refresh"), *limits_wrong(ran), *kept_wrong(before, after), *files_wrong(reader.reader)]
    wrong += [] if ran.code in paper_fault.fault.codes else [f"exit {ran.code}, not {paper_fault.fault.codes}: {ran.err[:300]}"]
    wrong += [] if paper_fault.fault.stderr in ran.err else [f"stderr doesn't say {paper_fault.fault.stderr!r}: {ran.err[:300]}"]
    for role in ROLES:
        if role != paper_fault.role:
            wrong += _lost(reader, after, role, range(5, 11))
            wrong += [f"{role} is said to be in trouble: {ran.err[:300]}"] if reader.address(role) in ran.err else []
    wrong += ["a foreign host was asked" for stage in servers.stages.values() if stage.sentinel.requests or stage.foreign.requests]
    wrong += spoken_wrong(reader.run("list", "-n", "9999"), "list")
    return Verdict(paper_fault.fault, ran, (*wrong, *_recovery_wrong(reader, before)))


def _lost(reader: PapersHome, stories: dict[str, dict[str, Any]], role: str, numbers: range) -> list[str]:
    """Return a line for each story that is missing of the paper in the role `role`, which is in good health.

    `numbers` are the numbers of its posts. Of the sample's engine, only the number of stories is checked.
    """
    titles = {row["title"] for row in stories.values() if row["paper"] == reader.key(role)}
    if role == ENGINE:
        return [] if len(titles) >= _IN_ALL else [f"of the engine's stories only {len(titles)} are there"]
    return [f"{role}: post {number} is missing" for number in numbers if f"খবর {bengali(number)}" not in titles]


def _recovery_wrong(reader: PapersHome, before: dict[str, dict[str, Any]]) -> list[str]:
    """Return the broken promises after a refresh of all papers in good health."""
    reader.servers.serve(range(5, 13))
    with Library(reader.reader.folder) as library:  # the waiting time that a paper asked for is over
        for role in ROLES:
            log = library.for_paper(paper_at(reader.address(role))).fetch_log
            if log.event_time(RETRY_AT):
                log.set_event_time(RETRY_AT, datetime(2020, 1, 1, tzinfo=UTC))
    ran = reader.run("refresh", "--pages", "2")
    rows = reader.stories()
    wrong = [f"the next refresh ended with {ran.code}: {ran.err[:200]}"] if ran.code or ran.err else []
    wrong += [f"after it: {line}" for role in ROLES for line in _lost(reader, rows, role, range(5, 13))]
    return wrong + [f"after it: {line}" for line in kept_wrong(before, rows)]
