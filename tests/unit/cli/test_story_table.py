"""Tests of the table of stories that the command line prints."""

from __future__ import annotations

import pytest

from bpost_tui.cli.shared.story_table import story_lines
from bpost_tui.i18n import Language
from bpost_tui.typesetting.text.graphemes import cell_width
from tests.conftest import headline

TITLE = "ইস্টবেঙ্গল-মোহনবাগান ডার্বি ২-২, শেষ মিনিটে সমতা ফেরালেন ক্লেইটন"


@pytest.mark.parametrize("cells", range(1, 101))
def test_line_of_a_story_ends_after_a_whole_word_of_its_headline(cells: int) -> None:
    row = headline(7, title=TITLE)
    (line,) = story_lines([row], Language("en"), cells, {row.paper: "The Bengal Chronicle"})
    assert cell_width(line) <= cells
    title = line.rpartition("  ")[2]
    if not line.endswith(TITLE) and cell_width(title) > 24:
        assert TITLE.startswith(title.removesuffix("…"))
        assert TITLE.removeprefix(title.removesuffix("…"))[0] in " ,"
