"""The line to type in, above the panes: one for whatever is asked, a question at a time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from textual.widgets import Input

from bpost_tui.core.state.input_history import InputHistory
from bpost_tui.tui.shared.write_queue import WriteQueue
from bpost_tui.tui.widgets.line_input import LineInput


class PromptQuestion(NamedTuple):
    """What is asked in the line, and what follows from the answer."""

    invitation: str
    """What is in the line while it is empty."""
    on_change: Callable[[str], None]
    """Called with the text at every change."""
    on_enter: Callable[[str], None]
    """Called with the text when Enter ends it."""
    on_leave: Callable[[], None]
    """Is called when the reader leaves by Escape."""
    kind: str = ""
    """Of which kind of line it asks: those typed before can be had again. Empty where none is kept."""
    label: str = ""
    """What is beside the text, where that alone doesn't say what is asked."""


class Prompt:
    """Asks questions in the line.

    Args:
        lines: The lines typed before.
    """

    def __init__(self, line: LineInput, lines: InputHistory, writes: WriteQueue) -> None:
        self._line = line
        self._lines = lines
        self._writes = writes
        self._question: PromptQuestion | None = None
        self._history_lines: tuple[str, ...] = ()
        """The lines of this kind, the latest last, and behind them what was typed before going back to them."""
        self._at = 0

    @property
    def is_open(self) -> bool:
        """Whether a question is in the line."""
        return self._question is not None

    @property
    def has_focus(self) -> bool:
        """Whether what is typed goes into the line."""
        return self._line.has_focus

    def open(self, question: PromptQuestion, value: str = "", *, focus: bool = True) -> None:
        """Open the line on a question, in place of the one before."""
        self._question, self._history_lines = question, ()
        self._line.placeholder, self._line.label = question.invitation, question.label
        with self._line.prevent(Input.Changed):
            self._line.value = value
        self._line.cursor_position = len(value)
        self._line.display = True
        if focus:
            self._line.focus()

    def ask(self, invitation: str, then: Callable[[str | None], None], value: str = "", *, kind: str = "", label: str = "") -> None:
        """Ask for one line; `then` is called with what Enter ended, or with None where the reader leaves."""

        def end(line: str | None) -> None:
            self.close()
            then(line)

        self.open(PromptQuestion(invitation, lambda typed: None, end, lambda: end(None), kind, label), value)

    def recall(self, step: int) -> bool:
        """Go so many lines back among those typed before, or on with a positive step; return whether the line is typed into.

        Where one hasn't gone back, there is nothing to go on to: then False is returned, too.
        """
        if self._question is None or not self._line.has_focus or not self._question.kind:
            return False
        if not self._history_lines:
            if step > 0:
                return False
            typed = self._line.value.strip()
            before = tuple(line for line in self._lines.read(self._question.kind) if line != typed)
            self._history_lines, self._at = (*before, self._line.value), len(before)
        elif step > 0 and self._at == len(self._history_lines) - 1:
            return False
        self._at = max(0, min(self._at + step, len(self._history_lines) - 1))
        self._line.value = self._history_lines[self._at]
        self._line.cursor_position = len(self._line.value)
        return True

    def compose(self) -> bool:
        """Have Bengali composed in the line, or letters taken as they are again; return whether it is composed."""
        self._line.action_compose()
        return self._line.composing.is_on

    def as_typed(self, text: str) -> str:
        """Return a text from the line with the Roman letters that its composed words were made of."""
        return self._line.composing.restore_roman(text)

    def close(self) -> None:
        """Close the line."""
        self._question = None
        self._line.display = False

    def leave(self) -> bool:
        """Leave the question that is being answered; return whether there was one."""
        if self._question is None or not self._line.has_focus:
            return False
        self._question.on_leave()
        return True

    def line_changed(self, value: str) -> None:
        """Hand the question what is in the line."""
        if self._question is not None:
            self._question.on_change(value)

    def line_entered(self, value: str) -> None:
        """Tell the question that Enter was pressed."""
        if self._question is not None:
            if self._question.kind and value.strip():
                self._writes.submit(partial(self._lines.add, self._question.kind, value.strip()))
            self._question.on_enter(value)
