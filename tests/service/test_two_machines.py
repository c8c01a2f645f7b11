"""Random walk of two machines with a sync folder, a real Miniflux and a phone: the last change of each mark holds.

A mark is changed only by a side that shows its last value, so each change is made knowing of the last one. `BPOST_SERVICE_STEPS` is
the number of actions, `BPOST_SERVICE_SEED` the seed.
"""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from bpost_tui.mark_sync.folder_peer import FolderPeer
from bpost_tui.mark_sync.peer import sync
from bpost_tui.model.marks import MarkName
from tests.service.miniflux_server import Miniflux, Paper, missing
from tests.service.test_miniflux import Reader

STEPS, SEED = int(os.environ.get("BPOST_SERVICE_STEPS", "40")), int(os.environ.get("BPOST_SERVICE_SEED", "1"))
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

    def refresh(self, machine: Reader) -> None:
        """Sync as `bpost refresh` does: with the folder, the server, and the folder."""
        self.folder.mkdir(exist_ok=True)
        peer = FolderPeer(machine.library, self.folder)
        assert sync(peer).error is None
        machine.sync()
        assert sync(peer).error is None

    def shown(self, side: Reader | None, mark: MarkName) -> set[str]:
        if side is None:
            return self.server.read() if mark == "read" else self.server.stars()
        return side.read() if mark == "read" else side.stars()

    def change(self, side: Reader | None, title: str, mark: MarkName) -> None:
        """Change a mark on a side (None: the phone), if the side shows the mark's last value."""
        is_on = title in self.shown(side, mark)
        if is_on is not self.last[title, mark]:
            return
        if side is not None:
            side.mark(mark, title, on=not is_on)
        elif mark == "read":
            self.server.mark([title], "unread" if is_on else "read")
        else:
            self.server.star(title)
        self.last[title, mark] = not is_on
        self.changes += 1

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
