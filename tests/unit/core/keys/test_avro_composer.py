"""Composing Bengali from Roman letters by the rules of Avro Phonetic."""

from __future__ import annotations

import pytest

from bpost_tui.bengali.letters import composed
from bpost_tui.core.keys.avro_composer import COMPOSED, AvroComposer, from_roman

WORDS = """
ami আমি | tumi তুমি | amar আমার | kemon কেমন | bhalo ভাল | bangla বাংলা | kShoma ক্ষমা | jNGan জ্ঞান | bijNGan বিজ্ঞান
ggan জ্ঞান | strI স্ত্রী | raShTro রাষ্ট্র | ujjwol উজ্জ্বল | roNgin রঙিন | hoThat`` হঠাৎ | boi বই | ca^d চাঁদ
pa^c পাঁচ | du:kh দুঃখ | onto:pur অন্তঃপুর | songbad সংবাদ | songskrriti সংস্কৃতি | prrithibI পৃথিবী
medinIpur মেদিনীপুর | kolokata কলকাতা | dIgha দীঘা | ghaTal ঘাটাল | bishwobidyaloy বিশ্ববিদ্যালয় | bidyaloy বিদ্যালয়
shikSha শিক্ষা | shikShok শিক্ষক | chatro ছাত্র | chatrI ছাত্রী | porIkSha পরীক্ষা | lokShmI লক্ষ্মী
mukhyomontrI মুখ্যমন্ত্রী | prodhanomontrI প্রধানমন্ত্রী | montrI মন্ত্রী | rajnIti রাজনীতি | rajonIti রাজনীতি
khobor খবর | khoborer খবরের | kagoj কাগজ | brriShTi বৃষ্টি | bonya বন্যা | nodI নদী | pahaR পাহাড় | jongol জঙ্গল
jol জল | hati হাতি | bagh বাঘ | gach গাছ | phul ফুল | dhan ধান | krriShok কৃষক | krriShi কৃষি | gram গ্রাম
shohor শহর | rasta রাস্তা | rel রেল | Tren ট্রেন | bas বাস | sTeshon স্টেশন | Daktar ডাক্তার
OShudh ওষুধ | pulish পুলিশ | grephtar গ্রেফতার | mrrityu মৃত্যু | ahoto আহত | nihoto নিহত | swasthyo স্বাস্থ্য
swadhInota স্বাধীনতা | dibos দিবস | pUja পূজা | kalI কালী | Id ঈদ | mela মেলা | boimela বইমেলা | OUShodh ঔষধ | mOU মৌ
borrtoman বর্তমান | dhorrmo ধর্ম | korrmI কর্মী | shrI শ্রী | shromik শ্রমিক | bishwas বিশ্বাস | onubhUti অনুভূতি
smrriti স্মৃতি | brahmoN ব্রাহ্মণ | cihno চিহ্ন | okShor অক্ষর | poNGcayet পঞ্চায়েত | oNGcol অঞ্চল
baNGchito বাঞ্ছিত | ghoNTa ঘণ্টা | anondo আনন্দ | sondhya সন্ধ্যা | ondho অন্ধ | rondhro রন্ধ্র
boNGcito বঞ্চিত | byaTari ব্যাটারি | byakhya ব্যাখ্যা | akash আকাশ | ostitwo অস্তিত্ব | tottwo তত্ত্ব
mohottwo মহত্ত্ব | biruddho বিরুদ্ধ | zuddho যুদ্ধ | buddhi বুদ্ধি | shanti শান্তি | kintu কিন্তু | ebong এবং
dilIp দিলীপ | momota মমতা | subhaSh সুভাষ | robIndronath রবীন্দ্রনাথ | bidyasagor বিদ্যাসাগর | kShudiram ক্ষুদিরাম
matoNgginI মাতঙ্গিনী | goNgga গঙ্গা | boNggo বঙ্গ
poshcimoboNggo পশ্চিমবঙ্গ | shoNgkor শঙ্কর | oNgko অঙ্ক | 1234 ১২৩৪ | 2026 ২০২৬ | aponi আপনি
tOmar তোমার | bhOT ভোট | nirrbacon নির্বাচন | hasopatal হাসপাতাল | durrghoTona দুর্ঘটনা
pujO পুজো | durrga দুর্গা | ut``sob উৎসব | OItihasik ঐতিহাসিক | OItihyo ঐতিহ্য | sOUndorrzo সৌন্দর্য | sUrrzo সূর্য
karrzo কার্য | dhOIrrzo ধৈর্য | bikShObh বিক্ষোভ | koNTho কণ্ঠ | orrthonOItik অর্থনৈতিক | khoRogopur খড়গপুর
rrituporrNo ঋতুপর্ণ | baNgali বাঙালি | du:khito দুঃখিত | ha^s হাঁস
dha^dha ধাঁধা
"""
"""Words in Avro's spelling, each followed by its spelling in newspapers."""
PAIRS = [tuple(pair.split()) for pair in WORDS.replace("\n", "|").split("|") if pair.strip()]
SIGNS = """
as`le আসলে | ain`montrI আইনমন্ত্রী | bod`mash বদমাশ | k`a কআ | kor`lo করল | ut,,shob উত্\u200cশব | o`k ক | ho`o হঅ
ami. আমি। | 3.`5 ৩.৫ | tini... তিনি... | 500$ ৫০০৳ | du:kh দুঃখ | prato:kal প্রাতঃকাল | :` : | ^` ^ | (ami) (আমি) | ki? কি?
ha^,na হাঁ,না | ngoo`k ঙ্গক
"""
"""Words with Avro's signs, each followed by the result of ibus-avro's rules (avrolib.js)."""
SIGN_PAIRS = [tuple(pair.split()) for pair in SIGNS.replace("\n", "|").split("|") if len(pair.split()) == 2]
LETTERS = {"Ng": "ঙ", "NG": "ঞ", "t``": "ৎ", "ng": "ং", "k:": "কঃ", "k^": "কঁ", "kSh": "ক্ষ", "jNG": "জ্ঞ", "OI": "ঐ"}


def test_avro_word_list_has_at_least_150_words() -> None:
    assert len({roman for roman, _ in PAIRS}) == len(PAIRS) >= 150


@pytest.mark.parametrize(("roman", "bengali"), PAIRS)
def test_avro_word_is_composed(roman: str, bengali: str) -> None:
    assert from_roman(roman) == composed(bengali)
    assert COMPOSED.issuperset(roman)


@pytest.mark.parametrize(("roman", "bengali"), SIGN_PAIRS)
def test_avro_sign_is_composed_and_leaves_no_backtick(roman: str, bengali: str) -> None:
    assert from_roman(roman) == composed(bengali)
    assert COMPOSED.issuperset(roman)


def test_avro_composer_restores_the_roman_line() -> None:
    line = AvroComposer(is_on=True)
    line.set_word("paschim", 0, from_roman("paschim"))
    line.set_word("medinipur", 8, from_roman("medinipur"))
    assert line.restore_roman(f"{from_roman('paschim')} {from_roman('medinipur')} কাল") == "paschim medinipur কাল"


@pytest.mark.parametrize(("roman", "bengali"), LETTERS.items())
def test_avro_letter_is_composed(roman: str, bengali: str) -> None:
    assert from_roman(roman) == composed(bengali)


def test_every_prefix_of_an_avro_word_can_be_composed() -> None:
    for roman, _ in PAIRS:
        for end in range(len(roman) + 1):
            assert from_roman(roman[:end]) or not end
