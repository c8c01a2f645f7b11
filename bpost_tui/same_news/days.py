"""The days a story speaks of: weekdays, dates, today and yesterday, as days in India. Pure."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from typing import NamedTuple

from bpost_tui.bengali.calendar import MONTHS, WEEKDAYS
from bpost_tui.bengali.normalise import normalised

_INDIA = timezone(timedelta(hours=5, minutes=30))
_NEXT = tuple(map(normalised, ("আগামী", "আসন্ন", "সামনের")))
_RELATIVE = {normalised(word): days for word, days in (("আজ", 0), ("গতকাল", -1), ("আগামীকাল", 1), ("গতপরশু", -2))}
_SPELT = {"অগস্ট": 8, "জানুয়ারী": 1, "ফেব্রুয়ারী": 2}
_MONTH = {normalised(name): number for number, name in enumerate(MONTHS, 1)} | {normalised(name): at for name, at in _SPELT.items()}
_WEEKDAY = {normalised(name): number for number, name in enumerate(WEEKDAYS)}
_WEEKDAY |= {normalised(name): number for name, number in (("লক্ষ্মীবার", 3), ("রোববার", 6), ("বেস্পতিবার", 3))}
_NAMES = "|".join(sorted(map(re.escape, (*_WEEKDAY, *_RELATIVE)), key=len, reverse=True))
_DATES = "|".join(sorted(map(re.escape, _MONTH), key=len, reverse=True))
_INSIDE = "[\u0981-\u09e3]"
_DAY = re.compile(
    rf"(?<!{_INSIDE})(?:(?P<next>{'|'.join(_NEXT)}) )?(?P<name>{_NAMES})(?:ই|(?P<of>ে?র))?(?!{_INSIDE})"
    rf"|(?<!\d)(?P<day>\d{{1,2}}) (?P<month>{_DATES})(?!{_INSIDE})"
)
_NIGHT = re.compile(normalised("^ (?:গভীর |মধ্য|শেষ )?রাত"))
_DAWN = re.compile(normalised("^ ভোর"))


def day_in_india(moment: datetime) -> date:
    """Return the day on which a moment is in India."""
    return moment.astimezone(_INDIA).date()


class Days(NamedTuple):
    """The days that a text names."""

    all: frozenset[int] = frozenset()
    """In halves: twice the ordinal of a day, and one more for its night."""
    first: frozenset[int] = frozenset()
    """The one named first, when the event was. Not Monday of "Monday's fall"."""


def days_of(text: str, published: date) -> Days:
    """Return the days that a text names, as seen from the day it was published on.

    A weekday is the last one of its name, or the next after আগামী; a date has the year that brings it nearest. A night
    reaches into the next day, and a dawn is of the night before, too: papers differ in what they call it.
    """
    found: list[frozenset[int]] = []
    first: frozenset[int] = frozenset()
    plain = normalised(text)
    for match in _DAY.finditer(plain):
        day = _dated(match, published) if match["day"] else _named(match, published)
        if day is not None:
            rest = plain[match.end() : match.end() + 12]
            begin = 2 * day.toordinal() + bool(_NIGHT.match(rest)) - bool(_DAWN.match(rest))
            found.append(frozenset((begin, begin + 1)))
            first = first or (frozenset() if match["of"] else found[-1])
    return Days(frozenset().union(*found), first)


def _named(match: re.Match[str], published: date) -> date:
    name = match["name"]
    if name in _RELATIVE:
        return published + timedelta(_RELATIVE[name])
    back = (published.weekday() - _WEEKDAY[name]) % 7
    return published + timedelta((7 - back) if match["next"] else -back)


def _dated(match: re.Match[str], published: date) -> date | None:
    try:
        years = [date(published.year + more, _MONTH[match["month"]], int(match["day"])) for more in (-1, 0, 1)]
    except ValueError:
        return None
    return min(years, key=lambda day: abs(day - published))
