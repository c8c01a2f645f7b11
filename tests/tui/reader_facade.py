"""Interface of the reader for tests: only this module, `repaint_check` and `twin_reader` know how the screen is built."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from textual._queue import Queue
from textual.drivers.headless_driver import HeadlessDriver
from textual.geometry import Offset, Region
from textual.message import Message
from textual.message_pump import MessagePump
from textual.pilot import Pilot
from textual.screen import Screen
from textual.strip import Strip
from textual.worker import WorkerCancelled, WorkerFailed

from bpost_tui.core.fetcher import Fetcher
from bpost_tui.core.lists import retained_rows
from bpost_tui.core.lists.list_source import AllNewsSource, CategorySource, PaneSource, base_source, filter_of, query_of
from bpost_tui.core.lists.listings import Listings
from bpost_tui.core.lists.mutes import MuteRules, Mutes
from bpost_tui.core.page_matches import PageMatch
from bpost_tui.core.state.preferences import PreferenceValues
from bpost_tui.i18n import Language
from bpost_tui.model.story import ListFilter, SavedStory, StoryKey
from bpost_tui.store.library import Library
from bpost_tui.tui.bpost_app import BPostApp
from bpost_tui.tui.desktop_bridge import DesktopBridge
from bpost_tui.tui.dialogs.choice_menu import ChoiceScreen
from bpost_tui.tui.dialogs.help import HelpScreen
from bpost_tui.tui.dialogs.link_hints import LinkHintScreen
from bpost_tui.tui.dialogs.link_list import LinksScreen
from bpost_tui.tui.dialogs.palette import PaletteScreen
from bpost_tui.tui.dialogs.qr_code_dialog import QrCode, QrScreen
from bpost_tui.tui.dialogs.text_page import TextPageScreen
from bpost_tui.tui.dialogs.theme_list import ThemeScreen
from bpost_tui.tui.dialogs.why_grouped import WhyGroupedScreen
from bpost_tui.tui.features import Features
from bpost_tui.tui.lists import count_prefix
from bpost_tui.tui.screen import ReaderScreen
from bpost_tui.tui.shared.paced_screen import PacedScreen
from bpost_tui.tui.shared.status_bars import StatusBars
from bpost_tui.tui.shared.status_messages import MessageKind, StatusMessage, StatusMessages
from bpost_tui.tui.story import story_pictures
from bpost_tui.tui.story.look_ahead import LookAhead
from bpost_tui.tui.story.selection_mode import SelectScreen
from bpost_tui.tui.story.story_controller import StoryController
from bpost_tui.tui.widgets.category_list import CategoryList
from bpost_tui.tui.widgets.line_input import LineInput
from bpost_tui.tui.widgets.post_list import PostList
from bpost_tui.tui.widgets.story_view import StoryView
from bpost_tui.tui.widgets.type_line import TypeLine
from bpost_tui.typesetting.terminal.display import Display
from bpost_tui.typesetting.typeset.items import Item, Para
from bpost_tui.typesetting.typeset.protocols import Galley
from bpost_tui.typesetting.typeset.surface import SurfaceTable
from tests.tui.fenced_terminal import FencedTerminal
from tests.tui.repaint_check import Screenful

IN_TIME_S = 90.0
"""Maximum time in seconds that a test waits; long enough for a busy machine."""
_SOON_S = 0.5
"""Maximum delay in seconds of the one-shot timers that tests wait for. The timer of garbage collection has a longer delay."""
_CALM_STEPS = 2
"""Number of consecutive rounds of the event loop with all widgets waiting: a message may be on its way between two of them.
"""
_QUICK_STEPS = 50
"""Number of rounds of the event loop without a pause. Work that takes more waits for a thread, which needs the processor."""

_DIALOGS: dict[type[Screen[Any]], str] = {
    ChoiceScreen: "choice",
    QrScreen: "qr code",
    TextPageScreen: "page",
    HelpScreen: "help",
    LinkHintScreen: "hints",
    SelectScreen: "selecting",
    LinksScreen: "links",
    PaletteScreen: "palette",
    ThemeScreen: "themes",
    WhyGroupedScreen: "why",
}


@dataclass
class Clock:
    """Clock of the reader, set by tests."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Reader:
    """Running app of a test, with the methods that tests use to press keys, wait, and look at the screen."""

    app: BPostApp
    pilot: Pilot[str]
    surfaces: SurfaceTable
    library: Library
    clock: Clock
    screenful: Screenful
    fenced: FencedTerminal | None = None
    """Terminal that receives the frames, or None if frames aren't written."""
    opened: list[str] = field(default_factory=list)
    """Addresses sent to the browser."""
    written: list[Mapping[str, object]] = field(default_factory=list)
    """Settings written into the config: one mapping for each writing."""

    @property
    def now(self) -> datetime:
        return self.clock.now

    def tick(self, seconds: float = 60) -> None:
        """Move the clock on by `seconds`."""
        self.clock.now += timedelta(seconds=seconds)

    # ── messages and text ───────────────────────────────────────────────────

    @property
    def language(self) -> Language:
        return self._features.context.listings.language

    def text(self, message: str) -> str:
        """Return a message in the language of the interface."""
        return self.language.text(message)

    def number(self, number: int) -> str:
        """Return a number in the digits of the interface."""
        return self.language.number(number)

    @property
    def message(self) -> str:
        """Status message beside the paper's name."""
        return self._features.context.status.text

    def show_refresh_message(self, sentence: str) -> None:
        """Show `sentence` as the message of a refresh."""
        self._features.context.status.show_refresh_message(sentence)

    def show_notice(self, sentence: str) -> None:
        """Show `sentence` as a notice: a message that no key has asked for."""
        self._features.context.status.show_notice(sentence)

    @property
    def status(self) -> StatusBars:
        """Status bars, which show the messages."""
        return self._features.context.status

    @property
    def answer_region(self) -> Region:
        """Region of the screen that shows the status message."""
        return self.main.query_one("#status").region

    @property
    def notes(self) -> tuple[str, ...]:
        """Notes at the right of the footer."""
        return tuple(self._features.context.status.notes())

    def screen_text(self) -> str:
        """Return the text on the screen, with each token (character for a cell of a drawing) replaced by the drawn text."""
        return "\n".join(map(self._line, self.strips))

    @property
    def strips(self) -> Sequence[Strip]:
        """Lines of the screen as they are painted, with tokens (characters for cells of drawings)."""
        return self.app.screen._compositor.render_strips()

    def _line(self, strip: Strip) -> str:
        out: list[str] = []
        for char in strip.text:
            found = self.surfaces.find(char) if ord(char) >= 0xF0000 else None
            if found is None:
                out.append(" " if ord(char) >= 0xF0000 else char)
                continue
            surface, row, column = found
            word = next((word for word in surface.words[row] if word.column <= column < word.column + word.cells), None)
            out.append(" " if word is None else word.text if word.column == column else "")
        return "".join(out)

    # ── the widgets ─────────────────────────────────────────────────────────

    @property
    def main(self) -> Screen[None]:
        """The reader's screen as a plain Textual screen."""
        return self._main

    @property
    def _main(self) -> ReaderScreen:
        return next(screen for screen in self.app.screen_stack if isinstance(screen, ReaderScreen))

    @property
    def _features(self) -> Features:
        return self._main.features

    @property
    def categories(self) -> CategoryList:
        return self.main.query_one(CategoryList)

    @property
    def posts(self) -> PostList:
        return self.main.query_one(PostList)

    @property
    def story(self) -> StoryView:
        return self.main.query_one(StoryView)

    @property
    def line(self) -> LineInput:
        """Input line of the prompt."""
        return self.main.query_one("#line", LineInput)

    @property
    def footer(self) -> TypeLine:
        return self.main.query_one("#footer", TypeLine)

    @property
    def dialog(self) -> str:
        """Name of the open dialog; empty if none is open.

        The names are page, help, hints, selecting, links, palette, choice, themes, why and qr code.
        """
        screen = self.app.screen
        return "" if screen is self.main else _DIALOGS[type(screen)]

    # ── story, list and pane ────────────────────────────────────────────────

    @property
    def saved(self) -> SavedStory | None:
        """Story on the screen; None if no story is shown."""
        return self._features.context.session.story

    @property
    def shown(self) -> int:
        """Id of the story on the screen; fails if no story is shown."""
        assert self.saved is not None
        return self.saved.headline.id

    @property
    def list_filter(self) -> ListFilter:
        """Filter of the list on the screen or, if that is a search, of the list that was shown before the search."""
        base = base_source(self._features.context.session.shown)
        return filter_of(base) or ListFilter()

    @property
    def query(self) -> str:
        """Query whose results are listed; empty if the list isn't a search."""
        return query_of(self._features.context.session.shown)

    @property
    def is_list_shown(self) -> bool:
        """Whether the list that was requested last is on the screen."""
        return self._features.context.session.shown == self._features.context.session.requested

    @property
    def pane(self) -> str:
        """Name of the pane with the focus; "posts" if no pane has it."""
        return self._features.context.panes.current

    @property
    def here(self) -> str:
        """Name of the pane that is marked as current. It stays marked while the prompt has the focus."""
        return next(pane for pane in ("story", "categories", "posts") if self.main.has_class(f"at-{pane}") or pane == "posts")

    @property
    def places(self) -> Sequence[object]:
        """Places that the reader can go back to, the oldest first."""
        return tuple(self._features.context.session.back._locations)

    @property
    def slugs(self) -> list[str]:
        """Name of each row of the category pane: slug of a category, "" for all news, or kind of another list such as "starred"."""
        return [self._slug(row.source) for row in self.categories.rows]

    @staticmethod
    def _slug(row: PaneSource) -> str:
        return row.slug if isinstance(row, CategorySource) else "" if isinstance(row, AllNewsSource) else row.kind

    @property
    def slug(self) -> str:
        """Name of the category pane's row under the cursor, as in `slugs`."""
        return self._slug(self.categories.source)

    @property
    def is_zen(self) -> bool:
        return self.main.has_class("-zen")

    @property
    def is_answering(self) -> bool:
        """Whether a dialog, the prompt or the tour receives the keys, so that Escape leaves it."""
        context = self._features.context
        return bool(self.dialog) or context.prompt.has_focus or (self.saved is None and self._features.tour._is_read)

    @property
    def is_asking(self) -> bool:
        """Whether the prompt shows a question."""
        return self._features.context.prompt.is_open

    @property
    def count(self) -> int | None:
        """Number typed for the next key; None if no digit was typed."""
        return self._features.count_prefix.value

    # ── contents of the widgets ─────────────────────────────────────────────

    @property
    def matches(self) -> tuple[PageMatch, ...]:
        """Highlighted matches in the story, found in the story or by a search."""
        return self._features.find.state.matches

    @property
    def match_at(self) -> int | None:
        """Index of the current match in `matches`; None if there is none."""
        return self._features.find.state.index

    @property
    def items(self) -> tuple[Item, ...]:
        """Items (paragraphs, headings …) that are typeset in the story's pane."""
        return items_of(self.story)

    @property
    def galley(self) -> Galley | None:
        """Galley (column of typeset lines) in the story's pane; None if the page isn't typeset yet."""
        return galley_of(self.story)

    @property
    def reversed_row(self) -> int | None:
        """First row of the story that has reversed (highlighted) text; None if no row has any."""
        return None if self.galley is None else self.galley.reversed_row()

    @property
    def window(self) -> range:
        """Rows of the story that are in the window."""
        return self.story._window

    @property
    def column_left(self) -> int:
        """First column of the story's text in its pane."""
        return self.story._left

    def galleys(self) -> Iterator[tuple[Region, Offset, Galley]]:
        """Yield each galley (column of typeset lines) in a pane as (region of the pane, position of its first cell, galley)."""
        story, posts = self.story, self.posts
        if story.region and self.galley is not None:
            yield story.region, story.region.offset + Offset(story._left, -story.scroll_offset.y), self.galley
        for at in posts._in_sight if posts.region else ():
            if at < len(posts.stories):
                top = posts.region.y + posts.window.heights.top(at) - posts.scroll_offset.y
                yield posts.region, Offset(posts.region.x + 1, top), posts._galley(at, posts.scrollable_content_region.width - 2)

    @property
    def cursor_region(self) -> Region:
        """Region on the screen of the row under the list's cursor."""
        posts, window, heights = self.posts, self.posts.content_region, self.posts.window.heights
        if not posts.rows:
            return Region()
        top = window.y + heights.top(posts.cursor) - posts.scroll_offset.y
        return Region(window.x, top, window.width, heights.height(posts.cursor)).intersection(window)

    @property
    def head(self) -> list[tuple[str, Region, tuple[Item, ...]]]:
        """Bars above the panes, each as (widget id, region, items)."""
        return [(str(line.id), line.region, tuple(line._items)) for line in self.main.query("#title, #status").results(TypeLine)]

    @property
    def tour_page(self) -> tuple[Item, ...]:
        return self._features.tour._page()

    @property
    def page_items(self) -> tuple[Item, ...]:
        """Items (paragraphs …) in the open dialog, which must be a page of text."""
        screen = self.app.screen
        assert isinstance(screen, TextPageScreen)
        return screen._items

    @property
    def choice_labels(self) -> list[str]:
        """Labels of the rows of the open dialog, which must be a menu."""
        screen = self.app.screen
        assert isinstance(screen, ChoiceScreen)
        return [choice.label for choice in screen._list.values]

    @property
    def choice_details(self) -> list[str]:
        """Texts at the right of the rows of the open dialog, which must be a menu."""
        screen = self.app.screen
        assert isinstance(screen, ChoiceScreen)
        return [choice.detail for choice in screen._list.values]

    @property
    def qr_side(self) -> int:
        """Width of the QR code in the dialog, in pixels, or in cells if it is drawn in half blocks."""
        code = self.app.screen.query_one(QrCode)
        return code.size.width * (self.app.renderer.typesetter.cell_w if code._has_pixels else 1)

    def help_keys(self, action: str) -> str:
        """Return the keys that the open help shows for the action with the id `action`."""
        screen = self.app.screen
        assert isinstance(screen, HelpScreen)
        return screen._keys.key_labels(action)

    def row_at(self, y: int) -> tuple[int, int | None]:
        """Return the index of the story at line `y` of the list, and the index of this line within the story's row."""
        return self.posts.window.heights.row_at(y)

    @property
    def rule_at(self) -> int | None:
        """Index of the newest story seen at the last visit, which has a horizontal line above it; None if there is no such line."""
        return self.posts._seen

    @property
    def row_heights(self) -> dict[int, int]:
        """Heights in lines of the stories' rows that were measured so far, by the story's id."""
        heights = self.posts.window.heights
        return {
            row.id: heights.height(at) for at, row in enumerate(self.posts.stories) if heights._keys[at] in {None, *heights._known}
        }

    # ── state beneath the widgets ───────────────────────────────────────────

    @property
    def listings(self) -> Listings:
        """Listings, which read the lists that the screen shows."""
        return self._features.context.listings

    @property
    def fetcher(self) -> Fetcher:
        return self._features.context.fetcher

    @property
    def type_display(self) -> Display:
        """Display, which draws the text in the terminal's render mode."""
        return self.app.type_display

    @property
    def choices(self) -> PreferenceValues:
        """Saved preferences that the reader has chosen by key."""
        return self.app.type_switcher._preferences.values

    @property
    def choices_folder(self) -> Path:
        """Folder of the saved preferences."""
        return self.app.type_switcher._preferences.folder

    @property
    def driver(self) -> HeadlessDriver:
        driver = self.app._driver
        assert isinstance(driver, HeadlessDriver)
        return driver

    @property
    def does(self) -> Mapping[str, Callable[..., object]]:
        """Functions that run the actions, by action id."""
        return self._main.commands.handlers

    @property
    def is_reading_aloud(self) -> bool:
        """Whether a story is read aloud, or is about to be."""
        return self._features.read_aloud.is_active

    @property
    def has_voice(self) -> bool:
        """Whether the program that reads aloud is running."""
        narrator = self._features.read_aloud.narrator
        return narrator is not None and narrator._voice is not None

    @property
    def footer_place(self) -> str:
        """Name of the list of keys in the footer."""
        return self._features.context.status.footer_name

    @property
    def spoken_sentence(self) -> str:
        """Sentence that is highlighted because it is being read aloud."""
        runs = [run for item in self.items if isinstance(item, Para) for run in item.runs if run.is_reversed]
        return "".join(run.text for run in runs)

    # ── steps other than keys, and waits ────────────────────────────────────

    async def press(self, *keys: str) -> None:
        """Press keys one by one, each after the effect of the preceding key, and check the screen after each."""
        for at, key in enumerate(keys, 1):
            with self._no_frames():
                await self.pilot.press(key)
            await self._all_done()
            if at < len(keys) or self._features.count_prefix._single_digit_timer is not None:  # `settle` checks the last one
                self.check()
        await self.settle()

    def check(self) -> None:
        """Check that the screen shows the same as if all widgets drew again now."""
        differences = list(self.screenful.differences())
        if self.fenced is not None and self.app.is_running:
            differences += self.fenced.left_blank(self.screenful.lines)
        assert not differences, "\n".join(differences)

    async def press_last(self, *keys: str) -> None:
        """Press keys; the last one ends the app."""
        await self.press(*keys[:-1])
        await self.pilot.press(keys[-1])
        await self.pilot.pause()
        assert not self.app.is_running

    async def settle(self) -> None:
        """Wait until no worker runs, every message is handled and the screen is painted. A single typed digit takes effect.

        By its timer, a digit could take effect between two keys on a busy machine. So tests replace the timer by this call.
        """
        if self._features.count_prefix._single_digit_timer is not None:
            self._features.count_prefix.finish()
        await self._all_done()
        self.check()

    async def _all_done(self) -> None:
        """Wait as `settle` does, but leave a typed digit waiting for the next key."""
        while not await self._is_settled():
            pass

    async def rest(self) -> None:
        """Wait until no timer, portal or other process changes anything any more, and remove the messages that would expire."""
        self.notice_others()
        await self._all_done()
        while self._has_plans():
            await self.pilot.pause(0.01)
            if not self._has_plans():
                await self._all_done()
        self._features.context.status._expire_messages()
        await self.settle()

    def _has_plans(self) -> bool:
        """Return whether a one-shot timer will soon fire, except the one for garbage collection, or a page is being prepared."""
        ahead = self._features.look_ahead
        preparing, tidies = ahead._piece_timer, ahead._collect_garbage
        return (preparing is not None and preparing._active.is_set()) or any(
            timer._repeat == 0 and timer._interval < _SOON_S and timer._callback != tidies
            for pump in self._pumps()
            for timer in pump._timers
            if timer._task is not None and not timer._task.done()
        )

    async def until(self, met: Callable[[], bool], at_most_s: float = IN_TIME_S) -> bool:
        """Wait until `met()` is true, at most `at_most_s` seconds, and return whether it is. Use it for effects of timers."""
        end = monotonic() + at_most_s
        while not met() and monotonic() < end:
            await self.pilot.pause(0.01)
        return met()

    async def _is_settled(self) -> bool:
        """Let the app do the work that is due, and paint its screens. Return True if nothing was left to do."""
        with self._no_frames():
            await self.handled()
            had_work = bool(self.app.workers)
            while self.app.workers:
                with suppress(WorkerCancelled, WorkerFailed):  # a newer one took its place; errors show on the screen
                    await self.app.workers.wait_for_complete()
                await self.handled()
        if not self.app.is_running:
            return True
        screens: dict[Screen[Any], None] = dict.fromkeys((self._main, self.app.screen))  # the one under a dialog is painted, also
        is_due = any(map(_is_due, screens)) or self.app.screen._compositor.size != self.app.size  # after a resize, by a timer
        for screen in screens:
            screen._on_timer_update()
        has_begun = self._main._has_begun or not self._main._is_list_shown
        return has_begun and not (had_work or is_due)

    async def handled(self, *_: float) -> None:
        """Wait until all widgets wait for messages. It replaces Textual's pauses, which wait until the process is idle."""
        calm = steps = 0
        while calm < _CALM_STEPS and self.app.is_running:
            await asyncio.sleep(0 if steps < _QUICK_STEPS else 0.001)
            steps += 1
            calm = 0 if any(map(_is_busy, self._pumps())) else calm + 1

    def _pumps(self) -> Iterator[MessagePump]:
        yield self.app
        for screen in self.app.screen_stack:
            yield from screen.walk_children(with_self=True)

    @contextmanager
    def _no_frames(self) -> Iterator[None]:
        """Paint nothing meanwhile, except the first frame, which the first story waits for."""
        driver: Any = self.app._driver
        driver.is_backlogged = self._main._has_painted.is_set()
        try:
            yield
        finally:
            driver.is_backlogged = False

    def go(self, pane: str) -> None:
        self._features.context.panes.go(pane)

    def mute(self, rules: MuteRules) -> None:
        """Mute stories by `rules`, as if in the config, and read the list again."""
        session = self._features.context.session
        session.outlook = session.outlook._replace(mutes=Mutes.load(rules, self.library))
        self.reload()

    def reload(self) -> None:
        """Read the list again."""
        self._features.lists.reload()

    async def reloaded(self) -> None:
        """Read the list again, and wait until it is on the screen."""
        self.reload()
        await self.settle()

    def notice_others(self) -> None:
        """Look for changes that other processes have saved, as a timer does every few seconds."""
        self._features.lists.watch()

    def read(self, story_id: int) -> None:
        """Show the story with the id `story_id`, whether or not the list has it; the list doesn't change."""
        self._features.story.open(StoryKey(story_id))

    def choose_category(self, at: int) -> None:
        """Go to the category with the number `at`, from 0, as its digit key does."""
        self._features.category_chooser.go_to(at)

    async def start_over(self) -> None:
        """Show the list of all news, and close the prompt."""
        self.categories.set_reactive(CategoryList.cursor, 0)
        self.categories.refresh()
        if (self.list_filter, self.query, self.is_asking) != (ListFilter(), "", False):
            self._features.category_chooser.choose(0)
            await self.settle()

    def find(self, query: str) -> None:
        """Show the results of `query`, as if it had been typed."""
        self._features.search.find(query)

    def follow(self, address: str) -> None:
        """Follow the link to `address`, as a click does."""
        self._main.commands.keyed.links.follow(address)

    def refresh_by_itself(self) -> None:
        """Start a refresh (fetch news), as a timer does."""
        self._features.refresh.refresh(automatic=True)

    def refresh_what_is_due(self) -> None:
        """Start a refresh of the papers whose interval has passed."""
        self._features.refresh.refresh_due(1.0)

    def note(self, title: str, body: str) -> None:
        """Send a desktop notification."""
        self.app.desktop.notify(title, body)

    def listen_with(self, *command: str) -> None:
        """Use `command` as the program that reads aloud from now on."""
        self._features.read_aloud.voice_command = command

    def follow_ground(self, *, is_dark: bool) -> None:
        """Act as if the terminal had reported a dark or light background."""
        self.app.theme_switcher.follow_background(is_dark=is_dark)

    def look_at_themes(self) -> None:
        """Reload themes whose file was changed."""
        self.app.theme_switcher.reload_changed()

    async def prepared(self) -> None:
        """Wait until the next page and the next story are prepared."""
        ahead = self._features.look_ahead
        while ahead.next is None or ahead.pieces is None or next(ahead.pieces, True) is None:
            await self.pilot.pause(0.01)


def _is_busy(pump: MessagePump) -> bool:
    """Return whether `pump`, a widget, the app or a screen, has messages to handle or is handling one."""
    queue: Queue[Message | None] = pump._message_queue
    return pump.is_running and bool(queue.values or not queue.ready_event._waiters)


def _is_due(screen: Screen[Any]) -> bool:
    """Return whether a screen needs layout or painting, or a callback waits for it."""
    flags = (screen._layout_required, screen._scroll_required, screen._repaint_required)
    return any(flags) or bool(screen._dirty_widgets or screen._callbacks)


# ── widgets by themselves ───────────────────────────────────────────────────


def items_of(view: StoryView) -> tuple[Item, ...]:
    """Return the items (paragraphs …) of the page in `view`."""
    return tuple(view._items)


def galley_of(view: StoryView) -> Galley | None:
    """Return the galley (column of typeset lines) in `view`; None if its page isn't typeset yet."""
    return view._galley


def allow_paint(screen: PacedScreen) -> None:
    """Let `screen` paint its first frame as soon as its contents are laid out."""
    screen.allow_paint()


# ── patches of the reader's classes ─────────────────────────────────────────


def prepare_nothing(patch: pytest.MonkeyPatch) -> None:
    """Keep the app from preparing the next page and the next story."""
    patch.setattr(LookAhead, "_look_ahead", lambda _: None)


def as_one_of_many(patch: pytest.MonkeyPatch) -> None:
    """Adapt the app to tests with many readers in one process.

    There is no garbage collection, a typed digit takes effect only in `Reader.settle`, and pictures are fetched at once.
    """
    patch.setattr(BPostApp, "_collect_again", lambda _: None)
    patch.setattr(LookAhead, "_collect_garbage", lambda _: None)  # collects the garbage of all readers, for 0.15 s
    patch.setattr(count_prefix, "ALONE_S", 3600.0)
    patch.setattr(story_pictures, "_RESTS_S", 0.0)


def ask_nothing_at_start(patch: pytest.MonkeyPatch) -> None:
    """Keep the app from fetching news when the first screen is shown."""
    patch.setattr(ReaderScreen, "_ask_for_news", lambda _: None)


def read_nothing(patch: pytest.MonkeyPatch) -> None:
    """Keep a story from becoming read when the reader goes into it or comes to its end."""
    patch.setattr(StoryController, "note_reading", lambda _: None)


def load_no_more(patch: pytest.MonkeyPatch) -> None:
    """Keep a list from loading more rows near its end."""
    patch.setattr(PostList, "_request_more_rows", lambda _: None)


def hold_at_most(patch: pytest.MonkeyPatch, rows: int) -> None:
    """Let the app load at most `rows` rows of a list at a time."""
    patch.setattr(retained_rows, "MOST_ROWS", rows)


def heard(patch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that collects the desktop notifications from now on."""
    bodies: list[str] = []
    notify = DesktopBridge.notify

    def noting(desktop: DesktopBridge, title: str, body: str) -> None:
        bodies.append(body)
        notify(desktop, title, body)

    patch.setattr(DesktopBridge, "notify", noting)
    return bodies


def sentences(patch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that collects the status messages shown from now on."""
    texts: list[str] = []
    say = StatusMessages.show

    def noting(
        standing: StatusMessages, kind: MessageKind, sentence: StatusMessage, now: datetime, *, counts_repeats: bool = True
    ) -> None:
        texts.append(sentence.text)
        say(standing, kind, sentence, now, counts_repeats=counts_repeats)

    patch.setattr(StatusMessages, "show", noting)
    return texts
