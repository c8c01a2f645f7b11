"""Packages that `requirements.lock` pins, and those of them that bpost needs to run; the others only build it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
NAME = "bpost-tui"
_OLDEST = {"python_version": "3.11", "python_full_version": "3.11.0"}
"""Environment markers (PEP 508) of the oldest supported Python, which needs the most packages."""
_PIN = re.compile(r"^([\w.-]+)==(\S+)((?: \\\n    --hash=sha256:[0-9a-f]{64})+)$", re.MULTILINE)


class Pin(NamedTuple):
    """Package as the lock file pins it."""

    name: str
    version: str
    sha256s: tuple[str, ...]
    """SHA-256 of each file of the package, in the lock file's order."""


def pins(root: Path = ROOT) -> Mapping[str, Pin]:
    """Return the pins of the lock file by package name."""
    lines = (root / "requirements.lock").read_text(encoding="utf-8")
    return {name: Pin(name, version, tuple(re.findall(r"sha256:(\w+)", hashes))) for name, version, hashes in _PIN.findall(lines)}


def version(root: Path = ROOT) -> str:
    """Return the version of the source in `root`."""
    found = re.search(r'^__version__ = "(.+)"$', (root / "bpost_tui/__init__.py").read_text(encoding="utf-8"), re.MULTILINE)
    if found is None:
        raise ValueError("bpost_tui/__init__.py names no version")
    return found[1]


def needed(names: Iterable[str] = (NAME,)) -> Mapping[str, tuple[Distribution, frozenset[str]]]:
    """Return the installed distributions `names` and all their dependencies, by name.

    Each value is (distribution, names of its direct dependencies).
    """
    waiting, seen = [Requirement(name) for name in names], set[tuple[str, str]]()
    found: dict[str, tuple[Distribution, frozenset[str]]] = {}
    while waiting:
        wanted = waiting.pop()
        name = canonicalize_name(wanted.name)
        for extra in {"", *wanted.extras}:
            if (name, extra) not in seen:
                seen.add((name, extra))
                installed, needs = found.get(name, (distribution(name), frozenset[str]()))
                new = [each for each in map(Requirement, installed.requires or ()) if _holds(each, extra)]
                found[name] = installed, needs | {canonicalize_name(each.name) for each in new}
                waiting += new
    return found


def _holds(requirement: Requirement, extra: str) -> bool:
    return requirement.marker is None or requirement.marker.evaluate({**_OLDEST, "extra": extra})
