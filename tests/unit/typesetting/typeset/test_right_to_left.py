"""Tests of Urdu and other right-to-left scripts beside Bengali, with the installed fonts."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpost_tui.bengali.bengali_script import BENGALI
from bpost_tui.typesetting.typeset.font_finder import bundled_font_files, covering
from bpost_tui.typesetting.typeset.fonts import BOLD, load_fonts
from bpost_tui.typesetting.typeset.items import CELL_END, Item, Pair, Para, Run, Size
from bpost_tui.typesetting.typeset.layout_engine import LayoutEngine, LayoutLine
from bpost_tui.typesetting.typeset.pixel_typesetter import PixelTypesetter
from bpost_tui.typesetting.typeset.shaping import Shaper
from tests.unit.typesetting.typeset.sample_items import NEWS, PALETTE, bundled_fonts

URDU = "کولکاتا میں بارش سے ٹریفک متاثر ہوئی، وزیر اعلیٰ نے (COVID-19) کے بارے میں 2026 میں کہا۔"
MEASURE = 400.0


@cache
def typesetter() -> PixelTypesetter:
    if not covering("ٹہ"):
        pytest.skip("no font with Urdu letters is installed")
    return PixelTypesetter(bundled_fonts(), 10, 20)


def lines_of(item: Item) -> tuple[LayoutLine, ...]:
    return LayoutEngine(typesetter().metric).lines(item, MEASURE)


def shown(line: LayoutLine) -> list[str]:
    return [piece.run.text for piece in line.pieces]


def test_word_is_set_in_one_face_with_all_its_letters() -> None:
    typesetter()
    shaper = Shaper(bundled_fonts())
    for word in URDU.split():
        letters = [
            face.name for face, run in shaper.runs(word, bold=False) if any(char.isalpha() and char > "\u0600" for char in run)
        ]
        assert len(letters) <= 1
    assert len({face.name for word in ("بارش", "ہوئی", "ٹریفک") for face, _ in shaper.runs(word, bold=False)}) == 1


@pytest.mark.parametrize("word", ["بارش", "विश्वविद्यालय", "மழை", "ฝนตก"])
def test_headline_of_another_script_is_bold(word: str) -> None:
    if not covering(word):
        pytest.skip(f"no font with {word} is installed")
    fonts = bundled_fonts()
    plain, bold = fonts.fallback(word, False), fonts.fallback(word, True)
    assert plain and bold
    assert bold.weight >= BOLD - 100 or bold.font.synthetic_bold[0] > 0
    assert plain.weight < 600
    assert plain.font.synthetic_bold[0] == 0


def test_paragraph_beginning_in_urdu_starts_at_the_right_edge() -> None:
    lines = lines_of(Para((Run(URDU),)))
    assert len(lines) > 1
    assert all(line.is_rtl for line in lines)
    for line in lines:
        assert max(piece.x + piece.width for piece in line.pieces) == pytest.approx(MEASURE)
        assert [piece.x for piece in line.pieces] == sorted(piece.x for piece in line.pieces)
        assert all(after.x >= piece.x + piece.width - 1e-6 for piece, after in zip(line.pieces, line.pieces[1:], strict=False))
    assert shown(lines[0])[-1] == "کولکاتا"
    assert "".join(line.source for line in lines) == URDU


def test_words_of_two_directions_follow_the_paragraphs_order() -> None:
    (line,) = lines_of(Para((Run("Said: بارش میں, twice"),)))
    assert shown(line) == ["Said:", "میں", "بارش", ",", "twice"]
    assert not line.is_rtl
    (line,) = lines_of(Para((Run("نے The Post کہا"),)))
    assert shown(line) == ["کہا", "The", "Post", "نے"]


def test_shortened_right_to_left_line_has_its_ellipsis_at_the_left() -> None:
    (line,) = lines_of(Para((Run(URDU),), max_lines=1))
    assert shown(line)[0].endswith("…")
    assert shown(line)[-1] == "کولکاتا"
    (line,) = lines_of(Para((Run("بارش 2026" + " کولکاتا" * 20),), Size.HEADLINE, max_lines=1))
    assert line.pieces[0].x >= 0


def test_markers_and_bars_are_at_the_reading_side() -> None:
    (line,) = lines_of(Para((Run("بارش"),), marker=(Run("•"),), indent=1.4, bar="rule"))
    assert shown(line) == ["•", "بارش"]
    marker, word = line.pieces
    assert marker.x > word.x + word.width
    galley = typesetter().galley((Para((Run("بارش"),), indent=1.4, bar="rule"),), 40)
    surface = galley.band(0, PALETTE).surface
    bar = next(layer.mask for layer in surface.layers if layer.colour == PALETTE["rule"])
    assert not any(bar[: surface.width_px // 2])
    assert any(bar[: surface.width_px])


def test_right_to_left_table_has_its_first_column_at_the_right() -> None:
    columns = ((Run("نام"),), (Run("تعداد"),))
    (line,) = lines_of(Para((*columns[0], Run(CELL_END), *columns[1]), columns=columns))
    assert shown(line) == ["نام", "تعداد"]
    first, second = line.pieces
    assert first.x > second.x


def test_right_side_of_a_pair_is_ordered_by_direction() -> None:
    (line,) = lines_of(Pair((Run("بارش میں"),), (Run("کولکاتا 2026"),)))
    assert shown(line) == ["میں", "بارش", "2026", "کولکاتا"]


def test_letters_of_one_word_in_two_styles_stay_joined() -> None:
    (line,) = lines_of(Para((Run("بار", ink="accent"), Run("ش"))))
    (whole,) = lines_of(Para((Run("بہش"),)))
    assert shown(line) == ["ش", "بار"]  # ر never joins the letter after it
    (line,) = lines_of(Para((Run("بہ", ink="accent"), Run("ش"))))
    assert shown(line) == ["\u200dش", "بہ\u200d"]
    assert sum(piece.width for piece in line.pieces) == pytest.approx(whole.pieces[0].width, rel=0.02)


def test_lines_are_as_high_as_their_tallest_letters() -> None:
    tall = "བོད་ཡིག་གི་སྒྲོན་མེ"
    if not covering(tall):
        pytest.skip("no font with Tibetan letters is installed")
    (low,), (high,) = lines_of(Para((Run("বৃষ্টি"),), Size.LIST)), lines_of(Para((Run(tall),), Size.LIST))
    assert high.height >= low.height
    assert high.height - low.height >= high.lift
    galley = typesetter().galley((Para((Run(tall),), Size.BAR),), 40, rows=1)
    assert any(any(layer.mask) for layer in galley.band(0, PALETTE).surface.layers)


def test_letters_without_a_face_are_one_mark_and_reported() -> None:
    shaper = Shaper(bundled_fonts())
    lost = "\U000e0fff\U000e0ffe\U000e0ffd"
    assert len(shaper.shape(lost, False).glyphs) == 1
    letters = "𐎠𐎡"  # Old Persian, which only Noto has
    assert shaper.fonts.missing_letters(f"a{letters}ক") in ("", letters)


def test_bengali_pages_need_no_bidi_levels() -> None:
    assert all(piece.level is None for line in lines_of(Para((Run(NEWS),))) for piece in line.pieces)
    assert all(line.lift == 0 for line in lines_of(Para((Run(NEWS),))))


@given(st.lists(st.sampled_from(["بارش", "کولکاتا،", "2026", "(COVID)", "বৃষ্টি", "Post", "-", "।"]), min_size=1, max_size=30))
def test_mixed_directions_lose_and_cover_no_word(words: list[str]) -> None:
    text = " ".join(words)
    for line in lines_of(Para((Run(text),))):
        assert sorted("".join(shown(line)).replace(" ", "")) == sorted(line.source.replace(" ", ""))
        assert [piece.x for piece in line.pieces] == sorted(piece.x for piece in line.pieces)
        assert all(after.x >= piece.x + piece.width - 1e-6 for piece, after in zip(line.pieces, line.pieces[1:], strict=False))


def test_script_has_one_face_in_any_order_of_texts() -> None:
    typesetter()
    fonts = load_fonts(BENGALI, [file.path for file in bundled_font_files(BENGALI)])
    for text in ("ع", "漢ع", "⁂ع", "٪", "بارش"):
        fonts.fallback(text, False)
    faces = {face.name for face in (fonts.fallback(word, False) for word in URDU.split() if word > "\u0600") if face}
    assert len(faces) == 1
