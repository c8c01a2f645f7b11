"""The keys of the place one is in, from the one table of actions."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from bpost_tui.i18n import Language
from bpost_tui.ui import pages
from bpost_tui.ui.actions import ACTIONS, Place, action_of, keys_of, shown
from bpost_tui.ui.press import Press
from bpost_tui.ui.widgets.story import StoryView

_TEXT_EM, _BOX_EM = 32, 36
"""The widest the lines and the box get, in em of body type: an em is two cells, and seven in a mosaic."""


class HelpScreen(ModalScreen[None]):
    """Shows what can be done here."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # an action's id gives a key the config's choice, and what it sends under a Bengali layout
        Binding("escape,enter", "dismiss_help", show=False),
        Binding("q", "dismiss_help", id="quit", show=False),
        Binding("question_mark", "dismiss_help", id="help", show=False),
        Binding("down,j", "scroll(1)", id="down", show=False),
        Binding("up,k", "scroll(-1)", id="up", show=False),
        Binding("space,pagedown", "scroll(10)", show=False),
        Binding("pageup", "scroll(-10)", show=False),
    ]

    def __init__(self, press: Press, language: Language, place: Place, keys: dict[str, tuple[str, ...]]) -> None:
        super().__init__()
        self._language = language
        self._place = place
        self._keys = keys
        em_cells = press.typesetter.em_cells
        self._page = StoryView(press, round(_TEXT_EM * em_cells), id="help")
        self._page.styles.width = round(_BOX_EM * em_cells)

    def compose(self) -> ComposeResult:
        """Show one page."""
        yield self._page

    def on_mount(self) -> None:
        """Set the page."""
        text = self._language.text
        sections = [
            (text(place.value), [(self._keys_shown(action.id), text(action.help)) for action in ACTIONS if action.place is place])
            for place in (self._place, Place.ANYWHERE)
        ]
        self._page.show(pages.help_page(text("Keys"), sections))

    def _keys_shown(self, action_id: str) -> str:
        return "  ".join(dict.fromkeys(shown(key) for key in keys_of(action_of(action_id), self._keys)))

    def action_scroll(self, lines: int) -> None:
        """Scroll the page."""
        self._page.go_to(self._page.scroll_offset.y + lines)

    def action_dismiss_help(self) -> None:
        """Go back."""
        self.dismiss()
