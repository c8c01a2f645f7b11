"""Prompt above the panes: the one line to type in, for one question at a time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from textual.widgets import Input

from bpost_tui.core.state.input_history import InputHistory
from bpost_tui.tui.shared.write_queue import WriteQueue
from bpost_tui.tui.widgets.line_input import LineInput


class PromptQuestion(NamedTuple):
    """Question in the prompt, with the functions that get the answer."""

    invitation: str
    """Placeholder while the line is empty."""
    on_change: Callable[[str], None]
    """Called with the text at every change."""
    on_enter: Callable[[str], None]
    """Called with the text at Enter."""
    on_leave: Callable[[], None]
    """Called when the reader leaves by Escape."""
    kind: str = ""
    """Kind of line, which selects its history; empty for lines without a history."""
    label: str = ""
    """Label beside the text, if the text alone doesn't show the question."""


class Prompt:
    """Asks questions in the line.

    Args:
        lines: History of the lines typed before.
    """

    def __init__(self, line: LineInput, lines: InputHistory, writes: WriteQueue) -> None:
        self._line = line
        self._lines = lines
        self._writes = writes
        self._question: PromptQuestion | None = None
        self._history_lines: tuple[str, ...] = ()
        """Earlier lines of this kind, the latest last, followed by the line that was typed before going back."""
        self._at = 0

    @property
    def is_open(self) -> bool:
        """Whether a question is in the line."""
        return self._question is not None

    @property
    def has_focus(self) -> bool:
        """Whether keys type into the line."""
        return self._line.has_focus

    def open(self, question: PromptQuestion, value: str = "", *, focus: bool = True) -> None:
        """Open the line on `question`, in place of the question before."""
        self._question, self._history_lines = question, ()
        self._line.placeholder, self._line.label = question.invitation, question.label
        with self._line.prevent(Input.Changed):
            self._line.value = value
        self._line.cursor_position = len(value)
        self._line.display = True
        if focus:
            self._line.focus()

    def ask(self, invitation: str, then: Callable[[str | None], None], value: str = "", *, kind: str = "", label: str = "") -> None:
        """Ask for one line; `then` gets the line at Enter, or None if the reader leaves."""

        def end(line: str | None) -> None:
            self.close()
            then(line)

        self.open(PromptQuestion(invitation, lambda typed: None, end, lambda: end(None), kind, label), value)

    def recall(self, step: int) -> bool:
        """Go `step` lines through the history, back if negative; return False if the key isn't for the history.

        It isn't if the line lacks the focus or a history, or if the reader goes forward without having gone back.
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
        """Turn composing of Bengali on or off; return whether it is on."""
        self._line.action_compose()
        return self._line.composing.is_on

    def as_typed(self, text: str) -> str:
        """Return `text` with its composed words replaced by the Roman letters that were typed."""
        return self._line.composing.restore_roman(text)

    def close(self) -> None:
        """Close the line."""
        self._question = None
        self._line.display = False

    def leave(self) -> bool:
        """Leave the question if the line has the focus; return whether it did."""
        if self._question is None or not self._line.has_focus:
            return False
        self._question.on_leave()
        return True

    def line_changed(self, value: str) -> None:
        """Pass the changed text to the question."""
        if self._question is not None:
            self._question.on_change(value)

    def line_entered(self, value: str) -> None:
        """Pass the text to the question at Enter, and add it to the history."""
        if self._question is not None:
            if self._question.kind and value.strip():
                self._writes.submit(partial(self._lines.add, self._question.kind, value.strip()))
            self._question.on_enter(value)
