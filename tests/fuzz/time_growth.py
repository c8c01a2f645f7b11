"""Time as an oracle: the growth of CPU time with the size of the input. No test asserts an absolute time."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

FACTOR = 4
"""Ratio of the two sizes: linear work takes 4 times as long for the larger, quadratic work 16 times."""
LINEAR = 8.0
"""Largest growth that counts as linear."""
_LEAST_S = 0.002
"""Shortest meaningful time in seconds; below it, both sizes grow."""
_TRIES = 3


def growth(run: Callable[[T], object], make: Callable[[int], T], size: int, *, most: int = 0) -> float:
    """Return how many times longer `run` takes for `FACTOR` times the size, by CPU time; 1 if neither takes any time.

    Args:
        run: Function that is timed.
        make: Function that makes the argument for a size; not timed.
        size: Smaller of the two sizes at first.
        most: Largest value of the smaller size; 0 means 64 times `size`.
    """
    most = most or 64 * size
    while (small_s := _shortest(run, make(size))) < _LEAST_S and size < most:
        size *= 2
    found = float("inf")
    for _ in range(_TRIES):  # other programs on this machine make times longer, never shorter
        large_s = _shortest(run, make(FACTOR * size))
        found = min(found, max(large_s, _LEAST_S) / max(small_s, _LEAST_S))
        if found < LINEAR:
            break
        small_s = max(small_s, _shortest(run, make(size)))
    return found


def _shortest(run: Callable[[T], object], given: T) -> float:
    """Return the shortest of a few times in seconds; a single time if it is long enough."""
    shortest_s = float("inf")
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        for _ in range(_TRIES):
            begun = time.process_time()
            run(given)
            shortest_s = min(shortest_s, time.process_time() - begun)
            if shortest_s > 50 * _LEAST_S:
                break
    finally:
        if was_enabled:
            gc.enable()
    return shortest_s
