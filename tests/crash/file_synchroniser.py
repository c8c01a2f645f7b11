"""Program that syncs two folders as badly as possible: late, twice, in part, out of order, with copies of its own."""

from __future__ import annotations

import random
from collections import defaultdict
from pathlib import Path

_MOST_KEPT = 20


class Synchroniser:
    """Synchroniser that delivers each machine's file into the other's folder, and keeps old versions for later deliveries."""

    def __init__(self, folders: tuple[Path, Path], dice: random.Random) -> None:
        self.folders = folders
        self.dice = dice
        self.kept: dict[tuple[Path, str], list[bytes]] = defaultdict(list)
        self.own: dict[str, Path] = {}
        """File name → its machine's folder, the first folder with such a file."""
        self.delivered = 0

    def work(self) -> None:
        """Deliver a file in a random way."""
        for source, target in (self.folders, self.folders[::-1]):
            for path in source.glob("marks-????????????????.jsonl"):
                if self.own.setdefault(path.name, source) == source:
                    self._deliver(path, target)

    def _deliver(self, path: Path, target: Path) -> None:
        kept = self.kept[path, path.name]
        kept.append(path.read_bytes())
        del kept[:-_MOST_KEPT]
        what, data, there = self.dice.random(), kept[-1], target / path.name
        if what < 0.35:  # nothing yet
            return
        self.delivered += 1
        if what < 0.5:
            self._whole(there, data)
        elif what < 0.6:  # an earlier delivery again
            self._whole(there, self.dice.choice(kept))
        elif what < 0.75:  # a part from the start
            there.write_bytes(data[: self.dice.randrange(len(data) + 1)])
        elif what < 0.9:  # blocks arrive out of order: zeros in place of some
            begin = self.dice.randrange(len(data) + 1)
            end = min(len(data), begin + self.dice.randrange(1, 3000))
            there.write_bytes(data[:begin] + bytes(end - begin) + data[end:])
        elif what < 0.93:
            self._whole(target / f"{path.stem}.sync-conflict-20261126-{self.dice.randrange(3)}.jsonl", self.dice.choice(kept))
        elif what < 0.95:  # an earlier version comes back to the machine that wrote it
            self._whole(path, self.dice.choice(kept))
        else:
            there.unlink(missing_ok=True)

    def _whole(self, path: Path, data: bytes) -> None:
        part = path.with_name(f".{path.name}.tmp")
        part.write_bytes(data)
        part.replace(path)

    def catch_up(self) -> None:
        """Deliver every file as it is now."""
        for source, target in (self.folders, self.folders[::-1]):
            for path in source.glob("marks-????????????????.jsonl"):
                if self.own.setdefault(path.name, source) == source:
                    self._whole(target / path.name, path.read_bytes())
