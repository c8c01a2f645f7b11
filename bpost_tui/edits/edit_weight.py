"""Decision whether an edit of a story matters to somebody who read the version before, with the reason as a value. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from bpost_tui.bengali.normalise import words
from bpost_tui.grouping.common_words import per_thousand
from bpost_tui.grouping.quantities import changed_quantities, quantities_of
from bpost_tui.grouping.word_keys import word_key
from bpost_tui.model.blocks import Blocks, text_of, texts_of

_MIN_TEXT_WORDS = 20
"""Minimum number of words added, or of words removed, for an edit of the text to count."""
_FUNCTION_WORD_SHARE = 500
"""Number of stories, out of 1,000, that have a word that counts as a function word."""


class EditKind(StrEnum):
    """Reason why an edit counts."""

    FIGURE = "figure"
    HEADLINE = "headline"
    NAME = "name"
    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"
    TEXT = "text"


class SignificantEdit(NamedTuple):
    """Edit that counts, with the change that is its reason."""

    kind: EditKind
    old: str
    """Figure, name or headline words before the edit; for a text, the number of words removed. Empty if there is none."""
    new: str
    """Figure, name or headline words after the edit; for a text, the number of words added. Empty if there is none."""
    unit: str = ""
    """Quantity of a figure: a key of `grouping.quantities.quantities_of`, or the noun in the text. Empty if there is none."""


class StoryVersion(NamedTuple):
    """Wording of a story at one time."""

    title: str
    blocks: Blocks


def significant_edit(before: StoryVersion, after: StoryVersion) -> SignificantEdit | None:
    """Return the most important reason why the edit from `before` to `after` counts, or None if it doesn't count."""
    if before == after:
        return None
    old_text, new_text = _text(before.blocks), _text(after.blocks)
    old_title, new_title = words(before.title), words(after.title)
    old_words, new_words = words(old_text), words(new_text)
    if (old_title, old_words) == (new_title, new_words):
        return None
    figures = changed_quantities(quantities_of(before.title, old_text), quantities_of(after.title, new_text))
    for quantity, (old, new) in figures.items():
        return SignificantEdit(EditKind.FIGURE, str(int(old)), str(int(new)), quantity)
    gone, come = _only_in(old_title, new_title), _only_in(new_title, old_title)
    if gone or come:
        return SignificantEdit(EditKind.HEADLINE, " ".join(gone), " ".join(come))
    removed, added = (
        (Counter(map(word_key, ours)) - Counter(map(word_key, theirs))).total()
        for ours, theirs in ((old_words, new_words), (new_words, old_words))
    )
    if max(removed, added) >= _MIN_TEXT_WORDS:
        return SignificantEdit(EditKind.TEXT, str(removed), str(added))
    return None


def _text(blocks: Blocks) -> str:
    """Return the text of blocks, without pictures and embeds."""
    return "\n".join(text_of(spans) for block in blocks for spans in texts_of(block))


def _only_in(ours: Sequence[str], theirs: Sequence[str]) -> list[str]:
    """Return the content words of a headline whose stem the other headline doesn't have."""
    known = set(map(word_key, theirs))
    return [word for word in ours if word_key(word) not in known and per_thousand(word_key(word)) < _FUNCTION_WORD_SHARE]
