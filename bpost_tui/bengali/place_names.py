"""Names of places in the news of West Bengal and Bangladesh, in Bengali and Latin letters (`tables/places.txt`). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from bpost_tui.bengali.letters import composed, decomposed
from bpost_tui.bengali.word_tables import entries


@cache
def _bengali_names() -> Mapping[str, str]:
    """Return the Bengali name of each place by its Latin name; if a place has several Bengali names, the first."""
    found: dict[str, str] = {}
    for line in entries("places", composed):
        for name in line.latin:
            found.setdefault(name, line.bengali[0])
    return found


@cache
def _known() -> frozenset[str]:
    return frozenset(line.bengali[0] for line in entries("places", decomposed)) | _bengali_names().keys()


def is_place(name: str) -> bool:
    """Whether `name`, in either script, is the name of a known place."""
    return decomposed(" ".join(name.split())).casefold() in _known()


def bengali_name(latin: str) -> str:
    """Return the Bengali name of a place in Latin letters; empty if unknown."""
    return _bengali_names().get(" ".join(latin.split()).casefold(), "")
