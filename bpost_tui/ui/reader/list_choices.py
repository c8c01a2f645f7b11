"""How the lists are shown: without read or muted stories, or with them; one line a story, or all that there is room for."""

from __future__ import annotations

from bpost_tui.reading.saved_searches import is_followed
from bpost_tui.ui.reader.desk import Desk
from bpost_tui.ui.reader.lists import ListReader


class ListChoices:
    """Leaves stories out, or shows them again, and changes how much of each is shown; remembers both."""

    def __init__(self, desk: Desk, lists: ListReader) -> None:
        self._desk = desk
        self._lists = lists
        desk.posts.is_compact = desk.preferences.choices.compact

    @property
    def leaves_out_read(self) -> bool:
        """Whether read stories are left out of the list that is shown."""
        return self._desk.listings.leaves_out_read(self._desk.session.shown)

    def unread_only(self) -> None:
        """Leave out what is read, or show it again; the cursor stays on its story, read or not."""
        text, before = self._desk.language.text, self._desk.leaves_out_read
        on = self._desk.listings.unread_only = not self._desk.listings.unread_only
        if not on:
            self._desk.say(text("Showing read stories"))
        elif self._desk.leaves_out_read:
            self._desk.say(text("Read stories are hidden"))
        else:
            self._desk.say(text("Read stories are hidden, but not in this list"))
        self._desk.preferences.keep(unread_only=on)
        if self._desk.leaves_out_read != before:
            current = self._desk.posts.current
            self._desk.posts.retained = set() if current is None else {current.id}
            self._lists.reload()

    def compact(self) -> None:
        """Show one line a story, or again as much of each as there is room for."""
        on = self._desk.posts.is_compact = not self._desk.posts.is_compact
        self._desk.preferences.keep(compact=on)
        self._desk.posts.reset()
        self._desk.posts.show_cursor()
        text = self._desk.language.text
        self._desk.say(text("One line per story") if on else text("Headlines with excerpts"))

    def turn(self) -> None:
        """Begin lists with their oldest story, and what a search finds with the newest; or have the usual order again."""
        listings, asked, text = (
            self._desk.listings,
            self._desk.session.asked,
            self._desk.language.text,
        )  # it may still be on its way
        if asked.query:
            listings.by_date = not listings.by_date
            usual = text("The oldest first") if is_followed(asked.query) else text("The best first")
            said = text("The newest first") if listings.by_date else usual
        elif asked.is_dated:
            listings.oldest_first = not listings.oldest_first
            said = text("The oldest first") if listings.oldest_first else text("The newest first")
        else:
            self._desk.say(text("This list has one order only"))
            return
        self._lists.go_to(asked, again=True)
        self._desk.say(said)

    def muted(self) -> None:
        """Show what is muted, or leave it out again."""
        muting, text = self._desk.listings.muting, self._desk.language.text
        if not muting.queries:
            self._desk.say(text("Nothing is muted; set [mute] in the config, or mute a tag in the links of a story"))
            return
        muting.is_lifted = not muting.is_lifted
        self._desk.say(text("Showing muted stories") if muting.is_lifted else text("Muted stories are hidden"))
        self._desk.posts.retained.clear()
        self._lists.reload()

    def drop_read(self) -> None:
        """Let what was read since the last time leave the list, but for a story one is in."""
        here = {self._desk.session.due} if self._desk.panes.current == "story" else set()
        if self._desk.leaves_out_read and self._desk.posts.retained - here:
            self._desk.posts.retained &= here
            self._lists.reload()

    def notes(self) -> tuple[str, ...]:
        """Return what is left out, for the footer."""
        muting, text = self._desk.listings.muting, self._desk.language.text
        read: tuple[str, ...] = (text("unread only"),) if self._desk.leaves_out_read else ()
        if self._desk.listings.is_turned(self._desk.session.shown):
            query = self._desk.session.shown.query
            read += (text("newest first") if is_followed(query) else text("by date") if query else text("oldest first"),)
        return read + ((text("{n} muted", n=muting.unread),) if muting.unread and not muting.is_lifted else ())
