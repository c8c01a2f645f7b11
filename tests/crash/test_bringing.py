from __future__ import annotations

import random
from pathlib import Path

from tests.crash.bringing import begin, broken, kill_while_bringing


def test_libraries_that_are_brought_over_under_kills_are_there_whole(tmp_path: Path) -> None:
    counts = (40, 60, 20, 33, 2)
    begin(tmp_path, counts)
    kills, _ = kill_while_bringing(tmp_path, 12, random.Random(), longest_s=0.2, batch=7)
    assert kills
    assert broken(tmp_path, counts) == []
