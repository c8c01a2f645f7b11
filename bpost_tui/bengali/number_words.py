"""Numbers in Bengali words, as spoken in West Bengal. Standard library only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from bpost_tui.bengali.letters import decomposed

_WORDS = (
    *("শূন্য", "এক", "দুই", "তিন", "চার", "পাঁচ", "ছয়", "সাত", "আট", "নয়"),
    *("দশ", "এগারো", "বারো", "তেরো", "চোদ্দো", "পনেরো", "ষোলো", "সতেরো", "আঠারো", "উনিশ"),
    *("কুড়ি", "একুশ", "বাইশ", "তেইশ", "চব্বিশ", "পঁচিশ", "ছাব্বিশ", "সাতাশ", "আঠাশ", "উনত্রিশ"),
    *("তিরিশ", "একত্রিশ", "বত্রিশ", "তেত্রিশ", "চৌত্রিশ", "পঁয়ত্রিশ", "ছত্রিশ", "সাঁইত্রিশ", "আটত্রিশ", "উনচল্লিশ"),
    *("চল্লিশ", "একচল্লিশ", "বিয়াল্লিশ", "তেতাল্লিশ", "চুয়াল্লিশ", "পঁয়তাল্লিশ", "ছেচল্লিশ", "সাতচল্লিশ", "আটচল্লিশ", "উনপঞ্চাশ"),
    *("পঞ্চাশ", "একান্ন", "বাহান্ন", "তিপ্পান্ন", "চুয়ান্ন", "পঞ্চান্ন", "ছাপ্পান্ন", "সাতান্ন", "আটান্ন", "উনষাট"),
    *("ষাট", "একষট্টি", "বাষট্টি", "তেষট্টি", "চৌষট্টি", "পঁয়ষট্টি", "ছেষট্টি", "সাতষট্টি", "আটষট্টি", "উনসত্তর"),
    *("সত্তর", "একাত্তর", "বাহাত্তর", "তিয়াত্তর", "চুয়াত্তর", "পঁচাত্তর", "ছিয়াত্তর", "সাতাত্তর", "আটাত্তর", "উনআশি"),
    *("আশি", "একাশি", "বিরাশি", "তিরাশি", "চুরাশি", "পঁচাশি", "ছিয়াশি", "সাতাশি", "অষ্টআশি", "উননব্বই"),
    *("নব্বই", "একানব্বই", "বিরানব্বই", "তিরানব্বই", "চুরানব্বই", "পঁচানব্বই", "ছিয়ানব্বই", "সাতানব্বই", "আটানব্বই", "নিরানব্বই"),
)
SCALES = ((10_000_000, "কোটি"), (100_000, "লক্ষ"), (1_000, "হাজার"))
"""Values and names of the units of large numbers, the largest first."""
_HUNDREDS = {2: "দু", 6: "ছ", 9: "ন"}
_ORDINALS = {1: "প্রথম", 2: "দ্বিতীয়", 3: "তৃতীয়", 4: "চতুর্থ", 5: "পঞ্চম", 6: "ষষ্ঠ", 7: "সপ্তম", 8: "অষ্টম", 9: "নবম", 10: "দশম"}
_CENTURIES = {
    11: "একাদশ",
    12: "দ্বাদশ",
    13: "ত্রয়োদশ",
    14: "চতুর্দশ",
    15: "পঞ্চদশ",
    16: "ষোড়শ",
    17: "সপ্তদশ",
    18: "অষ্টাদশ",
    19: "ঊনবিংশ",
    20: "বিংশ",
    21: "একবিংশ",
}
_SHARES = {2: "দ্বিতীয়াংশ", 3: "তৃতীয়াংশ", 4: "চতুর্থাংশ", 5: "পঞ্চমাংশ", 6: "ষষ্ঠাংশ", 8: "অষ্টমাংশ", 10: "দশমাংশ"}
_DAYS = {1: "পয়লা", 2: "দোসরা", 3: "তেসরা", 4: "চৌঠা", 20: "বিশে", 30: "তিরিশে"}


def cardinal(number: int) -> str:
    """Return a whole number, 0 or more, in words: একশো পঁচিশ.

    Numbers from 1100 to 1999 are given in hundreds, as is usual for years and sums of money: উনিশশো সাতচল্লিশ.
    """
    if number < 100:
        return _WORDS[number]
    words = []
    if not 1100 <= number < 2000:
        for value, name in SCALES:
            count, number = divmod(number, value)
            if count:
                words += [cardinal(count), name]
    count, rest = divmod(number, 100)
    if count:
        words.append(hundreds(count))
    if rest:
        words.append(_WORDS[rest])
    return " ".join(words)


def decimal(whole: int, fraction: str) -> str:
    """Return a decimal number in words: `whole`, then the digits of `fraction` one by one. Example: তেইশ দশমিক পাঁচ (23.5)."""
    return f"{cardinal(whole)} দশমিক {digit_by_digit(fraction)}"


def digit_by_digit(figures: str) -> str:
    """Return the name of each digit in `figures`, as in telephone numbers: শূন্য তিন তিন."""
    return " ".join(_WORDS[int(figure)] for figure in figures)


def ordinal(number: int) -> str | None:
    """Return the ordinal of a number from 1 to 10; None for other numbers, whose ordinals are regular."""
    return _ORDINALS.get(number)


def ordinal_of_class(number: int) -> str | None:
    """Return the ordinal of a number from 1 to 21 as used for school classes and centuries: নবম, দ্বাদশ, ঊনবিংশ.

    None for other numbers.
    """
    return _ORDINALS.get(number) or _CENTURIES.get(number)


def share(part: int, whole: int) -> str:
    """Return the fraction `part`/`whole` in words: দুই-তৃতীয়াংশ (2/3), অর্ধেক (1/2)."""
    if 2 * part == whole:
        return "অর্ধেক"
    named = _SHARES.get(whole)
    return f"{cardinal(part)} {named}" if named else f"{cardinal(whole)} ভাগের {cardinal(part)} ভাগ"


def hundreds(count: int) -> str:
    """Return the words for `count` hundreds, such as দুশো or বারোশো; `count` is below 100."""
    return f"{_HUNDREDS.get(count, cardinal(count))}শো"


def hour(number: int) -> str:
    """Return `number`, an hour of the clock, in words: একটা, দুটো, তিনটে, নটা."""
    return {2: "দুটো", 3: "তিনটে", 4: "চারটে", 6: "ছটা", 9: "নটা"}.get(number) or f"{cardinal(number)}টা"


def day_of_month(number: int) -> str:
    """Return the word for day `number` (1 to 31) of a month, which has an ending of its own: পয়লা, পাঁচই, একুশে."""
    return _DAYS.get(number) or _WORDS[number] + ("ই" if number < 19 else "ে")


# ── from words to numbers ───────────────────────────────────────────────────

_OTHER_SPELLINGS = """
11 এগার; 13 তের; 14 চোদ্দ চৌদ্দ; 15 পনের; 16 ষোল; 17 সতের; 18 আঠার; 19 ঊনিশ; 20 বিশ; 29 ঊনত্রিশ; 30 ত্রিশ
35 পয়ত্রিশ; 39 ঊনচল্লিশ; 45 পয়তাল্লিশ; 49 ঊনপঞ্চাশ; 59 ঊনষাট; 65 পয়ষট্টি; 69 ঊনসত্তর; 79 ঊনআশি; 80 আশী
88 আটাশি; 89 ঊননব্বই; 98 আটানব্বুই
"""
"""Less usual spellings of number words, each entry as `number spelling …`. A search for a number also finds these spellings."""
_ALSO: Mapping[int, tuple[str, ...]] = {
    int(words[0]): tuple(words[1:]) for words in map(str.split, _OTHER_SPELLINGS.replace("\n", ";").split(";")) if words
}
_NO_NUMBERS = frozenset((1, 9))
"""Numbers whose word alone isn't read as a number, because it has another meaning: এক is also "a", নয় is also "not"."""
_MAX_FIGURES = 9
_UNIT_OF = {**{name: value for value, name in SCALES}, "লাখ": 100_000}
_HALVES = {decomposed("দেড়"): 3, decomposed("আড়াই"): 5}


@cache
def _values() -> dict[str, int]:
    """Return a map from number words to numbers: 0 to 99, and the hundreds from 100 to 1900.

    In these words, each ড় and য় is two characters.
    """
    values = {word: number for number, word in enumerate(_WORDS)}
    values |= {word: number for number, words in _ALSO.items() for word in words}
    for number, word in enumerate(_WORDS[1:20], 1):
        starts = {word, _HUNDREDS.get(number, word)}
        values |= {f"{start}{hundred}": 100 * number for start in starts for hundred in ("শো", "শ")}
    return {decomposed(word): number for word, number in values.items()}


def number_of(words: Sequence[str]) -> int | None:
    """Return the number that words in their normal form mean, such as দশ হাজার or 10 হাজার; None if they mean no number.

    এক and নয় alone are no numbers, since they also mean "a" and "not".
    """
    total, part, halves, below = 0, -1, 0, 10**9
    for word in words:
        if (unit := _UNIT_OF.get(word, 0)) and unit < below and (part >= 0 or halves):
            total, part, halves, below = total + max(part, 0) * unit + halves * unit // 2, -1, 0, unit
        elif part < 0 and not halves and word in _HALVES:
            halves = _HALVES[word]
        elif (value := _value(word)) is not None and not halves and (part < 0 or (value < 100 <= part and not part % 100)):
            part = max(part, 0) + value
        else:
            return None
    if halves or (part < 0 and not total) or (len(words) == 1 and part in _NO_NUMBERS and not words[0].isdigit()):
        return None
    return total + max(part, 0)


def _value(word: str) -> int | None:
    return int(word) if word.isascii() and word.isdigit() and len(word) <= _MAX_FIGURES else _values().get(word)


def spellings(number: int) -> tuple[tuple[str, ...], ...]:
    """Return the ways to write a number, each as a sequence of words or digits: 1500, দেড় হাজার, পনেরোশো."""
    ways: list[tuple[str, ...]] = [(str(number),)]
    if number in _NO_NUMBERS:
        return tuple(ways)
    for name, value in _UNIT_OF.items():
        if number >= value:
            count, rest = divmod(number, value)
            if not rest:
                ways += [(str(count), name), (*cardinal(count).split(), name)]
            elif 2 * rest == value:
                ways.append((*halved(count).split(), name))
    ways.append(tuple(cardinal(number).split()))
    if number < 100:
        ways += [(word,) for word in _ALSO.get(number, ())]
    elif number < 2000 and not number % 100:
        ways.append((f"{cardinal(number).removesuffix('শো')}শ",))
    return tuple(dict.fromkeys(tuple(map(decomposed, way)) for way in ways))


def halved(whole: int) -> str:
    """Return `whole` and a half in words: আধ for 0, দেড় for 1, আড়াই for 2, সাড়ে তিন for 3."""
    return {0: "আধ", 1: "দেড়", 2: "আড়াই"}.get(whole) or f"সাড়ে {cardinal(whole)}"
