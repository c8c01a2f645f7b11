from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpost_tui.core import templates
from bpost_tui.tui.widgets.row_heights import RowHeights
from bpost_tui.tui.widgets.row_list import spaced_rows
from bpost_tui.typesetting.typeset.items import Para, Run
from bpost_tui.typesetting.typeset.pixel_typesetter import PixelTypesetter
from tests.unit.typesetting.typeset.sample_items import bundled_fonts


def rows(count: int, known: dict[int, int], breaks: tuple[int, ...] = (), tallest: int = 5) -> RowHeights:
    heights = RowHeights()
    heights.set_rows(tuple(range(count)), tallest=tallest, breaks=breaks)
    for row, height in known.items():
        heights.set_height(row, height)
    return heights


@given(
    st.integers(1, 30).flatmap(
        lambda count: st.tuples(
            st.just(count),
            st.dictionaries(st.integers(0, count - 1), st.integers(1, 5)),
            st.sets(st.integers(0, count - 1)).map(lambda found: tuple(sorted(found))),
        )
    )
)
def test_every_line_belongs_to_one_row_or_one_break(drawn: tuple[int, dict[int, int], tuple[int, ...]]) -> None:
    count, known, breaks = drawn
    heights = rows(count, known, breaks)
    lines = [heights.row_at(line) for line in range(heights.top(count))]
    expected: list[tuple[int, int | None]] = []
    for row in range(count):
        expected += [(row, None)] * (row in breaks) + [(row, line) for line in range(known.get(row, 5))]
    assert lines == expected
    assert all(
        after - before == known.get(row, 5) + (row + 1 in breaks)
        for row, (before, after) in enumerate(pairwise([heights.top(row) for row in range(count + 1)]))
    )
    assert heights.row_at(heights.top(count) + 2) == (count, 2)


def test_known_row_heights_last_until_the_tallest_changes() -> None:
    heights = rows(3, {1: 2})
    heights.set_rows((1, 7, 2), tallest=5)
    assert [heights.height(row) for row in range(3)] == [2, 5, 5]
    heights.set_rows((1, 7, 2), tallest=6)
    assert [heights.height(row) for row in range(3)] == [6, 6, 6]


def test_rows_without_a_key_have_the_tallest_height() -> None:
    heights = RowHeights()
    heights.set_rows((None,) * 4, tallest=2)
    assert all(heights.is_fixed(row) for row in range(4))
    assert heights.top(4) == 8


@pytest.mark.parametrize(("line", "whole"), [(0, 0), (1, 5), (5, 5), (6, 7), (8, 8), (100, 100)])
def test_whole_from_is_the_next_row_start(line: int, whole: int) -> None:
    assert rows(3, {1: 2}).whole_from(line) == whole


@pytest.mark.parametrize("cell_px", [(7, 15), (8, 16), (8, 17), (9, 18), (10, 20), (12, 24)])
def test_stories_of_a_list_are_apart_in_cells_of_any_size(cell_px: tuple[int, int]) -> None:
    typesetter = PixelTypesetter(bundled_fonts(), *cell_px, zoom_px=0)
    for lines in (1, 2):
        items = templates.tallest_headline_row(templates.RowDetail.ALL)
        title = items[1]
        assert isinstance(title, Para)
        row = (items[0], title._replace(runs=(Run("\n".join("ক" * lines), bold=True),)), *items[2:])
        bottom_px = typesetter._bottom(typesetter._column(row, 40).lines[-1])
        assert spaced_rows(row, 40, typesetter) * cell_px[1] - bottom_px >= 4
