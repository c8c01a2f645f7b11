"""Bengali names of days and months, and the Bangla calendars of West Bengal and Bangladesh. Standard library only.

West Bengal's days begin at midnight in India.

A test compares the names with the Unicode CLDR. The CLDR isn't loaded here, since that would slow the start.
"""

from __future__ import annotations

import math
from datetime import date

from bpost_tui.typesetting.text.named_tuple import NamedTuple

MONTHS = tuple("জানুয়ারি ফেব্রুয়ারি মার্চ এপ্রিল মে জুন জুলাই আগস্ট সেপ্টেম্বর অক্টোবর নভেম্বর ডিসেম্বর".split())
"""Names of the Gregorian months, January first."""
WEEKDAYS = ("সোমবার", "মঙ্গলবার", "বুধবার", "বৃহস্পতিবার", "শুক্রবার", "শনিবার", "রবিবার")
"""Names of the days of the week, Monday first, as `date.weekday` counts."""
BANGLA_MONTHS = tuple("বৈশাখ জ্যৈষ্ঠ আষাঢ় শ্রাবণ ভাদ্র আশ্বিন কার্তিক অগ্রহায়ণ পৌষ মাঘ ফাল্গুন চৈত্র".split())
"""Names of the months of the Bangla year, which begins when the sun enters Mesha (Aries)."""


class BanglaDate(NamedTuple):
    """Date in the Bangla calendar."""

    year: int
    """Year of the Bangla era (বঙ্গাব্দ); 1433 began in April 2026."""
    month: int
    """Number of the month; 1 is Boishakh."""
    day: int


# The sun of the Surya Siddhanta (ch. I-II), which the almanacs of West Bengal follow; Bangladesh's months have fixed lengths.
_KALI_EPOCH = -1132959
"""Start of the Kali era as `date.toordinal` counts days: midnight at Ujjain, 18 February 3102 BCE (Julian)."""
_BANGLADESH_YEARS = 593
"""Difference between the years of the common era and Bangladesh's: the year that began on 14 April 2026 is 1433."""
_SIDEREAL_YEAR_DAYS = 1577917828 / 4320000
_APOGEE_DEGREES = 77.28
_KALI_TO_BANGLA_YEARS = 3694
"""Difference between the years of the Kali era and the Bangla era: Kali 5127, which began in April 2026, is 1433."""
_KOLKATA_EAST_OF_UJJAIN_DAYS = (88.36 - 75.77) / 360


def bangla_date(day: date) -> BanglaDate:
    """Return the Bangla date of a civil day by the traditional almanacs of West Bengal, such as Gupta Press.

    A month begins on the civil day after the sun enters the month's sign of the zodiac (the Bengal, or midnight, rule). So a day
    belongs to the sign that the sun is in at the midnight before it. If the sun enters within 24 minutes of midnight, almanac
    makers also consider the tithi (lunar day), which this function doesn't. The reformed almanac (Bisuddha Siddhanta), which uses
    the observed sun, may differ by a day.

    Source: Surya Siddhanta I-II; R. Sewell and S. B. Dikshit, The Indian Calendar (1896), §28.
    """
    sign = int(_solar_longitude(day.toordinal()) // 30)
    first = day.toordinal()
    while int(_solar_longitude(first - 1) // 30) == sign:
        first -= 1
    kali_years = (first - _KALI_EPOCH + 15) / _SIDEREAL_YEAR_DAYS
    return BanglaDate(int(kali_years) - _KALI_TO_BANGLA_YEARS, sign + 1, day.toordinal() - first + 1)


def bangladesh_date(day: date) -> BanglaDate:
    """Return the Bangla date of a civil day by the calendar of Bangladesh.

    The year begins on 14 April, and months have fixed lengths. Source: reform of the Bangla Academy, in force since October 2019.
    """
    new_year = date(day.year, 4, 14)
    if day < new_year:
        new_year = date(day.year - 1, 4, 14)
    is_leap_year = (date(new_year.year + 1, 3, 1) - date(new_year.year + 1, 2, 28)).days == 2
    lengths = (31,) * 6 + (30,) * 4 + (29 + is_leap_year, 30)
    month, left = 1, (day - new_year).days
    while left >= lengths[month - 1]:
        left -= lengths[month - 1]
        month += 1
    return BanglaDate(new_year.year - _BANGLADESH_YEARS, month, left + 1)


def _solar_longitude(ordinal: int) -> float:
    """Return the sun's sidereal longitude, in degrees from 0 to 360, at the midnight in Kolkata when day `ordinal` begins."""
    years = (ordinal - _KOLKATA_EAST_OF_UJJAIN_DAYS - _KALI_EPOCH) / _SIDEREAL_YEAR_DAYS
    mean = 360 * (years % 1)
    sine = math.sin(math.radians(mean - _APOGEE_DEGREES))
    # an epicycle of 14° that shrinks to 13°40' at the odd quadrants
    equation = math.degrees(math.asin(sine * (14 - abs(sine) / 3) / 360))
    return (mean - equation) % 360
