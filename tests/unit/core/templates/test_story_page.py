"""Page of a story: its note on letters that no font has, and headlines written from right to left. Page of the help."""

from __future__ import annotations

import pytest

from bpost_tui.bengali.bengali_script import BENGALI
from bpost_tui.core import templates
from bpost_tui.core.templates.story_page import body, figure, picture_placeholder
from bpost_tui.i18n import Language
from bpost_tui.model.blocks import Image, ListBlock, Paragraph, Preformatted, Span, Table
from bpost_tui.model.story import Story
from bpost_tui.store.library import Library
from bpost_tui.typesetting.typeset.cell_typesetter import CellTypesetter
from bpost_tui.typesetting.typeset.items import Item, Para, Run, Size
from bpost_tui.typesetting.typeset.pixel_typesetter import MOSAIC_WHITE
from tests.conftest import NOW


def page(library: Library, title: str, text: str) -> tuple[Item, ...]:
    story = Story(title, title, published=NOW, blocks=(Paragraph((Span(text),)),), full=True)
    saved = library.story(library.save([story], now=NOW).new[0])
    return templates.story(
        saved, Language("en"), paper="اخبار", missing_letters="".join(char for char in title + text if char in "ᱥᱟ𐎠漢")
    )


@pytest.mark.parametrize("language", ["en", "bn"])
@pytest.mark.parametrize(("text", "marker"), [("ঝালদা: উৎস", "১."), ("The source", "1."), ("১৯৫৬", "১.")])
def test_numbers_of_a_list_are_in_the_script_of_its_text(language: str, text: str, marker: str) -> None:
    block = ListBlock(((0, (Span(text),)), (0, (Span("Kangsabati"),))), ordered=True)
    first, second = body((block,), Language(language))
    assert isinstance(first, Para) and isinstance(second, Para)
    assert [run.text for run in (*first.marker, *second.marker)] == [marker, marker.translate({ord("১"): "২", ord("1"): "2"})]


def test_note_beside_a_picture_is_not_broken() -> None:
    line = templates.label(Image("https://a.example/1.png", caption=(Span("নদী"),)), Language("en"), note="i: show it")
    assert texts((line,)) == ["▣ Picture: নদী · i:\u00a0show\u00a0it"]


def test_sections_of_the_help_are_apart_in_cells_beside_a_mosaic() -> None:
    cells = CellTypesetter(BENGALI.language_rules, white=MOSAIC_WHITE)
    section = ("Lists", (("j", "Next line"), ("k", "Previous line")))
    one, two = (cells.rows(templates.help_page((section,) * count, wide=False), 40) for count in (1, 2))
    assert (one, two) == (3, 7)


def texts(items: tuple[Item, ...]) -> list[str]:
    return ["".join(run.text for run in item.runs) for item in items if isinstance(item, Para)]


def test_scripts_without_a_font_are_named_once_a_story(library: Library) -> None:
    notes = [text for text in texts(page(library, "Santali ᱥ", "ᱥᱟ and 𐎠, 漢")) if text.startswith("No font")]
    assert len(notes) == 1
    assert all(script in notes[0] for script in ("Ol Chiki", "Old Persian", "CJK"))
    assert not [text for text in texts(page(library, "Rain", "Rain in Kolkata")) if text.startswith("No font")]


def test_text_begins_early_in_a_window_of_few_lines(library: Library) -> None:
    title, text = "এক দুই তিন চার " * 20, "বৃষ্টি হয়েছে।"
    saved = library.story(
        library.save([Story(title, title, published=NOW, blocks=(Paragraph((Span(text),)),), full=True)], now=NOW).new[0]
    )
    usual, early = (
        templates.story(saved, Language("en"), paper="The Bengal Post", is_low=True, begins_with_text=begins_with_text)
        for begins_with_text in (False, True)
    )
    first = next(item for item in early if isinstance(item, Para))
    assert (first.size, first.max_lines) == (Size.LOW_HEADLINE, 2)
    assert texts(early)[1] == text
    assert texts(usual)[:2] == texts(early)[-2:], "the whole headline and the line below it follow the text"
    assert [usual.index(item) for item in usual if item in early and "বৃষ্টি" in str(item)] == [4], "positions are saved by item"
    assert early[4] == usual[4]


@pytest.mark.parametrize("is_low", [False, True])
def test_top_of_the_page_names_the_other_papers_in_any_window(library: Library, is_low: bool) -> None:
    saved = library.story(library.save([Story("g", "ক", published=NOW, full=True)], now=NOW).new[0])
    saved = saved._replace(same_news=(saved.headline._replace(paper="other"),))
    items = templates.story(saved, Language("en"), paper="Daily", is_low=is_low, papers={"other": "Gazette"})
    assert any("also in Gazette" in text.replace("\N{NO-BREAK SPACE}", " ") for text in texts(items)[:3])


def test_byline_of_a_right_to_left_story_is_aligned_right(library: Library) -> None:
    byline = next(item for item in page(library, "بارش", "متن") if isinstance(item, Para) and "2026" in item.runs[0].text)
    assert byline.align == "end"
    assert byline.runs[0].text.startswith("\u2068اخبار\u2069 · ")


@pytest.mark.parametrize(
    ("text_end", "full", "notice"),
    [
        ("", True, ""),
        ("subscribers", True, "The whole text is saved; the paper states that it is for subscribers."),
        (
            "subscribers",
            False,
            "Only the beginning is saved: the paper states that it is for subscribers; the rest is on its page.",
        ),
        ("refused", False, "Only the beginning is saved: the site refuses to send it; the rest is on its page."),
        ("refused: Cloudflare", False, "Only the beginning is saved: Cloudflare refuses to send it; the rest is on its page."),
        ("gone", False, "Only the beginning is saved: its page is gone"),
        ("", False, "Only the beginning is saved: no answer"),
    ],
)
def test_storys_end_has_the_reason_why_its_text_ends(library: Library, text_end: str, full: bool, notice: str) -> None:
    story = Story("g", "ক", published=NOW, blocks=(Paragraph((Span("শুরু …"),)),), full=full, text_end=text_end)
    saved = library.story(library.save([story], now=NOW).new[0])
    items = texts(templates.story(saved, Language("en"), paper="P", rest="no answer"))
    assert [text for text in items if "saved" in text] == ([notice] if notice else [])


@pytest.mark.parametrize("cols", [30, 34, 38, 41, 44, 52])
def test_byline_breaks_only_between_its_parts(library: Library, cols: int) -> None:
    byline = next(item for item in page(library, "বৃষ্টি", "লেখা") if isinstance(item, Para) and "2026" in item.runs[0].text)
    byline = byline._replace(runs=(Run("রুক্মিণী মুর্মু, পশ্চিম মেদিনীপুর · "), *byline.runs))
    galley = CellTypesetter(BENGALI.language_rules).galley((byline,), cols)
    parts = [part.strip() for row in range(galley.rows) for part in galley.text(row).replace("\u00a0", " ").split("·")]
    assert [part for part in parts if part] == ["রুক্মিণী মুর্মু, পশ্চিম মেদিনীপুর", "\u2068اخبار\u2069", "24 November 2026", "1 min read"]


def test_tabs_in_code_stop_at_every_eighth_column() -> None:
    code = Preformatted((Span("\ta\tb"), Span("c", link="https://a.example/"), Span("\td\n12345678\te")))
    (item,) = body((code,), Language("en"))
    assert isinstance(item, Para) and item.size is Size.CODE
    assert texts((item,)) == ["        a       bc      d\n12345678        e"]


def test_captions_have_curly_quotation_marks() -> None:
    words = (Span('The board\'s "list"'),)
    image, rows = Image("https://a.example/x.png", caption=words), Table((((Span("1"),),),), caption=words)
    shown = figure(image, (400, 300), picture_placeholder)
    for item in (*body((image, rows), Language("en"))[:2], shown):
        galley = CellTypesetter(BENGALI.language_rules).galley((item,), 60)
        assert "The board’s “list”" in galley.text(0)
