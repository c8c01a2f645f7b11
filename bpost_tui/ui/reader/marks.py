"""Marking stories, and taking back what was done."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol

from textual.geometry import Region

from bpost_tui.i18n import Language
from bpost_tui.model.story import Headline, SavedStory
from bpost_tui.reading import templates
from bpost_tui.reading.actions import Keys
from bpost_tui.reading.listing import Listings
from bpost_tui.reading.session import Session
from bpost_tui.reading.undo import Change, Mark, MarkChange, is_marked, with_mark
from bpost_tui.ui.reader.host import Say
from bpost_tui.ui.reader.lists import ListReader
from bpost_tui.ui.reader.panes import Panes
from bpost_tui.ui.reader.writes import Writes
from bpost_tui.ui.widgets.post_list import PostList
from bpost_tui.ui.widgets.toast import Toast

_TOLD_S = 10.0


class Undoing:
    """Does changes, tells of each in a toast, and takes them back, as far as this session goes."""

    def __init__(
        self,
        session: Session,
        language: Language,
        lists: ListReader,
        panes: Panes,
        toast: Toast,
        keys: Keys,
        writes: Writes,
        say: Say,
    ) -> None:
        self._session = session
        self._language = language
        self._lists = lists
        self._panes = panes
        self._toast = toast
        self._keys = keys
        self._writes = writes
        self._say = say

    def do(self, change: Change, *, quietly: bool = False) -> None:
        """Do a change and tell of it, unless it came by itself."""

        def done(changed: Change | None) -> None:
            self.done(changed, quietly=quietly)

        self._writes.start(lambda: self._session.undo.do(change), done)

    def done(self, change: Change | None, *, quietly: bool = False) -> None:
        """Tell of a change that was made; None where nothing was changed."""
        if change is not None and not quietly:
            row = templates.toast(change.done_text(self._language), self._keys.shown("undo"), self._language.text("Undo"))
            self._toast.stand(row)
            self.place_toast()
        self._lists.reload()

    def undo(self) -> None:
        """Undo the last change, and the one before it, as far back as this session goes."""
        self._writes.start(self._session.undo.undo, self._undone)

    def _undone(self, change: Change | None) -> None:
        self._toast.go()
        if change is None:
            self._say(self._language.text("Nothing to undo"))
        else:
            self._say(change.undone_text(self._language))
            self._lists.reload()

    def tell(self, sentence: str) -> None:
        """Tell of something that happened elsewhere, for as long as it takes to read."""
        self._toast.stand(templates.slip(sentence), for_s=_TOLD_S)
        self.place_toast()

    def place_toast(self) -> None:
        """Have the toast where it covers neither the cursor's row nor a bar."""
        if self._toast.display:
            rows = self._panes.rows
            room = self._toast.screen.query_one("#panes").content_region
            self._toast.place(room, rows.cursor_region if rows is not None else Region())


class Do(Protocol):
    """Makes a change that can be undone."""

    def __call__(self, change: Change, *, quietly: bool = False) -> None:
        """Make it, and tell of it unless it came by itself."""
        ...


class Marks:
    """Marks stories.

    Args:
        do: Makes a change that can be undone.
        done: Tells of such a change that was made.
        leaves_out_read: Whether read stories are left out of the list that is shown.
    """

    def __init__(
        self,
        session: Session,
        listings: Listings,
        posts: PostList,
        panes: Panes,
        writes: Writes,
        say: Say,
        *,
        do: Do,
        done: Callable[[Change | None], None],
        leaves_out_read: Callable[[], bool],
    ) -> None:
        self._session = session
        self._listings = listings
        self._posts = posts
        self._panes = panes
        self._writes = writes
        self._say = say
        self._do = do
        self._done = done
        self._leaves_out_read = leaves_out_read

    @property
    def target(self) -> Headline | None:
        """The story that is meant: the one that is read, where it stands in another list; else the cursor's."""
        saved = self._session.story
        if self._panes.current == "story" and saved is not None and self._posts.slice.index_of(saved.headline.id) is None:
            return saved.headline
        return self._posts.current

    def toggle(self, mark: Mark) -> None:
        """Mark the story, or take the mark away."""
        row = self.target
        if row is not None:
            self._set(mark, not is_marked(row, mark), [row])

    def read_to_end(self, saved: SavedStory) -> None:
        """Mark a story read whose end was seen."""
        self._set("read", True, [saved.headline], quietly=True)

    def all_read(self) -> None:
        """Mark every story of this list read; where read ones are left out, none stays."""
        if self._leaves_out_read():
            self._posts.retained.clear()
        source, language, loop = self._session.asked, self._listings.language, asyncio.get_running_loop()

        def write() -> Change | None:
            unread = self._listings.unread(source)
            said = language.plural("{n} marked read", "{n} marked read", len(unread))
            sentence = f"{said} · {language.text('u: undo')}" if unread else said
            loop.call_soon_threadsafe(self._say, sentence)  # before it is done: of 100,000 it takes seconds
            return self._session.undo.do(MarkChange("read", True, unread))

        self._writes.start(write, self._done)

    def _set(self, mark: Mark, on: bool, rows: Sequence[Headline], *, quietly: bool = False) -> None:
        """Show a mark at once, save it behind."""
        marked = {row.id: with_mark(row, mark, on) for row in rows}
        if self._panes.current == "story" or self._leaves_out_read():  # it stays where it is being read, or was marked
            self._posts.retained.update(marked)
        loaded = self._posts.slice
        self._posts.update(loaded._replace(rows=tuple(marked.get(row.id, row) for row in loaded.rows)))
        for row in marked.values():
            self._session.replace_headline(row)
        self._do(MarkChange(mark, on, tuple(marked)), quietly=quietly)
