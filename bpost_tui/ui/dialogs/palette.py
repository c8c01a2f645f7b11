"""The palette: everything that can be done or gone to, found by typing a part of its name."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input
from textual.worker import Worker, WorkerState, get_current_worker

from bpost_tui.bengali.normalise import normalised
from bpost_tui.errors import BPostError
from bpost_tui.i18n import Language
from bpost_tui.model.story import CategoryCount
from bpost_tui.reading import templates
from bpost_tui.reading.actions import ACTIONS, keys_of, shown
from bpost_tui.reading.listing import Listings, query_of
from bpost_tui.typeset.items import Item, Pair, Run, Size
from bpost_tui.ui.dialogs.box import box_height, box_width, is_bare
from bpost_tui.ui.renderer import Renderer
from bpost_tui.ui.widgets.line_input import LineInput
from bpost_tui.ui.widgets.row_list import RowList

_BOX_EM = 38
"""The widest it gets, in em of body type."""
_ROWS = 16
"""Its height, in rows of type."""
_STORIES = 8
"""Stories offered at a time."""


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
        Entry(count.category.name, text("Category"), f"category({at})", count.category.slug)
        for at, count in enumerate(counts)
        if not query_of(count.category.slug)  # the library offers the kept searches
    )
    worn = (
        Entry(text("Theme: {name}", name=text(label)), text("Theme"), f"app.wear({name!r})", name) for name, label in themes.items()
    )
    return (*actions, *categories, *worn)


Find = Callable[[str], Sequence[Entry]]
"""What the library has for what was typed. May block."""


def from_library(listings: Listings, typed: str) -> tuple[Entry, ...]:
    """Return the kept searches whose name fits, and the stories whose headline does."""
    text = listings.language.text
    searches = [
        Entry(search.name, text("Saved search"), f"find({search.query!r})", search.query) for search in listings.library.searches()
    ]
    hits = listings.library.search(typed, limit=_STORIES, now=listings.clock()).hits if typed.strip() else ()
    stories = (
        Entry(hit.headline.title, listings.language.age(hit.headline.published, listings.clock()), f"story({hit.headline.id})")
        for hit in hits
        if hit.title_marks
    )
    return (*fitting(searches, typed), *stories)


def fitting(entries: Sequence[Entry], typed: str) -> tuple[Entry, ...]:
    """Return the entries in which every word typed occurs, those first that have one beginning with the first of them."""
    words = normalised(typed).split()
    named = [(entry, normalised(f"{entry.name} {entry.also}")) for entry in entries]
    found = [(entry, name) for entry, name in named if all(word in name for word in words)]
    begin = [entry for entry, name in found if words and f" {words[0]}" in f" {name}"]
    return (*begin, *(entry for entry, _ in found if entry not in begin))


class Choices(RowList):
    """What fits the words typed so far."""

    def __init__(self, renderer: Renderer, language: Language, *, id: str) -> None:
        super().__init__(renderer, id=id)
        self._language = language
        self.entries: tuple[Entry, ...] = ()

    def show(self, entries: Sequence[Entry]) -> None:
        """Offer other entries, from the first on."""
        self.entries = tuple(entries)
        self.set_reactive(Choices.cursor, 0)
        self.measure()
        self.scroll_to(y=0, animate=False, force=True, immediate=True)

    def add(self, entries: Sequence[Entry]) -> None:
        """Offer more, below what is offered."""
        self.entries = (*self.entries, *entries)
        self.measure()

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
        return templates.notice(self._language.text("Nothing of that name"))


class PaletteScreen(ModalScreen[str | None]):
    """Asks for an entry; gives back its call."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+p", "leave", show=False),
        Binding("down,ctrl+n", "move(1)", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("pagedown", "move(10)", show=False, priority=True),
        Binding("pageup", "move(-10)", show=False, priority=True),
    ]

    def __init__(self, renderer: Renderer, language: Language, entries: Sequence[Entry], find: Find) -> None:
        super().__init__()
        self._renderer = renderer
        self._all = tuple(entries)
        self._find = find
        self._choices = Choices(renderer, language, id="choices")
        self._asked = LineInput(renderer, placeholder=language.text("What to do, or where to go?"), id="asked")

    def compose(self) -> ComposeResult:
        """Lay out the question above the choices."""
        with Vertical(id="palette") as box:
            em_cells, row = self._renderer.typesetter.row_em_cells, self._renderer.typesetter.rows(self._choices.tallest_items())
            box.styles.width = width = box_width(round(_BOX_EM * em_cells), self.app.size.width, em_cells)
            box.styles.height = box_height(_ROWS * row, self.app.size.height, row)
            box.set_class(is_bare(width, self.app.size, self._renderer.typesetter), "-bare")
            yield self._asked
            yield self._choices

    def on_mount(self) -> None:
        """Offer everything."""
        self._choices.can_focus = False
        self._asked.focus()
        self.call_after_refresh(self._offer, "")

    def reset_type(self) -> None:
        """Set everything anew: theme, size or rung have changed."""
        self._asked.reset()
        self._choices.reset()

    def on_key(self, event: events.Key) -> None:
        """Lose no letter that was typed ahead."""
        self._asked.take(event)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._offer(event.value)

    def _offer(self, typed: str) -> None:
        """Offer what fits at once, and what is found in the library when it is found."""
        self._choices.show(fitting(self._all, typed))
        self._look_up(typed)

    @work(thread=True, group="palette", exclusive=True, exit_on_error=False)
    def _look_up(self, typed: str) -> None:
        worker = get_current_worker()
        found = self._find(typed)
        if found and not worker.is_cancelled:
            self.app.call_from_thread(self._add, typed, found)

    def _add(self, typed: str, found: Sequence[Entry]) -> None:
        if typed == self._asked.value:  # else more has been typed since
            self._choices.add(found)

    @on(Worker.StateChanged)
    def _worker_ended(self, event: Worker.StateChanged) -> None:
        """Go on without the library where it can't be read: the screen below tells why. A bug ends the app."""
        error = event.worker.error if event.state is WorkerState.ERROR else None
        if isinstance(error, Exception) and not isinstance(error, BPostError):
            raise error

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
