"""Banner above the footer. It asks whether the type is readable, or invites a first-time reader to the tour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpost_tui.core import templates
from bpost_tui.core.session import Session
from bpost_tui.i18n import Language
from bpost_tui.tui.widgets.post_list import PostList
from bpost_tui.tui.widgets.type_line import TypeLine

if TYPE_CHECKING:
    from bpost_tui.tui.shared.app_host import AppHost

_SPECIMEN = "আজকের খবর: মেদিনীপুরে বৃষ্টি"
"""Sample text with the parts of Bengali that look wrong first if it is drawn badly: a conjunct, and vowel signs around letters."""

_YES = "copy_link"
"""Id of the action whose key is `y`. While the banner asks its question, that key means yes instead."""
_ROWS_FOR_REMEDY = 20
"""Minimum height of the window, in rows, for advice on showing better letter shapes: a lower window needs all its rows for news."""
_SPECIMEN_SHARE = 8
"""Divisor for the sample's maximum height: 1/8 of the window while stories are listed, because the list itself shows the type."""
_PADDING_CELLS = 2
"""Number of empty cells at the sides of the line, as in the style sheet."""


class Banner:
    """Line that asks whether the type is readable, or invites a first-time reader to the tour. Hidden at all other times.

    The tour is a page that introduces bpost. The question comes before the invitation.
    """

    def __init__(self, line: TypeLine, posts: PostList, host: AppHost, session: Session, language: Language) -> None:
        self._line = line
        self._posts = posts
        self._host = host
        self._session = session
        self._language = language
        self._is_asking = host.type_switcher.is_unsure
        self._is_short = False
        """Whether only the question is shown, without sample text, because the reader has pressed a key other than `y` (yes)."""

    def ask(self, is_asking: bool = True) -> None:
        """Ask whether the type is readable, or stop asking if `is_asking` is False."""
        self._is_asking, self._is_short = is_asking, False
        self.show()

    def accept(self, action: str) -> bool:
        """Take the action id `action` as the answer to the question, and return whether the answer is yes.

        A yes confirms the render mode (way of drawing letters) and removes the question. Any other action removes the sample text
        and the advice, so that more news fits the window. If no question is shown, do nothing and return False.
        """
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
        """Show or hide the line, as the current state requires."""
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
        """Whether to invite to the tour (introduction to bpost), which the reader hasn't seen because the window shows one pane."""
        return self._session.is_tour_due and self._line.screen.has_class("-narrow")

    @property
    def _remedy(self) -> str:
        """Advice on showing real letter shapes in this terminal; empty if the question isn't shown, or the advice doesn't fit."""
        has_room = self._is_asking and not self._is_short and self._line.app.size.height >= _ROWS_FOR_REMEDY
        remedy = self._host.type_switcher.remedy if has_room else None
        return self._language.reason(remedy) if remedy else ""

    def _specimen(self, room: int) -> str:
        """Return a line of Bengali as a sample of the type, or an empty string.

        The string is empty unless the banner asks its full question (whether the type is readable), and always in a Bengali
        interface. While stories are listed, it is also empty if the sample would take too many rows at a width of `room` cells.
        """
        if not self._is_asking or self._is_short or self._language.code == "bn":
            return ""
        rows = self._line.rows(templates.banner("", _SPECIMEN)[:1], room)
        is_low = rows * _SPECIMEN_SHARE <= self._line.app.size.height
        return _SPECIMEN if is_low or not self._posts.rows else ""

    def _message_variants(self) -> tuple[str, ...]:
        """Return versions of the message, from the longest to the shortest. The banner shows the first that fits."""
        text, shown = self._language.text, self._host.keys.key_label
        yes, other, tour = shown(_YES), shown("draw_type"), shown("tour")
        if self._is_asking:
            return (
                text("Can you read this? {yes}: yes · {key}: no, draw it another way", yes=yes, key=other),
                text("Can you read this? {yes}: yes · {key}: another way", yes=yes, key=other),
                text("Read it? {yes}: yes · {key}: another way", yes=yes, key=other),
                f"OK? {yes} / {other}",  # in Latin letters: in a mosaic, they take one cell each and Bengali ones up to eight
            )
        return (
            text("New here? {tour}: quick tour · {key}: draw type another way", tour=tour, key=other),
            text("{tour}: tour · {key}: type another way", tour=tour, key=other),
        )
