"""What a reader does with a story: marks it, undoes that, copies it, opens it elsewhere."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from textual import work

from bpost_tui.i18n import Language
from bpost_tui.model.story import Headline, SavedStory
from bpost_tui.reading import templates
from bpost_tui.reading.actions import action_of, keys_of, shown
from bpost_tui.reading.listing import Listings, Mark
from bpost_tui.reading.wording import MARK_LINES
from bpost_tui.ui.clipboard import copy_locally, local_program
from bpost_tui.ui.reader.undoing import UndoScreen


class Marked(NamedTuple):
    """Marks set or taken."""

    mark: Mark
    on: bool
    ids: tuple[int, ...]
    """The stories that it really changed."""

    def undo(self, listings: Listings) -> None:
        """Put the marks back."""
        listings.mark(self.mark, self.ids, not self.on)

    def told(self, language: Language) -> str:
        """Return what was done."""
        if len(self.ids) > 1:
            return language.plural("{n} marked read", "{n} marked read", len(self.ids))
        return language.text(MARK_LINES[self.mark][self.on])

    def told_undone(self, language: Language) -> str:
        """Return what was taken back: which mark of one story, of how many stories else."""
        if len(self.ids) == 1:
            return language.text("Undone: {what}", what=language.text(MARK_LINES[self.mark][not self.on]))
        return language.plural("Undone, for {n} story", "Undone, for {n} stories", len(self.ids))


class MarkScreen(UndoScreen):
    """Shelves whose stories can be marked."""

    def read_to_end(self, saved: SavedStory) -> None:
        """A story read to its end is read."""
        self._set_mark("read", True, [saved.headline], quietly=True)

    @property
    def _meant(self) -> Headline | None:
        """The story that a mark or a copy means: the one that is read, where it stands in another list; else the cursor's."""
        saved = self._saved
        if self.pane == "story" and saved is not None and self._posts.index_of(saved.headline.id) is None:
            return saved.headline
        return self._posts.current

    def action_read(self) -> None:
        """Mark the story read, or unread again."""
        row = self._meant
        if row is not None:
            self._set_mark("read", not row.read, [row])

    def action_star(self) -> None:
        """Star the story, or take the star away."""
        row = self._meant
        if row is not None:
            self._set_mark("starred", not row.starred, [row])

    def action_later(self) -> None:
        """Keep the story to be read later, or no longer."""
        row = self._meant
        if row is not None:
            self._set_mark("later", not row.later, [row])

    @work(thread=True, group="marks", exit_on_error=False)
    def action_all_read(self) -> None:
        """Mark every story of this list read."""
        unread = self._listings.unread(self._shelf, self._query)
        said = self._language.plural("{n} marked read", "{n} marked read", len(unread))
        self.app.call_from_thread(self._say, f"{said} · {self._language.text('u: undo')}" if unread else said)
        self._keep(Marked("read", True, unread))

    def _set_mark(self, mark: Mark, on: bool, rows: Sequence[Headline], *, quietly: bool = False) -> None:
        """Show a mark at once, save it behind."""
        marked = {row.id: _with_mark(row, mark, on) for row in rows}
        if self.pane == "story":  # read to its end or marked in it, it is still the one that is read
            self._posts.retained.update(marked)
        held = self._posts.slice
        self._posts.update(held._replace(rows=tuple(marked.get(row.id, row) for row in held.rows)))
        if self._saved and self._saved.headline.id in marked:
            self._saved = self._saved._replace(headline=marked[self._saved.headline.id])
        self._save_mark(Marked(mark, on, tuple(marked)), quietly)

    @work(thread=True, group="marks", exit_on_error=False)
    def _save_mark(self, marked: Marked, quietly: bool) -> None:
        self._keep(marked, quietly=quietly)

    def _keep(self, marked: Marked, *, quietly: bool = False) -> None:
        """Save marks, in a worker's thread, and remember what really changed."""
        changed = self._listings.mark(marked.mark, marked.ids, marked.on)
        if changed:
            self.app.call_from_thread(self.done, marked._replace(ids=changed), quietly=quietly)
        self.app.call_from_thread(self.reload)

    def action_browser(self) -> None:
        """Open the story in the browser."""
        row = self._meant
        if row is None or row.link is None:
            self._say(self._language.text("This story has no address"))
        else:
            self.app.open_url(row.link)

    def action_copy_link(self) -> None:
        """Copy the story's address."""
        row = self._meant
        if row is None or row.link is None:
            self._say(self._language.text("This story has no address"))
        else:
            self._copy(row.link, self._language.text("The address is copied"))

    def action_copy_story(self) -> None:
        """Copy the story as clean text."""
        if self._saved is not None:
            self._copy(templates.as_text(self._saved, self._language), self._language.text("The story is copied"))

    def action_copy_selection(self) -> None:
        """Copy what the mouse has selected."""
        selected = self.get_selected_text()
        if selected:
            self._copy(selected, self._language.text("The selection is copied"))
        else:
            key = shown(keys_of(action_of("quit"), self._keys)[0])
            self._say(self._language.text("Nothing is selected with the mouse · {key}: leave", key=key))

    def _copy(self, text: str, said: str) -> None:
        self.app.copy_to_clipboard(text)
        command = local_program(os.environ)
        if command is not None:
            self.run_worker(partial(copy_locally, text, command), thread=True, group="clipboard", exit_on_error=False)
        self._say(said)


def _with_mark(row: Headline, mark: Mark, on: bool) -> Headline:
    match mark:
        case "read":
            return row._replace(read=on)
        case "starred":
            return row._replace(starred=on)
        case "later":
            return row._replace(later=on)
