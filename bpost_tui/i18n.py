"""Language of the interface: words, numbers, ages and dates in Bengali or English. Standard library only.

Message ids are the English sentences. `tools/messages.py` adds them to `locale/bn/LC_MESSAGES/bpost.po`, which has the Bengali
translations. Dates and times are in India's time zone or in this machine's.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterable, Mapping
from datetime import date as Day
from datetime import datetime, timedelta, timezone, tzinfo
from math import ceil
from pathlib import Path
from typing import Final

from bpost_tui.bengali import calendar, letters
from bpost_tui.typesetting.text.phrase import Phrase

INDIA: Final = timezone(timedelta(hours=5, minutes=30), "IST")
"""Time zone of India, the same all year since 15 October 1945 (tz database, Asia/Kolkata).

It is defined here, so that no time zone files are needed.
"""
_DHAKA_OFFSET = timedelta(hours=6)
_DAYS_A_MONTH, _DAYS_A_YEAR = 30.44, 365.25

WORDS_A_MINUTE = 184
"""Reading speed in words per minute: the mean of 17 languages (without Bengali), measured with the same texts read aloud.

Source: S. Trauzettel-Klosinski and K. Dietz, Standardized Assessment of Reading Performance, IOVS 53 (2012), 5452-5461.
"""

_MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]
_WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_BANGLA_MONTHS = "Boishakh Jyaistha Asharh Shraban Bhadra Ashwin Kartik Agrahayan Poush Magh Falgun Chaitra".split()


def message(text: str) -> str:
    """Return `text` unchanged. A call only marks the text as a message id, so that `Language.text` can translate it later."""
    return text


Reason = Phrase
"""English sentence and the values of its fields, for example the reason why something failed.

`Language.reason` translates it. A value may be a `Reason` itself.
"""


def prefix_reason(subject: str, why: str) -> Reason:
    """Return the sentence `why` with a subject (an address, a file or a program) and a colon before it."""
    return Reason("{subject}: {why}", subject=subject, why=why if isinstance(why, Phrase) else Reason(why))


def without_subject(why: str) -> str:
    """Return the sentence `why` without the subject and colon that `prefix_reason` put before it; unchanged if it has none."""
    sentence = why.fields.get("why") if isinstance(why, Phrase) and why.fields.keys() == {"subject", "why"} else why
    return sentence if isinstance(sentence, str) else why


def unreadable_reason(error: Exception) -> Reason:
    """Return the reason to report if bpost can't read data from outside because of `error`, a bug of its own.

    The reason has the name of the error's class, but not the error's text.
    """
    return Reason("it can't be read ({error})", error=type(error).__name__)


def did_you_mean(word: str, choices: Iterable[str]) -> Reason | None:
    """Return a hint “did you mean …” with the choice most similar to `word`, or None if no choice is similar."""
    from bpost_tui.nearest import closest_match  # 2 ms, for a mistake only

    near = closest_match(word, choices)
    return Reason("Did you mean {near}?", near=near) if near else None


def format_wait(seconds: float) -> Reason:
    """Return a wait of `seconds` in the largest unit (min, h) that gives a number of at least two, else in s.

    The number is rounded up: "90 s", "10 min", "3 h".
    """
    if seconds < 120:
        return Reason("{n} s", n=ceil(seconds))
    return Reason("{n} min", n=ceil(seconds / 60)) if seconds < 7200 else Reason("{n} h", n=ceil(seconds / 3600))


def choose_language(setting: str, environ: Mapping[str, str], times: str = "india") -> Language:
    """Return the language of the interface.

    Args:
        setting: "bn", "en" or "auto". With "auto", the locale decides: Bengali for bn, otherwise English. On the Linux console,
            "auto" is English.
        environ: Environment variables, which give the locale.
        times: "own" for times in this machine's zone, or "india" for India's zone. Times in India's zone are shown with the name of
            the zone if this machine has another zone.
    """
    offset = datetime.now().astimezone().utcoffset()
    in_bangladesh = _locale(environ, "LC_TIME").partition(".")[0].endswith("_BD") or offset == _DHAKA_OFFSET
    if times == "own":
        return Language(_code(setting, environ), zone=None, in_bangladesh=in_bangladesh)
    return Language(_code(setting, environ), names_zone=offset != INDIA.utcoffset(None), in_bangladesh=in_bangladesh)


def _code(setting: str, environ: Mapping[str, str]) -> str:
    if setting in ("bn", "en"):
        return setting
    if environ.get("TERM") == "linux":  # the font of the Linux console has no Bengali letters
        return "en"
    locale = _locale(environ, "LC_MESSAGES")
    return "bn" if locale == "bn" or locale.startswith(("bn_", "bn.", "bn@")) else "en"


def _locale(environ: Mapping[str, str], category: str) -> str:
    """Return the locale for a category such as LC_TIME, from the first variable that is set (POSIX.1-2024, 8.2).

    The variables are LC_ALL, the category's own, and LANG. An empty variable counts as not set. Return "" if none is set.
    """
    return next((environ[name] for name in ("LC_ALL", category, "LANG") if environ.get(name)), "")


class Language:
    """Language of the interface, "bn" or "en".

    Args:
        zone: Time zone of all days and times; None means this machine's zone.
        names_zone: Whether times name their zone.
        in_bangladesh: Whether this machine is in Bangladesh, by its locale or zone.
    """

    def __init__(self, code: str, *, zone: tzinfo | None = INDIA, names_zone: bool = False, in_bangladesh: bool = False) -> None:
        self.code = code
        self.in_bangladesh = in_bangladesh
        self._zone = zone
        self._names_zone = names_zone
        self._catalogue = _catalogue(code)

    def day(self, when: datetime) -> Day:
        """Return the date at the time `when` in the time zone that the interface uses (India's or this machine's)."""
        return when.astimezone(self._zone).date()

    def text(self, message: str, **fields: object) -> str:
        """Return a message in this language, with values in place of its `{fields}`. Whole numbers get this language's digits."""
        return self._filled(self._catalogue.gettext(message), fields)

    def reason(self, why: str) -> str:
        """Return the sentence `why`, such as the reason why something failed, in this language.

        A `Reason` is translated together with its values. A plain text is translated as a whole if the catalogue of translations
        has it; otherwise only the part after its first colon is translated.
        """
        if isinstance(why, Phrase):
            return self.text(why.message, **{name: self._field(field) for name, field in why.fields.items()})
        known = self.text(why) if why else why  # the catalogue's empty message is its header
        subject, _, rest = why.partition(": ")
        return f"{subject}: {self.text(rest)}" if rest and known == why else known

    def _field(self, field: object) -> object:
        return self.reason(field) if isinstance(field, Phrase) else field

    def plural(self, one: str, many: str, n: int, **fields: object) -> str:
        """Return the message `one` or `many` in this language, whichever fits the number `n`.

        In both messages, `{n}` is replaced by the number, and other names in braces by the values in `fields`.
        """
        return self._filled(self._catalogue.ngettext(one, many, n), {"n": n, **fields})

    def _filled(self, message: str, fields: Mapping[str, object]) -> str:
        if not fields:
            return message
        return message.format_map({name: self.number(value) if isinstance(value, int) else value for name, value in fields.items()})

    def number(self, n: int) -> str:
        """Return a whole number with this language's digits and grouping: "১২,৩৪,৫৬৭", "1,234,567"."""
        return letters.group_digits(n) if self._bengali else f"{n:,}"

    def numeral(self, digits: str, *, groups: bool = True) -> str:
        """Return the number `digits` (in ASCII, perhaps with decimals) with this language's digits, grouped if `groups`."""
        whole, stop, decimals = digits.partition(".")
        return (self.number(int(whole)) if groups else self._digits(whole)) + stop + self._digits(decimals)

    def factor(self, value: float) -> str:
        """Return a factor, such as a speed, with this language's digits and no more decimals than it needs: "১.২৫×", "2×"."""
        return f"{letters.digits(f'{value:g}') if self._bengali else f'{value:g}'}×"

    def age(self, then: datetime, now: datetime) -> str:
        """Return the time from `then` to `now` in words: "৪ ঘণ্টা আগে", "গতকাল", "4 days ago".

        If `then` is later than `now`, or less than a minute before it, return "just now".
        """
        past = now - then
        minutes, hours = int(past / timedelta(minutes=1)), int(past / timedelta(hours=1))
        days = (self.day(now) - self.day(then)).days
        if minutes < 1:
            return self.text("just now")
        if hours < 1:
            return self.plural("{n} minute ago", "{n} minutes ago", minutes)
        if hours < 12 or days < 1:
            return self.plural("{n} hour ago", "{n} hours ago", hours)
        if days == 1:
            return self.text("yesterday")
        if days < 30:
            return self.plural("{n} day ago", "{n} days ago", days)
        if (months := round(days / _DAYS_A_MONTH)) < 12:
            return self.plural("{n} month ago", "{n} months ago", months)
        return self.plural("{n} year ago", "{n} years ago", round(days / _DAYS_A_YEAR))

    def new_since(self, n: int, then: datetime, now: datetime) -> str:
        """Return a line with the number of stories that are new since `then`.

        Examples are "গতকাল ১৮:৪০ থেকে ১২টি নতুন", "12 new since 18:40" and "12 new since 3 May".
        """
        days, clock = (self.day(now) - self.day(then)).days, self.clock(then)
        if days < 1:
            return self.text("{n} new since {clock}", n=n, clock=clock)
        if days == 1:
            return self.text("{n} new since yesterday {clock}", n=n, clock=clock)
        return self.text("{n} new since {date}", n=n, date=self.date(then, year=days > 300))

    def date(self, when: datetime, *, year: bool = True) -> str:
        """Return a date: "২৩ নভেম্বর ২০২৬", "23 November 2026". If `year` is false, return "23 November"."""
        day = self.day(when)
        months = calendar.MONTHS if self._bengali else _MONTHS
        return self._digits(f"{day.day} {months[day.month - 1]}" + (f" {day.year}" if year else ""))

    def long_date(self, when: datetime) -> str:
        """Return a date with its weekday: "মঙ্গলবার ২৪ নভেম্বর ২০২৬", "Tuesday 24 November 2026"."""
        weekdays = calendar.WEEKDAYS if self._bengali else _WEEKDAYS
        return f"{weekdays[self.day(when).weekday()]} {self.date(when)}"

    def clock(self, when: datetime) -> str:
        """Return the time of day in 24-hour form, with the zone if times name it: "১৪:০৫", "14:05", "14:05 IST"."""
        return self._digits(f"{when.astimezone(self._zone):%H:%M}") + (" IST" if self._names_zone else "")

    def bangla_date(self, day: Day, *, of_bangladesh: bool = False) -> str:
        """Return the date `day` in West Bengal's Bangla calendar, or in Bangladesh's if `of_bangladesh`.

        Examples: "২৫ বৈশাখ ১৪৩৩", "25 Boishakh 1433".
        """
        bangla = calendar.bangladesh_date(day) if of_bangladesh else calendar.bangla_date(day)
        months = calendar.BANGLA_MONTHS if self._bengali else _BANGLA_MONTHS
        return self._digits(f"{bangla.day} {months[bangla.month - 1]} {bangla.year}")

    def reading_minutes(self, text: str) -> str:
        """Return the reading time of a text, at least one minute: "পড়তে ৩ মিনিট", "3 min read"."""
        return self.text("{n} min read", n=max(1, round(len(text.split()) / WORDS_A_MINUTE)))

    def progress(self, done: int, steps: int | None, *, stories: bool) -> str:
        """Return the progress of a refresh: "120 of 400 stories" or "page 3 of 8"; without a total, "120 stories" or "page 3".

        `done` and `steps` count stories if `stories`, else pages. `steps` is the total, or None if it isn't known. The page in the
        text is the next one: `done` + 1.
        """
        if stories:
            return self.text("{n} stories", n=done) if steps is None else self.text("{n} of {all} stories", n=done, all=steps)
        return self.text("page {n}", n=done + 1) if steps is None else self.text("page {n} of {all}", n=done + 1, all=steps)

    def time_left(self, seconds: float) -> str:
        """Return the remaining time, given in `seconds`, in round numbers: "আর প্রায় ৩ মিনিট", "about 3 minutes left"."""
        if seconds < 60:
            return self.text("less than a minute left")
        minutes = round(seconds / 60)
        if minutes < 90:
            return self.plural("about {n} minute left", "about {n} minutes left", minutes)
        return self.plural("about {n} hour left", "about {n} hours left", round(minutes / 60))

    @property
    def _bengali(self) -> bool:
        return self.code == "bn"

    def _digits(self, text: str) -> str:
        return letters.digits(text) if self._bengali else text


def _catalogue(code: str) -> gettext.NullTranslations:
    return gettext.translation("bpost", Path(__file__).parent / "locale", [code], fallback=code == "en")
