from __future__ import annotations

from datetime import date

import pytest

from bpost_tui.same_news.days import Days, days_of

THURSDAY = date(2026, 11, 26)


def _first(text: str) -> frozenset[int]:
    return days_of(text, THURSDAY).first


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("মঙ্গলবার সকালে", date(2026, 11, 24)),
        ("বৃহস্পতিবার", THURSDAY),
        ("আগামী রবিবার", date(2026, 11, 29)),
        ("আগামী বৃহস্পতিবার", date(2026, 12, 3)),
        ("গতকাল দুপুরে", date(2026, 11, 25)),
        ("২ জানুয়ারি", date(2027, 1, 2)),
        ("৩০ অগস্ট", date(2026, 8, 30)),
        ("সোমবারের ধাক্কা কাটিয়ে বুধবার", date(2026, 11, 25)),
    ],
)
def test_day_when_it_is_named_is_the_nearest_that_is_meant(text: str, day: date) -> None:
    assert _first(text) == {2 * day.toordinal(), 2 * day.toordinal() + 1}


def test_night_meets_the_morning_after_it_but_not_the_next_night() -> None:
    assert _first("সোমবার গভীর রাতে") & _first("মঙ্গলবার ভোরে")
    assert _first("সোমবার রাতে") & _first("মঙ্গলবার")
    assert not _first("সোমবার রাতে") & _first("মঙ্গলবার রাতে")


def test_text_without_a_day_has_none() -> None:
    assert days_of("৩১ ফেব্রুয়ারি, রবিবারি", THURSDAY) == Days()
