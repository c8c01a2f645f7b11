"""Undoable changes to the reader's own lists: adding or removing stories, renaming, deleting. Methods block on the disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpost_tui.i18n import Language
from bpost_tui.typesetting.text.named_tuple import NamedTuple

if TYPE_CHECKING:
    from bpost_tui.core.lists.listings import Listings


class ListEntriesChange(NamedTuple):
    """Change that adds stories to a list, or removes them from it."""

    name: str
    ids: tuple[int, ...]
    """Ids of the stories. If empty, the change only creates the list."""
    add: bool = True
    key: str = ""
    """Key of the list. If empty, the list is found by its name, and created if no list has that name."""
    is_new: bool = False
    """Whether the list was created for these stories."""

    def apply(self, listings: Listings) -> ListEntriesChange | None:
        """Add the stories to the list, or remove them from it.

        Return the change with only the stories that were really added or removed, or None if nothing changed. Raises NotFoundError
        if the list was deleted, and UsageError if there are too many lists for a new one.
        """
        lists, now = listings.library.own_lists, listings.clock()
        before = {each.key for each in lists.all()}
        key = self.key or lists.create(self.name, now=now).key
        changed = lists.set_entries(key, self.ids, self.add, now=now)
        return self._replace(ids=changed, key=key, is_new=key not in before) if changed or key not in before else None

    def undo(self, listings: Listings) -> None:
        """Remove the added stories, or add the removed ones back. Delete the list if it was created for these stories.

        Raises NotFoundError if the list was deleted, or if an older list stays as it is because none of the stories is saved any
        longer.
        """
        lists, now = listings.library.own_lists, listings.clock()
        changed = lists.set_entries(self.key, self.ids, not self.add, now=now)
        if self.is_new:
            lists.delete(self.key, now=now)
        elif not changed:
            listings.check_any_saved(self.ids)

    def done_message(self, language: Language) -> str:
        """Return the message to show after the change: the list's name, and the number of stories added or removed."""
        name, n = self.name, len(self.ids)
        if not n:
            return language.text("List “{name}” created", name=name)
        if n == 1:
            return language.text("Added to “{name}”", name=name) if self.add else language.text("Removed from “{name}”", name=name)
        if self.add:
            return language.plural("{n} story added to “{name}”", "{n} stories added to “{name}”", n, name=name)
        return language.plural("{n} story removed from “{name}”", "{n} stories removed from “{name}”", n, name=name)

    def undone_message(self, language: Language) -> str:
        """Return the message to show after the change was undone."""
        if not self.ids:
            return language.text("Undone: list “{name}” is gone", name=self.name)
        if self.add:
            return language.text("Undone: no longer in “{name}”", name=self.name)
        return language.text("Undone: in “{name}” again", name=self.name)


class ListRenameChange(NamedTuple):
    """Change of a list's name."""

    key: str
    before: str
    name: str

    def apply(self, listings: Listings) -> ListRenameChange | None:
        """Rename the list. Return this change, or None if the new name is the same as the old one.

        Raises UsageError if another list has the new name, and NotFoundError if the list was deleted.
        """
        if self.name == self.before:
            return None
        listings.library.own_lists.rename(self.key, self.name, now=listings.clock())
        return self

    def undo(self, listings: Listings) -> None:
        """Restore the old name."""
        listings.library.own_lists.rename(self.key, self.before, now=listings.clock())

    def done_message(self, language: Language) -> str:
        """Return the message, in `language`, to show after the change was made."""
        return language.text("List “{before}” is called “{name}” now", before=self.before, name=self.name)

    def undone_message(self, language: Language) -> str:
        """Return the message to show after the change was undone."""
        return language.text("Undone: list “{name}” is called “{before}” again", name=self.name, before=self.before)


class ListDeletionChange(NamedTuple):
    """Change that deletes a list. The stories in the list stay in the library."""

    key: str
    name: str

    def apply(self, listings: Listings) -> ListDeletionChange:
        """Delete the list, and return this change."""
        listings.library.own_lists.delete(self.key, now=listings.clock())
        return self

    def undo(self, listings: Listings) -> None:
        """Restore the list with all its stories."""
        listings.library.own_lists.restore(self.key, now=listings.clock())

    def done_message(self, language: Language) -> str:
        """Return the message, in `language`, to show after the change was made."""
        return language.text("List “{name}” deleted; its stories stay", name=self.name)

    def undone_message(self, language: Language) -> str:
        """Return the message to show after the change was undone."""
        return language.text("Undone: list “{name}” is there again", name=self.name)
