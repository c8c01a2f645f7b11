from __future__ import annotations

import pytest

from bpost_tui.reading.theme_files import ReaderTheme, bundled_folder, load_themes
from bpost_tui.terminal.colours import luminance, opacities
from bpost_tui.terminal.sgr import mix
from bpost_tui.typeset.surface import Colour

BLACK, GREY, WHITE = (0, 0, 0), (90, 90, 90), (255, 255, 255)
_SHADES = 15
_NEAR = 6
"""Of 255: what whole opacities, and one for three channels, may be off."""


def blended(paper: Colour, ink: Colour, opacity: int) -> Colour:
    """Return what a terminal shows that blends in linear light."""
    red, green, blue = (
        round(255 * encoded(opacity / 255 * linear(over) + (1 - opacity / 255) * linear(under)))
        for over, under in zip(ink, paper, strict=True)
    )
    return red, green, blue


def linear(part: int) -> float:
    return luminance((part, part, part))


def encoded(light: float) -> float:
    return 12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055


THEMES = [theme for theme in load_themes(bundled_folder())[0].values() if theme.name != "terminal"]


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("name", ["text", "headline", "meta", "link"])
def test_opacities_when_blended_in_linear_light_are_even_mixes(theme: ReaderTheme, name: str) -> None:
    paper, ink = theme.colours["background"], theme.inks[name]
    for level, opacity in enumerate(opacities(paper, ink, _SHADES), 1):
        wanted = mix(paper, ink, level / _SHADES)
        seen = blended(paper, ink, opacity)
        assert abs(luminance_byte(seen) - luminance_byte(wanted)) <= _NEAR


def luminance_byte(colour: Colour) -> float:
    return 255 * encoded(luminance(colour))


@pytest.mark.parametrize(("paper", "ink"), [(BLACK, WHITE), (WHITE, BLACK), (GREY, GREY)])
def test_opacities_grow_to_the_whole_ink(paper: Colour, ink: Colour) -> None:
    shades = opacities(paper, ink, _SHADES)
    assert shades == bytes(sorted(shades))
    assert shades[0] >= 1  # ink that is there is never wholly clear
    assert shades[-1] == 255
