"""How far an event has come, arrested, in court, mourned: what tells a follow-up from the news it follows. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from bpost_tui.bengali.normalise import words
from bpost_tui.same_news.keys import key_of

_WORDS = {
    "arrest": "গ্রেপ্তার ধৃত আটক পাকড়াও",
    "court": "আদালত হেফাজত জামিন কারাদণ্ড সাজা যাবজ্জীবন চার্জশিট দোষী হাজতবাস বেকসুর",
    "surrender": "আত্মসমর্পণ",
    "mourning": "শেষকৃত্য শোকস্তব্ধ স্মরণসভা শোকমিছিল কফিন কফিনবন্দী কফিনবন্দি শেষযাত্রা গানস্যালুট সমাহিত শেষবিদায় অন্ত্যেষ্টি",
    "paid": "ক্ষতিপূরণ",
    "inquiry": "ময়নাতদন্ত ফরেন্সিক সিট সিআইডি সিবিআই এনআইএ তদন্তকমিটি পুনর্নির্মাণ নমুনা",
    "protest": "বিক্ষোভ অবরোধ ধর্মঘট বনধ মিছিল ঘেরাও ধর্না অনশন ভাঙচুর কর্মবিরতি",
    "back": "স্বাভাবিক প্রত্যাহার প্রত্যাহৃত",
    "called off": "স্থগিত বাতিল",
    "answer": "তরজা চাপানউতোর পাল্টা কটাক্ষ প্রতিক্রিয়া জবাব তোপ",
    "visit": "পরিদর্শন পরিদর্শনে সফর",
    "forecast": "পূর্বাভাস সতর্কতা",
    "damage": "বিপর্যস্ত লন্ডভন্ড তাণ্ডব ক্ষয়ক্ষতি তছনছ বিধ্বস্ত",
    "result": "ফলপ্রকাশ ফলাফল",
    "ready": "প্রস্তুতি খুঁটিপুজো মহড়া",
    "opened": "উদ্বোধন সূচনা শিলান্যাস",
    "over": "সমাপ্তি সমাপ্ত বিসর্জন নিরঞ্জন",
    "found": "উদ্ধার",
    "dead": "মৃত প্রয়াত প্রয়াণ জীবনাবসান প্রাণহানি পিষ্ট খুন দেহ মৃতদেহ",
    "punished": "সাসপেন্ড বরখাস্ত বহিষ্কার শোকজ",
    "injured": "আহত",
    "missing": "নিখোঁজ",
}
"""Stage → the words that say so."""


def stages_of(keys: Iterable[str]) -> frozenset[str]:
    """Return the stages that the words of a text name, given as keys."""
    named = _stage_of()
    return frozenset(named[key] for key in keys if key in named)


@cache
def _stage_of() -> dict[str, str]:
    return {key_of(word): stage for stage, written in _WORDS.items() for word in words(written)}
