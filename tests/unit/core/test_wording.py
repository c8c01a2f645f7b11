"""Texts about a change since a story was read."""

from __future__ import annotations

import pytest

from bpost_tui.core.wording import change_line
from bpost_tui.edits.edit_weight import EditKind
from bpost_tui.i18n import Language
from bpost_tui.model.story import ReadChange
from tests.conftest import headline


@pytest.mark.parametrize(
    ("change", "english", "bengali"),
    [
        (None, "", ""),
        (ReadChange("figure", "2", "3", "dead"), "changed: 3 dead, was 2", "বদলেছে: মৃত ৩, আগে ২"),
        (ReadChange("figure", "12", "1500", "sum fine"), "changed: 1,500, was 12", "বদলেছে: ১,৫০০, আগে ১২"),
        (ReadChange("figure", "1.25", "2.5", "percent"), "changed: 2.5, was 1.25", "বদলেছে: ২.৫, আগে ১.২৫"),
        (ReadChange("figure", "2026", "2027"), "changed: 2027, was 2026", "বদলেছে: ২০২৭, আগে ২০২৬"),
        (ReadChange("headline", "2 killed", "3 G20"), "changed: 3 G20, was 2 killed", "বদলেছে: ৩ G20, আগে ২ killed"),
        (ReadChange("figure", "", "3", "houses"), "changed: a figure", "বদলেছে: একটি সংখ্যা"),
        (ReadChange("name", "Ray", "Roy"), "changed: Roy, was Ray", "বদলেছে: Roy, আগে Ray"),
        (ReadChange("name", "", "Roy"), "changed: a name", "বদলেছে: একটি নাম"),
        (ReadChange("headline", "words " * 9, "others"), "changed: the headline", "বদলেছে: শিরোনাম"),
        (ReadChange("text", "0", "40"), "changed: the text", "বদলেছে: লেখা"),
    ],
)
def test_change_line_in_both_languages(change: ReadChange | None, english: str, bengali: str) -> None:
    row = headline(1, changed=change)
    assert (change_line(row, Language("en")), change_line(row, Language("bn"))) == (english, bengali)


@pytest.mark.parametrize("kind", EditKind)
def test_every_kind_of_edit_has_words_of_its_own(kind: EditKind) -> None:
    line = change_line(headline(1, changed=ReadChange(kind, "", "")), Language("en"))
    assert line and (line != "changed: the text" or kind is EditKind.TEXT)
