"""What `requirements.lock` pins, and what of it bpost needs to run; the rest builds it."""

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
"""The oldest Python that bpost runs on needs the most."""
_PIN = re.compile(r"^([\w.-]+)==(\S+)((?: \\\n    --hash=sha256:[0-9a-f]{64})+)$", re.MULTILINE)


class Pin(NamedTuple):
    """A package as the lock file pins it."""

    name: str
    version: str
    sha256s: tuple[str, ...]
    """Of each of its files, in the lock file's order."""


def pins(root: Path = ROOT) -> Mapping[str, Pin]:
    """Return name → pin, of all that the lock file holds."""
    lines = (root / "requirements.lock").read_text(encoding="utf-8")
    return {name: Pin(name, version, tuple(re.findall(r"sha256:(\w+)", hashes))) for name, version, hashes in _PIN.findall(lines)}


def version(root: Path = ROOT) -> str:
    """Return the version of the source under a folder."""
    found = re.search(r'^__version__ = "(.+)"$', (root / "bpost_tui/__init__.py").read_text(encoding="utf-8"), re.MULTILINE)
    if found is None:
        raise ValueError("bpost_tui/__init__.py names no version")
    return found[1]


def needed(names: Iterable[str] = (NAME,)) -> Mapping[str, tuple[Distribution, frozenset[str]]]:
    """Return these distributions and all that they need, from what is installed: name → distribution, names of what it needs."""
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
