from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpost_tui.typesetting.typeset import banded_galley
from bpost_tui.typesetting.typeset.items import Item, Pair, Para, Rule, Run, Size
from bpost_tui.typesetting.typeset.pixel_typesetter import PixelTypesetter
from bpost_tui.typesetting.typeset.protocols import Galley
from bpost_tui.typesetting.typeset.surface import InkLayer
from tests.unit.typesetting.typeset.sample_items import NEWS, PALETTE, TALL_WORDS, bundled_fonts, pixel_typesetter, texts

PAGE: tuple[Item, ...] = (
    Para((Run("দ্য বেঙ্গল পোস্ট"),), Size.MASTHEAD),
    Pair((Run("News Desk", "accent"),), (Run("কাল"),), marker=(Run("●", "accent"),), indent=1),
    Rule(),
    Para((Run(NEWS), Run(" লিঙ্ক এখানে", underline=True)), before=0.5),
    Para((Run(NEWS),), Size.LIST, bar="accent", before=1, max_lines=2),
)


def layers_of(banded_galley: Galley) -> dict[tuple[int, int, int], bytes]:
    """Map each ink (colour of type) to the coverage of the galley's pixels by it, one byte a pixel."""
    inks: dict[tuple[int, int, int], bytearray] = {}
    row = 0
    while row < banded_galley.rows:
        band = banded_galley.band(row, PALETTE)
        surface = band.surface
        for layer in surface.layers:
            assert len(layer.mask) == surface.width_px * surface.height_px
            whole = inks.setdefault(layer.colour, bytearray(surface.width_px * banded_galley.rows * surface.cell_h))
            start = band.first_row * surface.cell_h * surface.width_px
            whole[start : start + len(layer.mask)] = layer.mask
        row = band.first_row + surface.rows
    return {colour: bytes(mask) for colour, mask in inks.items()}


def only_layer(banded_galley: Galley) -> InkLayer:
    (layer,) = banded_galley.band(0, PALETTE).surface.layers
    return layer


def test_page_has_a_layer_for_each_ink_and_whole_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(banded_galley, "BAND_ROWS", 32)
    page = pixel_typesetter().galley(PAGE, 60)
    surface = page.band(0, PALETTE).surface
    assert (surface.width_px, surface.height_px) == (600, page.rows * 20)
    assert {layer.colour for layer in surface.layers} == set(PALETTE.values())
    assert all(any(layer.mask) for layer in surface.layers)


def test_page_of_items_set_before_is_the_same() -> None:
    fresh = PixelTypesetter(bundled_fonts(), 10, 20)
    known = PixelTypesetter(bundled_fonts(), 10, 20)
    for item in reversed(PAGE):
        known.rows((item,), 40)
    pages = [typesetter.galley((*PAGE, *PAGE), 40) for typesetter in (fresh, known)]
    assert pages[0].rows == pages[1].rows
    assert layers_of(pages[0]) == layers_of(pages[1])
    assert pages[0].row_of(len(PAGE)) == pages[1].row_of(len(PAGE)) > pages[1].row_of(len(PAGE) - 1)


def test_layers_are_drawn_on_first_access() -> None:
    surface = pixel_typesetter().galley(PAGE, 60).band(0, PALETTE).surface
    assert "layers" not in vars(surface)
    assert surface.layers is surface.layers


def test_line_across_a_band_border_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    items = [Para((Run(f"{NEWS} {' '.join(TALL_WORDS)}"),)) for _ in range(3)]
    tall = layers_of(pixel_typesetter().galley(items, 30))
    monkeypatch.setattr(banded_galley, "BAND_ROWS", 3)
    low = layers_of(pixel_typesetter().galley(items, 30))
    assert low.keys() == tall.keys()
    for colour, mask in low.items():
        assert max(abs(here - there) for here, there in zip(mask, tall[colour], strict=True)) <= 2  # rounding at a clipped edge


@pytest.mark.parametrize("size", Size)
@pytest.mark.parametrize("cell", [(7, 14), (8, 16), (10, 20), (14, 30)])
def test_tall_words_are_not_cut_at_the_edges_of_a_galley(size: Size, cell: tuple[int, int]) -> None:
    typesetter = PixelTypesetter(bundled_fonts(), *cell)
    item = Para((Run("দ্য বেঙ্গল পোস্ট The Bengal নমুনা সংস্করণ ট্রু টি" if size is Size.MASTHEAD else " ".join(TALL_WORDS)),), size)
    alone = only_layer(typesetter.galley([item], 290)).mask
    white = Para((Run(" "),), size)
    amid = only_layer(typesetter.galley([white, item, white], 290)).mask
    lost = sum(amid) - sum(alone)
    assert lost <= sum(amid) * 0.002


@pytest.mark.parametrize("size", [size for size in Size if size is not Size.CODE])
def test_text_begins_at_the_same_pixel_for_any_first_letter(size: Size) -> None:
    starts = set()
    for word in ("কলকাতা", "বিভিন্ন", "(WhatsApp)", "১১", "‘মেটা’", "Rabindranath", "আশ্বস্ত", "ঠিক"):
        banded_galley = pixel_typesetter().galley([Para((Run(word),), size)], 40)
        mask, width = only_layer(banded_galley).mask, 400
        starts.add(next(x for x in range(width) if any(mask[x::width])))
    assert starts == {1}


def test_headstroke_begins_on_a_pixels_edge() -> None:
    layer = only_layer(pixel_typesetter().galley([Para((Run("কক"),))], 10))
    rows = [max(layer.mask[y * 100 : (y + 1) * 100]) for y in range(len(layer.mask) // 100)]
    first = next(y for y, value in enumerate(rows) if value)
    assert rows[first] > 240


def test_underline_joins_the_words_of_a_link() -> None:
    typesetter = pixel_typesetter()
    plain = only_layer(typesetter.galley([Para((Run("ক খ গ"),))], 20)).mask
    lined = only_layer(typesetter.galley([Para((Run("ক খ গ", underline=True),))], 20)).mask
    rows = [y for y in range(len(lined) // 200) if lined[y * 200 : (y + 1) * 200] != plain[y * 200 : (y + 1) * 200]]
    assert len(rows) == 1
    assert b"\0" not in lined[rows[0] * 200 : (rows[0] + 1) * 200].strip(b"\0")


def test_words_are_in_the_row_of_their_baseline() -> None:
    banded_galley = pixel_typesetter().galley(PAGE, 60)
    surface = banded_galley.band(0, PALETTE).surface
    assert [word.text for word in surface.words[1]] == ["দ্য", "বেঙ্গল", "পোস্ট"]
    columns = {word.text: word.column for word in surface.words[2]}
    assert list(columns) == ["●", "News", "Desk", "কাল"]
    assert (columns["●"], columns["News"], columns["কাল"]) == (0, 1, 57)  # the column of `Desk` depends on this machine's ●
    assert banded_galley.text(1) == "দ্য বেঙ্গল পোস্ট"


def test_exact_rows_omit_lines_that_do_not_fit() -> None:
    item = Para((Run("ক\nখ\nগ"),))
    banded_galley = pixel_typesetter().galley([item], 10, rows=2)
    assert banded_galley.rows == 2
    assert [word.text for words in banded_galley.band(0, PALETTE).surface.words for word in words] == ["ক"]
    assert pixel_typesetter().galley([item], 10, rows=9).rows == 9


@pytest.mark.parametrize("cell", [(7, 14), (8, 16), (9, 18), (10, 20), (12, 25), (16, 34)])
def test_row_and_masthead_fit_the_grid(cell: tuple[int, int]) -> None:
    for zoom in (-4, 0, 6):
        typesetter = PixelTypesetter(bundled_fonts(), *cell, zoom_px=zoom)
        assert typesetter.rows([Para((Run("ক"),), Size.ROW)]) == 1
        assert typesetter.rows([Para((Run("ক"),), Size.MASTHEAD)]) == 2


def test_zoom_resizes_category_names_in_whole_rows() -> None:
    name, sets = (Para((Run("ক্ষীরপাই"),), Size.NAME),), [PixelTypesetter(bundled_fonts(), 16, 32, zoom_px=at) for at in (-3, 0, 6)]
    widths = [each.advance(name[0].runs, Size.NAME) for each in sets]
    assert widths == sorted(set(widths))
    assert [each.rows(name) for each in sets] == [1, 1, 2]
    assert widths[1] == sets[1].advance(name[0].runs, Size.BAR)


@pytest.mark.parametrize("zoom", [-3, 0, 5])
def test_items_of_several_sizes_begin_at_the_same_pixel(zoom: int) -> None:
    typesetter = PixelTypesetter(bundled_fonts(), 10, 20, zoom_px=zoom)
    items = (Para((Run("ক"),), size, indent=1.4, indent_of=Size.LIST) for size in (Size.LIST, Size.SMALL))
    lefts = []
    for item in items:
        band = typesetter.galley((item,), 40).band(0, PALETTE)
        (layer,), width = band.surface.layers, band.surface.width_px
        lefts.append(min(at % width for at, value in enumerate(layer.mask) if value > 128) + band.column * 10)
    assert abs(lefts[0] - lefts[1]) <= 1


def test_zoom_makes_text_larger() -> None:
    sizes = [PixelTypesetter(bundled_fonts(), 10, 20, zoom_px=zoom).width((Run(NEWS),), Size.BODY) for zoom in (0, 4, 8)]
    assert sizes == sorted(set(sizes))


@pytest.mark.parametrize(("dots", "most_cells", "em"), [((2, 4), 3, 11), ((2, 3), 4, 10), ((2, 2), 5, 8.5), ((1, 2), 7, 12.5)])
def test_mosaic_type_has_its_smallest_readable_size(dots: tuple[int, int], most_cells: int, em: float) -> None:
    typesetter = PixelTypesetter.for_dots(bundled_fonts(), *dots, (10, 20))
    lines = [typesetter.rows([Para((Run("\n".join("ক" * count)),))]) for count in (1, 13)]
    assert (lines[1] - lines[0]) / 12 <= most_cells * 1.1  # the bundled font must be a tenth larger
    for size in Size:
        banded_galley = typesetter.galley([Para((Run("ক"),), size)], 40)
        mask, width = only_layer(banded_galley).mask, 40 * dots[0]
        inked = [y for y in range(len(mask) // width) if max(mask[y * width : (y + 1) * width]) > 110]
        assert len(inked) >= round(0.622 * 0.9 * em)


@pytest.mark.parametrize("dots", [(2, 4), (2, 3), (2, 2)])
@pytest.mark.parametrize("size", [Size.BODY, Size.LIST, Size.ROW])
def test_headstroke_lies_in_one_row_of_dots(dots: tuple[int, int], size: Size) -> None:
    banded_galley = PixelTypesetter.for_dots(bundled_fonts(), *dots, (10, 20)).galley([Para((Run("তততত"),), size)], 20)
    mask, width = only_layer(banded_galley).mask, 20 * dots[0]
    covered = [sum(mask[y * width : (y + 1) * width]) for y in range(len(mask) // width)]
    stroke = covered.index(max(covered))
    assert covered[stroke - 1] < 0.1 * covered[stroke]


def test_mosaic_without_shades_has_larger_type() -> None:
    shaded, bare = (PixelTypesetter.for_dots(bundled_fonts(), 2, 4, (10, 20), shaded=shaded) for shaded in (True, False))
    assert bare.em_cells > 1.25 * shaded.em_cells


def test_parts_of_dots_change_the_drawing_and_no_line() -> None:
    whole, parted = (PixelTypesetter.for_dots(bundled_fonts(), 2, 2, (9, 19), parts=parts).galley(PAGE, 80) for parts in (1, 2))
    assert (whole.rows, whole.text(0)) == (parted.rows, parted.text(0))
    surfaces = [galley.band(0, PALETTE).surface for galley in (whole, parted)]
    assert [(surface.cell_w, surface.cell_h) for surface in surfaces] == [(2, 2), (4, 4)]
    coarse, fine = (surface.layers[0].mask for surface in surfaces)
    assert len(fine) == 4 * len(coarse)
    assert abs(sum(fine) / 4 - sum(coarse)) < 0.1 * sum(coarse)


def test_letters_of_body_size_are_not_bold_in_a_mosaic() -> None:
    typesetter = PixelTypesetter.for_dots(bundled_fonts(), 2, 4, (10, 20))
    for size, differs in ((Size.BODY, False), (Size.LIST, False), (Size.HEADLINE, False)):
        light, bold = (only_layer(typesetter.galley([Para((Run("ক", bold=bold),), size)], 20)).mask for bold in (False, True))
        assert (light != bold) is differs  # headlines are always bold


def test_galley_width_is_limited_by_the_terminals_cell_numbers() -> None:
    assert pixel_typesetter().galley(PAGE, 500).cols == 297
    assert PixelTypesetter.for_dots(bundled_fonts(), 2, 3, (4, 9)).galley(PAGE, 500).cols == 500


@settings(max_examples=40, deadline=None)
@given(st.tuples(texts, texts), st.sampled_from(Size), st.integers(1, 120))
def test_any_text_is_set_and_drawn(pair: tuple[str, str], size: Size, cols: int) -> None:
    items: list[Item] = [Para((Run(pair[0]), Run(pair[1], bold=True)), size), Pair((Run(pair[0]),), (Run(pair[1]),))]
    banded_galley = pixel_typesetter().galley(items, cols)
    layers_of(banded_galley)
    assert [banded_galley.item_at(banded_galley.row_of(item)) for item in (0, 1)] == [0, 1]


@pytest.mark.parametrize("cell_px", [(8, 16), (10, 20), (10, 23), (12, 26)])
@pytest.mark.parametrize("name", ["দ্য বেঙ্গল পোস্ট", "The Bengal Post", "দ্য বেঙ্গল পোস্ট: নমুনা সংস্করণ"])
def test_masthead_has_equal_white_above_and_below(name: str, cell_px: tuple[int, int]) -> None:
    typesetter = PixelTypesetter(bundled_fonts(), *cell_px)
    page = typesetter.galley((Para((Run(name, bold=True),), Size.MASTHEAD, max_lines=1),), 90)
    width = page.band(0, PALETTE).surface.width_px
    mask = only_layer(page).mask
    inked = [row for row in range(page.rows * cell_px[1]) if any(mask[row * width : (row + 1) * width])]
    above, below = inked[0], page.rows * cell_px[1] - 1 - inked[-1]
    assert above > 0 and abs(above - below) <= 2


@pytest.mark.parametrize("cell", [(7, 14), (8, 16), (10, 19), (10, 20), (14, 30)])
@pytest.mark.parametrize("zoom_px", [0, 2])
def test_row_of_a_list_is_centred_between_hairlines(cell: tuple[int, int], zoom_px: int) -> None:
    """Letters and numbers without signs have equal distances to the row's upper edge and to the rule at its lower edge."""
    items = (Pair((Run("বন"),), ()), Para((Run("কলকাতা"),), Size.LIST, before=0.15), Para((Run("বন ১৭"),), Size.SMALL, before=0.25))
    typesetter = PixelTypesetter(bundled_fonts(), *cell, zoom_px=zoom_px)
    banded_galley = typesetter.galley((*items, Rule(is_hairline=True)), 40)
    assert banded_galley.rows <= typesetter.rows(items, 40) + 1
    width, height = 40 * cell[0], banded_galley.rows * cell[1]
    masks = layers_of(banded_galley)
    inked = [any(any(mask[y * width : (y + 1) * width]) for mask in masks.values()) for y in range(height)]
    ruled = masks[PALETTE["rule"]]
    stroke = next(rows for rows in (1, 2) if not any(ruled[: -width * rows]))
    assert ruled[-width * stroke :] == bytes([255] * width * stroke)
    above, below = inked.index(True), inked[:-stroke][::-1].index(True)
    assert abs(above - below) <= 0.1 * cell[1] + 1 and above > 0
