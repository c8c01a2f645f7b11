"""Input line whose text is typeset in real letter shapes. Unlike in Textual's `Input`, the cursor moves by grapheme clusters.

The keys Left, Right and Delete pass or delete a whole cluster. Backspace deletes the last code point of a Bengali cluster, as on
phones, in GTK and in Windows. A wrong vowel sign can thus be deleted while its conjunct stays. While a conjunct is typed into the
middle of a word, the text is split at the cursor, so that the conjunct is visible before the next letter comes.

Ctrl+Space turns composing on: Roman letters become Bengali, as with Avro Phonetic. A sign at the beginning of the line shows that
composing is on. While a word is composed, Backspace deletes its last Roman letter.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Offset
from textual.geometry import Size as Cells
from textual.strip import Strip
from textual.widgets import Input
from textual.widgets.input import Selection

from bpost_tui.core.keys.actions import action_of
from bpost_tui.core.keys.avro_composer import AvroComposer, from_roman
from bpost_tui.model.sanitize import clean_text
from bpost_tui.typesetting.text.graphemes import ZWJ, ZWNJ, clusters
from bpost_tui.typesetting.textual.renderer import Renderer
from bpost_tui.typesetting.typeset.items import Pair, Run, Runs, Size
from bpost_tui.typesetting.typeset.protocols import Galley

_JOINERS = ZWJ + ZWNJ
_NO_BREAK_SPACE = "\u00a0"
"""No-break space, drawn for every space of the text, because an ordinary space would vanish at the end of the line."""
_EDGE_CELLS = 2
"""Number of cells taken by the caret and by the margin before the text."""
_GAP_CELLS = 3
"""Minimum gap between the text and the label at the right, in cells."""
_COMPOSES = "অ"
_COMPOSE_KEYS = (*action_of("compose").keys, "ctrl+@")
"""Keys that turn phonetic composing on or off.

`ctrl+@` is the name of the character NUL, which terminals without a newer key protocol send for Ctrl+Space.
"""
_LONGEST = 1000
"""Maximum number of code points inserted by one paste."""


class LineInput(Input):
    """Input widget for one line of text, typeset in real letter shapes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+backspace,alt+backspace", "delete_left_word", show=False),
        Binding("ctrl+delete", "delete_right_word", show=False),
        Binding(",".join(action_of("compose").keys), "compose", id="compose", show=False),
    ]
    DEFAULT_CSS = """
    LineInput, LineInput:focus {
        height: auto; border: none; padding: 0 1; background: $panel; color: $foreground; background-tint: 0%;
    }
    """
    _WORD_START = re.compile(r"(?<=\s)\S")  # \w of Python's `re` doesn't match vowel signs

    def __init__(self, renderer: Renderer, *, placeholder: str = "", id: str) -> None:
        super().__init__(placeholder=placeholder, id=id)
        self.cursor_blink = False  # nothing on the screen moves unless the reader moves it
        self._renderer = renderer
        self.label = ""
        """Name of the requested value, shown at the right of the line if there is room."""
        self.composing = AvroComposer()
        self._first = 0
        self._galley: tuple[object, Galley] | None = None

    def reset(self) -> None:
        """Typeset the text again, because the type, its size or its colours have changed."""
        self._galley = None
        self.refresh(layout=True)

    # ── editing by clusters ─────────────────────────────────────────────────

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Return whether the key types text: a printable character, or an invisible joiner (ZWJ or ZWNJ).

        `character` is the character of the key `key`; None if it has none.
        """
        return super().check_consume_key(key, character) or (character is not None and character in _JOINERS)

    def _on_key(self, event: events.Key) -> None:  # type: ignore[override]  # Textual calls the base class's handler also
        if event.key in _COMPOSE_KEYS:  # a binding goes through the app, and letters typed fast would overtake it
            event.stop()
            event.prevent_default()
            self.action_compose()
        elif event.character is not None and (event.character in _JOINERS or self.composing.composes(event.character)):
            event.stop()
            event.prevent_default()
            self._type(event.character)

    def insert_event(self, event: events.Key) -> None:
        """Insert a letter that was typed just before the line got the focus."""
        if event.is_printable and event.character and not self.has_focus:
            self._type(event.character)

    def _type(self, letter: str) -> None:
        """Insert `letter`. If composing is on, convert it to Bengali together with the Roman letters before it."""
        if self.composing.composes(letter):
            word, (start, end) = self.composing, sorted(self.selection)
            if start != end or not word.is_at(self.value, end):
                word.end()
            self._put_composed(word.roman + letter, word.start if word.roman else start, end)
        else:
            self.replace(letter, *sorted(self.selection))

    def _put_composed(self, roman: str, start: int, end: int) -> None:
        """Convert Roman letters `roman` to Bengali, and replace the text from index `start` to `end` with the result."""
        rest = len(self.value) - end
        self.replace(from_roman(roman), start, end)
        self.composing.set_word(roman, start, self.value[start : len(self.value) - rest])

    def action_compose(self) -> None:
        """Turn composing (Roman letters become Bengali) on or off."""
        self.composing.is_on = not self.composing.is_on
        self.composing.end()
        self.refresh(layout=True)

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self.replace(event.text, *self.selection)

    def replace(self, text: str, start: int, end: int) -> None:
        """Replace the text from index `start` to `end` with `text`, cleaned of control characters and joined to one line."""
        super().replace(re.sub(r"\s", " ", clean_text(text, _LONGEST)), start, end)

    def action_cursor_left(self, select: bool = False) -> None:
        """Move the cursor one grapheme cluster to the left, or to the start of the selected text, if any.

        With `select`, move only the cursor's end of the selection by one cluster.
        """
        start, end = self.selection
        if select:
            self.selection = Selection(start, self._before(end))
        else:
            self.cursor_position = self._before(end) if start == end else min(start, end)

    def action_cursor_right(self, select: bool = False) -> None:
        """Move the cursor one grapheme cluster to the right, or to the end of the selected text, if any.

        With `select`, move only the cursor's end of the selection by one cluster.
        """
        start, end = self.selection
        if select:
            self.selection = Selection(start, self._after(end))
        else:
            self.cursor_position = self._after(end) if start == end else max(start, end)

    def action_delete_right(self) -> None:
        """Delete the selection or, if nothing is selected, the grapheme cluster at the cursor."""
        start, end = self.selection
        self.delete(start, self._after(end) if start == end else end)

    def action_delete_left(self) -> None:
        """Delete the selection or, if nothing is selected, the last code point before the cursor.

        Two exceptions: an emoji or another symbol is deleted as a whole cluster; while a word is composed, its last Roman letter is
        deleted.
        """
        start, end = self.selection
        word = self.composing
        if start == end and word.is_at(self.value, end):
            self._put_composed(word.roman[:-1], word.start, end)
            return
        if start == end:
            remaining = self.value[self._before(end) : end]
            remaining = remaining[:-1].rstrip(_JOINERS) if any(char.isalpha() for char in remaining) else ""
            start = self._before(end) + len(remaining)
        self.delete(start, end)

    def _before(self, position: int) -> int:
        parts = clusters(self.value[:position])
        return position - len(parts[-1]) if parts else 0

    def _after(self, position: int) -> int:
        return next((end for end in accumulate(map(len, clusters(self.value))) if end > position), position)

    # ── positions ───────────────────────────────────────────────────────────

    @property
    def content_width(self) -> int:
        """Width of the text as reported to Textual: always 0, so that Textual never scrolls the line, which scrolls by itself."""
        return 0

    def get_content_height(self, container: Cells, viewport: Cells, width: int) -> int:
        """Return the height of the line in rows of cells, whatever the container's size."""
        return self._renderer.typesetter.rows(
            (
                Pair(
                    (Run("".join(run.text for run in self._composing_sign) + (self.value or self.placeholder or " ")),),
                    (),
                    Size.BAR,
                ),
            )
        )

    @property
    def _cursor_offset(self) -> int:
        """Distance of the caret from the left edge of the widget's content, in cells."""
        parts, at = self._parts()
        stops = self._stops(parts)
        first, _ = self._window(stops, at)
        return int(self._sign_cells + stops[at] - stops[first])

    @property
    def cursor_screen_offset(self) -> Offset:
        """Position of the caret on the screen, in cells. Input methods open their windows at this position."""
        return self.content_region.offset + Offset(self._cursor_offset, 0)

    def _cell_offset_to_index(self, offset: int) -> int:
        """Return the index in the text of the cluster boundary (between letters with their marks) nearest to cell `offset`."""
        parts, at = self._parts()
        stops = self._stops(parts)
        place = offset + 0.5 - self._sign_cells + stops[self._window(stops, at)[0]]
        nearest = min(range(len(stops)), key=lambda index: abs(stops[index] - place))
        return sum(map(len, parts[:nearest]))

    def _parts(self) -> tuple[list[str], int]:
        """Return the grapheme clusters of the text, and the number of clusters before the cursor.

        A cluster that contains the cursor is split into two at the cursor.
        """
        before = clusters(self.value[: self.cursor_position])
        return before + clusters(self.value[self.cursor_position :]), len(before)

    def _stops(self, parts: list[str]) -> list[float]:
        """Return the start of each grapheme cluster in `parts`, then the end of the last, in cells from the start of the text."""
        advance = self._renderer.typesetter.advance
        return list(accumulate((advance((Run(_shown(part)),), Size.BAR, beside=self.value) for part in parts), initial=0.0))

    def _window(self, stops: list[float], at: int) -> tuple[int, int]:
        """Return the indices of the first visible cluster, and of the first cluster after the visible ones.

        `stops` has the start of each cluster (letter with its marks) and the end of the last, in cells; `at` is the number of
        clusters before the cursor. The line scrolls only as far as needed to show the caret.
        """
        room = max(1.0, self.content_size.width - _EDGE_CELLS - self._label_cells - self._sign_cells)
        first = min(self._first, at)
        while stops[at] - stops[first] > room:
            first += 1
        while first and stops[-1] - stops[first - 1] <= room:
            first -= 1
        self._first = first
        return first, max(at, bisect_right(stops, stops[first] + room) - 1)

    # ── drawing ─────────────────────────────────────────────────────────────

    def render_line(self, y: int) -> Strip:
        """Return row `y` of the widget as a strip of cells."""
        width = self.content_size.width
        runs = (*self._composing_sign, *(self._runs() if self.value else self._invitation()))
        label = (Run(self.label, "meta"),) if self.value and self._label_cells else ()
        key = runs, label, width, self._renderer.version
        if self._galley is None or self._galley[0] != key:
            rows = self.get_content_height(self.size, self.size, width)
            self._galley = key, self._renderer.set((Pair(runs, label, Size.BAR),), width, rows=rows)
        return self._renderer.strip(self._galley[1], y, self.rich_style)

    @property
    def _composing_sign(self) -> Runs:
        """Sign at the beginning of the line which shows that composing is on; empty if composing is off."""
        return (Run(_COMPOSES, "mark", bold=True), Run(_NO_BREAK_SPACE)) if self.composing.is_on else ()

    @property
    def _sign_cells(self) -> float:
        return self._renderer.typesetter.advance(self._composing_sign, Size.BAR, beside=self.value) if self.composing.is_on else 0.0

    @property
    def _label_cells(self) -> float:
        """Width of the label and the gap before it, in cells; 0 if together they would take more than half of the line."""
        label = (Run(self.label, "meta"),)
        cells = self._renderer.typesetter.advance(label, Size.BAR, beside=self.label) + _GAP_CELLS if self.label else 0.0
        return cells if cells <= self.content_size.width / 2 else 0.0

    def _invitation(self) -> Runs:
        start = (Run(_NO_BREAK_SPACE, caret="accent"),) if self.has_focus else ()
        return (*start, Run(self.placeholder, "meta"))

    def _runs(self) -> Runs:
        """Return the visible text as runs (pieces of styled text), one for each grapheme cluster (letter with its marks).

        A run for each cluster lets the text be drawn at the positions that `_stops` has measured cluster by cluster.
        """
        parts, at = self._parts()
        first, end = self._window(self._stops(parts), at)
        low, high = sorted(self.selection) if self.has_focus else (0, 0)
        starts = list(accumulate(map(len, parts), initial=0))
        caret = at if self.has_focus else -1
        runs: list[Run] = []
        for index in range(first, end):
            is_selected = low <= starts[index] < high
            ink = "accent" if is_selected else "text"
            runs.append(Run(_shown(parts[index]), ink, underline=is_selected, caret="accent" if index == caret else None))
        if caret == end:
            runs.append(Run(_NO_BREAK_SPACE, caret="accent"))
        return tuple(runs)


def _shown(cluster: str) -> str:
    return _NO_BREAK_SPACE if cluster == " " else cluster
