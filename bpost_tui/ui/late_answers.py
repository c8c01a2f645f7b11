"""A terminal that says what it is when all stands there already, drawn as in one that says nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from textual.app import App

from bpost_tui.terminal.colours import TerminalColours
from bpost_tui.terminal.replies import Replies
from bpost_tui.ui.theme_switcher import ThemeSwitcher
from bpost_tui.ui.type_switcher import TypeSwitcher

_SOON_S = 0.05


class LateAnswers:
    """Has all drawn as the terminal can after all.

    Args:
        is_standing: Whether the reader's screen has its widgets.
        learned: Called once all is drawn so.
    """

    def __init__(
        self,
        app: App[str],
        types: TypeSwitcher,
        themes: ThemeSwitcher,
        is_standing: Callable[[], bool],
        learned: Callable[[], None],
    ) -> None:
        self._app = app
        self._types = types
        self._themes = themes
        self._is_standing = is_standing
        self._learned = learned

    def hear(self, replies: Replies) -> None:
        """Learn what the terminal is, once the app comes to it: its input is read on a thread of its own."""
        self._app.call_later(self._learn, replies)

    def _learn(self, replies: Replies) -> None:
        if not self._is_standing():
            self._app.set_timer(_SOON_S, partial(self._learn, replies))
            return
        can = self._types.learn(replies)
        if can is not None:
            self._themes.learn(TerminalColours.of(can), can.background)
            self._learned()
