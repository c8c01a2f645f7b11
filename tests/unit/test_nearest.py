from __future__ import annotations

import pytest

from bpost_tui.nearest import closest_match


@pytest.mark.parametrize(
    ("given", "meant"), [("educaton", "education"), ("sprots", "sports"), ("medinipur", None), ("", None), ("খেলা", "খেলাধুলা")]
)
def test_closest_match_is_the_most_similar_known_word(given: str, meant: str | None) -> None:
    assert closest_match(given, ["education", "sports", "festival", "খেলাধুলা"]) == meant


@pytest.mark.parametrize(
    ("given", "meant"),
    [("Paper 1", None), ("papr 21", "Paper 21"), ("পেপার ২২", None), ("Paper", "Paper 21"), ("PAPER 21", "Paper 21")],
)
def test_closest_match_has_the_digits_that_were_given(given: str, meant: str | None) -> None:
    assert closest_match(given, ["Paper 21", "পেপার ২১"]) == meant
