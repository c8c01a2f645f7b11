"""The three panes: which one the reader is in, and moving about in it."""

from __future__ import annotations

from textual.geometry import Size
from textual.screen import Screen

from bpost_tui.tui.event import Event
from bpost_tui.tui.shared.screen_widgets import ScreenWidgets
from bpost_tui.tui.widgets.row_list import RowList

PANES = ("categories", "posts", "story")


class Panes:
    """Categories, posts and the story, from left to right.

    Args:
        screen: What holds them; its classes say which pane is shown where there is room for one.
    """

    def __init__(self, screen: Screen[None], widgets: ScreenWidgets) -> None:
        self._screen = screen
        self._categories = widgets.categories
        self._posts = widgets.posts
        self._story = widgets.view
        self._widgets = dict(zip(PANES, (widgets.categories, widgets.posts, widgets.view), strict=True))
        self.changed: Event[()] = Event()
        """The reader is in another pane, or may be."""
        self.shown = "posts"
        """The pane one was in last, though the line to type in may have the focus."""

    # ── which one ───────────────────────────────────────────────────────────

    @property
    def current(self) -> str:
        """The pane that has the focus; the posts while something else has it."""
        focused = self._screen.focused
        return focused.id if focused is not None and focused.id in PANES else "posts"

    @property
    def window(self) -> Size:
        """The size of the terminal's window, in cells."""
        return self._screen.app.size

    @property
    def has_focus(self) -> bool:
        """Whether one of them has the focus."""
        focused = self._screen.focused
        return focused is not None and focused.id in PANES

    @property
    def rows(self) -> RowList | None:
        """The list one is in; None in the story."""
        return {"categories": self._categories, "posts": self._posts}.get(self.current)

    def mark(self, pane: str) -> None:
        """Have the style sheet know which pane one is in."""
        self.shown = pane
        self._categories.is_active, self._posts.is_active = pane == "categories", pane == "posts"
        self._screen.update_classes({f"at-{name}": name == pane for name in PANES})

    def go(self, pane: str) -> None:
        """Go to a pane; another than the story's ends zen."""
        if pane != "story":
            self.leave_zen()
        self.mark(pane)
        self._screen.set_focus(self._widgets[pane])
        self.changed()

    def follow_focus(self) -> None:
        """Be in the pane that a click went into."""
        if self.has_focus and self.current != self.shown:
            self.go(self.current)

    def forward(self) -> None:
        """Go one pane to the right."""
        if self.current != "posts" or self._posts.rows:
            self.go(PANES[min(PANES.index(self.current) + 1, len(PANES) - 1)])

    def left(self) -> bool:
        """Go one pane to the left; from an empty list, which says why it is empty, only where there are categories."""
        if self.current == "posts" and not self._posts.rows and self._categories.row_count() < 2:
            return False
        self.go(PANES[max(PANES.index(self.current) - 1, 0)])
        return True

    def turn(self, step: int) -> None:
        """Go round the panes."""
        self.go(PANES[(PANES.index(self.current) + step) % len(PANES)])

    # ── zen ─────────────────────────────────────────────────────────────────

    def zen(self) -> None:
        """Show nothing but the story, or everything again."""
        if not self.leave_zen():
            self._screen.add_class("-zen")
            self.go("story")

    def leave_zen(self) -> bool:
        """Show everything again; return whether there was anything else than that."""
        was_zen = self._screen.has_class("-zen")
        if was_zen:
            self._screen.remove_class("-zen")
            self.changed()
        return was_zen

    # ── moving about in it ──────────────────────────────────────────────────

    @property
    def has_motion(self) -> bool:
        """Whether there is anything to move through in the pane."""
        return self._story.max_scroll_y > 0 if self.rows is None else self.rows.row_count() > 1

    def move(self, step: int) -> None:
        """Move by so many rows or lines."""
        if self.rows is not None:
            self.rows.cursor += step
        else:
            self._story.go_to(self._story.scroll_offset.y + step)

    def page(self, step: int) -> None:
        """Move by so many windows."""
        if self.rows is not None:
            self.rows.cursor += step * self.rows.page_rows
        else:
            self._story.page(step)

    def half_page(self, step: int) -> None:
        """Move by so many half windows."""
        window = self._story.page_lines if self.rows is None else self.rows.page_rows
        self.move(step * max(1, window // 2))

    def go_to_row(self, number: int | None) -> None:
        """Go to a row or line by its number, from 1; None is the last."""
        if self.rows is not None:
            self.rows.cursor = (number or self.rows.row_count()) - 1
        else:
            self._story.go_to((number or self._story.virtual_size.height) - 1)
