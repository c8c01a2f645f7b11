"""Kinds of papers, by their names in a config. To add a kind, add a module here and an entry to `KINDS`.

Reading a config that names papers loads only the modules of this package. The code of a kind, such as its parser, is loaded at its
first use.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from bpost_tui.portal.kinds import feed_kind, sitemap_kind, wordpress_kind
from bpost_tui.portal.kinds.paper_kind import PaperKind

KINDS: Final[Mapping[str, PaperKind]] = MappingProxyType(
    {kind.name: kind for kind in (wordpress_kind.KIND, feed_kind.KIND, sitemap_kind.KIND)}
)
"""Maps names to kinds of papers, in the order that a site is searched for a paper of each kind if the reader adds the site."""
