"""Numbers that a story reports (dead, hurt, arrested, missing, sums, ages), and contradictions between stories. Pure.

Only certain numbers are used. A number is certain if it is next to its noun, and if no other number has the same noun in the
headline, or (for numbers from the text) in the first sentences. Numbers are digits of either script, or number words, including শো,
হাজার, লক্ষ, কোটি, দেড়, আড়াই, সাড়ে, hundred, thousand, lakh, crore. Ranges and additions to earlier numbers are left out. “At
least 12” contradicts 11, but not 15.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise, takewhile

from bpost_tui.bengali.normalise import normalised
from bpost_tui.bengali.number_words import number_of
from bpost_tui.errors import ContentError
from bpost_tui.grouping import word_keys
from bpost_tui.model.blocks import Blocks, plain_text
from bpost_tui.model.datelines import dateline
from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.untrusted import read_json

AGE, SUM = "age ", "sum "
"""Prefixes of the keys for ages and sums of money.

After the prefix comes the noun for the person (empty for a person who died), or the purpose of the sum.
"""
_LEAD_SENTENCES, _LEAD_CHARS = 3, 700
_TOKEN = re.compile(r"\d+(?:,\d+)*(?:\.\d+)?|[^\W\d_](?:[\w\u0981-\u0983\u09bc-\u09cd\u09d7\u09e2\u09e3])*|[-–—():।.,;₹$৳|!?]")
_SENTENCE = re.compile(r"(?<=[।!?])\s+|(?<=[a-z]\.)\s+|\n+")
_DIGITS_APART = re.compile(r"(?<=[0-9])[^\w.,:–—-]+(?=[0-9])")
"""Pattern of spaces or quotation marks between two numbers in digits. These aren't one number, unlike number words (twenty five).
"""
_RUPEES = re.compile(r"\bRs\.\s*", re.IGNORECASE)
_BRACKETED_AGE = re.compile(r"\([০-৯0-9]{1,2}\)")
"""Pattern of an age in brackets, which ends each match of `_AGED`, the pattern of a name and an age.

It is searched first, because few texts have an age in brackets, and a search for `_AGED` takes 20 times as long.
"""
_AGED = re.compile(r"((?:[^\W\d_][^\s\d(),।:;]* )?[^\W\d_][^\s\d(),।:;]*) ?\(([০-৯0-9]{1,2})\)")
_CLASSIFIERS = tuple(map(normalised, ("জনকেই", "জনেরই", "জনের", "জনকে", "জনই", "জনও", "জন", "টি")))
_PERSON = normalised("জন")
_SHORT = {normalised("দু"): "2", normalised("ছ"): "6", normalised("এক"): "1", normalised("ন"): "9"}
"""Maps the short form of a number, as written before a classifier (a suffix for counting, as in দু’জন), to the number in digits."""
_JOINED = re.compile(f"({'|'.join(_SHORT)})({'|'.join(map(normalised, ('লক্ষ', 'লাখ', 'কোটি', 'হাজার')))})")
_QUARTERS = {normalised("সাড়ে"): 2, normalised("সওয়া"): 1, normalised("পৌনে"): -1}
"""Maps a word to the number of quarters that it adds to the number after it: সাড়ে adds two, so সাড়ে তিন লক্ষ is 3½ lakh."""
_UNIT = normalised("লক্ষ")
_UNIT_VALUES = (10_000_000, 100_000, 1_000, 100)
_MAX_NUMBER_WORDS, _MAX_DECIMAL_CHARS = 5, 12
"""Maximum number of words of a number written in words, and maximum number of characters read of a decimal fraction."""
_UNITS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_NUMBER_WORDS = (
    {word: str(number) for number, word in enumerate(_UNITS.split(), 1)}
    | {word: str(10 * number) for number, word in enumerate(_TENS.split(), 2)}
    | {"thousand": normalised("হাজার"), **dict.fromkeys(("lakh", "lakhs", "lac", "lacs"), normalised("লক্ষ"))}
    | {normalised(word): "150" for word in ("দেড়শো", "দেড়শ")}
    | {normalised(word): "250" for word in ("আড়াইশো", "আড়াইশ")}
    | dict.fromkeys(("crore", "crores", "cr"), normalised("কোটি"))
)
_YEARS, _AGES = range(1900, 2100), range(1, 120)


def _word_key(word: str) -> str:
    """Return the key of a normalised word; an English word is its own key, because “missing” isn't “miss”."""
    return word if word.isascii() else word_keys.word_key(word)


def _keys(**words: str) -> dict[str, str]:
    return {_word_key(normalised(word)): name for name, text in words.items() for word in text.split()}


_ROLES = _keys(
    dead="মৃত মৃত্যু নিহত মারা প্রাণ প্রাণহানি খতম নিকেশ dead killed kills killing kill died dies die deaths",
    hurt="আহত জখম দগ্ধ injured injures injuring hurt wounded wounding",
    held="গ্রেপ্তার গ্রেফতার ধৃত পাকড়াও arrested arrests arrest arresting held nabbed",
    detained="আটক detained",
    missing="নিখোঁজ missing",
    ill="অসুস্থ আক্রান্ত ill sickened",
)
"""Maps a word to the role (dead, hurt, held …) of the people that a number next to the word counts."""
_EVENT_ROLES = frozenset(("held",))
"""Roles of people whose words may also describe events: “held” says that people were arrested, but not in “three rallies held”."""
_ROLES_BEFORE = _keys(
    dead="মৃত মৃত্যু নিহত প্রাণ খতম নিকেশ killed kills killing kill",
    hurt="আহত জখম দগ্ধ injures injuring injured wounding wounded",
    held="গ্রেপ্তার গ্রেফতার ধৃত arrests arresting arrested arrest holds nab nabs",
    detained="আটক detains",
    missing="নিখোঁজ",
)
"""Maps a word that comes before a number to the role of the people counted: মৃত ৩, killing 12."""
_PURPOSES = _keys(
    compensation="ক্ষতিপূরণ compensation gratia",
    fine="জরিমানা fine fined",
    seized="বাজেয়াপ্ত উদ্ধার seized seizes recovered",
    taken="চুরি লুট ছিনতাই প্রতারণা হাতিয়ে হাতাল খোয়া গায়েব stolen looted fraud cheated duped defrauded",
    granted="বরাদ্দ allocated",
)
"""Maps a word next to a sum of money to the purpose of the sum."""
_FAMILY = _keys(compensation="পরিবার পরিবারপিছু kin families family")
"""Maps a word next to a sum of money to the purpose of the sum, if the sentence also mentions the dead."""
_BEFORE_MONEY = frozenset("₹$৳") | {"rs", "tk", "inr"}


def _normalised_words(text: str) -> frozenset[str]:
    return frozenset(map(normalised, text.split()))


def _word_keys(text: str) -> frozenset[str]:
    return frozenset(map(_word_key, _normalised_words(text)))


_MONEY = _word_keys("টাকা rupees rupee taka dollars dollar euros")
_BETWEEN = _normalised_words(
    "গেল গেলেন গেছেন গিয়েছেন যান হারালেন হারাল হারান হারিয়েছেন গুরুতর হয়ে হয়েছে হয়েছেন হল হলো বেড়ে আরও আরো কমপক্ষে অন্তত জন "
    "জনের জনকে মোট সংখ্যা ন্যূনতম দাঁড়াল দাঁড়িয়েছে হন করা রয়েছে রয়েছেন climbs climbed reaches reached mounts "
    "at least were was are have been now people persons others more to rises rose toll another some left "
    "leaving all"
)
"""Words that may come between a number of people and the word for their role, whichever role that is (dead, hurt, held …)."""
_ROUGH = _normalised_words("প্রায় about nearly around almost than up")
"""Words that come before a number and show that the number is approximate."""
_FEARED = _word_keys("আশঙ্কা feared")
_LEAST_BEFORE = _normalised_words("অন্তত কমপক্ষে ন্যূনতম least over above crosses crossed")
_LEAST_AFTER = _normalised_words("অধিক বেশি ছাড়াল ছাড়ালো ছাড়িয়েছে ছাড়িয়ে পেরোল পেরিয়েছে পেরিয়ে")
_TOTAL_ROLES = frozenset(("dead", "held", "detained"))
"""Roles of people whose number may be a total, so that “more” adds to an earlier number, as in “two more dead”.

With other roles, as in “two more hurt” or “two more missing”, “more” mostly means “besides the dead”.
"""
_FURTHER = _normalised_words("আরও আরো more another further fresh")
"""Words that show that the number next to them is added to an earlier number."""
_TO = _normalised_words("থেকে to") | frozenset("-–—")
"""Words and signs between the first and the last number of a range."""
_NO_UNITS = _normalised_words("in at over on of by near when after as for from during")
_AND = _normalised_words("ও এবং আর and while with but as")
_PART_OF = _normalised_words("সহ সহিত মধ্যে including among of them")
"""Words that follow a number if it is part of another number: in ৫ শিশু-সহ ১২ জন, the five children are among the twelve."""
_TOGETHER_WITH = normalised("সহ")
_OTHER_UNITS = _word_keys(
    "বছর দিন মাস ঘণ্টা মিনিট সপ্তাহ কিলোমিটার কিমি মিটার ফুট টাকা শতাংশ ডিগ্রি নম্বর সাল তারিখ বার দফা বাড়ি দোকান গাড়ি "
    "years year days day months hours hour minutes km kilometres metres percent houses shops cars vehicles times am pm"
)
_PEOPLE = _word_keys(
    "যুবক যুবতী তরুণ তরুণী শ্রমিক যাত্রী শিশু ছাত্র ছাত্রী পড়ুয়া মহিলা নারী পুরুষ পুলিশ পুলিশকর্মী ব্যক্তি বন্ধু আরোহী বৃদ্ধ কৃষক জওয়ান সেনা পর্যটক "
    "পুণ্যার্থী দুষ্কৃতী অভিযুক্ত জঙ্গি ভাই বোন কিশোর বাসিন্দা অফিসার people persons men women children workers passengers students soldiers "
    "police policemen officers pilgrims tourists youths militants suspects civilians"
)
_AGED_WORDS = (
    "যুবক যুবতী তরুণ তরুণী ছাত্র ছাত্রী পড়ুয়া বৃদ্ধ বৃদ্ধা প্রৌঢ় প্রৌঢ়া কিশোর কিশোরী নাবালক নাবালিকা শিশু বালক বালিকা বধূ গৃহবধূ মহিলা ব্যক্তি "
    "man woman boy girl youth student professor teacher doctor engineer techie actor"
)
_AGED_PEOPLE = {_word_key(normalised(word)): word for word in _AGED_WORDS.split()}
"""Maps the key of a word for a person to the word. If an age comes with such a word, it is the age of that person."""
_EARLIER = _normalised_words("আগে গত এর earlier previously since last ago")
"""Words that show that a sentence may be about an earlier event than the story's."""
_DEATH, _OF, _ALSO_OF = normalised("মৃত্যু"), normalised("র"), normalised("রও")
_YEAR, _YEARS_OLD, _AGE_IS = normalised("বছর"), _normalised_words("বছরের year"), (normalised("বয়স"), normalised("হয়েছিল"))
_AT_AGE, _DECEASED = normalised("বয়সে"), _normalised_words("প্রয়াত মৃত্যু জীবনাবসান")
_OF_YEARS = tuple(map(normalised, ("েকের", "ের", "র")))
"""Endings of a number that is written after the word for years, as in বছর পঁচিশের."""
_STOPS: tuple[list[str], ...] = ([","], [":"], ["."], ["।"], [])


class LowerBound(int):
    """Number that is reported as a minimum, such as at least 12 or more than 100. The true number may be higher."""


class ReportedValue(NamedTuple):
    """Reported number, with the stories that report it."""

    value: int
    stories: tuple[int, ...]
    """Stories that report the number, as indexes in the compared sequence of stories."""


def quantities_of(title: str, text: str) -> dict[str, int]:
    """Return the numbers that a story certainly reports, by the quantity: a role, an age or a sum.

    Roles are the dead, hurt, held, detained, missing and ill. The keys of ages and sums of money begin with AGE or SUM.
    """
    title, lead = (_RUPEES.sub("Rs ", part) for part in (title, text[len(dateline(text)) :][:_LEAD_CHARS]))
    found = _unambiguous(_count_in_sentence(title))
    sentences = [sentence for sentence in _SENTENCE.split(lead)[:_LEAD_SENTENCES] if not _mentions_earlier_event(sentence)]
    for quantity, value in _unambiguous([pair for sentence in sentences for pair in _count_in_sentence(sentence)]).items():
        if found.setdefault(quantity, value) == value and isinstance(value, LowerBound):
            found[quantity] = value
    found |= _ages((title, *sentences))
    found |= {AGE + normalised(name): int(normalised(age)) for name, age in _named_ages(f"{title}. {lead}")}
    return found


def quantities_of_story(title: str, text: Blocks | str) -> dict[str, int]:
    """Return the numbers that a story certainly reports in its headline and the beginning of its text, by quantity."""
    return quantities_of(title, text if isinstance(text, str) else plain_text(text))


def quantities_to_text(quantities: Mapping[str, int]) -> str:
    """Return quantities as a JSON text."""
    return json.dumps([[quantity, value, isinstance(value, LowerBound)] for quantity, value in quantities.items()])


def quantities_from_text(text: str) -> dict[str, int] | None:
    """Return the quantities in a text made by `quantities_to_text`, or None if the text is damaged."""
    try:
        rows = read_json(text)
    except ContentError:
        return None
    found: dict[str, int] = {}
    for row in rows if isinstance(rows, list) else (rows,):
        match row:
            case [str(quantity), int(value), bool(is_least)]:
                found[quantity] = LowerBound(value) if is_least else value
            case _:
                return None
    return found


def contradictions(accounts: Sequence[Mapping[str, int]]) -> dict[str, tuple[ReportedValue, ...]]:
    """Map each quantity (dead, hurt …) with contradictory reports to all numbers reported for it, the lowest first.

    `accounts` has an entry for each of several stories about one event: the story's numbers, by quantity.
    """
    by_value: dict[str, dict[tuple[int, bool], list[int]]] = defaultdict(lambda: defaultdict(list))
    for at, counted in enumerate(accounts):
        for quantity, value in counted.items():
            by_value[quantity][value, isinstance(value, LowerBound)].append(at)
    return {
        quantity: tuple(
            ReportedValue(LowerBound(value) if least else value, tuple(having)) for (value, least), having in sorted(values.items())
        )
        for quantity, values in by_value.items()
        if _contradict(values)
    }


def changed_quantities(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """Return (old number, new number) of each quantity, such as the dead, whose number an edit changed.

    `before` and `after` have the numbers that the two versions report. A quantity that only one version reports is left out.
    """
    return {quantity: (value, after[quantity]) for quantity, value in before.items() if after.get(quantity, value) != value}


def _contradict(values: Collection[tuple[int, bool]]) -> bool:
    """Whether the reported numbers `values` contradict each other. Each has a flag: whether it is only a lower bound."""
    exact = {value for value, least in values if not least}
    return len(exact) > 1 or any(value > min(exact, default=value) for value, least in values if least)


def _unambiguous(counted: Iterable[tuple[str, int | None]]) -> dict[str, int]:
    """Map each quantity that has exactly one value to this value; `counted` are pairs of a quantity and a value.

    A quantity is uncertain, and left out, if one of its values is None.
    """
    values: dict[str, set[int | None]] = defaultdict(set)
    for quantity, value in counted:
        values[quantity].add(value)
    return {quantity: value for quantity, found in values.items() for value in found if len(found) == 1 and value is not None}


def _mentions_earlier_event(sentence: str) -> bool:
    return bool(_EARLIER.intersection(read_numbers(sentence).tokens))


def _count_in_sentence(sentence: str) -> list[tuple[str, int | None]]:
    """Return the quantities that a sentence reports, with their values.

    A number that is added to an earlier number has the value None, because neither number is the total.
    """
    tokens, numbers = read_numbers(sentence)
    found: list[tuple[str, int | None]] = []
    end = 0
    for at, (value, is_people, after) in numbers.items():
        if at < end:
            continue
        end = after
        if value is not None and (beyond := _end_of_range(tokens, numbers, at, end)):
            end = beyond
        elif value is not None and (certain := _certain_value(value, tokens, at, end)) is not None:
            quantity = _sum_purpose(tokens, at, end) or _casualty_role(tokens, at, end, is_people)
            if quantity and (quantity.startswith(SUM) or value not in _YEARS):
                found.append((quantity, None if quantity in _TOTAL_ROLES and _is_further(tokens, at, end) else certain))
            elif is_people and not quantity and _is_further(tokens, at, end):  # ৩ জনের মৃত্যু, হাসপাতালে আরও একজনের
                found += [(earlier, None) for earlier in _TOTAL_ROLES & {earlier for earlier, _ in found}]
    return found


def _end_of_range(tokens: Sequence[str], numbers: Mapping[int, ParsedNumber], at: int, end: int) -> int:
    """Return the index after a range of numbers, such as “30 to 40” or “between 30 and 40”, or 0 if there is no range.

    `tokens[at:end]` is the first number of the range. `numbers` has the parsed numbers among `tokens`, by the index of their first
    token.
    """
    is_range = end + 1 < len(tokens) and (tokens[end] in _TO or [*tokens[max(0, at - 1) : at], tokens[end]] == ["between", "and"])
    last = numbers.get(end + 1) if is_range else None
    return last.end if last and last.value is not None else 0


def _certain_value(value: int, tokens: Sequence[str], at: int, end: int) -> int | None:
    """Return `value`, the value of the number `tokens[at:end]`, as a LowerBound if the words around the number say “at least”.

    Return None if the number is approximate, is part of another number, or counts people who are only feared dead.
    """
    before = tokens[max(0, at - 2) : at]
    if _is_part(tokens, at) or any(_word_key(token) in _FEARED for token in takewhile(_continues_clause, tokens[end : end + 6])):
        return None
    if before == ["more", "than"] or _LEAST_BEFORE.intersection(before) or _LEAST_AFTER.intersection(tokens[end : end + 3]):
        return LowerBound(value)
    return None if _ROUGH.intersection(before) else value


def _is_part(tokens: Sequence[str], at: int) -> bool:
    """Whether the number at `tokens[at]` is a part or the whole of another number.

    “Two” is a part in “four including two children”, and “40” is the whole in “18 of the 40”.
    """
    before = tokens[max(0, at - 3) : at]
    return "including" in before[-2:] or (
        len(before) > 1 and any(of == "of" and number[0].isdigit() for number, of in pairwise(before))
    )


def _is_further(tokens: Sequence[str], at: int, end: int) -> bool:
    """Whether the number `tokens[at:end]` is added to an earlier number: আরও দু’জন, two more, এক জওয়ানেরও."""
    before, after = tokens[max(0, at - 2) : at], tokens[end : end + 2]
    if before == ["more", "than"] or _LEAST_AFTER.intersection(after):
        return False
    return bool(_FURTHER.intersection((*before, *after))) or any(token.endswith(_ALSO_OF) for token in after)


def _casualty_role(tokens: Sequence[str], at: int, end: int, is_people: bool) -> str:
    """Return the role (dead, hurt, held …) of the people that the number `tokens[at:end]` counts, or "" if none is found.

    The first word for a role after the number decides, or else a word before the number. `is_people` is whether the number has a
    classifier for people.
    """
    after = tokens[end : end + 5]
    if _PART_OF.intersection(after[:3]) and not (after and _word_key(after[0]) in _ROLES):
        return ""
    unknown = 0
    for token in after:
        if (role := _ROLES.get(_word_key(token))) and not (token in _EVENT_ROLES and unknown):
            return role
        if role or not token[0].isalpha() or token in _AND or _word_key(token) in _OTHER_UNITS:
            break
        unknown += token not in _BETWEEN and _word_key(token) not in _PEOPLE
        if unknown > 1:
            break
    unit = after[0] if after and after[0][0].isalpha() and after[0] not in _BETWEEN | _AND | _NO_UNITS else ""
    before = _role_before(tokens, at)
    if not unit or is_people or _word_key(unit) in _PEOPLE:
        return before or ("dead" if (unit or tokens[end - 1]).endswith(_OF) and _mentions_death(tokens, at) else "")
    return before if before not in {"", "held", "detained"} and _word_key(unit) not in _OTHER_UNITS else ""


def _role_before(tokens: Sequence[str], at: int) -> str:
    companions = 0
    for token in reversed(tokens[max(0, at - 7) : at]):
        if role := _ROLES_BEFORE.get(_word_key(token)):
            return role
        if token == "toll":  # noqa: S105 -- the death toll
            return "dead"
        if token == _TOGETHER_WITH:
            companions = 4
        elif companions and (_continues_clause(token) or token[0].isdigit()):
            companions -= 1
        elif token not in _BETWEEN:
            break
    return ""


def _mentions_death(tokens: Sequence[str], at: int) -> bool:
    """Whether the noun “death” comes before the number and the words for the people who died: মৃত্যু বাইক আরোহী দুই যুবকের."""
    before = tokens[max(0, at - 4) : at]
    return _DEATH in before and all(token[0].isalpha() and token not in _AND for token in before[before.index(_DEATH) :])


def _sum_purpose(tokens: Sequence[str], at: int, end: int) -> str:
    """Return a key for the purpose of the sum of money `tokens[at:end]`; only sums with the same key are compared.

    The key is the prefix SUM and the purpose; "" if the number isn't a sum of money, or if no word next to it gives a purpose.
    """
    after = tokens[end] if end < len(tokens) else ""
    if not (_word_key(after) in _MONEY or (at and tokens[at - 1] in _BEFORE_MONEY)):
        return ""
    speaks_of_dead = any(_ROLES.get(_word_key(token)) == "dead" for token in tokens)
    before = [word for word in reversed(tokens[max(0, at - 4) : at]) if word not in _BEFORE_MONEY]
    clause = [_word_key(word) for words in (tokens[end : end + 6], before) for word in takewhile(_continues_clause, words)]
    if any(_ROLES.get(key) == "hurt" for key in clause):  # the sum for the hurt isn't the sum for families of the dead
        return ""
    purposes = (_PURPOSES.get(key) or (speaks_of_dead and _FAMILY.get(key)) for key in clause)
    return next((SUM + purpose for purpose in purposes if purpose), "")


def _continues_clause(word: str) -> bool:
    """Whether `word` continues a clause: only words and hyphens do. Numbers and other signs end the clause."""
    return word[0].isalpha() or word == "-"


def _ages(sentences: Sequence[str]) -> dict[str, int]:
    """Return the ages that sentences report, by the key of the age: AGE and a noun for the person.

    Ages are read for the person who died, and for another person without a name (25 বছরের যুবক) if there is only one such person.
    """
    died: list[tuple[str, int]] = []
    others: list[tuple[str, int]] = []
    for sentence in sentences:
        tokens, numbers = read_numbers(sentence)
        for at in sorted(numbers.keys() | {at for at, token in enumerate(tokens) if token == _YEAR}):
            age, _, end = numbers.get(at, _NO_NUMBER)
            if age is not None and _is_at_death(tokens, at, end):
                died.append((AGE, age))
            elif found := _age_before_noun(tokens, numbers, at):
                others.append(found)
    is_named = any(map(_named_ages, sentences))
    return _unambiguous(died) | (_unambiguous(others) if len({*others}) == 1 and not is_named else {})


def _named_ages(text: str) -> list[tuple[str, str]]:
    """Return (name, age as written) of the people in a text, as in রবিউল সিকদার (২৬)."""
    return _AGED.findall(text) if _BRACKETED_AGE.search(text) else []


def _is_at_death(tokens: Sequence[str], at: int, end: int) -> bool:
    """Whether the number `tokens[at:end]` is the age of a person who died: বয়স হয়েছিল ৮৬, ৮৬ বছর বয়সে প্রয়াত, dies at 86."""
    before = tokens[max(0, at - 2) : at]
    return (
        tuple(before) == _AGE_IS
        or (tokens[end : end + 2] == [_YEAR, _AT_AGE] and bool(_DECEASED.intersection(tokens[end + 2 : end + 5])))
        or (len(before) == 2 and before[0] in {"dies", "died"} and before[1] in {"at", "aged"} and tokens[end : end + 1] in _STOPS)
    )


def _age_before_noun(tokens: Sequence[str], numbers: Mapping[int, ParsedNumber], at: int) -> tuple[str, int] | None:
    """Return (AGE + noun for a person, age in years) if a person's age is given at `tokens[at]`, otherwise None.

    Examples are “25 বছরের যুবক”, “বছর পঁচিশের যুবক”, “25-year-old man” and “professor, 74,”. `numbers` has the parsed numbers among
    `tokens`, by the index of their first token.
    """
    age, _, end = numbers.get(at, _NO_NUMBER)
    if age is None and tokens[at] == _YEAR and numbers.get(at - 1, _NO_NUMBER).value is None:
        age = next(
            (
                n
                for ending in _OF_YEARS
                for word in tokens[at + 1 : at + 2]
                if word.endswith(ending) and (n := number_of([word.removesuffix(ending)])) is not None
            ),
            None,
        )
        whose = tokens[at + 2 : at + 5]
    elif tokens[end : end + 1] == ["-"] and tokens[end + 1 : end + 4] == ["year", "-", "old"]:
        whose = tokens[end + 4 : end + 7]
    elif tokens[end : end + 1] and tokens[end] in _YEARS_OLD:
        whose = tokens[end + 1 : end + 4]
    elif at > 1 and tokens[at - 1] == "," and tokens[end : end + 1] in _STOPS:
        whose = tokens[at - 2 : at - 1]
    else:
        return None
    noun = next((noun for token in whose if (noun := _AGED_PEOPLE.get(_word_key(token)))), None)
    return (AGE + noun, age) if noun and age is not None and age in _AGES else None


# ── numbers ─────────────────────────────────────────────────────────────────


class ParsedNumber(NamedTuple):
    """Number in a sentence."""

    value: int | None
    """Value; None if the words can't be read as a number."""
    is_people: bool
    """Whether the number has a classifier (a suffix for counting) for people, such as জন."""
    end: int
    """Index of the token after the number."""


_NO_NUMBER = ParsedNumber(None, False, 0)


class SentenceTokens(NamedTuple):
    """Tokens of a sentence, and the numbers among these tokens."""

    tokens: Sequence[str]
    """Normalised words, numbers and signs. English number words are converted to digits, and English units such as “thousand” to
    Bengali words.
    """
    numbers: Mapping[int, ParsedNumber]
    """Numbers by the index of their first token, in the order of the sentence."""


@lru_cache(maxsize=8)
def read_numbers(sentence: str) -> SentenceTokens:
    """Return a sentence's tokens (words and signs), and the numbers among them.

    Cached, because several functions read the same sentence.
    """
    text = _DIGITS_APART.sub(", ", normalised(sentence))
    parts = (part for token in _TOKEN.findall(text) for part in _split_number(token))
    tokens = [_NUMBER_WORDS.get(token, token.replace(",", "") if token[0].isdigit() else token) for token in parts]
    begin = (at for at, token in enumerate(tokens) if token[0].isdigit() or (not token.isascii() and _may_begin_number(token)))
    found = ((at, _number(tokens, at)) for at in begin)
    return SentenceTokens(tokens, {at: number for at, number in found if number.value is not None or number.end > at + 1})


def _split_number(token: str) -> tuple[str, ...]:
    """Split a number if its two words are written as one, such as দু’লক্ষ. Any other token is returned unchanged."""
    joined = _JOINED.fullmatch(token)
    return (_SHORT[joined[1]], joined[2]) if joined else (token,)


def _may_begin_number(word: str) -> bool:
    return word in _QUARTERS or _begins_number(word)


@lru_cache(maxsize=1 << 12)
def _begins_number(word: str) -> bool:
    """Whether `word` can be the first word of a number."""
    stems = {word, *(word.removesuffix(ending) for ending in _CLASSIFIERS)}
    return bool(stems & _SHORT.keys()) or any(
        number_of(words) is not None for stem in stems if stem for words in ([stem], [stem, _UNIT])
    )


def _number(tokens: Sequence[str], at: int) -> ParsedNumber:
    """Parse the number that begins at `tokens[at]`. The result has the value None if no number can be read."""
    if quarters := _QUARTERS.get(tokens[at], 0):
        follows = at + 1 < len(tokens) and tokens[at + 1] not in _QUARTERS
        whole, is_people, end = _number(tokens, at + 1) if follows else ParsedNumber(None, False, at + 1)
        step = next((unit for unit in _UNIT_VALUES if whole and not whole % unit), 0)
        return ParsedNumber(whole + quarters * step // 4 if whole and step else None, is_people, end)
    if not tokens[at][0].isdigit() and not _begins_number(tokens[at]):
        return ParsedNumber(None, False, at + 1)
    if at + 1 < len(tokens) and "." in tokens[at][1:_MAX_DECIMAL_CHARS] and (unit := number_of(["1", tokens[at + 1]])) is not None:
        return ParsedNumber(round(float(tokens[at][:_MAX_DECIMAL_CHARS]) * unit), False, at + 2)
    for end in range(min(len(tokens), at + _MAX_NUMBER_WORDS), at, -1):
        *first, last = tokens[at:end]
        for ending in ("", *_CLASSIFIERS):
            word = last.removesuffix(ending) if ending and last != ending else last
            word = _SHORT.get(word, word) if ending else word
            if (word != last or not ending) and (value := number_of([*first, word])) is not None:
                if not ending and end < len(tokens) and tokens[end] in _CLASSIFIERS:
                    ending, end = tokens[end], end + 1
                return ParsedNumber(value, ending.startswith(_PERSON), end)
    return ParsedNumber(None, False, at + 1)
