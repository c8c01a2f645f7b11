"""Command palette: finds actions, lists and stories by words of their names."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from bpost_tui.bengali.normalise import normalised
from bpost_tui.bengali.phonetic import starts_like
from bpost_tui.core import templates
from bpost_tui.core.keys.actions import ACTIONS, Keys
from bpost_tui.core.lists.list_source import (
    AllNewsSource,
    CategorySource,
    ChangedSource,
    GroupSource,
    HistorySource,
    OwnListSource,
    PaneRow,
    PaneSource,
    PassagesSource,
    ReadLaterSource,
    SavedSearchSource,
    StarredSource,
)
from bpost_tui.core.lists.listings import Listings
from bpost_tui.i18n import Language
from bpost_tui.model.own_list import OwnList
from bpost_tui.tui.dialogs.choice_list import ChoiceList
from bpost_tui.tui.dialogs.dialog_box import box_height, box_width, is_bare
from bpost_tui.tui.widgets.line_input import LineInput
from bpost_tui.tui.widgets.row_list import RowList
from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.typesetting.textual.renderer import Renderer
from bpost_tui.typesetting.typeset.items import Item, Pair, Run, Size

_BOX_EM = 38
"""Maximum width of the dialog's box, in em (the font size of body type)."""
_ROWS = 16
"""Height of the dialog's box, in lines of text."""
_STORIES = 8
"""Maximum number of stories shown at a time."""
_LEAST_ROMAN = 3
"""Minimum number of Roman letters that are compared with Bengali words by sound. Fewer letters would match too many words."""


class PaletteEntry(NamedTuple):
    """Entry of the palette: an action, a list or a story."""

    name: str
    """Name in the reader's language."""
    note: str
    """Text at the right of the entry: the key of an action, the age of a story, or the kind of another entry, such as "List"."""
    run: Callable[[], object]
    keywords: str = ""
    """Other words that find the entry when typed, such as its English name."""


def action_entries(language: Language, keys: Keys, do: Callable[[str], object]) -> Iterator[PaletteEntry]:
    """Yield an entry for each action except opening the palette. `keys` has the keys of actions; `do` runs an action by its id."""
    for action in ACTIONS:
        if action.id != "palette":
            also = f"{action.id} {action.label} {action.help}"
            yield PaletteEntry(language.text(action.help), keys.key_label(action.id), partial(do, action.id), also)


def language_entry(language: Language, do: Callable[[], object]) -> PaletteEntry:
    """Return the entry for changing the language of the interface. Choosing it calls `do`, which shows the settings."""
    also = "language lang bhasha ভাষা bangla bengali বাংলা english ইংরেজি"
    return PaletteEntry(language.text("The language of bpost: বাংলা, English"), "language", do, also)


def category_entries(language: Language, rows: Iterable[PaneRow], go: Callable[[PaneSource], object]) -> Iterator[PaletteEntry]:
    """Yield an entry for each row of the category pane; the function `go` shows a row's list.

    Saved searches are left out, because `library_entries` returns their entries.
    """
    for row in rows:
        match row.source:
            case SavedSearchSource():
                continue
            case AllNewsSource(paper) if paper:
                kind, also = language.text("Paper"), paper
            case GroupSource():
                kind, also = language.text("Group of papers"), ""
            case OwnListSource():
                kind, also = language.text("List"), ""
            case CategorySource(slug):
                kind, also = language.text("Category"), slug
            case AllNewsSource() | ReadLaterSource() | StarredSource() | ChangedSource() | HistorySource() | PassagesSource():
                kind, also = language.text("Category"), ""
        yield PaletteEntry(row.name, kind, partial(go, row.source), also)


def list_entries(
    language: Language, rows: Sequence[PaneRow], rename: Callable[[OwnList], object], delete: Callable[[OwnList], object]
) -> Iterator[PaletteEntry]:
    """Yield two entries for each of the reader's own lists: to rename the list, and to delete it.

    The lists are found in `rows`, the rows of the category pane. Choosing an entry calls `rename` or `delete` with the list.
    """
    for row in rows:
        if isinstance(row.source, OwnListSource):
            each, kind = OwnList(row.source.key, row.name), language.text("List")
            yield PaletteEntry(language.text("Rename “{name}” …", name=each.name), kind, partial(rename, each), "rename list")
            yield PaletteEntry(language.text("Delete “{name}”", name=each.name), kind, partial(delete, each), "delete list")


def theme_entries(language: Language, labels: Mapping[str, str], choose: Callable[[str], object]) -> Iterator[PaletteEntry]:
    """Yield an entry for each theme. `labels` maps names of themes to labels, and the function `choose` applies a theme by name."""
    for name, label in labels.items():
        yield PaletteEntry(
            language.text("Theme: {name}", name=language.text(label)), language.text("Theme"), partial(choose, name), name
        )


def library_entries(
    listings: Listings, typed: str, find: Callable[[str], object], open_story: Callable[[int], object]
) -> tuple[PaletteEntry, ...]:
    """Return entries for saved searches that match `typed`, and for stories whose headlines a search for `typed` finds.

    Blocks on the disk: `listings` gives access to the library. Choosing an entry calls `find` with the saved query, or `open_story`
    with the story's id.
    """
    text, now = listings.language.text, listings.clock()
    searches = [
        PaletteEntry(search.name, text("Saved search"), partial(find, search.query), search.query)
        for search in listings.library.saved_searches.all()
    ]
    hits = listings.library.search.find(typed, limit=_STORIES, now=now).hits if typed.strip() else ()
    stories = (
        PaletteEntry(hit.headline.title, listings.language.age(hit.headline.published, now), partial(open_story, hit.headline.id))
        for hit in hits
        if hit.title_ranges
    )
    return (*matching_entries(searches, typed), *stories)


def matching_entries(entries: Sequence[PaletteEntry], typed: str) -> tuple[PaletteEntry, ...]:
    """Return the entries that match every word of `typed`.

    Entries whose name alone matches come before entries that need their keywords to match. Within both groups, entries whose name
    begins with all of `typed` come first, then entries with a word that begins with the first typed word.
    """
    words = normalised(typed).split()
    phrase, begins = " ".join(words), f" {words[0] if words else ''}"
    named = [(entry, normalised(entry.name), normalised(f"{entry.name} {entry.keywords}")) for entry in entries]
    found = [
        (not matches_words(name, words), not name.startswith(phrase), begins not in f" {every}", entry)
        for entry, name, every in named
        if matches_words(every, words)
    ]
    return tuple(entry for *_, entry in sorted(found, key=lambda each: each[:3]))


def matches_words(text: str, typed: Sequence[str]) -> bool:
    """Return whether each word of `typed` is in `text`, or is Roman and sounds like the beginning of a Bengali word of `text`.

    Both arguments must be normalised (`bengali.normalise`).
    """
    bengali = [word for word in text.split() if not word.isascii()]

    def sounds_so(roman: str) -> bool:
        return roman.isascii() and len(roman) >= _LEAST_ROMAN and any(starts_like(word, roman) for word in bengali)

    return all(word in text or sounds_so(word) for word in typed)


class PaletteScreen(ModalScreen[PaletteEntry | None]):
    """Asks the reader to choose an entry: an action, a list or a story. The result is None if the reader leaves.

    Args:
        entries: Entries that are offered at once.
        look_up: Returns the library's entries for a typed text, and blocks until it has read them from the disk.
        run_search: Runs a search in the background, in place of the previous search. The screen below the palette shows its errors.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+p", "dismiss", show=False),
        Binding("down,ctrl+n", "move(1)", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("pagedown", "move(10)", show=False, priority=True),
        Binding("pageup", "move(-10)", show=False, priority=True),
    ]

    def __init__(
        self,
        renderer: Renderer,
        language: Language,
        entries: Sequence[PaletteEntry],
        look_up: Callable[[str], Sequence[PaletteEntry]],
        run_search: Callable[[Callable[[], Coroutine[Any, Any, object]]], object],
    ) -> None:
        super().__init__()
        self._renderer = renderer
        self._all = tuple(entries)
        self._look_up = look_up
        self._run_search = run_search
        nothing = templates.notice(language.text("Nothing matches"))
        self._choices = ChoiceList[PaletteEntry](renderer, self._all, _row, id="choices", empty=nothing)
        self._line = LineInput(renderer, placeholder=language.text("What to do, or where to go?"), id="line")

    def compose(self) -> ComposeResult:
        """Lay out the input line above the entries."""
        with Vertical(id="palette"):
            yield self._line
            yield self._choices

    def on_mount(self) -> None:
        """Show all entries."""
        self.on_resize()
        self._choices.can_focus = False
        self._line.focus()
        self.call_after_refresh(self._offer, "")

    def on_resize(self) -> None:
        """Adapt the size of the box to the window."""
        typesetter, box = self._renderer.typesetter, self.query_one(Vertical)
        em_cells, row = typesetter.row_em_cells, typesetter.rows(self._choices.tallest_items())
        box.styles.width = width = box_width(round(_BOX_EM * em_cells), self.app.size.width, em_cells)
        bare = is_bare(width, self.app.size, typesetter)
        # without a frame, half a line of the page above or below the box would look like a part of it
        box.styles.height = self.app.size.height if bare else box_height(_ROWS * row, self.app.size.height, row)
        box.set_class(bare, "-bare")

    def reset_type(self) -> None:
        """Typeset the palette again, because the theme, the size of letters or the way of drawing them has changed."""
        self.on_resize()
        self._line.reset()
        self._choices.reset()

    def on_key(self, event: events.Key) -> None:
        """Insert a letter into the input line if it was typed before the line got the focus."""
        self._line.insert_event(event)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._offer(event.value)

    def _offer(self, typed: str) -> None:
        """Show the palette's entries that match `typed`, and add entries from the library as soon as they are found."""
        self._choices.show(matching_entries(self._all, typed))
        self._run_search(partial(self._offer_found, typed))

    async def _offer_found(self, typed: str) -> None:
        found = await to_thread(self._look_up, typed)
        if typed == self._line.value and self.is_attached:  # else the text has changed since, or the reader has left
            self._choices.add(found)

    @on(Input.Submitted)
    def _chosen(self) -> None:
        if self._choices.current is not None:
            self.dismiss(self._choices.current)

    @on(RowList.Chosen)
    def _clicked(self) -> None:
        self._chosen()

    def action_move(self, step: int) -> None:
        """Move the cursor by `step` rows."""
        self._choices.cursor += step


def _row(at: int, entry: PaletteEntry, is_current: bool) -> tuple[Item, ...]:
    return (Pair((Run(entry.name),), (Run(entry.note, "meta"),), Size.BAR),)
