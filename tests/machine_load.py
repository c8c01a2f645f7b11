"""How busy the machine is, for tests of what the clock alone can tell."""

from __future__ import annotations

import os
from pathlib import Path


def crowd() -> float:
    """Return how many want each core, in the last minute or now: as many times longer may everything take that the clock judges."""
    wanting = max(os.getloadavg()[0], float(Path("/proc/loadavg").read_text().split()[3].partition("/")[0]))  # proc_loadavg(5)
    return max(1.0, wanting / (os.cpu_count() or 1))
