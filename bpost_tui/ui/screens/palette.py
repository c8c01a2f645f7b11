"""The palette: everything that can be done or gone to, found by typing a part of its name."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from bpost_tui.i18n import Language
from bpost_tui.news.model import CategoryCount
from bpost_tui.typeset.galley import Item, Pair, Run, Size
from bpost_tui.ui import pages
from bpost_tui.ui.actions import ACTIONS, keys_of, shown
from bpost_tui.ui.press import Press
from bpost_tui.ui.widgets.asked import Asked
from bpost_tui.ui.widgets.rows import RowList


@dataclass(frozen=True, slots=True)
class Entry:
    """Something the palette offers."""

    name: str
    """In the reader's language."""
    note: str
    """Its key, or what kind of thing it is."""
    call: str
    """The action, as Textual takes it."""
    also: str = ""
    """Other words it is found by, such as its English name."""


def entries(
    language: Language, keys: Mapping[str, tuple[str, ...]], counts: Sequence[CategoryCount], themes: Mapping[str, str]
) -> tuple[Entry, ...]:
    """Return everything there is: the actions, the categories, the themes (names to labels)."""
    text = language.text
    actions = (
        Entry(text(action.help), shown(keys_of(action, keys)[0]), action.call, f"{action.id} {action.label} {action.help}")
        for action in ACTIONS
        if action.id != "palette"
    )
    categories = (
        Entry(count.category.name, text("Category"), f"category({at})", count.category.slug) for at, count in enumerate(counts)
    )
    worn = (
        Entry(text("Theme: {name}", name=text(label)), text("Theme"), f"app.wear({name!r})", name) for name, label in themes.items()
    )
    return (*actions, *categories, *worn)


class Choices(RowList):
    """What fits the words typed so far."""

    def __init__(self, press: Press, language: Language, *, id: str) -> None:
        super().__init__(press, id=id)
        self._language = language
        self.entries: tuple[Entry, ...] = ()

    def show(self, entries: Sequence[Entry]) -> None:
        """Offer other entries, from the first on."""
        self.entries = tuple(entries)
        self.set_reactive(Choices.cursor, 0)
        self.measure()
        self.scroll_to(y=0, animate=False, force=True, immediate=True)

    def row_count(self) -> int:
        """Return how many entries fit."""
        return len(self.entries)

    def row_key(self, index: int) -> Hashable:
        """Return the entry."""
        return self.entries[index]

    def row_items(self, index: int) -> tuple[Item, ...]:
        """Return a row: the name, and its key."""
        entry = self.entries[index]
        return (Pair((Run(entry.name),), (Run(entry.note, "accent"),), Size.ROW),)

    def tallest_items(self) -> tuple[Item, ...]:
        """Return a row; all are of one line."""
        return (Pair((Run("ক"),), (), Size.ROW),)

    def empty_items(self) -> tuple[Item, ...]:
        """Return that nothing fits."""
        return pages.notice(self._language.text("Nothing of that name"))


class PaletteScreen(ModalScreen[str | None]):
    """Asks for an entry; gives back its call."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+p", "leave", show=False),
        Binding("down,ctrl+n", "move(1)", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("pagedown", "move(10)", show=False, priority=True),
        Binding("pageup", "move(-10)", show=False, priority=True),
    ]

    def __init__(self, press: Press, language: Language, entries: Sequence[Entry]) -> None:
        super().__init__()
        self._all = tuple(entries)
        self._choices = Choices(press, language, id="choices")
        self._input = Asked(press, placeholder=language.text("What to do?"), id="asked")

    def compose(self) -> ComposeResult:
        """Lay out the question above the choices."""
        with Vertical(id="palette"):
            yield self._input
            yield self._choices

    def on_mount(self) -> None:
        """Offer everything."""
        self._choices.can_focus = False
        self._input.focus()
        self.call_after_refresh(self._choices.show, self._all)

    @on(Input.Changed)
    def _asked(self, event: Input.Changed) -> None:
        words = event.value.casefold().split()
        self._choices.show([entry for entry in self._all if all(word in f"{entry.name} {entry.also}".casefold() for word in words)])

    @on(Input.Submitted)
    def _chosen(self) -> None:
        if self._choices.entries:
            self.dismiss(self._choices.entries[self._choices.cursor].call)

    @on(RowList.Chosen)
    def _clicked(self) -> None:
        self._chosen()

    def action_move(self, step: int) -> None:
        """Move among the choices."""
        self._choices.cursor += step

    def action_leave(self) -> None:
        """Choose nothing."""
        self.dismiss(None)
