"""Menu of the reader's own lists: puts stories into lists, renames and deletes lists."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from bpost_tui.core.changes.list_changes import ListDeletionChange, ListEntriesChange, ListRenameChange
from bpost_tui.core.changes.undo import UndoableChange
from bpost_tui.core.lists.list_source import OwnListSource, PaneSource, base_source
from bpost_tui.model.own_list import OwnList
from bpost_tui.model.sanitize import MAX_NAME_CHARS, clean_line
from bpost_tui.model.story import Headline
from bpost_tui.tui.changes.marking import ApplyChange
from bpost_tui.tui.dialogs.choice_menu import Choice
from bpost_tui.tui.shared.screen_context import Handler, ScreenContext

_IN = "✓"


class OwnListsMenu:
    """Shows the menu of the reader's own lists, and carries out the reader's choice.

    Args:
        apply_change: Makes a change that can be undone.
        leave_list: Shows all news, because the list on the screen was deleted.
    """

    def __init__(self, context: ScreenContext, apply_change: ApplyChange, leave_list: Callable[[], None]) -> None:
        self._context = context
        self._apply_change = apply_change
        self._leave_list = leave_list
        self._last = ""
        """Key of the list that the reader chose last."""

    def offer(self) -> None:
        """Ask for one of the reader's own lists, and put the flagged stories (or else the current story) into it.

        If all these stories are in the list already, remove them. If the cursor of the category pane is on one of the reader's own
        lists, offer to rename or delete that list instead. If there is no story, show a message.
        """
        key = _key(self._context.categories.source)
        if self._context.panes.current == "categories" and key:
            named = next(row.name for row in self._context.categories.rows if _key(row.source) == key)
            self._ask(self._context.text("List “{name}”", name=named), tuple(self._with_list(OwnList(key, named))), 0)
            return
        rows = self._context.target_stories
        if self._context.panes.shown == "categories":
            self._context.show_no_story_here()
        elif rows:
            self._context.run_worker(partial(self._offer, rows), group="own_lists", exclusive=True)
        else:
            self._context.show_no_story()

    async def _offer(self, rows: Sequence[Headline]) -> None:
        lists, ids = self._context.library.own_lists, [row.id for row in rows]
        known, held = await to_thread(lambda: self._context.library.read_together(lambda: (lists.all(), lists.count_in_lists(ids))))
        choices = [self._choice(each, rows, held) for each in known]
        choices.append(Choice(partial(self._ask_for_new, rows), self._context.text("New list …")))
        shown = next((each for each in known if each.key == _key(base_source(self._context.session.shown))), None)
        if shown is not None:
            choices += self._with_list(shown)
        at = next((at for at, each in enumerate(known) if each.key == self._last), 0)
        many = self._context.language.plural("{n} story: into which list?", "{n} stories: into which list?", len(rows))
        title = many if len(rows) > 1 else self._context.text("Into which list?")
        self._ask(title, choices, at)

    def _choice(self, each: OwnList, rows: Sequence[Headline], held: Mapping[str, int]) -> Choice[Handler]:
        found = held.get(each.key, 0)
        count = self._context.text("{n} of {all}", n=found, all=len(rows)) if found else ""
        return Choice(partial(self._put, each, rows, found < len(rows)), each.name, _IN if found == len(rows) else count)

    def _with_list(self, each: OwnList) -> Iterator[Choice[Handler]]:
        yield Choice(partial(self.ask_for_name, each), self._context.text("Rename “{name}” …", name=each.name))
        yield Choice(partial(self.delete, each), self._context.text("Delete “{name}”", name=each.name))

    def _ask(self, title: str, choices: Sequence[Choice[Handler]], at: int) -> None:
        self._context.show_menu(title, choices, {"lists": choices[at].value}, at=at)

    # ── actions ─────────────────────────────────────────────────────────────

    def _put(self, each: OwnList, rows: Sequence[Headline], on: bool) -> None:
        self._last = each.key
        self._context.drop_flags()
        if self._context.panes.current == "story":  # the story being read stays in the list
            self._context.posts.retain(row.key for row in rows)
        self._apply_change(ListEntriesChange(each.name, tuple(row.id for row in rows), on, each.key))

    def _ask_for_new(self, rows: Sequence[Headline]) -> None:
        def named(name: str) -> None:
            self._context.drop_flags()
            self._apply_change(ListEntriesChange(name, tuple(row.id for row in rows)), then=created)

        def created(change: UndoableChange) -> None:
            if isinstance(change, ListEntriesChange):
                self._last = change.key

        self._ask_name(self._context.text("Name for the new list"), "", named)

    def ask_for_name(self, each: OwnList) -> None:
        """Ask for a new name for the list `each`."""

        def named(name: str) -> None:
            others = (row for row in self._context.categories.rows if _key(row.source) not in ("", each.key))
            if any(row.name == name for row in others):
                self._context.show_answer(self._context.text("another list is called {name}", name=repr(name)))
            else:
                self._apply_change(ListRenameChange(each.key, each.name, name))

        self._ask_name(self._context.text("New name of the list"), each.name, named)

    def _ask_name(self, question: str, value: str, then: Callable[[str], None]) -> None:
        def answered(typed: str) -> None:
            if name := clean_line(typed, MAX_NAME_CHARS):
                then(name)

        self._context.prompt_for(question, answered, value, label=question)

    def delete(self, each: OwnList) -> None:
        """Delete the list `each`; if it is on the screen, show all news instead."""
        self._apply_change(ListDeletionChange(each.key, each.name))
        if _key(base_source(self._context.session.requested)) == each.key:
            self._leave_list()


def _key(row: PaneSource) -> str:
    """Return the key of the reader's own list in a row of the category pane; an empty string for other rows."""
    return row.key if isinstance(row, OwnListSource) else ""
