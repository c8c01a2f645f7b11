"""The pages that a story's view has set last; long ones are set in a thread, so that the screen goes on meanwhile."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Hashable, Sequence

from bpost_tui.typesetting.textual.renderer import Renderer
from bpost_tui.typesetting.typeset.items import Item, Para
from bpost_tui.typesetting.typeset.protocols import Galley

_MAX_GALLEYS = 3
"""The story that is shown, the one before, the next."""
_LONG_CHARS = 30_000
"""A page of more takes longer to set than a key may (50 ms); the longest story seen has 120,000."""


def is_long(items: Sequence[Item]) -> bool:
    """Whether a page takes longer to set than the screen may stand still."""
    return sum(len(run.text) for item in items if isinstance(item, Para) for run in item.runs) > _LONG_CHARS


class GalleyCache:
    """Sets pages, and remembers the last ones by their items, their width and the way they are drawn."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer
        self._galleys: OrderedDict[Hashable, Galley] = OrderedDict()
        self._pending: dict[Hashable, asyncio.Future[Galley]] = {}

    def is_at_hand(self, items: tuple[Item, ...], cols: int) -> bool:
        """Whether a page is set, or short enough to be set at once."""
        return (items, cols, self._renderer.version) in self._galleys or not is_long(items)

    def galley(self, items: tuple[Item, ...], cols: int) -> Galley:
        """Set a page at once, or return it as it was set."""
        key = items, cols, self._renderer.version
        return self._store(key, self._galleys.get(key) or self._renderer.set(items, cols))

    async def prepare(self, items: tuple[Item, ...], cols: int) -> None:
        """Set a long page in a thread; who asks again waits for the same thread, even where the first no longer does."""
        key = items, cols, self._renderer.version
        if self.is_at_hand(items, cols):
            return
        if key not in self._pending:
            self._pending = {key: asyncio.ensure_future(asyncio.to_thread(self._renderer.typesetter.galley, items, cols))}
        self._store(key, await asyncio.shield(self._pending[key]))
        self._pending.pop(key, None)

    def _store(self, key: Hashable, galley: Galley) -> Galley:
        self._galleys[key] = galley
        self._galleys.move_to_end(key)
        if len(self._galleys) > _MAX_GALLEYS:
            self._galleys.popitem(last=False)
        return galley
