"""Sample texts and fonts shared by the tests of typesetting."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from hypothesis import strategies as st

from bpost_tui.bengali.bengali_script import BENGALI
from bpost_tui.typesetting.typeset.font_finder import bundled_font_files
from bpost_tui.typesetting.typeset.fonts import Fonts, load_fonts
from bpost_tui.typesetting.typeset.items import Palette
from bpost_tui.typesetting.typeset.pixel_typesetter import PixelTypesetter

PALETTE: Palette = {"text": (20, 20, 20), "accent": (170, 30, 30), "rule": (190, 190, 190)}
NEWS = (
    "দ্য বেঙ্গল পোস্ট প্রতিবেদন, ২৫ অক্টোবর: মেটা (Meta)’র মালিকানাধীন অন্যতম জনপ্রিয় মেসেজিং অ্যাপ হল হোয়াটসঅ্যাপ (WhatsApp)। "
    "সেই হোয়াটসঅ্যাপ পরিষেবাই মঙ্গলবার দুপুর সাড়ে ১২টা থেকে হঠাৎ করে গোলমাল করলো ভারত তথা বিশ্বের বিভিন্ন অংশে!"
)
TALL_WORDS = """
    হিঁচড়ানো সহপাঠী হয়েছিলেন ট্যাঁকট্যাঁক হুড়ুম গুড়ূচী লাট্টু স্ক্রু যোদ্ধৃবেশ পুনরুদ্ভূত আকাঙ্ক্ষা ঊর্ধ্বগতি রাষ্ট্রীয়
    দুর্গাপূজা
""".split()
CONJUNCTS = (Path(__file__).parent / "conjuncts.txt").read_text(encoding="utf-8").split()

_AWKWARD = (
    *"কখগঙতনযরসহ্ািীুেোঁ\u09bc\u200d\u200cঅআ২৫১।॥,:;!?…‘’“”()[]-–—/%৳ab1 \n\t",
    *"\u200b\u00a0\u2060\u00ad\ufeff\x00\x1b\u2028漢ع",
    *("😀", "👩🏽\u200d🚀", "🇮🇳", "র\u200d্যা", "WhatsApp"),
)
texts = st.lists(
    st.one_of(st.sampled_from(_AWKWARD), st.sampled_from(CONJUNCTS), st.characters(codec="utf-8", exclude_categories=["Co"])),
    max_size=40,
).map("".join)
"""Text for Hypothesis: Bengali and Latin, joiners, digits, marks without letters, controls, any other characters."""


@cache
def bundled_fonts() -> Fonts:
    return load_fonts(BENGALI, [file.path for file in bundled_font_files(BENGALI)])


@cache
def pixel_typesetter() -> PixelTypesetter:
    return PixelTypesetter(bundled_fonts(), 10, 20)
