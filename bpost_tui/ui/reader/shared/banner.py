"""The line above the footer: whether the type can be read, or for a first-time reader where help is."""

from __future__ import annotations

from bpost_tui.i18n import Language
from bpost_tui.reading import templates
from bpost_tui.reading.session import Session
from bpost_tui.typeset.items import Para
from bpost_tui.ui.reader.shared.host import Host
from bpost_tui.ui.widgets.line import Line

_SPECIMEN = "আজকের খবর: মেদিনীপুরে বৃষ্টি"
"""It has a conjunct, and vowel signs on all sides: what goes wrong where type goes wrong."""

_PADDING_CELLS = 2
"""What stands empty around the line, as in its own style."""


class Banner:
    """Asks, and once that is answered, invites; else it isn't there."""

    def __init__(self, line: Line, host: Host, session: Session, language: Language) -> None:
        self._line = line
        self._host = host
        self._session = session
        self._language = language
        self._is_asking = host.is_unsure

    def ask(self, is_asking: bool = True) -> None:
        """Ask whether the type can be read, or no longer ask."""
        self._is_asking = is_asking
        self.show()

    def answer(self, action: str) -> bool:
        """Take any key as the answer that it can, but the one of the action that changes it; return whether it was one."""
        if not self._is_asking or action == "draw_type":
            return False
        self._is_asking = False
        self._host.keep_mode()
        self.show()
        return True

    def show(self) -> None:
        """Show the line as things are now."""
        line = self._line
        line.display = self._is_asking or self._invites
        if line.display:
            room = line.app.size.width - _PADDING_CELLS  # as it will be, where it isn't shown yet
            fitting = (items for items in map(self._items, self._sentences()) if line.fits(items, room))
            line.show(next(fitting, self._items(self._sentences()[-1])))

    @property
    def _invites(self) -> bool:
        """Whether the tour is due, and has no room to stand in: the list has the window to itself."""
        return self._session.is_tour_due and self._line.screen.has_class("-narrow")

    def _items(self, sentence: str) -> tuple[Para, ...]:
        """Return the question as type is drawn; one that isn't in Bengali has a line of it to judge by."""
        return templates.banner(sentence, _SPECIMEN if self._is_asking and self._language.code != "bn" else "")

    def _sentences(self) -> tuple[str, ...]:
        """Return ways to say it, the longest first."""
        text, other, tour = self._language.text, self._host.keys.shown("draw_type"), self._host.keys.shown("tour")
        if self._is_asking:
            return (
                text("Can you read this? {key}: draw it another way · any other key: keep it", key=other),
                text("Can you read this? {key}: another way", key=other),
            )
        return (
            text("New here? {tour}: quick tour · {key}: draw type another way", tour=tour, key=other),
            text("{tour}: tour · {key}: type another way", tour=tour, key=other),
        )
