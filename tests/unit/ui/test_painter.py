from __future__ import annotations

from textual._compositor import Compositor
from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from bpost_tui.typeset.surface import SurfaceTable
from bpost_tui.ui.painter import Painter


class Lines(Widget):
    """Lines of one letter, which counts how often it is asked for them."""

    def __init__(self, letter: str) -> None:
        super().__init__(id=letter)
        self.letter = letter
        self.asked = 0

    def render_lines(self, crop: Region) -> list[Strip]:
        self.asked += 1
        return super().render_lines(crop)

    def render(self) -> str:
        return self.letter * 200


class Page(Screen[None]):
    """A list and a story side by side, and a bar below both."""

    DEFAULT_CSS = "Page Horizontal { height: 1fr; } Page Lines { width: 1fr; } Page #c { height: 1; }"

    def __init__(self, compositor: Compositor) -> None:
        super().__init__()
        self._compositor = compositor

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Lines("a")
            yield Lines("b")
        yield Lines("c")


async def changed(compositor: Compositor) -> tuple[str, int]:
    """Return what is written when the list and the bar change, and how often the story was asked for its lines."""
    app: App[None] = App()
    async with app.run_test(size=(40, 8)) as pilot:
        page = Page(compositor)
        await app.push_screen(page)
        await pilot.pause()
        story = page.query_one("#b", Lines)
        story.asked = 0
        for name in ("a", "c"):
            widget = page.query_one(f"#{name}", Lines)
            widget.letter = widget.letter.upper()
            widget.refresh()
            page._dirty_widgets.discard(widget)
            compositor.update_widgets({widget})
        update = compositor.render_partial_update()
        assert update is not None
        return update.render_segments(app.console), story.asked


async def test_painter_writes_what_textual_writes_and_asks_nothing_of_what_has_not_changed() -> None:
    written, asked = await changed(Compositor())
    assert "A" in written and "C" in written and "b" not in written
    assert asked == 1
    assert await changed(Painter(SurfaceTable())) == (written, 0)


async def test_painter_when_nothing_has_changed_paints_nothing() -> None:
    app: App[None] = App()
    async with app.run_test(size=(40, 8)) as pilot:
        page = Page(painter := Painter(SurfaceTable()))
        await app.push_screen(page)
        await pilot.pause()
        painter._dirty_regions.clear()
        assert painter.render_partial_update() is None
        assert set(painter.visible_widgets) >= set(page.query(Lines))
