"""The line to type in, above the panes: one for whatever is asked, a question at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from textual import events, on
from textual.widgets import Input

from bpost_tui.reading.actions import shown
from bpost_tui.ui.reader.marking import MarkScreen


class Question(NamedTuple):
    """What is asked in the line, and what follows from the answer."""

    invitation: str
    """What stands in the line while it is empty."""
    typed: Callable[[str], None]
    """Is told the text at every change."""
    entered: Callable[[str], None]
    """Is told the text that Enter ended."""
    left: Callable[[], None]
    """Is called when the reader leaves by Escape."""


class AskScreen(MarkScreen):
    """Shelves with a line for questions."""

    _question: Question | None = None

    def ask(self, question: Question, value: str = "", *, focus: bool = True) -> None:
        """Open the line on a question, in place of the one before."""
        self._question = question
        self._asked.placeholder = question.invitation
        with self._asked.prevent(Input.Changed):
            self._asked.value = value
        self._asked.cursor_position = len(value)
        self._asked.display = True
        if focus:
            self._asked.focus()

    def stop_asking(self) -> None:
        """Close the line."""
        self._question = None
        self._asked.display = False

    def hints(self) -> list[tuple[str, str]]:
        """Name what ends a question while one is typed: every other key is a letter then."""
        if not self._asked.has_focus:
            return super().hints()
        text = self._language.text
        return [(shown("enter"), text("OK")), (shown("escape"), text("Back"))]

    @on(events.DescendantFocus)
    def _focus_moved(self) -> None:
        self._show_footer()

    def action_back(self) -> None:
        """Leave the question, where one is being answered; else go one pane to the left."""
        if self._question is not None and self._asked.has_focus:
            self._question.left()
        else:
            super().action_back()

    @on(Input.Changed, "#asked")
    def _answer_typed(self, event: Input.Changed) -> None:
        if self._question is not None:
            self._question.typed(event.value)

    @on(Input.Submitted, "#asked")
    def _answer_entered(self, event: Input.Submitted) -> None:
        if self._question is not None:
            self._question.entered(event.value)
