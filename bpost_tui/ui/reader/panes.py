"""Bars and panes: their layout, and the focus among them. Knows no library."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import BindingsMap
from textual.containers import Horizontal
from textual.dom import DOMNode
from textual.widget import Widget

from bpost_tui.i18n import Language
from bpost_tui.typeset.items import Para, Run
from bpost_tui.typeset.items import Size as TypeSize
from bpost_tui.ui.pane_widths import Widths
from bpost_tui.ui.reader.curtain import CurtainScreen
from bpost_tui.ui.renderer import Renderer
from bpost_tui.ui.widgets.category_list import CategoryList
from bpost_tui.ui.widgets.gauge import Gauge
from bpost_tui.ui.widgets.line import Line
from bpost_tui.ui.widgets.line_input import LineInput
from bpost_tui.ui.widgets.post_list import PostList
from bpost_tui.ui.widgets.row_list import RowList
from bpost_tui.ui.widgets.story_view import StoryView

PANES = ("categories", "posts", "story")

_LAYOUTS = (("wide", 60.0), ("medium", 40.0), ("narrow", 0.0))
"""Layouts with the least width for each, in em of body type; an em of the usual size is two cells."""
_RULED_ROWS = 18
_HEADED_ROWS = 4
"""The least height that has room for a nameplate: below it no line of a story would stand whole."""
_GAUGED_CELLS = 100
"""The least width that has room for a bar beside the footer's words."""
_LARGE_NAMEPLATE_ROWS = 30


class PaneScreen(CurtainScreen):
    """Three panes when there is width, two when there is less, one when there is little."""

    def __init__(self, renderer: Renderer, language: Language, posts: PostList, *, widths: Widths) -> None:
        super().__init__()
        self._renderer = renderer
        self._language = language
        self._nameplate = Line(renderer, id="nameplate")
        self._folio = Line(renderer, id="folio")
        self._strip = Line(renderer, id="strip")
        self._categories = CategoryList(renderer, language, id="categories")
        self._posts = posts
        self._widths = widths
        self._story = StoryView(renderer, round(widths.story * renderer.typesetter.em_cells), id="story")
        self._asked = LineInput(
            renderer, placeholder=language.text("Search: words, “phrases”, tag:, category:, after:7d, is:unread …"), id="asked"
        )
        self._banner = Line(renderer, id="banner")
        self._footer = Line(renderer, id="footer")
        self._gauge = Gauge(id="gauge")
        self._chain: tuple[object, list[tuple[DOMNode, BindingsMap]]] | None = None

    def compose(self) -> ComposeResult:
        """Lay out the bars and the panes, fitted from the first: restyling all of them takes 8 ms."""
        self.fit()
        self._mark_pane("posts")
        with Horizontal(id="masthead"):
            yield self._nameplate
            yield self._folio
        yield self._strip
        yield self._asked
        with Horizontal(id="panes"):
            yield self._categories
            yield self._posts
            yield self._story
        yield self._banner
        with Horizontal(id="bottom"):
            yield self._footer
            yield self._gauge

    def reset_type(self) -> None:
        """Set everything anew: theme, size or rung have changed."""
        self.fit()
        for line in (self._nameplate, self._folio, self._strip, self._asked, self._banner, self._footer):
            line.reset()
        for pane in (self._categories, self._posts, self._story):
            pane.reset()

    # ── the room there is ───────────────────────────────────────────────────

    def fit(self) -> None:
        """Share the room out, counted in type: large letters on a wide screen leave as little room as a narrow one."""
        self.styles.padding = (0, 0, self._renderer.spare_rows, 0)
        em_cells = self._renderer.typesetter.em_cells
        ems = self.app.size.width / em_cells
        layout = next(name for name, least in _LAYOUTS if ems >= least)
        low = self.app.size.height < _RULED_ROWS
        flat = self.app.size.height - self._renderer.spare_rows < _HEADED_ROWS
        self.update_classes({f"-{name}": name == layout for name, _ in _LAYOUTS} | {"-low": low, "-flat": flat})
        alone = layout == "narrow"
        self._categories.styles.width = "1fr" if alone else round(self._widths.categories * self._renderer.typesetter.row_em_cells)
        self._posts.styles.width = "1fr" if alone else self._widths.posts_cells(em_cells, self.app.size.width)
        self._story.measure = round(self._widths.story * em_cells)
        self._gauge.display = self.app.size.width >= _GAUGED_CELLS

    @property
    def type_rows(self) -> float:
        """How many rows of type the window is high; those of a mosaic are several cells each."""
        return self.app.size.height / self._renderer.typesetter.rows((Para((Run("ক"),), TypeSize.ROW),))

    @property
    def is_high(self) -> bool:
        """Whether there is height for a large nameplate."""
        return self.type_rows >= _LARGE_NAMEPLATE_ROWS

    @property
    def _binding_chain(self) -> list[tuple[DOMNode, BindingsMap]]:
        """Textual's; it puts the keymap over all bindings twice a key (3 ms), though they change with the focus alone."""
        now = self.focused, self.app._keymap
        if self._chain is None or self._chain[0] != now:
            self._chain = now, super()._binding_chain
        return self._chain[1]

    # ── the focus ───────────────────────────────────────────────────────────

    @property
    def pane(self) -> str:
        """Which pane one is in."""
        focused = self.focused
        return focused.id if focused is not None and focused.id in PANES else "posts"

    def go(self, pane: str) -> None:
        """Go to a pane; where there is room for one only, it is the one shown."""
        self._mark_pane(pane)
        self.set_focus(self.query_one(f"#{pane}", Widget))
        self.pane_changed()

    def on_descendant_focus(self) -> None:
        """Be in the pane that a click went into."""
        if self.focused is not None and self.focused.id in PANES and not self.has_class(f"at-{self.focused.id}"):
            self.go(self.focused.id)

    def _mark_pane(self, pane: str) -> None:
        self.update_classes({f"at-{name}": name == pane for name in PANES})

    def pane_changed(self) -> None:
        """Do what follows from being in another pane."""

    @property
    def _rows(self) -> RowList | None:
        """The list one is in; None in the story."""
        return {"categories": self._categories, "posts": self._posts}.get(self.pane)

    def action_forward(self) -> None:
        """Go one pane to the right."""
        if self.pane == "posts" and not self._posts.rows:
            return
        self.go(PANES[min(PANES.index(self.pane) + 1, len(PANES) - 1)])

    def action_open(self) -> None:
        """Go into what is under the cursor."""
        self.action_forward()

    def action_back(self) -> None:
        """Go one pane to the left."""
        self.go(PANES[max(PANES.index(self.pane) - 1, 0)])

    def action_next_pane(self) -> None:
        """Go round the panes."""
        self.go(PANES[(PANES.index(self.pane) + 1) % len(PANES)])

    def action_previous_pane(self) -> None:
        """Go round the panes, backwards."""
        self.go(PANES[PANES.index(self.pane) - 1])

    def action_category(self, at: int) -> None:
        """Go to a category by its number, from 0."""
        if at < self._categories.row_count():
            if at != self._categories.cursor:
                with self._categories.prevent(RowList.Moved):
                    self._categories.cursor = at
                self.category_chosen(at)
            self.go("posts")

    def category_chosen(self, at: int) -> None:
        """Do what follows from another category being chosen."""
