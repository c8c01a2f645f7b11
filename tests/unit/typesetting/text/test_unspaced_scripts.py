from __future__ import annotations

import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpost_tui.typesetting.text import unspaced_scripts
from bpost_tui.typesetting.text.graphemes import clusters, extends
from bpost_tui.typesetting.text.unspaced_scripts import break_opportunities

THAI = "การรถไฟแห่งประเทศไทยเปิดเดินรถ"
WORDS = ("การ", "รถไฟ", "แห่ง", "ประเทศไทย", "เปิด", "เดินรถ")

unspaced_texts = st.text(st.sampled_from("กขรงเแไะาำิ์ๆฯกເົຳកខ្ាស់ៗကင်္မ္းတဘာ世界、。「」（）ーっょキアक5a%.“”ꦏ꧀ꦤꦺ"), max_size=30)


@pytest.fixture(autouse=True)
def no_dictionary(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    unspaced_scripts._dictionary.cache_clear()
    monkeypatch.setitem(sys.modules, "icu", None)
    yield
    unspaced_scripts._dictionary.cache_clear()


def parts(text: str) -> list[str]:
    return [text[start:end] for start, end in pairwise((0, *break_opportunities(text).offsets, len(text)))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("เสรีภาพเจ้าน้ำดาห์ๆ", "เส รี ภา พ เจ้า น้ำ ดาห์ๆ"),
        ("ความเชื่อถือนั้นเป็นก็ได้", "ควา ม เชื่อ ถือ นั้น เป็น ก็ ได้"),
        ("ເສລີພາບຄວາມ", "ເສ ລີ ພາ ບ ຄ ວາມ"),
        ("ວັນຄົນ", "ວັນ ຄົນ"),
        ("មនុស្សអស់ៗ", "មនុ ស្ស អស់ៗ"),
        ("လွတ်လပ်ကမ္ဘာတိုင်း", "လွတ် လပ် ကမ္ဘာ တိုင်း"),
        ("世界人権宣言、第一条「人間」（自由）。", "世 界 人 権 宣 言、 第 一 条 「人 間」 （自 由）。"),
        ("ちょっとキャッチャー", "ちょっ と キャッ チャー"),
        ("iPhoneを50%使う", "iPhone を 50% 使 う"),
        ("他说“你好”，又说$世", "他 说 “你 好”， 又 说 $世"),
        ("ꦏꦤ꧀ꦲꦸꦮꦺꦴꦁ", "ꦏꦤ꧀ꦲꦸ ꦮꦺꦴꦁ"),
        ("বৃষ্টি", "বৃষ্টি"),
        ("naïve", "naïve"),
    ],
)
def test_lines_without_a_dictionary_break_between_clusters(text: str, expected: str) -> None:
    assert parts(text) == expected.split(" ")


@given(unspaced_texts)
def test_break_opportunities_respect_marks_and_leading_vowels(text: str) -> None:
    starts = {0}
    for cluster in clusters(text):
        starts.add(max(starts) + len(cluster))
    for at in break_opportunities(text).offsets:
        assert at in starts
        assert not extends(text[at]) and text[at] not in "ะาำๆฯៗ、。」）ーっょ%”"
        assert text[at - 1] not in "เแไ「（“"
        assert unicodedata.category(text[at - 1]) != "Zs"


class FakeBreakIterator:
    """Fake of PyICU's break iterator that knows the words of one text."""

    def setText(self, text: str) -> None:
        self.text = text

    def __iter__(self) -> Iterator[int]:
        at = 0
        for word in WORDS:
            at = self.text.find(word, at) + len(word)
            yield at


def test_lines_with_a_dictionary_break_between_words(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not break_opportunities(THAI).are_reliable
    unspaced_scripts._dictionary.cache_clear()
    break_iterator = SimpleNamespace(createLineInstance=lambda locale: FakeBreakIterator())
    monkeypatch.setitem(sys.modules, "icu", SimpleNamespace(BreakIterator=break_iterator, Locale=SimpleNamespace(getRoot=str)))
    assert parts(THAI) == list(WORDS)
    assert break_opportunities(THAI).are_reliable


if find_spec("icu"):  # an optional package that must be compiled

    def test_lines_with_icus_dictionary_break_between_words(monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delitem(sys.modules, "icu")
        assert parts(THAI) == list(WORDS)
        assert parts("ທຸກຄົນເກີດມາມີອິດສະລະພາບ")[:2] == ["ທຸກຄົນ", "ເກີດ"]


def test_dictionary_is_loaded_when_a_text_needs_it(tmp_path: Path) -> None:
    (tmp_path / "icu.py").write_text("print('loaded')\n")
    code = (
        "from bpost_tui.typesetting.text.unspaced_scripts import break_opportunities as find\n"
        "find('বৃষ্টি تمام')\nprint('met')\nfind('ไทย')"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": f"{tmp_path}:."}, capture_output=True, text=True, check=True, timeout=60
    )
    assert run.stdout.split() == ["met", "loaded"]
