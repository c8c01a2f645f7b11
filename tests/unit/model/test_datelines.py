"""Place tags and datelines as the portal writes them, and headlines and texts without any."""

from __future__ import annotations

import unicodedata
from typing import Literal, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpost_tui.model.datelines import MAX_TAG_CHARS, dateline, dateline_place, is_nobody, place_tag, without_tag

DATELINES = [
    "দ্য বেঙ্গল পোস্ট প্রতিবেদন, পশ্চিম মেদিনীপুর, ২৩ নভেম্বর:",
    "দ্য বেঙ্গল পোস্ট প্রতিবেদন, ২৫ অক্টোবর:",
    "দ্য বেঙ্গল পোস্ট বিশেষ প্রতিবেদন, সবং, ৯ জানুয়ারি:",
    "মণিরাজ ঘোষ, পশ্চিম মেদিনীপুর, 12 জুন :",
    "দ্য বেঙ্গল পোস্ট প্রতিবেদন, খড়্গপুর, ৩ ফেব্রুয়ারী:",
    "দ্য বেঙ্গল পোস্ট প্রতিবেদন, কলকাতা, ১৫ অগস্ট:",
]


Form = Literal["NFC", "NFD", "as written"]
in_each_form = pytest.mark.parametrize("form", get_args(Form))


def in_form(text: str, form: Form) -> str:
    return text if form == "as written" else unicodedata.normalize(form, text)


@in_each_form
@pytest.mark.parametrize("head", DATELINES)
def test_dateline_at_the_beginning_is_returned_unchanged(head: str, form: Form) -> None:
    head = in_form(head, form)
    text = f"{head} শোকসংবাদটা পৌঁছেছিল শুক্রবারই। সকাল ১০:৩০ নাগাদ, ২ মে: আবার।"
    assert dateline(text) == head


@pytest.mark.parametrize(
    "text",
    [
        "",
        "মেদিনীপুর শহরে বৃষ্টি।",
        "তিনি বললেন: ভালো আছি।",
        "প্রথম বাক্য শেষ। দ্য বেঙ্গল পোস্ট, ২৩ নভেম্বর: পরে।",
        "কী হল? দ্য বেঙ্গল পোস্ট, ২৩ নভেম্বর: পরে।",
        "এক লাইন\nদ্য বেঙ্গল পোস্ট, ২৩ নভেম্বর: পরে।",
        "সময়: ১০টা, ২৩ নভেম্বর: পরে।",
        "দ্য বেঙ্গল পোস্ট প্রতিবেদন, ২৩ নভেম্বর বিকেলে ঘটনাটি ঘটে: বলা হয়।",
        "খ" * 400 + ", ২৩ নভেম্বর:",
    ],
)
def test_dateline_of_a_text_without_one_is_empty(text: str) -> None:
    assert dateline(text) == ""


@given(st.text(alphabet="দ্য, ২৩নভেম্বর:।য\u09bc\n মে", max_size=300))
def test_dateline_of_any_text_is_a_prefix(text: str) -> None:
    head = dateline(text)
    assert text.startswith(head)
    assert head == "" or head.endswith(":")


SHAPES = """
নিজস্ব সংবাদদাতা, মেদিনীপুর: | মেদিনীপুর
নিজস্ব সংবাদদাতা, খড়গপুর: | খড়গপুর
নিজস্ব সংবাদদাতা: |
নিজস্ব প্রতিনিধি, ঘাটাল: | ঘাটাল
নিজস্ব প্রতিবেদন: |
নিজস্ব সংবাদদাতা • মেদিনীপুর: | মেদিনীপুর
ডিজিটাল ডেস্ক: |
ওয়েব ডেস্ক: |
ডিজিটাল ডেস্ক, ২৩ নভেম্বর: |
দ্য বেঙ্গল পোস্ট প্রতিবেদন, পশ্চিম মেদিনীপুর, ২৩ নভেম্বর: | পশ্চিম মেদিনীপুর
দ্য বেঙ্গল পোস্ট প্রতিবেদন, ২৩ নভেম্বর ২০২৬: |
দ্য বেঙ্গল পোস্ট প্রতিবেদন, সবং, ২৩শে নভেম্বর: | সবং
মেদিনীপুর, ২৩ নভেম্বর — | মেদিনীপুর
মেদিনীপুর, ২৩ নভেম্বর – | মেদিনীপুর
২৩শে নভেম্বর ২০২৬ — |
২৩ নভেম্বর: |
নয়াদিল্লি (পিটিআই): | নয়াদিল্লি
হলদিয়া ২১ এপ্রিল: | হলদিয়া
শিলিগুড়ি, ৩০ এপ্রিল, নিজস্ব সংবাদদাতা: | শিলিগুড়ি
ময়মনসিংহ: | ময়মনসিংহ
(পিটিআই): |
নয়াদিল্লি, ২৩ নভেম্বর (পিটিআই): | নয়াদিল্লি
কলকাতা, ২৩ নভেম্বর (হি.স.): | কলকাতা
নয়াদিল্লি, ২৩ নভেম্বর, ২০২৬ (এএনআই): | নয়াদিল্লি
সম্যক খান, মেদিনীপুর: | মেদিনীপুর
সৌমেন চক্রবর্তী, পশ্চিম মেদিনীপুর: | পশ্চিম মেদিনীপুর
স্টাফ রিপোর্টার, তমলুক: | তমলুক
সংবাদদাতা, ঘাটাল: | ঘাটাল
এই সময়, মেদিনীপুর: | মেদিনীপুর
আজকাল ওয়েবডেস্ক: |
জি ২৪ ঘণ্টা ডিজিটাল ব্যুরো: |
মেদিনীপুর: | মেদিনীপুর
#মেদিনীপুর: | মেদিনীপুর
ঘাটাল ও দাসপুর: | ঘাটাল ও দাসপুর
নিজস্ব সংবাদদাতা, ঘাটাল ও দাসপুর: | ঘাটাল ও দাসপুর
KOLKATA: | KOLKATA
Midnapore, Nov 23 (PTI): | Midnapore
বিশেষ সংবাদদাতা, নয়াদিল্লি — | নয়াদিল্লি
নিজস্ব সংবাদদাতা, দুধকুমড়া: | দুধকুমড়া
মণিরাজ ঘোষ, পশ্চিম মেদিনীপুর, 12 জুন : | পশ্চিম মেদিনীপুর
সংবাদ সংস্থা, লন্ডন: | লন্ডন
সংবাদ সংস্থা: |
মেদিনীপুর, ২৩/১১/২০২৬: | মেদিনীপুর
নিজস্ব সংবাদদাতা, মেদিনীপুর, ২৩ নভেম্বর, ২০২৬: | মেদিনীপুর
নিজস্ব সংবাদদাতা, শালবনি, মঙ্গলবার, ২৩ নভেম্বর: | শালবনি
কলকাতা ব্যুরো: |
ঢাকা — | ঢাকা
ঢাকা, ২৩ নভেম্বর (বাসস) – | ঢাকা
ঢাকা-চট্টগ্রাম: | ঢাকা-চট্টগ্রাম
বেঙ্গল পোস্ট ব্যুরো, কলকাতা: | কলকাতা
নিজস্ব সংবাদদাতা, মেদিনীপুর ও ঝাড়গ্রাম: | মেদিনীপুর ও ঝাড়গ্রাম
"""
"""Datelines of papers, each followed by its place."""
NOT_ONE = """
তিনি বললেন: ভালো আছি।
সময়: ১০টা, ২৩ নভেম্বর: পরে।
মেদিনীপুর শহরে বৃষ্টি।
প্রশ্ন: কেমন আছেন?
পুলিশ জানিয়েছে, মেদিনীপুর: একটি শহর।
শর্ত একটাই: সময়ে আসতে হবে।
সকাল ১০:৩০ নাগাদ দুর্ঘটনা ঘটে।
সিপিএমের প্রতিনিধি বলেন: লড়াই চলবে।
২৩ নভেম্বর রাতে দুর্ঘটনা ঘটে।
দুই দল — তৃণমূল ও বিজেপি — মুখোমুখি।
মেদিনীপুর-খড়্গপুর রাস্তায় দুর্ঘটনা।
তাঁর দাবি: সব মিথ্যা।
মুখ্যমন্ত্রীর বার্তা, এক কথায়: শান্তি।
ফল: ২-০।
লক্ষ্য একটাই — জয়।
হাওড়া স্টেশন: একটি ইতিহাস।
আজ, ২৩ নভেম্বর — বিশেষ দিন।
ঢাকা–চট্টগ্রাম মহাসড়কে যানজট। চলছে ধীরে।
ঢাকা–চট্টগ্রাম মহাসড়কে যানজট
ঢাকা-চট্টগ্রাম মহাসড়কে যানজট। চলছে ধীরে।
ঢাকা – চট্টগ্রাম মহাসড়কে যানজট।
ঢাকা - চট্টগ্রাম মহাসড়কে যানজট।
ঢাকা –চট্টগ্রাম মহাসড়কে যানজট।
ঢাকা– চট্টগ্রাম মহাসড়কে যানজট।
কলকাতা–দিল্লি উড়ান বাতিল হল।
কলকাতা—দিঘা রাস্তায় যানজট।
কলকাতা — দিঘা, দু’দিকেই যানজট।
কলকাতা – দিঘাগামী বাস উল্টে মৃত দুই।
ঢাকা – চট্টগ্রামের পথে যানজট।
কলকাতা–পশ্চিম মেদিনীপুর বাস বন্ধ।
মেদিনীপুর – পশ্চিম বর্ধমান বাস বন্ধ।
মেদিনীপুর–খড়্গপুর রাস্তায় দুর্ঘটনা।
ঢাকা–চট্টগ্রাম–কক্সবাজার রেলপথে ট্রেন বন্ধ।
ঢাকা – চট্টগ্রাম – কক্সবাজার রেলপথে ট্রেন বন্ধ।
ঢাকা ও সিলেট – চট্টগ্রাম মহাসড়কে যানজট।
কলকাতা—শহরের নাম।
কলকাতা, দিল্লি, মুম্বই: তিন শহরে তল্লাশি।
৫ জুন– বিশ্ব পরিবেশ দিবস।
তাঁর জন্ম ২১ এপ্রিল: আজ জন্মদিন।
Kolkata–Delhi উড়ান বাতিল হল।
"""


@pytest.mark.parametrize("line", SHAPES.strip().splitlines())
def test_dateline_of_any_form_has_its_place(line: str) -> None:
    head, _, place = line.partition(" |")
    text = f"{head} শহরে আগুন লেগেছে, জানান তিনি: সব শেষ।"
    assert dateline(text).strip() == head
    assert dateline_place(text) == unicodedata.normalize("NFC", place.strip())


@pytest.mark.parametrize("text", NOT_ONE.strip().splitlines())
def test_other_beginnings_are_no_dateline(text: str) -> None:
    assert dateline(text) == ""


@pytest.mark.parametrize("author", ["নিজস্ব সংবাদদাতা", "দ্য বেঙ্গল পোস্ট প্রতিবেদন", "ডিজিটাল ডেস্ক", "News Desk", "PTI", "Web Desk"])
def test_generic_byline_is_nobody(author: str) -> None:
    assert is_nobody(author)


@pytest.mark.parametrize("author", ["মণিরাজ ঘোষ", "Maniraj Ghosh", ""])
def test_named_byline_is_somebody(author: str) -> None:
    assert not is_nobody(author)


# ── place tags ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("title", "tag", "rest"),
    [
        ("Midnapore: মেয়ের অন্নপ্রাশন শেষে জ্বর নিয়েই কাজে", "Midnapore", "মেয়ের অন্নপ্রাশন শেষে জ্বর নিয়েই কাজে"),
        ("IIT Kharagpur: নতুন ছাত্রাবাস", "IIT Kharagpur", "নতুন ছাত্রাবাস"),
        ("Rabindranath : কবির জন্মদিন", "Rabindranath", "কবির জন্মদিন"),
        ("WB HS Result:মেধা তালিকায় ছয়ে ছয়", "WB HS Result", "মেধা তালিকায় ছয়ে ছয়"),
        ("Midnapore TMC: ১: প্রথম", "Midnapore TMC", "১: প্রথম"),
        ("HS Results 2024: ফল প্রকাশ", "HS Results 2024", "ফল প্রকাশ"),
        (
            "WhatsApp: ভারত সহ বিশ্বের বিভিন্ন অংশে কাজ করছেনা WhatsApp!",
            "WhatsApp",
            "ভারত সহ বিশ্বের বিভিন্ন অংশে কাজ করছেনা WhatsApp!",
        ),
    ],
)
def test_place_tag_is_the_latin_words_before_a_colon(title: str, tag: str, rest: str) -> None:
    assert (place_tag(title), without_tag(title)) == (tag, rest)


@pytest.mark.parametrize(
    "title",
    [
        "",
        "কাজ করছেনা WhatsApp: আশ্বস্ত করল Meta",
        "মেটা (Meta)’র অ্যাপ",
        "Kharagpur ওড়িশার কলেজে: রহস্যমৃত্যু",
        "One two three four five: ছয়",
        "A" * 41 + ": দীর্ঘ",
        "https://thebengalpost.net",
        "Update 10:30 AM",
        "Midnapore:",
        "Midnapore: ",
        ": খবর",
    ],
)
def test_place_tag_of_a_title_without_one_is_empty(title: str) -> None:
    assert (place_tag(title), without_tag(title)) == ("", title)


@given(st.text() | st.from_regex(r"[A-Za-z .:ক১]{0,60}"))
def test_without_tag_of_any_title_is_a_suffix(title: str) -> None:
    assert len(place_tag(title)) <= MAX_TAG_CHARS
    assert title.endswith(without_tag(title))
    assert bool(without_tag(title)) == bool(title)


@pytest.mark.parametrize(
    ("head", "place"),
    [
        ("শিলিগুড়ি, ৩ মাঘ:", "শিলিগুড়ি"),
        ("ঢাকা, ১ বৈশাখ ১৪৩৩:", "ঢাকা"),
        ("ঢাকা, ১লা বৈশাখ ১৪৩৩ বঙ্গাব্দ:", "ঢাকা"),
        ("উ. ২৪ পরগনা:", "উ. ২৪ পরগনা"),
        ("নিজস্ব সংবাদদাতা, উঃ ২৪ পরগনা:", "উঃ ২৪ পরগনা"),
        ("নিজস্ব সংবাদদাতা, মেদিনীপুরঃ", "মেদিনীপুর"),
        ("মেদিনীপুর, ২৩ নভেম্বরঃ", "মেদিনীপুর"),
        ("মোঃ রহিম, ঢাকাঃ", "ঢাকা"),
        ("২৩ নভেম্বর, পুরুলিয়া:", "পুরুলিয়া"),
        ("পূ. বর্ধমান —", "পূ. বর্ধমান"),
    ],
)
def test_dateline_with_bangla_month_visarga_or_short_direction_is_known(head: str, place: str) -> None:
    text = f"{head} বৃষ্টি হল।"
    assert (dateline(text), unicodedata.normalize("NFC", dateline_place(text))) == (head, unicodedata.normalize("NFC", place))


@pytest.mark.parametrize("text", ["বস্তুতঃ তিনি বলেন", "ঢাকা–চট্টগ্রাম মহাসড়কে যানজট।", "কলকাতা—দিঘা রাস্তায় যানজট।", "উঃ মেদিনীপুরে বৃষ্টি।"])
def test_word_with_visarga_and_route_are_news(text: str) -> None:
    assert dateline(text) == ""


@pytest.mark.parametrize("tag", ["ঘাটাল", "আবহাওয়া", "সম্পাদকীয়", "সাক্ষাৎকার", "উ. ২৪ পরগনা", "পশ্চিম মেদিনীপুর"])
@pytest.mark.parametrize("colon", [":", " :", "ঃ"])
def test_bengali_place_or_desk_before_the_colon_is_a_tag(tag: str, colon: str) -> None:
    title = f"{tag}{colon} বাঁধ ভাঙল"
    assert (place_tag(title), without_tag(title)) == (tag, "বাঁধ ভাঙল")


@pytest.mark.parametrize(
    "title", ["মমতা: আমি যাব", "ঢাকা: ২৪০/৫", "মেদিনীপুর ও খড়গপুর: দুই শহর", "বাঁধ: ভাঙল কেন", "কলকাতা:দিল্লি", "ঘাটাল বাঁধ: ভাঙল"]
)
def test_speaker_score_or_subject_before_the_colon_is_no_tag(title: str) -> None:
    assert (place_tag(title), without_tag(title)) == ("", title)


PAGE_LINES = [
    "December 30, 2025 ",
    "3 HOUR(s)\n\t\tUPDATED\n\t\t2 HOUR(s)\n\n",
    "45 MINUTE(s)\n\t\tUPDATED\n\t\t5 MINUTE(s)\n\n",
    "Published 5 hours ago ",
    "Updated: December 30, 2025, 10:15 AM IST ",
    "4 min read ",
    "4 minutes read ",
    "প্রকাশ ৫ ঘণ্টা আগে ",
    "আপডেট : ২৮ ডিসেম্বর ২০২৫ ",
    "পড়ার সময়: ৩ মিনিট ",
    "ফাইল ছবি : এএফপি ",
    "কম ডেটা ব্যবহার করতে শুধু টেক্সট পড়ুন ",
    "ঢাকা মঙ্গলবার, ৩০ ডিসেম্বর ২০২৫ স্পোর্টস ডেস্ক প্রকাশ: ২৮ ডিসেম্বর ২০২৫ | ১৩:১২ ",
    "ছবির উৎস, Getty ImagesPublished ৫ ঘণ্টা আগেপড়ার সময়: ৩ মিনিট",
    "সেতুর উপরে মিছিলফাইল ছবি: রয়টার্স",
]


@in_each_form
@pytest.mark.parametrize("lines", PAGE_LINES)
def test_lines_of_the_page_come_before_the_news(lines: str, form: Form) -> None:
    lines = in_form(lines, form)
    assert dateline(f"{lines}বাঁধ ভাঙল শুক্রবার।") == lines
    assert dateline(f"{lines}নিজস্ব সংবাদদাতা, মেদিনীপুর: বাঁধ ভাঙল।") == f"{lines}নিজস্ব সংবাদদাতা, মেদিনীপুর:"
    assert dateline_place(f"{lines}নিজস্ব সংবাদদাতা, মেদিনীপুর: বাঁধ ভাঙল।") == "মেদিনীপুর"


@pytest.mark.parametrize(
    "text",
    [
        "December 30, 2025 was a cold day.",
        "Published two years ago, the book is read again.",
        "৫ ঘণ্টা আগে মৃত্যু হয়েছে তাঁর।",
        "ফল প্রকাশ: আজ দুপুরে।",
        "তাঁর নতুন ছবি: অরণ্যে একা।",
    ],
)
def test_news_that_resembles_a_line_of_the_page_stays(text: str) -> None:
    assert dateline(text) == ""
