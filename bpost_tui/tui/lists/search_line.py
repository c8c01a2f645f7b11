"""Search line: the list changes with every typed letter, and searches can be saved."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from bpost_tui.core.changes.undo import SearchChange, UndoableChange
from bpost_tui.core.lists.list_source import (
    ALL_NEWS,
    ListSource,
    PassagesSource,
    SavedSearchSource,
    SearchSource,
    base_source,
    is_passage_list,
    query_of,
    search_query,
    search_source,
)
from bpost_tui.core.lists.listings import ListResult
from bpost_tui.core.lists.saved_search_list import is_like_query
from bpost_tui.core.session import Location
from bpost_tui.core.wording import found_line, problem_line
from bpost_tui.i18n import message
from bpost_tui.model.story import RowKey
from bpost_tui.tui.lists.list_controller import ListController
from bpost_tui.tui.shared.prompt import PromptQuestion
from bpost_tui.tui.shared.screen_context import ScreenContext

_PROBLEM_LINES = 3
"""Maximum number of lines of a message about a faulty query, enough to show it whole."""
_INVITATION = message("Search: words, “phrases”, tag:, category:, after:7d, is:unread …")
_OF_PASSAGES = message("Search your passages and notes")


class SearchLine:
    """Searches all saved stories. While the list of passages (words of stories that the reader saved) is shown, searches passages.

    Args:
        apply_change: Saves or deletes a search, as a change that can be undone.
        return_to: Shows a list, story and pane that the reader left by a jump.
    """

    def __init__(
        self,
        context: ScreenContext,
        lists: ListController,
        apply_change: Callable[[UndoableChange], None],
        return_to: Callable[[Location], None],
    ) -> None:
        self._context = context
        self._lists = lists
        self._apply_change = apply_change
        self._return_to = return_to
        self._names: dict[str, str] = {}
        """Maps queries that the reader hasn't typed, such as the query for a topic, to the names shown for them."""
        self._completed = "", ""
        """Query of the last search as typed, and the same query with its half-typed last word completed ("" if it wasn't)."""

    # ── searching ───────────────────────────────────────────────────────────

    def compose(self) -> None:
        """Turn phonetic typing (Roman letters become Bengali) on or off.

        If no input line has the focus, show a message that says whether phonetic typing is now on.
        """
        on, text = self._context.prompt.toggle_composing(), self._context.language.text
        if not self._context.prompt.has_focus:
            self._context.show_answer(text("Bengali typing on") if on else text("Bengali typing off"))

    def open_line(self) -> None:
        """Open the search line with the current query."""
        self._context.panes.go("posts")
        self._open(query_of(self._context.session.requested))

    def show(self, query: str) -> None:
        """Show a query in the search line, but keep the keyboard focus in the pane that has it."""
        self._open(query, focus=False)

    def find(self, query: str, *, name: str = "", at: RowKey | None = None) -> None:
        """Show the results of `query` as if the reader had typed it, with the cursor on row `at` if given.

        `name`, if given, is shown instead of the query, and suggested when the reader saves the search.
        """
        self._context.push_location()
        self._names[query] = name or query
        self._open(query, focus=False)
        self._context.panes.go("posts")
        row = base_source(self._context.session.requested)
        self._lists.load_list(search_source(query, ALL_NEWS if isinstance(row, PassagesSource) else row), at, pane="posts")

    def _open(self, query: str, *, focus: bool = True) -> None:
        if is_like_query(query) and not focus:  # nobody typed this query; the search key shows it
            self._context.prompt.close()
            return
        invitation = _OF_PASSAGES if is_passage_list(self._context.session.requested) else _INVITATION
        question = PromptQuestion(self._context.text(invitation), self._typed, self._entered, self._leave, "search")
        self._context.prompt.open(question, query, focus=focus)

    def _typed(self, line: str) -> None:
        query, requested = line.strip(), self._context.session.requested
        if query == query_of(requested):
            return
        if query and not query_of(requested):
            self._context.push_location()
        self._lists.load_list(
            search_source(query, base_source(requested)), shows_age=not query and not self._context.status.clear_search_result()
        )

    def _entered(self, typed: str) -> None:
        if typed.strip():
            self._context.panes.go("posts")
        else:
            self._leave()

    def leave(self) -> bool:
        """Close the search and show the list that was shown before it; return whether that was done.

        Do nothing if the list doesn't show a search, or if the search line or another pane has the focus.
        """
        is_left = (
            isinstance(self._context.session.requested, SearchSource)
            and self._context.panes.current == "posts"
            and not self._context.prompt.has_focus
        )
        if is_left:
            self._leave()
        return is_left

    def _leave(self) -> None:
        self._context.prompt.close()
        self._context.panes.go("posts")
        if isinstance(self._context.session.requested, SearchSource) or isinstance(self._context.session.shown, SearchSource):
            self._context.status.clear_search_result()
            base, back = base_source(self._context.session.requested), self._context.session.back
            if back.top is not None and back.top.source == base and (place := back.pop()):
                self._return_to(place._replace(pane="posts"))
            else:
                self._lists.load_list(base)

    def on_list_shown(self, listing: ListResult | None) -> None:
        """Show the number of results if `listing` is a search; if it is another list, clear the message about results.

        If `listing` is None, the same list is shown with other rows or counts: only update the bars.
        """
        if listing is not None and query_of(listing.source):
            if not listing.total and self._retry_as_roman(listing.source):
                return
            self._show_result_count(listing)
        else:
            if listing is not None:
                self._context.status.clear_search_result()
            self._context.status.show()

    def _retry_as_roman(self, source: ListSource) -> bool:
        """Search for the Roman letters that were typed, if the Bengali that bpost composed from them (`source`) found nothing.

        Return False, without a search, if nothing was composed or another list was requested meanwhile.
        """
        letters = self._context.prompt.as_typed(search_query(source))
        is_other = letters != search_query(source) and source == self._context.session.requested
        if is_other:
            self._lists.load_list(search_source(letters, base_source(source)))
        return is_other

    def _show_result_count(self, listing: ListResult) -> None:
        """Show the number of results in `listing`, bpost's interpretation of the query, and faults such as a missing quote."""
        self._completed = query_of(listing.source), listing.completed
        requested_query = query_of(listing.source)
        found = found_line(listing.total, self._context.language)
        if is_like_query(requested_query) and (name := self._names.get(requested_query, requested_query)) != requested_query:
            found = self._context.text("{found} like “{name}”", found=found, name=name)
        problem = problem_line(listing.problem, self._context.language) if listing.problem is not None else ""
        sentence = " · ".join(part for part in (found, listing.reading, problem) if part)
        self._context.status.show_search_result(sentence, lines=_PROBLEM_LINES if problem else 1)

    # ── saved searches ──────────────────────────────────────────────────────

    def save(self) -> None:
        """Save the search on the screen under a name; delete it if it is saved already.

        If there is no search, or a search of passages, only show a message.
        """
        requested_query, (found_by, completed) = query_of(self._context.session.requested), self._completed
        query = completed if completed and found_by == requested_query else requested_query
        names = {row.source.query: row.name for row in self._context.categories.rows if isinstance(row.source, SavedSearchSource)}
        if is_passage_list(self._context.session.requested):
            self._context.show_answer(self._context.text("Searches of passages can't be saved"))
        elif not query:
            key = self._context.keys.key_label("search")
            self._context.show_answer(self._context.text("There is no search to save; {key} starts one", key=key))
        elif query in names:
            self._apply_change(SearchChange(names[query], None))
        else:
            self._context.panes.go("posts")
            name = self._context.text(message("Follow as") if is_like_query(query) else message("Name for this search"))
            self._context.prompt.ask(name, partial(self._save, query), self._names.get(query, query), label=name)

    def _save(self, query: str, name: str | None) -> None:
        if name is None:
            self._open(query_of(self._context.session.requested), focus=False)
        else:
            self._apply_change(SearchChange(name.strip() or self._names.get(query, query), query))
        self._context.panes.go("posts")
