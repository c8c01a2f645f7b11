"""Check of the action of `i`, which shows or hides pictures."""

from __future__ import annotations

from bpost_tui.typesetting.typeset.items import Figure
from tests.tui.effects import effect, keys
from tests.tui.reader_facade import Reader


@effect("pictures")
async def shows_and_hides_them(bpost: Reader) -> None:
    await bpost.press(*keys("pictures"))
    assert bpost.message
    await bpost.press(*keys("draw_type"))
    row = next(row for row in bpost.posts.stories if bpost.library.story(row.id).image)
    bpost.posts.cursor = bpost.posts.stories.index(row)
    await bpost.settle()
    for _ in range(2):
        before = _figures(bpost)
        await bpost.press(*keys("pictures"))
        assert _figures(bpost) != before
    while bpost.app.renderer.photo_colours is not None:
        await bpost.press(*keys("draw_type"))


def _figures(bpost: Reader) -> int:
    return sum(isinstance(item, Figure) for item in bpost.items)
