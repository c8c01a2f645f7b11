"""Corpus of cases that failed once, and of inputs found by coverage (`cover-…`): tests/data/fuzz, replayed by the tests."""

from __future__ import annotations

import hashlib
import signal
from collections.abc import Iterator
from pathlib import Path

from tests.fuzz.targets import DATA, Target

FOLDER = DATA / "fuzz"
LIMIT_S = 2.0
"""CPU time in seconds for one case; a normal case takes at most a tenth of it."""


def kept() -> Iterator[tuple[str, Path]]:
    """Yield (name of the target, file) of every kept case."""
    for path in sorted(FOLDER.glob("*/*")):
        yield path.parent.name, path


def keep(target: Target, data: bytes) -> Path:
    """Save a case in the corpus, as short as halving makes it."""
    path = FOLDER / target.name / hashlib.sha256(data := shortened(target, data)).hexdigest()[:12]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def shortened(target: Target, data: bytes) -> bytes:
    """Return the shortest found part of `data` that still fails: no stretch can be left out of it."""
    step = len(data) // 2
    while step:
        at = 0
        while at < len(data):
            shorter = data[:at] + data[at + step :]
            if fails(target, shorter):
                data = shorter
            else:
                at += step
        step //= 2
    return data


def fails(target: Target, data: bytes) -> str:
    """Return the kind of failure that `data` causes, also too much time; "" if there is none."""
    before = signal.signal(signal.SIGVTALRM, _too_slow)
    signal.setitimer(signal.ITIMER_VIRTUAL, LIMIT_S)
    try:
        target.run(data)
    except Exception as error:  # noqa: BLE001 -- any exception is the failure looked for
        return type(error).__name__
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    return ""


def _too_slow(*_: object) -> None:
    raise TimeoutError
