"""Recognition of names of people and places in an edit. Pure.

In Latin letters a name has a capital. Bengali has none, so a word is a name if it is a known place or surname, or if it is next to
a surname or a title. Other words count as no names.
"""

from __future__ import annotations

from functools import cache

from bpost_tui.bengali.calendar import MONTHS, WEEKDAYS
from bpost_tui.bengali.normalise import normalised
from bpost_tui.bengali.normalise import words as normalised_words
from bpost_tui.bengali.word_tables import entries
from bpost_tui.edits.word_changes import Change, Word, Words, is_content
from bpost_tui.grouping.word_keys import word_key

_SURNAMES = """
ঘোষ বসু বোস মিত্র দত্ত গুহ সেন সেনগুপ্ত দাশগুপ্ত গুপ্ত রায় রায়চৌধুরী চৌধুরী সরকার বিশ্বাস মজুমদার মণ্ডল মন্ডল পাল
সাহা শাহ কুণ্ডু নন্দী নন্দ ধর কর চক্রবর্তী ভট্টাচার্য বন্দ্যোপাধ্যায় মুখোপাধ্যায় চট্টোপাধ্যায় গঙ্গোপাধ্যায়
ব্যানার্জি মুখার্জি চ্যাটার্জি গাঙ্গুলি ঘোষাল সান্যাল লাহিড়ী মৈত্র বাগচী ভাদুড়ি গোস্বামী অধিকারী মহাপাত্র মাইতি বেরা
জানা প্রামাণিক পাত্র মান্না সামন্ত শাসমল ভুঁইয়া পাহাড়ী মাঝি মুর্মু হেমব্রম সরেন কিস্কু হাঁসদা টুডু মাহাতো হালদার
নস্কর সর্দার সরদার নায়েক পণ্ডা পাণ্ডা দাস দে নাথ দেবনাথ শীল বণিক সূত্রধর কর্মকার কুমার মল্লিক পাইন সিংহ সিং শর্মা
বর্মা বর্মন বর্মণ ঠাকুর পাঠক মিশ্র তিওয়ারি পাণ্ডে যাদব চৌহান মোদী গান্ধী পটেল প্যাটেল ঠাকরে শেখ খান আলি আলী আহমেদ
আহমদ হোসেন হুসেন হোসাইন ইসলাম রহমান হক উদ্দিন উদ্দীন মিয়া মোল্লা মোল্যা বেগম খাতুন বিবি আক্তার সুলতানা পারভিন গাজী
কাজী কাজি লস্কর মীর সৈয়দ তালুকদার ভূঁইয়া সিকদার শিকদার হাওলাদার ফকির মাস্টার জামান করিম হাসান হাসিনা খালেদা জিয়া
"""
_TITLES = "শ্রী শ্রীমতী ডক্টর ডাক্তার মহম্মদ মোহাম্মদ মোঃ ডঃ ডাঃ অধ্যাপক বিচারপতি কাউন্সিলর বিধায়ক সাংসদ মন্ত্রী নামে ওরফে mr mrs ms dr prof"
_NO_NAMES = """
the a an he she they it this that we you our his her their who which what when where why how mr mrs ms dr prof sir
lord lady monday tuesday wednesday thursday friday saturday sunday today yesterday ist gmt am pm live updates covid
chief prime minister president secretary director general judge justice court police government state union
spokesperson party deputy vice senior former mayor governor chairman officer department district city county
university school
"""
"""Words with a capital that are no names: at the beginning of quotations, days, and offices."""


def names_changed(change: Change) -> tuple[Words, Words] | None:
    """Return the names that a change replaced and those in their place, or None if it didn't only replace names by names."""
    old, new = (_names(words, change) for words in (change.old, change.new))
    return (old, new) if old and new else None


def _names(words: Words, change: Change) -> Words:
    """Return the names among the old or new words of a change, or none if there are content words beside the names."""
    around = (change.before, *words, change.after)
    names = tuple(word for at, word in enumerate(words, 1) if _is_name(word, around[at - 1], around[at + 1]))
    return names if all(word in names or word.key in _no_names() or not is_content(word) for word in words) else ()


def _is_name(word: Word, before: Word | None, after: Word | None) -> bool:
    if word.is_number or word.key in _no_names():
        return False
    if word.text.isascii():
        return word.is_capitalised
    return (
        word.key in _known_names()
        or (before is not None and (before.key in _titles() or before.key in _surnames()))
        or (after is not None and after.key in _surnames())
    )


@cache
def _surnames() -> frozenset[str]:
    return frozenset(map(word_key, normalised_words(_SURNAMES)))


@cache
def _titles() -> frozenset[str]:
    return frozenset(map(word_key, normalised_words(_TITLES)))


@cache
def _no_names() -> frozenset[str]:
    return frozenset(map(word_key, normalised_words(" ".join((_NO_NAMES, *WEEKDAYS)))))


@cache
def _known_names() -> frozenset[str]:
    """Return the keys of known places, surnames and months in Bengali."""
    lines = (*entries("places", normalised), *entries("words", normalised, "names", "more_names"))
    return (
        _surnames()
        | {*map(word_key, normalised_words(" ".join(MONTHS)))}
        | {word_key(name) for line in lines for name in line.bengali if " " not in name}
    )
