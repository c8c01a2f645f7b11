from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpost_tui.bengali.bengali_script import BENGALI
from bpost_tui.typesetting.text.graphemes import cell_width
from bpost_tui.typesetting.typeset.banded_galley import BAND_ROWS
from bpost_tui.typesetting.typeset.cell_typesetter import CellQuirks, CellTypesetter
from bpost_tui.typesetting.typeset.items import Item, Pair, Palette, Para, Rule, Run, Size
from bpost_tui.typesetting.typeset.layout_engine import LayoutLine
from bpost_tui.typesetting.typeset.paragraph_setter import prepare_text
from bpost_tui.typesetting.typeset.protocols import Galley
from bpost_tui.typesetting.typeset.surface import CellWord, Surface
from tests.unit.typesetting.typeset.sample_items import NEWS, PALETTE, texts


def rows_of(galley: Galley) -> Iterator[tuple[CellWord, ...]]:
    for row in range(galley.rows):
        band = galley.band(row, PALETTE)
        yield band.surface.words[row - band.first_row]


def drawn(*items: Item, cols: int, rows: int | None = None) -> list[str]:
    lines = []
    for words in rows_of(CellTypesetter(BENGALI.language_rules).galley(items, cols, rows=rows)):
        line, column = "", 0
        for word in words:
            line += " " * (word.column - column) + word.text
            column = word.column + word.cells
        lines.append(line)
    return lines


def test_page_in_cells_is_set_like_a_newspaper() -> None:
    items = (
        Para((Run("শিরোনাম"),), Size.HEADLINE),
        Pair((Run("দ্য বেঙ্গল পোস্ট"),), (Run("গতকাল"),), marker=(Run("●"),), indent=1),
        Rule(),
        Para((Run("এক দুই তিন চার"),), before=0.5, indent=1, bar="accent"),
        Para((Run("কখ"),), before=0.4, align="end"),
        Para((Run("কখ"),), align="center", marker=(Run("১."),)),
    )
    assert drawn(*items, cols=20) == [
        "শিরোনাম",
        "● দ্য বেঙ্গল…    গতকাল",
        "─" * 20,
        "",
        "▎ এক দুই তিন চার",
        " " * 18 + "কখ",
        "১.        কখ",
    ]


def test_heads_are_bold_and_inks_come_from_the_palette() -> None:
    items = (Para((Run("ক", "accent"), Run("খ", "unknown", underline=True)), Size.SUBHEAD),)
    (words,) = rows_of(CellTypesetter(BENGALI.language_rules).galley(items, 10))
    assert words == (
        CellWord(0, 1, "ক", PALETTE["accent"], bold=True, source="ক"),
        CellWord(1, 1, "খ", PALETTE["text"], bold=True, underline=True, source="খ"),
    )


def test_max_lines_ends_in_an_ellipsis_after_a_word() -> None:
    assert drawn(Para((Run("এক দুই তিন, চার পাঁচ"),), max_lines=2), cols=8) == ["এক দুই", "তিন…"]


def test_exact_rows_cut_off_or_pad() -> None:
    item = Para((Run("ক\nখ\nগ"),))
    assert drawn(item, cols=4, rows=2) == ["ক", "খ"]
    assert drawn(item, cols=4, rows=4) == ["ক", "খ", "গ", ""]


def test_rows_and_width_predict_the_galley() -> None:
    typesetter = CellTypesetter(BENGALI.language_rules)
    assert typesetter.rows((Para((Run("এক দুই"),)), Rule(before=1.0)), 4) == 4
    assert typesetter.width((Run("এক "), Run("দুই", bold=True)), Size.BODY) == cell_width("এক দুই")


def test_stray_mark_has_a_dotted_circle() -> None:
    assert drawn(Para((Run("\u09be ক"),)), cols=10) == ["◌\u09be ক"]


def test_positions_survive_a_change_of_measure() -> None:
    items = tuple(Para((Run(NEWS),), before=0.5) for _ in range(12))
    for cols in (10, 33, 100):
        galley = CellTypesetter(BENGALI.language_rules).galley(items, cols)
        assert [galley.item_at(galley.row_of(item)) for item in range(12)] == list(range(12))
        assert prepare_text(NEWS, BENGALI.language_rules).startswith(galley.text(galley.row_of(3)).strip())


def test_band_is_cached_for_each_palette() -> None:
    galley = CellTypesetter(BENGALI.language_rules).galley([Para((Run(NEWS),))], 4)
    assert galley.rows > BAND_ROWS
    assert galley.band(0, PALETTE) is galley.band(BAND_ROWS - 1, dict(PALETTE))
    assert galley.band(BAND_ROWS, PALETTE).first_row == BAND_ROWS
    assert galley.band(0, PALETTE) is not galley.band(0, {**PALETTE, "text": (1, 2, 3)})
    with pytest.raises(IndexError):
        galley.band(galley.rows, PALETTE)


items = st.one_of(
    st.builds(
        Para,
        runs=st.tuples(texts.map(Run), texts.map(lambda text: Run(text, bold=True))),
        size=st.sampled_from(Size),
        align=st.sampled_from(["start", "center", "end"]),
        indent=st.floats(0, 20),
        marker=st.sampled_from([(), (Run("●"),), (Run("১০০."),)]),
        bar=st.sampled_from([None, "accent"]),
        max_lines=st.sampled_from([None, 1, 2]),
        before=st.floats(0, 3),
        first_indent=st.floats(0, 20),
    ),
    st.builds(
        Pair,
        texts.map(lambda text: (Run(text),)),
        texts.map(lambda text: (Run(text),)),
        size=st.sampled_from(Size),
        marker=st.just((Run("●"),)),
        indent=st.floats(0, 5),
        before=st.floats(0, 3),
    ),
    st.just(Rule()),
)


@pytest.mark.parametrize(
    ("cols", "least_left", "shown"),
    [
        (40, 1.0, "Ghatal Daily   changed: a name · 4 hours"),
        (36, 1.0, "Ghatal Daily       changed · 4 hours"),
        (34, 0.5, "Ghatal…  changed: a name · 4 hours"),
        (30, 0.5, "Ghatal…      changed · 4 hours"),
        (20, 0.5, "…  changed · 4 hours"),
    ],
)
def test_right_text_is_shorter_if_too_little_of_the_left_text_fits(cols: int, least_left: float, shown: str) -> None:
    right, short = (Run("changed: a name · 4 hours"),), ((Run("changed · 4 hours"),),)
    assert drawn(Pair((Run("Ghatal Daily"),), right, shorter_rights=short, least_left=least_left), cols=cols) == [shown]


@given(st.lists(items, max_size=3), st.integers(1, 200))
def test_columns_never_overlap_and_stay_within_the_galley(items: list[Item], cols: int) -> None:
    for words in rows_of(CellTypesetter(BENGALI.language_rules).galley(items, cols)):
        column = 0
        for word in words:
            assert word.column >= column
            assert word.cells >= max(1, cell_width(word.text))
            column = word.column + word.cells
        assert column <= cols


def test_band_draws_only_nearby_lines_of_a_long_story() -> None:
    counts: list[int] = []

    def noted(lines: Sequence[LayoutLine], first_row: int, rows: int, palette: Palette) -> Surface:
        counts.append(len(lines))
        return Surface(40, rows, 1, 1, ((),) * rows)

    for count in (100, 10_000):
        galley = CellTypesetter(BENGALI.language_rules).galley((Para((Run("ক\n" * count),)),), 40)
        galley._draw_lines = noted
        galley.band(count // 2, {})
    assert counts[0] == counts[1] < 40


@pytest.mark.parametrize(("bold", "written"), [(False, "খোপের পথ"), (True, "খো পের পথ")])
def test_letters_wider_in_bold_get_another_cell(bold: bool, written: str) -> None:
    (words,) = rows_of(
        CellTypesetter(BENGALI.language_rules, quirks=CellQuirks(wide=True)).galley([Para((Run("খোপের পথ", bold=bold),))], 40)
    )
    assert " ".join(word.text for word in words) == written
    assert all(word.cells == cell_width(word.text) for word in words)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("আজকের আসল", ("আ জ কের", "আ সল")),
        ("এই জন্য কোনও", ("এ ই", "জ ন্য", "কো নও ")),
        ("কাজে ক্ষতি", ("কাজে", "ক্ষতি")),
        ("শুরু", ("শু রু ",)),
        ("news", ("news",)),
    ],
)
def test_letters_wider_than_their_cells_get_another_cell(text: str, written: tuple[str, ...]) -> None:
    (words,) = rows_of(CellTypesetter(BENGALI.language_rules, quirks=CellQuirks(wide=True)).galley([Para((Run(text),))], 40))
    assert tuple(word.text.rstrip() for word in words) == tuple(each.rstrip() for each in written)
    assert all(word.cells == cell_width(word.text) for word in words)
    (usual,) = rows_of(CellTypesetter(BENGALI.language_rules).galley([Para((Run(text),))], 40))
    assert " ".join(word.text for word in usual) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [("প্রোগ্রাম", "প্ রোগ্ রাম"), ("নতুন", "নতু ন"), ("খোঁজ", "খোঁ জ"), ("চৌকো", "চৌকো"), ("news", "news")],
)
def test_marks_and_parts_of_signs_get_cells_for_terminals_that_need_it(text: str, written: str) -> None:
    needs = CellQuirks(marks=True, parts=True)
    ((word,),) = rows_of(CellTypesetter(BENGALI.language_rules, quirks=needs).galley([Para((Run(text),))], 40))
    assert word.text == unicodedata.normalize("NFD", written)
    assert word.cells == cell_width(word.text)
