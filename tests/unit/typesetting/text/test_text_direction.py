"""Tests of the direction of paragraphs if their first letter doesn't decide it."""

from __future__ import annotations

import pytest

from bpost_tui.typesetting.text.text_direction import is_rtl, join_with_dots


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("کولکاتا میں بارش", True),
        ("COVID-19 پر WHO کی نئی رپورٹ: 1,250 مریض", True),
        ("2026: بارش", True),
        ("The word بارش means rain", False),
        ("বৃষ্টি", False),
        ("«اردو» পুরস্কার ঘোষণা করল", False),
        ("ইকবালের «سارے جہاں سے اچھا» গান", False),
        ("2026", False),
        (join_with_dots("اخبار مشرق", "28 November 2026"), False),
    ],
)
def test_paragraph_direction_ignores_single_foreign_words(text: str, *, expected: bool) -> None:
    assert is_rtl(text) is expected
