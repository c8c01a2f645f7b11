"""A share of the faults on the screen; `python -m tests.faults` tries all that can reach it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.fault import Fault, Stage
from tests.faults.fault_table import FAULTS
from tests.faults.fault_trial import Seed
from tests.faults.screen_trial import GROUPS, busy, stream_wrong, watch

SHARE = ("ansi-raw-osc", "ansi-c1-osc", "markup-action", "bidi", "mojibake", "status-ansi", "endless-crumbs", "items-2k")
_ON_SCREEN = [fault for fault in FAULTS if fault.group in GROUPS]


def _chosen() -> list[Fault]:
    """Return the named faults, and the first of each group."""
    first = {fault.group: fault for fault in reversed(_ON_SCREEN)}
    return [fault for fault in _ON_SCREEN if fault.name in SHARE or first[fault.group] is fault]


@pytest.mark.pty
@pytest.mark.parametrize("fault", [pytest.param(fault, id=f"{fault.group}-{fault.name}") for fault in _chosen()])
def test_reader_stays_quick_and_its_stream_clean_under_a_fault(fault: Fault, seed: Seed, stage: Stage, tmp_path: Path) -> None:
    watched = watch(fault, seed, tmp_path / "home", stage, allowed=busy())
    assert not watched.wrong, "\n".join(watched.wrong)


@pytest.mark.parametrize(
    "bad", ["\x1b]0;title\x07", "\x1b]52;c;aGk=\x07", "\x9b2J", "a\x08b", "\u202eabc", "\x1b]8;;http://x\x1b\\", "\x1bPq\x1b\\"]
)
def test_stream_wrong_reports_forbidden_sequences(bad: str) -> None:
    assert stream_wrong(f"\x1b[1;1Hঠিক{bad}\r\n")
    assert not stream_wrong("\x1b[1;1H\x1b[38;2;1;2;3mঠিক\r\n\x1b]11;?\x1b\\")
