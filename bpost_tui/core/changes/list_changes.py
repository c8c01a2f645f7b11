"""What is done with lists of the reader's own, and undone. Every method of a change blocks on the disk."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bpost_tui.i18n import Language

if TYPE_CHECKING:
    from bpost_tui.core.lists.listings import Listings


class ListEntriesChange(NamedTuple):
    """Stories put into a list, or taken out of it."""

    name: str
    ids: tuple[int, ...]
    """The stories, by number; with none, a list is made."""
    add: bool = True
    key: str = ""
    """Of the list; empty for the one with this name, which is made where there is none."""
    is_new: bool = False
    """Whether the list was made for them."""

    def apply(self, listings: Listings) -> ListEntriesChange | None:
        """Do it; what it changed names those alone that weren't there before, or were."""
        lists, now = listings.library.own_lists, listings.clock()
        before = {each.key for each in lists.all()}
        key = self.key or lists.create(self.name, now=now).key
        changed = lists.set_entries(key, self.ids, self.add, now=now)
        return self._replace(ids=changed, key=key, is_new=key not in before) if changed or key not in before else None

    def undo(self, listings: Listings) -> None:
        """Take the stories out again, or put them back; a list that was made for them goes."""
        lists, now = listings.library.own_lists, listings.clock()
        lists.set_entries(self.key, self.ids, not self.add, now=now)
        if self.is_new:
            lists.delete(self.key, now=now)

    def done_message(self, language: Language) -> str:
        """Return what was done."""
        name, n = self.name, len(self.ids)
        if not n:
            return language.text("List “{name}” created", name=name)
        if n == 1:
            return language.text("Added to “{name}”", name=name) if self.add else language.text("Removed from “{name}”", name=name)
        if self.add:
            return language.plural("{n} story added to “{name}”", "{n} stories added to “{name}”", n, name=name)
        return language.plural("{n} story removed from “{name}”", "{n} stories removed from “{name}”", n, name=name)

    def undone_message(self, language: Language) -> str:
        """Return what was taken back."""
        if not self.ids:
            return language.text("Undone: list “{name}” deleted", name=self.name)
        if self.add:
            return language.text("Undone: removed from “{name}”", name=self.name)
        return language.text("Undone: in “{name}” again", name=self.name)


class ListRenameChange(NamedTuple):
    """A list that is called otherwise."""

    key: str
    before: str
    name: str

    def apply(self, listings: Listings) -> ListRenameChange | None:
        """Rename it."""
        if self.name == self.before:
            return None
        listings.library.own_lists.rename(self.key, self.name, now=listings.clock())
        return self

    def undo(self, listings: Listings) -> None:
        """Have it called as before."""
        listings.library.own_lists.rename(self.key, self.before, now=listings.clock())

    def done_message(self, language: Language) -> str:
        """Return what was done."""
        return language.text("List “{before}” is called “{name}” now", before=self.before, name=self.name)

    def undone_message(self, language: Language) -> str:
        """Return what was taken back."""
        return language.text("Undone: list “{name}” is called “{before}” again", name=self.name, before=self.before)


class ListDeletionChange(NamedTuple):
    """A list that is deleted, and none of its stories."""

    key: str
    name: str

    def apply(self, listings: Listings) -> ListDeletionChange:
        """Delete it."""
        listings.library.own_lists.delete(self.key, now=listings.clock())
        return self

    def undo(self, listings: Listings) -> None:
        """Have it again, with all that was in it."""
        listings.library.own_lists.restore(self.key, now=listings.clock())

    def done_message(self, language: Language) -> str:
        """Return what was done."""
        return language.text("List “{name}” deleted; its stories stay", name=self.name)

    def undone_message(self, language: Language) -> str:
        """Return what was taken back."""
        return language.text("Undone: list “{name}” is there again", name=self.name)
