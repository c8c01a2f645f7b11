"""Undo stack: changes that the reader made in the session, without a limit on steps. Methods block on the disk.

The obvious undo stores the state before a change, and writes it back. But a change often covers more than it changes. Marking a
list as read includes stories that were read already. "All accounts of the same news" grows while the reader reads. Writing the
old state back would unmark stories that the reader had read before, or that another process has marked meanwhile. So `apply`
returns the change reduced to its effect (the stories that really changed), and `undo` reverses exactly this. A change without
effect isn't pushed, so that each undo does something visible. Changes of other processes stay.

Keys come faster than the disk writes. The screen therefore shows a mark at once and saves it on a thread. Until then,
`PendingMarks` adds it to all rows that are read from the library; otherwise the row would flip back for a moment. An `UndoStack`
is called from one thread at a time, in the order of the keys, so that an undo finds the change before it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from bpost_tui.core.lists.saved_search_list import is_like_query
from bpost_tui.core.wording import MARK_LINES, UNDO_LINES, many_marked, many_unmarked
from bpost_tui.i18n import Language, message
from bpost_tui.model.marks import MarkName
from bpost_tui.model.story import Headline, ListRow, PassageRow, story_of

if TYPE_CHECKING:
    from bpost_tui.core.lists.listings import Listings
    from bpost_tui.model.passage import Passage


class UndoableChange(Protocol):
    """Change that can be made and undone."""

    def apply(self, listings: Listings) -> UndoableChange | None:
        """Make the change, and return it reduced to its effect; None if it has none."""

    def undo(self, listings: Listings) -> None:
        """Restore the state before the change."""

    def done_message(self, language: Language) -> str:
        """Return the message after the change, in a few words."""

    def undone_message(self, language: Language) -> str:
        """Return the message after undoing it, in a few words."""


class MarkChange(NamedTuple):
    """Change that sets or removes a mark."""

    mark: MarkName
    on: bool
    ids: tuple[int, ...]
    """Numbers of the stories."""
    with_accounts: bool = False
    """Whether other accounts of their news are marked as well."""

    def apply(self, listings: Listings) -> MarkChange | None:
        """Mark the stories, and other accounts if requested; return the change with only the stories that have changed."""
        stories = listings.library.story_groups.with_members(self.ids) if self.with_accounts else self.ids
        changed = listings.mark(self.mark, stories, self.on)
        return self._replace(ids=changed) if changed else None

    def undo(self, listings: Listings) -> None:
        """Reverse the mark on the stories that were changed."""
        listings.mark(self.mark, self.ids, not self.on)

    def done_message(self, language: Language) -> str:
        """Return the message after the change."""
        if len(self.ids) > 1:
            return many_marked(self.mark, self.on, len(self.ids), language)
        return language.text(MARK_LINES[self.mark][self.on])

    def undone_message(self, language: Language) -> str:
        """Return the message after undoing it: the mark of a single story, or the number of stories."""
        if len(self.ids) == 1:
            return language.text(UNDO_LINES[self.mark][self.on])
        return many_unmarked(self.mark, self.on, len(self.ids), language)


class SearchChange(NamedTuple):
    """Change that saves a search under a name, or deletes it."""

    name: str
    query: str | None
    """Query; None deletes the search."""
    before: str | None = None
    """Query that the name had before, if any."""

    def apply(self, listings: Listings) -> SearchChange:
        """Save or delete the search."""
        before = listings.saved_searches.query_of(self.name)
        listings.saved_searches.save(self.name, self.query)
        return self._replace(before=before)

    def undo(self, listings: Listings) -> None:
        """Restore the earlier query of the name."""
        listings.saved_searches.save(self.name, self.before)

    def done_message(self, language: Language) -> str:
        """Return the message after the change."""
        if is_like_query(self.query or self.before or ""):
            line = message("“{name}” is no longer followed") if self.query is None else message("Followed: “{name}”")
            return language.text(line, name=self.name)
        if self.query is None:
            return language.text("Search “{name}” deleted", name=self.name)
        return language.text("Search saved as “{name}”", name=self.name)

    def undone_message(self, language: Language) -> str:
        """Return the message after undoing it."""
        if is_like_query(self.query or self.before or ""):
            again, no_longer = message("Undone: “{name}” is followed again"), message("Undone: “{name}” is no longer followed")
            return language.text(again if self.query is None else no_longer, name=self.name)
        if self.query is None:
            return language.text("Undone: search “{name}” saved again", name=self.name)
        return language.text("Undone: search “{name}” is no longer saved", name=self.name)


class PassageChange(NamedTuple):
    """Change that saves or deletes a passage, or changes its note."""

    key: str
    before: Passage | None
    after: Passage | None
    continues_previous: bool = False
    """Whether this change is undone together with the one before: a reader who saves a passage is asked for a note at once."""

    def apply(self, listings: Listings) -> PassageChange:
        """Save the passage as it is after the change."""
        listings.passage_list.save(self.key, self.after)
        return self

    def undo(self, listings: Listings) -> None:
        """Restore the passage as it was."""
        listings.passage_list.save(self.key, self.before)

    def done_message(self, language: Language) -> str:
        """Return the message after the change."""
        if self.after is None:
            return language.text("Passage deleted")
        if self.before is None:
            return language.text("Passage saved")
        return language.text("Note saved") if self.after.note else language.text("Note deleted")

    def undone_message(self, language: Language) -> str:
        """Return the message after undoing it."""
        if self.after is None:
            return language.text("Undone: the passage is saved again")
        if self.before is None:
            return language.text("Undone: the passage is no longer saved")
        return language.text("Undone: the note is as it was")


class MuteChange(NamedTuple):
    """Change that mutes a topic, or ends that."""

    kind: str
    """Table of the rule: `tags`, `authors` or `words`."""
    name: str
    on: bool

    def apply(self, listings: Listings) -> MuteChange | None:
        """Mute the topic or end that; return None if nothing has changed."""
        return self if listings.library.mutes.set_rule(self.kind, self.name, on=self.on, now=listings.clock()) else None

    def undo(self, listings: Listings) -> None:
        """Restore the earlier rule, or its absence."""
        listings.library.mutes.set_rule(self.kind, self.name, on=not self.on, now=listings.clock())

    def done_message(self, language: Language) -> str:
        """Return the message after the change."""
        return language.text(message("“{name}” is muted") if self.on else message("“{name}” is no longer muted"), name=self.name)

    def undone_message(self, language: Language) -> str:
        """Return the message after undoing it."""
        no_longer, again = message("Undone: “{name}” is no longer muted"), message("Undone: “{name}” is muted again")
        return language.text(no_longer if self.on else again, name=self.name)


def is_marked(row: Headline, mark: MarkName) -> bool:
    """Whether a story has a mark."""
    return {"read": row.read, "starred": row.starred, "later": row.later}[mark]


def with_mark(row: Headline, mark: MarkName, on: bool) -> Headline:
    """Return a story with a mark, or without it."""
    match mark:
        case "read":
            return row._replace(read=on)
        case "starred":
            return row._replace(starred=on)
        case "later":
            return row._replace(later=on)


def with_story(row: ListRow, story: Headline) -> ListRow:
    """Return a row with another version of its story."""
    return row._replace(story=story) if isinstance(row, PassageRow) else story


class PendingMarks:
    """Marks that are shown already but not saved yet; reads of the library meanwhile lack them."""

    def __init__(self) -> None:
        self._changes: list[MarkChange] = []

    def add(self, change: MarkChange) -> None:
        """Add a change that is being saved."""
        self._changes.append(change)

    def remove(self, change: MarkChange) -> None:
        """Remove a change that was saved, or couldn't be."""
        self._changes.remove(change)

    def apply_to_rows(self, rows: tuple[ListRow, ...]) -> tuple[ListRow, ...]:
        """Return rows with the pending marks applied."""
        return tuple(with_story(row, self.apply_to_story(story_of(row))) for row in rows) if self._changes else rows

    def apply_to_story(self, story: Headline) -> Headline:
        """Return a story with the pending marks applied."""
        for change in self._changes:
            story = with_mark(story, change.mark, change.on) if story.id in change.ids else story
        return story


class UndoStack:
    """Makes changes and undoes them, the last one first."""

    def __init__(self, listings: Listings) -> None:
        self._listings = listings
        self._changes: list[UndoableChange] = []

    def do(self, change: UndoableChange) -> UndoableChange | None:
        """Make a change and push it; return its effect, or None if it has none."""
        done = change.apply(self._listings)
        if done is not None:
            last = self._changes[-1] if self._changes else None
            if joined := _merge_changes(last, done):
                self._changes[-1] = joined
            else:
                self._changes.append(done)
        return done

    def undo(self) -> UndoableChange | None:
        """Undo the last change and return it; None if the stack is empty."""
        if not self._changes:
            return None
        change = self._changes.pop()
        change.undo(self._listings)
        return change


def _merge_changes(last: UndoableChange | None, change: UndoableChange) -> UndoableChange | None:
    """Return two changes as one if the reader made them in one action; None if they are separate."""
    if (
        isinstance(last, PassageChange)
        and isinstance(change, PassageChange)
        and change.continues_previous
        and last.after == change.before
    ):
        return last._replace(after=change.after)
    return None
