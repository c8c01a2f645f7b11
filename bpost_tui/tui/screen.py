"""Reader's screen: lays out the panes, and passes keys and widget messages on to the features.

To find the code of a key, look up its action in `core.keys.actions` and its handler in `commands`.
"""

from __future__ import annotations

from asyncio import gather
from collections.abc import Callable, Coroutine
from functools import cached_property, partial
from random import uniform
from typing import TYPE_CHECKING, Any, ClassVar

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
from bpost_tui.core.keys.actions import ACTIONS, DIGITS, action_of, digit_id, key_label
from bpost_tui.core.state.input_history import InputHistory
from bpost_tui.errors import BPostError
from bpost_tui.tui.first_features import FirstFeatures
from bpost_tui.tui.shared.optional_features import OPTIONAL_FEATURES, do_nothing
from bpost_tui.tui.shared.paced_screen import PacedScreen
from bpost_tui.tui.shared.pane_layout import TypeScale, lay_out_panes
from bpost_tui.tui.shared.panes import Panes
from bpost_tui.tui.shared.prompt import Prompt
from bpost_tui.tui.shared.reader_services import ReaderServices
from bpost_tui.tui.shared.screen_context import ScreenContext
from bpost_tui.tui.shared.screen_widgets import ScreenWidgets
from bpost_tui.tui.shared.status_bars import StatusBars
from bpost_tui.tui.shared.write_queue import WRITES, WriteQueue
from bpost_tui.tui.widgets.category_list import CategoryList
from bpost_tui.tui.widgets.post_list import PostList
from bpost_tui.tui.widgets.row_list import RowList
from bpost_tui.tui.widgets.story_view import StoryView
from bpost_tui.typesetting.textual.type_view import TypeView

if TYPE_CHECKING:
    from bpost_tui.tui.commands import Commands
    from bpost_tui.tui.features import Features
    from bpost_tui.tui.shared.app_host import AppHost, TypeWidget

_POLL_S = 2.0
"""Interval in seconds for checking whether another process has changed the library."""
_DUE_S = 30.0
"""Interval in seconds for checking which papers are due for a refresh, that is, for fetching their news."""
_FOOTER_DELAY_S = 0.1


class ReaderScreen(PacedScreen):
    """Main screen of the reader: categories, recent posts and the story."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(",".join(action.keys), f"do({action.id!r})", action.label, id=action.id, show=False) for action in ACTIONS),
        *(Binding(key, f"digit({key})", id=digit_id(key), show=False) for key in DIGITS),
    ]

    def __init__(self, host: AppHost, reading: ReaderServices) -> None:
        settings, preferences, listings, session, fetcher, make_images, start = reading
        renderer = host.renderer
        super().__init__(renderer.surfaces)
        self._disabled_features: set[str] = set()
        session.is_tour_due = start.open_story is None and not preferences.values.toured
        self._widgets = widgets = ScreenWidgets(renderer, listings)
        writes = WriteQueue(self._run)
        panes = Panes(self, widgets)
        self.context = ScreenContext(
            host=host,
            screen=self,
            settings=settings,
            start_options=start,
            preferences=preferences,
            listings=listings,
            fetcher=fetcher,
            session=session,
            renderer=renderer,
            widgets=widgets,
            panes=panes,
            prompt=Prompt(widgets.line, InputHistory(preferences.folder), writes),
            status=StatusBars(host, renderer, widgets, panes, session, listings, settings),
            writes=writes,
            run_worker=self._run,
        )
        widgets.posts.is_compact = preferences.values.compact
        self._first = FirstFeatures(self.context, make_images, self.fit, lambda: self.features)
        self._features: Features | None = None
        self._is_list_shown = self._has_begun = False
        """Whether the first list is on the screen (`_is_list_shown`), and whether all features have started (`_has_begun`)."""
        self._footer_timer: Timer | None = None
        self._chain: tuple[object, list[tuple[DOMNode, BindingsMap]]] | None = None

    @property
    def features(self) -> Features:
        """Features (parts of the screen's behaviour), made after the first frame, or when a key or the first story needs them."""
        if self._features is None:
            from bpost_tui.tui.features import Features  # 25 ms

            self._features = Features(self._first)
        return self._features

    @cached_property
    def commands(self) -> Commands:
        """Table of the functions that carry out actions, by action id. It is made when it is first needed."""
        from bpost_tui.tui.commands import Commands  # with its features

        return Commands(self.features)

    # ── composing ───────────────────────────────────────────────────────────

    def compose(self) -> ComposeResult:
        """Lay out bars and panes with their final sizes.

        Changing sizes after mounting would restyle all of them, which takes 8 ms.
        """
        widgets, bars = self._widgets, self._widgets.bars
        self.fit()
        self.context.panes.mark("posts")
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
        """Show the first list from the library. The first refresh (fetching of news) starts once that list is on the screen."""
        self.context.panes.go("posts")
        self._first.session_start.show_first_list(self._shown)
        self.set_interval(_POLL_S, self._first.lists.watch)

    def _shown(self) -> None:
        self.context.host.release_keys()
        self._is_list_shown = True
        self._begin_if_due()

    def _begin_if_due(self) -> None:
        """Start the features that the first frame didn't need, once the first list and its story are on the screen."""
        if self._is_list_shown and self.is_painting and self._first.story.is_loaded and not self._has_begun:
            self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        """Make the features that the first frame didn't need, and start their work."""
        if self._has_begun:
            return
        self._has_begun = True
        self.commands.handlers  # noqa: B018 -- made now, so that the first key needn't wait
        self.features.story.redraw()
        self.context.status.show_footer()
        self.features.look_ahead.begin()
        self._ask_for_news()

    def _ask_for_news(self) -> None:
        """Fetch news and sync marks, now and at intervals."""
        self.features.mark_sync.start()
        self.features.refresh.refresh()
        pace = uniform(0.9, 1.1)  # noqa: S311 -- not all readers at the same second
        self.set_interval(_DUE_S, partial(self.features.refresh.refresh_due, pace))

    async def on_unmount(self) -> None:
        """Save the reader's place (list, story and pane) and the time of this visit, after all queued changes to the library."""
        self._first.story.save_position()
        self.context.writes.submit(self._first.session_start.save_place())
        self.context.writes.submit(self.context.listings.note_visit)
        features = () if self._features is None else (self._features.read_aloud.close(), self._features.programs.close())
        await gather(*features, self.context.writes.wait_until_done())

    def fit(self) -> None:
        """Divide the window among the panes again, because its size or the panes' widths have changed."""
        typesetter, spare_rows = self.context.renderer.typesetter, self.context.renderer.reserved_rows
        line_rows = self.context.renderer.line_rows
        type = TypeScale(typesetter.em_cells, typesetter.row_em_cells, spare_rows, line_rows)
        widths, is_compact = self._first.pane_resizer.widths, self._widgets.posts.is_compact
        panes = lay_out_panes(self.app.size, type, widths, is_compact=is_compact)
        self.styles.padding = (0, 0, spare_rows, 0)
        is_other_page = panes.is_high is not self.has_class("-high")
        self.update_classes(panes.classes)
        if is_other_page and self.is_mounted:
            self._first.story.redraw()
        self._widgets.categories.styles.width = "1fr" if panes.categories is None else panes.categories
        self._widgets.posts.styles.width = "1fr" if panes.posts is None else panes.posts
        self._widgets.view.measure = panes.measure
        self._widgets.bars.gauge.display = panes.has_gauge

    def reset_type(self) -> None:
        """Typeset everything again, because the theme, the size of letters or the way of drawing them has changed."""
        widgets = self._widgets
        self.features.pictures.type_changed()
        self.fit()
        self.context.status.show()
        typed: tuple[TypeWidget, ...] = (
            *widgets.bars.lines, widgets.line, widgets.categories, widgets.posts, widgets.view,
        )  # fmt: skip
        for widget in typed:
            widget.reset()
        self.call_after_refresh(self.features.tour.fit)
        self.context.status.show_footer()

    def pause_look_ahead(self) -> None:
        """Interrupt the preparation of the next page, because a key is being handled."""
        if self._features is not None:
            self._features.look_ahead.pause()

    def painted(self) -> None:
        """Called after each frame: plan to prepare the next page, and start the features that the first frame didn't need.

        The features start once the first list and its story are on the screen.
        """
        if self._features is not None:
            self._features.look_ahead.painted()
        self._begin_if_due()

    def ask_if_readable(self, is_asking: bool = True) -> None:
        """Ask in the banner whether the type is readable, or stop asking if `is_asking` is False."""
        self.context.status.ask_if_readable(is_asking)

    def note_activity(self) -> None:
        """Note that the reader has pressed a key or used the mouse."""
        self._first.story.is_reopened = False
        if self._features is not None:
            self._features.read_aloud.note_activity()
        self.context.status.note_activity()

    def show_answer(self, message: str) -> None:
        """Show a general answer to a key: a message that stays visible when the reader goes to another story or list."""
        self.context.status.show_general_answer(message)

    def show_notice(self, message: str) -> None:
        """Show a notice: a message that no key has asked for."""
        self.context.status.show_notice(message)

    # ── keys ────────────────────────────────────────────────────────────────

    def action_do(self, action_id: str) -> None:
        """Run action `action_id`, with the number typed before the key.

        If the action takes no number, a single digit first chooses the category with that number, and a longer number is
        ignored. While the banner asks whether the type is readable, the key that copies a link means yes.
        """
        if self.context.status.confirm_readable(action_id):
            return
        count = None
        if action_of(action_id).takes_count:
            count = self.features.count_prefix.take()
        else:
            self.features.count_prefix.finish()
        self.commands.do(action_id, count)

    def action_digit(self, digit: int) -> None:
        """Append `digit` to the number that is typed before a key."""
        self.features.count_prefix.add(digit)

    def on_key(self, event: events.Key) -> None:
        """If no action has the pressed key, discard the number typed before it, and show a message that the key does nothing."""
        action = self.context.keys.action_of(event.key)
        if not action and event.key == "escape" and self.context.prompt.leave():
            return  # Escape leaves a line even if the config gives the action `back` other keys
        if not action:
            self.features.count_prefix.finish()
        if not action and self.context.panes.has_focus and is_key(event.key):
            self.context.status.show_unbound_key(
                event.character if event.is_printable and event.character else key_label(event.key)
            )

    @property
    def _binding_chain(self) -> list[tuple[DOMNode, BindingsMap]]:
        """Key bindings of the focused widget and its ancestors, with the keys set in the config. Overrides Textual's property."""
        # Textual looks up the binding of each key through this property, twice a key. Each time, it puts the keymap over the
        # bindings of all widgets: 3 ms. The result changes only with the focus and the keymap, so it is kept until then.
        now = self.focused, self.app._keymap
        if self._chain is None or self._chain[0] != now:
            self._chain = now, super()._binding_chain
        return self._chain[1]

    # ── workers of features ─────────────────────────────────────────────────

    def _run(self, work: Callable[[], Coroutine[Any, Any, object]], *, group: str, exclusive: bool = False) -> Worker[object]:
        begun = do_nothing if group in self._disabled_features else work
        return self.run_worker(begun, group=group, exclusive=exclusive, exit_on_error=False)

    @on(Worker.StateChanged)
    def _worker_ended(self, event: Worker.StateChanged) -> None:
        """Handle an error in a worker.

        An error that the reader can act on is shown. A bug in an optional feature turns that feature off;
        any other bug ends the app.
        """
        error = event.worker.error if event.state is WorkerState.ERROR else None
        if error is not None:
            self.allow_paint()
        self._begin_if_due()
        if isinstance(error, BPostError):
            # beside an error of a change, an answer such as “10 marked read” would say that the change was saved
            self.context.status.show_error(error, hides_answer=event.worker.group == WRITES)
        elif isinstance(error, Exception) and (feature := OPTIONAL_FEATURES.get(event.worker.group)) is not None:
            log.log_error(error)
            if event.worker.group not in self._disabled_features:
                self._disabled_features.add(event.worker.group)
                text = self.context.language.text
                self.context.status.show_notice(text("{what} failed, and is off until the next start", what=text(feature)))
        elif isinstance(error, Exception):
            raise error

    # ── messages of widgets ─────────────────────────────────────────────────

    def on_resize(self, event: events.Resize) -> None:
        """Lay out and typeset the screen for the new size of the window."""
        self.fit()
        self.context.status.show()

    @on(events.DescendantFocus)
    def _focus_moved(self) -> None:
        self.context.panes.follow_focus()
        self.context.status.show_footer()

    @on(RowList.Moved, "#posts")
    def _post_moved(self) -> None:
        self._first.lists.follow_cursor()
        self.context.status.show_footer()  # a row that hides the same news has other keys

    @on(RowList.Moved, "#categories")
    def _category_moved(self, event: RowList.Moved) -> None:
        self.features.category_chooser.choose(event.index)

    @on(RowList.Chosen)
    def _row_chosen(self, event: RowList.Chosen) -> None:
        self.context.panes.go("posts" if event.sender is self._widgets.categories else "story")

    @on(RowList.EdgeMoved)
    def _edge_moved(self, event: RowList.EdgeMoved) -> None:
        self.features.pane_resizer.drag(event)

    @on(PostList.NearEnd)
    def _near_end(self) -> None:
        self.features.navigation.load_near_end()

    @on(PostList.EndChosen)
    def _end_chosen(self) -> None:
        self.features.refresh.load_older()

    @on(CategoryList.Counted)
    def _counted(self, event: CategoryList.Counted) -> None:
        self.context.desktop.show_unread_count(event.unread, self.context.papers.title())

    @on(StoryView.Scrolled)
    def _scrolled(self) -> None:
        """Update the footer when scrolling has stopped, so that each step of scrolling takes only one frame."""
        if self._footer_timer is not None:
            self._footer_timer.stop()
        self._footer_timer = self.set_timer(_FOOTER_DELAY_S, self.context.status.show_footer)
        self._first.story.note_reading()
        if self._features is not None:
            self._features.tour.fit()  # its pane may have another size, also after a key

    @on(TypeView.LinkClicked)
    def _link_clicked(self, event: TypeView.LinkClicked) -> None:
        self.commands.keyed.links.follow(event.address)

    @on(events.Click, "#status")
    def _status_clicked(self) -> None:
        if action := self.context.status.action:
            self.commands.do(action)

    @on(events.Click, "#category_bar")
    def _category_bar_clicked(self, event: events.Click) -> None:
        """Show the list of the category that was clicked in the line above the panes."""
        offset = event.get_content_offset(self._widgets.bars.category_bar)
        if offset is not None and (at := self.context.status.category_bar.category_at(offset.x)) is not None:
            self.features.category_chooser.go_to(at)

    @on(Input.Changed, "#line")
    def _line_changed(self, event: Input.Changed) -> None:
        self.context.prompt.line_changed(event.value)

    @on(Input.Submitted, "#line")
    def _line_entered(self, event: Input.Submitted) -> None:
        self.context.prompt.line_entered(event.value)
