"""Kills of the process that syncs marks with a service: no mark is lost, none gets another meaning."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import httpx

from bpost_tui.mark_sync.greader_api import TAGS
from bpost_tui.model.paper import paper_at
from bpost_tui.model.story import ListFilter, Story
from bpost_tui.store.library import Library
from tests.conftest import NOW
from tests.service import killed_sync
from tests.service.model_server import ModelServer

KILLS = int(os.environ.get("BPOST_SERVICE_KILLS", "8"))
PAPER = "https://one.example/feed"
STORIES = 6


class KillingServer(ModelServer):
    """Server that kills its client at a request, before it handles the request or after."""

    def __init__(self) -> None:
        super().__init__(PAPER, labels=False, dated=True)
        self.victim: subprocess.Popen[bytes] | None = None
        self.kills_at, self.kills_late = -1, False

    def _answered(self, request: httpx.Request, path: str) -> httpx.Response:
        self.kills_at -= 1
        if self.kills_at != 0:
            return super()._answered(request, path)
        if self.kills_late:
            super()._answered(request, path)
        assert self.victim is not None
        self.victim.kill()
        self.victim.wait()
        raise httpx.ReadError("nobody is left to be answered", request=request)


def test_sync_loses_no_mark_when_killed_at_any_request(tmp_path: Path) -> None:
    chance = random.Random(2026)
    server, folder = KillingServer(), tmp_path / "library"
    numbers = [server.add(f"https://one.example/{n}") for n in range(STORIES)]
    with Library(folder) as library, server.on_this_machine() as address:
        library.set_subscriptions([paper_at(PAPER)])
        stories = [Story(f"guid {n}", f"title {n}", f"https://one.example/{n}", published=NOW) for n in range(STORIES)]
        library.for_paper(paper_at(PAPER)).save(stories, now=NOW)
        wanted = dict.fromkeys(range(STORIES), False)
        for _ in range(KILLS):
            for story in range(STORIES):  # half of the stories are marked here, half on the phone
                server.now_s += 3
                wanted[story] = chance.random() < 0.5
                if story % 2:
                    server.tag(numbers[story], TAGS["read"], wanted[story])
                else:
                    library.set_mark("read", [library.find(f"https://one.example/{story}")], wanted[story], now=NOW)
            server.kills_at, server.kills_late = chance.randrange(1, 12), chance.random() < 0.5
            command = [sys.executable, "-m", "tests.service.killed_sync", str(folder), address, PAPER]
            server.victim = subprocess.Popen(command, stderr=subprocess.DEVNULL)
            server.victim.wait()
        server.kills_at = -1
        for _ in range(2):
            killed_sync.main(str(folder), address, PAPER)
        shown = {row.guid: row.read for row in library.headlines(ListFilter(), limit=99)}
    assert shown == {f"guid {story}": is_read for story, is_read in wanted.items()}
    assert {n: TAGS["read"] in server.entries[number].tags for n, number in enumerate(numbers)} == wanted
