"""Undo stack: changes that the reader made in the session, without a limit on their number. Methods block on the disk.

The obvious undo stores the state before a change, and writes it back. But a change often names more stories than it changes. For
example, marking a list as read includes stories that were read already, and a group of stories that is marked together may grow
before the undo. Writing the old state back would unmark stories that the reader had read before, or that another process has marked
since. So `apply` returns the change reduced to its effect (the stories that really changed), and `undo` reverses exactly this
effect. A change without effect isn't pushed, so that each undo does something visible. Changes that other processes made stay.

The reader may press keys faster than the disk writes. The screen therefore shows a mark at once, and saves it in a thread. Until
the mark is saved, `PendingMarks` adds it to all rows read from the library; otherwise the row would briefly show the old mark. An
`UndoStack` is called from one thread at a time, in the order of the keys, so that an undo reverses the change that was made last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from bpost_tui.core.lists.saved_search_list import is_like_query
from bpost_tui.core.wording import MARK_LINES, UNDO_LINES, many_marked, many_unmarked
from bpost_tui.errors import StoreError
from bpost_tui.i18n import Language, message
from bpost_tui.model.marks import MarkName
from bpost_tui.model.story import Headline, ListRow, PassageRow, story_of
from bpost_tui.typesetting.text.named_tuple import NamedTuple

if TYPE_CHECKING:
    from bpost_tui.core.lists.listings import Listings
    from bpost_tui.model.library_results import ReadVersion
    from bpost_tui.model.passage import Passage


class UndoableChange(Protocol):
    """Change of the library that can be made (`apply`) and undone. Both methods write to the library through `listings`."""

    def apply(self, listings: Listings) -> UndoableChange | None:
        """Make the change. Return the part of the change that had an effect, or None if nothing changed."""

    def undo(self, listings: Listings) -> None:
        """Restore the state that the library had before the change."""

    def done_message(self, language: Language) -> str:
        """Return the message to show after the change, in a few words."""

    def undone_message(self, language: Language) -> str:
        """Return the message to show after the change was undone, in a few words."""


class MarkChange(NamedTuple):
    """Change that sets or removes a mark (read, starred, read later) on stories."""

    mark: MarkName
    on: bool
    ids: tuple[int, ...]
    with_accounts: bool = False
    """Whether stories about the same news that add nothing to a marked story are marked as well."""

    def apply(self, listings: Listings) -> MarkChange | None:
        """Set or remove the mark of the stories.

        If `with_accounts`, the stories about the same news that add nothing to these stories are changed as well.

        Return the change with only the stories whose mark changed, or None if no mark changed.
        """
        stories = listings.library.story_groups.with_repeats(self.ids) if self.with_accounts else self.ids
        changed = listings.mark(self.mark, stories, self.on)
        return self._replace(ids=changed) if changed else None

    def undo(self, listings: Listings) -> None:
        """Remove the mark that this change has set, or set the mark that it has removed.

        Raises NotFoundError if none of the stories is saved any longer.
        """
        if not listings.mark(self.mark, self.ids, not self.on):
            listings.check_any_saved(self.ids)  # else a lost star would be reported as set again

    def done_message(self, language: Language) -> str:
        """Return the message, in `language`, to show after the change was made."""
        if len(self.ids) > 1:
            return many_marked(self.mark, self.on, len(self.ids), language)
        return language.text(MARK_LINES[self.mark][self.on])

    def undone_message(self, language: Language) -> str:
        """Return the message to show after the change was undone.

        For several stories, the message has their number.
        """
        if len(self.ids) == 1:
            return language.text(UNDO_LINES[self.mark][self.on])
        return many_unmarked(self.mark, self.on, len(self.ids), language)


class SeenChange(NamedTuple):
    """Undoable change that records that the reader has seen the paper's edits of a story."""

    story: int
    seen: ReadVersion | None = None
    """Value that `undo` restores: the version of the story that the reader had read, and the edits since. None before `apply`."""

    def apply(self, listings: Listings) -> SeenChange | None:
        """Record that the reader has seen the edits. Return this change, or None if the story had no unseen edits."""
        seen = listings.see_changes(self.story)
        return self._replace(seen=seen) if seen else None

    def undo(self, listings: Listings) -> None:
        """Make the story count as changed again, as before `apply`."""
        if self.seen is not None:
            listings.restore_changes(self.seen)

    def done_message(self, language: Language) -> str:
        """Return the message, in `language`, to show after the change was made."""
        return language.text("Its changes are seen")

    def undone_message(self, language: Language) -> str:
        """Return the message to show after the change was undone."""
        return language.text("Undone: listed as changed again")


class SearchChange(NamedTuple):
    """Change that saves a search under a name, or deletes it."""

    name: str
    query: str | None
    """Query to save under the name; None deletes the search."""
    before: str | None = None
    """Query that was saved under the name before the change; None before `apply`, or if the name was new."""

    def apply(self, listings: Listings) -> SearchChange:
        """Save or delete the search. Return this change with the query that the name had before, so that it can be undone."""
        before = listings.saved_searches.query_of(self.name)
        listings.saved_searches.save(self.name, self.query)
        return self._replace(before=before)

    def undo(self, listings: Listings) -> None:
        """Save the earlier query under the name again; delete the saved search if the name was new."""
        listings.saved_searches.save(self.name, self.before)

    def done_message(self, language: Language) -> str:
        """Return the message, in `language`, to show after the change was made."""
        if is_like_query(self.query or self.before or ""):
            line = message("“{name}” is no longer followed") if self.query is None else message("Followed: “{name}”")
            return language.text(line, name=self.name)
        if self.query is None:
            return language.text("Search “{name}” deleted", name=self.name)
        return language.text("Search saved as “{name}”", name=self.name)

    def undone_message(self, language: Language) -> str:
        """Return the message to show after the change was undone."""
        if is_like_query(self.query or self.before or ""):
            again, no_longer = message("Undone: “{name}” is followed again"), message("Undone: “{name}” is no longer followed")
            return language.text(again if self.query is None else no_longer, name=self.name)
        if self.query is None:
            return language.text("Undone: search “{name}” saved again", name=self.name)
        return language.text("Undone: search “{name}” is no longer saved", name=self.name)


class PassageChange(NamedTuple):
    """Change that saves or deletes a passage (text that the reader selected in a story), or changes the passage's note.

    `before` and `after` are the passage before and after the change. `before` is None for a new passage, `after` for a deleted one.
    """

    key: str
    before: Passage | None
    after: Passage | None
    continues_previous: bool = False
    """Whether undoing this change also undoes the change before it.

    A reader who saves a passage is asked for a note at once, so the two changes belong together.
    """

    def apply(self, listings: Listings) -> PassageChange:
        """Save the passage as in `after`, or delete it if `after` is None. Return this change, to be undone later."""
        listings.passage_list.save(self.key, self.after)
        return self

    def undo(self, listings: Listings) -> None:
        """Save the passage as it was before the change; delete it if it was new."""
        listings.passage_list.save(self.key, self.before)

    def done_message(self, language: Language) -> str:
        """Return the message, in `language`, to show after the change was made."""
        if self.after is None:
            return language.text("Passage deleted")
        if self.before is None:
            return language.text("Passage saved")
        return language.text("Note saved") if self.after.note else language.text("Note deleted")

    def undone_message(self, language: Language) -> str:
        """Return the message to show after the change was undone."""
        if self.after is None:
            return language.text("Undone: the passage is saved again")
        if self.before is None:
            return language.text("Undone: the passage is no longer saved")
        return language.text("Undone: the note is as it was")


class MuteChange(NamedTuple):
    """Change that mutes a topic, or unmutes it."""

    kind: str
    """Kind of the mute rule, named as its key under `[mute]` in the config: `tags`, `authors` or `words`."""
    name: str
    on: bool

    def apply(self, listings: Listings) -> MuteChange | None:
        """Mute or unmute the topic. Return this change, or None if nothing changed."""
        return self if listings.library.mutes.set_rule(self.kind, self.name, on=self.on, now=listings.clock()) else None

    def undo(self, listings: Listings) -> None:
        """Restore the mute rule that existed before the change, or remove the new one."""
        listings.library.mutes.set_rule(self.kind, self.name, on=not self.on, now=listings.clock())

    def done_message(self, language: Language) -> str:
        """Return the message, in `language`, to show after the change was made."""
        return language.text(message("“{name}” is muted") if self.on else message("“{name}” is no longer muted"), name=self.name)

    def undone_message(self, language: Language) -> str:
        """Return the message to show after the change was undone."""
        no_longer, again = message("Undone: “{name}” is no longer muted"), message("Undone: “{name}” is muted again")
        return language.text(no_longer if self.on else again, name=self.name)


def is_marked(row: Headline, mark: MarkName) -> bool:
    """Return whether the story `row` has the mark `mark`."""
    return {"read": row.read, "starred": row.starred, "later": row.later}[mark]


def with_mark(row: Headline, mark: MarkName, on: bool) -> Headline:
    """Return the story `row` with the mark set, or removed if `on` is False."""
    match mark:
        case "read":
            return row._replace(read=on)
        case "starred":
            return row._replace(starred=on)
        case "later":
            return row._replace(later=on)


def with_story(row: ListRow, story: Headline) -> ListRow:
    """Return `row` with its story replaced by `story`: the same story, for example with other marks."""
    return row._replace(story=story) if isinstance(row, PassageRow) else story


class PendingMarks:
    """Marks that the screen already shows but that aren't written to the library yet, so rows read from the library lack them."""

    def __init__(self) -> None:
        self._changes: list[MarkChange] = []

    def add(self, change: MarkChange) -> None:
        """Add a change of marks that the screen already shows and that will be saved next."""
        self._changes.append(change)

    def remove(self, change: MarkChange) -> None:
        """Remove a change of marks after it was saved, or after saving it failed."""
        self._changes.remove(change)

    def apply_to_rows(self, rows: tuple[ListRow, ...]) -> tuple[ListRow, ...]:
        """Return `rows`, as read from the library, with the marks that aren't saved yet."""
        return tuple(with_story(row, self.apply_to_story(story_of(row))) for row in rows) if self._changes else rows

    def apply_to_story(self, story: Headline) -> Headline:
        """Return `story`, as read from the library, with the marks that aren't saved yet."""
        for change in self._changes:
            story = with_mark(story, change.mark, change.on) if story.id in change.ids else story
        return story


class UndoStack:
    """Stack of the changes that the reader made. `do` makes a change and pushes it; `undo` undoes the change made last."""

    def __init__(self, listings: Listings) -> None:
        self._listings = listings
        self._changes: list[UndoableChange] = []

    def do(self, change: UndoableChange) -> UndoableChange | None:
        """Make a change. Push and return the part of it that had an effect; return None if nothing changed."""
        done = change.apply(self._listings)
        if done is not None:
            last = self._changes[-1] if self._changes else None
            if joined := _merge_changes(last, done):
                self._changes[-1] = joined
            else:
                self._changes.append(done)
        return done

    def undo(self) -> UndoableChange | None:
        """Undo the last change, remove it from the stack and return it; None if the stack is empty."""
        if not self._changes:
            return None
        change = self._changes.pop()
        try:
            change.undo(self._listings)
        except StoreError:  # on a full disk, for example, it can be undone later; in a list that is gone, never
            self._changes.append(change)
            raise
        return change


def _merge_changes(last: UndoableChange | None, change: UndoableChange) -> UndoableChange | None:
    """Return `last` and `change`, which came after it, as one change if the reader made both in one action; otherwise None.

    Only two changes of a passage are merged: saving it, and writing the note that bpost then asks for.
    """
    if (
        isinstance(last, PassageChange)
        and isinstance(change, PassageChange)
        and change.continues_previous
        and last.after == change.before
    ):
        return last._replace(after=change.after)
    return None
