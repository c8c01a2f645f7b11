"""How the lists are shown: without read or muted stories, or with them; one line a story, or all that there is room for."""

from __future__ import annotations

from bpost_tui.reading.listing import Listings
from bpost_tui.reading.preferences import Preferences
from bpost_tui.reading.saved_searches import is_followed
from bpost_tui.reading.session import Session
from bpost_tui.ui.reader.host import Say
from bpost_tui.ui.reader.lists import ListReader
from bpost_tui.ui.reader.panes import Panes
from bpost_tui.ui.widgets.post_list import PostList


class ListChoices:
    """Leaves stories out, or shows them again, and changes how much of each is shown; remembers both."""

    def __init__(
        self,
        session: Session,
        listings: Listings,
        lists: ListReader,
        posts: PostList,
        panes: Panes,
        say: Say,
        preferences: Preferences,
    ) -> None:
        self._session = session
        self._listings = listings
        self._lists = lists
        self._posts = posts
        self._panes = panes
        self._say = say
        self._preferences = preferences
        posts.is_compact = preferences.choices.compact

    @property
    def leaves_out_read(self) -> bool:
        """Whether read stories are left out of the list that is shown."""
        return self._listings.leaves_out_read(self._session.shown)

    def unread_only(self) -> None:
        """Leave out what is read, or show it again; the cursor stays on its story, read or not."""
        text, before = self._listings.language.text, self.leaves_out_read
        on = self._listings.unread_only = not self._listings.unread_only
        if not on:
            self._say(text("Read stories are shown, too"))
        elif self.leaves_out_read:
            self._say(text("Read stories are hidden"))
        else:
            self._say(text("Read stories are hidden, but not in this list"))
        self._preferences.keep(unread_only=on)
        if self.leaves_out_read != before:
            current = self._posts.current
            self._posts.retained = set() if current is None else {current.id}
            self._lists.reload()

    def compact(self) -> None:
        """Show one line a story, or again as much of each as there is room for."""
        on = self._posts.is_compact = not self._posts.is_compact
        self._preferences.keep(compact=on)
        self._posts.reset()
        self._posts.show_cursor()
        text = self._listings.language.text
        self._say(text("One line a story") if on else text("As much of each story as fits"))

    def turn(self) -> None:
        """Begin lists with their oldest story, and what a search finds with the newest; or have the usual order again."""
        listings, asked, text = self._listings, self._session.asked, self._listings.language.text  # it may still be on its way
        if asked.query:
            listings.by_date = not listings.by_date
            usual = text("The oldest first") if is_followed(asked.query) else text("The best first")
            said = text("The newest first") if listings.by_date else usual
        elif asked.is_dated:
            listings.oldest_first = not listings.oldest_first
            said = text("The oldest first") if listings.oldest_first else text("The newest first")
        else:
            self._say(text("This list has one order only"))
            return
        self._lists.go_to(asked, again=True)
        self._say(said)

    def muted(self) -> None:
        """Show what is muted, or leave it out again."""
        muting, text = self._listings.muting, self._listings.language.text
        if not muting.queries:
            self._say(text("Nothing is muted; set [mute] in the config, or mute a tag in the links of a story"))
            return
        muting.is_lifted = not muting.is_lifted
        self._say(text("Muted stories are shown, too") if muting.is_lifted else text("Muted stories are hidden"))
        self._posts.retained.clear()
        self._lists.reload()

    def drop_read(self) -> None:
        """Let what was read since the last time leave the list, but for a story one is in."""
        here = {self._session.due} if self._panes.current == "story" else set()
        if self.leaves_out_read and self._posts.retained - here:
            self._posts.retained &= here
            self._lists.reload()

    def notes(self) -> tuple[str, ...]:
        """Return what is left out, for the footer."""
        muting, text = self._listings.muting, self._listings.language.text
        read: tuple[str, ...] = (text("unread only"),) if self.leaves_out_read else ()
        if self._listings.is_turned(self._session.shown):
            query = self._session.shown.query
            read += (text("newest first") if is_followed(query) else text("by date") if query else text("oldest first"),)
        return read + ((text("{n} muted", n=muting.unread),) if muting.unread and not muting.is_lifted else ())
