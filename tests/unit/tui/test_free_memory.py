"""Returning free memory of the C library to the system."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import re
from pathlib import Path
from bpost_tui.tui.story.look_ahead import return_free_memory

def held_mb():
    return int(re.search(r"VmRSS:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024

return_free_memory()  # what loading ctypes takes
blocks = [bytes(20_000) for _ in range(2_000)]
last = bytes(20_000)  # so that what is below it isn't the heap's end, which the C library gives back by itself
del blocks
before = held_mb()
return_free_memory()
print(before - held_mb())
"""


def test_free_memory_within_the_heap_is_returned() -> None:
    given_back_mb = float(subprocess.run([sys.executable, "-c", PROGRAM], check=True, capture_output=True, text=True).stdout)
    assert given_back_mb > 30
