"""The scroll bar's line is as long as the window's share of the page, and reaches both ends."""

from __future__ import annotations

import pytest

from bpost_tui.tui.widgets.thin_scroll_bar import ThinScrollBar


@pytest.mark.parametrize(
    ("virtual", "window", "position", "shown"),
    [
        (20, 10, 0, "│││││     "),
        (20, 10, 10, "     │││││"),
        (20, 10, 5, "  │││││   "),
        (1000, 10, 0, "│         "),
        (1000, 10, 990, "         │"),
        (10, 10, 0, "          "),
        (0, 0, 0, "          "),
    ],
)
def test_bar_shows_the_windows_place_on_the_page(virtual: int, window: int, position: float, shown: str) -> None:
    segments = ThinScrollBar.render_bar(10, virtual, window, position).segments
    assert "".join(segment.text for segment in segments) == shown


def test_parts_of_the_bar_scroll_and_are_dragged() -> None:
    actions = [segment.style.meta.get("@mouse.down") for segment in ThinScrollBar.render_bar(4, 8, 4, 2).segments if segment.style]
    assert actions == ["scroll_up", "grab", "grab", "scroll_down"]
