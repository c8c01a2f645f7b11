"""Decision whether an edit of a story matters to readers who know the version before it, with the reason as a value. Pure.

An edit counts if a figure changed, the headline gained or lost a content word, a name was replaced, a correction or withdrawal was
published, or some twenty words came or went. It doesn't count if only spelling, the script of digits, punctuation, order, markup,
pictures or the page's own lines differ, such as counters and links (`page_lines`). docs/changed-stories.md has the figures.
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
"""Maximum number of words compared in each version's changed lines, and maximum number of characters compared in one line."""
_LEAD_CHARS = 2000
"""Number of characters at the beginning of a text that are searched for figures such as the number of the dead."""
_MAX_NOTE_CHARS, _MAX_NOTES = 600, 20
"""Maximum length in characters of a line with a note, and number of changed lines searched for notes at the text's two ends."""
_MAX_NAME_WORDS, _MAX_FIGURE_WORDS = 4, 12
"""Maximum number of words of a change (words replaced at one place of a text) that is searched for a name, and for a figure.

In a change that is short enough for names, any new figure replaces an old one. In a longer change, a figure replaces an old figure
only if both are before the same noun.
"""


class EditKind(StrEnum):
    """Reason why an edit of a story matters to the reader."""

    FIGURE = "figure"
    HEADLINE = "headline"
    NAME = "name"
    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"
    TEXT = "text"


class SignificantEdit(NamedTuple):
    """Edit that matters to the reader: the kind of the change that makes it matter, and the words or figures of that change."""

    kind: EditKind
    old: str = ""
    """Figure, name or headline words before the edit; for a text, the number of words removed. Empty if there is none."""
    new: str = ""
    """Figure, name or headline words after the edit; for a text, the number of words added. Empty if there is none."""
    unit: str = ""
    """Quantity that a figure gives: a key of `grouping.quantities` such as "dead", or else the noun in the text.

    Empty if the text has no noun for the figure, and for changes other than figures.
    """


class StoryVersion(NamedTuple):
    """Wording of a story at one time."""

    title: str
    blocks: Blocks


def significant_edit(before: StoryVersion, after: StoryVersion) -> SignificantEdit | None:
    """Return the most important reason why the edit from `before` to `after` counts, or None if it doesn't count.

    A withdrawal precedes all else. Then come, in this order: a figure with a known meaning, such as the number of the dead
    (`grouping.quantities`), a correction, the headline, other figures, names, and the amount of text.
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
    """Return a text's lines (paragraphs, headings, list items, table cells), without captions of pictures, which are no news."""
    return [spans for block in blocks for spans in texts_of(block)]


def _changed_lines(before: Sequence[Spans], after: Sequence[Spans]) -> tuple[list[str], list[str]]:
    """Return the lines that only the text `before` has, and the lines that only the text `after` has.

    A line that was only moved is in neither result. Lines that a web page adds to an article, such as counters, are left out.
    """
    lines: Sequence[Sequence[tuple[str, Spans]]] = [[(text_of(spans).strip(), spans) for spans in each] for each in (before, after)]
    lines = _without_common_lines(lines)
    if all(lines):  # of most lines, the search form takes longer than the comparison
        lines = _without_common_lines(
            [[(normalised(text[:_MAX_CHARS]) + text[_MAX_CHARS:], spans) for text, spans in each] for each in lines]
        )
    old, new = map(_news_lines, lines)
    return old, new


def _without_common_lines(lines: Sequence[Sequence[tuple[str, Spans]]]) -> Sequence[Sequence[tuple[str, Spans]]]:
    """Return each of two texts (`lines`) without the lines that the other text has too.

    A line that occurs twice in one text is left out twice only if it also occurs twice in the other. Each line is a
    pair of the text that is compared and the line's spans (pieces in one style). Empty lines are left out.
    """
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


def _news_lines(lines: Iterable[tuple[str, Spans]]) -> list[str]:
    """Return the texts of the `lines` that belong to the news, not to the page, until they have `_MAX_WORDS` words together."""
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
    """Return the first figure with a known meaning, such as the number of the dead, whose value the edit changed.

    Return None if there is none. A figure that one of the versions leaves uncertain isn't compared (`grouping.quantities`).
    """
    old, new = ((each.title, _lead(each.blocks)) for each in (before, after))
    figures = changed_quantities(quantities_of(*old), quantities_of(*new)) if old != new else {}
    return next(
        (SignificantEdit(EditKind.FIGURE, str(int(old)), str(int(new)), name) for name, (old, new) in figures.items()), None
    )


def _lead(blocks: Blocks) -> str:
    """Return the beginning of a text, at most `_LEAD_CHARS` characters, without lines that the page adds, such as counters."""
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
    """Return whether an edit added a note, such as a correction, to the headline or the text. `is_note` recognises notes.

    The result is False if the version before had such a note in its headline or in a line that was removed. `lines` are the lines
    that only `before` has, and the lines that only `after` has.
    """
    old, new = (
        (version.title, *(line for line in (*own[:_MAX_NOTES], *own[-_MAX_NOTES:]) if len(line) <= _MAX_NOTE_CHARS))
        for version, own in zip((before, after), lines, strict=True)
    )
    return any(map(is_note, new)) and not any(map(is_note, old))


def _figure(changes: Sequence[Change]) -> SignificantEdit | None:
    """Return the first number that the edit replaced by another number at the same place, or None if there is no such number.

    The place is the same if one short change of the text has both numbers, or if a longer change has both before the same noun.
    """
    for change in changes:
        size = max(len(change.old), len(change.new))
        old, new = _numbers_only_in(change.old, change.new), _numbers_only_in(change.new, change.old)
        for before, after in product(old, new) if size <= _MAX_FIGURE_WORDS else ():
            if size <= _MAX_NAME_WORDS or (after.noun and after.noun == before.noun):
                return SignificantEdit(EditKind.FIGURE, before.text, after.text, after.noun)
    return None


def _moved_figure(changes: Sequence[Change]) -> SignificantEdit | None:
    """Return the first number that only the old text has, and the first number that only the new text has, as one edit.

    The two may be at different places. Return None if one of the texts has no such number.
    """
    old, new = _all_words(changes)
    gone, come = _numbers_only_in(old, new), _numbers_only_in(new, old)
    return SignificantEdit(EditKind.FIGURE, gone[0].text, come[0].text) if gone and come else None


def _numbers_only_in(words: Iterable[Word], others: Iterable[Word]) -> list[Word]:
    return without_same(*([word for word in each if word.is_number] for each in (words, others)))


def _headline(changes: Sequence[Change]) -> SignificantEdit | None:
    """Return the content words (no articles, prepositions …) that the headline lost and gained; None if there are none."""
    old, new = _all_words(changes)
    gone, come = ([*filter(is_content, words)] for words in without_respelt(without_same(old, new), without_same(new, old)))
    if not gone and not come:
        return None
    return SignificantEdit(EditKind.HEADLINE, " ".join(word.text for word in gone), " ".join(word.text for word in come))


def _name(changes: Sequence[Change]) -> SignificantEdit | None:
    """Return the first change of a name into another name at the same place; None if there is none.

    Names that the text still has, or already had, at another place don't count.
    """
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
    """Return the names among the `words` of a change, or none if the change has content words besides names and offices."""
    others = (word for word in words if is_content(word) and not word.is_name and not is_office(word.key))
    return [] if any(others) else [word for word in words if word.is_name]


def _text(changes: Sequence[Change]) -> SignificantEdit | None:
    """Return how many words the text lost and gained; None if both numbers are below `MIN_TEXT_WORDS`."""
    old, new = _all_words(changes)
    gone, come = len(without_same(old, new)), len(without_same(new, old))
    return SignificantEdit(EditKind.TEXT, str(gone), str(come)) if max(gone, come) >= MIN_TEXT_WORDS else None


def _all_words(changes: Sequence[Change]) -> tuple[Words, Words]:
    """Return all words that the `changes` removed, and all words that they added."""
    return tuple(word for change in changes for word in change.old), tuple(word for change in changes for word in change.new)
