"""The bars above and below the panes: what is said, what can be done, how far one is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from textual import events
from textual.message import Message

from bpost_tui.config.key_names import is_key, key_name
from bpost_tui.i18n import Language
from bpost_tui.reading import templates
from bpost_tui.reading.actions import ACTIONS, action_of, keys_of, shown
from bpost_tui.reading.keyboards import aliases
from bpost_tui.typeset.items import Para
from bpost_tui.ui.reader.panes import PANES
from bpost_tui.ui.reader.room import RoomScreen
from bpost_tui.ui.reader.setup import Setup
from bpost_tui.ui.renderer import Renderer
from bpost_tui.ui.widgets.post_list import PostList

_DATED_EM = 40
"""The least width, in em, that has room for the day beside the paper's name."""

_NAMEPLATE_CELLS, _PADDING_CELLS = 20, 4
"""The least width of the nameplate, and what stands empty around it and the line beside it, as in bpost.tcss."""


class BarScreen(RoomScreen):
    """Panes with a nameplate that says what is true, and a footer that says what helps."""

    def __init__(self, renderer: Renderer, language: Language, clock: Callable[[], datetime], setup: Setup) -> None:
        super().__init__(renderer, language, PostList(renderer, language, clock, id="posts"), widths=setup.widths)
        self._setup = setup
        self._clock = clock
        self._keys = setup.keys
        self._unsure = setup.is_unsure
        self._said = ""
        self._lines = 1
        self._news = False

    class Readable(Message):
        """The reader can read the type as it is drawn."""

    def on_resize(self, event: events.Resize) -> None:
        """Fit everything to the new size."""
        self.fit()
        self._show_bars()

    def _say(self, sentence: str, *, news: bool = False, lines: int = 1) -> None:
        """Put a sentence beside the nameplate; it is cut after so many lines."""
        self._said, self._news, self._lines = sentence, news, lines
        self._show_bars()

    def _show_bars(self) -> None:
        large = self.is_high
        self._nameplate.show(templates.nameplate(self._language, large=large))
        self._folio.show(self._dated(rows=2 if large else 1))
        self._strip.show(templates.category_strip(self._categories.counts, self._language, self._categories.cursor))
        question = self._language.text("Can you read this? T changes how it is drawn; any other key keeps it.")
        self._banner.show(templates.banner(question) if self._unsure else ())
        self._banner.display = self._unsure
        self._show_footer()

    def _dated(self, *, rows: int) -> tuple[Para, ...]:
        """Return what is said beside the nameplate, with the day named in as many words as leave it whole."""
        typesetter = self._renderer.typesetter
        room = self.size.width - max(_NAMEPLATE_CELLS, self._nameplate.get_content_width(self.size, self.size)) - _PADDING_CELLS
        days = templates.days(self._language, self._clock(), bangla=self._setup.bangla_date)
        if self.size.width / typesetter.em_cells < _DATED_EM:
            days = days[-1:]
        choices = (templates.folio(day, self._said, rows=rows, most=self._lines, news=self._news) for day in days)
        fitting = (lines for lines in choices if all(typesetter.width(line.runs, line.size) <= room for line in lines))
        return next(fitting, templates.folio("", self._said, rows=rows, most=self._lines, news=self._news))

    def on_key(self, event: events.Key) -> None:
        """Any key but the one that changes the type answers whether it can be read; one that does nothing says so."""
        changing = keys_of(action_of("rung"), self._keys)
        if self._unsure and not any(event.key in (key_name(key), *aliases(key)) for key in changing):
            self._unsure = False
            self._show_bars()
            self.app.post_message(self.Readable())
        elif self.focused is not None and self.focused.id in PANES and is_key(event.key) and not self._bound(event.key):
            key = event.character if event.is_printable and event.character else shown(event.key)
            help_key = shown(keys_of(action_of("help"), self._keys)[0])
            self._say(self._language.text("{key} does nothing here · {help}: the keys that do", key=key, help=help_key))

    def width_told(self, cells: int) -> None:
        """Tell the column's width, in what the config counts."""
        self._say(self._language.text("Column: {n} wide", n=cells))

    def count_changed(self) -> None:
        """Show the number in the footer."""
        self._show_footer()

    def notes(self) -> tuple[str, ...]:
        """Return what else stands at the right of the footer."""
        return ()

    def hints(self) -> list[tuple[str, str]]:
        """Return the keys that the footer names, with what they do, the most needed first."""
        text = self._language.text
        return [(shown(keys_of(action, self._keys)[0]), text(action.label)) for action in ACTIONS if action.footer]

    def _show_footer(self) -> None:
        hints = self.hints()
        count = "" if self.count is None else self._language.number(self.count)
        share = self._story.progress if self.pane == "story" else None
        self._gauge.share = share
        progress = "" if share is None else f"{self._language.number(round(share * 100))} %"
        right = "   ".join(part for part in (count, *self.notes(), progress) if part)
        while hints and not self._footer.fits(templates.footer(hints, right)):
            hints.pop()
        self._footer.show(templates.footer(hints, right))
