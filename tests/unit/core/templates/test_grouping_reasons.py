"""Reasons for grouping that the key `W` shows, for accounts (papers' stories about one event) with different numbers."""

from __future__ import annotations

import pytest

from bpost_tui.core.lists.same_news_accounts import NewsAccount, NewsGroup
from bpost_tui.core.templates.grouping_reasons import differing_lines, reason_lines
from bpost_tui.grouping.quantities import AGE, LowerBound
from bpost_tui.grouping.score import ScoreExplanation
from bpost_tui.i18n import Language
from tests.unit.core.templates.test_list_rows import grouped_story


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["Dead: 1,002 (Daily) · at least 2,000 (gazette)", "Age at death: 85 (Daily) · 86 (gazette)"]),
        ("bn", ["মৃত: ১,০০২ (Daily) · অন্তত ২,০০০ (gazette)", "মৃত্যুকালে বয়স: ৮৫ (Daily) · ৮৬ (gazette)"]),
    ],
)
def test_differing_lines_mark_a_lower_bound(language: str, expected: list[str]) -> None:
    values = {"dead": ((1002, ("daily",)), (LowerBound(2000), ("gazette",))), AGE: ((85, ("daily",)), (86, ("gazette",)))}
    assert list(differing_lines(NewsGroup((), values), Language(language), {"daily": "Daily"})) == expected


def test_words_left_out_of_a_grouping_reason_are_hinted_at() -> None:
    words = tuple((word, 9.0) for word in "abcdefghijk")
    for count, end in (10, "i, j"), (11, "i, j …"):
        (line,) = reason_lines(NewsAccount(grouped_story(), ScoreExplanation(30.0, words[:count])), Language("en"))
        assert line.endswith(end)


def test_grouping_reasons_use_the_digits_of_their_script() -> None:
    account = NewsAccount(grouped_story(), ScoreExplanation(30.0, (("36 বিদ্যালয়ে", 12.2), ("64 years", 9.0))))
    assert list(reason_lines(account, Language("en"))) == ["2 rare words are the same: both name ৩৬ বিদ্যালয়ে, 64 years"]
