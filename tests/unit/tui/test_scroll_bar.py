"""Colour of the scroll bar: unlike the selected row's, which it touches; otherwise it would look like a notch."""

from __future__ import annotations

import pytest
from textual.color import Color

from bpost_tui.core.themes import bundled_folder, contrast, load_themes
from bpost_tui.tui.theme_switcher import textual_theme
from bpost_tui.typesetting.terminal.colours import TerminalColours

THEMES = load_themes(bundled_folder())[0]
LEAST_CONTRAST = 1.3
"""Least contrast by WCAG that makes an edge between two grounds visible."""


@pytest.mark.parametrize("name", THEMES)
def test_scroll_bar_contrasts_with_its_neighbours(name: str) -> None:
    theme = textual_theme(THEMES[name].resolve(TerminalColours()))
    assert theme.background and theme.panel
    thumb = Color.parse(theme.variables["scrollbar"]).rgb
    for ground in (theme.background, theme.panel, theme.variables["hint"]):
        assert contrast(thumb, Color.parse(ground).rgb) >= LEAST_CONTRAST, ground
