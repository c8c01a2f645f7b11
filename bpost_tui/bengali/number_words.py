"""Numbers in Bengali words, as they are said in West Bengal. Standard library only."""

from __future__ import annotations

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
_UNITS = ((10_000_000, "কোটি"), (100_000, "লক্ষ"), (1_000, "হাজার"))
_HUNDREDS = {2: "দু", 6: "ছ", 9: "ন"}
_ORDINALS = {1: "প্রথম", 2: "দ্বিতীয়", 3: "তৃতীয়", 4: "চতুর্থ", 5: "পঞ্চম", 6: "ষষ্ঠ", 7: "সপ্তম", 8: "অষ্টম", 9: "নবম", 10: "দশম"}
_DAYS = {1: "পয়লা", 2: "দোসরা", 3: "তেসরা", 4: "চৌঠা", 20: "বিশে", 30: "তিরিশে"}


def cardinal(number: int) -> str:
    """Return a number from 0 on: একশো পঁচিশ. From 1100 to 1999 it is said in hundreds, as years and sums are: উনিশশো সাতচল্লিশ."""
    if number < 100:
        return _WORDS[number]
    words = []
    if not 1100 <= number < 2000:
        for value, name in _UNITS:
            count, number = divmod(number, value)
            if count:
                words += [cardinal(count), name]
    hundreds, rest = divmod(number, 100)
    if hundreds:
        words.append(f"{_HUNDREDS.get(hundreds, _WORDS[hundreds])}শো")
    if rest:
        words.append(_WORDS[rest])
    return " ".join(words)


def decimal(whole: int, fraction: str) -> str:
    """Return a number with decimals, given as the digits behind the point: তেইশ দশমিক পাঁচ."""
    return f"{cardinal(whole)} দশমিক {digit_by_digit(fraction)}"


def digit_by_digit(figures: str) -> str:
    """Return the digits of a number one after another, as of telephones: শূন্য তিন তিন."""
    return " ".join(_WORDS[int(figure)] for figure in figures)


def ordinal(number: int) -> str | None:
    """Return the word for the first to the tenth; None for others, which are said as they are counted."""
    return _ORDINALS.get(number)


def day_of_month(number: int) -> str:
    """Return what a day of a month is called where it has an ending of its own: পয়লা, পাঁচই, একুশে."""
    return _DAYS.get(number) or _WORDS[number] + ("ই" if number < 19 else "ে")
