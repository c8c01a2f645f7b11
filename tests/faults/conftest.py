"""The two servers and the seeded home that all faults share, and the table that is printed at the end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.fault import Stage, stages
from tests.faults.fault_trial import Seed, Verdict, seeded
from tests.faults.outcome_table import summary
from tests.faults.several_papers_trial import PapersHome, running_servers, seeded_papers

Grounds = dict[tuple[bool, bool], tuple[Seed, Stage]]
VERDICTS = pytest.StashKey[list[Verdict]]()


@pytest.fixture(scope="session")
def grounds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grounds]:
    """Yield the seed and the servers for trials, by whether the portal uses https and whether its paper is read by a sitemap."""
    with stages() as found:
        yield {
            (stage.portal.tls, stage.is_sitemap): (seeded(tmp_path_factory.mktemp("seed") / "home", stage), stage)
            for stage in found
        }


@pytest.fixture(scope="session")
def stage(grounds: Grounds) -> Stage:
    return grounds[False, False][1]


@pytest.fixture(scope="session")
def seed(grounds: Grounds) -> Seed:
    return grounds[False, False][0]


@pytest.fixture(scope="session")
def papers_seed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PapersHome]:
    """Yield a home with three papers, whose servers run until the session ends."""
    with running_servers() as found:
        yield seeded_papers(tmp_path_factory.mktemp("papers") / "home", found)


@pytest.fixture(scope="session")
def verdicts(pytestconfig: pytest.Config) -> list[Verdict]:
    """Return the list where each trial appends its verdict."""
    return pytestconfig.stash.setdefault(VERDICTS, [])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if found := config.stash.get(VERDICTS, []):
        terminalreporter.section("faults")
        terminalreporter.write_line(summary(found))
