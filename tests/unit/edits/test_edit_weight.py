"""Weight of an edit: which changes of a story count, and why. The texts are invented."""

from __future__ import annotations

import pytest

from bpost_tui.edits.edit_weight import EditKind, SignificantEdit, StoryVersion, significant_edit
from bpost_tui.model.blocks import Paragraph, Span


def _version(title: str, *paragraphs: str) -> StoryVersion:
    return StoryVersion(title, tuple(Paragraph((Span(text),)) for text in paragraphs))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            _version("Bus falls into river", "Two people died when a bus fell into the river."),
            _version("Bus falls into river", "Three people died when a bus fell into the river."),
            SignificantEdit(EditKind.FIGURE, "2", "3", "dead"),
        ),
        (_version("বাস উল্টে মৃত ২"), _version("বাস উল্টে মৃত ৩"), SignificantEdit(EditKind.FIGURE, "2", "3", "dead")),
        (_version("Mayor visits school"), _version("Mayor opens school"), SignificantEdit(EditKind.HEADLINE, "visits", "opens")),
    ],
)
def test_counted_edit_has_its_reason(before: StoryVersion, after: StoryVersion, expected: SignificantEdit) -> None:
    assert significant_edit(before, after) == expected


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (_version("বাস উল্টে মৃত ২"), _version("বাস উল্টে মৃত 2।")),
        (_version("ঝড়", "গাড়ি  চলেনি।"), _version("ঝড়", "গাড়ি চলেনি")),
    ],
)
def test_edit_of_form_alone_does_not_count(before: StoryVersion, after: StoryVersion) -> None:
    assert significant_edit(before, after) is None
