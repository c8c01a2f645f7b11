"""Random walk of two machines with a sync folder, a real Miniflux and a phone: the last change of each mark holds.

A mark is changed only by a side that has learned of its last change, and a second later: the server dates changes in whole
seconds. `BPOST_SERVICE_STEPS` is the number of actions, `BPOST_SERVICE_SEED` the seed.
"""

from __future__ import annotations

import os
import random
import time
from collections import defaultdict
from pathlib import Path

import pytest

from bpost_tui.mark_sync.folder_peer import FolderPeer
from bpost_tui.mark_sync.peer import sync
from bpost_tui.model.marks import MarkName
from tests.service.miniflux_server import Miniflux, Paper, missing
from tests.service.test_miniflux import Reader

STEPS, SEED = int(os.environ.get("BPOST_SERVICE_STEPS", "20")), int(os.environ.get("BPOST_SERVICE_SEED", "1"))
TITLES = ("এক", "দুই", "তিন", "চার", "পাঁচ")
CHECKED_AT = 200
"""Number of actions between two checks."""
MARKS: tuple[MarkName, ...] = ("read", "starred")
pytestmark = pytest.mark.skipif(bool(missing()), reason=f"not installed: {missing()}")


class Walk:
    """Two machines, a folder, a server and a phone."""

    def __init__(self, folder: Path, server: Miniflux) -> None:
        self.server, self.folder = server, folder / "Sync"
        self.paper = Paper()
        self.paper.stories = {f"/{number}": title for number, title in enumerate(TITLES)}
        server.sql("TRUNCATE feeds CASCADE")
        server.switch_api(on=True)
        server.subscribe(self.paper.feed)
        self.machines = [Reader(folder / name, self.paper, server) for name in ("one", "two")]
        for each in self.machines:
            each.fetch()
        self.last = {(title, mark): False for title in TITLES for mark in MARKS}
        self.changes = 0
        self.known: dict[object, dict[tuple[str, MarkName], int]] = defaultdict(lambda: defaultdict(int))
        """Side (None: the phone) or machine's file → the number of the last change of each mark that it knows."""

    def learn(self, side: object, of: object) -> None:
        for field, number in self.known[of].items():
            self.known[side][field] = max(self.known[side][field], number)

    def refresh(self, machine: Reader) -> None:
        """Sync as `bpost refresh` does: with the folder, the server, and the folder."""
        self.folder.mkdir(exist_ok=True)
        peer = FolderPeer(machine.library, self.folder)
        assert sync(peer).error is None
        for other in self.machines:
            self.learn(machine, ("file", other))
        machine.sync()
        self.learn(machine, None)
        self.learn(None, machine)
        assert sync(peer).error is None
        self.learn(("file", machine), machine)

    def shown(self, side: Reader | None, mark: MarkName) -> set[str]:
        if side is None:
            return self.server.read() if mark == "read" else self.server.stars()
        return side.read() if mark == "read" else side.stars()

    def change(self, side: Reader | None, title: str, mark: MarkName) -> None:
        """Change a mark on a side (None: the phone), if the side knows the mark's last change."""
        last = max(known[title, mark] for known in [*self.known.values()])
        if self.known[side][title, mark] != last:
            return
        time.sleep(1.1)
        is_on = self.last[title, mark]
        assert (title in self.shown(side, mark)) is is_on
        if side is not None:
            side.mark(mark, title, on=not is_on)
        elif mark == "read":
            self.server.mark([title], "unread" if is_on else "read")
        else:
            self.server.star(title)
        self.last[title, mark] = not is_on
        self.changes += 1
        self.known[side][title, mark] = self.changes

    def check(self) -> None:
        for machine in (*self.machines, *self.machines):
            self.refresh(machine)
        for mark in MARKS:
            wanted = {title for title in TITLES if self.last[title, mark]}
            assert [self.shown(side, mark) for side in (*self.machines, None)] == [wanted] * 3, (mark, self.changes)


def test_last_change_holds_in_a_walk_of_two_machines_and_a_phone(tmp_path: Path) -> None:
    dice = random.Random(SEED)
    with Miniflux() as server:
        walk = Walk(tmp_path, server)
        for machine in walk.machines:
            walk.refresh(machine)
        for step in range(STEPS):
            if dice.random() < 0.5:
                walk.change(dice.choice((*walk.machines, None)), dice.choice(TITLES), dice.choice(MARKS))
            else:
                walk.refresh(dice.choice(walk.machines))
            if step % CHECKED_AT == CHECKED_AT - 1:
                walk.check()
        walk.check()
        print(f"seed {SEED}: {STEPS} actions, {walk.changes} changes")
        for machine in walk.machines:
            machine.library.close()
        walk.paper.close()
