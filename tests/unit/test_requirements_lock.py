"""What is pinned has no fault that `bpost doctor` knows of."""

from __future__ import annotations

import re
from pathlib import Path

from bpost_tui.cli.doctor_hints import FLOORS, below_floor

LOCK = Path(__file__).parents[2] / "requirements.lock"


def test_lock_pins_nothing_below_its_floor() -> None:
    pinned = dict(re.findall(r"^([\w.-]+)==([\w.]+)", LOCK.read_text(encoding="utf-8"), re.MULTILINE))
    assert FLOORS.keys() & pinned.keys()
    assert list(below_floor(pinned)) == []
