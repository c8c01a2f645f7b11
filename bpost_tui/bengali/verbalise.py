"""Conversion of a sentence for speech programs: numbers, dates, times, money, signs and initials become words. Pure.

The obvious way is to hand the sentence to the voice as it is printed. But voices for Bengali leave out its digits, spell out a
newspaper's abbreviations, and pause at the full stops of initials, as if a sentence ended. Replacing each number by its words isn't
enough either: ২-১ is a result, a range or a subtraction, and ৫.৩০ a time or a decimal number. A telephone number is read digit by
digit.

So a list of rules (`_RULES`) rewrites the sentence in order, each with the result of the earlier ones. First come abbreviations and
units, then telephone numbers, then forms with several numbers (dates, times, sums, ranges, scores), and last single numbers. Words
around a number decide between readings: a time of day before it, a unit or a word of sport after it. Round halves are spoken as on
the radio: দেড় লক্ষ, সাড়ে তিন হাজার.

Bengali digits are read as ASCII, and the result has only words, so that every voice reads it alike. A sentence of only Latin
letters stays as it is, and no grammar is parsed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from bpost_tui.bengali.abbreviations import DIRECTIONS, LATIN_LETTERS, SHORT_FORMS, UNITS
from bpost_tui.bengali.calendar import MONTHS
from bpost_tui.bengali.letters import DIGITS, composed
from bpost_tui.bengali.number_words import (
    SCALES,
    cardinal,
    day_of_month,
    decimal,
    digit_by_digit,
    halved,
    hour,
    hundreds,
    ordinal,
    ordinal_of_class,
    share,
)

_ASCII = str.maketrans(DIGITS, "0123456789")
_BENGALI = re.compile("[\u0985-\u09b9\u09ce\u09dc-\u09df\u09e6-\u09ef]")
_LATIN = re.compile("[A-Za-z]")
_CURRENCIES = {"₹": "টাকা", "৳": "টাকা", "Rs": "টাকা", "INR": "টাকা", "$": "ডলার", "€": "ইউরো", "£": "পাউন্ড"}
_SIGNS = {"+": "যোগ", "-": "বিয়োগ", "−": "বিয়োগ", "×": "গুণ", "÷": "ভাগ", "=": "সমান"}
_FRACTION_OF = {unicodedata.normalize("NFKC", sign).replace("\u2044", "/"): sign for sign in "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"}
"""Maps fractions typed with a slash, such as 1/2, to their single characters, such as ½."""
_FRACTIONS = {sign: (int(spelt[0]), int(spelt[2])) for spelt, sign in _FRACTION_OF.items()}
_FRACTION = f"[{''.join(_FRACTIONS)}]"
_SPELT_FRACTION = "|".join(_FRACTION_OF)
_MEASURE = "কাপ|চামচ|চা চামচ|চা-চামচ|টেবিল চামচ|টেবিল-চামচ|বাটি|গ্লাস"
_LETTER = "\u0981-\u09e3"
"""Range of the Bengali letters and signs, for use in a regular expression's character class."""
_LATIN_NAME = "|".join(sorted(LATIN_LETTERS.values(), key=len, reverse=True))
_INITIALS = rf"(?:(?:{_LATIN_NAME})\.)+"
_NUMBER = r"[0-9]+(?:,[0-9]+){0,6}(?:\.[0-9]+)?"
_MAX_DIGITS = 14
"""Maximum number of digits of a number that is read as a number; longer numbers are read digit by digit."""
_UNIT = "শো|হাজার|লক্ষ|লাখ|কোটি"
_SCALE = f"(?: ?(?:{_UNIT}|মিলিয়ন|বিলিয়ন))*"
_DAYTIME = "ভোর|সকাল|দুপুর|বেলা|বিকেল|বিকাল|সন্ধ্যা|সন্ধে|সন্ধ্যে|রাত|মাঝরাত|মধ্যরাত"
_NO_TIME = "ডিগ্রি|°|%|শতাংশ|মিলি|মিমি|সেমি|কিমি|লক্ষ|কোটি|লাখ|টাকা|ওভার|গ্রাম|ফুট|একর|বিঘা"
_RESULT = "গোল|ব্যবধান|ড্র|জয়|জিত|জেত|হার|হের|ফল|সিরিজ|সেট|সমতা|পরাজ|এগিয়ে|পিছিয়ে"
_RESULT_WORDS_BEFORE = "ফল|স্কোর|ফলাফল"
_COUNTED = "জন|দিন|টি|টা|বছর|ঘণ্টা|মাস|বার|সপ্তাহ|মিনিট|কিমি|কিলোমিটার|হাজার|লক্ষ|কোটি|টাকা|গ্রাম|ফুট|বিঘা|একর|কেজি|শো"
_CLASSED = "শ্রেণি|শ্রেণী|শতক|শতাব্দী|অধ্যায়|সর্গ|লোকসভা|বিধানসভা|খণ্ড|সেমিস্টার|সেমেস্টার|পর্ব|পর্যায়"
_CALLED = "ফোন|মোবাইল|হোয়াটসঅ্যাপ|হেল্পলাইন|টোল ফ্রি|টোল-ফ্রি|ডায়াল|নম্বরে ফোন"
_ROMAN_NUMBERS = "XXI XX XIX XVIII XVII XVI XV XIV XIII XII XI X IX VIII VII VI V IV III II I"
_ROMANS = _ROMAN_NUMBERS.split(" ")
_ROMAN_VALUES = {roman: 21 - at for at, roman in enumerate(_ROMANS)}
_ENGLISH_NUMBERS = ["ওয়ান", "টু", "থ্রি", "ফোর", "ফাইভ", "সিক্স", "সেভেন", "এইট", "নাইন", "টেন", "ইলেভেন", "টুয়েলভ"]
_NUMBERED_BY_ROMAN = (
    "War|Phase|Part|Class|Grade|Group|Type|Volume|Schedule|Division|Act|Chapter|ফেজ|পার্ট|ক্লাস|গ্রেড|গ্রুপ|টাইপ|ভলিউম|ডিভিশন|চ্যাপ্টার"
)
"""Words after which a single I, V or X is read as a Roman number; after other words, it is an initial."""
_MORNING = (6, "সকাল"), (4, "ভোর"), (0, "রাত")
_AFTERNOON = (8, "রাত"), (6, "সন্ধ্যা"), (4, "বিকেল"), (0, "দুপুর")
"""Parts of the day from noon to midnight, the latest first, each as (first hour, counted from 0 at noon; name).

`_MORNING` has the parts of the day from midnight to noon in the same form, with hours counted from 0 at midnight.
"""
_SHORTENED = composed("|".join(map(re.escape, sorted(SHORT_FORMS, key=len, reverse=True))))
_ENDLESS = re.compile("[0-9]{25,}")
"""Pattern of a number too long for any rule.

Such a number is read digit by digit before any rule is used, since the rules would search from each of its digits.
"""
_SPACES = re.compile(r"\s+")
_SPACE_BEFORE_STOP = re.compile(" (?=[,;:।?!])")
_IS_WORD = re.compile("[A-Z].*[AEIOU]")
"""Pattern of abbreviations read as a word, like NASA and UNESCO: four or more capitals with a vowel that isn't the first letter."""


def verbalise(sentence: str) -> str:
    """Return a sentence, given on one line, with numbers, signs and abbreviations written as words."""
    if not _BENGALI.search(sentence) and _LATIN.search(sentence):
        return sentence
    spoken = _ENDLESS.sub(lambda found: f" {digit_by_digit(found[0])} ", composed(sentence).translate(_ASCII))
    for pattern, replaced in _RULES:
        spoken = pattern.sub(replaced, spoken)
    return composed(_SPACES.sub(" ", _SPACE_BEFORE_STOP.sub("", spoken)).strip())


def _number(figures: str) -> str:
    """Return a number in words; `figures` may have commas and decimals."""
    whole, _, fraction = figures.replace(",", "").partition(".")
    if len(whole) > _MAX_DIGITS or (len(whole) > 1 and whole.startswith("0")):
        return digit_by_digit(whole + fraction)
    return decimal(int(whole), fraction) if fraction else cardinal(int(whole))


def _amount(figures: str, unit: str) -> str:
    """Return the number with the digits `figures` in words, as it is spoken before a unit such as hundred or thousand.

    Before such a `unit`, halves have words of their own: দেড় (1.5), সাড়ে তিন (3.5). Before any other unit, a half is read as a
    decimal fraction.
    """
    whole, _, fraction = figures.replace(",", "").partition(".")
    half = fraction.rstrip("0") == "5" and len(whole) <= _MAX_DIGITS and re.match(f" ?(?:{_UNIT})", unit)
    return halved(int(whole)) if half and int(whole) else _number(figures)


def _sum(figures: str) -> str:
    """Return a sum of money with the digits `figures` in words, with halves as spoken on the radio: দেড় হাজার for ১৫০০."""
    plain = figures.replace(",", "")
    if plain.isdigit() and len(plain) <= _MAX_DIGITS:
        for value, name in SCALES:
            if int(plain) >= value:
                whole, rest = divmod(int(plain), value)
                return f"{halved(whole)} {name}" if 2 * rest == value and whole < 100 else _number(figures)
    return _number(figures)


def _date(match: re.Match[str]) -> str:
    day, month, year = int(match[1]), int(match[3]), int(match[4])
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return " ".join(map(cardinal, (day, month, year)))
    return f"{cardinal(day)} {MONTHS[month - 1]} {cardinal(2000 + year if year < 100 else year)}"


def _iso_date(match: re.Match[str]) -> str:
    year, month, day = map(int, match.groups())
    return f"{cardinal(day)} {MONTHS[month - 1]} {cardinal(year)}"


def _time(match: re.Match[str]) -> str:
    """Return a matched time of day in words: সাতটা, or সাতটায় (at seven) if the match's group `ending` is a locative ending."""
    at, minute, ending = int(match["hour"]), int(match["minute"]), match["ending"] or ""
    is_at = ending.endswith((composed("টায়"), "টেয়", "-এ", composed("-য়"), "মিনিটে"))
    before = (match.groupdict().get("daytime") or "").strip()
    before = f"{before} " if before else ""
    if not minute:
        return f"{before}{hour(at)}{composed('য়') if is_at else ''}"
    return f"{before}{hour(at)} {cardinal(minute)} মিনিট{'ে' if is_at else ''}"


def _half_day(match: re.Match[str]) -> str:
    """Return a matched time with am or pm as a time with the part of the day, still in digits: 7.30 pm becomes সন্ধ্যা 7:30."""
    at, minute = int(match["full"] or match["hour"]), match["minute"] or "00"
    is_morning = match["half"][0] in "aAএ"
    since_noon = at % 12
    parts = _MORNING if is_morning else _AFTERNOON
    daytime = next(name for first, name in parts if since_noon >= first)
    return f"{daytime} {at}:{minute}"


def _roman(match: re.Match[str]) -> str:
    """Return the English word for a matched Roman number after a name: টু in World War II.

    For numbers above twelve, return the Bengali word.
    """
    value = _ROMAN_VALUES[match[match.lastindex or 0]]
    return _ENGLISH_NUMBERS[value - 1] if value <= len(_ENGLISH_NUMBERS) else cardinal(value)


def _money(match: re.Match[str]) -> str:
    spoken = _amount(match["sum"], match["scale"]) if match["scale"] else _sum(match["sum"])
    return f"{spoken}{match['scale']} {_CURRENCIES[match['sign'].removesuffix('.')]}"


def _telephone(match: re.Match[str]) -> str:
    return f"{digit_by_digit(re.sub('[^0-9]', '', match[0]))} "


def _range(match: re.Match[str]) -> str:
    """Return two matched numbers in words, as a range or as the result of a game.

    They are a result if the first isn't smaller than the second, if a word of sport is near, or if they look like goals (0-3, but
    not 0-3 years).
    """
    first, last = (float(match[group].replace(",", "")) for group in (1, 2))
    is_result = (
        first >= last
        or match[3].startswith("-এ")
        or re.search(_RESULT, match[3])
        or re.search(f"(?:{_RESULT_WORDS_BEFORE}) ?[:-]? ?$", match.string[: match.start()])
    )
    if is_result or (not first and last <= _MAX_GOALS and not re.match("বছর|মাস|ডিগ্রি|থেকে", match[3])):
        return f"{_number(match[1])} {_number(match[2])}"
    return f"{_amount(match[1], match[3])} থেকে {_amount(match[2], match[3])}"


_MAX_GOALS = 20
_MAX_WICKETS = 10


def _score(match: re.Match[str]) -> str:
    """Return a matched cricket score, runs and wickets, in words; text that is no score is returned unchanged."""
    runs, wickets = int(match[1]), int(match[2])
    if wickets > _MAX_WICKETS or runs <= 2 * _MAX_GOALS:
        return match[0]
    return f"{cardinal(wickets)} উইকেটে {cardinal(runs)}"


def _neighbours(match: re.Match[str]) -> str:
    """Return an estimate such as ৪/৫ জন (four or five people) in words; unchanged if its second number isn't the first plus one."""
    return f"{cardinal(int(match[1]))}-{cardinal(int(match[2]))}" if int(match[2]) == int(match[1]) + 1 else match[0]


def _fraction(match: re.Match[str]) -> str:
    """Return a matched fraction such as ½, alone or after a whole number, in words."""
    (part, whole), count, space = _FRACTIONS[match[2]], int(match[1] or 0), "" if match[3] else " "
    if (part, whole) == (1, 2):
        return f"{halved(count)}{space}"
    if whole == 4 and count:
        return f"সওয়া {cardinal(count)}{space}" if part == 1 else f"পৌনে {cardinal(count + 1)}{space}"
    return f"{cardinal(count)} " * bool(count) + f"{share(part, whole)}{space}"


def _ranked(match: re.Match[str]) -> str:
    number = int(match[1])
    return ordinal(number) or f"{cardinal(number)}তম"


def _classed(match: re.Match[str]) -> str:
    number = _ROMAN_VALUES.get(match[1]) or int(match[1])
    return ordinal_of_class(number) or f"{cardinal(number)}তম"


def _dated(match: re.Match[str]) -> str:
    number = int(match[1])
    return day_of_month(number) if 1 <= number <= 31 else f"{cardinal(number)}{match[2]}"


def _capitals(match: re.Match[str]) -> str:
    letters = match[0].replace(".", "")
    return letters if len(letters) > 3 and _IS_WORD.match(letters) else " ".join(LATIN_LETTERS[letter] for letter in letters)


Replaced = str | Callable[[re.Match[str]], str]


def _rule(pattern: str, replaced: Replaced) -> tuple[re.Pattern[str], Replaced]:
    return re.compile(composed(pattern)), replaced


_SHORT = {composed(form): spoken for form, spoken in SHORT_FORMS.items()}
_UNIT_NAMES = {composed(form[:-1]): spoken for form, spoken in UNITS.items()}
_SPELT_UNITS = "|".join(
    re.escape(unit[:-1]) + (r"\.?" if unit.count(".") > 1 else r"\.") for unit in sorted(UNITS, key=len, reverse=True)
)
_DIRECTION = "|".join(sorted(DIRECTIONS, key=len, reverse=True))
_POINT = r"(?<![.])\.([0-9]+)"


def _short(match: re.Match[str]) -> str:
    return f"{' ' * match.string[: match.start()][-1:].isdigit()}{_SHORT[match[0]]} "


def _called(match: re.Match[str]) -> str:
    return f"{match['called']}{digit_by_digit(re.sub('[^0-9]', '', match['number']))}"


_WORD_END = f"(?![{_LETTER}])"
_TIME = r"(?P<hour>[01]?[0-9]|2[0-4])[:.](?P<minute>[0-5][0-9])"

_RULES = (
    # abbreviations and signs for words
    _rule(rf"(?<=[0-9]) (?=(?:টা|টি|টে|টো)(?:য়|র|তে|কে|ই|ও)?{_WORD_END})", ""),
    _rule(rf"(?<=[0-9]) ?({_SPELT_UNITS}){_WORD_END}", lambda match: f" {_UNIT_NAMES[match[1].removesuffix('.')]} "),
    _rule(
        f"(?<![{_LETTER}.])({_DIRECTION})[.ঃ:]?/({_DIRECTION})[.ঃ:] ?(?=[0-9{_LETTER}])",
        lambda match: f"{DIRECTIONS[match[1]]} ও {DIRECTIONS[match[2]]} ",
    ),
    _rule(
        f"(?<![{_LETTER}.])({_DIRECTION})[.ঃ:] ?(?=[0-9{_LETTER}]{{2}})(?!(?:{_LATIN_NAME})\\.)",
        lambda match: f"{DIRECTIONS[match[1]]} ",
    ),
    _rule(f"(?<![{_LETTER}])(?:{_SHORTENED}){_WORD_END}", _short),
    _rule(rf"(?<![{_LETTER}.]){_INITIALS}", lambda match: match[0].replace(".", " ")),
    _rule(
        rf"\b(?:{_TIME}|(?P<full>1[0-2]|[1-9])) ?(?P<half>[ap]\.?m\b\.?|[AP]\.?M\b\.?|এএম{_WORD_END}|পিএম{_WORD_END})", _half_day
    ),
    _rule(rf"\b({'|'.join(_ROMANS)})(?=\)?[- ]?(?:{_CLASSED}))-?", lambda match: f"{_classed(match)} "),
    _rule(rf"(?<=[A-Za-z{_LETTER}] )({'|'.join(roman for roman in _ROMANS if len(roman) > 1)})\b(?!\.)", _roman),
    _rule(rf"(?<![A-Za-z])(?P<counted>{_NUMBERED_BY_ROMAN}) ([IVX])\b(?!\.)", lambda match: f"{match[1]} {_roman(match)}"),
    _rule(r"\b[A-Z](?:\.?[A-Z])+\b\.?", _capitals),
    _rule(r"\b[A-Z](?=[0-9])|(?<=[0-9])[A-Z]\b", lambda match: f" {LATIN_LETTERS[match[0]]} "),
    _rule(rf"(?<=[{_LETTER}])(?=[0-9])", " "),
    _rule(rf"(?<=[0-9])(?=(?:{_LATIN_NAME}){_WORD_END})(?!(?:টি|ই|ও){_WORD_END})", " "),
    _rule(rf"({_NUMBER}) ?% ?[-–—] ?(?={_NUMBER} ?%)", r"\1-"),
    _rule(rf"\b([0-9]{{1,3}})[ -]({_SPELT_FRACTION})\b(?=[ -][{_LETTER}])", lambda match: match[1] + _FRACTION_OF[match[2]]),
    _rule(rf"\b({_SPELT_FRACTION})(?= (?:{_MEASURE}))", lambda match: _FRACTION_OF[match[1]]),
    _rule(rf"(?<=[0-9{_FRACTION[1:]}) ?%", " শতাংশ"),
    _rule(r"(?<=[0-9]) ?°(?: ?C\b| ?সি(?![ঁ-ৣ]))?", " ডিগ্রি"),
    _rule(r"(?<=ডিগ্রি) সে\.|(?<=ডিগ্রি)সে\.?(?![ঁ-ৣ])", " সেলসিয়াস"),
    _rule(rf"(?:(?<=^)|(?<=[\s(]))[-−–](?=(?:{_NUMBER}) ?(?:ডিগ্রি|শতাংশ|সেলসিয়াস))|(?:(?<=^)|(?<=[\s(]))−(?=[0-9])", "মাইনাস "),
    _rule(rf"(?<={_FRACTION}) ?[-–—] ?(?=[0-9])|(?<=[0-9]) ?[-–—] ?(?=[0-9]{{0,6}} ?{_FRACTION})", " থেকে "),
    _rule(rf"(?:([0-9]{{1,6}}) ?)?({_FRACTION}) ?(টা|টে|টো|টি)?", lambda match: f"{_fraction(match)}{match[3] or ''}"),
    # full dates, then telephone numbers
    _rule(r"\b((?:1[0-9]|20)[0-9]{2})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])\b", _iso_date),
    _rule(r"(?<![0-9/.-])(0?[1-9]|[12][0-9]|3[01])([/.-])(0?[1-9]|1[0-2])\2((?:19|20)[0-9]{2}|[0-9]{2})\b(?![/.-]?[0-9])", _date),
    _rule(r"\+ ?91[- ]?[0-9]{2,5}(?:[- ]?[0-9]{3,6}){1,3}\b", _telephone),
    _rule(r"\(?\b0[0-9]{1,5}\)?(?:[- ]?[0-9]{3,8}){1,3}\b(?<=[0-9]{3})", _telephone),
    _rule(
        r"\b[6-9][0-9]{4}[- ][0-9]{5}\b|\b[6-9][0-9]{2}[- ][0-9]{3}[- ][0-9]{4}\b|\b[6-9][0-9]{3}[- ][0-9]{3}[- ][0-9]{3}\b",
        _telephone,
    ),
    _rule(r"\b1[89]00[- ][0-9]{2,4}(?:[- ][0-9]{2,4}){1,2}\b|\b1[89]00[0-9]{6,7}\b", _telephone),
    _rule(r"\b[06-9][0-9]{9,}\b", _telephone),
    _rule(r"(?:(?<=পিন )|(?<=পিন-)|(?<=পিন: )|(?<=পিন কোড )|(?<=পিনকোড )|(?<=কোড: ))[0-9]{3} ?[0-9]{3}\b", _telephone),
    _rule(
        rf"(?P<called>(?:{_CALLED})[^0-9।]{{0,12}})(?P<number>[0-9]{{3,8}}(?:[- ][0-9]{{3,8}})?)(?! ?(?:{_COUNTED}|শতাংশ))\b",
        _called,
    ),
    _rule(r"(?<= )/ ?(?=[০-৯0-9+শএদতচপছসআন])", ", "),
    # forms with several numbers
    _rule(r"\b([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})\b", _date),
    _rule(
        rf"(?<![{_LETTER}])(?P<start>(?:{_DAYTIME}) [0-9]{{1,2}}[:.][0-5][0-9]) ?[-–—] ?"
        r"(?P<hour>[0-9]{1,2})[:.](?P<minute>[0-5][0-9])(?![0-9])",
        r"\g<start> থেকে \g<hour>:\g<minute>",
    ),
    _rule(
        rf"(?<=[0-9])(?P<unit> ?(?:টা|টে|টো|ডিগ্রি|শতাংশ|মিটার|লিটার|{_COUNTED})) ?[-–—] ?(?=(?:(?:{_DAYTIME}) )?[0-9])",
        r"\g<unit> থেকে ",
    ),
    _rule(r"\b24 ?[xX×*] ?7\b", "চব্বিশ সাত"),
    _rule(r"\b(9/11|26/11)\b", lambda match: " ".join(cardinal(int(part)) for part in match[0].split("/"))),
    _rule(rf"\b{_TIME}(?P<ending> ?টায়| ?টেয়| ?টা{_WORD_END}| ?টে{_WORD_END}|-এ{_WORD_END}|-য়| মিনিটে?|(?= (?:নাগাদ|মিনিট)))", _time),
    _rule(rf"(?P<daytime>(?<![{_LETTER}])(?:{_DAYTIME}) ){_TIME}(?![0-9])(?! ?(?:{_NO_TIME}))(?P<ending>)", _time),
    _rule(rf"\b{_TIME.replace('[:.]', ':')}\b(?P<ending>)", _time),
    _rule(rf"(?<=মিনিট)-(?=[{_LETTER}])(?!এ|র)", " থেকে "),
    _rule(r"\b([0-9]{1,2})(টা|টে|টো) ?30(?! ?মিনিট|[0-9.,/-])", lambda match: f"সাড়ে {hour(int(match[1]))}"),
    _rule(r"(?<=টা )0([0-9])\b|(?<=টে )0([0-9])\b|(?<=টো )0([0-9])\b", lambda match: cardinal(int(match[0]))),
    _rule(r"\b0([0-9])(?= মিনিট)", lambda match: cardinal(int(match[1]))),
    _rule(rf"(?P<sign>[₹৳$€£]|\b(?:Rs|INR)\b\.?) ?(?P<sum>{_NUMBER})(?:/[-=])?(?P<scale>{_SCALE})(?: টাকা)?", _money),
    _rule(rf"({_NUMBER}) ?/[-=](?: ?টাকা)?", lambda match: f"{_sum(match[1])} টাকা"),
    _rule(rf"\b({_NUMBER}) ?[-–—] ?({_NUMBER})\b(?! ?(?:[-/] ?[0-9]|=))(?= ?(.{{0,16}}))", _range),
    _rule(r"\b([0-9]{1,2}):([0-9]{1,2})\b", lambda match: f"{cardinal(int(match[1]))} {cardinal(int(match[2]))}"),
    _rule(r"\b([0-9]{2,4}) ?/ ?([0-9]{1,2})\b(?! ?(?:অংশ|ভাগ|নং|নম্বর|/))", _score),
    _rule(rf"\b([0-9]{{1,2}})/([0-9]{{1,2}})(?= ?(?:{_COUNTED}))", _neighbours),
    _rule(r"\b([0-9]{1,2})/([0-9]{1,2}) ?(?:ভাগ|অংশ)", lambda match: share(int(match[1]), int(match[2]) or 1)),
    _rule(r"(?<=[0-9]) ?([+−×÷=]|-(?=[^।=]{0,40}=)) ?(?=[0-9])", lambda match: f" {_SIGNS[match[1]]} "),
    _rule(r"(?<=[0-9]) ?- ?(?=[0-9])", " "),
    _rule(r"(?<=[0-9]) ?/ ?(?=[0-9])", " বাই "),
    # forms with one number
    _rule(rf"\b([0-9]{{1,2}}) ?শ[-  ]?(?= ?(?:{_CLASSED}))", lambda match: f"{_classed(match)} "),
    _rule(rf"\b([0-9]{{1,2}}) ?(?:ম|য়|র্থ|ষ্ঠ|তম){_WORD_END}", _ranked),
    _rule(rf"\b([0-9]{{1,2}}) ?(লা|রা|ঠা|ই|শে){_WORD_END}", _dated),
    _rule(rf"\b([0-9]{{1,2}}) ?(?:শো|শ|’শো|'শো|’শ){_WORD_END}", lambda match: hundreds(int(match[1]))),
    _rule(rf"\b2(?:টা|টো|টে)(?=(য়|র|কে|ও|ই|তে)?{_WORD_END})", "দুটো"),
    _rule(rf"\b([69])টা(?=(?:য়|র|কে|ও|ই|তে)?{_WORD_END})", lambda match: hour(int(match[1]))),
    _rule(r"\b2 ?(?=জন)|\b2(?=(?:টি|বার|দিন|বেলা|পক্ষ|দফা|ভাই|বোন))", "দু"),
    _rule(rf"\b({_NUMBER})(?= টাকা)", lambda match: _sum(match[1])),
    _rule(rf"\b({_NUMBER})(?P<unit> ?(?:{_UNIT}))", lambda match: _amount(match[1], match["unit"]) + match["unit"]),
    _rule(rf"(?<![0-9]){_POINT}", lambda match: f"দশমিক {digit_by_digit(match[1])}"),
    _rule(_NUMBER, lambda match: _number(match[0])),
    _rule(" ?& ?", " ও "),
    _rule("[#*_|]+", " "),
)
"""Rules for writing numbers, signs and abbreviations as words, in the order of their use.

Each rule receives the text that the earlier rules have changed.
"""
