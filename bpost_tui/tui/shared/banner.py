"""Banner above the footer: asks whether the type can be read, or shows a first-time reader the way to the tour."""

from __future__ import annotations

from bpost_tui.core import templates
from bpost_tui.core.session import Session
from bpost_tui.i18n import Language
from bpost_tui.tui.shared.app_host import AppHost
from bpost_tui.tui.widgets.post_list import PostList
from bpost_tui.tui.widgets.type_line import TypeLine

_SPECIMEN = "আজকের খবর: মেদিনীপুরে বৃষ্টি"
"""Sample text with a conjunct, and vowel signs on all sides of letters: the first things to break if type is drawn wrongly."""

_YES = "copy_link"
"""Action whose key means yes: `y`."""
_ROWS_FOR_REMEDY = 20
"""Least height of the window, in rows, for the remedy: in a lower window the news needs its line."""
_SPECIMEN_SHARE = 8
"""The specimen takes at most 1/8 of the window's rows if there is news, which shows the type as well."""
_PADDING_CELLS = 2
"""Empty cells beside the line, as in its own style."""


class Banner:
    """Line that asks whether the type can be read, then invites to the tour; hidden at all other times."""

    def __init__(self, line: TypeLine, posts: PostList, host: AppHost, session: Session, language: Language) -> None:
        self._line = line
        self._posts = posts
        self._host = host
        self._session = session
        self._language = language
        self._is_asking = host.type_switcher.is_unsure
        self._is_short = False
        """Whether only the question is shown: the reader has gone on, and needs the rows."""

    def ask(self, is_asking: bool = True) -> None:
        """Ask whether the type can be read; with False, stop asking."""
        self._is_asking, self._is_short = is_asking, False
        self.show()

    def accept(self, action: str) -> bool:
        """Return whether `action` confirms the type while the question is shown; other actions shorten the question to one line."""
        if not self._is_asking:
            return False
        if action != _YES:
            if not self._is_short:
                self._is_short = True
                self.show()
            return False
        self._is_asking = False
        self._host.type_switcher.keep_mode()
        self.show()
        return True

    def show(self) -> None:
        """Show or hide the line, according to the current state."""
        line = self._line
        is_shown = self._is_asking or self._is_tour_hint_due
        line.set_class(is_shown, "-shown")
        if is_shown:
            room = line.app.size.width - _PADDING_CELLS  # width that the line will have, also if it isn't shown yet
            sentences = self._message_variants()
            fitting = next((each for each in sentences if line.fits(templates.banner(each, ""), room)), sentences[-1])
            line.show(templates.banner(fitting, self._specimen(room), self._remedy))

    @property
    def _is_tour_hint_due(self) -> bool:
        """Whether the tour is due and has no room, since the list has the window to itself."""
        return self._session.is_tour_due and self._line.screen.has_class("-narrow")

    @property
    def _remedy(self) -> str:
        """Advice how this terminal could show real type, if the question is shown and there is room for the advice."""
        has_room = self._is_asking and not self._is_short and self._line.app.size.height >= _ROWS_FOR_REMEDY
        remedy = self._host.type_switcher.remedy if has_room else None
        return self._language.reason(remedy) if remedy else ""

    def _specimen(self, room: int) -> str:
        """Return a line of Bengali to judge the type by; empty if the interface is in Bengali, or there is no room."""
        if not self._is_asking or self._is_short or self._language.code == "bn":
            return ""
        rows = self._line.rows(templates.banner("", _SPECIMEN)[:1], room)
        is_low = rows * _SPECIMEN_SHARE <= self._line.app.size.height
        return _SPECIMEN if is_low or not self._posts.rows else ""

    def _message_variants(self) -> tuple[str, ...]:
        """Return wordings of the message, the longest first."""
        text, shown = self._language.text, self._host.keys.key_label
        yes, other, tour = shown(_YES), shown("draw_type"), shown("tour")
        if self._is_asking:
            return (
                text("Can you read this? {yes}: yes · {key}: no, draw it another way", yes=yes, key=other),
                text("Can you read this? {yes}: yes · {key}: another way", yes=yes, key=other),
                text("Read it? {yes}: yes · {key}: another way", yes=yes, key=other),
            )
        return (
            text("New here? {tour}: quick tour · {key}: draw type another way", tour=tour, key=other),
            text("{tour}: tour · {key}: type another way", tour=tour, key=other),
        )
