"""From story to story."""

from __future__ import annotations

from .shelf import ShelfScreen


class WalkScreen(ShelfScreen):
    """Shelves that are walked through by what is unread."""

    def action_space(self) -> None:
        """Page through the story; at its end, the next unread one."""
        if self.pane != "story":
            self.action_forward()
        elif self._story.at_end:
            self.action_next_unread()
        else:
            self.action_page_down()

    def action_next_unread(self) -> None:
        """Go to the next unread story."""
        self._go_to_unread(1)

    def action_previous_unread(self) -> None:
        """Go to the previous unread story."""
        self._go_to_unread(-1)

    def _go_to_unread(self, step: int) -> None:
        """Go to the nearest unread story in a direction, or as many on as were counted, as far as there are."""
        index, found = self._posts.cursor, None
        for _ in range(self.take_count() or 1):
            following = self._posts.unread(index + step, step) if index + step >= 0 else None
            if following is None:
                break
            index = found = following
        if found is None:
            self._say(self._language.text("No more unread stories here"))
        else:
            self._posts.cursor = found
