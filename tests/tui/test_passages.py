"""Tests of passages (saved words of stories): saving, marking, notes, opening, listing, searching and deleting."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bpost_tui.bengali.sentences import sentences
from bpost_tui.model.blocks import Paragraph, Span
from bpost_tui.model.passage_anchoring import quotable_text
from bpost_tui.model.story import to_story
from bpost_tui.typesetting.terminal.capabilities import RenderMode
from bpost_tui.typesetting.typeset.items import Para
from tests.sample_portal.server import SamplePortal
from tests.tui.conftest import ReaderFactory
from tests.tui.effects.passage_effects import keep, to_passages
from tests.tui.reader_facade import Reader


def underlined(bpost: Reader) -> str:
    """Return the underlined text of the paragraphs that have a passage, which is underlined although it is no link."""
    paragraphs = [item for item in bpost.items if isinstance(item, Para)]
    marked = [each for each in paragraphs if any(run.underline and not run.link for run in each.runs)]
    return "".join(run.text for each in marked for run in each.runs if run.underline)


def below(bpost: Reader) -> list[str]:
    """Return the lines about passages on the story's page: the reader's notes, and others."""
    return [item.runs[0].text for item in bpost.items if isinstance(item, Para) and item.bar == "mark"]


def first_sentence(bpost: Reader) -> str:
    assert bpost.saved is not None
    text = quotable_text(bpost.saved.blocks)
    start, end = sentences(text)[0]
    return text[start:end]


def edit(bpost: Reader, text: str) -> None:
    """Replace the first paragraph of the story on the screen by `text`, as the portal does."""
    assert bpost.saved is not None
    story, later = to_story(bpost.saved), bpost.now + timedelta(minutes=1)
    paper = next(count.paper for count in bpost.library.papers())
    edited = story._replace(blocks=(Paragraph((Span(text),)), *story.blocks[1:]), modified=later)
    bpost.library.for_paper(paper).save([edited], now=later)


@pytest.mark.parametrize("mode", [RenderMode.MOSAIC, RenderMode.CELLS, RenderMode.KITTY])
async def test_a_sentence_is_kept_marked_and_noted(reader: ReaderFactory, sample_portal: SamplePortal, mode: RenderMode) -> None:
    async with reader(sample_portal.address, render_mode=mode) as bpost:
        await keep(bpost, "দেখতে হবে")
        (passage,) = bpost.library.passages.all()
        assert passage.selector.exact == first_sentence(bpost)
        assert passage.note == "দেখতে হবে"
        assert underlined(bpost) == first_sentence(bpost)
        assert below(bpost) == [bpost.language.text("Note: {note}", note="দেখতে হবে")]
        assert bpost.pane == "story"
        assert bpost.reversed_row in bpost.window


async def test_passage_without_a_note_is_kept_and_undone(bpost: Reader) -> None:
    await bpost.press("enter", "H", "s", "p")
    await bpost.until(lambda: bpost.is_asking)
    bpost.line.insert_text_at_cursor("never")
    await bpost.press("escape")
    assert [passage.note for passage in bpost.library.passages.all()] == [""]
    assert bpost.text("Passage saved") in bpost.message
    assert below(bpost) == []
    await bpost.press("u")
    assert bpost.library.count_passages() == 0
    assert underlined(bpost) == ""


async def test_passage_and_later_note_are_undone_separately(bpost: Reader) -> None:
    await keep(bpost, "at once")
    assert bpost.text("Note saved") in bpost.message
    await bpost.press("E")
    bpost.line.insert_text_at_cursor(", and later")
    await bpost.press("enter")
    assert [passage.note for passage in bpost.library.passages.all()] == ["at once, and later"]
    await bpost.press("u")
    assert [passage.note for passage in bpost.library.passages.all()] == ["at once"]
    await bpost.press("u")
    assert bpost.library.count_passages() == 0
    assert bpost.text("Undone: the passage is no longer saved") in bpost.message
    await bpost.press("u")
    assert bpost.text("Nothing to undo") in bpost.message


async def test_passage_selected_by_mouse_is_kept(bpost: Reader) -> None:
    await bpost.press("enter")
    await bpost.pilot.mouse_down(bpost.story, offset=(6, 8))
    await bpost.pilot.hover(bpost.story, offset=(30, 10))
    await bpost.pilot.mouse_up(bpost.story, offset=(30, 10))
    await bpost.settle()
    assert bpost.main.get_selected_text()
    await bpost.press("quotation_mark")
    await bpost.until(lambda: bpost.is_asking)
    await bpost.press("enter")
    (passage,) = bpost.library.passages.all()
    assert underlined(bpost).split() == passage.selector.exact.split()
    assert bpost.main.get_selected_text() is None


async def test_quote_key_without_selection_goes_to_passages(bpost: Reader) -> None:
    await bpost.press("enter", "quotation_mark")
    assert bpost.message == bpost.language.text("Select with the mouse or {key}; what you keep is under Passages", key="H")
    await keep(bpost)
    await bpost.press("H", "down", "down", "down", "s", "p")
    await bpost.until(lambda: bpost.is_asking)
    await bpost.press("enter", "escape")
    assert bpost.reversed_row is None
    rows: list[int | None] = []
    for _ in range(3):
        await bpost.press("quotation_mark")
        rows.append(bpost.reversed_row)
    assert rows[0] == rows[2] != rows[1]
    await bpost.press("D")
    assert bpost.library.count_passages() == 1


async def test_passage_is_marked_again_after_another_story(bpost: Reader) -> None:
    await keep(bpost)
    await bpost.press("escape", "escape")
    marked = underlined(bpost)
    assert marked
    await bpost.press("j")
    assert not underlined(bpost)
    await bpost.press("k")
    assert underlined(bpost) == marked


@pytest.mark.given(size=(80, 16))
async def test_passage_list_opens_a_story_at_its_passage(bpost: Reader) -> None:
    await bpost.press("enter", "pagedown", "H", "s", "p")
    await bpost.until(lambda: bpost.is_asking)
    bpost.line.insert_text_at_cursor("a note")
    await bpost.press("enter")
    (passage,) = bpost.library.passages.all()
    await to_passages(bpost)
    assert [row.title for row in bpost.posts.stories] == [passage.title]
    await bpost.press("enter")
    assert bpost.pane == "story"
    assert bpost.reversed_row in bpost.window
    assert below(bpost) == [bpost.language.text("Note: {note}", note="a note")]
    await bpost.press("s")
    assert passage.story is not None
    assert bpost.library.headline(passage.story).starred
    await bpost.press("escape")
    assert bpost.pane == "posts"


async def test_passages_are_searched_by_words_and_notes(bpost: Reader) -> None:
    await keep(bpost, "নিকাশি")
    await to_passages(bpost)
    await bpost.press("slash")
    for typed, count in (("nikashi", 1), ("নিকাশির", 1), ("অন্যকিছু", 0), ("", 1)):
        bpost.line.value = typed
        await bpost.until(lambda count=count: len(bpost.posts.stories) == count)  # type: ignore[misc]
    await bpost.press("escape")
    assert bpost.pane == "posts"


async def test_search_of_passages_cannot_be_saved(bpost: Reader) -> None:
    await keep(bpost, "নিকাশি")
    await to_passages(bpost)
    await bpost.press("slash", *"nikashi", "enter", "w")
    assert bpost.text("Searches of passages can't be saved") in bpost.message
    assert bpost.library.saved_searches.all() == ()


async def test_passage_list_edits_deletes_and_restores(bpost: Reader) -> None:
    await keep(bpost)
    await to_passages(bpost)
    await bpost.until(lambda: bpost.saved is not None and bpost.saved.opened_at != "")
    await bpost.press("E")
    bpost.line.insert_text_at_cursor("later")
    await bpost.press("enter")
    assert bpost.library.passages.all()[0].note == "later"
    assert bpost.pane == "posts"
    await bpost.press("D")
    assert bpost.library.count_passages() == 0
    assert not bpost.posts.stories
    await bpost.press("u")
    assert [passage.note for passage in bpost.library.passages.all()] == ["later"]
    assert len(bpost.posts.stories) == 1


async def test_words_are_found_in_a_story_opened_at_a_passage(bpost: Reader) -> None:
    await keep(bpost)
    await to_passages(bpost)
    await bpost.press("enter", "slash")
    assert bpost.saved is not None and bpost.saved.opened_at
    bpost.line.insert_text_at_cursor(first_sentence(bpost).split()[0])
    await bpost.settle()
    assert bpost.notes[0].startswith(bpost.number(1))


async def test_selection_follows_an_edit_of_a_story_opened_at_a_passage(bpost: Reader) -> None:
    await keep(bpost)
    await to_passages(bpost)
    await bpost.press("enter", "top", "H")
    assert bpost.dialog == "selecting" and bpost.saved is not None and bpost.saved.opened_at
    selected, before = underlined(bpost), bpost.saved
    edit(bpost, "এখন এখানে একেবারে অন্য কথা লেখা আছে।")
    await bpost.reloaded()
    assert bpost.saved != before
    await bpost.press("y")
    assert bpost.app.clipboard == "এখন", selected


async def test_passage_remains_readable_without_its_story(bpost: Reader) -> None:
    await keep(bpost, "kept")
    (passage,) = bpost.library.passages.all()
    bpost.library.maintenance.prune(bpost.now + timedelta(days=400))
    await to_passages(bpost)
    await bpost.press("enter")
    assert bpost.saved is not None
    assert bpost.saved.headline.title == passage.title
    assert " ".join(underlined(bpost).split()) == " ".join(passage.selector.exact.split())
    assert below(bpost) == [bpost.language.text("Note: {note}", note="kept")]
    await bpost.press("s", "o", "d", "m")
    assert bpost.opened[-1] == passage.link


async def test_passage_without_its_story_is_shared_and_not_marked(bpost: Reader) -> None:
    await keep(bpost)
    (passage,) = bpost.library.passages.all()
    bpost.library.maintenance.prune(bpost.now + timedelta(days=400))
    await to_passages(bpost)
    await bpost.press("enter", "e")
    await bpost.press(*["down"] * bpost.choice_labels.index(bpost.text("Card: look at it")), "enter")
    quoted = "".join(run.text for item in bpost.page_items for run in getattr(item, "runs", ()) if getattr(item, "bar", None))
    assert quoted == passage.selector.exact
    await bpost.press("escape")
    for key in "msLB*":
        bpost.status.show_answer("")
        await bpost.press(key)
        assert (bpost.message, bpost.dialog) == (bpost.text("This story is no longer saved"), "")


async def test_words_found_in_a_passage_are_not_sought_in_the_next(bpost: Reader) -> None:
    await keep(bpost)
    await bpost.press("J", "H", "s", "p", "escape")
    assert bpost.library.count_passages() == 2
    bpost.library.maintenance.prune(bpost.now + timedelta(days=400))
    await to_passages(bpost)
    await bpost.press("enter", "slash")
    bpost.line.insert_text_at_cursor("খবর")
    await bpost.settle()
    await bpost.press("enter")
    assert bpost.notes
    await bpost.press("J")
    assert not bpost.notes


async def test_passage_lost_by_an_edit_is_reported(bpost: Reader) -> None:
    await keep(bpost, "kept")
    (passage,) = bpost.library.passages.all()
    edit(bpost, "এখন এখানে একেবারে অন্য কথা লেখা আছে।")
    await bpost.until(lambda: len(below(bpost)) == 2)
    gone, note = below(bpost)
    assert passage.selector.exact in gone
    assert note == bpost.language.text("Note: {note}", note="kept")
    assert underlined(bpost) == ""


async def test_passage_is_shared_as_a_card(bpost: Reader) -> None:
    await keep(bpost)
    (passage,) = bpost.library.passages.all()
    for place in ("story", "passages"):
        if place == "passages":
            await to_passages(bpost)
            await bpost.until(lambda: bpost.saved is not None and bpost.saved.opened_at != "")
        await bpost.press("e")
        assert bpost.dialog == "choice"
        await bpost.press(*["down"] * bpost.choice_labels.index(bpost.text("Card: look at it")), "enter")
        quoted = [run.text for item in bpost.page_items for run in getattr(item, "runs", ()) if getattr(item, "bar", None)]
        assert " ".join(quoted) == passage.selector.exact
        await bpost.press("escape")


@pytest.mark.given(language="en")
async def test_note_is_continued_at_its_end(bpost: Reader) -> None:
    await keep(bpost, "see")
    await bpost.press("E", "n", "enter")
    assert [passage.note for passage in bpost.library.passages.all()] == ["seen"]
