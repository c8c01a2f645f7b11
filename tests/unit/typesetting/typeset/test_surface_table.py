"""Tests of the surface table: a token (character for a cell) names its own drawing or none; visible drawings are kept."""

from __future__ import annotations

import pytest

from bpost_tui.typesetting.typeset.surface import FIRST_TOKEN, LAST_TOKEN, Surface, SurfaceTable

COLS, ROWS = 100, 8
COST = 4 * COLS * 10 * ROWS * 20


def surface(cols: int = COLS, rows: int = ROWS) -> Surface:
    return Surface(cols, rows, 10, 20, ((),) * rows)


def paint(table: SurfaceTable, *shown: Surface) -> list[str]:
    """Record the drawings `shown` as painted one below the other, as a frame does, and return their tokens."""
    lines = [table.tokens(each, row) for each in shown for row in range(each.rows)]
    for y, tokens in enumerate(lines):
        named = {found for found, *_ in table.spans(tokens) if found is not None}
        table.screen.paint(y, 0, len(tokens), frozenset(named))
    table.frame_composed()
    return lines


def named(table: SurfaceTable, tokens: str) -> list[tuple[Surface | None, int, int, int]]:
    return list(table.spans(tokens))


def test_visible_surface_is_never_evicted() -> None:
    table = SurfaceTable(max_bytes=3 * COST)
    head = surface()
    lines = paint(table, head)
    for _ in range(2000):
        table.tokens(surface(), 0)
        table.frame_composed()
    assert [named(table, line) for line in lines] == [[(head, row, 0, COLS)] for row in range(ROWS)] or table.generation
    assert head not in table.take_evicted()
    assert table.retained_bytes <= 3 * COST


def test_token_of_an_evicted_surface_names_none() -> None:
    table = SurfaceTable(max_bytes=1)
    first = surface()
    gone = table.tokens(first, 0)
    table.frame_composed()
    table.tokens(surface(), 0)
    assert table.take_evicted() == [first]
    while not table.generation:
        assert {found for found, *_ in named(table, gone)} == {None}, "another's"
        for row in range(ROWS):
            table.tokens(surface(), row)
        table.frame_composed()


def test_token_numbers_are_reused_only_after_the_last() -> None:
    table = SurfaceTable()
    seen: set[str] = set()
    while True:
        tokens = table.tokens(surface(), 0)
        if table.generation:
            break
        assert not seen.intersection(tokens)
        seen.update(tokens)
    assert len(seen) > 0.99 * (LAST_TOKEN - FIRST_TOKEN)
    assert not seen.intersection("\U000ffffe\U000fffff\U0010fffe\U0010ffff")


def test_picture_is_evicted_only_when_no_longer_visible() -> None:
    table = SurfaceTable()
    old, new = surface(), surface()
    paint(table, old)
    table.clear()  # as after a change of theme
    table.tokens(new, 0)
    assert table.take_evicted() == []
    paint(table, new)
    assert table.take_evicted() == [old]
    assert table.take_evicted() == []


def test_surface_shown_again_before_eviction_stays() -> None:
    table = SurfaceTable()
    shown = surface()
    paint(table, shown)
    table.clear()
    paint(table, shown)
    table.screen.clear()
    assert table.take_evicted() == []


def test_surface_table_exceeds_its_limit_with_one_report_when_all_is_visible() -> None:
    reports: list[tuple[int, int, int]] = []
    table = SurfaceTable(max_bytes=COST, over_limit=lambda *figures: reports.append(figures))
    one, two, three = surface(), surface(), surface()
    lines = paint(table, one, two, three)
    assert [named(table, lines[at])[0][0] for at in (0, ROWS, 2 * ROWS)] == [one, two, three]
    assert table.retained_bytes == 3 * COST
    assert reports == [(2 * COST, COST, 2)]


def test_surface_table_evicts_the_least_recently_used() -> None:
    table = SurfaceTable(max_bytes=2 * COST)
    one, two = surface(), surface()
    for each in (one, two, one):
        table.tokens(each, 0)
    table.frame_composed()
    table.tokens(surface(), 0)
    assert table.take_evicted() == [two]


def test_row_wider_than_a_planes_tokens_is_refused() -> None:
    with pytest.raises(ValueError, match="a row of 65535 cells"):
        SurfaceTable().tokens(surface(65535, 1), 0)


def test_screen_map_keeps_surfaces_beside_a_painted_part() -> None:
    table = SurfaceTable()
    left, right, over = surface(), surface(), surface()
    visible = table.screen
    visible.paint(0, 0, 40, frozenset({left}))
    visible.paint(0, 40, 80, frozenset({right}))
    visible.paint(0, 30, 50, frozenset({over}))
    assert visible.surfaces() == {left, right, over}
    visible.paint(0, 0, 30, frozenset())
    assert visible.surfaces() == {right, over}
    visible.paint(0, 20, 80, frozenset(), is_whole=False)
    assert visible.surfaces() == {right, over}
    visible.paint(0, 20, 80, frozenset())
    assert visible.surfaces() == set()
