"""Help: lists the keys of the current pane and their actions. Typing filters the list by the descriptions of actions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from bpost_tui.bengali.normalise import normalised
from bpost_tui.core import templates
from bpost_tui.core.keys.actions import ALOUD_HELP, Action, Keys, Scope, help_actions
from bpost_tui.i18n import Language
from bpost_tui.tui.dialogs.dialog_box import box_width, is_bare
from bpost_tui.tui.dialogs.palette import matches_words
from bpost_tui.tui.widgets.line_input import LineInput
from bpost_tui.tui.widgets.story_view import StoryView
from bpost_tui.typesetting.textual.renderer import Renderer
from bpost_tui.typesetting.typeset.items import Item, Run, Size

_TEXT_EM, _BOX_EM = 32, 36
"""Maximum widths of the text and of the box, in em (font sizes). An em is two cells, or seven in block characters (a mosaic)."""
_MAX_KEYS_SHARE = 1 / 3
"""Maximum width of a separate column of keys, as a fraction of the window's width."""


class HelpScreen(ModalScreen[None]):
    """Shows keys and their actions, and a line to filter the keys.

    `scope` is the part of the screen that had the focus before; its keys come first.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter", "dismiss", show=False, priority=True),
        Binding("down", "scroll(1)", show=False),
        Binding("up", "scroll(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
    ]

    def __init__(self, renderer: Renderer, language: Language, scope: Scope, keys: Keys) -> None:
        super().__init__()
        self._renderer = renderer
        self._language = language
        self._scope = scope
        self._keys = keys
        self._line = LineInput(renderer, placeholder=language.text("Type to filter · Esc: back"), id="line")
        self._page = StoryView(renderer, round(_TEXT_EM * renderer.typesetter.row_em_cells), id="keys")
        self._page.can_focus = False

    def compose(self) -> ComposeResult:
        """Lay out the filter line above the keys."""
        with Vertical(id="help"):
            yield self._line
            yield self._page

    def on_mount(self) -> None:
        """Show all keys."""
        self._line.focus()
        self.on_resize()

    def on_resize(self) -> None:
        """Adapt the size of the box to the window."""
        em_cells, box = self._renderer.typesetter.row_em_cells, self.query_one(Vertical)
        box.styles.width = width = box_width(round(_BOX_EM * em_cells), self.app.size.width, em_cells)
        box.set_class(is_bare(width, self.app.size, self._renderer.typesetter), "-bare")
        self._page.update(self._keys_that_do(self._line.value))  # keeps the reader's place

    def reset_type(self) -> None:
        """Typeset the page again, because the theme, the size of letters or the way of drawing them has changed."""
        self.on_resize()
        self._line.reset()
        self._page.reset()

    def on_key(self, event: events.Key) -> None:
        """Insert a letter into the filter line if it was typed before the line got the focus."""
        self._line.insert_event(event)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        if event.value.endswith("?"):  # the key that opens the help closes it
            self.dismiss()
        self._page.show(self._keys_that_do(event.value))

    def _keys_that_do(self, typed: str) -> tuple[Item, ...]:
        """Return a page of the keys whose descriptions contain the words of `typed`.

        Keys of the current pane come first, then keys that work in all panes. If no key matches, the page has a message.
        """
        text = self._language.text
        words = normalised(typed).split()
        sections = []
        digits = text("1: All news; 2 to 9: the categories below it. Before a movement key: how many times, or which story")
        for scope, actions in help_actions(self._scope).items():
            found = [action for action in actions if matches_words(normalised(self._words_of(action)), words)]
            rows = [(self._keys.key_labels(action.id), text(line)) for action in found for line in _lines(action)]
            if scope is Scope.ANYWHERE and matches_words(normalised(digits), words):
                rows.append(("1–9", digits))
            if rows:
                sections.append((text(scope.value), rows))
        if not sections:
            return templates.notice(text("Nothing matches"))
        return templates.help_page(sections, wide=self._has_room_for_keys([row for _, rows in sections for row in rows]))

    def _has_room_for_keys(self, rows: Sequence[tuple[str, str]]) -> bool:
        """Return whether the window is wide enough to show the keys in a column of their own.

        `rows` has pairs of keys and description. Keys are measured together with their description: in block characters (a mosaic),
        Latin letters are drawn wider beside Bengali words.
        """
        width, (keys, words) = self._renderer.typesetter.width, max(rows, key=lambda row: len(row[0]))
        keys_cells = width((Run(keys), Run(words)), Size.BAR) - width((Run(words),), Size.BAR)
        return keys_cells <= _MAX_KEYS_SHARE * self.app.size.width

    def _words_of(self, action: Action) -> str:
        text = self._language.text
        lines = (*_lines(action), action.label)
        return " ".join((*map(text, lines), action.id, *lines, self._keys.key_labels(action.id)))

    def action_scroll(self, lines: int) -> None:
        """Scroll the page by `lines`, back if negative."""
        self._page.go_to(self._page.scroll_offset.y + lines)

    def action_page(self, pages: int) -> None:
        """Scroll the page by `pages` windows, back if negative."""
        self._page.page(pages)


def _lines(action: Action) -> tuple[str, ...]:
    return (action.help, ALOUD_HELP[action.id]) if action.id in ALOUD_HELP else (action.help,)
