"""Every fault end to end: fill a library, serve the fault, show the result, then refresh from the good feed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.faults.conftest import Grounds
from tests.faults.fault import Fault, Stage
from tests.faults.fault_portal import FaultPortal
from tests.faults.fault_table import FAULTS
from tests.faults.fault_trial import Ran, ReaderHome, Verdict, max_s, trial
from tests.faults.several_papers_trial import PAPER_FAULTS, PaperFault, PapersHome, papers_trial

_HANGING = ("slow-drip", "stall-headers", "stall-body", "stall-chunk", "drip-headers")
_FIRST = {fault.group: fault for fault in reversed(FAULTS) if fault.name not in _HANGING}
_NAMED = {fault.name: fault for fault in FAULTS}


def _parameter(fault: Fault) -> object:
    marks = [pytest.mark.xfail(strict=True, reason=fault.fails)] if fault.fails else []
    return pytest.param(fault, id=f"{fault.group}-{fault.name}", marks=marks)


@pytest.mark.parametrize("fault", [_parameter(fault) for fault in FAULTS])
def test_reader_keeps_its_promises_under_a_fault(fault: Fault, grounds: Grounds, tmp_path: Path, verdicts: list[Verdict]) -> None:
    seed, stage = grounds[fault.tls, fault.is_sitemap]
    as_process = fault.heavy or _FIRST[fault.group] is fault
    verdict = trial(fault, seed, tmp_path / "home", stage, as_process=as_process)
    stage.portal.forget()
    verdicts.append(verdict)
    assert not verdict.wrong, "\n".join(verdict.wrong)


@pytest.mark.parametrize("paper_fault", PAPER_FAULTS, ids=[paper_fault.fault.name for paper_fault in PAPER_FAULTS])
def test_fault_of_one_paper_loses_nothing_of_the_others(
    paper_fault: PaperFault, papers_seed: PapersHome, tmp_path: Path, verdicts: list[Verdict]
) -> None:
    verdict = papers_trial(paper_fault, papers_seed, tmp_path / "home")
    verdicts.append(verdict)
    assert not verdict.wrong, "\n".join(verdict.wrong)


def test_refresh_ends_by_its_deadline_when_portals_hang(tmp_path: Path) -> None:
    def ran(name: str, portal: FaultPortal) -> Ran:
        stage = Stage(portal, portal, portal)
        _NAMED[name].serve(stage)
        return ReaderHome(tmp_path / name, stage).run("refresh", as_process=True)

    with ExitStack() as stack, ThreadPoolExecutor() as pool:
        portals = [stack.enter_context(FaultPortal()) for _ in _HANGING]
        found = list(pool.map(ran, _HANGING, portals))
    assert [each.code for each in found] == [3] * len(_HANGING)
    assert all(each.err and each.seconds < max_s() for each in found), found
