from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bpost_tui.core.page_matches import PageMatch
from bpost_tui.core.story.selection import PageWords, Selection, SelectionStep, steps_by_key
from bpost_tui.model.blocks import Heading, Paragraph, Span, Table
from bpost_tui.typesetting.typeset.items import CELL_END, Item, Para, Rule, Run

FIRST = "জেলায় জল জমেছে। ১.৫ লক্ষ মানুষ ঘরছাড়া। বৃষ্টি চলছে।"
SECOND = "“কাজ শুরু হয়েছে।” বলেন পুরপ্রধান।"
BLOCKS = (
    Paragraph((Span("জেলায় জল "), Span("জমেছে। ১.৫ লক্ষ মানুষ ঘরছাড়া। বৃষ্টি চলছে।", bold=True))),
    Heading((Span("শহরে"),)),
    Table((((Span("এক"),), (Span("দুই"),)),)),
    Paragraph((Span(SECOND),)),
)
ITEMS: tuple[Item, ...] = (
    Para((Run("শহরে"), Run("!"))),
    Rule(),
    Para((Run("জেলায় জল "), Run("জমেছে। ১.৫ লক্ষ মানুষ ঘরছাড়া। বৃষ্টি চলছে।", bold=True))),
    Para((Run("▣ ছবি"),)),
    Para((Run("শহরে"),)),
    Para((Run("এক"), Run(CELL_END), Run("দুই"))),
    Para((Run(SECOND),)),
    Para((Run("∎"),)),
)
WORDS = PageWords(ITEMS, BLOCKS)


def after(here: int, *steps: SelectionStep, begun: int | None = None) -> Selection:
    selection = Selection(WORDS, here, begun)
    for step in steps:
        selection = selection.after_step(step)
    return selection


def test_only_the_text_of_the_story_is_selected_from() -> None:
    assert WORDS.text(0, len(WORDS.words) - 1) == f"{FIRST}\n\nশহরে\n\nএক\tদুই\n\n{SECOND}"
    assert [item for item in range(len(ITEMS)) if WORDS.has(item)] == [2, 4, 5, 6]


def test_words_and_sentences_are_gone_by() -> None:
    assert after(0, SelectionStep.WORD_ON).text() == "জল"
    assert after(0, SelectionStep.WORD_BACK).text() == "জেলায়"
    assert after(0, SelectionStep.SENTENCE_ON).text() == "১.৫"
    assert after(0, SelectionStep.SENTENCE_ON, SelectionStep.SENTENCE_ON, SelectionStep.SENTENCE_ON).text() == "শহরে"
    assert after(4, SelectionStep.SENTENCE_BACK).text() == "১.৫"
    assert after(4, SelectionStep.SENTENCE_BACK, SelectionStep.SENTENCE_BACK).text() == "জেলায়"
    assert after(len(WORDS.words) - 1, SelectionStep.SENTENCE_ON, SelectionStep.WORD_ON).text() == "পুরপ্রধান।"


def test_from_a_start_on_steps_extend_the_selection() -> None:
    assert after(1, SelectionStep.START, SelectionStep.WORD_ON).text() == "জল জমেছে।"
    assert after(1, SelectionStep.START, SelectionStep.SENTENCE_ON).text() == "জল জমেছে।"
    assert (
        after(0, SelectionStep.START, SelectionStep.SENTENCE_ON, SelectionStep.SENTENCE_ON).text()
        == "জেলায় জল জমেছে। ১.৫ লক্ষ মানুষ ঘরছাড়া।"
    )
    assert (
        after(0, SelectionStep.START, SelectionStep.SENTENCE_ON, SelectionStep.SENTENCE_ON, SelectionStep.SENTENCE_BACK).text()
        == "জেলায় জল জমেছে।"
    )
    assert after(4, SelectionStep.START, SelectionStep.SENTENCE_BACK).text() == "১.৫ লক্ষ"
    assert after(1, SelectionStep.START, SelectionStep.WORD_ON, SelectionStep.START).text() == "জমেছে।"


def test_the_other_end_moves_after_a_swap_and_sentences_become_whole() -> None:
    assert (
        after(1, SelectionStep.START, SelectionStep.WORD_ON, SelectionStep.SWAP, SelectionStep.WORD_BACK).text() == "জেলায় জল জমেছে।"
    )
    assert after(1, SelectionStep.SENTENCE).text() == "জেলায় জল জমেছে।"
    assert after(2, SelectionStep.START, SelectionStep.WORD_ON, SelectionStep.SENTENCE).text() == "জেলায় জল জমেছে। ১.৫ লক্ষ মানুষ ঘরছাড়া।"
    assert after(1, SelectionStep.SENTENCE, SelectionStep.SENTENCE_ON).text() == "জেলায় জল জমেছে। ১.৫ লক্ষ মানুষ ঘরছাড়া।"


def test_the_word_where_one_is_is_marked_apart() -> None:
    marks, here = after(0, SelectionStep.SENTENCE).marks()
    assert here == PageMatch(2, FIRST.index("জমেছে"), FIRST.index("জমেছে") + len("জমেছে।"))
    assert marks == (PageMatch(2, 0, FIRST.index("জমেছে")), here)


def test_one_begins_at_a_line_in_sight() -> None:
    assert WORDS.found("মানুষ ঘরছাড়া। বৃষ্টি".replace("ড\u09bc", "\u09dc"), 2) == (5, 7)
    assert Selection(WORDS, WORDS.at(3)).text() == "শহরে"
    assert Selection(WORDS, WORDS.at(7)).text() == "পুরপ্রধান।"


def test_a_text_from_elsewhere_is_found_however_it_is_spaced() -> None:
    assert WORDS.found("লক্ষ  মানুষ\n\nঘরছাড়া।", 0) == (4, 6)
    assert WORDS.found("ঘরছাড়া। বৃষ্টি চলছে। শহরে এক", 2) == (6, 10)
    assert WORDS.found("জেলায়", 3) is None
    assert WORDS.found(" ", 0) is None
    assert PageWords((), ()).found("জেলায়", 0) is None


def test_bengali_layouts_have_the_same_keys() -> None:
    steps = steps_by_key(("probhat", "inscript"))
    assert steps["right"] is SelectionStep.WORD_ON
    assert {steps[key] for key in ("y", "enter")} == {SelectionStep.COPY}
    assert len([key for key in steps if not key.isascii()]) > 0 or len(steps) > 19


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(WORDS.words) - 1), st.lists(st.sampled_from([*SelectionStep]), max_size=12))
def test_any_steps_leave_whole_words_of_the_story(here: int, steps: list[SelectionStep]) -> None:
    selection = after(here, *steps)
    whole = WORDS.text(0, len(WORDS.words) - 1)
    assert selection.text()
    assert selection.text() in whole
    marks, at = selection.marks()
    assert at in marks
    assert list(marks) == sorted(marks)
    assert "".join(selection.text().split()) == "".join("".join(text_of(mark).split()) for mark in marks)


def text_of(mark: PageMatch) -> str:
    item = ITEMS[mark.item]
    assert isinstance(item, Para)
    return "".join(run.text for run in item.runs)[mark.start : mark.end]
