"""What `W` says of accounts that count otherwise."""

from __future__ import annotations

import pytest

from bpost_tui.i18n import Language
from bpost_tui.reading.lists.together import News
from bpost_tui.reading.templates.reasons import differing_lines
from bpost_tui.same_news.figures import AGE, AtLeast


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["Dead: 1,002 (Daily) · at least 2,000 (gazette)", "Age at death: 85 (Daily) · 86 (gazette)"]),
        ("bn", ["মৃত: ১,০০২ (Daily) · অন্তত ২,০০০ (gazette)", "মৃত্যুকালে বয়স: ৮৫ (Daily) · ৮৬ (gazette)"]),
    ],
)
def test_least_number_is_said_to_be_one(language: str, expected: list[str]) -> None:
    values = {"dead": ((1002, ("daily",)), (AtLeast(2000), ("gazette",))), AGE: ((85, ("daily",)), (86, ("gazette",)))}
    assert list(differing_lines(News((), values), Language(language), {"daily": "Daily"})) == expected
