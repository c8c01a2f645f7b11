"""Planted faults fit the code as it is now; `make planted` plants them."""

from __future__ import annotations

import ast

import pytest

from tests.planted.__main__ import planted
from tests.planted.planted_faults import FAULTS, ROOT, TRIALS, PlantedFault


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name.replace(" ", "-"))
def test_fault_can_be_planted(fault: PlantedFault) -> None:
    source = (ROOT / "bpost_tui" / fault.module).read_text(encoding="utf-8")
    assert ast.dump(ast.parse(planted(fault, source))) != ast.dump(ast.parse(source))
    assert fault.trials in TRIALS
