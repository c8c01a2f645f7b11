"""What a reader does with a story: marks it, undoes that, copies it, opens it elsewhere."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from textual import work

from bpost_tui.news.model import Headline, SavedStory
from bpost_tui.ui import pages
from bpost_tui.ui.clipboard import copy_locally, local_program
from bpost_tui.ui.desk import Mark

from .shelf import ShelfScreen


@dataclass(frozen=True, slots=True)
class Change:
    """Marks set or taken, so that it can be undone."""

    mark: Mark
    on: bool
    ids: tuple[int, ...]
    """The stories that it really changed."""


class MarkScreen(ShelfScreen):
    """Shelves whose stories can be marked."""

    _changes: list[Change]

    def on_mount(self) -> None:
        """Begin with nothing to undo."""
        self._changes = []

    def read_to_end(self, saved: SavedStory) -> None:
        """A story read to its end is read."""
        self._set_mark("read", True, [saved.headline])

    def action_read(self) -> None:
        """Mark the story read, or unread again."""
        row = self._posts.current
        if row is not None:
            self._set_mark("read", not row.read, [row])

    def action_star(self) -> None:
        """Star the story, or take the star away."""
        row = self._posts.current
        if row is not None:
            self._set_mark("starred", not row.starred, [row])

    @work(thread=True, group="marks", exit_on_error=False)
    def action_all_read(self) -> None:
        """Mark every story of this list read."""
        listing = self._desk.listing(self._shelf, self._query, at_least=self._desk.count())
        unread = [row.id for row in listing.rows if not row.read]
        self._keep(Change("read", True, tuple(unread)), self._language.plural("{n} marked read", "{n} marked read", len(unread)))

    @work(thread=True, group="marks", exit_on_error=False)
    def action_undo(self) -> None:
        """Undo the last marking, and the one before it, as far back as this session goes."""
        if not self._changes:
            self.app.call_from_thread(self._say, self._language.text("There is nothing to undo"))
            return
        change = self._changes.pop()
        self._desk.mark(change.mark, change.ids, not change.on)
        said = self._language.plural("Undone, for {n} story", "Undone, for {n} stories", len(change.ids))
        self.app.call_from_thread(self._say, said)
        self.app.call_from_thread(self.reload)

    def _set_mark(self, mark: Mark, on: bool, rows: Sequence[Headline]) -> None:
        """Show a mark at once, save it behind."""
        marked = {row.id: replace(row, read=on) if mark == "read" else replace(row, starred=on) for row in rows}
        self._posts.update([marked.get(row.id, row) for row in self._posts.rows])
        if self._saved and self._saved.headline.id in marked:
            self._saved = replace(self._saved, headline=marked[self._saved.headline.id])
        self._save_mark(Change(mark, on, tuple(marked)))

    @work(thread=True, group="marks", exit_on_error=False)
    def _save_mark(self, change: Change) -> None:
        self._keep(change)

    def _keep(self, change: Change, said: str = "") -> None:
        """Save a change, in a worker's thread, and remember what it really changed."""
        changed = self._desk.mark(change.mark, change.ids, change.on)
        if changed:
            self._changes.append(replace(change, ids=changed))
        if said:
            undo = self._language.text("u: undo")
            self.app.call_from_thread(self._say, f"{said} · {undo}" if changed else said)
        self.app.call_from_thread(self.reload)

    def action_browser(self) -> None:
        """Open the story in the browser."""
        row = self._posts.current
        if row is None or row.link is None:
            self._say(self._language.text("This story has no address"))
        else:
            self.app.open_url(row.link)

    def action_copy_link(self) -> None:
        """Copy the story's address."""
        row = self._posts.current
        if row is None or row.link is None:
            self._say(self._language.text("This story has no address"))
        else:
            self._copy(row.link, self._language.text("The address is copied"))

    def action_copy_story(self) -> None:
        """Copy the story as clean text."""
        if self._saved is not None:
            self._copy(pages.as_text(self._saved, self._language), self._language.text("The story is copied"))

    def action_copy_selection(self) -> None:
        """Copy what the mouse has selected."""
        selected = self.get_selected_text()
        if selected:
            self._copy(selected, self._language.text("The selection is copied"))

    def _copy(self, text: str, said: str) -> None:
        self.app.copy_to_clipboard(text)
        command = local_program(os.environ)
        if command is not None:
            self.run_worker(partial(copy_locally, text, command), thread=True, group="clipboard", exit_on_error=False)
        self._say(said)
