"""Papers: the sources of news. Pure; the classes are named tuples, so that the app starts fast."""

from __future__ import annotations

from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.urls import portal_key

WORDPRESS = "wordpress"
"""Default kind of a paper; all kinds are in `portal.kinds`."""


class Paper(NamedTuple):
    """Source of news: a WordPress portal, the feed of a site, or another kind."""

    key: str
    """Key that identifies the paper in a library, such as `thebengalpost.net`; made from its address (`urls.portal_key`)."""
    address: str
    name: str = ""
    """Name that the reader gave the paper, or else the title that the paper gives itself."""


UNNAMED = Paper("", "")
"""Placeholder for the paper of stories in a library that doesn't record papers. The first paper added gets these stories."""


class PaperCount(NamedTuple):
    """Paper, with how many of its stories are saved and how many of these are unread."""

    paper: Paper
    total: int
    unread: int
    has_fault: bool = False
    """Whether the paper doesn't answer, has published nothing for unusually long, or has moved (`paper_health`)."""


def paper_at(address: str, name: str = "") -> Paper:
    """Return the paper at `address`, an address in its normal form (`urls.paper_address`). `name` becomes the paper's name."""
    return Paper(portal_key(address), address, name)
