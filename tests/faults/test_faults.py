"""Every fault through the whole street: seeded, served, shown, recovered."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.fault import Fault, Stage
from tests.faults.faults import FAULTS
from tests.faults.street import Verdict, trial


def _parameter(fault: Fault) -> object:
    marks = [pytest.mark.xfail(strict=True, reason=fault.fails)] if fault.fails else []
    return pytest.param(fault, id=f"{fault.group}-{fault.name}", marks=marks)


@pytest.mark.parametrize("fault", [_parameter(fault) for fault in FAULTS])
def test_street_under_a_fault_keeps_its_promises(
    fault: Fault, seed: Path, stage: Stage, tmp_path: Path, verdicts: list[Verdict]
) -> None:
    verdict = trial(fault, seed, tmp_path / "home", stage, as_process=fault.heavy)
    stage.portal.forget()
    verdicts.append(verdict)
    assert not verdict.wrong, "\n".join(verdict.wrong)
