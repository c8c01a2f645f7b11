"""Tests of JSON written element by element."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bpost_tui.core.json_api import json_array_lines, to_json_text

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from(["\n", "a\n  b", "খবর\u2028"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


@given(st.lists(VALUES, max_size=4))
def test_array_written_element_by_element_is_the_same_text(values: list[object]) -> None:
    assert "\n".join(json_array_lines(values)) == to_json_text(values)
