"""Places that news of West Bengal comes from: towns, blocks and districts, by their names in either script. Pure.

Not a gazetteer, but what tells "an accident in Debra" from "an accident in Ghatal". Other places count as any other word.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from bpost_tui.bengali import phonetic
from bpost_tui.bengali.normalise import normalised, words
from bpost_tui.bengali.similarity import distance
from bpost_tui.same_news.keys import key_of

_TOWNS = """
মেদিনীপুর খড়্গপুর খড়গপুর ঘাটাল ডেবরা সবং পিংলা দাঁতন কেশিয়াড়ি নারায়ণগড় বেলদা মোহনপুর কেশপুর শালবনি শালবনী গড়বেতা গোয়ালতোড় চন্দ্রকোনা চন্দ্রকোণা ক্ষীরপাই
রামজীবনপুর দাসপুর সোনাখালি জকপুর বালিচক কলাইকুন্ডা লোয়াদা জলচক তেমাথানি আনন্দপুর হুমগড় চন্দ্রকোনারোড ধেড়ুয়া মকরামপুর
ঝাড়গ্রাম গোপীবল্লভপুর সাঁকরাইল জামবনি বিনপুর লালগড় বেলপাহাড়ি নয়াগ্রাম শিলদা লোধাশুলি মানিকপাড়া চিল্কিগড় দহিজুড়ি
তমলুক হলদিয়া কাঁথি এগরা পাঁশকুড়া কোলাঘাট মহিষাদল নন্দীগ্রাম নন্দকুমার চণ্ডীপুর ভগবানপুর পটাশপুর দিঘা দীঘা মন্দারমণি তাজপুর শঙ্করপুর খেজুরি
মেচেদা সুতাহাটা বাজকুল হেঁড়িয়া ভগবানগোলা মারিশদা জুনপুট
বাঁকুড়া বিষ্ণুপুর খাতড়া সোনামুখী মুকুটমণিপুর রাইপুর সিমলাপাল সারেঙ্গা তালড্যাংরা ওন্দা বড়জোড়া জয়পুর কোতুলপুর পাত্রসায়র শালতোড়া ছাতনা গঙ্গাজলঘাটি রানিবাঁধ
পুরুলিয়া রঘুনাথপুর আদ্রা ঝালদা বলরামপুর বাঘমুণ্ডি মানবাজার বান্দোয়ান কাশীপুর আড়শা পুঞ্চা
বর্ধমান আসানসোল দুর্গাপুর কালনা কাটোয়া রানিগঞ্জ জামুড়িয়া মেমারি গুসকরা অণ্ডাল মন্তেশ্বর
সিউড়ি বোলপুর শান্তিনিকেতন রামপুরহাট নলহাটি সাঁইথিয়া দুবরাজপুর তারাপীঠ লাভপুর নানুর মুরারই
বহরমপুর জঙ্গিপুর লালবাগ ডোমকল ফরাক্কা ধুলিয়ান সামশেরগঞ্জ রঘুনাথগঞ্জ বেলডাঙা হরিহরপাড়া
কৃষ্ণনগর রানাঘাট কল্যাণী শান্তিপুর নবদ্বীপ চাকদহ তেহট্ট করিমপুর হাঁসখালি ফুলিয়া
চুঁচুড়া চন্দননগর শ্রীরামপুর আরামবাগ তারকেশ্বর সিঙ্গুর ডানকুনি রিষড়া উত্তরপাড়া পান্ডুয়া ধনেখালি খানাকুল গোঘাট পুরশুড়া
উলুবেড়িয়া বাগনান শ্যামপুর ডোমজুড় বেলুড় লিলুয়া সাঁতরাগাছি শিবপুর পাঁচলা
বারাসত ব্যারাকপুর বনগাঁ বসিরহাট হাবড়া অশোকনগর নৈহাটি ভাটপাড়া কাঁচরাপাড়া সন্দেশখালি হাসনাবাদ মধ্যমগ্রাম বিধাননগর সল্টলেক নিউটাউন
ডায়মন্ডহারবার কাকদ্বীপ  ক্যানিং বারুইপুর জয়নগর সোনারপুর ভাঙড় বাসন্তী গোসাবা কুলতলি মথুরাপুর ফলতা বজবজ মহেশতলা
শিলিগুড়ি জলপাইগুড়ি ধূপগুড়ি মালবাজার দার্জিলিং কালিম্পং কার্শিয়াং কোচবিহার দিনহাটা তুফানগঞ্জ মাথাভাঙা আলিপুরদুয়ার ফালাকাটা রায়গঞ্জ ইসলামপুর কালিয়াগঞ্জ
বালুরঘাট গঙ্গারামপুর ইংরেজবাজার মালদহ মালদা চাঁচল মানিকচক গাজোল
বেহালা যাদবপুর গড়িয়া টালিগঞ্জ শিয়ালদহ ধর্মতলা ভবানীপুর কালীঘাট আলিপুর কসবা তিলজলা পার্কসার্কাস শ্যামবাজার বেলেঘাটা গড়িয়াহাট উল্টোডাঙা
বালেশ্বর জলেশ্বর রাঁচি জামশেদপুর টাটানগর ভুবনেশ্বর কটক পটনা দিল্লি মুম্বই চেন্নাই বেঙ্গালুরু হায়দরাবাদ লখনউ গুয়াহাটি আগরতলা ঢাকা
"""
_WIDE = """
মেদিনীপুর ঝাড়গ্রাম বাঁকুড়া পুরুলিয়া বর্ধমান বীরভূম মুর্শিদাবাদ নদিয়া হুগলি হাওড়া পরগনা কলকাতা দার্জিলিং কালিম্পং জলপাইগুড়ি আলিপুরদুয়ার কোচবিহার মালদা
দিনাজপুর জঙ্গলমহল বাংলা পশ্চিমবঙ্গ ভারত
"""
_LEAST_SOUNDS = 3
"""Consonants of a place in Latin letters, so that no English word is taken for one."""
_NEAR = 0.5
"""How far the sound of Latin letters may be from a place's name (similarity.distance)."""


class Places(NamedTuple):
    """The places that a text names, as keys."""

    near: frozenset[str]
    """Towns and blocks: what can tell two events apart."""
    wide: frozenset[str]
    """Districts, and what is larger; a town that gives its district the name is in both."""


def places_of(text_words: Sequence[str], tag_words: Sequence[str] = ()) -> Places:
    """Return the places among normalised words, of either script; a place tag (`Midnapore:`) often means the whole district."""
    towns, wide = _keys()
    keys, tagged = list(map(_place_key, text_words)), set(map(_place_key, tag_words))
    of_districts = _districts()
    near = {
        key for before, key in zip([""] * bool(keys) + keys[:-1], keys, strict=True) if key in towns and before not in of_districts
    }
    return Places(frozenset(near | (tagged & towns) - wide), frozenset((set(keys) | tagged) & wide))


def place_name(key: str) -> str:
    """Return the name of a place that a text named."""
    return _names()[key]


def _place_key(word: str) -> str:
    key = key_of(word)
    return _heard(word) or key if key.isascii() and len(word) > _LEAST_SOUNDS else key


@lru_cache(maxsize=1 << 10)
def _heard(latin: str) -> str:
    """Return the key of the place that Latin letters sound like, empty where there is none."""
    if not latin.isalpha():
        return ""
    names = {name for key in phonetic.keys(latin) if len(key) >= _LEAST_SOUNDS for name in _by_sound().get(key, ())}
    near = sorted((distance(name, latin), name) for name in names)
    return key_of(near[0][1]) if near and near[0][0] <= _NEAR else ""


@cache
def _keys() -> tuple[frozenset[str], frozenset[str]]:
    return frozenset(map(key_of, words(_TOWNS))), frozenset(map(key_of, words(_WIDE)))


@cache
def _names() -> dict[str, str]:
    return {key_of(normalised(name)): name for name in reversed((_TOWNS + _WIDE).split())}


@cache
def _districts() -> frozenset[str]:
    """Return the words that make a district of the town's name that follows: West Midnapore."""
    return frozenset(map(key_of, words("পশ্চিম পূর্ব উত্তর দক্ষিণ দুই paschim purba west east")))


@cache
def _by_sound() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, name in phonetic.key_pairs(words(_TOWNS)):
        found.setdefault(key, []).append(name)
    return found
