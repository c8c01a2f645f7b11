"""Surface table: a token names its own surface or none, and visible surfaces are never evicted."""

from __future__ import annotations

import pytest

from bpost_tui.typesetting.typeset.surface import FIRST_TOKEN, LAST_TOKEN, Surface, SurfaceTable

COLS, ROWS = 100, 8
COST = 4 * COLS * 10 * ROWS * 20


def surface(cols: int = COLS, rows: int = ROWS) -> Surface:
    return Surface(cols, rows, 10, 20, ((),) * rows)


def paint(table: SurfaceTable, *shown: Surface) -> list[str]:
    """Paint surfaces below each other, as a frame does, and return their tokens."""
    lines = [table.tokens(each, row) for each in shown for row in range(each.rows)]
    for y, tokens in enumerate(lines):
        named = {found for found, *_ in table.spans(tokens) if found is not None}
        table.screen.paint(y, 0, len(tokens), frozenset(named))
    table.frame_composed()
    return lines


def named(table: SurfaceTable, tokens: str) -> list[tuple[Surface | None, int, int, int]]:
    return list(table.spans(tokens))


def test_what_stands_on_the_screen_is_never_evicted_however_much_else_is_asked_for() -> None:
    table = SurfaceTable(max_bytes=3 * COST)
    head = surface()
    lines = paint(table, head)
    for _ in range(2000):
        table.tokens(surface(), 0)
        table.frame_composed()
    assert [named(table, line) for line in lines] == [[(head, row, 0, COLS)] for row in range(ROWS)] or table.generation
    assert head not in table.take_evicted()
    assert table.retained_bytes <= 3 * COST


def test_token_of_a_surface_that_is_gone_leads_nowhere_for_as_long_as_numbers_last() -> None:
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


def test_numbers_are_given_again_only_once_all_are_used_up() -> None:
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


def test_terminal_gives_a_picture_up_only_when_it_no_longer_stands_there() -> None:
    table = SurfaceTable()
    old, new = surface(), surface()
    paint(table, old)
    table.clear()  # as after a change of theme
    table.tokens(new, 0)
    assert table.take_evicted() == []
    paint(table, new)
    assert table.take_evicted() == [old]
    assert table.take_evicted() == []


def test_surface_that_is_wanted_again_before_the_terminal_gave_it_up_stays() -> None:
    table = SurfaceTable()
    shown = surface()
    paint(table, shown)
    table.clear()
    paint(table, shown)
    table.screen.clear()
    assert table.take_evicted() == []


def test_table_when_all_of_too_much_is_in_sight_goes_over_its_limit_and_says_so_once() -> None:
    said: list[tuple[int, int, int]] = []
    table = SurfaceTable(max_bytes=COST, over_limit=lambda *figures: said.append(figures))
    one, two, three = surface(), surface(), surface()
    lines = paint(table, one, two, three)
    assert [named(table, lines[at])[0][0] for at in (0, ROWS, 2 * ROWS)] == [one, two, three]
    assert table.retained_bytes == 3 * COST
    assert said == [(2 * COST, COST, 2)]


def test_table_when_room_is_needed_evicts_what_was_asked_for_least_lately() -> None:
    table = SurfaceTable(max_bytes=2 * COST)
    one, two = surface(), surface()
    for each in (one, two, one):
        table.tokens(each, 0)
    table.frame_composed()
    table.tokens(surface(), 0)
    assert table.take_evicted() == [two]


def test_row_of_more_cells_than_a_plane_has_tokens_is_refused() -> None:
    with pytest.raises(ValueError, match="a row of 65535 cells"):
        SurfaceTable().tokens(surface(65535, 1), 0)


def test_standing_when_a_part_of_a_row_is_painted_knows_what_stands_beside_it() -> None:
    table = SurfaceTable()
    left, right, over = surface(), surface(), surface()
    standing = table.screen
    standing.paint(0, 0, 40, frozenset({left}))
    standing.paint(0, 40, 80, frozenset({right}))
    standing.paint(0, 30, 50, frozenset({over}))
    assert standing.surfaces() == {left, right, over}
    standing.paint(0, 0, 30, frozenset())
    assert standing.surfaces() == {right, over}
    standing.paint(0, 20, 80, frozenset(), is_whole=False)
    assert standing.surfaces() == {right, over}
    standing.paint(0, 20, 80, frozenset())
    assert standing.surfaces() == set()
