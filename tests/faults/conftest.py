"""The two servers and the seeded home that all faults share, and the table that is printed at the end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.fault import Stage
from tests.faults.outcomes import summary
from tests.faults.portal import FaultPortal
from tests.faults.trial import Seed, Verdict, seeded

VERDICTS = pytest.StashKey[list[Verdict]]()


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    with FaultPortal() as portal, FaultPortal() as sentinel:
        yield Stage(portal, sentinel)


@pytest.fixture(scope="session")
def seed(tmp_path_factory: pytest.TempPathFactory, stage: Stage) -> Seed:
    return seeded(tmp_path_factory.mktemp("seed") / "home", stage)


@pytest.fixture(scope="session")
def verdicts(pytestconfig: pytest.Config) -> list[Verdict]:
    """Where each trial leaves its verdict."""
    return pytestconfig.stash.setdefault(VERDICTS, [])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if found := config.stash.get(VERDICTS, []):
        terminalreporter.section("faults")
        terminalreporter.write_line(summary(found))
