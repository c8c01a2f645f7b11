from __future__ import annotations

import pytest

from bpost_tui.tui.shared.pane_layout import PaneWidths, TypeScale, lay_out_panes

USUAL = TypeScale(em=2.0, row_em=2.0, spare_rows=0)
NARROW_CELLS, LARGER = TypeScale(em=1.7, row_em=1.7, spare_rows=0), TypeScale(em=2.2, row_em=2.2, spare_rows=0)
MOSAIC = TypeScale(em=7.0, row_em=7.0, spare_rows=0)


@pytest.mark.parametrize(
    ("columns", "type", "name"),
    [
        (200, USUAL, "wide"),
        (120, USUAL, "wide"),
        (100, USUAL, "wide"),
        (99, USUAL, "medium"),
        (80, USUAL, "medium"),
        (79, USUAL, "narrow"),
        (200, MOSAIC, "narrow"),
        (99, NARROW_CELLS, "medium"),
        (80, LARGER, "medium"),
        (120, LARGER, "wide"),
    ],
)
def test_number_of_panes_depends_on_the_room(columns: int, type: TypeScale, name: str) -> None:
    assert lay_out_panes((columns, 40), type, PaneWidths()).name == name


def test_pane_layout_sets_one_style_class_for_width_and_height() -> None:
    room = lay_out_panes((80, 10), USUAL, PaneWidths())
    assert room.classes == {
        "-wide": False,
        "-medium": True,
        "-narrow": False,
        "-low": True,
        "-flat": False,
        "-high": False,
        "-few-lines": False,
        "-tight": True,
    }


@pytest.mark.parametrize(("rows", "spare_rows", "is_flat"), [(3, 0, True), (4, 0, False), (4, 1, True), (5, 1, False)])
def test_title_is_hidden_when_no_line_of_a_story_fits(rows: int, spare_rows: int, is_flat: bool) -> None:
    assert lay_out_panes((80, rows), USUAL._replace(spare_rows=spare_rows), PaneWidths()).is_flat == is_flat


def test_single_pane_fills_the_window() -> None:
    room = lay_out_panes((60, 40), USUAL, PaneWidths())
    assert room.categories is room.posts is None
    assert lay_out_panes((120, 40), USUAL, PaneWidths(categories=10.0)).categories == 20


@pytest.mark.parametrize("columns", [108, 120, 126, 160, 200, 300])
def test_story_gets_at_least_half_of_a_wide_window(columns: int) -> None:
    room = lay_out_panes((columns, 40), USUAL, PaneWidths())
    assert room.categories is not None and room.posts is not None
    assert columns - room.categories - room.posts - 2 >= columns / 2


@pytest.mark.parametrize("columns", [100, 104, 107])
def test_story_leaves_the_list_its_minimum_in_the_narrowest_window_of_three_panes(columns: int) -> None:
    room = lay_out_panes((columns, 40), USUAL, PaneWidths())
    assert room.name == "wide" and room.posts == 30


@pytest.mark.parametrize(("columns", "posts"), [(80, 35), (99, 44), (100, 30), (120, 36), (160, 48), (300, 90)])
def test_list_of_stories_grows_with_the_window(columns: int, posts: int) -> None:
    assert lay_out_panes((columns, 40), USUAL, PaneWidths()).posts == posts


def test_mosaic_makes_the_same_window_low() -> None:
    assert lay_out_panes((160, 45), USUAL, PaneWidths()).is_high
    assert not lay_out_panes((160, 45), USUAL._replace(line_rows=3), PaneWidths()).is_high


@pytest.mark.parametrize(
    ("rows", "line_rows", "has_few"), [(24, 5, True), (32, 5, True), (40, 5, False), (24, 3, False), (12, 1, False)]
)
def test_mosaic_of_large_dots_has_few_lines(rows: int, line_rows: int, has_few: bool) -> None:
    assert lay_out_panes((80, rows), USUAL._replace(line_rows=line_rows), PaneWidths()).has_few_lines == has_few


def test_categories_take_the_place_of_the_list_in_two_panes() -> None:
    room = lay_out_panes((80, 24), USUAL, PaneWidths())
    assert room.name == "medium" and room.categories == room.posts


def test_list_of_stories_is_as_wide_as_the_reader_chose() -> None:
    assert lay_out_panes((120, 40), USUAL, PaneWidths(posts=25.0)).posts == 50


@pytest.mark.parametrize(
    ("columns", "name", "posts"), [(60, "narrow", None), (100, "medium", 50), (110, "medium", 52), (160, "wide", 52)]
)
def test_compact_list_is_as_wide_as_a_headline_needs(columns: int, name: str, posts: int | None) -> None:
    room = lay_out_panes((columns, 32), USUAL, PaneWidths(), is_compact=True)
    assert (room.name, room.posts) == (name, posts)


def test_compact_list_makes_the_layout_medium_earlier() -> None:
    assert lay_out_panes((120, 32), USUAL, PaneWidths()).name == "wide"
    assert lay_out_panes((120, 32), USUAL, PaneWidths(), is_compact=True).name == "medium"
