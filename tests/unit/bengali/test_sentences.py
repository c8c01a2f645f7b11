from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpost_tui.bengali.sentences import sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("এক। দুই। তিন", ["এক।", "দুই।", "তিন"]),
        ("সত্যি? হ্যাঁ! তাই।", ["সত্যি?", "হ্যাঁ!", "তাই।"]),
        ("“যাব না।” বলে তিনি উঠলেন। “থাক।” তিনি বললেন।", ["“যাব না।” বলে তিনি উঠলেন।", "“থাক।”", "তিনি বললেন।"]),
        ("তিনি (হ্যাঁ!) এলেন। “এ কী!” চেঁচিয়ে ওঠেন মা।", ["তিনি (হ্যাঁ!) এলেন।", "“এ কী!” চেঁচিয়ে ওঠেন মা।"]),
        ("“কেন যাব?” প্রশ্ন তাঁর। “যাব।” বলরাম গেল।", ["“কেন যাব?” প্রশ্ন তাঁর।", "“যাব।”", "বলরাম গেল।"]),
        ("ক্ষতি ১.৫ লক্ষ টাকা। thebengalpost.net দেখুন।", ["ক্ষতি ১.৫ লক্ষ টাকা।", "thebengalpost.net দেখুন।"]),
        ("It ended. He left.", ["It ended.", "He left."]),
        ("এ কী?! … ।।", ["এ কী?!"]),
        ("এ.আর. রহমান এলেন। ড. সেন বললেন।", ["এ.আর. রহমান এলেন।", "ড. সেন বললেন।"]),
        ("কে এলেন? ডা. রায়.", ["কে এলেন?", "ডা. রায়."]),
    ],
)
def test_sentences_end_at_dandas_and_similar_signs(text: str, expected: list[str]) -> None:
    assert [text[start:end].strip() for start, end in sentences(text)] == expected


SENTENCES = """
১. প্রথম কথা।
নিয়ম দুটি। / ১. প্রথম কথা। / ২. দ্বিতীয় কথা।
গ্রামটি ৫ কি.মি. দূরে। / সেখানে বাস যায়।
প. মেদিনীপুর থেকে এলেন। / উ./দ. ২৪ পরগনা থেকেও।
মি. রায় বললেন। / শ্রী. দাস ছিলেন না।
প্রো. সেন ও অধ্যা. ঘোষ এলেন।
রু. ৫০০ দিন। / নং. ৫। / তাং. ২৩ নভেম্বর।
উ.প্র. থেকে এলেন।
খ্রি.পূ. তৃতীয় শতকে।
কে বললেন? / কেন! / তাই বুঝি!!
তিনি থামলেন… / তারপর আবার বললেন।
তিনি থামলেন... / তারপর আবার বললেন।
A.T.M. থেকে টাকা উধাও। / তদন্ত শুরু।
Dr. Sen came. / He left.
The U.S.A. team won. / They left.
এ. পি. জে. আবদুল কালাম এসেছিলেন।
ড. সেন ও ডা. রায়।
বি.এ. পাশ করেছেন তিনি।
“যাব না।” বলে তিনি উঠলেন।
বেতন (?) বাড়ল।
দেখুন https://x.in/?q=1 পাতায়।
ক্ষতি ১.৫ লক্ষ টাকা। / thebengalpost.net দেখুন।
ডাক্তার বললেন, ‘চিন্তা নেই।’ / সবাই হাসল।
মহ. সেলিম, মো. আলি ছিলেন।
Mr. Roy ও Mrs. Roy এলেন।
আর.জি. কর হাসপাতালে।
তিনি এলেন. / তারপর গেলেন.
ম্যাচ ২-০। / জিতল বাংলা।
“ছাড়ব না।” হুঁশিয়ারি মন্ত্রীর। / সবাই স্তব্ধ।
“মা!” ডাকল ছেলে। / মা এলেন।
“মানুষ জাগছে।”-এই বার্তা দিলেন। / সভা শেষ।
তিনি বললেন, “আসব।” / এলেন না।
তিনি বললেন, “যাব।” / গেলেন।
“সাবধান!” সতর্ক করল আবহাওয়া দফতর। / ঝড় আসছে।
“কে মেরেছে?” কাঁদছেন মা। / উত্তর নেই।
“ঠিক আছে।” / বৈঠক শেষ হল সন্ধ্যায়।
‘বলা কঠিন।’ / পরে গেছে পার্টির সাধারণ সম্পাদকের কাছে।
‘আমরা চেয়েছি।’ / রহিম ফেরায় জায়গা হারিয়েছেন করিম।
ক. প্রথম। / খ. দ্বিতীয়।
(১) প্রথম। / (২) দ্বিতীয়।
বিকেল ৪.৩০ মিনিটে সভা। / ভিড় হয়েছিল।
জে.এল. নং ৫৩ মৌজায়।
No. 5 ward. / Next.
e.g. this one. / Done.
কী?! / সত্যি?
"""
"""Texts, one a line, with ` / ` after each sentence but the last."""


@pytest.mark.parametrize("line", SENTENCES.strip().splitlines())
def test_sentences_do_not_end_at_short_forms_initials_or_numbers(line: str) -> None:
    parts = line.split(" / ")
    text = " ".join(parts)
    assert [text[start:end].strip() for start, end in sentences(text)] == parts


def test_sentences_end_with_their_line() -> None:
    text = "প্রথম লাইন\nদ্বিতীয় লাইন"
    assert [text[start:end] for start, end in sentences(text)] == text.split("\n")


@given(st.text(alphabet="ক।?!. “”a1\n", max_size=60))
def test_sentences_of_any_text_are_ordered_and_complete(text: str) -> None:
    spans = sentences(text)
    assert all(start < end for start, end in spans)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))
    kept = "".join(text[start:end] for start, end in spans)
    assert [char for char in kept if char.isalnum()] == [char for char in text if char.isalnum()]
