"""Pinned versions: none has a fault listed in `bpost doctor`."""

from __future__ import annotations

from bpost_tui.cli.doctor.doctor_hints import FLOORS, below_floor
from tools.lock_file import pins


def test_pinned_versions_are_not_below_their_floor() -> None:
    pinned = {name: pin.version for name, pin in pins().items()}
    assert FLOORS.keys() & pinned.keys()
    assert list(below_floor(pinned)) == []
