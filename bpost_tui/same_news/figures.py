"""What a story counts, dead, hurt, arrested, missing, sums and ages, and where accounts of one event differ in it. Pure.

Only what is sure: a number that stands beside what it counts, and is the only one of it in the headline, or else in the first
sentences. Digits of either script, and number words, with শো, হাজার, লক্ষ, কোটি, দেড়, আড়াই, সাড়ে, hundred, thousand, lakh, crore.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from bpost_tui.bengali.normalise import normalised
from bpost_tui.bengali.number_words import number_of
from bpost_tui.model.blocks import Blocks, plain_text
from bpost_tui.model.datelines import dateline
from bpost_tui.same_news.keys import key_of

AGE, SUM = "age ", "sum "
"""With what begins the name of somebody's age and that of a sum; the rest is whose it is, or what for."""
_LEAD_SENTENCES, _LEAD_CHARS = 3, 700
_TOKEN = re.compile(r"\d+(?:,\d+)*(?:\.\d+)?|[^\W\d_](?:[\w\u0981-\u0983\u09bc-\u09cd\u09d7\u09e2\u09e3])*|[-–—():।.,;₹$৳|!?]")
_SENTENCE = re.compile(r"(?<=[।!?])\s+|(?<=[a-z]\.)\s+|\n+")
_AGED = re.compile(r"((?:[^\W\d_][^\s\d(),।:;]* )?[^\W\d_][^\s\d(),।:;]*) ?\(([০-৯0-9]{1,2})\)")
_CLASSIFIERS = tuple(map(normalised, ("জনকেই", "জনেরই", "জনের", "জনকে", "জনই", "জনও", "জন", "টি")))
_PERSON = normalised("জন")
_SHORT = {normalised("দু"): "2", normalised("ছ"): "6", normalised("এক"): "1"}
"""How numbers begin that a classifier follows: দু’জন."""
_MOST_WORDS = 5
"""Of a number."""
_UNITS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_IN_BENGALI = (
    {word: str(number) for number, word in enumerate(_UNITS.split(), 1)}
    | {word: str(10 * number) for number, word in enumerate(_TENS.split(), 2)}
    | {"thousand": normalised("হাজার"), "lakh": normalised("লক্ষ"), "crore": normalised("কোটি")}
)
_YEARS = range(1900, 2100)


def _keys(**words: str) -> dict[str, str]:
    return {key_of(normalised(word)): name for name, written in words.items() for word in written.split()}


_ROLES = _keys(
    dead="মৃত মৃত্যু নিহত মারা প্রাণ প্রাণহানি dead killed kills killing kill died dies die deaths",
    hurt="আহত জখম injured injures injuring hurt wounded wounding",
    held="গ্রেপ্তার গ্রেফতার ধৃত আটক পাকড়াও arrested arrests arrest arresting detained",
    missing="নিখোঁজ missing",
    ill="অসুস্থ আক্রান্ত ill sickened",
)
"""What has befallen people, by the word that says it."""
_BEFORE = _keys(
    dead="মৃত মৃত্যু নিহত প্রাণ killed kills killing kill",
    hurt="আহত জখম injures injuring wounding",
    held="গ্রেপ্তার গ্রেফতার ধৃত আটক arrests arresting arrested arrest",
    missing="নিখোঁজ",
)
"""Those after which the number may stand: মৃত ৩, killing 12."""
_PURPOSES = _keys(
    compensation="ক্ষতিপূরণ compensation",
    fine="জরিমানা fine fined",
    seized="বাজেয়াপ্ত seized",
    stolen="চুরি লুট ছিনতাই stolen looted",
    fraud="প্রতারণা fraud cheated",
    granted="বরাদ্দ allocated",
)
"""What a sum is for, by a word beside it."""
_BEFORE_MONEY = frozenset("₹$৳") | {"rs", "tk", "inr"}


def _words(written: str) -> frozenset[str]:
    return frozenset(map(normalised, written.split()))


_MONEY = frozenset(map(key_of, _words("টাকা rupees rupee taka dollars dollar euros")))
_BETWEEN = _words(
    "গেল গেলেন গেছেন গিয়েছেন যান হারালেন হারাল হারান হারিয়েছেন গুরুতর হয়ে হয়েছে হয়েছেন হল হলো বেড়ে আরও আরো কমপক্ষে অন্তত জন "
    "জনের জনকে মোট সংখ্যা at least were was are have been people persons others more to rises rose toll another some left leaving all"
)
"""Words that may stand between a number of people and what has befallen them, any of them."""
_ROUGH_BEFORE, _ROUGH_AFTER = _words("প্রায় about nearly over around almost than up"), _words("অধিক বেশি")
"""Words beside a number that isn't meant to be exact."""
_AND = _words("ও এবং আর and while with but as")
_PART_OF = _words("সহ সহিত মধ্যে including among of them")
"""Words after a number that is counted in another one: ৫ শিশু-সহ ১২ জন."""
_OTHER_UNITS = frozenset(
    map(
        key_of,
        _words(
            "বছর দিন মাস ঘণ্টা মিনিট সপ্তাহ কিলোমিটার কিমি মিটার ফুট টাকা শতাংশ ডিগ্রি নম্বর সাল তারিখ বার দফা বাড়ি দোকান গাড়ি "
            "years year days day months hours hour minutes km kilometres metres percent houses shops cars vehicles times am pm"
        ),
    )
)
_EARLIER = _words("আগে গত এর earlier previously since last ago")
"""Words of a sentence of which it isn't sure that it speaks of this event."""
_DEATH, _OF = normalised("মৃত্যু"), normalised("র")


class Told(NamedTuple):
    """A number, and which account has it."""

    value: int
    accounts: tuple[int, ...]
    """Where they stand among those that were compared."""


def figures_of(title: str, text: str) -> dict[str, int]:
    """Return what a story counts surely: dead, hurt, held, missing, ill, ages and sums (AGE, SUM)."""
    lead = text[len(dateline(text)) :][:_LEAD_CHARS]
    found = _only(_counted(title))
    sentences = [sentence for sentence in _SENTENCE.split(lead)[:_LEAD_SENTENCES] if not _speaks_of_earlier(sentence)]
    for what, value in _only([pair for sentence in sentences for pair in _counted(sentence)]).items():
        found.setdefault(what, value)
    for name, age in _AGED.findall(f"{title}. {lead}"):
        found[AGE + normalised(name)] = int(normalised(age))
    return found


def figures_of_story(title: str, text: Blocks | str) -> dict[str, int]:
    """Return what a story counts surely, by its headline and the beginning of its text."""
    return figures_of(title, text if isinstance(text, str) else plain_text(text))


def differing(accounts: Sequence[Mapping[str, int]]) -> dict[str, tuple[Told, ...]]:
    """Return what accounts of one event count differently, each with its numbers, the lowest first."""
    by_value: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for at, counted in enumerate(accounts):
        for what, value in counted.items():
            by_value[what][value].append(at)
    return {
        what: tuple(Told(value, tuple(having)) for value, having in sorted(values.items()))
        for what, values in by_value.items()
        if len(values) > 1
    }


def _only(counted: Sequence[tuple[str, int]]) -> dict[str, int]:
    """Return what is counted in one way alone."""
    values: dict[str, set[int]] = defaultdict(set)
    for what, value in counted:
        values[what].add(value)
    return {what: value for what, found in values.items() for value in found if len(found) == 1}


def _speaks_of_earlier(sentence: str) -> bool:
    return bool(_EARLIER.intersection(_TOKEN.findall(normalised(sentence))))


def _counted(sentence: str) -> list[tuple[str, int]]:
    """Return what a sentence counts."""
    tokens = _tokens(sentence)
    found: list[tuple[str, int]] = []
    at = 0
    while at < len(tokens):
        value, is_people, end = _number(tokens, at)
        if value is not None and not (
            _ROUGH_BEFORE.intersection(tokens[max(0, at - 2) : at]) or _ROUGH_AFTER.intersection(tokens[end : end + 2])
        ):
            what = _sum_for(tokens, at, end) or _befallen(tokens, at, end, is_people)
            if what and (what.startswith(SUM) or value not in _YEARS):
                found.append((what, value))
        at = end
    return found


def _befallen(tokens: Sequence[str], at: int, end: int, is_people: bool) -> str:
    """Return what has befallen so many people: by the first word after the number that says so, or the one before it."""
    after = tokens[end : end + 5]
    if _PART_OF.intersection(after[:3]) and not (after and key_of(after[0]) in _ROLES):
        return ""
    unknown = 0
    for token in after:
        if role := _ROLES.get(key_of(token)):
            return role
        if not token[0].isalpha() or token in _AND or key_of(token) in _OTHER_UNITS:
            break
        unknown += token not in _BETWEEN
        if unknown > 1:
            break
    unit = after[0] if after and after[0][0].isalpha() and after[0] not in _BETWEEN | _AND | {"in", "at", "over"} else ""
    before = _said_before(tokens, at)
    if not unit or is_people or key_of(unit) in _people():
        return before or ("dead" if (unit or tokens[end - 1]).endswith(_OF) and _speaks_of_death(tokens, at) else "")
    return before if before not in {"", "held"} and key_of(unit) not in _OTHER_UNITS else ""


def _said_before(tokens: Sequence[str], at: int) -> str:
    for token in reversed(tokens[max(0, at - 4) : at]):
        if role := _BEFORE.get(key_of(token)):
            return role
        if token == "toll":  # noqa: S105 -- the death toll
            return "dead"
        if token not in _BETWEEN:
            break
    return ""


def _speaks_of_death(tokens: Sequence[str], at: int) -> bool:
    """Whether a death is named before people whose it is: মৃত্যু বাইক আরোহী দুই যুবকের."""
    before = tokens[max(0, at - 4) : at]
    return _DEATH in before and all(token[0].isalpha() and token not in _AND for token in before[before.index(_DEATH) :])


def _sum_for(tokens: Sequence[str], at: int, end: int) -> str:
    """Return what a sum of money is for, empty where the number is none, or it isn't said beside it."""
    after = tokens[end] if end < len(tokens) else ""
    if not (key_of(after) in _MONEY or (at and tokens[at - 1] in _BEFORE_MONEY)):
        return ""
    for token in (*tokens[end + 1 : end + 5], *reversed(tokens[max(0, at - 4) : at])):
        if purpose := _PURPOSES.get(key_of(token)):
            return SUM + purpose
    return ""


# ── numbers ─────────────────────────────────────────────────────────────────


def _tokens(text: str) -> list[str]:
    """Return a text's words, numbers and marks, normalised; English number words as digits, and their units as Bengali ones."""
    return [
        _IN_BENGALI.get(token, token.replace(",", "") if token[0].isdigit() else token)
        for token in _TOKEN.findall(normalised(text))
    ]


def _number(tokens: Sequence[str], at: int) -> tuple[int | None, bool, int]:
    """Return the number at a token, whether it is said to be of people, and where it ends."""
    for end in range(min(len(tokens), at + _MOST_WORDS), at, -1):
        *first, last = tokens[at:end]
        for ending in ("", *_CLASSIFIERS):
            word = last.removesuffix(ending) if ending and last != ending else last
            word = _SHORT.get(word, word) if ending else word
            if (word != last or not ending) and (value := number_of([*first, word])) is not None:
                if not ending and end < len(tokens) and tokens[end] in _CLASSIFIERS:
                    ending, end = tokens[end], end + 1
                return value, ending.startswith(_PERSON), end
    return None, False, at + 1


@cache
def _people() -> frozenset[str]:
    written = (
        "যুবক যুবতী তরুণ তরুণী শ্রমিক যাত্রী শিশু ছাত্র ছাত্রী পড়ুয়া মহিলা নারী পুরুষ পুলিশ পুলিশকর্মী ব্যক্তি বন্ধু আরোহী বৃদ্ধ কৃষক জওয়ান সেনা পর্যটক "
        "পুণ্যার্থী দুষ্কৃতী অভিযুক্ত জঙ্গি ভাই বোন কিশোর বাসিন্দা people persons men women children workers passengers students soldiers "
        "policemen pilgrims tourists youths militants suspects civilians"
    )
    return frozenset(key_of(normalised(word)) for word in written.split())
