"""Random walk of two machines with a sync folder, a real server and a phone: the last change of each mark holds.

A mark is changed only by a side that has learned of its last change. `BPOST_SERVICE_STEPS` is the number of actions,
`BPOST_SERVICE_SEED` the seed.
"""

from __future__ import annotations

import os
import random
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest

from bpost_tui.mark_sync.folder_peer import FolderPeer
from bpost_tui.mark_sync.peer import sync
from bpost_tui.model.marks import MarkName
from tests.service import freshrss_server, miniflux_server
from tests.service.feed_server import FeedServer, Paper
from tests.service.freshrss_server import FreshRss
from tests.service.miniflux_server import Miniflux
from tests.service.test_miniflux import Reader

STEPS, SEED = int(os.environ.get("BPOST_SERVICE_STEPS", "20")), int(os.environ.get("BPOST_SERVICE_SEED", "1"))
TITLES = ("এক", "দুই", "তিন", "চার", "পাঁচ")
_DAY_S = 24 * 3600
CHECKED_AT = 200
"""Number of actions between two checks."""


def _skip_if(missing: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(bool(missing), reason=f"not installed: {missing}")


_SERVERS = (
    pytest.param(Miniflux, ("read", "starred"), id="miniflux", marks=_skip_if(miniflux_server.missing())),
    *(
        [pytest.param(FreshRss, ("read", "starred", "later"), id="freshrss", marks=_skip_if(freshrss_server.missing()))]
        if freshrss_server.SOURCE  # no system has a package of it
        else ()
    ),
)


class Walk:
    """Two machines, a folder, a server and a phone."""

    def __init__(self, folder: Path, server: FeedServer, marks: tuple[MarkName, ...]) -> None:
        self.server, self.folder, self.marks = server, folder / "Sync", marks
        self.paper = Paper()
        self.paper.stories = {f"/{number}": title for number, title in enumerate(TITLES)}
        server.subscribe(self.paper.feed)
        self.machines = [Reader(folder / name, self.paper, server) for name in ("one", "two")]
        for each in self.machines:
            each.fetch()
        self.last = {(title, mark): False for title in TITLES for mark in self.marks}
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
        assert sync(peer) is None
        for other in self.machines:
            self.learn(machine, ("file", other))
        machine.sync()
        self.learn(machine, None)
        self.learn(None, machine)
        assert sync(peer) is None
        self.learn(("file", machine), machine)

    def shown(self, side: Reader | None, mark: MarkName) -> set[str]:
        shows = self.server if side is None else side
        return {"read": shows.read, "starred": shows.stars, "later": shows.later}[mark]()

    def change(self, side: Reader | None, title: str, mark: MarkName) -> None:
        """Change a mark on a side (None: the phone), if the side knows the mark's last change."""
        last = max(known[title, mark] for known in [*self.known.values()])
        if self.known[side][title, mark] != last:
            return
        is_on = self.last[title, mark]
        assert (title in self.shown(side, mark)) is is_on
        if side is not None:
            side.mark(mark, title, on=not is_on)
        elif mark == "read":
            self.server.mark([title], "unread" if is_on else "read")
        elif mark == "starred":
            self.server.star(title)
        else:
            self.server.label(title)
        self.last[title, mark] = not is_on
        self.changes += 1
        self.known[side][title, mark] = self.changes

    def check(self) -> None:
        for machine in (*self.machines, *self.machines):
            self.refresh(machine)
        for mark in self.marks:
            wanted = {title for title in TITLES if self.last[title, mark]}
            assert [self.shown(side, mark) for side in (*self.machines, None)] == [wanted] * 3, (mark, self.changes)


@pytest.mark.parametrize("has_wrong_dates", [False, True], ids=["", "wrong dates"])
@pytest.mark.parametrize(("make", "marks"), _SERVERS)
def test_last_change_holds_in_a_walk_of_two_machines_and_a_phone(
    tmp_path: Path, make: Callable[[], FeedServer], marks: tuple[MarkName, ...], has_wrong_dates: bool
) -> None:
    dice = random.Random(SEED)
    with make() as server:
        walk = Walk(tmp_path, server, marks)
        if has_wrong_dates:
            leads = random.Random(SEED)
            for machine in walk.machines:
                machine.date_lead_s = lambda: leads.uniform(-_DAY_S, _DAY_S)
        for machine in walk.machines:
            walk.refresh(machine)
        for step in range(STEPS):
            if dice.random() < 0.5:
                walk.change(dice.choice((*walk.machines, None)), dice.choice(TITLES), dice.choice(marks))
            else:
                walk.refresh(dice.choice(walk.machines))
            if step % CHECKED_AT == CHECKED_AT - 1:
                walk.check()
        walk.check()
        print(f"seed {SEED}: {STEPS} actions, {walk.changes} changes")
        for machine in walk.machines:
            machine.library.close()
        walk.paper.close()
