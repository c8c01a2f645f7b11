"""Number of runs of the state machines: few and the same with every `make test`, else as many as asked for, with new seeds."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

_ASKED = int(os.environ.get("BPOST_MACHINE_RUNS", "0"))


def runs(few: int, steps: int) -> settings:
    """Return the settings of a machine with `few` runs of `steps` steps, unless the environment asks for more."""
    return settings(
        max_examples=_ASKED or few,
        stateful_step_count=2 * steps if _ASKED else steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=not _ASKED,
        database=None,
    )
