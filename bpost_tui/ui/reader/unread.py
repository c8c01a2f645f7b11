"""Read stories, left out of the lists or shown again."""

from __future__ import annotations

from collections.abc import Sequence

from textual.message import Message
from textual.worker import Worker

from bpost_tui.model.story import Headline
from bpost_tui.reading import templates
from bpost_tui.reading.actions import action_of, keys_of, shown
from bpost_tui.reading.listing import Listing, Mark, shelf_of
from bpost_tui.typeset.items import Item
from bpost_tui.ui.reader.muting import MuteScreen


class UnreadScreen(MuteScreen):
    """Lists without what is read, where the reader wants them so; what is read in such a list stays until it is left."""

    class UnreadOnly(Message):
        """The reader wants to see unread stories only, or all."""

        def __init__(self, on: bool) -> None:
            super().__init__()
            self.on = on

    def action_unread_only(self) -> None:
        """Leave out what is read, or show it again; the cursor stays on its story, read or not."""
        text, before = self._language.text, self._leaves_out_read
        on = self._listings.unread_only = not self._listings.unread_only
        if not on:
            self._say(text("Read stories are shown too"))
        elif self._leaves_out_read:
            self._say(text("Read stories are left out"))
        else:
            self._say(text("Read stories are left out, but not of this list"))
        self.post_message(self.UnreadOnly(on))
        if self._leaves_out_read != before:
            current = self._posts.current
            self._posts.retained = set() if current is None else {current.id}
            self.reload()

    @property
    def _leaves_out_read(self) -> bool:
        return self._listings.leaves_out_read(self._shelf, self._query)

    def _update(self, listing: Listing) -> None:
        # one that was begun before the reader changed that no longer counts
        if listing.is_unread_only == self._listings.leaves_out_read(listing.shelf, listing.query):
            super()._update(listing)

    # ── what stays ──────────────────────────────────────────────────────────

    def _set_mark(self, mark: Mark, on: bool, rows: Sequence[Headline], *, quietly: bool = False) -> None:
        if self._leaves_out_read:
            self._posts.retained.update(row.id for row in rows)
        super()._set_mark(mark, on, rows, quietly=quietly)

    def action_all_read(self) -> Worker[None]:
        """Mark every story of this list read; where read ones are left out, none stays."""
        if self._leaves_out_read:
            self._posts.retained.clear()
        return super().action_all_read()

    def action_refresh(self) -> None:
        """Ask the portal; what was read since the last time leaves the list, but for a story one is in."""
        here = {self._due} if self.pane == "story" else set()
        if self._leaves_out_read and self._posts.retained - here:
            self._posts.retained &= here
            self.reload()
        super().action_refresh()

    # ── what is said ────────────────────────────────────────────────────────

    def notes(self) -> tuple[str, ...]:
        """Tell in the footer that read stories are left out."""
        return (*((self._language.text("unread only"),) if self._leaves_out_read else ()), *super().notes())

    def notice(self) -> tuple[Item, ...]:
        """Say in an empty list that all of it is read, and which key shows that."""
        total = next((count.total for count in self._categories.counts if shelf_of(count.category.slug) == self._shelf), 0)
        if not total or not self._leaves_out_read:
            return super().notice()
        key = shown(keys_of(action_of("unread_only"), self._keys)[0])
        text = self._language.text
        return templates.notice(text("No more unread stories here"), text("{key}: show the read ones, too", key=key))
