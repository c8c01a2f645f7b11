"""Moving about in lists and text, as often as a number typed before says."""

from __future__ import annotations

from textual import events
from textual.timer import Timer

from bpost_tui.i18n import Language
from bpost_tui.reading.actions import ACTIONS
from bpost_tui.ui.pane_widths import Widths
from bpost_tui.ui.reader.panes import PaneScreen
from bpost_tui.ui.renderer import Renderer
from bpost_tui.ui.widgets.post_list import PostList

ALONE_S = 0.6
"""A digit that no key follows for so long is a category's."""
_MOST_DIGITS = 7
_COUNTED = frozenset(action.id for action in ACTIONS if action.counted) | {"open", "back"}


class MoveScreen(PaneScreen):
    """Panes in which motions take a count: `5j`, `12G`."""

    def __init__(self, renderer: Renderer, language: Language, posts: PostList, *, widths: Widths) -> None:
        super().__init__(renderer, language, posts, widths=widths)
        self._digits = ""
        self._alone: Timer | None = None

    # ── the count ───────────────────────────────────────────────────────────

    @property
    def count(self) -> int | None:
        """The number typed so far."""
        return int(self._digits) if self._digits else None

    @property
    def is_counting(self) -> bool:
        """Whether a digit waits for what follows it."""
        return self._alone is not None

    def count_changed(self) -> None:
        """Do what follows from another number."""

    def take_count(self) -> int | None:
        """Return the number typed, which is used up with that."""
        count = self.count
        self._set_digits("")
        return count

    def action_digit(self, digit: int) -> None:
        """Put a digit to the number; one that stays alone is a category's."""
        if digit or self._digits:
            self._set_digits(f"{self._digits}{digit}"[:_MOST_DIGITS])
        if len(self._digits) == 1:
            self._alone = self.set_timer(ALONE_S, self._choose_category)

    def on_key(self, event: events.Key) -> None:
        """Leave the number to a motion; with any other key, a single digit chooses a category and a longer number is dropped."""
        if not self._digits:
            return
        bound = self._bound(event.key)
        if bound in _COUNTED or bound.startswith("digit("):
            return
        if len(self._digits) == 1:
            self._choose_category()
        else:
            self._set_digits("")

    def action_open(self) -> None:
        """Take the number for a category's, where there is one; else go into what is under the cursor."""
        # here and not on the key, which passes before the digit's own action where both come at once
        if self._digits:
            self._choose_category()
        else:
            super().action_open()

    def _choose_category(self) -> None:
        number = self.take_count()
        if number is not None:
            self.action_category(number - 1)

    def _set_digits(self, digits: str) -> None:
        if self._alone is not None:
            self._alone.stop()
            self._alone = None
        if digits != self._digits:
            self._digits = digits
            self.count_changed()

    def _bound(self, key: str) -> str:
        """Return the action that a key is bound to."""
        tables = (bindings.key_to_bindings.get(key, ()) for _, bindings in self._binding_chain)
        return next((binding.action for found in tables for binding in found), "")

    # ── the motions ─────────────────────────────────────────────────────────

    def action_down(self) -> None:
        """Move down by a row or a line."""
        self._move(self.take_count() or 1)

    def action_up(self) -> None:
        """Move up by a row or a line."""
        self._move(-(self.take_count() or 1))

    def action_page_down(self) -> None:
        """Move down by a window."""
        self._page(self.take_count() or 1)

    def action_page_up(self) -> None:
        """Move up by a window."""
        self._page(-(self.take_count() or 1))

    def action_half_page_down(self) -> None:
        """Move down by half a window."""
        self._half_page(self.take_count() or 1)

    def action_half_page_up(self) -> None:
        """Move up by half a window."""
        self._half_page(-(self.take_count() or 1))

    def action_top(self) -> None:
        """Go to the first row or line, or to the one that was counted."""
        self.go_to_row(self.take_count() or 1)

    def action_bottom(self) -> None:
        """Go to the last row or line, or to the one that was counted."""
        self.go_to_row(self.take_count())

    def action_next_story(self) -> None:
        """Go to the next story."""
        self._posts.cursor += self.take_count() or 1

    def action_previous_story(self) -> None:
        """Go to the previous story."""
        self._posts.cursor -= self.take_count() or 1

    def action_next_section(self) -> None:
        """Go to the next sub-head of the story."""
        self._story.go_to_section(self.take_count() or 1)

    def action_previous_section(self) -> None:
        """Go to the sub-head before."""
        self._story.go_to_section(-(self.take_count() or 1))

    def go_to_row(self, number: int | None) -> None:
        """Go to a row or line by its number, from 1; None is the last."""
        rows = self._rows
        if rows is not None:
            rows.cursor = (number or rows.row_count()) - 1
        else:
            self._story.go_to((number or self._story.virtual_size.height) - 1)

    def _move(self, step: int) -> None:
        rows = self._rows
        if rows is not None:
            rows.cursor += step
        else:
            self._story.go_to(self._story.scroll_offset.y + step)

    def _page(self, step: int) -> None:
        rows = self._rows
        if rows is not None:
            rows.cursor += step * rows.page_rows
        else:
            self._story.page(step)

    def _half_page(self, step: int) -> None:
        rows = self._rows
        self._move(step * max(1, (self._story.page_lines if rows is None else rows.page_rows) // 2))
