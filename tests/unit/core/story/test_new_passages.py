"""Passages of a story that are new since it was read."""

from __future__ import annotations

import pytest

from bpost_tui.core.story.new_passages import new_paragraphs, page_lines
from bpost_tui.model.blocks import Paragraph, Span

FIRST, SECOND = "The crash near Ghatal left two dead.", "A bus hit a lorry at dawn."


@pytest.mark.parametrize(
    ("after", "new"),
    [
        ((FIRST, SECOND), set()),
        ((FIRST, "A bus hit a lorry, at dawn"), set()),
        ((SECOND, FIRST), set()),
        ((FIRST, "The driver fled.", SECOND), {1}),
        (("The crash near Ghatal left three dead.", SECOND), {0}),
        ((), set()),
    ],
)
def test_paragraph_with_new_words_is_new(after: tuple[str, ...], new: set[int]) -> None:
    assert new_paragraphs((FIRST, SECOND), after, frozenset()) == new


@pytest.mark.parametrize(
    "line", ["1,204 views", "3 hours ago", "Updated: 4 pm", "Also read: Rain in Digha", "১২৩ বার পঠিত", "৩ ঘণ্টা আগে", "আরও পড়ুন: বৃষ্টি"]
)
def test_line_of_the_page_is_not_new(line: str) -> None:
    left_out = page_lines((Paragraph((Span(f"{line} "),)), Paragraph((Span(FIRST),))))
    assert left_out == {line} and new_paragraphs((FIRST,), (line, FIRST, SECOND), left_out) == {2}


def test_paragraph_that_is_a_link_as_a_whole_is_not_new() -> None:
    blocks = (
        Paragraph((Span(FIRST, link="https://a.example/1"),)),
        Paragraph((Span(SECOND, link="https://a.example/2"), Span("!"))),
    )
    assert page_lines(blocks) == {FIRST}
