"""Tests of the places of links on a typeset page."""

from __future__ import annotations

import pytest

from bpost_tui.bengali.bengali_script import BENGALI
from bpost_tui.typesetting.typeset.cell_typesetter import CellTypesetter
from bpost_tui.typesetting.typeset.fonts import load_fonts
from bpost_tui.typesetting.typeset.items import Para, Run, Size
from bpost_tui.typesetting.typeset.pixel_typesetter import PixelTypesetter
from bpost_tui.typesetting.typeset.protocols import Galley, Typesetter

ONE, TWO = "https://one.example/", "https://two.example/"
ITEMS = (
    Para((Run("আগে "), Run("প্রথম যোগসূত্র", "link", underline=True, link=ONE), Run(" পরে"))),
    *(Para((Run("মাঝের অনুচ্ছেদ"),), before=1.0) for _ in range(6)),
    Para((Run("দ্বিতীয়", "link", link=TWO), Run(" আর "), Run("প্রথম", "link", bold=True, link=ONE)), before=1.0),
)


@pytest.fixture(params=["cells", "pixels"])
def typesetter(request: pytest.FixtureRequest) -> Typesetter:
    return CellTypesetter(BENGALI.language_rules) if request.param == "cells" else PixelTypesetter(load_fonts(BENGALI), 10, 20)


def links(galley: Galley, first: int, end: int) -> list[str]:
    return [place.address for place in galley.links(first, end)]


def test_links_are_listed_for_the_given_rows(typesetter: Typesetter) -> None:
    galley = typesetter.galley(ITEMS, 40)
    last = galley.row_of(7)
    assert links(galley, 0, galley.rows) == [ONE, TWO, ONE]
    assert links(galley, 0, 2) == [ONE]
    assert links(galley, 2, last) == []
    assert links(galley, last, galley.rows) == [TWO, ONE]


def test_link_is_found_only_in_its_cells(typesetter: Typesetter) -> None:
    galley = typesetter.galley(ITEMS, 40)
    found = [[galley.link_at(row, column) for column in range(40)] for row in range(galley.rows)]
    assert found[0][0] is None
    assert ONE in found[0]
    assert {link for link in found[galley.row_of(7)] if link} == {ONE, TWO}
    assert all(link is None for row in found[4 : galley.row_of(6)] for link in row)


def test_broken_link_is_found_on_each_line_and_listed_once(typesetter: Typesetter) -> None:
    galley = typesetter.galley((Para((Run("একটি দীর্ঘ যোগসূত্র যা এক সারিতে ধরে না", "link", link=ONE),)),), 12)
    assert galley.rows > 2
    assert all(galley.link_at(row, 1) == ONE for row in range(galley.rows))
    assert links(galley, 0, galley.rows) == [ONE]


def test_link_place_is_its_first_word(typesetter: Typesetter) -> None:
    galley = typesetter.galley(ITEMS, 40)
    one, two, again = galley.links(0, galley.rows)
    for place in (one, two, again):
        assert galley.link_at(place.row, place.column + 1) == place.address
    assert (one.row, two.column) == (0, 0) and two.row == again.row and two.column < again.column


def test_link_styled_as_text_ignores_the_mouse(typesetter: Typesetter) -> None:
    galley = typesetter.galley((Para((Run("মেদিনীপুর", "meta", link=ONE),)),), 40)
    assert links(galley, 0, galley.rows) == [ONE]
    assert galley.link_at(0, 1) is None


def test_link_at_a_lines_start_begins_in_the_first_cell(typesetter: Typesetter) -> None:
    """The link's first letter is drawn at the edge, so its glyph, which starts with white, begins left of the edge."""
    for word in ("Bengali", "মেদিনীপুর", "ঘাটাল"):
        (place,) = typesetter.galley((Para((Run(word, "link", link=ONE),), Size.HEADLINE),), 40).links(0, 9)
        assert place.column == 0


def test_text_in_the_row_above_a_link_is_no_link(typesetter: Typesetter) -> None:
    """Lines of the size BAR are one row high in pixels too, so their baselines are in neighbouring rows."""
    above, link = Para((Run("উপরের সারি"),), Size.BAR), Para((Run("যোগসূত্র", "link", link=ONE),), Size.BAR)
    galley = typesetter.galley((above, link), 40)
    (place,) = galley.links(0, galley.rows)
    rows = [row for row in range(galley.rows) if galley.text(row)]
    assert [galley.link_at(row, place.column + 1) for row in rows] == [None, ONE]


def test_blank_row_above_a_link_is_its_own_only_if_letters_are_drawn(typesetter: Typesetter) -> None:
    galley = typesetter.galley((Para((Run("আগে"),)), Para((Run("যোগসূত্র", "link", link=ONE),), before=1.0)), 40)
    row = next(row for row in range(galley.rows) if "যোগসূত্র" in galley.text(row))
    assert galley.text(row - 1) == ""
    assert galley.link_at(row - 1, 1) == (None if isinstance(typesetter, CellTypesetter) else ONE)
