"""Bengali for the typesetter: fonts, letters that decide sizes and line heights, and words that belong on the same line."""

from __future__ import annotations

from pathlib import Path

from bpost_tui.bengali.abbreviations import UNITS, WITH_FULL_STOP
from bpost_tui.bengali.letters import composed
from bpost_tui.typesetting.text.lazy_pattern import lazy_pattern
from bpost_tui.typesetting.text.phrase import Phrase
from bpost_tui.typesetting.typeset.script import BundledFont, LanguageRules, MalformedLetters, Script

_LAST_WORD = lazy_pattern(r"[^\s(“‘-]+$")
_INITIALS = lazy_pattern(r"(?:\w[\u0981-\u09cd]{0,3}(?:\w[\u0981-\u09cd]{0,3})?\.){2,}|[A-Z]\.")
_LAST_IN_ITS_PHRASE = (
    UNITS.keys() | {"প্রা.", "লি.", "খ্রি.", "খ্রী.", "খ্রি.পূ.", "উ.প্র.", "ম.প্র.", "প.ব.", "Ltd.", "Pvt.", "Inc.", "etc."}
) - {"মি."}
"""Abbreviations after which a line may end, because the next word doesn't belong to them. মি. is left out: it is also a title."""
_METRES = lazy_pattern(r"[0-9০-৯] ?মি\.$")
_DATES, _HOURS = "শে|ই|লা|রা|ঠা", "টা|টো|টে"
_SHORT, _TITLES = "ডঃ|ডাঃ|মোঃ|মহঃ", "নং|শ্রী|মিঃ"
_ENDS = lazy_pattern(
    rf"[0-9০-৯](?:(?P<number>(?:{_DATES})?)|(?P<hour>{_HOURS}))$|(?:(?:^|[\s(“‘])(?:{_SHORT})|(?:^|\s)(?:{_TITLES}))$"
)
_LONGEST_ENDING = max(map(len, f"{_DATES}|{_HOURS}|{_SHORT}|{_TITLES}".split("|")))
_UNITS = composed(
    "জানুয়ারি|জানুয়ারী|ফেব্রুয়ারি|ফেব্রুয়ারী|মার্চ|এপ্রিল|মে(?![ঀ-৿])|জুন|জুলাই|আগস্ট|অগস্ট|সেপ্টেম্বর|অক্টোবর|নভেম্বর|ডিসেম্বর|"
    "বৈশাখ|জ্যৈষ্ঠ|আষাঢ়|শ্রাবণ|ভাদ্র|আশ্বিন|কার্তিক|অগ্রহায়ণ|পৌষ|মাঘ|ফাল্গুন|চৈত্র|"
    "কিমি|কি\\.মি|কিলোমিটার|মিটার|মিমি|মি\\.মি|মিলিমিটার|সেমি|সেন্টিমিটার|ফুট|ইঞ্চি|বর্গ|একর|বিঘা|হেক্টর|কাঠা|শতক|"
    "কেজি|কিলোগ্রাম|গ্রাম|কুইন্টাল|টন|লিটার|মিলিলিটার|ডিগ্রি|শতাংশ|টাকা|পয়সা|ডলার|হাজার|লক্ষ|লাখ|কোটি|জন|টি|"
    "January|February|March|April|May|June|July|August|September|October|November|December|km|min|per cent|"
    "মিনিট|ঘণ্টা|ঘন্টা|সেকেন্ড|দিন|সপ্তাহ|মাস|বছর|বার|রান|উইকেট|ওভার|গোল|নম্বর|নং|মেগাওয়াট|ভোল্ট|ওয়াট|বঙ্গাব্দ|সাল"
)
_UNIT_BEGINS = lazy_pattern(f"(?:{_UNITS})")
_NONSPACING = "[\u0981\u09bc\u09c1-\u09c4\u09e2\u09e3]"


def keep_together(before: str, after: str) -> bool:
    """Whether the neighbouring words `before` and `after` belong on the same line.

    They do if they are a number with its unit or month, an hour with its minutes, or a name with a title, a direction or initials
    before it.
    """
    if before[-1:] == ".":
        word = _LAST_WORD.search(before)
        if word is None or not after[:1].isalnum() or word[0] in _LAST_IN_ITS_PHRASE or _METRES.search(before):
            return False
        return word[0] in WITH_FULL_STOP or bool(_INITIALS.fullmatch(word[0]))
    ends = _ENDS.search(before[-_LONGEST_ENDING - 1 :])  # the longest ending, and the character before it
    if ends is None:
        return False
    if ends.lastgroup == "number":
        return bool(_UNIT_BEGINS.match(after))
    return after[:1].isdecimal() if ends.lastgroup == "hour" else after[:1].isalnum()


def bundled_fonts() -> tuple[Path, ...]:
    """Return the files of Hind Siliguri that come with bpost; empty if a packager left them out."""
    try:
        from fontpkg_hind_siliguri import ROOT  # 1 ms; `fontpkg` itself takes 50 ms to find the same files
    except ImportError:
        return ()
    return tuple(sorted(Path(ROOT, "files").glob("*.ttf")))


BENGALI = Script(
    name=Phrase("Bengali"),
    language="bn",
    families=("Noto Sans Bengali", "Anek Bangla", "Kohinoor Bangla", "Nirmala UI", "Noto Serif Bengali"),
    system_files=("/System/Library/Fonts/KohinoorBangla.ttc", "/System/Library/Fonts/Supplemental/Bangla Sangam MN.ttc"),
    bundle=BundledFont(
        Phrase("Hind Siliguri, which comes with bpost"),
        bundled_fonts,
        MalformedLetters("Hind Siliguri", range(400, 700), "১", 300),  # google/fonts #6037
    ),
    advice=Phrase("Install Noto Sans Bengali (fonts-noto-core), or reinstall bpost."),
    block="\u0000-\u02ff\u0964\u0965\u0980-\u09ff\u1e00-\u2c7f",
    letters="কখরযি্",
    conjunct="ক্ষ",
    base="ক",
    stroke="ত",
    base_em=0.622,  # measured in Noto Sans Bengali
    tallest=("র্কিঁ", "হিঁ", "ষ্ঠী", "র্থী", "ট্যাঁ", "ট্রৌ", "\u09dc\u09c2", "ট্টু", "স্ক্রু", "দ্ভূ", "দ্বৃ"),
    usual=("কি", "কী", "র্কি", "টি", "উঁ", "কু", "কূ", "কৃ"),
    names=("পোস্ট", "কু", "কৃ", "টি", "র্কি", "ট্রু", "উঁ"),  # taller words are rare in the names of papers
    latin_height=0.82,  # Hind Siliguri has 0.79
    enlarged={"Hind Siliguri": 1.1},
    language_rules=LanguageRules(
        composed,
        keep_together,
        f"[অআঊঋএঐওঔঞকজঝফ]{_NONSPACING}*(?:ো|(?![\u0982\u0983\u09be-\u09cd\u09d7]))|[গরশ]ু(?![\u0982\u0983])",  # in cells of 0.6 em
        f"[ক-হ\u09dc\u09dd\u09df]{_NONSPACING}*ো",
    ),
)
