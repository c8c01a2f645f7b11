"""Paragraph setter: breaks the runs (text in one style each) of a paragraph into lines, ragged right and as full as possible.

The obvious way is to split at spaces, add up the widths of words and start a new line when one doesn't fit. It fails in four ways.

- Some spaces must not end a line, and some lines end without a space (`linebreak`). So the unit here is a box: a stretch of text
  that may not be broken, with the spaces after it.
- A box may have several styles, and a mark after a change of style belongs to the letter before it. So such marks are moved to the
  run of their letter, and each box is cut into pieces of one style and one bidi level (UAX #9).
- In scripts without spaces, a whole sentence is one box. It is broken within, at positions that the script allows. If only a
  dictionary would know good positions and there is none, it is broken only if more than `_RAGGED` of the line would stay white.
- A word wider than a whole line is broken between clusters (letters with their marks).

Widths are measured a word at a time, since a shaped word isn't as wide as the sum of its letters. Sums of widths have a rounding
error, so they are compared with a `TOLERANCE`. Lines are filled in reading order, and only a finished line is put in visual order
(`visual`). So in paragraphs with both directions, the white space between words is a piece of its own.

The best breaks of a whole paragraph (Knuth and Plass) aren't computed, because lines are ragged. The lines of a headline are made
equally wide by a search for the narrowest measure (line width) that needs no more lines (`balanced`).
"""

from __future__ import annotations

import math
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from bpost_tui.typesetting.text.graphemes import BEFORE_ELLIPSIS, ELLIPSIS, clusters, extends
from bpost_tui.typesetting.text.lazy_pattern import lazy_pattern
from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.typesetting.text.text_direction import has_rtl_letters, is_rtl
from bpost_tui.typesetting.text.unspaced_scripts import BreakOpportunities, break_opportunities
from bpost_tui.typesetting.typeset.items import Run, Size
from bpost_tui.typesetting.typeset.linebreak import UnbreakableBox, begins_badly, boxes
from bpost_tui.typesetting.typeset.protocols import Metric
from bpost_tui.typesetting.typeset.script import LanguageRules

TOLERANCE = 1e-6
"""Tolerance when widths are compared, because sums of widths carry a rounding error."""

_HALVINGS = 7
"""Number of halvings in the search for a heading's width between half a column and a whole one. The error is then below 1%."""
_RAGGED = 1 / 3
"""Share of a line that may stay white at its end. If more would stay white, a word is broken even without a dictionary's help."""
_SENTENCE_END = lazy_pattern("[।॥?!][’”)]*\\Z")
"""Pattern of the end of a sentence. A full stop isn't among its marks, since it may end an abbreviation."""
_LEAST_SENTENCES = 0.5
"""Minimum share of a line that whole sentences must fill if the text is to end after them, without an ellipsis."""
_NEWLINE = lazy_pattern("\r\n?|[\v\f\x85\u2028\u2029]")
_UNSEEN = {code: None for code in (*range(0x20), *range(0x7F, 0xA0), 0xAD, 0xFEFF) if code != 0x0A} | {0x09: " "}


def prepare_text(text: str, rules: LanguageRules) -> str:
    """Return a text ready for typesetting: letters composed by `rules`, line ends as LF, and invisible characters removed."""
    return _NEWLINE.sub("\n", rules.compose(text)).translate(_UNSEEN)


_WHITE = Run("")
"""Run in place of the white space between two words, while the pieces of a line with both directions are put in visual order."""
_JOINER = "\u200d"
_ENDS_JOINING = lazy_pattern("[ء-إاةدذرزوٱ-ٳٵ-ٷڈ-ڙۀۃ-ۋۍۏےۓەۮۯ]")
"""Arabic letters that don't join the letter after them (Joining_Type R and U in ArabicShaping.txt)."""


class LinePiece(NamedTuple):
    """Word, or a part of a word in one style, at its place in a line."""

    x: float
    width: float
    run: Run
    """Text and style."""
    level: int | None = None
    """Bidi level by UAX #9 (odd levels run right to left) if the paragraph has right-to-left text, else None."""
    source: str = ""
    """Source text of the piece, with the white space after it."""
    order: int = 0
    """Position of the piece in reading order within its line, for lines that aren't read from left to right."""


@dataclass(slots=True)
class DraftLine:
    """Line that is being filled with words, starting at x = 0."""

    pieces: list[LinePiece] = field(default_factory=list)
    source: str = ""
    """Source text of the words in the line, with the spaces after them."""
    width: float = 0.0
    """Width up to the end of the last word, in the metric's unit (pixels, dots or cells)."""
    space: float = 0.0
    """Width of the white space before the next word, in the metric's unit (pixels, dots or cells)."""
    space_level: int = 0
    lead: list[str] = field(default_factory=list)
    """White space in the source before the next word of the line.

    If no word follows, the next line takes the list over. It isn't a string, which would be copied at each blank line: 60,000 blank
    lines took 6 s and 1.8 GB.
    """

    def add(self, word: _MeasuredWord, space: float, space_level: int) -> None:
        """Add a word at the end of the line, and store the white space after the word: its width `space` and its bidi level."""
        x = self.width + self.space
        if self.space and word.parts and word.parts[0].level is not None:
            self.pieces.append(LinePiece(self.width, self.space, _WHITE, self.space_level))
        for part in word.parts:
            self.pieces.append(LinePiece(x, part.width, part.run, part.level, "".join(self.lead) + part.source))
            self.lead.clear()
            x += part.width
        if word.parts:
            self.width, self.space, self.space_level = x, space, space_level
        else:
            self.space += space
            self.lead.append(word.source)
        self.source += word.source


class _MeasuredWord(NamedTuple):
    """Unbreakable box of text, measured, and divided into pieces of one style each."""

    box: UnbreakableBox
    source: str
    parts: Sequence[LinePiece]
    """Pieces in reading order, from x = 0."""
    width: float


class ParagraphSetter:
    """Setter that breaks one paragraph into lines. All widths are in the metric's unit: pixels, dots or cells."""

    def __init__(self, runs: Sequence[Run], size: Size, metric: Metric, *, is_in_rtl: bool = False) -> None:
        """Make a setter for the paragraph's `runs` (text in one style each) in the size of type `size`. `metric` measures the text.

        With `is_in_rtl`, the runs are part of a larger paragraph that is read from right to left.
        """
        self._runs = _prepared_runs(runs, metric.language_rules)
        self._size = size
        self._metric = metric
        self._text = "".join(run.text for run in self._runs)
        self._starts = list(accumulate((len(run.text) for run in self._runs), initial=0))
        self.base_level = 0
        """Bidi level of the paragraph: 1 if it is read from right to left, else 0."""
        self._levels: list[int] | None = None
        if metric.is_bidi and (is_in_rtl or has_rtl_letters(self._text)):
            from bpost_tui.typesetting.text.bidi import levels  # 2 ms; most readers never need it

            self.base_level = int(is_in_rtl or is_rtl(self._text))
            self._levels = [level for part in self._text.splitlines(keepends=True) for level in levels(part, self.base_level)]

    def visual(self, line: DraftLine) -> list[LinePiece]:
        """Return the pieces of a line in visual order, from left to right, with their positions."""
        if self._levels is None:
            return line.pieces
        from bpost_tui.typesetting.text.bidi import visual_order

        pieces, x = list[LinePiece](), 0.0
        for at in visual_order([piece.level or 0 for piece in line.pieces]):
            piece = line.pieces[at]
            if piece.run is not _WHITE:
                pieces.append(piece._replace(x=x, order=at))
            x += piece.width
        return pieces

    def one_line(self) -> DraftLine:
        """Return the whole paragraph as one line, however long."""
        line = DraftLine()
        for box in boxes(self._text, self._metric.language_rules):
            self._add(line, self._word(box))
        return line

    def extents(self) -> tuple[float, float]:
        """Return two widths: of the widest line, if lines end only at the text's line breaks, and of the widest word.

        Both are in the metric's unit (pixels, dots or cells).
        """
        parts = (
            (box, break_opportunities(self._text[box.start : box.end])) for box in boxes(self._text, self._metric.language_rules)
        )
        words = (self._width(*part) for box, ends in parts for part in pairwise(_offsets(box, ends)))
        return max(line.width for line in self.lines(math.inf, math.inf)), max(words, default=0.0)

    def lines(self, measure: float, first_measure: float) -> list[DraftLine]:
        """Return the paragraph's lines, at least one. The first is at most `first_measure` wide, the others at most `measure`.

        Widths are in the metric's unit (pixels, dots or cells). A word wider than a whole line is broken between letters.
        """
        done: list[DraftLine] = []
        line = DraftLine()
        ended = False
        for box in boxes(self._text, self._metric.language_rules):
            whole = self._word(box)
            left = 0.0 if ended else (measure if done else first_measure) - line.width - line.space
            fits = whole.width <= left + TOLERANCE
            for word in (whole,) if fits else self._parts(whole, left, min(measure, first_measure)):
                room = (measure if done else first_measure) + TOLERANCE
                if ended or (line.pieces and word.parts and line.width + line.space + word.width > room):
                    done.append(line)
                    line = DraftLine(lead=line.lead)
                    room = measure + TOLERANCE
                if not line.pieces:
                    line.space = max(0.0, min(line.space, room - TOLERANCE - word.width))
                self._add(line, word)
                ended = word.box.hard
        return [*done, line]

    def balanced(self, lines: list[DraftLine], measure: float) -> list[DraftLine]:
        """Set the text of `lines` again in the same number of lines, about equally wide and at most `measure` wide.

        The width is narrowed until one more line would be needed. A single line, and a text with line breaks, are left as they are.
        """
        if len(lines) < 2 or "\n" in self._text:
            return lines
        low, high = measure / 2, measure
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            narrower = self.lines(middle, middle)
            if len(narrower) > len(lines):
                low = middle
            else:
                lines, high = narrower, middle
        return lines

    def whole_sentences(self, line: DraftLine, measure: float) -> DraftLine | None:
        """Return a line cut after its last whole sentence that fits into `measure`, the width of the line.

        Return None if the text up to there fills less than half of `measure`, or if the paragraph has right-to-left text.
        """
        for count in range(len(line.pieces), 0, -1):
            last = line.pieces[count - 1]
            width = last.x + last.width
            if width < _LEAST_SENTENCES * measure:
                return None
            if width <= measure + TOLERANCE and last.level is None and _SENTENCE_END.search(last.run.text):
                return DraftLine(line.pieces[:count], line.source, width)
        return None

    def shortened(self, line: DraftLine, measure: float) -> DraftLine:
        """Return a line shortened to the width `measure`, with an ellipsis after the last word that leaves space for it.

        If even the first word is too wide, the ellipsis is within that word. If nothing fits, the line has no text.
        """
        for count in range(len(line.pieces), 0, -1):
            last = line.pieces[count - 1]
            if last.run is _WHITE:
                continue
            text = last.run.text
            for end in (len(text), *reversed(break_opportunities(text).offsets)):
                ended = self._with_ellipsis(last, text[:end].rstrip(BEFORE_ELLIPSIS))
                width = ended[-1].x + ended[-1].width
                if width <= measure + TOLERANCE:
                    return DraftLine([*line.pieces[: count - 1], *ended], line.source, width)
        parts = clusters(line.pieces[0].run.text) if line.pieces else []
        while parts:
            parts.pop()
            ended = self._with_ellipsis(line.pieces[0], "".join(parts))
            width = ended[-1].x + ended[-1].width
            if width <= measure + TOLERANCE:
                return DraftLine(ended, line.source, width)
        return DraftLine(source=line.source)

    def _with_ellipsis(self, piece: LinePiece, text: str) -> list[LinePiece]:
        """Return a piece that has only `text`, with an ellipsis after it.

        If the piece runs against the paragraph's direction, the ellipsis is a second piece, so that it comes at the line's end.
        """
        if piece.level in (None, self.base_level):
            return [self._piece(piece.run._replace(text=text + ELLIPSIS), piece.x, piece.level, text)]
        ended = self._piece(piece.run._replace(text=text), piece.x, piece.level, text)
        return [ended, self._piece(piece.run._replace(text=ELLIPSIS), ended.x + ended.width, self.base_level)]

    def _piece(self, run: Run, x: float, level: int | None, source: str = "") -> LinePiece:
        return LinePiece(x, self._metric.advance(run.text, self._size, run.bold), run, level, source)

    def _parts(self, word: _MeasuredWord, left: float, room: float) -> Iterator[_MeasuredWord]:
        """Yield the parts of a word that doesn't fit into the rest of a line, or the whole word if it goes on the next line.

        A word wider than a whole line is always broken. `left` is the width of the line's rest, `room` the width of a whole line.
        """
        box = word.box
        text = self._text[box.start : box.end]
        ends = break_opportunities(text)
        if not ends.offsets or not (ends.are_reliable or left > _RAGGED * room):
            left = 0.0
        if word.width <= room + TOLERANCE and not left:
            yield word
            return
        offsets = [at for part in pairwise(_offsets(box, ends)) for at in self._starts_within(*part, room)]
        yield from self._broken(box, [*offsets, box.end], left, room)

    def _starts_within(self, start: int, end: int, room: float) -> Iterable[int]:
        """Return the offsets in `text[start:end]` where a new line may start.

        The result is only `start`, unless the text is wider than `room`, the width of a whole line. Then a line may start with any
        letter, so that the result has the starts of all letters (with their marks).
        """
        if self._width(start, end) <= room + TOLERANCE:
            return (start,)
        return accumulate(map(len, clusters(self._text[start:end])[:-1]), initial=start)

    def _broken(self, box: UnbreakableBox, offsets: Sequence[int], left: float, room: float) -> Iterator[_MeasuredWord]:
        """Yield a box (unbreakable text) in parts that end at some of the `offsets`.

        The first part is as wide as fits into the rest of the line (`left` wide). If no part fits into that rest, the box goes on a
        new line. `room` is the width of a whole line.
        """
        first, last = 0, len(offsets) - 1
        fits = left if self._width(offsets[0], offsets[1]) <= left else room
        while first < last:
            end = self._fitting(offsets, first, fits)
            if first + 1 < end < last and begins_badly(self._text[offsets[end]]):
                end -= 1
            start, stop = offsets[first], offsets[end]
            yield self._word(UnbreakableBox(start, stop, box.next, box.hard) if end == last else UnbreakableBox(start, stop, stop))
            first, fits = end, room

    def _fitting(self, offsets: Sequence[int], first: int, room: float) -> int:
        """Return the largest `end` such that the text from `offsets[first]` to `offsets[end]` is at most `room` wide.

        The result is at least `first + 1`, even if that text is wider.
        """
        end = first + 1
        width = self._width(offsets[first], offsets[end])
        while end + 1 < len(offsets) and (width := width + self._width(offsets[end], offsets[end + 1])) <= room + TOLERANCE:
            end += 1
        # a shaped text may be wider than the sum of its clusters
        while end > first + 1 and self._width(offsets[first], offsets[end]) > room + TOLERANCE:
            end -= 1
        return end

    def _width(self, start: int, end: int) -> float:
        return self._word(UnbreakableBox(start, end, end)).width

    def _word(self, box: UnbreakableBox) -> _MeasuredWord:
        """Return a box (unbreakable text), measured, and divided at each change of style or of bidi level."""
        parts: list[LinePiece] = []
        start, x = box.start, 0.0
        number = bisect_right(self._starts, start) - 1
        while start < box.end:
            run = self._runs[number]
            stop = end = min(box.end, self._starts[number + 1])
            if self._levels is not None:
                stop = next((at for at in range(start + 1, end) if self._levels[at] != self._levels[start]), end)
            level = None if self._levels is None else self._levels[start]
            source = self._text[start : box.next if stop == box.end else stop]
            part = self._piece(Run(self._joined(box, start, stop), *run[1:]), x, level, source)
            parts.append(part)
            x += part.width
            start = stop
            number += stop == self._starts[number + 1]
        return _MeasuredWord(box, self._text[box.start : box.next], parts, x)

    def _joined(self, box: UnbreakableBox, start: int, stop: int) -> str:
        """Return `text[start:stop]`, a part of the word in `box`, so that Arabic letters stay joined across a change of style.

        For this, a joiner character (U+200D) is added at each end of the part that is between two joined letters.
        """
        text = self._text[start:stop]
        if self._levels is None or not self._levels[start] % 2:
            return text
        before = _JOINER if _joins(self._text[box.start : start], text) else ""
        return before + text + (_JOINER if _joins(text, self._text[stop : box.end]) else "")

    def _add(self, line: DraftLine, word: _MeasuredWord) -> None:
        level = 0 if self._levels is None or word.box.end == word.box.next else self._levels[word.box.end]
        line.add(word, self._space(word.box), level)

    def _space(self, box: UnbreakableBox) -> float:
        """Return the width of the spaces after the word in `box`, in the metric's unit, in the style of the first space."""
        if box.end == box.next:
            return 0.0
        run = self._runs[bisect_right(self._starts, box.end) - 1]
        return self._metric.advance(self._text[box.end : box.next].rstrip("\n"), self._size, run.bold)


def _offsets(box: UnbreakableBox, ends: BreakOpportunities) -> Sequence[int]:
    """Return the start of a box (unbreakable text), the places within it where a line may end, and its end, as text offsets."""
    return [box.start, *(box.start + at for at in ends.offsets), box.end]


def _joins(before: str, after: str) -> bool:
    """Whether the last letter of `before` is an Arabic letter that joins the first letter of `after`."""
    last = next((char for char in reversed(before) if unicodedata.bidirectional(char) != "NSM"), "")
    are_arabic = all(unicodedata.bidirectional(char or " ") == "AL" for char in (last, after[:1]))
    return are_arabic and not _ENDS_JOINING.match(last)


def _prepared_runs(runs: Sequence[Run], rules: LanguageRules) -> list[Run]:
    """Return runs ready for typesetting. A mark moves to the run of its letter if the style differs."""
    tidy: list[Run] = []
    for run in runs:
        text = run.text
        if tidy:
            torn = next((at for at, char in enumerate(text) if not extends(char)), len(text))
            tidy[-1] = tidy[-1]._replace(text=tidy[-1].text + text[:torn])
            text = text[torn:]
        if text:
            tidy.append(run._replace(text=text))
    shown = [run._replace(text=prepare_text(run.text, rules)) for run in tidy]
    return [run for run in shown if run.text]
