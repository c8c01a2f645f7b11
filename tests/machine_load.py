"""Load of the machine, for tests that depend on the clock."""

from __future__ import annotations

import os
from pathlib import Path


def load_factor() -> float:
    """Return the number of runnable processes per core, now or in the last minute: the factor for all limits of time."""
    runnable = max(os.getloadavg()[0], float(Path("/proc/loadavg").read_text().split()[3].partition("/")[0]))  # proc_loadavg(5)
    return max(1.0, runnable / (os.cpu_count() or 1))
