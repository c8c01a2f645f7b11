from __future__ import annotations

import pytest

from bpost_tui.typesetting.terminal.sgr import background_of, foreground, mix, palette_colour


@pytest.mark.parametrize(
    ("parameters", "colour", "sgr"),
    [
        ("", None, ""),
        ("1;38;2;1;2;3", None, ""),
        ("48;2;1;2;3", (1, 2, 3), "48;2;1;2;3"),
        ("1;38;2;7;7;7;48;2;1;2;3;4", (1, 2, 3), "48;2;1;2;3"),
        ("48:2:1:2:3", (1, 2, 3), "48;2;1;2;3"),
        ("48;5;196", (255, 0, 0), "48;5;196"),
        ("41", (205, 0, 0), "48;5;1"),
        ("104", (92, 92, 255), "48;5;12"),
        ("48;2;1;2;3;49", None, ""),
        ("48;2;1;2;3;0;1", None, ""),
        ("7;38;2;9;8;7;48;2;1;2;3", (9, 8, 7), "48;2;9;8;7"),
        ("7;31", (205, 0, 0), "48;5;1"),
        ("7;31;27", None, ""),
    ],
)
def test_background_of_parses_sgr_parameters(parameters: str, colour: object, sgr: str) -> None:
    background = background_of(parameters)
    assert (background.colour, background.sgr) == (colour, sgr)


def test_foreground_without_true_colour_is_the_nearest_of_256() -> None:
    assert foreground((1, 2, 3), truecolour=True) == "38;2;1;2;3"
    assert foreground((255, 0, 0), truecolour=False) == "38;5;196"
    assert foreground((128, 128, 128), truecolour=False) == "38;5;244"


def test_mix_goes_from_paper_to_ink() -> None:
    assert [mix((0, 0, 0), (200, 100, 50), share) for share in (0, 0.5, 1)] == [(0, 0, 0), (100, 50, 25), (200, 100, 50)]


def test_palette_colour_covers_all_256() -> None:
    assert palette_colour(16) == (0, 0, 0)
    assert palette_colour(231) == (255, 255, 255)
    assert palette_colour(255) == (238, 238, 238)
