"""The line to type in, above the panes: one for whatever is asked, a question at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from textual.widgets import Input

from bpost_tui.ui.widgets.line_input import LineInput


class Question(NamedTuple):
    """What is asked in the line, and what follows from the answer."""

    invitation: str
    """What stands in the line while it is empty."""
    typed: Callable[[str], None]
    """Called with the text at every change."""
    entered: Callable[[str], None]
    """Called with the text when Enter ends it."""
    left: Callable[[], None]
    """Is called when the reader leaves by Escape."""


class Prompt:
    """Asks questions in the line."""

    def __init__(self, line: LineInput) -> None:
        self._line = line
        self._question: Question | None = None

    @property
    def is_open(self) -> bool:
        """Whether a question stands in the line."""
        return self._question is not None

    @property
    def has_focus(self) -> bool:
        """Whether what is typed goes into the line."""
        return self._line.has_focus

    def open(self, question: Question, value: str = "", *, focus: bool = True) -> None:
        """Open the line on a question, in place of the one before."""
        self._question = question
        self._line.placeholder = question.invitation
        with self._line.prevent(Input.Changed):
            self._line.value = value
        self._line.cursor_position = len(value)
        self._line.display = True
        if focus:
            self._line.focus()

    def ask(self, invitation: str, then: Callable[[str | None], None], value: str = "") -> None:
        """Ask for one line; `then` is called with what Enter ended, or with None where the reader leaves."""

        def end(line: str | None) -> None:
            self.close()
            then(line)

        self.open(Question(invitation, lambda typed: None, end, lambda: end(None)), value)

    def close(self) -> None:
        """Close the line."""
        self._question = None
        self._line.display = False

    def leave(self) -> bool:
        """Leave the question that is being answered; return whether there was one."""
        if self._question is None or not self._line.has_focus:
            return False
        self._question.left()
        return True

    def typed(self, value: str) -> None:
        """Tell the question what stands in the line."""
        if self._question is not None:
            self._question.typed(value)

    def entered(self, value: str) -> None:
        """Tell the question that Enter was pressed."""
        if self._question is not None:
            self._question.entered(value)
