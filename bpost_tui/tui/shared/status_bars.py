"""Bars above and below the panes: title, status line, category bar, banner and footer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from textual.timer import Timer

from bpost_tui import log
from bpost_tui.config import Settings
from bpost_tui.core import templates
from bpost_tui.core.keys.actions import key_label
from bpost_tui.core.lists.list_source import SearchSource, is_portal_list
from bpost_tui.core.lists.listings import Listings
from bpost_tui.core.lists.saved_search_list import is_like_query
from bpost_tui.core.session import Session
from bpost_tui.core.wording import error_line
from bpost_tui.errors import BPostError
from bpost_tui.model.story import story_of
from bpost_tui.tui.shared.banner import Banner
from bpost_tui.tui.shared.panes import Panes
from bpost_tui.tui.shared.screen_widgets import ScreenWidgets
from bpost_tui.tui.shared.status_messages import MessageKind, StatusMessage, StatusMessages
from bpost_tui.typesetting.textual.renderer import Renderer
from bpost_tui.typesetting.typeset.items import Para

if TYPE_CHECKING:
    from bpost_tui.tui.shared.app_host import AppHost

_DATED_EM = 40
"""Minimum width of the window, in em (font sizes), for showing the full date beside the paper's name."""
_TITLE_CELLS, _PADDING_CELLS = 20, 4
"""Minimum width of the title, and the number of empty cells around title and status line, as in the style sheet."""
_FILLED = 0.85
"""Fraction of a line that is assumed to be filled with words when a message takes several lines: lines end early, between words."""
_NOTICE_LINES = 3
"""Maximum number of lines of an error message: enough to show it whole. The panes shrink to make room for the message."""
_TIMER_S = 0.5
"""Interval in seconds for checking whether the visible message has expired."""
_HIDING = "-zen", "-touring", "-flat"
"""CSS classes of the screen that hide the title: zen mode (only the story), the tour in a low window, and a very low window.

Messages about pressed keys are shown even if the title is hidden.
"""


class StatusBars:
    """Shows messages beside the title, and the most useful keys in the footer."""

    def __init__(
        self,
        host: AppHost,
        renderer: Renderer,
        widgets: ScreenWidgets,
        panes: Panes,
        session: Session,
        listings: Listings,
        settings: Settings,
    ) -> None:
        self._bars = widgets.bars
        self._widgets = widgets
        self._panes = panes
        self._session = session
        self._renderer = renderer
        self._language = listings.language
        self._clock = listings.clock
        self._keys = host.keys
        self._settings = settings
        self.banner = Banner(widgets.bars.banner, widgets.posts, host, session, self._language)
        self.category_bar = templates.CategoryBar((), ())
        """Content of the category bar (line of category names above the panes), as last shown."""
        self._note_sources: list[Callable[[], Sequence[str]]] = []
        self._has_matches: Callable[[], bool] = bool
        self._is_selecting: Callable[[], bool] = bool
        self._messages = StatusMessages()
        self._has_status_only = False
        """Whether the title was hidden when the bars were last shown."""
        self._timer: Timer | None = None

    # ── messages ────────────────────────────────────────────────────────────

    @property
    def text(self) -> str:
        """Text of the visible message, with "×n" if the message was repeated n times."""
        message = self._messages.message
        return f"{message.text} ×{self._language.number(message.repeat_count)}" if message.repeat_count > 1 else message.text

    @property
    def action(self) -> str:
        """Id of the action that a click on the visible message runs; empty for no action."""
        return self._messages.message.action

    def show_answer(self, message: str, *, action: str = "", is_sticky: bool = False) -> None:
        """Show the answer to a key for 10 s, or until the reader goes to another story or list.

        An empty message removes the last answer. A click on the message runs action `action`. With `is_sticky`, the message doesn't
        expire after 10 s.
        """
        self._show_message(MessageKind.ANSWER, StatusMessage(message, action=action, is_sticky=is_sticky))

    def show_general_answer(self, message: str) -> None:
        """Show a general answer to a key: a message that stays visible when the reader goes to another story or list."""
        self._show_message(MessageKind.ANSWER, StatusMessage(message, is_general=True))

    def show_notice(self, message: str) -> None:
        """Show a message that isn't the answer to a key.

        The message stays until 10 s after the reader's next key or mouse event, so that it isn't missed.
        """
        self._show_message(MessageKind.NOTICE, StatusMessage(message, lines=_NOTICE_LINES, waits_for_activity=True))

    def show_error(self, error: BPostError, *, hides_answer: bool = False) -> None:
        """Show an error with its hint as a notice, and log the error.

        With `hides_answer`, remove the visible answer to a key, which would hide the error for 10 s.
        """
        log.log_error(error)
        if hides_answer:
            self._messages.clear(MessageKind.ANSWER)
        line = error_line(error, self._language)
        self.show_notice(f"{line} · {self._language.reason(error.hint)}" if error.hint else line)

    def show_refresh_message(
        self,
        message: str,
        *,
        short: str = "",
        is_accented: bool = False,
        is_sticky: bool = False,
        waits_for_activity: bool = False,
        counts_repeats: bool = False,
    ) -> None:
        """Show a message about a refresh. The message is hidden while a more important kind of message is visible.

        Args:
            message: Text of the message; empty to remove the last message.
            short: Shorter version, used if there is no room for `message`.
            is_accented: Whether the message is drawn in the accent colour.
            is_sticky: Whether the message stays until it is removed or replaced.
            waits_for_activity: Whether the message starts to expire only at the reader's next key or mouse event.
            counts_repeats: Whether a message with the same text as the last message is shown with "×2", "×3" and so on.
        """
        self._show_message(
            MessageKind.REFRESH,
            StatusMessage(message, short, is_accented=is_accented, is_sticky=is_sticky, waits_for_activity=waits_for_activity),
            counts_repeats=counts_repeats,
        )

    def show_search_result(self, message: str, *, lines: int) -> None:
        """Show `message`, the result of a search, in at most `lines` lines, until the reader leaves the search."""
        self._show_message(MessageKind.SEARCH, StatusMessage(message, lines=lines, is_sticky=True), counts_repeats=False)

    def clear_search_result(self) -> bool:
        """Remove the message about a search's result, if there is such a message; return whether any message is visible then."""
        self._messages.clear(MessageKind.SEARCH)
        self.show()
        return bool(self._messages.message.text)

    def clear_answer(self) -> None:
        """Remove the answer to a key, because the reader goes to another story or list. An answer that remains true there stays."""
        self._messages.clear_answer()
        self.show()

    def note_activity(self) -> None:
        """Note that the reader pressed a key or moved the mouse.

        If the visible message has waited for the reader's activity, it now expires in 10 s.
        """
        self._messages.expire(self._clock(), is_reader_here=True)
        self._update_timer()

    def _show_message(self, kind: MessageKind, message: StatusMessage, *, counts_repeats: bool = True) -> None:
        self._messages.show(kind, message, self._clock(), counts_repeats=counts_repeats)
        self.show()

    def _update_timer(self) -> None:
        """Run the timer that removes expired messages, or pause it if the visible message won't expire."""
        if self._timer is None:
            self._timer = self._bars.status.set_interval(_TIMER_S, self._expire_messages, pause=True)
        if self._messages.is_timed:
            self._timer.resume()
        else:
            self._timer.pause()

    def _expire_messages(self) -> None:
        if self._messages.expire(self._clock()):
            self.show()
        else:
            self._update_timer()

    def ask_if_readable(self, is_asking: bool = True) -> None:
        """Ask in the banner whether the type is readable, or stop asking if `is_asking` is False."""
        self.banner.ask(is_asking)

    def confirm_readable(self, action_id: str) -> bool:
        """Pass action `action_id` to the banner as the answer to its question; return whether the answer is yes.

        Return False if the banner asks nothing.
        """
        return self.banner.accept(action_id)

    def show_unbound_key(self, key: str) -> None:
        """Show a message that `key` does nothing in the current pane. The message also names the key that opens the help."""
        help_key = self._keys.key_label("help")
        self.show_answer(self._language.text("{key} does nothing here · {help}: the keys that work here", key=key, help=help_key))

    # ── showing ─────────────────────────────────────────────────────────────

    def show(self) -> None:
        """Update all bars to the current state."""
        self._messages.expire(self._clock())
        bars, screen = self._bars, self._bars.title.screen
        is_status_only = self._has_status_only = self._has_no_title
        large = not is_status_only and screen.has_class("-high")
        rows = self._widgets.categories.rows
        bars.title.show(templates.title(self._session.outlook.papers.title(self._session.shown, rows), large=large))
        status = self._status_lines(rows=2 if large else 1) if not is_status_only else None
        bars.title.display = status is not None
        bars.status.show(self._status_without_day() if status is None else status)
        screen.set_class(is_status_only and self._is_for_reader, "-speaking")
        if screen.has_class("-medium"):  # else the bar isn't shown, and measuring its names would take a part of the start
            advance, room = self._renderer.typesetter.advance, bars.title.app.size.width - _PADDING_CELLS // 2
            cursor = self._widgets.categories.cursor
            self.category_bar = templates.category_bar(rows, self._language, cursor, advance, room)
            bars.category_bar.show(self.category_bar.items)
        self.banner.show()
        self.show_footer()
        self._update_timer()

    def follow_pane(self) -> None:
        """Update the parts that depend on the current pane: the footer, and all bars if the title must appear or disappear."""
        if self._has_no_title != self._has_status_only:
            self.show()
        else:
            self.show_footer()

    @property
    def _has_no_title(self) -> bool:
        return any(map(self._bars.title.screen.has_class, _HIDING))

    @property
    def _is_for_reader(self) -> bool:
        """Whether the visible message is an answer to a key or a notice; False for other messages, or if none is visible."""
        return self._messages.kind in (MessageKind.ANSWER, MessageKind.NOTICE)

    def show_footer(self) -> None:
        """Update the footer, and the bar beside it that shows progress in the story, to the current state."""
        footer, number = self._bars.footer, self._language.number
        share = self._widgets.view.progress if self._panes.shown == "story" else None
        self._bars.gauge.share = share
        if self._is_for_reader and footer.screen.has_class("-flat"):  # so low a window has one row for keys or an answer
            footer.show(templates.answer(self.text))
            return
        right = "   ".join((*self.notes(), *((f"{number(round(share * 100))}%",) if share is not None else ())))
        lines = (templates.footer(keys, right) for keys in self._footers())
        room = self._bars.footer_room()
        footer.show(next((line for line in lines if footer.fits(line, room)), templates.footer((), right)))

    def add_footer_notes(self, *sources: Callable[[], Sequence[str]]) -> None:
        """Add functions that return notes. The notes are shown at the right of the footer, in the order of `sources`."""
        self._note_sources += sources

    def connect_story_state(self, *, has_matches: Callable[[], bool], is_selecting: Callable[[], bool]) -> None:
        """Connect two functions that decide which keys the footer shows while a story is read.

        `has_matches` returns whether there are search matches to step through, `is_selecting` whether text is being selected.
        """
        self._has_matches, self._is_selecting = has_matches, is_selecting

    def notes(self) -> Sequence[str]:
        """Return the short notes shown at the right of the footer."""
        return [note for source in self._note_sources for note in source()]

    @property
    def footer_name(self) -> str:
        """Name of the list of keys that the footer shows, which depends on the current pane and its state."""
        session, pane = self._session, self._panes.shown
        if not self._widgets.posts.rows and is_portal_list(session.shown):
            return "empty"
        if pane == "story" and session.speech_state:
            return session.speech_state
        is_account = pane == "story" and session.story is not None and bool(session.story.same_news)
        if pane == "story" and self._has_matches():
            return "marked account" if is_account else "marks"
        if pane == "posts" and isinstance(session.requested, SearchSource):
            return "timeline" if is_like_query(session.requested.query) else "found"
        if pane == "posts" and (row := self._widgets.posts.current) is not None and story_of(row).others:
            return "group"
        return "account" if is_account else pane

    def _footers(self) -> Iterator[list[tuple[str, str]]]:
        """Yield versions of the footer as (key, label) pairs, from the longest to the shortest. The first that fits is shown."""
        text = self._language.text
        if self._widgets.line.has_focus:
            yield [(key_label("enter"), text("OK")), (key_label("escape"), text("Back"))]
            return
        if self._is_selecting():
            yield from (self._selecting_keys(labelled) for labelled in (True, False))
            return
        for named in self._keys.footers(self.footer_name):
            yield [(key, text(label)) for key, label in named]

    def _selecting_keys(self, labelled: bool) -> list[tuple[str, str]]:
        text = self._language.text
        least = [
            (key_label("space"), text("From here")),
            ("y", text("Copy")),
            ("p", text("Keep")),
            (key_label("escape"), text("Back")),
        ]
        more = [("← →", text("Words")), ("↑ ↓", text("Sentences"))]
        return [*(more if labelled else ()), *least]

    def _status_lines(self, *, rows: int) -> tuple[Para, ...] | None:
        """Return the paragraphs of the status line: the message, and the longest form of the date that fits beside it, if any.

        `rows` is the number of lines of the title. The status line has at most this many lines, unless the message has a larger
        maximum. Return None if the message must be shown whole but doesn't fit beside the title.
        """
        typesetter, title, message = self._renderer.typesetter, self._bars.title, self._messages.message
        window = title.app.size
        title_cells = min(max(_TITLE_CELLS, title.get_content_width(window, window)), window.width // 2)
        room = window.width - title_cells - _PADDING_CELLS
        days = templates.days(self._language, self._clock(), calendar=templates.bangla_calendar(self._settings, self._language))
        if window.width / typesetter.em_cells < _DATED_EM:
            days = days[-1:]
        lines = [templates.status(day, self.text, rows=rows, most=message.lines, news=message.is_accented) for day in days]
        fitting = (each for each in lines if all(typesetter.width(line.runs, line.size) <= room for line in each))
        if (fits := next(fitting, None)) is not None:
            return fits
        status_para, most = lines[-1][0], max(rows, message.lines)
        if typesetter.width(status_para.runs, status_para.size) <= most * _FILLED * room:
            return (status_para._replace(max_lines=most),)
        if self._is_for_reader or message.lines > 1:
            return None
        return templates.status("", message.short or self.text, rows=1, most=1, news=message.is_accented)

    def _status_without_day(self) -> tuple[Para, ...]:
        message = self._messages.message
        return templates.status("", self.text, rows=1, most=message.lines, news=message.is_accented)
