"""The kinds of papers, by their names in a config: a further kind is a module here and a row below.

What they do is loaded when it is asked for: a config that names papers loads no more than the modules here.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from bpost_tui.portal.kinds import feed_kind, wordpress_kind
from bpost_tui.portal.kinds.paper_kind import PaperKind

KINDS: Final[Mapping[str, PaperKind]] = MappingProxyType({kind.name: kind for kind in (wordpress_kind.KIND, feed_kind.KIND)})
"""Each by its name, in the order in which an address is tried; a feed is what nothing else takes, so it is the last."""
