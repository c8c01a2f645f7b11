"""Anchoring of passages: words of a story are saved as a quotation, and found again after the story was edited. Pure.

A selector is W3C's TextQuoteSelector (https://www.w3.org/TR/annotation-model/#text-quote-selector), in whole words.

The obvious way is to save a position in the text. But one edited word before the passage moves it, and then the position quotes
other words. Searching for the quotation's characters fails as well: spacing, joiners, or the other coding of য় hide it, and a
corrected word in it makes it disappear.

So a passage is saved with the words around it, at least six at each side (`_CONTEXT`), and more if the story has these twice. Words
are compared as search normalises them, each coded as one character, so that `str.find` finds sequences of words in linear time. The
exact words are searched for first; the words around them must confirm the place, unless the passage is long (`_DISTINCTIVE_WORDS`).
Otherwise the surroundings are found, and the words between them must share enough with the passage, measured by the longest common
subsequence.

A wrong place is worse than none: if the surroundings leave a doubt, the passage counts as gone. Passages aren't matched by
meaning, nor across stories.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from itertools import takewhile

from bpost_tui.bengali.normalise import normalised, words_with_offsets
from bpost_tui.model.blocks import Blocks, Table, text_of, texts_of
from bpost_tui.model.passage import QuoteSelector
from bpost_tui.typesetting.text.graphemes import clusters, extends
from bpost_tui.typesetting.text.named_tuple import NamedTuple

_CONTEXT = 6
"""Number of words kept as context on each side of a passage. A multiple of this number is kept if the story has the context twice.
Fewer words mean that the text began or ended there.
"""
_MAX_CONTEXT = 60
_DISTINCTIVE_WORDS = 8
"""Minimum number of words of a passage that is recognised without the words around it: it doesn't occur twice by chance."""
_MIN_SHARE_WITH_BOTH_CONTEXTS = 0.5
"""Minimum share of a passage's words that the edited text must still have if the words on both sides of it are unchanged."""
_MIN_SHARE_WITH_ONE_CONTEXT = 0.65
"""Minimum share of a passage's words that the edited text must still have if only the words on one side of it are unchanged, or if
the context is short.
"""
_MIN_OWN_SHARE = 0.6
"""Minimum share of the words at a changed passage's position that are words of the saved passage; below it, the passage is gone."""


class AnchorState(Enum):
    """State of a passage after its story was edited."""

    SAME = "same"
    MOVED = "moved"
    """State of a passage whose words are the same, while some of the words around them have changed."""
    CHANGED = "changed"
    GONE = "gone"
    """State of a passage whose words were removed, or whose place is no longer certain."""


class PassageAnchor(NamedTuple):
    """State of a passage in a text, with the offsets of its start and end in characters; both are 0 if the passage is gone."""

    kind: AnchorState
    start: int = 0
    end: int = 0


_GONE = PassageAnchor(AnchorState.GONE)


def quotable_texts(blocks: Blocks) -> Iterator[str]:
    """Yield the texts of a story that can be quoted, in reading order.

    These are paragraphs, headings, list entries, and the captions and rows of tables.
    """
    for block in blocks:
        if isinstance(block, Table):
            yield text_of(block.caption)
            yield from (" ".join(text_of(cell.spans or ()) for cell in row) for row in block.cells())
        else:
            yield from map(text_of, texts_of(block))


def quotable_text(blocks: Blocks) -> str:
    """Return a story's paragraphs, headings, list entries and table rows as one text with blank lines, for quoting passages."""
    return "\n\n".join(text for text in quotable_texts(blocks) if text.strip())


class PassageText:
    """Text of a story, prepared for quoting passages and finding them again.

    Each different word of the text is represented by one character. So a sequence of words becomes a short coded string, and the
    methods of `str` find it.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        placed = list(words_with_offsets(text))
        self._starts = [start for _, start, _ in placed]
        self._ends = [end for _, _, end in placed]
        # a character for each different word, so that `str.find` finds sequences of words
        self._codes: dict[str, str] = {}
        self._coded = "".join(self._codes.setdefault(word, chr(len(self._codes) + 1)) for word, _, _ in placed)

    def quote(self, start: int, end: int) -> QuoteSelector | None:
        """Return the selector for the characters from `start` to `end`, widened to whole words; None if they have no word."""
        first = next((at for at, ends in enumerate(self._ends) if ends > start), len(self._ends))
        last = next((at for at in range(len(self._starts) - 1, -1, -1) if self._starts[at] < end), -1)
        if first > last:
            return None
        start, end = _to_letters(self._text, min(start, self._starts[first]), max(end, self._ends[last]))
        exact = self._text[start:end]
        start, end = start + len(exact) - len(exact.lstrip()), end - len(exact) + len(exact.rstrip())
        start, end = _to_letters(self._text, start, end)  # a space may carry a sign
        words = self._coded[first : last + 1]
        before, after = self._before(first), self._after(last + 1)
        return QuoteSelector(
            self._text[start:end],
            self._text[self._starts[first - before] : start] if before else "",
            self._text[end : self._ends[last + after]] if after else "",
            self._coded.find(words) < self._coded.rfind(words),
        )

    def find(self, selector: QuoteSelector) -> PassageAnchor:
        """Return the state (such as moved or gone) and the position in this text of the saved passage that `selector` quotes."""
        exact, before, after = (self._code(part) for part in (selector.exact, selector.prefix, selector.suffix))
        before, after = before[-_MAX_CONTEXT:], after[:_MAX_CONTEXT]
        if not exact:
            return _GONE
        found = self._find_unchanged(exact, before, after, is_repeated=selector.is_repeated)
        if found is None:
            place = self._find_changed(exact, before, after)
            return self._anchor(AnchorState.CHANGED, *place, selector.exact) if place is not None else _GONE
        kind, at = found
        return self._anchor(kind, at, at + len(exact), selector.exact)

    # ── quoting ─────────────────────────────────────────────────────────────

    def _before(self, at: int) -> int:
        """Return how many words before the word at `at` are needed so that their sequence occurs only once in the text."""
        return next((n for n in _lengths(at) if self._is_single(self._coded[at - n : at])), min(at, _MAX_CONTEXT))

    def _after(self, at: int) -> int:
        left = len(self._coded) - at
        return next((n for n in _lengths(left) if self._is_single(self._coded[at : at + n])), min(left, _MAX_CONTEXT))

    def _is_single(self, words: str) -> bool:
        return self._coded.find(words) == self._coded.rfind(words)

    # ── finding ─────────────────────────────────────────────────────────────

    def _code(self, text: str) -> str:
        """Return `text` with one character a word: the character that represents the word in the story, or U+0000 if none does."""
        return "".join(self._codes.get(word, "\0") for word, _, _ in words_with_offsets(text))

    def _find_unchanged(self, exact: str, before: str, after: str, *, is_repeated: bool) -> tuple[AnchorState, int] | None:
        """Return the state of a passage whose words are unchanged, and the index of its first word in this text.

        Return None if the passage isn't found, or if the words around it leave a doubt. `exact`, `before` and `after` are the
        passage and the words on its two sides, one character a word. `is_repeated` is whether the story had the passage more than
        once.
        """
        places = list(_places(self._coded, exact))
        sides = [(self._ends_with(at, before), self._begins_with(at + len(exact), after)) for at in places]
        for wanted, kind in ((2, AnchorState.SAME), (1, AnchorState.MOVED)):
            whole = [at for at, side in zip(places, sides, strict=True) if sum(side) == wanted]
            if whole:
                is_sure = len(whole) == 1 and (
                    wanted == 2 or not is_repeated or self._matching_context(whole[0], exact, before, after) > _CONTEXT
                )
                return (kind, whole[0]) if is_sure else None
        if len(places) != 1 or is_repeated:
            return None
        is_sure = len(exact) >= _DISTINCTIVE_WORDS or self._matching_context(places[0], exact, before, after) >= _CONTEXT
        return (AnchorState.MOVED, places[0]) if is_sure else None

    def _matching_context(self, at: int, exact: str, before: str, after: str) -> int:
        """Return the number of words next to the passage `exact` at word index `at` that match its context `before` and `after`.

        All three have one character for each word. On each side, words are counted from the passage outwards, up to the first
        difference.
        """
        return _common_prefix_length(self._coded[:at][::-1], before[::-1]) + _common_prefix_length(
            self._coded[at + len(exact) :], after
        )

    def _ends_with(self, at: int, before: str) -> bool:
        """Whether the words `before` (one character a word) come directly before the word with index `at`.

        If `before` has too few words for a context, it must also be the beginning of the text.
        """
        return self._coded.endswith(before, 0, at) and (len(before) >= _CONTEXT or len(before) == at)

    def _begins_with(self, at: int, after: str) -> bool:
        return self._coded.startswith(after, at) and (len(after) >= _CONTEXT or at + len(after) == len(self._coded))

    def _find_changed(self, exact: str, before: str, after: str) -> tuple[int, int] | None:
        """Return the start and end of the words that are now between a passage's contexts, as word indexes.

        Return None if the contexts (words around the passage), or too many of the passage's words, are no longer in the text.
        `exact`, `before` and `after` are the passage and its two contexts, one character a word.
        """
        start, end = self._end_of(before), self._start_of(after)
        if start is not None and end is not None:
            share = _MIN_SHARE_WITH_BOTH_CONTEXTS if min(len(before), len(after)) >= _CONTEXT else _MIN_SHARE_WITH_ONE_CONTEXT
            if not 0 < end - start <= 2 * len(exact) + 5 * _CONTEXT:
                return None
            kept = max(_lcs_lengths(exact, self._coded[start:end]))
            if end - start > len(exact) + len(exact) // 4 + 2:  # more was inserted there than was corrected
                end = start + _shortest_cover(exact, self._coded[start:end])
                start = end - _shortest_cover(exact[::-1], self._coded[start:end][::-1])
            return (start, end) if kept >= max(share * len(exact), _MIN_OWN_SHARE * (end - start)) else None
        if start is not None:
            length = _changed_length(exact, self._coded[start:], after)
            return (start, start + length) if length else None
        if end is not None:
            length = _changed_length(exact[::-1], self._coded[:end][::-1], before[::-1])
            return (end - length, end) if length else None
        return None

    def _end_of(self, before: str) -> int | None:
        """Return the index of the word after the words `before` (one character a word); None unless they occur just once.

        If `before` has fewer words than a whole context, the text must begin with it.
        """
        if len(before) < _CONTEXT:
            return len(before) if self._coded.startswith(before) else None
        at = self._coded.find(before)
        return at + len(before) if at >= 0 and at == self._coded.rfind(before) else None

    def _start_of(self, after: str) -> int | None:
        if len(after) < _CONTEXT:
            return len(self._coded) - len(after) if self._coded.endswith(after) else None
        at = self._coded.find(after)
        return at if at >= 0 and at == self._coded.rfind(after) else None

    def _anchor(self, kind: AnchorState, first: int, end: int, exact: str) -> PassageAnchor:
        """Return the anchor for the words from index `first` to `end`, including the punctuation that the passage `exact` has.

        If the text there isn't the same as `exact`, the state is CHANGED instead of `kind`.
        """
        at, stop = self._starts[first], self._ends[end - 1]
        lead, trail = _signs(exact)
        at -= _common_prefix_length(self._text[max(0, at - len(lead)) : at][::-1], lead[::-1])
        stop += _common_prefix_length(self._text[stop : stop + len(trail)], trail)
        stop += sum(1 for _ in takewhile(extends, self._text[stop:]))
        while at and extends(self._text[at]):
            at -= 1
        is_same = kind is not AnchorState.CHANGED and _as_read(self._text[at:stop]) == _as_read(exact)
        return PassageAnchor(kind if is_same else AnchorState.CHANGED, at, stop)


def _lengths(most: int) -> Iterator[int]:
    """Yield numbers of words to try as a passage's context: multiples of `_CONTEXT`, at most `most` and `_MAX_CONTEXT`."""
    length = _CONTEXT
    while length <= min(most, _MAX_CONTEXT):
        yield length
        length += _CONTEXT


def _to_letters(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen the range of characters from `start` to `end` to whole grapheme clusters, and return it.

    No cluster continues after a line's end (UAX #29, GB4, GB5).
    """
    at = first = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", end) + 1 or len(text)
    for cluster in clusters(text[at:stop]):
        if at <= start:
            first = at
        at += len(cluster)
        if at >= end:
            break
    return first, at


def _places(text: str, piece: str) -> Iterator[int]:
    at = text.find(piece)
    while at >= 0:
        yield at
        at = text.find(piece, at + 1)


def _common_prefix_length(one: Sequence[str], other: Sequence[str]) -> int:
    """Return the number of elements at the beginning that two sequences have in common."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _signs(exact: str) -> tuple[str, str]:
    """Return the punctuation before the first word of the passage `exact`, and after its last word."""
    placed = list(words_with_offsets(exact))
    return exact[: placed[0][1]], exact[placed[-1][2] :]


def _as_read(text: str) -> str:
    return normalised("".join(text.split()))


def _changed_length(exact: str, text: str, beyond: str) -> int:
    """Return the number of words at the beginning of `text` that are the edited form of the passage `exact`; 0 if none are.

    In all three texts, one character represents one word. The result is also 0 if `beyond`, the words that followed the passage,
    are at least as similar to the beginning of `text` as the passage is, or if the passage has too few words to judge by.
    """
    kept = _lcs_lengths(exact, text[: len(exact) + len(exact) // 2 + _CONTEXT])
    share = max(kept) / len(exact)
    is_beyond = bool(beyond) and max(_lcs_lengths(beyond, text[: len(beyond) + _CONTEXT])) / len(beyond) >= share
    if len(exact) < _CONTEXT or share < _MIN_SHARE_WITH_ONE_CONTEXT or is_beyond:
        return 0
    worth = [2 * words - length for length, words in enumerate(kept)]  # the most words of the passage, and the fewest others
    return worth.index(max(worth))


def _shortest_cover(exact: str, text: str) -> int:
    """Return the length of the shortest beginning of `text` that has as many words of `exact` in their order as the whole `text`.

    Both have one character for each word.
    """
    kept = _lcs_lengths(exact, text)
    return kept.index(max(kept))


def _lcs_lengths(exact: str, text: str) -> list[int]:
    """Return the lengths of the longest common subsequence of `exact` and each beginning of `text`, from no word to all words.

    Both have one character for each word.

    Bit-parallel (Hyyrö 2004, "Bit-parallel LCS-length computation revisited"): a step for each word, on a number with as many bits
    as the passage has words.
    """
    places: dict[str, int] = {}
    for at, word in enumerate(exact):
        places[word] = places.get(word, 0) | 1 << at
    every = left = (1 << len(exact)) - 1
    lengths = [0]
    for word in text:
        matched = left & places.get(word, 0)
        left = ((left + matched) | (left - matched)) & every
        lengths.append(len(exact) - left.bit_count())
    return lengths
