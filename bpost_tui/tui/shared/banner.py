"""The line above the footer: whether the type can be read, or for a first-time reader where help is."""

from __future__ import annotations

from bpost_tui.core import templates
from bpost_tui.core.session import Session
from bpost_tui.i18n import Language
from bpost_tui.tui.shared.app_host import AppHost
from bpost_tui.tui.widgets.post_list import PostList
from bpost_tui.tui.widgets.type_line import TypeLine

_SPECIMEN = "আজকের খবর: মেদিনীপুরে বৃষ্টি"
"""It has a conjunct, and vowel signs on all sides: what goes wrong where type goes wrong."""

_YES = "copy_link"
"""The action whose key says yes: `y`."""
_ROWS_FOR_REMEDY = 20
"""In a lower window the news needs them."""
_SPECIMEN_SHARE = 8
"""A line of Bengali takes an eighth of the window at most, where there is news: that is drawn as it is."""
_PADDING_CELLS = 2
"""What is empty around the line, as in its own style."""


class Banner:
    """Asks, and once that is answered, invites; else it isn't there."""

    def __init__(self, line: TypeLine, posts: PostList, host: AppHost, session: Session, language: Language) -> None:
        self._line = line
        self._posts = posts
        self._host = host
        self._session = session
        self._language = language
        self._is_asking = host.type_switcher.is_unsure
        self._is_short = False
        """Whether nothing but the question is shown: the reader has gone on, and needs the rows."""

    def ask(self, is_asking: bool = True) -> None:
        """Ask whether the type can be read, or no longer ask."""
        self._is_asking, self._is_short = is_asking, False
        self.show()

    def accept(self, action: str) -> bool:
        """Take the key of one action as a yes, while it is asked; return whether it was one. Others leave it asked, in one line."""
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
        """Show the line as things are now."""
        line = self._line
        is_shown = self._is_asking or self._is_tour_hint_due
        line.set_class(is_shown, "-shown")
        if is_shown:
            room = line.app.size.width - _PADDING_CELLS  # as it will be, where it isn't shown yet
            sentences = self._message_variants()
            fitting = next((each for each in sentences if line.fits(templates.banner(each, ""), room)), sentences[-1])
            line.show(templates.banner(fitting, self._specimen(room), self._remedy))

    @property
    def _is_tour_hint_due(self) -> bool:
        """Whether the tour is due, and has no room: the list has the window to itself."""
        return self._session.is_tour_due and self._line.screen.has_class("-narrow")

    @property
    def _remedy(self) -> str:
        """Return what would let this terminal show real type, where that is asked and there is room for it."""
        has_room = self._is_asking and not self._is_short and self._line.app.size.height >= _ROWS_FOR_REMEDY
        remedy = self._host.type_switcher.remedy if has_room else None
        return self._language.reason(remedy) if remedy else ""

    def _specimen(self, room: int) -> str:
        """Return a line of Bengali to judge by, as type is drawn, for a question that isn't in Bengali; empty where none is due."""
        if not self._is_asking or self._is_short or self._language.code == "bn":
            return ""
        rows = self._line.rows(templates.banner("", _SPECIMEN)[:1], room)
        is_low = rows * _SPECIMEN_SHARE <= self._line.app.size.height
        return _SPECIMEN if is_low or not self._posts.rows else ""

    def _message_variants(self) -> tuple[str, ...]:
        """Return ways to say it, the longest first."""
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
