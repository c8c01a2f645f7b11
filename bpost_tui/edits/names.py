"""Recognition of names of people and places in an edit. Pure.

In Latin letters a name has a capital. Bengali has none, so a word is a name if it is a known place or surname, or if it is next to
a surname or a title. Other words count as no names.
"""

from __future__ import annotations

from functools import cache

from bpost_tui.bengali.calendar import MONTHS, WEEKDAYS
from bpost_tui.bengali.normalise import normalised
from bpost_tui.bengali.normalise import words as normalised_words
from bpost_tui.bengali.stemmer import stems
from bpost_tui.bengali.word_tables import entries
from bpost_tui.grouping.word_keys import word_key

_SURNAMES = """
ঘোষ বসু বোস দত্ত গুহ সেন সেনগুপ্ত দাশগুপ্ত রায়চৌধুরী চৌধুরী মজুমদার মণ্ডল মন্ডল পাল সাহা শাহ কুণ্ডু নন্দী চক্রবর্তী
ভট্টাচার্য বন্দ্যোপাধ্যায় মুখোপাধ্যায় চট্টোপাধ্যায় গঙ্গোপাধ্যায় ব্যানার্জি মুখার্জি চ্যাটার্জি গাঙ্গুলি ঘোষাল
সান্যাল লাহিড়ী মৈত্র বাগচী ভাদুড়ি গোস্বামী অধিকারী মহাপাত্র মাইতি বেরা মান্না সামন্ত শাসমল ভুঁইয়া পাহাড়ী মুর্মু
হেমব্রম সরেন কিস্কু হাঁসদা টুডু মাহাতো হালদার নস্কর সরদার নায়েক পণ্ডা পাণ্ডা দাস দেবনাথ সূত্রধর কর্মকার কুমার মল্লিক
সিংহ সিং শর্মা বর্মা বর্মন বর্মণ পাঠক মিশ্র তিওয়ারি পাণ্ডে যাদব চৌহান মোদী গান্ধী পটেল প্যাটেল ঠাকরে শেখ খান আলি আলী
আহমেদ আহমদ হোসেন হুসেন হোসাইন ইসলাম রহমান উদ্দিন উদ্দীন মিয়া মোল্লা মোল্যা বেগম খাতুন বিবি আক্তার সুলতানা পারভিন গাজী
কাজী কাজি লস্কর সৈয়দ তালুকদার ভূঁইয়া সিকদার শিকদার হাওলাদার জামান করিম হাসান হাসিনা খালেদা জিয়া
"""
"""Surnames that have no other meaning, unlike রায় (also verdict), সরকার (also government) and জানা (also known)."""
_USUAL_WORDS = "রায় সরকার দে সাত বালি পুরী আদি"
"""Words that don't count as names although the tables of names list them, because they usually mean something else."""
_TITLES = "শ্রী শ্রীমতী ডক্টর ডাক্তার মহম্মদ মোহাম্মদ মোঃ ডঃ ডাঃ অধ্যাপক বিচারপতি কাউন্সিলর বিধায়ক সাংসদ মন্ত্রী নামে ওরফে mr mrs ms dr prof"
_NON_NAMES = f"""
{" ".join(WEEKDAYS)}
the a an he she they it this that we you our his her their who which what when where why how mr mrs ms dr prof sir
lord lady monday tuesday wednesday thursday friday saturday sunday today yesterday ist gmt am pm live updates covid
chief prime minister president secretary director general judge justice court police government state union
spokesperson party deputy vice senior former mayor governor chairman officer department district city county
university school gen col capt army navy forces commission committee board bench house office
"""
"""Words that don't count as names although they may have a capital: first words of quotations, days of the week, and offices."""


def is_name(word: str, before: str, after: str, *, is_capitalised: bool) -> bool:
    """Whether a word is a name of a person or place, or the name of a month.

    Args:
        word: Word in its normal form.
        before: Key (root, as in `grouping.word_keys`) of the word before it, or an empty string.
        after: Key of the word after it, or an empty string.
        is_capitalised: Whether the word has a capital inside a sentence.
    """
    if word_key(word) in _keys(_NON_NAMES):
        return False
    if word.isascii():
        return is_capitalised
    is_beside = before in _keys(_TITLES) or before in _keys(_SURNAMES) or after in _keys(_SURNAMES)
    return is_beside or any(word_key(form) in _known_names() for form in (word, *stems(word)))


def is_office(key: str) -> bool:
    """Whether the word with this `key` is no name although it may have a capital: an office, a title, a weekday or the like."""
    return key in _keys(_NON_NAMES)


@cache
def _keys(text: str) -> frozenset[str]:
    return frozenset(map(word_key, normalised_words(text)))


@cache
def _known_names() -> frozenset[str]:
    """Return the keys of known places, surnames and months in Bengali."""
    lines = (*entries("places", normalised), *entries("words", normalised, "names", "more_names"))
    names = {word_key(name) for line in lines for name in line.bengali if " " not in name}
    return _keys(_SURNAMES) | _keys(" ".join(MONTHS)) | (names - _keys(_USUAL_WORDS))
