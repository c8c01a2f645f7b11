from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bpost_tui.bengali.letters import composed
from bpost_tui.same_news.likeness import likeness
from bpost_tui.same_news.signature import Signature, sign

TUESDAY = datetime(2026, 11, 24, 6, tzinfo=UTC)
TITLE = "Debra: ডেবরায় লরির ধাক্কায় মৃত ২"
TEXT = (
    "দ্য বেঙ্গল পোস্ট প্রতিবেদন, পশ্চিম মেদিনীপুর, ২৪ নভেম্বর: সোমবার রাতে ডেবরার আষাড়িতে লরির ধাক্কায় মৃত্যু হল দুই বাইক আরোহীর। "
    "মৃতদের নাম সুরজিৎ মান্না (২৪) ও বাপন দোলই (২২)। দু’জনের বাড়ি রাধামোহনপুরে।"
)


def _story(title: str = TITLE, text: str = TEXT, published: datetime = TUESDAY) -> Signature:
    return sign(title, text, published)


def test_other_account_of_one_event_is_the_same_news_and_says_why() -> None:
    other = _story(
        "লরি পিষে দিল বাইক, ডেবরায় মৃত দুই বন্ধু",
        "নিজস্ব সংবাদদাতা, ডেবরা: আষাড়ির কাছে সোমবার রাতে দুর্ঘটনা। মারা গেলেন সুরজিৎ মান্না ও বাপন দলুই। রাধামোহনপুরে শোক।",
    )
    found = likeness(_story(), other)
    assert found.is_same_news
    assert {"সুরজিৎ", "মান্না", "বাপন", "রাধামোহনপুরে"} <= set(found.words)
    assert found.places == ("ডেবরা",)


@pytest.mark.parametrize(
    ("changed", "against"),
    [
        ({"published": TUESDAY + timedelta(days=2, seconds=1)}, "time"),
        ({"title": "ঘাটালে লরির ধাক্কায় মৃত ২", "text": TEXT.replace("ডেবরার", "ঘাটালের")}, "place"),
        ({"text": TEXT.replace("সোমবার রাতে", "শুক্রবার সকালে")}, "day"),
        ({"title": TITLE.replace("মৃত ২", "মৃত ৫")}, "figures"),
        ({"text": TEXT.replace("সুরজিৎ মান্না", "গোপাল সামন্ত").replace("বাপন দোলই", "নিমাই পাল")}, "name"),
        ({"title": "ডেবরার দুর্ঘটনায় গ্রেপ্তার ঘাতক লরির চালক"}, "stage"),
        ({"title": "বইমেলায় উপচে পড়া ভিড়"}, "headline"),
    ],
)
def test_account_that_differs_in_what_matters_is_other_news(changed: dict[str, object], against: str) -> None:
    assert against in likeness(_story(), _story(**changed)).against  # type: ignore[arg-type]  # values of several types


def test_headline_of_another_in_the_same_words_is_other_news() -> None:
    one, other = (
        _story(f"প্রয়াত সাহিত্যিক {name}, শোকের ছায়া সাহিত্য মহলে", f"প্রয়াত হলেন সাহিত্যিক {name}। বাড়িতে শেষ নিঃশ্বাস ত্যাগ করেন তিনি।")
        for name in ("অনাদিচরণ মাইতি", "বিমলকুমার দাস")
    )
    assert "frame" in likeness(one, other).against


def test_story_is_as_like_another_as_that_is_like_it() -> None:
    one, other = _story(), _story("WhatsApp: বন্ধ WhatsApp", "মঙ্গলবার বন্ধ হোয়াটসঅ্যাপ।")
    assert likeness(one, other).score == pytest.approx(likeness(other, one).score)


def test_latin_words_when_the_other_writes_them_in_bengali_are_shared() -> None:
    same = "বিভ্রাট দুপুরে: নাকাল গ্রাহক, মেসেজ থমকে"
    one, other = _story(f"WhatsApp {same}", "WhatsApp"), _story(f"হোয়াটসঅ্যাপ {same}", "হোয়াটসঅ্যাপ")
    assert composed("হোয়াটসঅ্যাপ") in likeness(one, other).words


def test_story_without_words_is_the_same_news_as_none() -> None:
    assert not likeness(_story("", ""), _story("", "")).is_same_news
