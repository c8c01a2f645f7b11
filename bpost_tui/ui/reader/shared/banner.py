"""The line above the footer: whether the type can be read, or for a first-time reader where help is."""

from __future__ import annotations

from bpost_tui.i18n import Language
from bpost_tui.reading import templates
from bpost_tui.reading.session import Session
from bpost_tui.type.typeset.items import Para
from bpost_tui.ui.reader.shared.host import Host
from bpost_tui.ui.widgets.line import Line

_SPECIMEN = "আজকের খবর: মেদিনীপুরে বৃষ্টি"
"""It has a conjunct, and vowel signs on all sides: what goes wrong where type goes wrong."""

_YES = "copy_link"
"""The action whose key says yes: `y`."""
_ROWS_FOR_REMEDY = 20
"""In a lower window the news needs them."""
_PADDING_CELLS = 2
"""What is empty around the line, as in its own style."""


class Banner:
    """Asks, and once that is answered, invites; else it isn't there."""

    def __init__(self, line: Line, host: Host, session: Session, language: Language) -> None:
        self._line = line
        self._host = host
        self._session = session
        self._language = language
        self._is_asking = host.type_switcher.is_unsure

    def ask(self, is_asking: bool = True) -> None:
        """Ask whether the type can be read, or no longer ask."""
        self._is_asking = is_asking
        self.show()

    def takes(self, action: str) -> bool:
        """Take the key of one action as a yes, while it is asked; return whether it was one. Other keys leave it asked."""
        if not self._is_asking or action != _YES:
            return False
        self._is_asking = False
        self._host.type_switcher.keep_mode()
        self.show()
        return True

    def show(self) -> None:
        """Show the line as things are now."""
        line = self._line
        line.display = self._is_asking or self._invites
        if line.display:
            room = line.app.size.width - _PADDING_CELLS  # as it will be, where it isn't shown yet
            sentences = self._sentences()
            fitting = next((each for each in sentences if line.fits(self._items(each), room)), sentences[-1])
            line.show(self._items(fitting, self._remedy))

    @property
    def _invites(self) -> bool:
        """Whether the tour is due, and has no room: the list has the window to itself."""
        return self._session.is_tour_due and self._line.screen.has_class("-narrow")

    @property
    def _remedy(self) -> str:
        """Return what would let this terminal show real type, where that is asked and there is room for it."""
        has_room = self._is_asking and self._line.app.size.height >= _ROWS_FOR_REMEDY
        remedy = self._host.type_switcher.remedy if has_room else None
        return self._language.reason(remedy) if remedy else ""

    def _items(self, sentence: str, remedy: str = "") -> tuple[Para, ...]:
        """Return the question as type is drawn; one that isn't in Bengali has a line of it to judge by."""
        specimen = _SPECIMEN if self._is_asking and self._language.code != "bn" else ""
        return templates.banner(sentence, specimen, remedy)

    def _sentences(self) -> tuple[str, ...]:
        """Return ways to say it, the longest first."""
        text, shown = self._language.text, self._host.keys.shown
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
