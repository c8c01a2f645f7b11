from __future__ import annotations

import random
from pathlib import Path

from tests.crash.bringing import begin, broken, kill_while_bringing


def test_libraries_that_are_brought_over_under_kills_are_there_whole(tmp_path: Path) -> None:
    counts, dice = (40, 60, 20, 33, 2), random.Random()
    data, unharmed = tmp_path / "data", tmp_path / "unharmed"
    for folder in (data, unharmed):
        begin(folder, counts)
    _, (whole_s,) = kill_while_bringing(unharmed, 0, dice, longest_s=0, batch=7)
    kills, _ = kill_while_bringing(data, 12, dice, longest_s=whole_s / 3, batch=7)
    assert kills
    assert broken(data, counts) == []
