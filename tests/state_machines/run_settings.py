"""How often state machines run: a little with every `make test`, always alike; as often as asked, with fresh seeds, otherwise."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

_ASKED = int(os.environ.get("BPOST_MACHINE_RUNS", "0"))


def runs(few: int, steps: int) -> settings:
    """Return the settings of a machine that runs a few times, of so many steps, unless more are asked for."""
    return settings(
        max_examples=_ASKED or few,
        stateful_step_count=2 * steps if _ASKED else steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=not _ASKED,
        database=None,
    )
