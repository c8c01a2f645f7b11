from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from rich.segment import Segment
from textual._compositor import Compositor
from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.geometry import Region
from textual.pilot import Pilot
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from bpost_tui.typesetting.textual.painter import Painter
from bpost_tui.typesetting.typeset.surface import Surface, SurfaceTable


class Lines(Widget):
    """Widget whose lines consist of one letter; it counts how often it is rendered."""

    def __init__(self, letter: str) -> None:
        super().__init__(id=letter)
        self.letter = letter
        self.rendered = 0

    def render_lines(self, crop: Region) -> list[Strip]:
        self.rendered += 1
        return super().render_lines(crop)

    def render(self) -> str:
        return self.letter * 200


class Page(Screen[None]):
    """Screen with a list and a story side by side, and a bar below both."""

    DEFAULT_CSS = "Page Horizontal { height: 1fr; } Page Lines { width: 1fr; } Page #c { height: 1; }"

    def __init__(self, compositor: Compositor) -> None:
        super().__init__()
        self._compositor = compositor

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Lines("a")
            yield Lines("b")
        yield Lines("c")


class Set(Widget):
    """Widget with one line of typeset text."""

    def __init__(self, surfaces: SurfaceTable, surface: Surface) -> None:
        super().__init__()
        self._surfaces = surfaces
        self.surface = surface
        self.rendered = 0

    def render_line(self, y: int) -> Strip:
        self.rendered += 1
        return Strip([Segment(self._surfaces.tokens(self.surface, 0))])


class SetPage(Page):
    """Screen with two lines of typeset text, one above the other."""

    def __init__(self, surfaces: SurfaceTable) -> None:
        super().__init__(Painter(surfaces))
        self.lines = [Set(surfaces, Surface(40, 1, 10, 20, ((),))) for _ in range(2)]

    def compose(self) -> ComposeResult:
        for line in self.lines:
            line.styles.height = 1
        yield from self.lines


@asynccontextmanager
async def shown(page: Page, rows: int = 8) -> AsyncIterator[Pilot[None]]:
    """Run an app of 40 columns and `rows` rows that shows the screen `page`, and yield its pilot."""
    app: App[None] = App()
    async with app.run_test(size=(40, rows)) as pilot:
        await app.push_screen(page)
        await pilot.pause()
        yield pilot


def named(page: Page, surfaces: SurfaceTable, line: int) -> list[object]:
    """Return the surfaces (drawings) whose tokens (characters that name their cells) are on a line of the composed screen."""
    return [found for found, *_ in surfaces.spans(page._compositor.render_strips()[line].text.rstrip())]


async def test_painter_renders_widgets_again_after_cleared_surfaces() -> None:
    async with shown(page := SetPage(surfaces := SurfaceTable()), rows=2):
        rendered = [line.rendered for line in page.lines]
        assert [named(page, surfaces, line) for line in (0, 1)] == [[line.surface] for line in page.lines]
        assert [line.rendered for line in page.lines] == rendered, "Textual keeps them"
        surfaces.clear()
        assert [named(page, surfaces, line) for line in (0, 1)] == [[line.surface] for line in page.lines]


async def test_painter_never_paints_reused_numbers() -> None:
    async with shown(page := SetPage(surfaces := SurfaceTable()), rows=2):
        for _ in range(3):
            surfaces.new_generation()
            other = Surface(40, 1, 10, 20, ((),))
            surfaces.tokens(other, 0)  # reuses the number of the first line
            assert [named(page, surfaces, line) for line in (0, 1)] == [[line.surface] for line in page.lines]


async def test_painter_tracks_all_visible_surfaces_on_partial_paint() -> None:
    async with shown(page := SetPage(surfaces := SurfaceTable(max_bytes=1)), rows=2) as pilot:
        first, second = page.lines
        for _ in range(5):
            second.surface = Surface(40, 1, 10, 20, ((),))
            second.refresh()
            await pilot.pause()
            assert surfaces.screen.surfaces() == {first.surface, second.surface}
        assert first.surface not in surfaces.take_evicted()


async def changed(compositor: Compositor) -> tuple[str, int]:
    """Change the list and the bar of a `Page`; return the compositor's output, and how often the story was rendered for it."""
    async with shown(page := Page(compositor)) as pilot:
        story = page.query_one("#b", Lines)
        story.rendered = 0
        for name in ("a", "c"):
            widget = page.query_one(f"#{name}", Lines)
            widget.letter = widget.letter.upper()
            widget.refresh()
            page._dirty_widgets.discard(widget)
            compositor.update_widgets({widget})
        update = compositor.render_partial_update()
        assert update is not None
        return update.render_segments(pilot.app.console), story.rendered


async def test_painter_matches_textual_without_rendering_unchanged_widgets() -> None:
    written, rendered = await changed(Compositor())
    assert "A" in written and "C" in written and "b" not in written
    assert rendered == 1
    assert await changed(Painter(SurfaceTable())) == (written, 0)


async def test_painter_paints_nothing_without_changes() -> None:
    async with shown(page := Page(painter := Painter(SurfaceTable()))):
        painter._dirty_regions.clear()
        assert painter.render_partial_update() is None
        assert set(painter.visible_widgets) >= set(page.query(Lines))
