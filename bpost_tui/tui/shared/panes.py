"""The three panes (categories, posts, story): focus, and movement within the current pane."""

from __future__ import annotations

from textual.geometry import Size
from textual.screen import Screen

from bpost_tui.tui.event import Event
from bpost_tui.tui.shared.screen_widgets import ScreenWidgets
from bpost_tui.tui.widgets.row_list import RowList

PANES = ("categories", "posts", "story")


class Panes:
    """The three panes, from left to right: categories, posts and the story.

    Args:
        screen: Screen whose style sheet classes name the current pane, so that a narrow window can show only that pane.
    """

    def __init__(self, screen: Screen[None], widgets: ScreenWidgets) -> None:
        self._screen = screen
        self._categories = widgets.categories
        self._posts = widgets.posts
        self._story = widgets.view
        self._widgets = dict(zip(PANES, (widgets.categories, widgets.posts, widgets.view), strict=True))
        self.changed: Event[()] = Event()
        """Event announced when another pane may have become the current pane."""
        self.shown = "posts"
        """Name of the pane with the focus. While the prompt or another widget has the focus, name of the pane that had it last."""

    # ── current pane ────────────────────────────────────────────────────────

    @property
    def current(self) -> str:
        """Name of the pane with the focus; "posts" if another widget has the focus."""
        focused = self._screen.focused
        return focused.id if focused is not None and focused.id in PANES else "posts"

    @property
    def window(self) -> Size:
        """Size of the terminal's window, in cells."""
        return self._screen.app.size

    @property
    def has_focus(self) -> bool:
        """Whether one of the panes has the focus."""
        focused = self._screen.focused
        return focused is not None and focused.id in PANES

    @property
    def rows(self) -> RowList | None:
        """List in the current pane; None if the story's pane is current."""
        return {"categories": self._categories, "posts": self._posts}.get(self.current)

    def mark(self, pane: str) -> None:
        """Mark pane `pane` as the current one: its cursor is shown as active, and style sheet classes name the pane."""
        self.shown = pane
        self._categories.is_active, self._posts.is_active = pane == "categories", pane == "posts"
        self._screen.update_classes({f"at-{name}": name == pane for name in PANES})

    def go(self, pane: str) -> None:
        """Give pane `pane` the focus. Zen mode, which shows only the story, ends unless `pane` is "story"."""
        if pane != "story":
            self.leave_zen()
        self.mark(pane)
        self._screen.set_focus(self._widgets[pane])
        self.changed()

    def follow_focus(self) -> None:
        """If another pane has got the focus, for example by a click, show that pane as the current one."""
        if self.has_focus and self.current != self.shown:
            self.go(self.current)

    def forward(self) -> None:
        """Go one pane to the right, except from an empty list of stories."""
        if self.current != "posts" or self._posts.rows:
            self.go(PANES[min(PANES.index(self.current) + 1, len(PANES) - 1)])

    def left(self) -> bool:
        """Go one pane to the left, and return True.

        Stay and return False if the list of stories is empty and there is no other category to choose.
        """
        if self.current == "posts" and not self._posts.rows and self._categories.row_count() < 2:
            return False
        self.go(PANES[max(PANES.index(self.current) - 1, 0)])
        return True

    def turn(self, step: int) -> None:
        """Go `step` panes to the right, or to the left if negative; the first pane comes after the last."""
        self.go(PANES[(PANES.index(self.current) + step) % len(PANES)])

    # ── zen ─────────────────────────────────────────────────────────────────

    def zen(self) -> None:
        """Turn zen mode on if it is off, else off. In zen mode, only the story is shown."""
        if not self.leave_zen():
            self._screen.add_class("-zen")
            self.go("story")

    def leave_zen(self) -> bool:
        """End zen mode, so that all panes are shown again; return whether zen mode was on."""
        was_zen = self._screen.has_class("-zen")
        if was_zen:
            self._screen.remove_class("-zen")
            self.changed()
        return was_zen

    # ── moving in the current pane ──────────────────────────────────────────

    @property
    def has_motion(self) -> bool:
        """Whether movement keys have an effect: the current pane has a list of several rows, or a story longer than the window."""
        return self._story.max_scroll_y > 0 if self.rows is None else self.rows.row_count() > 1

    def move(self, step: int) -> None:
        """Move the cursor down by `step` rows, or scroll the story down by `step` lines; up if negative."""
        if self.rows is not None:
            self.rows.cursor += step
        else:
            self._story.go_to(self._story.scroll_offset.y + step)

    def page(self, step: int) -> None:
        """Move the cursor of the list, or scroll the story, down by `step` times the window's height; up if negative."""
        if self.rows is not None:
            self.rows.cursor += step * self.rows.page_rows
        else:
            self._story.page(step)

    def half_page(self, step: int) -> None:
        """Move the cursor of the list, or scroll the story, down by `step` times half of the window's height; up if negative."""
        window = self._story.page_lines if self.rows is None else self.rows.page_rows
        self.move(step * max(1, window // 2))

    def go_to_row(self, number: int | None) -> None:
        """Go to row `number` of the list, or line `number` of the story. The first has number 1; None means the last."""
        if self.rows is not None:
            self.rows.cursor = (number or self.rows.row_count()) - 1
        else:
            self._story.go_to((number or self._story.virtual_size.height) - 1)
