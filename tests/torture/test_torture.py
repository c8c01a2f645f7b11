"""Share of `make torture`: some calls of each command, and others of the commands that change something."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.sample_portal.server import SamplePortal
from tests.torture.failing_call_trial import COMMANDS, Command, Torture, can_be_built, torture

CALLS = 3
"""Number of calls tried of each command."""


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Torture]:
    if not can_be_built():
        pytest.skip("there is no C compiler")
    with SamplePortal(datetime.now(UTC)) as portal, torture(tmp_path_factory.mktemp("torture"), portal.address) as trial:
        yield trial


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_command_reports_a_failing_call_in_one_line_and_loses_nothing(trial: Torture, command: Command) -> None:
    calls = [(kind, at) for kind, count in trial.baseline(command).calls.items() for at in range(1, count + 1)]
    dice = random.Random(command.name)
    kinds = dice.sample(sorted({kind for kind, _ in calls}), k=min(CALLS, len({kind for kind, _ in calls})))
    for kind in kinds:
        _, at = dice.choice([call for call in calls if call[0] == kind])
        _, wrong = trial.wrong(command, kind, at)
        assert wrong == [], (kind, at)
