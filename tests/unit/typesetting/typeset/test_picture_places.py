"""Tests of pictures in a galley: they take whole rows, may be cut, and are an empty frame until they are loaded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpost_tui.bengali.bengali_script import BENGALI
from bpost_tui.typesetting.typeset.banded_galley import BAND_ROWS
from bpost_tui.typesetting.typeset.cell_typesetter import CellTypesetter
from bpost_tui.typesetting.typeset.items import Figure, Item, Para, Run, Runs, Size
from bpost_tui.typesetting.typeset.layout_engine import LayoutEngine
from bpost_tui.typesetting.typeset.photo import Photo
from bpost_tui.typesetting.typeset.picture_places import picture_cells
from bpost_tui.typesetting.typeset.pixel_typesetter import PixelTypesetter
from tests.unit.typesetting.typeset.sample_items import NEWS, PALETTE, bundled_fonts, pixel_typesetter

TEXT = Para((Run(NEWS),))
CAPTION = (Run("কাঁসাইয়ের চরে সন্ধ্যা", "meta"),)


class Pictures:
    """Source of pictures in any size. It has none until `ready` is set."""

    def __init__(self) -> None:
        self.ready = False
        self.requested: set[tuple[int, int]] = set()

    def photo_at(self, width_px: int, height_px: int) -> Photo | None:
        self.requested.add((width_px, height_px))
        return Photo(width_px, height_px, bytes(3 * width_px * height_px)) if self.ready else None


@pytest.fixture
def pictures() -> Pictures:
    return Pictures()


def page(pictures: Pictures, size: tuple[int, int] = (800, 450)) -> list[Item]:
    return [TEXT, Figure(*size, pictures.photo_at, CAPTION), TEXT]


def test_picture_takes_whole_rows_of_its_own(pictures: Pictures) -> None:
    pictures.ready = True
    galley = pixel_typesetter().galley(page(pictures), 60)
    bands = {galley.band(row, PALETTE).first_row: galley.band(row, PALETTE) for row in range(galley.rows)}
    assert sum(band.surface.rows for band in bands.values()) == galley.rows
    with_photo = [band for band in bands.values() if band.surface.photo is not None]
    assert sum(band.surface.rows for band in with_photo) == round(600 * 450 / 800 / 20)
    assert all(band.surface.cols == 60 and band.surface.rows <= BAND_ROWS and not band.surface.layers for band in with_photo)
    assert pictures.requested == {(600, 340)}
    shown = [galley.text(row) for row in range(galley.rows)]
    assert any("সন্ধ্যা" in text for text in shown)


@pytest.mark.parametrize("caption", [CAPTION, (Run(NEWS, "meta"),)])
def test_text_below_a_picture_and_below_its_label_begins_with_a_row(pictures: Pictures, caption: Runs) -> None:
    metric = pixel_typesetter().metric
    for item in (Figure(800, 450, pictures.photo_at, caption), Para(caption, Size.SMALL, is_picture_label=True)):
        assert LayoutEngine(metric).column([TEXT, item, TEXT], 600).tops[2] % metric.row() == 0


def test_frame_is_shown_until_the_picture_is_loaded(pictures: Pictures) -> None:
    galley = pixel_typesetter().galley(page(pictures), 60)
    row = galley.row_of(1)
    rows, text = galley.rows, galley.band(0, PALETTE)
    waiting = galley.band(row, PALETTE)
    assert waiting.surface.photo is None and any(waiting.surface.layers[0].mask)
    assert galley.band(row, PALETTE) is waiting
    pictures.ready = True
    shown = galley.band(row, PALETTE)
    assert shown.surface.photo is not None
    assert galley.band(row, PALETTE) is shown
    assert (galley.rows, galley.band(0, PALETTE)) == (rows, text)


def test_request_pictures_requests_nearby_pictures_in_their_size(pictures: Pictures) -> None:
    other = Pictures()
    items = [*page(pictures), Figure(100, 100, other.photo_at)]
    galley = pixel_typesetter().galley(items, 60)
    galley.request_pictures(0, galley.row_of(1) + 1)
    assert (pictures.requested, other.requested) == ({(600, 340)}, set())
    galley.request_pictures(0, galley.rows)
    assert other.requested == {(200, 200)}


def test_small_picture_is_centred(pictures: Pictures) -> None:
    galley = pixel_typesetter().galley([Figure(100, 100, pictures.photo_at)], 60)
    band = galley.band(0, PALETTE)
    assert (band.column, band.surface.cols, galley.rows) == (20, 20, 10)


def test_cells_show_the_caption_alone(pictures: Pictures) -> None:
    typesetter = CellTypesetter(BENGALI.language_rules)
    galley = typesetter.galley(page(pictures), 60)
    assert galley.rows == typesetter.rows([TEXT, Para(CAPTION, before=0.8), TEXT], 60)
    assert pictures.requested == set()


def test_place_in_a_page_is_the_same_without_the_picture(pictures: Pictures) -> None:
    for items in (page(pictures), [TEXT, Para(CAPTION), TEXT]):
        galley = pixel_typesetter().galley(items, 60)
        assert [galley.item_at(galley.row_of(item)) for item in range(3)] == [0, 1, 2]


def test_mosaic_keeps_a_pictures_shape() -> None:
    typesetter = PixelTypesetter.for_dots(bundled_fonts(), 2, 4, (10, 20))
    pictures = Pictures()
    galley = typesetter.galley([Figure(800, 400, pictures.photo_at)], 80)
    assert (galley.cols, galley.rows, pictures.requested) == (80, 20, set())
    galley.request_pictures(0, 1)
    assert pictures.requested == {(160, 80)}


@given(st.integers(1, 20_000), st.integers(1, 20_000), st.integers(1, 297))
def test_picture_cells_are_at_least_one_and_within_the_measure(width: int, height: int, most: int) -> None:
    cols, rows = picture_cells((width, height), most, (10, 20), (1.0, 1.0))
    assert 1 <= cols <= most
    assert 1 <= rows <= max(1, round(1.2 * most / 2) + 1)
