"""Prompt: the line above the panes for typing an answer, such as a search. It asks one question at a time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from textual.widgets import Input

from bpost_tui.core.state.input_history import InputHistory
from bpost_tui.tui.shared.write_queue import WriteQueue
from bpost_tui.tui.widgets.line_input import LineInput
from bpost_tui.typesetting.text.named_tuple import NamedTuple


class PromptQuestion(NamedTuple):
    """Question of the prompt, with the functions that receive the reader's answer."""

    invitation: str
    """Text shown while the line is empty, such as an explanation of what to type."""
    on_change: Callable[[str], None]
    """Function called with the text after every change."""
    on_enter: Callable[[str], None]
    """Function called with the text when the reader presses Enter."""
    on_leave: Callable[[], None]
    """Function called when the reader leaves the question by Escape."""
    kind: str = ""
    """Kind of question. Answers to questions of the same kind form a history; without a kind, there is no history."""
    label: str = ""
    """Label beside the text, if the text alone doesn't show the question."""


class Prompt:
    """Asks questions in the input line.

    Args:
        lines: History of the answers that the reader has typed, by kind of question.
    """

    def __init__(self, line: LineInput, lines: InputHistory, writes: WriteQueue) -> None:
        self._line = line
        self._lines = lines
        self._writes = writes
        self._question: PromptQuestion | None = None
        self._history_lines: tuple[str, ...] = ()
        """Earlier answers to questions of this kind, oldest first, then the unfinished line. Empty until the reader goes back."""
        self._at = 0

    @property
    def is_open(self) -> bool:
        """Whether the prompt shows a question."""
        return self._question is not None

    @property
    def has_focus(self) -> bool:
        """Whether keys type into the line."""
        return self._line.has_focus

    def open(self, question: PromptQuestion, value: str = "", *, focus: bool = True) -> None:
        """Show `question` in place of the current question, if any, with `value` as the text of the line.

        With `focus`, the line gets the keyboard focus.
        """
        self._question, self._history_lines = question, ()
        self._line.placeholder, self._line.label = question.invitation, question.label
        self._line.select_on_focus = True
        with self._line.prevent(Input.Changed):
            self._line.value = value
        self._line.cursor_position = len(value)
        self._line.display = True
        if focus:
            self._line.focus()

    def ask(self, invitation: str, then: Callable[[str | None], None], value: str = "", *, kind: str = "", label: str = "") -> None:
        """Ask for one line of text. `then` is called with the line at Enter, or with None if the reader leaves the question.

        Args:
            invitation: Text shown while the line is empty.
            then: Function called with the answer.
            value: Text in the line at first.
            kind: Kind of question. Answers to questions of the same kind form a history; without a kind, there is no history.
            label: Label beside the text, if the text alone doesn't show the question.
        """

        def end(line: str | None) -> None:
            self.close()
            then(line)

        self.open(PromptQuestion(invitation, lambda typed: None, end, lambda: end(None), kind, label), value)

    def continue_text(self) -> None:
        """Let typed letters continue the line's text. Without this call after a question, the first letter replaces the text."""
        self._line.select_on_focus = False

    def recall(self, step: int) -> bool:
        """Show the answer that is `step` answers later in the question's history, or earlier if negative.

        Return True if this is done. Return False if the prompt doesn't have the focus, if its question has no history, or if there
        is no later answer because the reader hasn't gone back.
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

    def toggle_composing(self) -> bool:
        """Turn phonetic composing (Roman letters become Bengali) on or off; return whether it is on now."""
        self._line.action_compose()
        return self._line.composing.is_on

    def as_typed(self, text: str) -> str:
        """Return `text` with each composed Bengali word replaced by the Roman letters that the reader typed for it."""
        return self._line.composing.restore_roman(text)

    def close(self) -> None:
        """Hide the line, and forget its question without calling any of the question's functions."""
        self._question = None
        self._line.display = False

    def leave(self) -> bool:
        """Call the question's function `on_leave`; return whether this was done.

        Do nothing if the prompt doesn't have the focus.
        """
        if self._question is None or not self._line.has_focus:
            return False
        self._question.on_leave()
        return True

    def line_changed(self, value: str) -> None:
        """Pass `value`, the changed text of the line, to the question's function `on_change`."""
        if self._question is not None:
            self._question.on_change(value)

    def line_entered(self, value: str) -> None:
        """Pass `value`, the text of the line when Enter is pressed, to the question's `on_enter`, and add it to the history."""
        if self._question is not None:
            if self._question.kind and value.strip():
                self._writes.submit(partial(self._lines.add, self._question.kind, value.strip()))
            self._question.on_enter(value)
