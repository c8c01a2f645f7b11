"""The reader's screen: it composes the panes, and leads keys and what the widgets tell to the features."""

from __future__ import annotations

from asyncio import gather
from collections.abc import Callable, Coroutine
from functools import partial
from random import uniform
from typing import Any, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingsMap, BindingType
from textual.containers import Horizontal
from textual.dom import DOMNode
from textual.timer import Timer
from textual.widgets import Input
from textual.worker import Worker, WorkerState

from bpost_tui import log
from bpost_tui.config.key_names import is_key
from bpost_tui.core.keys.actions import ACTIONS, DIGITS, action_of, digit_id, shown
from bpost_tui.core.state.input_history import InputHistory
from bpost_tui.errors import BPostError
from bpost_tui.tui.commands import Commands
from bpost_tui.tui.features import Features
from bpost_tui.tui.shared.app_host import AppHost, TypeWidget
from bpost_tui.tui.shared.optional_features import SIDE_FEATURES, nothing
from bpost_tui.tui.shared.paced_screen import PacedScreen
from bpost_tui.tui.shared.pane_layout import TypeScale, layout
from bpost_tui.tui.shared.panes import Panes
from bpost_tui.tui.shared.prompt import Prompt
from bpost_tui.tui.shared.reader_services import ReaderServices
from bpost_tui.tui.shared.screen_context import ScreenContext
from bpost_tui.tui.shared.screen_widgets import ScreenWidgets
from bpost_tui.tui.shared.status_bars import StatusBars
from bpost_tui.tui.shared.write_queue import WriteQueue
from bpost_tui.tui.widgets.category_list import CategoryList
from bpost_tui.tui.widgets.post_list import PostList
from bpost_tui.tui.widgets.row_list import RowList
from bpost_tui.tui.widgets.story_view import StoryView

_POLL_S = 2.0
"""How often the library is looked at for what another process has done."""
_DUE_S = 30.0
"""How often it is looked at which papers are due."""
_FOOTER_RESTS_S = 0.1


class ReaderScreen(PacedScreen):
    """Categories, recent posts and the article."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(",".join(action.keys), f"do({action.id!r})", action.label, id=action.id, show=False) for action in ACTIONS),
        *(Binding(key, f"digit({key})", id=digit_id(key), show=False) for key in DIGITS),
    ]

    def __init__(self, host: AppHost, reading: ReaderServices) -> None:
        settings, preferences, listings, session, fetcher, images, start = reading
        renderer = host.renderer
        super().__init__(renderer.surfaces, is_awaited=start.is_awaited)
        self._off: set[str] = set()
        session.is_tour_due = start.open_story is None and not preferences.choices.toured
        self._widgets = widgets = ScreenWidgets(renderer, listings)
        writes = WriteQueue(self._run, is_held=not start.writes)
        panes = Panes(self, widgets)
        self.desk = ScreenContext(
            host=host,
            screen=self,
            settings=settings,
            start=start,
            preferences=preferences,
            listings=listings,
            fetcher=fetcher,
            session=session,
            renderer=renderer,
            widgets=widgets,
            panes=panes,
            prompt=Prompt(widgets.line, InputHistory(preferences.folder), writes),
            status=StatusBars(host, renderer, widgets, panes, session, listings, settings, start),
            writes=writes,
            run=self._run,
        )
        self.features = Features(self.desk, images, self.fit)
        self.commands = Commands(self.features)
        self._footer_timer: Timer | None = None
        self._chain: tuple[object, list[tuple[DOMNode, BindingsMap]]] | None = None

    # ── composing ───────────────────────────────────────────────────────────

    def compose(self) -> ComposeResult:
        """Lay out the bars and the panes, fitted from the first: restyling all of them takes 8 ms."""
        widgets, bars = self._widgets, self._widgets.bars
        self.fit()
        self.desk.panes.mark("posts")
        with Horizontal(id="masthead"):
            yield bars.title
            yield bars.status
        yield bars.category_bar
        yield widgets.line
        with Horizontal(id="panes"):
            yield widgets.categories
            yield widgets.posts
            yield widgets.view
        yield bars.banner
        with Horizontal(id="bottom"):
            yield bars.footer
            yield bars.gauge

    def on_mount(self) -> None:
        """Show what is saved; the portal is asked once that is on the screen."""
        self.features.look_ahead.begin()
        self.desk.panes.go("posts")
        self.features.beginning.begin(self._shown)
        self.set_interval(_POLL_S, self.features.lists.watch)

    def _shown(self) -> None:
        self.desk.host.begun()
        self.call_after_refresh(self._first_shown)

    def _first_shown(self) -> None:
        self.commands.does  # noqa: B018 -- made now, so that the first key needn't wait
        if not self.desk.start.asks:
            return
        self.features.exchanging.begin()
        self.features.refreshing.refresh()
        pace = uniform(0.9, 1.1)  # noqa: S311 -- not all readers at the same second
        self.set_interval(_DUE_S, partial(self.features.refreshing.refresh_due, pace))

    async def on_unmount(self) -> None:
        """Remember where the reader is, and when they were here, behind all that is still being written."""
        self.features.story.save_position()
        self.desk.writes.start(self.features.beginning.keep())
        self.desk.writes.start(self.desk.listings.note_visit)
        await gather(self.features.aloud.close(), self.features.programs.close(), self.desk.writes.settle())

    def fit(self) -> None:
        """Share the window out again."""
        typesetter, spare_rows = self.desk.renderer.typesetter, self.desk.renderer.spare_rows
        type = TypeScale(typesetter.em_cells, typesetter.row_em_cells, spare_rows)
        room = layout(self.app.size, type, self.features.edges.widths, is_compact=self._widgets.posts.is_compact)
        self.styles.padding = (0, 0, spare_rows, 0)
        self.update_classes(room.classes)
        self._widgets.categories.styles.width = "1fr" if room.categories is None else room.categories
        self._widgets.posts.styles.width = "1fr" if room.posts is None else room.posts
        self._widgets.view.measure = room.measure
        self._widgets.bars.gauge.display = room.has_gauge

    def reset_type(self) -> None:
        """Set everything again: theme, size or the way type is drawn have changed."""
        widgets = self._widgets
        self.features.images.type_changed()
        self.fit()
        self.desk.status.show()
        typed: tuple[TypeWidget, ...] = (
            *widgets.bars.lines, widgets.line, widgets.categories, widgets.posts, widgets.view,
        )  # fmt: skip
        for widget in typed:
            widget.reset()
        self.call_after_refresh(self.features.tour.fit)
        self.desk.status.show_footer()

    def rest(self) -> None:
        """Prepare nothing: a key is answered."""
        self.features.look_ahead.rest()

    def painted(self) -> None:
        """Prepare what may be next, once nothing is painted for a while."""
        self.features.look_ahead.painted()

    def ask_if_readable(self, is_asking: bool = True) -> None:
        """Ask whether the type can be read, as it is drawn now, or no longer ask."""
        self.desk.status.banner.ask(is_asking)

    def note_reader(self) -> None:
        """Note that the reader is there."""
        self.features.story.is_reopened = False
        self.features.aloud.note_reader()
        self.desk.status.note_reader()

    def say(self, sentence: str) -> None:
        """Answer a key with what is true wherever the reader goes."""
        self.desk.status.say_anywhere(sentence)

    def tell(self, sentence: str) -> None:
        """Tell of something that came by itself."""
        self.desk.status.tell(sentence)

    # ── keys ────────────────────────────────────────────────────────────────

    def action_do(self, action_id: str) -> None:
        """Do an action; the number typed before it is its count, or where it takes none, a category's.

        What copies a link says yes while it is asked whether type can be read.
        """
        if self.desk.status.banner.takes(action_id):
            return
        count = None
        if action_of(action_id).counted:
            count = self.features.counting.take()
        else:
            self.features.counting.use_up()
        self.commands.do(action_id, count)

    def action_digit(self, digit: int) -> None:
        """Put a digit to the number."""
        self.features.counting.add(digit)

    def on_key(self, event: events.Key) -> None:
        """A key that does nothing says so."""
        action = self.desk.keys.action_of(event.key)
        if not action:
            self.features.counting.use_up()
        if not action and self.desk.panes.has_focus and is_key(event.key):
            self.desk.status.tell_unbound(event.character if event.is_printable and event.character else shown(event.key))

    @property
    def _binding_chain(self) -> list[tuple[DOMNode, BindingsMap]]:
        """Textual's; it puts the keymap over all bindings twice a key (3 ms), though they change with the focus alone."""
        now = self.focused, self.app._keymap
        if self._chain is None or self._chain[0] != now:
            self._chain = now, super()._binding_chain
        return self._chain[1]

    # ── what the features take ──────────────────────────────────────────────

    def _run(self, work: Callable[[], Coroutine[Any, Any, object]], *, group: str, exclusive: bool = False) -> Worker[object]:
        begun = nothing if group in self._off else work
        return self.run_worker(begun, group=group, exclusive=exclusive, exit_on_error=False)

    @on(Worker.StateChanged)
    def _worker_ended(self, event: Worker.StateChanged) -> None:
        """Show an error that the reader can do something about; a bug of a side feature switches it off, any other ends the app."""
        error = event.worker.error if event.state is WorkerState.ERROR else None
        if error is not None:
            self.allow_paint()
        if isinstance(error, BPostError):
            self.desk.status.tell_trouble(error)
        elif isinstance(error, Exception) and (what := SIDE_FEATURES.get(event.worker.group)) is not None:
            log.fault(error)
            if event.worker.group not in self._off:
                self._off.add(event.worker.group)
                text = self.desk.language.text
                self.desk.status.tell(text("{what} failed, and is off until the next start", what=text(what)))
        elif isinstance(error, Exception):
            raise error

    # ── what the widgets tell ───────────────────────────────────────────────

    def on_resize(self, event: events.Resize) -> None:
        """Fit everything to the new size."""
        self.fit()
        self.desk.status.show()

    @on(events.DescendantFocus)
    def _focus_moved(self) -> None:
        self.desk.panes.follow_focus()
        self.desk.status.show_footer()

    @on(RowList.Moved, "#posts")
    def _post_moved(self) -> None:
        self.features.lists.follow_cursor()

    @on(RowList.Moved, "#categories")
    def _category_moved(self, event: RowList.Moved) -> None:
        self.features.choosing.choose(event.index)

    @on(RowList.Chosen)
    def _row_chosen(self, event: RowList.Chosen) -> None:
        self.desk.panes.go("posts" if event.sender is self._widgets.categories else "story")

    @on(RowList.EdgeMoved)
    def _edge_moved(self, event: RowList.EdgeMoved) -> None:
        self.features.edges.drag(event)

    @on(PostList.NearEnd)
    def _near_end(self) -> None:
        self.features.rows.load_near_end()

    @on(PostList.EndChosen)
    def _end_chosen(self) -> None:
        self.features.refreshing.load_older()

    @on(CategoryList.Counted)
    def _counted(self, event: CategoryList.Counted) -> None:
        self.desk.host.desktop.count_unread(event.unread, self.desk.papers.title())

    @on(StoryView.Scrolled)
    def _scrolled(self) -> None:
        """Let the footer follow once the scrolling rests: a frame a step is enough."""
        if self._footer_timer is not None:
            self._footer_timer.stop()
        self._footer_timer = self.set_timer(_FOOTER_RESTS_S, self.desk.status.show_footer)
        self.features.story.note_reading()
        self.features.tour.fit()  # its pane may have another size, by a key too

    @on(StoryView.LinkClicked)
    def _link_clicked(self, event: StoryView.LinkClicked) -> None:
        self.commands.keyed.links.follow(event.address)

    @on(events.Click, "#status")
    def _status_clicked(self) -> None:
        if action := self.desk.status.action:
            self.commands.do(action)

    @on(Input.Changed, "#line")
    def _line_changed(self, event: Input.Changed) -> None:
        self.desk.prompt.typed(event.value)

    @on(Input.Submitted, "#line")
    def _line_entered(self, event: Input.Submitted) -> None:
        self.desk.prompt.entered(event.value)
