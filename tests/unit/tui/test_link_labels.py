from __future__ import annotations

import pytest

from bpost_tui.core.keys.keyboard_layouts import LAYOUTS, aliases
from bpost_tui.tui.dialogs.link_hints import LETTERS, labels, letter_of


@pytest.mark.parametrize("count", [0, 1, 9, 10, 81, 82, 729, 730])
def test_link_labels_are_unique_and_of_equal_length(count: int) -> None:
    made = labels(count)
    assert len(made) == len(set(made)) == count
    assert len({len(label) for label in made}) <= 1
    assert set("".join(made)) <= set(LETTERS)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_letter_of_a_bengali_key_is_the_latin_letter_of_that_key(layout: str) -> None:
    for letter in LETTERS:
        sent = aliases(letter, (layout,))
        assert letter_of(sent[0] if sent else letter, (layout,)) == letter


def test_letter_of_other_keys_is_empty() -> None:
    assert [letter_of(key, tuple(LAYOUTS)) for key in ("F", "x", "1", "enter", "space", "down")] == ["f", "", "", "", "", ""]
