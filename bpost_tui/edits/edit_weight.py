"""Decision whether an edit of a story matters to somebody who read the version before, with the reason as a value. Pure.

An edit counts if a figure changed, the headline gained or lost a content word, a name was replaced, a correction or withdrawal was
published, or some twenty words came or went. It doesn't count if only spelling, digits' script, punctuation, order, markup,
pictures or lines of the page (`page_lines`) differ. docs/changed-stories.md has the figures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import chain, islice, product

from bpost_tui.bengali.normalise import normalised
from bpost_tui.edits.names import is_office
from bpost_tui.edits.page_lines import is_page_line
from bpost_tui.edits.published_notes import is_correction, is_withdrawal
from bpost_tui.edits.word_changes import (
    MAX_STEPS,
    Change,
    Word,
    Words,
    changes_between,
    is_content,
    without_respelt,
    without_same,
    words_of_line,
)
from bpost_tui.grouping.quantities import changed_quantities, quantities_of
from bpost_tui.model.blocks import Blocks, Spans, text_of, texts_of
from bpost_tui.model.text_diff import DiffBudget
from bpost_tui.typesetting.text.named_tuple import NamedTuple

MIN_TEXT_WORDS = 20
"""Minimum number of words added, or of words removed, for an edit of the text to count."""
_MAX_WORDS, _MAX_CHARS = 3000, 40_000
"""Maximum number of words, and of characters of a line, that are read of all lines that one version has and the other lacks."""
_LEAD_CHARS = 2000
"""Number of characters at the beginning of a text that contain all that `quantities_of` reads."""
_MAX_NOTE_CHARS, _MAX_NOTES = 600, 20
"""Maximum length in characters of a line with a note, and number of first and last lines that are searched for notes."""
_MAX_NAME_WORDS, _MAX_FIGURE_WORDS = 4, 12
"""Maximum number of words replaced at one place for its name or figure to count as replaced by the one there, and for a figure to
count as replaced by one with the same noun.
"""


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
    old: str = ""
    """Figure, name or headline words before the edit; for a text, the number of words removed. Empty if there is none."""
    new: str = ""
    """Figure, name or headline words after the edit; for a text, the number of words added. Empty if there is none."""
    unit: str = ""
    """Quantity of a figure: a key of `grouping.quantities.quantities_of`, or the noun in the text. Empty if there is none."""


class StoryVersion(NamedTuple):
    """Wording of a story at one time."""

    title: str
    blocks: Blocks


def significant_edit(before: StoryVersion, after: StoryVersion) -> SignificantEdit | None:
    """Return the most important reason why the edit from `before` to `after` counts, or None if it doesn't count.

    A withdrawal precedes all else. Then come the figures that the same news compares, a correction, the headline, other figures,
    names, and the amount of text.
    """
    if before == after:
        return None
    lines = _changed_lines(_lines(before.blocks), _lines(after.blocks))
    steps = DiffBudget(MAX_STEPS)
    in_title = tuple(_changes((before.title,), (after.title,), steps)) if before.title != after.title else ()
    in_text = tuple(_changes(*lines, steps))
    if not in_title and not in_text:
        return None
    if _has_new_note(is_withdrawal, before, after, lines):
        return SignificantEdit(EditKind.WITHDRAWAL)
    return (
        _counted_figure(before, after)
        or (SignificantEdit(EditKind.CORRECTION) if _has_new_note(is_correction, before, after, lines) else None)
        or _figure(in_title)
        or _headline(in_title)
        or _figure(in_text)
        or _name(in_text)
        or _text(in_text)
        or _moved_figure(in_text)
    )


# ── the words that differ ───────────────────────────────────────────────────


def _lines(blocks: Blocks) -> list[Spans]:
    """Return the paragraphs, list items and cells of a text. Pictures and embeds have none: their captions are no news."""
    return [spans for block in blocks for spans in texts_of(block)]


def _changed_lines(before: Sequence[Spans], after: Sequence[Spans]) -> tuple[list[str], list[str]]:
    """Return the lines that only one version has, of each version, without lines of the page. A moved line is in neither."""
    lines: Sequence[Sequence[tuple[str, Spans]]] = [[(text_of(spans).strip(), spans) for spans in each] for each in (before, after)]
    lines = _apart(lines)
    if all(lines):  # of most lines, the search form takes longer than the comparison
        lines = _apart([[(normalised(text[:_MAX_CHARS]) + text[_MAX_CHARS:], spans) for text, spans in each] for each in lines])
    old, new = map(_read_lines, lines)
    return old, new


def _apart(lines: Sequence[Sequence[tuple[str, Spans]]]) -> Sequence[Sequence[tuple[str, Spans]]]:
    """Return the lines of two texts that the other hasn't. A line that occurs twice must be there twice."""
    kept: list[list[tuple[str, Spans]]] = []
    for ours, theirs in (lines, lines[::-1]):
        left = Counter(text for text, _ in theirs)
        kept.append([])
        for text, spans in ours:
            if left[text] > 0:
                left[text] -= 1
            elif text:
                kept[-1].append((text, spans))
    return kept


def _read_lines(lines: Iterable[tuple[str, Spans]]) -> list[str]:
    """Return lines that don't belong to the page, up to `_MAX_WORDS` words."""
    found: list[str] = []
    left = _MAX_WORDS
    for _, spans in lines:
        if not is_page_line(spans):
            found.append(text_of(spans).strip()[:_MAX_CHARS])
            left -= len(found[-1].split())
            if left < 0:
                break
    return found


def _changes(old: Sequence[str], new: Sequence[str], steps: DiffBudget) -> Iterator[Change]:
    before, after = (tuple(islice(chain.from_iterable(map(words_of_line, lines)), _MAX_WORDS)) for lines in (old, new))
    return changes_between(before, after, steps)


# ── reasons ─────────────────────────────────────────────────────────────────


def _counted_figure(before: StoryVersion, after: StoryVersion) -> SignificantEdit | None:
    """Return the first figure that both versions certainly report, as stories of the same news are compared, with other values."""
    old, new = ((each.title, _lead(each.blocks)) for each in (before, after))
    figures = changed_quantities(quantities_of(*old), quantities_of(*new)) if old != new else {}
    return next(
        (SignificantEdit(EditKind.FIGURE, str(int(old)), str(int(new)), name) for name, (old, new) in figures.items()), None
    )


def _lead(blocks: Blocks) -> str:
    """Return the beginning of a text without lines of the page."""
    found: list[str] = []
    left = _LEAD_CHARS
    for spans in _lines(blocks):
        if left > 0 and not is_page_line(spans):
            found.append(text_of(spans)[:left])
            left -= len(found[-1])
    return "\n".join(found)


def _has_new_note(
    is_note: Callable[[str], bool], before: StoryVersion, after: StoryVersion, lines: tuple[Sequence[str], Sequence[str]]
) -> bool:
    """Whether the headline or a line that is only in the later version is a note, and none was in the earlier one."""
    old, new = (
        (version.title, *(line for line in (*own[:_MAX_NOTES], *own[-_MAX_NOTES:]) if len(line) <= _MAX_NOTE_CHARS))
        for version, own in zip((before, after), lines, strict=True)
    )
    return any(map(is_note, new)) and not any(map(is_note, old))


def _figure(changes: Sequence[Change]) -> SignificantEdit | None:
    """Return the first number that was replaced by another at the same place: alone, or before the same noun."""
    for change in changes:
        size = max(len(change.old), len(change.new))
        old, new = _numbers_only_in(change.old, change.new), _numbers_only_in(change.new, change.old)
        for before, after in product(old, new) if size <= _MAX_FIGURE_WORDS else ():
            if size <= _MAX_NAME_WORDS or (after.noun and after.noun == before.noun):
                return SignificantEdit(EditKind.FIGURE, before.text, after.text, after.noun)
    return None


def _moved_figure(changes: Sequence[Change]) -> SignificantEdit | None:
    """Return the first number that the text lost, and the first that it gained at another place."""
    old, new = _all_words(changes)
    gone, come = _numbers_only_in(old, new), _numbers_only_in(new, old)
    return SignificantEdit(EditKind.FIGURE, gone[0].text, come[0].text) if gone and come else None


def _numbers_only_in(words: Iterable[Word], others: Iterable[Word]) -> list[Word]:
    return without_same(*([word for word in each if word.is_number] for each in (words, others)))


def _headline(changes: Sequence[Change]) -> SignificantEdit | None:
    """Return the content words that the headline lost and gained."""
    old, new = _all_words(changes)
    gone, come = ([*filter(is_content, words)] for words in without_respelt(without_same(old, new), without_same(new, old)))
    if not gone and not come:
        return None
    return SignificantEdit(EditKind.HEADLINE, " ".join(word.text for word in gone), " ".join(word.text for word in come))


def _name(changes: Sequence[Change]) -> SignificantEdit | None:
    """Return the first names that were replaced by others at the same place, and that the other version doesn't have elsewhere."""
    all_old, all_new = (frozenset(word.key for word in words) for words in _all_words(changes))
    for change in changes:
        if max(len(change.old), len(change.new)) <= _MAX_NAME_WORDS:
            gone, come = without_respelt(
                [word for word in change.old if word.key not in all_new], [word for word in change.new if word.key not in all_old]
            )
            gone, come = _names(gone), _names(come)
            if gone and come:
                return SignificantEdit(EditKind.NAME, " ".join(word.text for word in gone), " ".join(word.text for word in come))
    return None


def _names(words: Sequence[Word]) -> list[Word]:
    """Return the names among the words of a change, or none if there are content words beside names and offices."""
    others = (word for word in words if is_content(word) and not word.is_name and not is_office(word.key))
    return [] if any(others) else [word for word in words if word.is_name]


def _text(changes: Sequence[Change]) -> SignificantEdit | None:
    """Return the numbers of words that the text lost and gained, if one of them is `MIN_TEXT_WORDS` or more."""
    old, new = _all_words(changes)
    gone, come = len(without_same(old, new)), len(without_same(new, old))
    return SignificantEdit(EditKind.TEXT, str(gone), str(come)) if max(gone, come) >= MIN_TEXT_WORDS else None


def _all_words(changes: Sequence[Change]) -> tuple[Words, Words]:
    """Return all words that changes removed, and all that they added."""
    return tuple(word for change in changes for word in change.old), tuple(word for change in changes for word in change.new)
