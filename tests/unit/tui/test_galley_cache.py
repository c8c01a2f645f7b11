"""Tests of the cache of typeset pages: twelve usual pages are kept, but only three long ones."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bpost_tui.bengali.bengali_script import BENGALI
from bpost_tui.tui.widgets.galley_cache import GalleyCache
from bpost_tui.typesetting.textual.renderer import Renderer
from bpost_tui.typesetting.typeset.cell_typesetter import CellTypesetter
from bpost_tui.typesetting.typeset.items import Item, Para, Run
from bpost_tui.typesetting.typeset.surface import SurfaceTable


def pages(count: int, words: int) -> Iterator[tuple[Item, ...]]:
    """Yield `count` different pages of one paragraph with that many words."""
    return ((Para((Run(f"{number} " + "খবর " * words),)),) for number in range(count))


@pytest.mark.parametrize(("words", "kept"), [(100, 12), (10_000, 3)])
def test_last_pages_are_kept(words: int, kept: int) -> None:
    cache = GalleyCache(Renderer(CellTypesetter(BENGALI.language_rules), SurfaceTable(), {}))
    typeset = [(page, cache.galley(page, 60)) for page in pages(14, words)]
    is_kept = [cache.galley(page, 60) is galley for page, galley in reversed(typeset)]
    assert is_kept[: kept + 1] == [True] * kept + [False]
