"""Tests of pages in many scripts: no letter is cut, no line is too wide, and the text is complete."""

from __future__ import annotations

import math
from functools import cache

import pytest

from bpost_tui.typesetting import LATIN, Para, Run, Size
from bpost_tui.typesetting.typeset.banded_galley import BandedGalley
from bpost_tui.typesetting.typeset.cell_typesetter import CellTypesetter
from bpost_tui.typesetting.typeset.fonts import load_fonts
from bpost_tui.typesetting.typeset.items import Item
from bpost_tui.typesetting.typeset.paragraph_setter import ParagraphSetter
from bpost_tui.typesetting.typeset.pixel_typesetter import PixelTypesetter
from bpost_tui.typesetting.typeset.protocols import Typesetter

PAGES = {
    "Amharic": "አዲስ፡አበባ፡ውስጥ፡ዛሬ፡ዝናብ፡ጣለ፡ትምህርት፡ቤቶች፡ተዘጉ።",
    "Armenian": "Երևանում այսօր անձրև եկավ, դպրոցները փակ են։",
    "Burmese": "ရန်ကုန်မြို့တွင်ယနေ့မိုးသည်းထန်စွာရွာသွန်းခဲ့ပြီးကျောင်းများကိုယာယီပိတ်ထားသည်။",
    "Cherokee": "ᏣᎳᎩ ᎦᏬᏂᎯᏍᏗ ᎪᏪᎵ ᎠᏍᏆᏂᎪᏙᏗ",
    "Chinese": "加尔各答今天下大雨，「学校」停课；市长说（记者会）明天复课。",
    "emoji": "ছুটি 👩🏽‍🚀👨‍👩‍👧 🇮🇳 ☔ আজ",
    "Georgian": "თბილისში დღეს წვიმდა, სკოლები დაკეტილია.",
    "Hebrew": "בתל אביב ירד היום גֶּשֶׁם, ובתי הספר (12) סגורים.",
    "Hindi": "त्र्यंबकेश्वर में ज़ोरदार बारिश; विद्यार्थियों की छुट्टी।",
    "Japanese": "今日はコルカタで大雨が降ったので、ちょっと早めに学校が休みになった。",
    "Javanese": "ꦏꦧꦺꦃꦥꦶꦤꦫꦶꦁꦔꦤ꧀ꦲꦏꦭ꧀ꦭꦤ꧀ꦏꦭ꧀ꦧꦸ",
    "Khmer": "នៅរាជធានីភ្នំពេញថ្ងៃនេះមានភ្លៀងធ្លាក់ខ្លាំងសាលារៀនត្រូវបានបិទជាបណ្ដោះអាសន្ន។",
    "Lao": "ມື້ນີ້ຢູ່ນະຄອນຫຼວງວຽງຈັນມີຝົນຕົກໜັກໂຮງຮຽນທຸກແຫ່ງຈຶ່ງຢຸດສອນຊົ່ວຄາວ",
    "Malayalam": "ക്ഷേത്രത്തിൽ കനത്ത മഴ; വിദ്യാർത്ഥികൾക്ക് അവധി.",
    "Sinhala": "කොළඹ අද තද වැසි; පාසල් වසා ඇත. ශ්‍රී ක්‍රමය",
    "Tamil": "க்ஷேத்திரத்தில் கனமழை; பள்ளிகளுக்கு விடுமுறை.",
    "Telugu": "శ్రీశైలంలో భారీ వర్షం; పాఠశాలలకు సెలవు. స్త్రీ",
    "Thai": "กรุงเทพมหานครประกาศปิดโรงเรียนเพราะน้ำท่วมตั้งแต่ปู่ย่าที่นั่งอยู่ริมแม่น้ำไม่เคยเห็นมาก่อน",
    "Tibetan": "བོད་ཡིག་གི་སྒྲོན་མེ་རྒྱུད་སྙིང་པོ་བསྒྲུབས་སོ༎",
    "Urdu": "لاہور میں آج موسلا دھار بارش؛ ڈاکٹر نے کہا ”اسکول (12) بند ہیں“۔",
    "Vietnamese": "Ầm ĩ ở Đà Nẵng: trường học đóng cửa vì nước lũ.",
}
INK = {"text": (0, 0, 0)}
WHITE = Para((Run(" "),), Size.HEADLINE)


@cache
def typesetter(cell_h: int) -> PixelTypesetter:
    return PixelTypesetter(load_fonts(LATIN), cell_h // 2, cell_h)


def ink_of(*items: Item, cell_h: int) -> int:
    galley = typesetter(cell_h).galley(items, 30)
    bands, row = [], 0
    while row < galley.rows:
        bands.append(galley.band(row, INK))
        row = bands[-1].first_row + bands[-1].surface.rows
    return sum(sum(layer.mask) for band in bands for layer in band.surface.layers)


def sources(galley: BandedGalley) -> str:
    return "".join(line.source for line in galley._lines)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("size", [Size.HEADLINE, Size.BODY, Size.LIST])
@pytest.mark.parametrize("cell_h", [16, 25])
def test_no_letter_is_cut_at_the_top_or_the_bottom(name: str, size: Size, cell_h: int) -> None:
    page = Para((Run(PAGES[name]),), size)
    alone, in_white = ink_of(page, cell_h=cell_h), ink_of(WHITE, page, WHITE, cell_h=cell_h)
    assert in_white
    assert math.isclose(alone, in_white, rel_tol=0.002)


@pytest.mark.parametrize("cols", [12, 40, 80])
@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("setter", [typesetter(20), CellTypesetter(LATIN.language_rules)], ids=["pixels", "cells"])
def test_lines_contain_the_whole_text_within_the_measure(setter: Typesetter, name: str, cols: int) -> None:
    galley = setter.galley((Para((Run(PAGES[name]),)),), cols)
    assert isinstance(galley, BandedGalley)
    assert sources(galley) == PAGES[name]
    widest = max(piece.x + piece.width for line in galley._lines for piece in line.pieces)
    assert widest <= cols * setter.cell_w


@pytest.mark.parametrize("name", ["Burmese", "Chinese", "Japanese", "Khmer", "Lao", "Thai", "Tibetan"])
def test_lines_of_scripts_without_spaces_are_filled(name: str) -> None:
    text = f"{PAGES[name][:3]} {PAGES[name]}"
    lines = ParagraphSetter((Run(text),), Size.BODY, CellTypesetter(LATIN.language_rules).metric).lines(20, 20)
    assert all(line.width > 20 * 2 / 3 for line in lines[:-1])


def test_headline_without_spaces_is_cut_as_late_as_possible() -> None:
    setter = ParagraphSetter((Run(PAGES["Japanese"]),), Size.BODY, CellTypesetter(LATIN.language_rules).metric)
    assert setter.shortened(setter.one_line(), 20).pieces[-1].run.text == "今日はコルカタで大…"


def test_no_syllable_is_broken_beside_too_wide_a_word() -> None:
    setter = ParagraphSetter(
        (Run("ข่าวเก่าที่https://www.example.org/newsและเรื่องอื่นๆ"),), Size.BODY, CellTypesetter(LATIN.language_rules).metric
    )
    lines = [line.source for line in setter.lines(10, 10)]
    assert "".join(lines).endswith("และเรื่องอื่นๆ") and lines[-1][0] in "แเร"
    assert not any(line[-1] in "เแ" or line[0] in "าๆ" for line in lines)


def test_column_extents_are_the_text_and_its_widest_unbreakable_part() -> None:
    setter = ParagraphSetter((Run("新聞 ちょっと"),), Size.BODY, CellTypesetter(LATIN.language_rules).metric)
    assert setter.extents() == (13, 6)


def test_text_without_a_face_keeps_its_source() -> None:
    galley = typesetter(20).galley((Para((Run("আজ 👩🏽‍🚀👨‍👩‍👧 ছুটি"),)),), 30)
    assert sources(galley) == "আজ 👩🏽‍🚀👨‍👩‍👧 ছুটি"
