"""A sentence as it is said: numbers, dates, times, sums of money, signs and initials in words, for programs that read aloud. Pure.

Voices for Bengali leave out its digits, spell what a newspaper shortens, and stop at the full stops of initials. What is written
here is read right by all of them. A sentence without a Bengali letter or digit stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from bpost_tui.bengali.calendar import MONTHS
from bpost_tui.bengali.letters import DIGITS, composed
from bpost_tui.bengali.number_words import cardinal, day_of_month, decimal, digit_by_digit, ordinal
from bpost_tui.bengali.short_forms import LATIN_LETTERS, SHORT_FORMS

_ASCII = str.maketrans(DIGITS, "0123456789")
_BENGALI = re.compile("[\u0985-\u09b9\u09ce\u09dc-\u09df\u09e6-\u09ef]")
_CURRENCIES = {"₹": "টাকা", "৳": "টাকা", "Rs": "টাকা", "$": "ডলার", "€": "ইউরো", "£": "পাউন্ড"}
_SIGNS = {"+": "যোগ", "-": "বিয়োগ", "−": "বিয়োগ", "×": "গুণ", "÷": "ভাগ", "=": "সমান"}
_LETTER = "\u0981-\u09e3"
"""Letters and signs that a word may have, of a character class."""
_INITIALS = rf"(?:(?:{'|'.join(sorted(LATIN_LETTERS.values(), key=len, reverse=True))})\.)+"
_NUMBER = r"[0-9]+(?:,[0-9]+){0,6}(?:\.[0-9]+)?"
_MOST_DIGITS = 14
"""Longer numbers are said digit by digit."""
_SCALE = "(?: ?(?:শো|হাজার|লক্ষ|লাখ|কোটি|মিলিয়ন|বিলিয়ন))*"
_SPACES = re.compile(r"\s+")
_SPACE_BEFORE_STOP = re.compile(" (?=[,;:।?!])")
_IS_WORD = re.compile("[A-Z].*[AEIOU]")
"""Four or more capitals with a vowel that isn't the first are read as a word: NASA, UNESCO."""


def spoken(sentence: str) -> str:
    """Return a sentence, on one line, in which whatever isn't a word has become one."""
    if not _BENGALI.search(sentence):
        return sentence
    said = composed(sentence).translate(_ASCII)
    for pattern, replaced in _RULES:
        said = pattern.sub(replaced, said)
    return composed(_SPACES.sub(" ", _SPACE_BEFORE_STOP.sub("", said)).strip())


def _number(figures: str) -> str:
    """Return a number that is written with commas, and perhaps with decimals."""
    whole, _, fraction = figures.replace(",", "").partition(".")
    if len(whole) > _MOST_DIGITS or (len(whole) > 1 and whole.startswith("0")):
        return digit_by_digit(whole + fraction)
    return decimal(int(whole), fraction) if fraction else cardinal(int(whole))


def _date(match: re.Match[str]) -> str:
    day, month, year = int(match[1]), int(match[3]), int(match[4])
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return " ".join(map(cardinal, (day, month, year)))
    return f"{cardinal(day)} {MONTHS[month - 1]} {cardinal(2000 + year if year < 100 else year)}"


def _time(match: re.Match[str]) -> str:
    hour, minute, ending = int(match[1]), int(match[2]), match[3]
    is_at = ending not in ("", composed("টা"))
    if not minute:
        return f"{cardinal(hour)}{composed('টায়') if is_at else 'টা'}"
    return f"{cardinal(hour)}টা {cardinal(minute)} মিনিট{'ে' if is_at else ''}"


def _money(match: re.Match[str]) -> str:
    return f"{_number(match['sum'])}{match['scale']} {_CURRENCIES[match['sign'].removesuffix('.')]}"


def _telephone(match: re.Match[str]) -> str:
    return digit_by_digit(re.sub("[^0-9]", "", match[0]))


def _range(match: re.Match[str]) -> str:
    """Return a stretch of numbers; where the first is the larger one, or goals follow, it is a result."""
    first, last = (float(match[group].replace(",", "")) for group in (1, 2))
    is_result = first >= last or match[3].startswith("গোল")
    return f"{_number(match[1])}{' ' if is_result else ' থেকে '}{_number(match[2])}"


def _ranked(match: re.Match[str]) -> str:
    number = int(match[1])
    return ordinal(number) or f"{cardinal(number)}তম"


def _dated(match: re.Match[str]) -> str:
    number = int(match[1])
    return day_of_month(number) if 1 <= number <= 31 else f"{cardinal(number)}{match[2]}"


def _capitals(match: re.Match[str]) -> str:
    letters = match[0].replace(".", "")
    return letters if len(letters) > 3 and _IS_WORD.match(letters) else " ".join(LATIN_LETTERS[letter] for letter in letters)


Replaced = str | Callable[[re.Match[str]], str]


def _rule(pattern: str, replaced: Replaced) -> tuple[re.Pattern[str], Replaced]:
    return re.compile(composed(pattern)), replaced


_RULES = (
    # what stands for words
    _rule(
        f"(?<![{_LETTER}])(?:{'|'.join(map(re.escape, SHORT_FORMS))})(?![{_LETTER}])",
        lambda match: f"{SHORT_FORMS[match[0]]} ",
    ),
    _rule(rf"(?<![{_LETTER}.]){_INITIALS}", lambda match: match[0].replace(".", " ")),
    _rule(r"\b[A-Z](?:\.?[A-Z])+\b\.?", _capitals),
    _rule(r"\b[A-Z](?=[0-9])|(?<=[0-9])[A-Z]\b", lambda match: f" {LATIN_LETTERS[match[0]]} "),
    _rule(r"(?<=[0-9]) ?%", " শতাংশ"),
    _rule(r"(?<=[0-9]) ?°(?: ?C\b)?", " ডিগ্রি"),
    # what has several numbers
    _rule(r"\b([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})\b", _date),
    _rule(r"\b([01]?[0-9]|2[0-3])[:.]([0-5][0-9])(টায়|টা|-এ|-য়)", _time),
    _rule(r"\b([01]?[0-9]|2[0-3]):([0-5][0-9])\b()", _time),
    _rule(rf"(?P<sign>[₹৳$€£]|\bRs\.?) ?(?P<sum>{_NUMBER})(?:/-)?(?P<scale>{_SCALE})", _money),
    _rule(r"\b0[0-9]+(?:[- ][0-9]{3,})+\b|\b[06-9][0-9]{9,}\b", _telephone),
    _rule(rf"\b({_NUMBER}) ?[-–—] ?({_NUMBER})\b(?! ?[-/=])(?= ?(.{{0,5}}))", _range),
    _rule(r"(?<=[0-9]) ?([-+−×÷=]) ?(?=[0-9])", lambda match: f" {_SIGNS[match[1]]} "),
    _rule(r"(?<=[0-9]) ?/ ?(?=[0-9])", " বাই "),
    # what has one
    _rule(rf"\b([0-9]{{1,2}})(?:ম|য়|র্থ|ষ্ঠ|তম)(?![{_LETTER}])", _ranked),
    _rule(rf"\b([0-9]{{1,2}})(লা|রা|ঠা|ই|শে)(?![{_LETTER}])", _dated),
    _rule(_NUMBER, lambda match: _number(match[0])),
    _rule(" ?& ?", " ও "),
    _rule("[#*_|]+", " "),
)
"""In this order: each is given what the ones before it have written."""
