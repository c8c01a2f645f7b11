"""Marking stories, and taking back what was done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from bpost_tui.i18n import Language
from bpost_tui.model.story import Headline, SavedStory
from bpost_tui.reading.actions import Keys
from bpost_tui.reading.listing import Listings
from bpost_tui.reading.session import Session
from bpost_tui.reading.undo import Change, MarkChange, is_marked, with_mark
from bpost_tui.store.marks import Mark
from bpost_tui.ui.reader.host import Say
from bpost_tui.ui.reader.lists import ListReader
from bpost_tui.ui.reader.panes import Panes
from bpost_tui.ui.reader.writes import Writes
from bpost_tui.ui.widgets.post_list import PostList


class Undoing:
    """Does changes, tells of each, and takes them back, as far as this session goes."""

    def __init__(
        self,
        session: Session,
        language: Language,
        lists: ListReader,
        keys: Keys,
        writes: Writes,
        say: Say,
    ) -> None:
        self._session = session
        self._language = language
        self._lists = lists
        self._keys = keys
        self._writes = writes
        self._say = say

    def do(self, change: Change, *, quietly: bool = False) -> None:
        """Do a change and tell of it, unless it came by itself."""

        def done(changed: Change | None) -> None:
            self.done(changed, quietly=quietly)

        saving = self._writes.start(lambda: self._session.undo.do(change), done)
        if isinstance(change, MarkChange):
            self._session.pending.add(change)
            saving.add_done_callback(lambda _: self._session.pending.remove(change))

    def done(self, change: Change | None, *, quietly: bool = False) -> None:
        """Tell of a change that was made; None where nothing was changed."""
        if change is not None and not quietly:
            self.tell_done(change.done_text(self._language))
        self._lists.reload()

    def tell_done(self, done: str) -> None:
        """Tell what was done, and the key that takes it back; so does a click."""
        undo = self._language.text("{key}: undo", key=self._keys.shown("undo"))
        self._say(f"{done} · {undo}", action="undo")

    def undo(self) -> None:
        """Undo the last change, and the one before it, as far back as this session goes."""
        self._writes.start(self._session.undo.undo, self._undone)

    def _undone(self, change: Change | None) -> None:
        if change is None:
            self._say(self._language.text("Nothing to undo"))
        else:
            self._say(change.undone_text(self._language))
            self._lists.reload()


class Do(Protocol):
    """Makes a change that can be undone."""

    def __call__(self, change: Change, *, quietly: bool = False) -> None:
        """Make it, and tell of it unless it came by itself."""
        ...


class Marks:
    """Marks stories.

    Args:
        do: Makes a change that can be undone.
        flagged: Returns the stories with a flag that a mark is for, where there are any.
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
        flagged: Callable[[], tuple[Headline, ...]],
        leaves_out_read: Callable[[], bool],
    ) -> None:
        self._session = session
        self._listings = listings
        self._posts = posts
        self._panes = panes
        self._writes = writes
        self._say = say
        self._do = do
        self._flagged = flagged
        self._leaves_out_read = leaves_out_read

    @property
    def target(self) -> Headline | None:
        """The story that is meant: the one that is read, where it stands in another list; else the cursor's."""
        saved = self._session.story
        if self._panes.current == "story" and saved is not None and self._posts.slice.index_of(saved.headline.id) is None:
            return saved.headline
        return self._posts.current

    def toggle(self, mark: Mark) -> None:
        """Mark the story, or all that have a flag, or take the mark away where all have it."""
        target = self.target
        rows = self._flagged() or (() if target is None else (target,))
        if rows:
            on = not all(is_marked(row, mark) for row in rows)
            self._set(mark, on, [row for row in rows if is_marked(row, mark) is not on])

    def read_to_end(self, saved: SavedStory) -> None:
        """Mark a story read whose end was seen."""
        self._set("read", True, [saved.headline], quietly=True)

    def _set(self, mark: Mark, on: bool, rows: Sequence[Headline], *, quietly: bool = False) -> None:
        """Show a mark at once, save it behind."""
        marked, loaded = {row.id: with_mark(row, mark, on) for row in rows}, self._posts.slice
        if self._panes.current == "story" or self._leaves_out_read():  # it stays where it is being read, or was marked
            self._posts.retained.update(marked, *({row.id} for row in loaded.rows if any(map(row.stands_for, marked))))
        listed = tuple(with_mark(row, mark, on) if row.id in marked else row for row in loaded.rows)
        self._posts.update(loaded._replace(rows=listed))
        self._posts.flagged |= {number: row for number, row in marked.items() if number in self._posts.flagged}
        for row in marked.values():
            self._session.replace_headline(row)
        self._do(MarkChange(mark, on, tuple(marked)), quietly=quietly)
