"""Type switcher: changes the size of letters, and how they are drawn (the render mode), when the reader presses a key."""

from __future__ import annotations

import os
from collections.abc import Callable

from bpost_tui.core.state.preferences import Preferences
from bpost_tui.i18n import Language, message
from bpost_tui.tui.event import Event
from bpost_tui.typesetting.terminal.capabilities import Capabilities, widths_agree
from bpost_tui.typesetting.terminal.detection import detect
from bpost_tui.typesetting.terminal.display import ZOOM_RANGE_PX, Display
from bpost_tui.typesetting.terminal.graphics_support import OuterTerminal
from bpost_tui.typesetting.terminal.replies import Replies
from bpost_tui.typesetting.terminal.terminals import multiplexer
from bpost_tui.typesetting.terminal.tty import screen_size
from bpost_tui.typesetting.text.phrase import Phrase


class TypeSwitcher:
    """Changes the size of letters, and how they are drawn (the render mode)."""

    def __init__(self, display: Display, redraw_type: Callable[[], object], preferences: Preferences, language: Language) -> None:
        self._display = display
        self._redraw_type = redraw_type
        self._preferences = preferences
        self._language = language
        self.answered: Event[str] = Event()
        """Announces the answer to a key, as one line of text."""

    def zoom_by(self, px: int) -> None:
        """Make the letters `px` pixels larger than they are now, or smaller if `px` is negative."""
        self.zoom_to(self._display.zoom_px + px)

    def next_mode(self) -> None:
        """Draw all text in the next render mode (pixels, block characters or plain text) that this terminal supports.

        If it supports only one, show a message.
        """
        self._display.next_render_mode()
        problem = self._display.font_problem
        if problem is not None:
            self.answered(self._language.reason(problem.message))
        elif not self.has_modes:
            mosaic, cells = message("This terminal shows type as a mosaic only"), message("This terminal shows type in cells only")
            self.answered(self._language.text(cells if self._display.mode_name == "cells" else mosaic))
        elif self._display.mode_name == "cells" and not widths_agree(self._display.capabilities):
            self.answered(
                self._language.text("In cells, borders may not line up inside {name}", name=self._display.capabilities.multiplexer)
            )
        self.keep_mode()
        self._redraw_type()

    @property
    def has_modes(self) -> bool:
        """Whether text can be shown in more than one render mode (pixels, block characters, plain text) here."""
        return self._display.has_modes

    @property
    def choice(self) -> str:
        """Name of the render mode (way of drawing letters) in the config; "auto" if the mode is the terminal's default."""
        return self._display.choice

    @property
    def is_unsure(self) -> bool:
        """Whether the render mode (way of drawing letters) is a guess that the reader hasn't confirmed.

        If so, the banner asks whether the type is readable.
        """
        return self._display.is_mode_guessed and self._display.terminal not in self._preferences.values.text

    @property
    def remedy(self) -> Phrase | None:
        """Advice on showing real letter shapes in this terminal; None if it can show them already, or if no advice is known."""
        return self._display.picture_remedy

    def keep_mode(self) -> None:
        """Remember that the type is readable in this terminal in the current render mode (way of drawing letters)."""
        self._preferences.save(text={self._display.terminal: self._display.choice})

    def apply_late_replies(self, replies: Replies) -> Capabilities | None:
        """Apply replies that the terminal sent late, and return the terminal's capabilities.

        In a multiplexer such as tmux, do nothing and return None, because the multiplexer hides the terminal.
        """
        if multiplexer(os.environ):
            return None
        capabilities = detect(replies, os.environ, window=screen_size())
        self._display.update_capabilities(capabilities)
        self._redraw_type()
        return capabilities

    def apply_outer_terminal(self, replies: Replies, outer: OuterTerminal) -> None:
        """Draw text in the best way for the terminal around tmux, because tmux was attached to another terminal.

        Args:
            replies: Replies of tmux to bpost's queries about the terminal's abilities.
            outer: Terminal around tmux.
        """
        self._display.update_capabilities(detect(replies, os.environ, window=screen_size(), outer=outer))
        self._redraw_type()

    def zoom_to(self, zoom_px: int) -> None:
        """Make the letters `zoom_px` pixels larger than their usual size, or smaller if negative, and remember the size.

        If letters can't be that large or small, or if the terminal draws the letters itself, show a message.
        """
        text = self._language.text
        if self._display.mode_name == "cells":
            if zoom_px or self._display.zoom_px:
                self.answered(text("In cells the terminal draws the letters: change its font size"))
        elif zoom_px not in ZOOM_RANGE_PX:
            self.answered(text("Type is as large as it gets") if zoom_px > 0 else text("Type is as small as it gets"))
        if zoom_px in ZOOM_RANGE_PX:
            self._display.zoom_px = zoom_px
            self._preferences.save(zoom_px=zoom_px)
            self._redraw_type()
