from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from bpost_tui.bengali.bengali_script import BENGALI
from bpost_tui.typesetting.typeset import font_finder
from bpost_tui.typesetting.typeset.fonts import Face, FontError, Fonts, load_fonts
from tests.unit.typesetting.typeset.sample_items import CONJUNCTS, TALL_WORDS, bundled_fonts

VIRAMA, CIRCLE = 0x09CD, 0x25CC


def glyph_ids(face: Face, text: str) -> set[int]:
    return {glyph.id for glyph in face.shape(text)[0]}


@pytest.fixture
def no_fontconfig(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))


def all_faces() -> list[Face]:
    found = [*bundled_fonts().regular[:1], *bundled_fonts().bold[:1]]
    here = load_fonts(BENGALI)
    return found + [face for face in (here.regular[0], here.bold[0]) if face.name != "Hind Siliguri"]


@pytest.mark.parametrize("face", all_faces(), ids=lambda face: f"{face.name} {face.weight}")
def test_common_conjuncts_join_without_hasanta_circle_or_missing_glyph(face: Face) -> None:
    unwanted = {0, face.font.get_nominal_glyph(VIRAMA), face.font.get_nominal_glyph(CIRCLE)} - {None}
    assert {conjunct: found for conjunct in CONJUNCTS if (found := glyph_ids(face, conjunct) & unwanted)} == {}


@pytest.mark.parametrize("text", ["উদ্\u200cযাপন", "র\u200d্যাঙ্কিং", "অ্যাপ", "দু’টি", "৳৫০০", "সৎ", "দুঃখ", "চাঁদ", "ঊর্ধ্ব", "।।"])
def test_difficult_words_have_every_glyph(text: str) -> None:
    face = bundled_fonts().regular[0]
    assert not glyph_ids(face, text) & {0, face.font.get_nominal_glyph(CIRCLE)}


def test_zwnj_shows_the_hasanta_and_zwj_the_ya_phala() -> None:
    face = bundled_fonts().regular[0]
    assert face.font.get_nominal_glyph(VIRAMA) in glyph_ids(face, "দ্\u200cযা")
    assert glyph_ids(face, "র\u200d্যা") != glyph_ids(face, "র্যা")


def test_bundled_regular_takes_its_digit_one_from_the_light_face() -> None:
    fonts = bundled_fonts()
    sets_one = [next(face for face in chain if face.covers("১")) for chain in (fonts.regular, fonts.bold)]
    assert [face.weight for face in fonts.regular[:1] + fonts.bold[:1]] == [400, 700]
    assert sets_one[0].name == "Hind Siliguri Light"
    assert sets_one[1] is fonts.bold[0]
    assert fonts.regular[0].covers("০২৩৪৫৬৭৮৯")


def test_bundled_font_is_chosen_without_fontconfig(no_fontconfig: None) -> None:
    fonts = load_fonts(BENGALI)
    assert fonts.regular[0].name == "Hind Siliguri"
    assert "comes with bpost" in fonts.origin


def test_named_font_is_used_alone() -> None:
    path = next(file.path for file in font_finder.bundled_font_files(BENGALI) if "Light" in file.path.name)
    fonts = load_fonts(BENGALI, [path])
    assert fonts.regular[0].name == "Hind Siliguri Light"
    assert fonts.origin == "named in the config"
    assert fonts.bold[0].font.synthetic_bold[0] > 0


def test_single_weight_with_a_malformed_digit_one_skips_it() -> None:
    fonts = load_fonts(BENGALI, [file.path for file in font_finder.bundled_font_files(BENGALI) if "Medium" in file.path.name])
    assert [(chain[0].covers("১"), chain[1].covers("১"), chain[1].covers("২")) for chain in (fonts.regular, fonts.bold)] == [
        (False, True, False),
        (False, True, False),
    ]
    assert fonts.bold[1].weight == 700


@pytest.mark.parametrize("content", [None, b"", b"not a font"])
def test_named_font_without_bengali_is_refused_in_one_line(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "given.ttf"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(FontError, match=r"given\.ttf") as refused:
        load_fonts(BENGALI, [path])
    assert refused.value.hint
    assert "\n" not in str(refused.value)


def test_latin_beside_bengali_has_a_matching_height() -> None:
    for chain in (load_fonts(BENGALI).regular, bundled_fonts().regular):
        latin = next(face for face in chain if face.covers("x"))
        assert latin.ink_extents("x").above / chain[0].ink_extents("ক").above == pytest.approx(0.81, abs=0.03)


@pytest.mark.parametrize("fonts", [bundled_fonts(), load_fonts(BENGALI)], ids=["bundled", "here"])
@pytest.mark.parametrize("word", TALL_WORDS)
def test_no_word_exceeds_the_reserved_ink(fonts: Fonts, word: str) -> None:
    for face in (fonts.regular[0], fonts.bold[0]):
        ink = face.ink_extents(word)
        assert ink.above <= fonts.tallest.above
        assert ink.below <= fonts.tallest.below


def test_fontconfig_lists_each_face_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script = tmp_path / "fc-list"
    script.write_text("#!/bin/sh\nprintf 'B\\t/f/b.ttf\\t0\\nA\\t/f/a.ttf\\t65536\\nA\\t/f/a.ttf\\t0\\nbroken\\n'\n")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    listed = font_finder.fontconfig(":lang=bn")
    assert listed == [("A", font_finder.FontFile(Path("/f/a.ttf"), 0)), ("B", font_finder.FontFile(Path("/f/b.ttf"), 0))]
