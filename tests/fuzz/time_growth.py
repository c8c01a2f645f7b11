"""Time as an oracle: how much longer something takes with more of the same. No test asks how long it took."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

FACTOR = 4
"""How much larger the larger of two sizes is: what is linear takes 4 times as long, what is quadratic 16 times."""
LINEAR = 8.0
"""Below this, something counts as linear."""
_LEAST_S = 0.002
"""Shorter times say nothing; then both sizes are made larger."""
_TRIES = 3


def growth(run: Callable[[T], object], make: Callable[[int], T], size: int, *, most: int = 0) -> float:
    """Return how many times longer `run` takes for `FACTOR` times the size, by CPU time; 1 where neither takes any time.

    Args:
        run: What is timed.
        make: Makes its argument of about a size, untimed.
        size: The smaller of the two at first.
        most: The largest of the smaller sizes; 64 times `size` where it isn't given.
    """
    most = most or 64 * size
    while (small_s := _shortest(run, make(size))) < _LEAST_S and size < most:
        size *= 2
    found = float("inf")
    for _ in range(_TRIES):  # whoever else uses this machine makes times longer, never shorter
        large_s = _shortest(run, make(FACTOR * size))
        found = min(found, max(large_s, _LEAST_S) / max(small_s, _LEAST_S))
        if found < LINEAR:
            break
        small_s = max(small_s, _shortest(run, make(size)))
    return found


def _shortest(run: Callable[[T], object], given: T) -> float:
    """Return the shortest of a few times, in seconds; one suffices where it is long."""
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
