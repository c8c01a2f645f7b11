from __future__ import annotations

import pytest
from hypothesis import given

from bpost_tui.typesetting.typeset.shaping import Shaper
from tests.unit.typesetting.typeset.sample_items import bundled_fonts, texts


@pytest.fixture(scope="module")
def shaper() -> Shaper:
    return Shaper(bundled_fonts())


def test_latin_islands_stay_together_and_bengali_joins_around_them(shaper: Shaper) -> None:
    runs = [run for _, run in shaper.runs("মেটা(COVID-19)’র", bold=False)]
    assert runs == ["মেটা(", "COVID-19", ")’র"]
    assert [run for _, run in shaper.runs("www.wbbpe.org/", bold=False)] == ["www.wbbpe.org/"]


def test_digit_from_another_face_is_at_its_position(shaper: Shaper) -> None:
    runs = list(shaper.runs("২১শে", bold=False))
    assert [run for _, run in runs] == ["২", "১", "শে"]
    shaped = shaper.shape("২১শে", False)
    assert shaped.advance == pytest.approx(sum(shaper.shape(run, False).advance for _, run in runs))
    assert [glyph.x for glyph in shaped.glyphs] == sorted(glyph.x for glyph in shaped.glyphs)


def test_shaped_word_is_cached(shaper: Shaper) -> None:
    assert shaper.shape("শব্দ", False) is shaper.shape("শব্দ", False)
    assert shaper.shape("শব্দ", True).advance != shaper.shape("শব্দ", False).advance


def test_letters_without_a_font_become_one_middle_dot(shaper: Shaper) -> None:
    assert shaper.shape("\U000e0fff\U000e0ffe", False) == shaper.shape("·", False)
    assert shaper.shape("·", False).advance > 0


def test_invisible_characters_take_no_room(shaper: Shaper) -> None:
    for char in "\u200b\u2060\u200d\u200c":
        assert shaper.shape(f"ক{char}", False).advance == pytest.approx(shaper.shape("ক", False).advance)


@given(texts)
def test_any_text_is_shaped(text: str) -> None:
    shaper = Shaper(bundled_fonts())
    runs = [run for _, run in shaper.runs(text, bold=False)]
    assert len("".join(runs)) <= len(text)
    assert all(runs)
    assert shaper.shape(text, False).advance >= 0
