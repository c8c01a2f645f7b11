"""`python -m tests.faults`: try every fault, and write what came of it into docs/faults.md."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.fault import Stage
from tests.faults.faults import FAULTS
from tests.faults.portal import FaultPortal
from tests.faults.street import seeded, trial
from tests.faults.table import document, summary


def main() -> int:
    """Return 1 if anything went otherwise than it must, unless it is known to."""
    verdicts = []
    with TemporaryDirectory() as folder, FaultPortal() as portal, FaultPortal() as sentinel:
        stage, homes = Stage(portal, sentinel), Path(folder)
        seed = seeded(homes / "seed", stage)
        for number, fault in enumerate(FAULTS):
            verdicts.append(trial(fault, seed, homes / str(number), stage, as_process=fault.heavy))
            stage.portal.forget()
    (Path(__file__).parents[2] / "docs" / "faults.md").write_text(document(verdicts), encoding="utf-8")
    sys.stdout.write(summary(verdicts) + "\n")
    wrong = [verdict for verdict in verdicts if verdict.wrong and not verdict.fault.fails]
    for verdict in wrong:
        sys.stdout.write(f"{verdict.fault.group} {verdict.fault.name}: {'; '.join(verdict.wrong)}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
