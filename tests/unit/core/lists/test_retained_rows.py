"""Rows retained in a reloaded list: before the row that followed them, or at their place in the list's order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bpost_tui.core.lists.retained_rows import with_retained

ROWS = st.lists(st.integers(0, 20), unique=True)


def stayed(rows: str, before: str, retained: str) -> str:
    return "".join(with_retained(rows, before, key=str, stays=lambda row: row in retained))


def test_retained_row_stays_before_its_next_row() -> None:
    assert stayed("ac", "abc", "b") == "abc"
    assert stayed("nac", "abc", "b") == "nabc"
    assert stayed("nbc", "abc", "a") == "nabc"
    assert stayed("ab", "abc", "c") == "abc"
    assert stayed("", "abc", "b") == "b"
    assert stayed("ac", "abc", "") == "ac"
    assert stayed("abc", "abc", "abc") == "abc"


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
