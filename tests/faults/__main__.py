"""`python -m tests.faults`: try every fault, and write the outcomes into build/reports/faults.md."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.fault import Fault, Stage, stages
from tests.faults.fault_table import FAULTS
from tests.faults.fault_trial import Seed, Verdict, seeded, trial
from tests.faults.outcome_table import document, screens, summary
from tests.faults.screen_trial import GROUPS, Watched, watch
from tests.faults.several_papers_trial import PAPER_FAULTS, papers_trial, running_servers, seeded_papers
from tools.reports import write_report

_TRIES = 3
"""Number of trials for a fault that only the clock finds wrong: other work may have slowed the machine."""


def main() -> int:
    """Return 1 if a fault went wrong that isn't listed as a known failure."""
    verdicts: list[Verdict] = []
    watched: list[Watched] = []
    with TemporaryDirectory() as folder, stages() as found:
        homes = Path(folder)
        grounds = {
            (stage.portal.tls, stage.is_sitemap): (seeded(homes / f"seed-{number}", stage), stage)
            for number, stage in enumerate(found)
        }
        for number, fault in enumerate(FAULTS):
            seed, stage = grounds[fault.tls, fault.is_sitemap]
            verdicts.append(trial(fault, seed, homes / str(number), stage, as_process=fault.heavy))
            stage.portal.forget()
            if fault.group in GROUPS:
                watched.append(_watched(fault, seed, homes, stage))
        with running_servers() as papers:
            home = seeded_papers(homes / "papers", papers)
            verdicts += [papers_trial(paper_fault, home, homes / paper_fault.fault.name) for paper_fault in PAPER_FAULTS]
    write_report("faults", document(verdicts, watched))
    sys.stdout.write(summary(verdicts) + "\n\n" + screens(watched) + "\n")
    tried: list[Verdict | Watched] = [*verdicts, *watched]
    wrong = [verdict for verdict in tried if verdict.wrong and not verdict.fault.fails]
    for verdict in wrong:
        sys.stdout.write(f"{verdict.fault.group} {verdict.fault.name}: {'; '.join(verdict.wrong)}\n")
    return 1 if wrong else 0


def _watched(fault: Fault, seed: Seed, homes: Path, stage: Stage) -> Watched:
    tried = list(_tries(fault, seed, homes, stage))
    return tried[-1] if tried[-1].wrong else replace(tried[-1], peak_bytes=max(each.peak_bytes for each in tried))


def _tries(fault: Fault, seed: Seed, homes: Path, stage: Stage) -> Iterator[Watched]:
    for number in range(_TRIES):
        try:
            found = watch(fault, seed, homes / f"{fault.name}-{number}", stage)
        except AssertionError as error:  # the expected screen never came; the other faults are tried all the same
            found = Watched(fault, (0.0,), 0.0, 0, (str(error).partition("\n")[0],))
        stage.portal.forget()
        yield found
        if not found.wrong or found.wrong != found.late:
            return


if __name__ == "__main__":
    sys.exit(main())
