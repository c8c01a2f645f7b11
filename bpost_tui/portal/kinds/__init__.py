"""Kinds of papers, by their names in a config. To add a kind, add a module here and an entry to `KINDS`.

Their code is loaded when it is used: a config that names papers loads only the modules here.
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
"""Kinds by name. If the reader adds a site's page, the site is searched for a WordPress portal, then a feed, then a sitemap."""
