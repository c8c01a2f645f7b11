"""Kinds of papers, by their names in a config. A further kind is a module here and a row below.

Their code is loaded when it is used: a config that names papers loads only the modules here.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from bpost_tui.portal.kinds import feed_kind, wordpress_kind
from bpost_tui.portal.kinds.paper_kind import PaperKind

KINDS: Final[Mapping[str, PaperKind]] = MappingProxyType({kind.name: kind for kind in (wordpress_kind.KIND, feed_kind.KIND)})
"""Kinds by name; an address is tried in this order. A feed accepts any address that no other kind takes, so it is the last."""
