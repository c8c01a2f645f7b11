"""What the reader did and may take back, as many steps as the session had. Every method blocks on the disk.

An `UndoStack` is called from one thread at a time, in the order of the keys: then an undo finds the change before it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from bpost_tui.core.lists.saved_search_list import is_like_query
from bpost_tui.core.wording import MARK_LINES, UNDO_LINES, many_marked, many_unmarked
from bpost_tui.i18n import Language, message
from bpost_tui.model.story import Headline, ListRow, PassageRow, story_of
from bpost_tui.store.lists.mark_store import MarkName

if TYPE_CHECKING:
    from bpost_tui.core.lists.listings import Listings
    from bpost_tui.model.passage import Passage


class UndoableChange(Protocol):
    """Something that can be done and undone."""

    def apply(self, listings: Listings) -> UndoableChange | None:
        """Do it, and return what it really changed; None where that is nothing."""

    def undo(self, listings: Listings) -> None:
        """Put back what was before."""

    def done_message(self, language: Language) -> str:
        """Return what was done, in a few words."""

    def undone_message(self, language: Language) -> str:
        """Return what was taken back, in a few words."""


class MarkChange(NamedTuple):
    """A mark set or taken away."""

    mark: MarkName
    on: bool
    ids: tuple[int, ...]
    """The stories, by number."""
    with_accounts: bool = False
    """Whether the other accounts of their news are marked with them."""

    def apply(self, listings: Listings) -> MarkChange | None:
        """Mark the stories, and what is read with them; what it changed names those alone that were marked otherwise before."""
        stories = listings.library.story_groups.with_members(self.ids) if self.with_accounts else self.ids
        changed = listings.mark(self.mark, stories, self.on)
        return self._replace(ids=changed) if changed else None

    def undo(self, listings: Listings) -> None:
        """Put the marks back."""
        listings.mark(self.mark, self.ids, not self.on)

    def done_message(self, language: Language) -> str:
        """Return what was done."""
        if len(self.ids) > 1:
            return many_marked(self.mark, self.on, len(self.ids), language)
        return language.text(MARK_LINES[self.mark][self.on])

    def undone_message(self, language: Language) -> str:
        """Return what was taken back: which mark of one story, of how many stories else."""
        if len(self.ids) == 1:
            return language.text(UNDO_LINES[self.mark][self.on])
        return many_unmarked(self.mark, self.on, len(self.ids), language)


class SearchChange(NamedTuple):
    """A search saved under a name, or forgotten."""

    name: str
    query: str | None
    """None where it is forgotten."""
    before: str | None = None
    """What was saved under the name before."""

    def apply(self, listings: Listings) -> SearchChange:
        """Save or forget it."""
        before = listings.saved_searches.query_of(self.name)
        listings.saved_searches.save(self.name, self.query)
        return self._replace(before=before)

    def undo(self, listings: Listings) -> None:
        """Have under the name what was there before."""
        listings.saved_searches.save(self.name, self.before)

    def done_message(self, language: Language) -> str:
        """Return what was done."""
        if is_like_query(self.query or self.before or ""):
            said = message("“{name}” is no longer followed") if self.query is None else message("Followed: “{name}”")
            return language.text(said, name=self.name)
        if self.query is None:
            return language.text("Search “{name}” deleted", name=self.name)
        return language.text("Search saved as “{name}”", name=self.name)

    def undone_message(self, language: Language) -> str:
        """Return what was taken back."""
        if is_like_query(self.query or self.before or ""):
            again, no_longer = message("Undone: “{name}” is followed again"), message("Undone: “{name}” is no longer followed")
            return language.text(again if self.query is None else no_longer, name=self.name)
        if self.query is None:
            return language.text("Undone: search “{name}” saved again", name=self.name)
        return language.text("Undone: search “{name}” is no longer saved", name=self.name)


class PassageChange(NamedTuple):
    """A passage kept, deleted, or given another note."""

    key: str
    before: Passage | None
    after: Passage | None
    continues_previous: bool = False
    """Whether the change before, of the same passage, is taken back with it: who keeps a passage is asked for its note at once."""

    def apply(self, listings: Listings) -> PassageChange:
        """Have it as it is to be."""
        listings.passage_list.save(self.key, self.after)
        return self

    def undo(self, listings: Listings) -> None:
        """Have it as it was."""
        listings.passage_list.save(self.key, self.before)

    def done_message(self, language: Language) -> str:
        """Return what was done."""
        if self.after is None:
            return language.text("Passage deleted")
        if self.before is None:
            return language.text("Passage saved")
        return language.text("Note saved") if self.after.note else language.text("Note deleted")

    def undone_message(self, language: Language) -> str:
        """Return what was taken back."""
        if self.after is None:
            return language.text("Undone: the passage is saved again")
        if self.before is None:
            return language.text("Undone: the passage is no longer saved")
        return language.text("Undone: the note is as it was")


class MuteChange(NamedTuple):
    """A topic muted, or heard of again."""

    kind: str
    """Of the rule: `tags`, `authors` or `words`."""
    name: str
    on: bool

    def apply(self, listings: Listings) -> MuteChange | None:
        """Mute it, or end that; None where it is so already."""
        return self if listings.library.mutes.set_rule(self.kind, self.name, on=self.on, now=listings.clock()) else None

    def undo(self, listings: Listings) -> None:
        """Have the rule that was there before, or none."""
        listings.library.mutes.set_rule(self.kind, self.name, on=not self.on, now=listings.clock())

    def done_message(self, language: Language) -> str:
        """Return what was done."""
        return language.text(message("“{name}” is muted") if self.on else message("“{name}” is no longer muted"), name=self.name)

    def undone_message(self, language: Language) -> str:
        """Return what was taken back."""
        no_longer, again = message("Undone: “{name}” is no longer muted"), message("Undone: “{name}” is muted again")
        return language.text(no_longer if self.on else again, name=self.name)


def is_marked(row: Headline, mark: MarkName) -> bool:
    """Whether a story bears a mark."""
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
    """Return a row with its story changed."""
    return row._replace(story=story) if isinstance(row, PassageRow) else story


class PendingMarks:
    """Marks that are shown already and are still being saved: what is read of the library meanwhile doesn't have them."""

    def __init__(self) -> None:
        self._changes: list[MarkChange] = []

    def add(self, change: MarkChange) -> None:
        """Note a change that is being saved."""
        self._changes.append(change)

    def remove(self, change: MarkChange) -> None:
        """Forget a change that was saved, or couldn't be."""
        self._changes.remove(change)

    def apply_to_rows(self, rows: tuple[ListRow, ...]) -> tuple[ListRow, ...]:
        """Return rows as they will be, with the last change of each mark."""
        return tuple(with_story(row, self.apply_to_story(story_of(row))) for row in rows) if self._changes else rows

    def apply_to_story(self, story: Headline) -> Headline:
        """Return a story as it will be."""
        for change in self._changes:
            story = with_mark(story, change.mark, change.on) if story.id in change.ids else story
        return story


class UndoStack:
    """Does changes and takes them back, the last one first."""

    def __init__(self, listings: Listings) -> None:
        self._listings = listings
        self._changes: list[UndoableChange] = []

    def do(self, change: UndoableChange) -> UndoableChange | None:
        """Do a change and remember it; return what it really changed, None where that is nothing."""
        done = change.apply(self._listings)
        if done is not None:
            last = self._changes[-1] if self._changes else None
            if joined := _merge_changes(last, done):
                self._changes[-1] = joined
            else:
                self._changes.append(done)
        return done

    def undo(self) -> UndoableChange | None:
        """Take back the last change and return it; None where there is none."""
        if not self._changes:
            return None
        change = self._changes.pop()
        change.undo(self._listings)
        return change


def _merge_changes(last: UndoableChange | None, change: UndoableChange) -> UndoableChange | None:
    """Return two changes as the one that they are to the reader; None where they are two."""
    if (
        isinstance(last, PassageChange)
        and isinstance(change, PassageChange)
        and change.continues_previous
        and last.after == change.before
    ):
        return last._replace(after=change.after)
    return None
