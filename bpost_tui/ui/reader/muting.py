"""What is muted, shown all the same or left out again."""

from __future__ import annotations

from bpost_tui.reading.listing import Listing
from bpost_tui.reading.slices import Slice
from bpost_tui.ui.reader.noticing import NoticeScreen


class MuteScreen(NoticeScreen):
    """Lists without what the reader has muted, and the key that lifts that."""

    def action_muted(self) -> None:
        """Show what is muted, or leave it out again."""
        muting, text = self._listings.muting, self._language.text
        if not muting.queries:
            self._say(text("Nothing is muted; [mute] in the config does that"))
            return
        muting.is_lifted = not muting.is_lifted
        if muting.is_lifted:
            self._say(text("Muted stories are shown too"))
        else:
            self._say(text("Muted stories are left out"))
        self._posts.retained.clear()
        self.reload()

    def _update(self, listing: Listing) -> None:
        super()._update(listing)
        if listing.is_dated and not self._posts.rows:
            self._posts.show(Slice(), notice=self.notice())

    def notes(self) -> tuple[str, ...]:
        """Tell in the footer how many unread stories are muted."""
        muting = self._listings.muting
        if muting.is_lifted or not muting.unread:
            return super().notes()
        return (self._language.text("{n} muted", n=muting.unread), *super().notes())
