"""Rows retained in a reloaded list: before the row that followed them, or at their place in the list's order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bpost_tui.core.lists.retained_rows import with_retained

ROWS = st.lists(st.integers(0, 20), unique=True)


def rows_after(rows: str, before: str, retained: str) -> str:
    return "".join(with_retained(rows, before, key=str, stays=lambda row: row in retained))


def test_retained_row_stays_before_its_next_row() -> None:
    assert rows_after("ac", "abc", "b") == "abc"
    assert rows_after("nac", "abc", "b") == "nabc"
    assert rows_after("nbc", "abc", "a") == "nabc"
    assert rows_after("ab", "abc", "c") == "abc"
    assert rows_after("", "abc", "b") == "b"
    assert rows_after("ac", "abc", "") == "ac"
    assert rows_after("abc", "abc", "abc") == "abc"


@given(ROWS, ROWS, st.sets(st.integers(0, 20)))
def test_retained_rows_keep_new_rows_in_order_without_duplicates(rows: list[int], before: list[int], retained: set[int]) -> None:
    out = with_retained(rows, before, key=int, stays=retained.__contains__)
    assert len(set(out)) == len(out)
    assert [row for row in out if row in rows] == rows
    assert {row for row in out if row not in rows} == {row for row in before if row in retained and row not in rows}


@given(ROWS, ROWS, st.sets(st.integers(0, 20)))
def test_retained_rows_are_sorted_in_when_the_list_has_an_order(rows: list[int], before: list[int], retained: set[int]) -> None:
    out = with_retained(sorted(rows), before, key=int, stays=retained.__contains__, order=int)
    assert list(out) == sorted({*rows, *retained.intersection(before)})
