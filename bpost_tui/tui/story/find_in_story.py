"""Finds text in a story: opens a line to type in, highlights the matches, and goes from match to match."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Callable
from functools import partial

from bpost_tui.core.page_matches import highlight_matches
from bpost_tui.core.story.find_state import FindState, FindTerms, last_word, search_matches
from bpost_tui.model.story import RowKey, SavedStory
from bpost_tui.tui.shared.prompt import PromptQuestion
from bpost_tui.tui.shared.screen_context import ScreenContext
from bpost_tui.typesetting.typeset.items import Item


class FindInStory:
    """Finds text in the story on the screen, and highlights the matches of the last search.

    Args:
        search: Starts a search of all stories, after `/` was typed a second time.
    """

    def __init__(self, context: ScreenContext, search: Callable[[], None]) -> None:
        self._context = context
        self._search = search
        self.state = FindState()

    def highlight(self, page: tuple[Item, ...], saved: SavedStory) -> tuple[Item, ...]:
        """Return `page`, a page of the story `saved`, with the matches of the search terms highlighted.

        If `page` isn't shown yet but prepared for later, the current match doesn't change.
        """
        if not self._context.session.is_story(saved.key):
            return highlight_matches(page, search_matches(self._context.session.terms, page), None)
        self.state.update(page, saved.key, self._context.session.terms)
        return self.state.page()

    def notes(self) -> tuple[str, ...]:
        """Return a note for the footer: the current match's number, and the number of matches; empty if nothing is searched for."""
        state, number = self.state, self._context.language.number
        if self._context.panes.shown != "story" or not state.is_active:
            return ()
        return (f"{number(0 if state.index is None else state.index + 1)}/{number(len(state.matches))}",)

    # ── the line ────────────────────────────────────────────────────────────

    def open_line(self) -> None:
        """Open the line for finding text in the story. Outside the story's pane, open the line for searching all stories."""
        if self._context.panes.current != "story" or self._context.session.story is None:
            self._search()
            return
        invitation = self._context.text("Find in this story · /: search all stories")
        self._context.prompt.open(PromptQuestion(invitation, self._typed, self._entered, self._end, "search"))

    def _typed(self, typed: str) -> None:
        if typed == "/":
            self._end()
            self._search()
        elif self._context.session.story is not None:
            self._context.run_worker(partial(self._look_for, typed, self._context.session.story.key), group="find", exclusive=True)

    async def _look_for(self, typed: str, key: RowKey) -> None:
        """Highlight the matches of the search terms in `typed` in the story of row `key`, and go to the next match if there is one.

        Do nothing if another story is shown by then, or if the line was closed.
        """
        terms = FindTerms(await to_thread(self._context.listings.terms, typed), last_word(typed)) if typed.strip() else None
        if not self._context.prompt.is_open or not self._context.session.is_story(key):
            return
        self.state.find(terms, self._context.session.terms)
        if terms is not None:
            self._step(1)
        else:
            self.show()

    def _entered(self, typed: str) -> None:
        if typed.strip():
            self._context.prompt.close()
            self._context.panes.go("story")
        else:
            self._end()

    def leave(self) -> bool:
        """Remove the terms that the reader typed to find in the story; return whether this was done.

        Do nothing if there are no terms, or if another pane or the input line has the focus.
        """
        is_left = self.state.terms is not None and self._context.panes.current == "story" and not self._context.prompt.has_focus
        if is_left:
            self._end()
        return is_left

    def _end(self) -> None:
        self._context.prompt.close()
        self.state.find(None, self._context.session.terms)
        self.show()
        self._context.panes.go("story")

    # ── stepping ────────────────────────────────────────────────────────────

    def has_matches(self) -> bool:
        """Whether the reader is in a story that has highlighted matches."""
        return self._context.panes.current == "story" and bool(self.state.matches)

    def go_to_match(self, step: int) -> None:
        """Go forward `step` matches, or back if `step` is negative; without matches, show a message."""
        if self.state.matches:
            self._context.panes.go("story")
            self._step(step)
        else:
            key = self._context.keys.key_label("search")
            self._context.show_answer(self._context.text("No matches here; {key} finds words in a story", key=key))

    def _step(self, step: int) -> None:
        self.state.step(step, self._context.view.item)
        self.show()
        self._context.view.reveal()

    def show(self) -> None:
        """Show the story's page with its matches highlighted."""
        if self._context.session.story is not None:
            self._context.view.update(self.state.page())
            self._context.status.show_footer()
