from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpost_tui.bengali import calendar
from bpost_tui.bengali.calendar import BanglaDate, bangla_date, bangladesh_date
from bpost_tui.bengali.letters import composed, digits, group_digits

PUBLISHED = [
    # West Bengal's public holiday for পয়লা বৈশাখ
    (date(2016, 4, 14), BanglaDate(1423, 1, 1)),
    (date(2019, 4, 15), BanglaDate(1426, 1, 1)),
    (date(2020, 4, 14), BanglaDate(1427, 1, 1)),
    (date(2021, 4, 15), BanglaDate(1428, 1, 1)),
    (date(2022, 4, 15), BanglaDate(1429, 1, 1)),
    (date(2023, 4, 15), BanglaDate(1430, 1, 1)),
    (date(2024, 4, 14), BanglaDate(1431, 1, 1)),
    (date(2025, 4, 15), BanglaDate(1432, 1, 1)),
    (date(2026, 4, 15), BanglaDate(1433, 1, 1)),
    # রবীন্দ্রজয়ন্তী, ২৫ বৈশাখ
    (date(2020, 5, 8), BanglaDate(1427, 1, 25)),
    (date(2024, 5, 8), BanglaDate(1431, 1, 25)),
    (date(2025, 5, 9), BanglaDate(1432, 1, 25)),
    # births and deaths whose dates biographies give in both calendars
    (date(1820, 9, 26), BanglaDate(1227, 6, 12)),  # Vidyasagar
    (date(1838, 6, 26), BanglaDate(1245, 3, 13)),  # Bankim Chandra
    (date(1863, 1, 12), BanglaDate(1269, 9, 29)),  # Vivekananda, পৌষ সংক্রান্তি
    (date(1876, 9, 15), BanglaDate(1283, 5, 31)),  # Sarat Chandra
    (date(1897, 1, 23), BanglaDate(1303, 10, 11)),  # Netaji
    (date(1899, 2, 17), BanglaDate(1305, 11, 6)),  # Jibanananda
    (date(1899, 5, 24), BanglaDate(1306, 2, 11)),  # Nazrul
    (date(1941, 8, 7), BanglaDate(1348, 4, 22)),  # ২২ শ্রাবণ
    (date(1952, 2, 21), BanglaDate(1358, 11, 8)),  # ৮ ফাল্গুন
    # printed in Gupta Press's almanac for that year's কার্তিক পুজো; the reformed almanac gave the 30th
    (date(2021, 11, 16), BanglaDate(1428, 7, 29)),
]


@pytest.mark.parametrize(("day", "bangla"), PUBLISHED)
def test_bangla_date_agrees_with_published_dates(day: date, bangla: BanglaDate) -> None:
    assert bangla_date(day) == bangla


@pytest.mark.parametrize(
    ("day", "bangla"),
    [
        (date(2026, 4, 13), BanglaDate(1432, 12, 30)),
        (date(2026, 4, 14), BanglaDate(1433, 1, 1)),
        (date(2026, 8, 15), BanglaDate(1433, 4, 31)),
        (date(2024, 12, 16), BanglaDate(1431, 9, 1)),  # Victory Day
        (date(2026, 2, 21), BanglaDate(1432, 11, 8)),  # Language Day
        (date(2026, 3, 26), BanglaDate(1432, 12, 12)),  # Independence Day
        (date(2024, 3, 14), BanglaDate(1430, 11, 30)),  # the last day of Falgun in a leap year
        (date(2026, 3, 14), BanglaDate(1432, 11, 29)),
        (date(2026, 10, 16), BanglaDate(1433, 6, 31)),
        (date(2026, 10, 17), BanglaDate(1433, 7, 1)),
    ],
)
def test_bangladesh_date_follows_the_months_of_2019(day: date, bangla: BanglaDate) -> None:
    assert bangladesh_date(day) == bangla


@given(st.dates(date(1800, 1, 1), date(2200, 1, 1)))
def test_bangla_date_advances_by_one_each_day(day: date) -> None:
    today, tomorrow = bangla_date(day), bangla_date(day + timedelta(days=1))
    if tomorrow.day == 1:
        assert 29 <= today.day <= 32
        assert (tomorrow.year - today.year, tomorrow.month) == ((1, 1) if today.month == 12 else (0, today.month + 1))
    else:
        assert tomorrow == BanglaDate(today.year, today.month, today.day + 1)


def test_digits_changes_only_digits() -> None:
    assert digits("১2টি a3") == "১২টি a৩"
    assert digits(2026) == "২০২৬"


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "০"), (999, "৯৯৯"), (1000, "১,০০০"), (12345, "১২,৩৪৫"), (1234567, "১২,৩৪,৫৬৭"), (-123456, "-১,২৩,৪৫৬")],
)
def test_group_digits_groups_by_lakh(number: int, text: str) -> None:
    assert group_digits(number) == text


@given(st.integers(-(10**15), 10**15))
def test_group_digits_survives_a_round_trip(number: int) -> None:
    assert int(group_digits(number).replace(",", "")) == number


def test_names_of_months_and_days_agree_with_cldr() -> None:
    dates = pytest.importorskip("babel.dates")
    months = dates.get_month_names("wide", locale="bn_IN")
    days = dates.get_day_names("wide", locale="bn_IN")
    # CLDR keeps the older জানুয়ারী, ফেব্রুয়ারী; the Bangla Akademi and the papers write them short
    assert list(calendar.MONTHS) == [composed(months[month]).replace("রী", "রি") for month in range(1, 13)]
    assert list(calendar.WEEKDAYS) == [composed(days[day]) for day in range(7)]


def test_group_digits_agrees_with_cldr() -> None:
    numbers = pytest.importorskip("babel.numbers")
    assert group_digits(1234567890) == digits(numbers.format_decimal(1234567890, locale="bn_IN"))


def test_source_has_composed_nukta_letters() -> None:
    source = Path(calendar.__file__).read_text(encoding="utf-8")
    assert source == composed(source)
