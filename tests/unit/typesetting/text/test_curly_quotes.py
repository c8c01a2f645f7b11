from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpost_tui.typesetting.text.curly_quotes import curl_quotes


@pytest.mark.parametrize(
    ("straight", "curly"),
    [
        ('তিনি বললেন, "যাব না।"', "তিনি বললেন, “যাব না।”"),
        ("('সত্যি')", "(‘সত্যি’)"),
        ("দু'টি, বাবা'র", "দু’টি, বাবা’র"),
        ("'৭১-এর যুদ্ধ", "’৭১-এর যুদ্ধ"),
        ("\"'ভাল' খবর\"", "“‘ভাল’ খবর”"),
        ("“আছে”", "“আছে”"),
        ("", ""),
    ],
)
def test_straight_quotes_are_curled_by_their_neighbours(straight: str, curly: str) -> None:
    assert curl_quotes(straight) == curly


@given(st.text(alphabet="ক \"'(১।“", max_size=30))
def test_curled_text_keeps_its_length_without_straight_quotes(text: str) -> None:
    found = curl_quotes(text)
    assert len(found) == len(text)
    assert not set(found) & {'"', "'"}
