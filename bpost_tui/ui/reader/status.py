"""The bars above and below the panes: what is said, what can be done, how far one is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from bpost_tui import log
from bpost_tui.errors import BPostError
from bpost_tui.i18n import Language
from bpost_tui.reading import templates
from bpost_tui.reading.actions import FOOTERS, Keys, action_of, fewer, shown
from bpost_tui.reading.wording import error_line
from bpost_tui.typeset.items import Para
from bpost_tui.ui.reader.banner import Banner
from bpost_tui.ui.reader.layout import HIGH_ROWS
from bpost_tui.ui.renderer import Renderer
from bpost_tui.ui.widgets.category_list import CategoryList
from bpost_tui.ui.widgets.gauge import Gauge
from bpost_tui.ui.widgets.line import Line

_DATED_EM = 40
"""The least width, in em, that has room for the day beside the paper's name."""
_TITLE_CELLS, _PADDING_CELLS = 20, 4
"""The least width of the title, and what stands empty around it and the line beside it, as in bpost.tcss."""


class Bars:
    """The lines of type around the panes, and the gauge."""

    def __init__(self, renderer: Renderer) -> None:
        self.title = Line(renderer, id="title")
        self.status = Line(renderer, id="status")
        self.category_bar = Line(renderer, id="category_bar")
        self.banner = Line(renderer, id="banner")
        self.footer = Line(renderer, id="footer")
        self.gauge = Gauge(id="gauge")

    @property
    def lines(self) -> tuple[Line, ...]:
        """All that sets type."""
        return self.title, self.status, self.category_bar, self.banner, self.footer


class Status:
    """Says what is true beside the title, and in the footer what helps.

    Args:
        banner: The line above the footer.
        progress: Returns how much of the story has been seen, 0 to 1; None where one isn't in it.
        is_asking: Whether a question is being answered: then every other key is a letter.
        notes: Returns what else stands at the right of the footer.
        place: Returns which of `FOOTERS` is for where one is.
    """

    def __init__(
        self,
        bars: Bars,
        categories: CategoryList,
        renderer: Renderer,
        language: Language,
        clock: Callable[[], datetime],
        keys: Keys,
        *,
        bangla_date: bool,
        banner: Banner,
        progress: Callable[[], float | None],
        is_asking: Callable[[], bool],
        notes: Callable[[], Sequence[str]],
        place: Callable[[], str],
    ) -> None:
        self._bars = bars
        self._categories = categories
        self._renderer = renderer
        self._language = language
        self._clock = clock
        self._keys = keys
        self._bangla_date = bangla_date
        self.banner = banner
        self._progress = progress
        self._is_asking = is_asking
        self._notes = notes
        self._place = place
        self.text = ""
        """What is said."""
        self._most_lines = 1
        self._is_news = False
        self._is_search = False
        """Whether it is what a search found."""
        self._waiting: tuple[str, bool] | None = None
        """What the portal has to say, and whether it is news, once the search is left."""

    # ── saying ──────────────────────────────────────────────────────────────

    def say(self, sentence: str, *, news: bool = False, lines: int = 1) -> None:
        """Put a sentence beside the title; it is cut after so many lines."""
        self.text, self._is_news, self._most_lines = sentence, news, lines
        self.show()

    def say_of_portal(self, sentence: str, *, news: bool = False, lines: int = 1) -> None:
        """Say something of the portal; while a search says what it found, that waits."""
        if self._is_search:
            self._waiting = sentence, news
        else:
            self.say(sentence, news=news, lines=lines)

    def say_found(self, sentence: str, *, lines: int) -> None:
        """Say what a search found, until it is left."""
        self._is_search = True
        self.say(sentence, lines=lines)

    def end_search(self) -> bool:
        """Say no longer what was found, but what has been waiting; return whether anything has."""
        waiting, self._waiting = self._waiting, None
        if self._is_search:
            self._is_search = False
            sentence, news = waiting or ("", False)
            self.say(sentence, news=news)
        return waiting is not None

    def tell_trouble(self, error: BPostError) -> None:
        """Say what went wrong, in one line."""
        log.fault(error)
        line = error_line(error, self._language)
        self.say(f"{line} · {self._language.reason(error.hint)}" if error.hint else line)

    def tell_unbound(self, key: str) -> None:
        """Say that a key does nothing here, and which one shows those that do."""
        help_key = self._keys.shown("help")
        self.say(self._language.text("{key} does nothing here · {help}: the keys that work here", key=key, help=help_key))

    # ── showing ─────────────────────────────────────────────────────────────

    def show(self) -> None:
        """Show all bars as things are now."""
        bars = self._bars
        large = self._renderer.type_rows(bars.title.app.size.height) >= HIGH_ROWS
        bars.title.show(templates.title(self._language, large=large))
        bars.status.show(self._dated(rows=2 if large else 1))
        bars.category_bar.show(templates.category_bar(self._categories.counts, self._language, self._categories.cursor))
        self.banner.show()
        self.show_footer()

    def show_footer(self) -> None:
        """Show the footer as things are now."""
        footer, number = self._bars.footer, self._language.number
        share = self._progress()
        self._bars.gauge.share = share
        right = "   ".join((*self._notes(), *((f"{number(round(share * 100))}%",) if share is not None else ())))
        lines = (templates.footer(keys, right) for keys in self._footers())
        footer.show(next((line for line in lines if footer.fits(line)), templates.footer((), right)))

    def _footers(self) -> Iterator[list[tuple[str, str]]]:
        """Yield keys with what they do that the footer may name, ever fewer."""
        text = self._language.text
        if self._is_asking():
            yield [(shown("enter"), text("OK")), (shown("escape"), text("Back"))]
            return
        ids = FOOTERS[self._place()]
        while ids:
            yield [(self._keys.shown(name), text(action_of(name).label)) for name in ids]
            ids = fewer(ids)

    def _dated(self, *, rows: int) -> tuple[Para, ...]:
        """Return what is said beside the title, with the day named in as many words as leave it whole."""
        typesetter, title = self._renderer.typesetter, self._bars.title
        window = title.app.size
        room = window.width - max(_TITLE_CELLS, title.get_content_width(window, window)) - _PADDING_CELLS
        days = templates.days(self._language, self._clock(), bangla=self._bangla_date)
        if window.width / typesetter.em_cells < _DATED_EM:
            days = days[-1:]
        lines = [templates.status(day, self.text, rows=rows, most=self._most_lines, news=self._is_news) for day in days]
        fitting = (each for each in lines if all(typesetter.width(line.runs, line.size) <= room for line in each))
        return next(fitting, lines[-1])
