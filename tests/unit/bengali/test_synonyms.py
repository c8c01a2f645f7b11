from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpost_tui.bengali.normalise import normalised, words
from bpost_tui.bengali.synonyms import abbreviation_of, spelled_out


@pytest.mark.parametrize(
    ("latin", "bengali"),
    [
        ("bjp", "বিজেপি"),
        ("crpf", "সিআরপিএফ"),
        ("iit", "আইআইটি"),
        ("bdo", "বিডিও"),
        ("dyfi", "ডিওয়াইএফআই"),
        ("wbssc", "ডব্লিউবিএসএসসি"),
    ],
)
def test_abbreviations_are_known_in_either_script(latin: str, bengali: str) -> None:
    assert spelled_out(latin) == normalised(bengali)
    assert abbreviation_of(normalised(bengali)) == latin


@pytest.mark.parametrize("word", ["a", "whatsapp", "12", "b12", "কলকাতা", ""])
def test_spelled_out_is_empty_for_unknown_words(word: str) -> None:
    assert spelled_out(word) == ""


@pytest.mark.parametrize("word", ["কে", "বিধি", "কলকাতা", "সিপিএমের", "bjp", ""])
def test_abbreviation_is_empty_for_unknown_words(word: str) -> None:
    assert abbreviation_of(word) == ""


@given(st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyz"), min_size=2, max_size=6))
def test_spelled_out_abbreviation_is_one_word(latin: str) -> None:
    assert words(spelled_out(latin)) == [spelled_out(latin)]
