"""Options of the lists of stories: whether read stories, muted stories and excerpts are shown, and how stories are sorted."""

from __future__ import annotations

from collections.abc import Callable

from bpost_tui.core.lists.list_orders import next_order, order_words
from bpost_tui.core.lists.list_source import query_of
from bpost_tui.core.lists.saved_search_list import is_like_query
from bpost_tui.tui.lists.list_controller import ListController
from bpost_tui.tui.shared.screen_context import ScreenContext


class ListOptions:
    """Changes the options of lists: which stories are hidden, how stories are sorted, and whether rows have excerpts.

    The reader's choices are saved.

    Args:
        fit: Computes the widths of the panes again.
    """

    def __init__(self, context: ScreenContext, lists: ListController, fit: Callable[[], None]) -> None:
        self._context = context
        self._fit = fit
        self._lists = lists

    def toggle_unread_only(self) -> None:
        """Hide read stories, or show them again; the story under the cursor stays in the list, read or not."""
        text, before = self._context.language.text, self._context.hides_read
        session = self._context.session
        on = not session.outlook.unread_only
        session.outlook = session.outlook._replace(unread_only=on)
        if not on:
            self._context.show_answer(text("Showing read stories"))
        elif self._context.hides_read:
            self._context.show_answer(text("Read stories are hidden"))
        else:
            self._context.show_answer(text("Read stories are hidden, but not in this list"))
        self._context.preferences.save(unread_only=on)
        if self._context.hides_read != before:
            current = self._context.posts.current
            self._context.posts.retained = set() if current is None else {current.key}
            self._lists.reload()

    def toggle_compact(self) -> None:
        """Switch between one line for each story, and headlines with excerpts."""
        on = self._context.posts.is_compact = not self._context.posts.is_compact
        self._context.preferences.save(compact=on)
        self._fit()
        self._context.posts.reset()
        self._context.posts.show_cursor()
        text = self._context.language.text
        self._context.show_answer(text("One line per story") if on else text("Headlines with excerpts"))

    def next_order(self) -> None:
        """Show the requested list in its next sort order, even if the list is still being read from the library.

        If the list has only one order, show a message.
        """
        session, text = self._context.session, self._context.language.text
        query = session.requested_query
        if query.order is None:
            self._context.show_answer(text("This list has one order only"))
            return
        order = next_order(query.order)
        session.outlook = session.outlook.in_order(order)
        self._lists.load_list(session.requested, again=True)
        self._context.show_answer(text(order_words(order, of_story=is_like_query(query_of(session.requested))).chosen))

    def toggle_muted(self) -> None:
        """Show muted stories, or hide them again; if there are no mute rules, show a message."""
        session, text = self._context.session, self._context.language.text
        mutes = session.outlook.mutes
        if not mutes.queries:
            self._context.show_answer(text("Nothing is muted; set [mute] in the config, or mute a tag in the links of a story"))
            return
        session.outlook = session.outlook._replace(mutes=mutes._replace(are_suspended=not mutes.are_suspended))
        self._context.show_answer(text("Muted stories are hidden") if mutes.are_suspended else text("Showing muted stories"))
        self._context.posts.release_retained()
        self._lists.reload()

    def drop_read(self) -> None:
        """Remove from a list that hides read stories those that are still in it although they are read, except the open story."""
        here = {self._context.session.requested_story} if self._context.panes.current == "story" else set()
        if self._context.hides_read and self._context.posts.retained - here:
            self._context.posts.retained &= here
            self._lists.reload()

    def notes(self) -> tuple[str, ...]:
        """Return notes for the footer: hidden read stories, an order other than the default, and the number of muted stories."""
        query, text = self._context.session.query, self._context.language.text
        mutes, order = query.outlook.mutes, query.order
        notes: tuple[str, ...] = (text("unread only"),) if query.unread_only else ()
        if order is not None and not query.has_default_order:
            notes += (text(order_words(order, of_story=is_like_query(query_of(query.source))).note),)
        return notes + ((text("{n} muted", n=mutes.unread),) if mutes.unread and not mutes.are_suspended else ())
