"""OPML files, the lists of feeds that feed readers exchange, for `portals import` and `portals export`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, cast

from bpost_tui.cli.shared.parsed_file import parse_file
from bpost_tui.config import PortalSetting
from bpost_tui.console import stdin_bytes
from bpost_tui.errors import ContentError, UsageError
from bpost_tui.i18n import Reason, prefix_reason
from bpost_tui.limits import MAX_OPML_BYTES
from bpost_tui.portal.kinds import KINDS
from bpost_tui.portal.kinds.paper_kind import RSS

if TYPE_CHECKING:
    from bpost_tui.portal.parse_results import OutlineFeed, ParsedOpml

_STDIN = "-"


def read_opml(name: str, now: datetime) -> ParsedOpml:
    """Return the feeds of the OPML file `name`; `-` is stdin. A parser process reads the file, as all foreign data.

    Raises:
        UsageError: The file doesn't exist, or can't be read.
        ContentError: The file is too large, or isn't OPML.
    """
    try:
        with stdin_bytes() if name == _STDIN else Path(name).open("rb") as file:
            body = file.read(MAX_OPML_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{name}: {error.strerror}") from error
    if len(body) > MAX_OPML_BYTES:
        raise ContentError(prefix_reason(name, Reason("the file is too big (more than {n} MiB)", n=MAX_OPML_BYTES >> 20)))

    return cast("ParsedOpml", parse_file("opml", name, body, now))


def paper_of(feed: OutlineFeed) -> PortalSetting:
    """Return the paper for a feed in an OPML file.

    The paper's kind (such as a WordPress portal) is the first in the table of kinds that fits the feed's type and address.

    Raises:
        UsageError: The feed has no address that can be requested.
    """
    types = {kind.outline_type for kind in KINDS.values()}
    kinds = [kind for kind in KINDS.values() if kind.outline_type == (feed.type if feed.type in types else RSS)]
    of_kinds = ((kind.from_outline(feed), kind.name) for kind in kinds)
    address, kind = next((address, kind) for address, kind in of_kinds if address is not None)
    return PortalSetting(address, feed.title, kind=kind, groups=feed.groups)


def to_opml(papers: Sequence[PortalSetting], names: Sequence[str], title: str) -> str:
    """Return papers as OPML 2.0, one feed each.

    A paper in several groups is repeated in the folder of each group. `names` has the papers' names in the same order; `title` is
    the title of the document.
    """
    loose, folders = list[str](), dict[str, list[str]]()
    for paper, name in zip(papers, names, strict=True):
        kind = KINDS[paper.kind]
        feed, site = kind.feed(paper.address), kind.front_page(paper.address)
        attributes = {"type": kind.outline_type, "text": name, "title": name, "xmlUrl": feed, "htmlUrl": site}
        outline = "<outline " + " ".join(f'{key}="{escape(value)}"' for key, value in attributes.items()) + "/>"
        for group in paper.groups:
            folders.setdefault(group, []).append(outline)
        if not paper.groups:
            loose.append(outline)
    outlines = [f"    {outline}" for outline in loose]
    for group, inside in folders.items():
        outlines += [f'    <outline text="{escape(group)}">', *(f"      {outline}" for outline in inside), "    </outline>"]
    head = f"  <head>\n    <title>{escape(title)}</title>\n  </head>"
    body = "\n".join(("  <body>", *outlines, "  </body>"))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n{head}\n{body}\n</opml>\n'
