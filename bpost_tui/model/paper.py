"""Papers: what news is read from. Pure; named tuples, for a fast start."""

from __future__ import annotations

from typing import NamedTuple

from bpost_tui.urls import portal_key

WORDPRESS = "wordpress"
"""The kind of a paper where no other is named; all kinds are in `portal.kinds`."""


class Paper(NamedTuple):
    """A WordPress portal, a site's feed, or whatever else is read."""

    key: str
    """Its identity in a library: `urls.portal_key` of its address."""
    address: str
    name: str = ""
    """What the reader calls it, else what it calls itself."""


UNNAMED = Paper("", "")
"""Whose stories are in a library that never learned it; the first paper that comes to it takes its place."""


class PaperCount(NamedTuple):
    """A paper with how many saved stories it has."""

    paper: Paper
    total: int
    unread: int
    has_fault: bool = False
    """Whether it doesn't answer, has fallen silent, or has moved (rhythm.py)."""


def paper_at(address: str, name: str = "") -> Paper:
    """Return the paper at an address in its normal form (`urls.portal_address`)."""
    return Paper(portal_key(address), address, name)
